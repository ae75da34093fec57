"""From a scenario to a study: the paper's case, own networks and profiles, own costs."""

import csv
import shutil
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from experiments.errors import ScenarioRefused, Unknown
from experiments.scenario import MarketPart, Scenario, read_scenario
from experiments.wiring import open_venue, strategy, study, terms
from grid.anglesey import anglesey, network_path
from grid.case import equal_options
from grid.errors import GridError

OWN = """\
name = "own"
[grid]
case = "own"
networks = ["a.json", "b.json"]
terminals = ["{terminals[0]}", "{terminals[1]}"]
profiles = "profiles.csv"
options = 3
days = {days}
pairs = [["calm", "calm"]]
[grid.scenarios]
calm = [1.0, 1.0]
storm = [1, 2.0]
[play]
pair = ["calm", "storm"]
"""
KINDS = ("demand", "wind", "pv", "hydro")


@pytest.fixture(scope="module")
def terminals() -> list[str]:
    import pandapower

    nets = (pandapower.from_json_string(n.pandapower_json) for n in anglesey().networks)
    return [
        str(net.bus.name[network.terminal])
        for net, network in zip(nets, anglesey().networks, strict=True)
    ]


@pytest.fixture
def own(tmp_path, terminals, monkeypatch):
    """Write the networks of Anglesey as somebody's own, with a day of 50 and of 46 windows."""
    monkeypatch.setenv("GRIDPACT_CACHE", str(tmp_path / "cache"))
    for seat, name in enumerate(("a.json", "b.json")):
        shutil.copy(network_path(seat), tmp_path / name)

    def write(days: int = 1, windows: int = 50) -> str:
        with (tmp_path / "profiles.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["day", "window", *KINDS])
            for day, window in product(range(2), range(windows)):
                writer.writerow([day, window, 0.5 + 0.1 * day, 0.3, 0.0, window / windows])
        path = tmp_path / "own.toml"
        path.write_text(OWN.format(terminals=terminals, days=days), encoding="utf-8")
        return str(path)

    return write


def write_costs(path, days: int = 2, windows: int = 4, options: int = 3) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["network", "scenario", "day", "window", "option", "cost_gbp"])
        axes = product("xy", ["dry", "wet"], range(days), range(windows))
        for row, (network, loading, day, window) in enumerate(axes):
            for option in range(options):
                cost = abs(option - (row % options)) + day
                writer.writerow([network, loading, day, window, option, cost])
            writer.writerow([network, loading, day, window, "no-link", options])


COSTS = """\
name = "table"
grid.costs = "costs.csv"
grid.days = {days}
play.pair = ["dry", "wet"]
"""


@pytest.fixture
def table(tmp_path):
    def write(days: int = 1) -> str:
        write_costs(tmp_path / "costs.csv")
        path = tmp_path / "table.toml"
        path.write_text(COSTS.format(days=days), encoding="utf-8")
        return str(path)

    return write


def test_own_networks_are_priced_by_their_own_loadings(own):
    seen = study(read_scenario(own()))

    assert seen.parties == ("a", "b")
    assert seen.scenarios == ("calm", "storm")
    assert seen.options == ((-30000, 0), (0, 0), (0, 30000))
    assert seen.cost_gbp.shape == (2, 2, 1, 50, 3)
    assert seen.no_link_gbp.shape == (2, 2, 1, 50)
    assert seen.appraisal.converged.all()
    costs = seen.costs_gbp(("calm", "storm"), 0)
    assert np.array_equal(costs, seen.cost_gbp[[0, 1], [0, 1], 0])
    assert not np.array_equal(seen.cost_gbp[:, 0], seen.cost_gbp[:, 1])


def test_more_days_than_the_files_hold_are_refused(own, table):
    for path in (own(days=3), table(days=3)):
        with pytest.raises(ScenarioRefused, match=r"grid\.days is 3, wanted 1 to 2, which"):
            study(read_scenario(path))


