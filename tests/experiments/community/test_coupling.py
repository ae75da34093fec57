"""Communities on a bus of network 1, and what that network then pays for the link."""

import json
from html import escape

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.community.baselines import alone
from experiments.community.coupling import (
    ALONE,
    NONE,
    couple,
    coupled_findings,
    differences,
    profiles_mw,
    with_communities,
)
from experiments.community.play import rows_of
from experiments.community.world import world
from experiments.errors import ScenarioRefused
from experiments.identity import file_sha256
from experiments.scenario import read_scenario
from experiments.wiring import grid_case, study, study_of
from grid.anglesey import network_path


def small():
    shipped = read_scenario("anglesey-with-communities")
    few = shipped.with_changes("community", prosumers=6, copies=500)
    return few.with_changes("grid", days=2, options=3)


@pytest.fixture(scope="module")
def scenario():
    return small()


@pytest.fixture(scope="module")
def coupled(scenario):
    return couple(scenario, world(scenario), lambda *_: None)


def test_without_communities_the_networks_are_as_they_were(scenario, coupled):
    bare = grid_case(scenario)
    nothing = with_communities(scenario, bare, coupled.profiles_mw[NONE])
    costs = study_of(scenario, nothing).cost_gbp
    np.testing.assert_allclose(costs, study(scenario).cost_gbp, rtol=1e-9)


def test_copies_multiply_what_communities_add(scenario):
    once, twice = (
        profiles_mw(scenario.with_changes("community", copies=copies), world(scenario))
        for copies in (1, 2)
    )
    for way, added in once.items():
        np.testing.assert_allclose(twice[way], 2 * added)


def test_households_alone_add_their_sun_and_their_losses(scenario):
    there = world(scenario)
    added = profiles_mw(scenario, there)[ALONE].sum() / scenario.community.copies * 500
    sun = there.homes.generation_wh.sum() / 1000
    assert -sun < added < 0


def test_what_cars_and_heat_pumps_need_is_in_the_demand_of_the_network_already(scenario):
    comfortable = scenario.with_changes(
        "community", prosumers=12, cars=1.0, heat_pumps=1.0, copies=1
    )
    there = world(comfortable)
    rows = rows_of(there, 1)
    taken = sum(alone(there, day, rows).net_wh.sum() for day in range(there.days))
    homes = there.homes
    inside = sum(used.sum() for used in (homes.demand_wh, homes.car_wh, homes.heat_wh))

    added_wh = 500_000 * profiles_mw(comfortable, there)[ALONE].sum()

    losses = added_wh - (taken - inside)
    assert 0 < losses < min(homes.car_wh.sum(), homes.heat_wh.sum())


def test_what_network_2_costs_without_the_link_does_not_change(coupled):
    mainland = coupled.costs[coupled.costs["party"] == "network-2"]
    assert mainland.groupby("day")["no_link_gbp"].nunique().eq(1).all()


def test_payments_of_the_networks_sum_to_zero(coupled):
    sums = coupled.costs.groupby(["way", "mechanism", "day"])["payments_gbp"].sum()
    assert sums.abs().max() < 1e-9


def test_differences_are_means_over_days_within_their_intervals(coupled):
    found = differences(coupled.costs, "network-1", "net_cost_gbp")
    assert (found["low"] <= found["mean"]).all()
    assert (found["mean"] <= found["high"]).all()
    own = coupled.costs[coupled.costs["party"] == "network-1"]
    means = own.groupby(["mechanism", "way"])["net_cost_gbp"].mean()
    for row in found.itertuples():
        expected = means[row.mechanism, row.way] - means[row.mechanism, ALONE]
        assert row.mean == pytest.approx(expected)


def test_findings_say_what_cooperation_changes_under_each_mechanism(coupled):
    hco, rps = coupled_findings(coupled, "network-1")
    assert hco.startswith("Under hco, against households each for themselves, network-1's")
    assert "What it pays for the link changes by GBP" in hco
    assert "pays for the link" not in rps


def test_a_bus_that_is_not_there_is_refused(scenario):
    lost = scenario.with_changes("community", bus="Nowhere")
    told = r"community\.bus is 'Nowhere', wanted one of network-1's: 132 kV, GW, VA"
    with pytest.raises(ScenarioRefused, match=told) as refused:
        with_communities(lost, grid_case(lost), np.zeros((2, 48)))
    assert refused.value.source == "anglesey-with-communities"