def test_a_file_of_networks_that_is_wrong_is_named(own, tmp_path):
    scenario = read_scenario(own())
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")

    with pytest.raises(GridError, match=r"b\.json"):
        study(scenario)


def test_a_table_of_costs_stands_in_for_load_flows(table):
    seen = study(read_scenario(table(days=2)))

    assert (seen.parties, seen.scenarios, seen.days) == (("x", "y"), ("dry", "wet"), 2)
    assert seen.options == tuple((int(a * 1000), int(b * 1000)) for a, b in equal_options(3))
    assert seen.costs_gbp(("dry", "wet"), 0)[0, 0].tolist() == [0, 1, 2]
    assert seen.appraisal is None
    assert seen.no_link_gbp.shape == (2, 2, 2, 4)


def test_loadings_are_looked_for_among_those_of_the_table(table):
    scenario = read_scenario(table()).with_changes("play", pair=("dry", "wte"))

    with pytest.raises(ScenarioRefused, match=r"play\.pair\[1\] is 'wte', did you mean 'wet'"):
        study(scenario)


def test_a_table_without_rows_without_a_link_has_no_such_costs(table, tmp_path):
    scenario = read_scenario(table())
    path = tmp_path / "costs.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "no-link" not in line]
    path.write_text("\n".join(kept), encoding="utf-8")

    assert study(scenario).no_link_gbp is None


def test_terms_follow_from_the_scenario_in_ticks(table):
    scenario = read_scenario(table())
    priced = replace(scenario, market=MarketPart(bond_gbp=2.0, tick_gbp=0.5, payment="none"))

    agreed = terms(priced, study(scenario), "rps")

    assert (agreed.parties, agreed.bond, agreed.default) == (2, 4, 1)
    assert (agreed.mechanism, agreed.payment) == ("rps", "none")


@pytest.mark.parametrize(
    ("market", "facts"),
    [
        (MarketPart(), (1, 1800, 0)),
        (MarketPart(sealed=True), (1, 1800, 300)),
        (MarketPart(horizon=48), (48, 86_400, 0)),
        (MarketPart(horizon=48, sealed=True), (48, 86_400, 300)),
    ],
)
def test_sealed_bids_and_days_ahead_are_keys_of_the_market(market, facts, table):
    seen = study(read_scenario(table()))

    agreed = terms(Scenario(market=market), seen, "hco")

    assert (agreed.horizon, agreed.period, agreed.revealing) == facts


def test_terms_that_no_contract_could_hold_are_refused(table):
    scenario = read_scenario(table())
    seen = replace(study(scenario), parties=("x",) * 256)

    with pytest.raises(ScenarioRefused, match="parties is 256, wanted 2 to 255"):
        terms(scenario, seen, "hco")


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda _: strategy("thruthful"), "unknown strategy 'thruthful', did you mean"),
        (lambda seen: terms(Scenario(), seen, "hoc"), "unknown mechanism 'hoc', did you mean"),
        (lambda seen: seen.places(("dry", "X")), "unknown scenario of a network 'X', wanted"),
        (
            lambda seen: open_venue("rvm", terms(Scenario(), seen, "hco")),
            "unknown venue 'rvm', did you mean 'revm'",
        ),
    ],
)
def test_a_name_in_no_registry_is_unknown(ask, reason, table):
    seen = study(read_scenario(table()))

    with pytest.raises(Unknown, match=reason):
        ask(seen)


def test_three_parties_share_a_table(tmp_path):
    path = tmp_path / "three.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["network", "scenario", "window", "option", "cost_gbp"])
        for network, option in product("xyz", range(3)):
            writer.writerow([network, "dry", 0, option, option])
    scenario = tmp_path / "three.toml"
    scenario.write_text(
        'grid.costs = "three.csv"\nplay.pair = ["dry", "dry", "dry"]\n'
        'play.seats = ["truthful", "shaded", "random"]',
        encoding="utf-8",
    )

    assert study(read_scenario(str(scenario))).parties == ("x", "y", "z")