def test_the_command_writes_tables_figures_and_a_page(tmp_path):
    source = tmp_path / "both.toml"
    source.write_text(
        'name = "both"\n[grid]\ndays = 2\noptions = 3\n[chain]\nvenue = "local"\n'
        '[community]\nprosumers = 6\ncopies = 500\nrules = ["mid-market-rate"]\n'
        'mix = { "mine.py:Mine" = 1.0 }\n[play]\nseats = ["yours.py:Mine", "truthful"]\n',
        encoding="utf-8",
    )
    files = [tmp_path / "mine.py", tmp_path / "yours.py"]
    for file in files:
        file.write_text("from agents.strategies.truthful import Truthful as Mine\n")
    out = tmp_path / "out"
    told = CliRunner().invoke(app, ["simulate", str(source), "--out", str(out), "--json"])
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert len(said["findings"]) == 2
    assert {row["party"] for row in said["costs"]} == {"network-1", "network-2"}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert all(escape(sentence) in page for sentence in said["findings"])
    assert "http" not in page.replace("http://www.w3.org", "")
    assert pd.read_parquet(out / "profiles.parquet")["way"].nunique() == 8
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    hashes = {path.as_posix(): file_sha256(path) for path in files}
    assert manifest["plugins_sha256"] == hashes
    shown = CliRunner().invoke(app, ["simulate", str(source), "--out", str(out)])
    assert "virtual power plant" in shown.stdout


def test_a_bus_that_is_not_there_ends_the_command_in_one_line(tmp_path):
    source = tmp_path / "both.toml"
    source.write_text('[grid]\ndays = 1\n[community]\nprosumers = 6\nbus = "Nowhere"\n')
    told = CliRunner().invoke(app, ["simulate", str(source), "--out", str(tmp_path / "x")])
    assert told.exit_code == 2
    assert told.stderr.startswith(f"gridpact: {source}: community.bus is 'Nowhere', wanted one")
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("days", "windows", "said"),
    [
        (
            2,
            48,
            "grid.days is 1, wanted 2: with communities every day of grid.profiles is play",
        ),
        (1, 46, "grid.profiles has 46 half-hours a day, wanted 48, as the communities have"),
    ],
)
def test_profiles_with_other_days_than_the_communities_are_refused_in_a_line(
    tmp_path, days, windows, said
):
    both = [str(network_path(seat)) for seat in (0, 1)]
    source = tmp_path / "own.toml"
    source.write_text(
        f'[grid]\ncase = "own"\nnetworks = {json.dumps(both)}\nterminals = ["LK", "LB"]\n'
        'profiles = "flat.csv"\ndays = 1\noptions = 3\n[community]\nprosumers = 5\n',
        encoding="utf-8",
    )
    rows = [f"{day},{w},0.5,0.5" for day in range(days) for w in range(windows)]
    flat = "\n".join(["day,window,demand,generation", *rows])
    (tmp_path / "flat.csv").write_text(flat, encoding="utf-8")
    told = CliRunner().invoke(app, ["simulate", str(source), "--out", str(tmp_path / "x")])
    assert told.exit_code == 2
    assert told.stderr.startswith(f"gridpact: {source}: {said}")
    assert told.stderr.count("\n") == 1
    assert not (tmp_path / "x").exists()


BOTH = "[grid]\ndays = 1\n[community]\nprosumers = 6\n"


@pytest.mark.parametrize(
    "option", [("--windows", "3"), ("--calls",), ("--venue", "revm"), ("--rpc-url", "http://x")]
)
def test_what_is_not_done_with_communities_is_refused_in_a_line(tmp_path, option):
    source = tmp_path / "both.toml"
    source.write_text(BOTH, encoding="utf-8")
    out = tmp_path / "out"
    told = CliRunner().invoke(app, ["simulate", str(source), *option, "--out", str(out)])
    assert told.exit_code == 2
    assert told.stderr.startswith(f"gridpact: {option[0]}: with communities all days are")
    assert told.stderr.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("command", ["tournament", "audit", "dispositions"])
def test_no_command_forgets_communities_beside_networks(tmp_path, command):
    source = tmp_path / "both.toml"
    source.write_text(BOTH, encoding="utf-8")
    out = tmp_path / "out"
    told = CliRunner().invoke(app, [command, str(source), "--out", str(out)])
    assert told.exit_code == 2
    assert "community.prosumers is 6, wanted 0: communities beside networks" in told.stderr
    assert told.stderr.count("\n") == 1
    assert not out.exists()
