"""The paper reproduced: on the contract, once, and what its numbers are."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import InputRefused
from experiments.paper.reproduce import (
    REPRODUCED,
    Reproduction,
    check_paper_like,
    decide_checked,
    differences,
    reproduce,
)
from experiments.scenario import Scenario
from experiments.wiring import Study
from grid.cost_table import CostTable, write_cost_table
from tests.experiments.paper_like import OPPOSED, small_run, small_study


def invoke(*arguments):
    return CliRunner().invoke(app, ["reproduce", *map(str, arguments)])


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Return the results of the whole command, with fewer numbers of options."""
    out = tmp_path_factory.mktemp("reproduce") / "out"
    result = invoke("--out", out, "--up-to", 13)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == str(out)
    return out


@pytest.fixture(scope="session")
def said(folder):
    return json.loads((folder / "summary.json").read_text())


@pytest.fixture(scope="session")
def claims(said):
    return {claim["claim"]: claim for claim in said["claims"]}


@pytest.mark.parametrize(
    ("mechanism", "ratio"), [("hco", 0.815), ("rps", 0.882), ("rps-pareto", 1.015)]
)
def test_cost_over_no_link_is_that_of_the_prototype(said, mechanism, ratio):
    assert said["cost_over_no_link"][mechanism]["mean"] == pytest.approx(ratio, abs=0.01)


def test_432_negotiations_are_held(said, folder):
    windows = pd.read_parquet(folder / "windows.parquet")

    assert said["negotiations"] == 432
    assert len(windows) == 3 * 432
    assert (windows["gas"] > 4 * 21_000).all()


def test_network_1_nearly_always_pays(folder):
    windows = pd.read_parquet(folder / "windows.parquet").query("mechanism == 'hco'")

    assert (windows["paid_gbp_network-1"] > 0).mean() > 0.95
    assert (windows["paid_gbp_network-1"] == -windows["paid_gbp_network-2"]).all()


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The island has 3 wind farms and 2 solar farms", "holds"),
        ("High demand and high generation triple the normal scenario", "holds"),
        ("Converters of 30 MVA hold the terminals at 1 p.u.", "holds"),
        ("The link's range is divided into 13 options", "holds"),
        ("HCO always selects the lowest total cost", "holds"),
        ("... especially when Network 1 has high demand", "holds"),
        ("Algorithm 2 keeps the options that are not dominated", "does not hold"),
        ("RPS is one rule in the Methods and in the legends", "does not hold"),
        ("RPS's gas is exponential in the number of options", "does not hold"),
        ("Network 1 always pays Network 2", "partly"),
        ("Under RPS both networks have lower costs than without the link", "partly"),
        ("Shorter negotiation periods might lower network cost", "not checkable"),
    ],
)
def test_claims_fall_out_as_the_prototype_found(claims, claim, verdict):
    assert claims[claim]["verdict"] == verdict


def test_every_claim_is_in_the_markdown_under_the_honest_line(folder, said):
    text = (folder / "claims.md").read_text()

    assert text.index("The networks are invented") < text.index("| claim of the paper")
    assert all(claim["claim"] in text for claim in said["claims"])


def test_five_figures_are_drawn_twice(folder):
    names = {path.name for path in (folder / "figures").iterdir()}

    assert len(names) == 10
    assert {"fig-4-offers.png", "fig-7-gas.svg", "fig-9-relative-cost.png"} <= names


def test_the_summary_holds_gas_fits_and_crossing(said):
    assert said["schema"] == 1
    assert said["options"]["counts"] == [3, 5, 7, 9, 11, 13]
    assert said["options"]["crossing"]["rps"] is None, "linear, and always cheaper than hco"
    assert said["options"]["crossing"].keys() == {"rps", "rps-pareto"}
    assert [fit["model"] for fit in said["options"]["mechanisms"]["hco"]["fits"]] == [
        "linear",
        "quadratic",
        "exponential",
    ]
    assert said["gas"]["hco"]["window"] > said["gas"]["rps"]["window"]


def test_the_manifest_names_the_contracts(folder):
    manifest = json.loads((folder / "manifest.json").read_text())

    assert manifest["command"] == "reproduce"
    assert "HighestCombinedOffer" in manifest["contracts_sha256"]


def own_costs(path, **changes):
    seen = replace(small_study(OPPOSED), **changes)
    table = CostTable(seen.parties, seen.scenarios, seen.cost_gbp, seen.no_link_gbp)
    write_cost_table(path, table)
    return path


def test_own_costs_leave_physics_unchecked(tmp_path):
    costs = own_costs(tmp_path / "costs.csv")
    out = tmp_path / "out"

    result = invoke("--costs", costs, "--venue", "local", "--json", "--out", out)

    said = json.loads(result.stdout)
    claims = {claim["claim"]: claim["verdict"] for claim in said["claims"]}
    assert said == json.loads((out / "summary.json").read_text())
    assert str(costs) in said["honesty"]
    assert claims["HCO always selects the lowest total cost"] == "holds"
    assert claims["Narrower options might lower network cost"] == "not checkable"
    assert claims["HCO's gas is linear in the number of options"] == "not checkable"
    assert said["gas"] is said["options"] is None


def test_own_costs_without_a_no_link_case_have_no_ratio(tmp_path):
    costs = own_costs(tmp_path / "costs.csv", no_link_gbp=None)

    result = invoke("--costs", costs, "--venue", "local", "--json", "--out", tmp_path / "out")

    assert json.loads(result.stdout)["cost_over_no_link"] is None


def test_a_malformed_cost_table_is_one_line_and_leaves_nothing(tmp_path):
    costs = tmp_path / "costs.csv"
    costs.write_text("network,scenario,window,option,cost_gbp\nnetwork-1,N,0,0,cheap\n")

    result = invoke("--costs", costs, "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "row 2, column 'cost_gbp': 'cheap', wanted a number" in result.stderr
    assert list(tmp_path.iterdir()) == [costs]


def test_an_unknown_venue_is_refused_before_anything_is_computed(tmp_path):
    result = invoke("--venue", "rvem", "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "unknown venue 'rvem', did you mean 'revm'?" in result.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parties": ("a", "b", "c")}, "networks 3, wanted 2"),
        ({"scenarios": ("N", "D", "X")}, "scenarios ['D', 'N', 'X'], wanted ['D', 'G', 'N']"),
        ({"cost_gbp": np.zeros((2, 3, 2, 2, 3))}, "days 2, wanted 1"),
    ],
)
def test_costs_of_another_shape_are_refused_by_name(changes, reason):
    seen = small_study(OPPOSED)
    facts = {name: getattr(seen, name) for name in seen.__dataclass_fields__}

    with pytest.raises(InputRefused, match=r"costs\.csv") as refused:
        check_paper_like(Study(**facts | changes), "costs.csv")

    assert refused.value.reason == reason


@pytest.mark.parametrize("venue", ["local", "revm"])
@pytest.mark.parametrize("mechanism", REPRODUCED)
def test_every_venue_decides_as_memory_does(venue, mechanism):
    scenario = Scenario().with_changes("chain", venue=venue)
    seen = small_study(OPPOSED)
    windows = []

    held = decide_checked(scenario, seen, mechanism, lambda: windows.append(1))

    assert len(windows) == 18
    assert differences(held, small_run(OPPOSED).decisions[mechanism]) == ()


def test_a_difference_is_named():
    decided = small_run(OPPOSED).decisions["hco"]

    assert differences(decided, replace(decided, option=decided.option + 1)) == ("option",)


def test_authority_alternates_over_the_windows_of_a_pair():
    decided = small_run(OPPOSED).decisions["rps"]

    assert decided.option.tolist() == [[0, 2]] * 9
    assert decided.authority.tolist() == [[0, 1]] * 9


def test_payments_and_costs_add_up_to_net_cost():
    run = small_run(OPPOSED)

    assert run.chosen_gbp("hco")[0].tolist() == [[0, 0], [4, 4]]
    assert run.paid_gbp("hco")[0].tolist() == [[20, 20], [-20, -20]]
    assert run.net_gbp("hco")[0].tolist() == [[20, 20], [-16, -16]]
    assert run.set_point_mw("rps")[0].tolist() == [-2.5, 2.5]
    assert run.ratio("rps").tolist() == [1.5] * 9


def test_progress_is_told_after_each_negotiation():
    heard = []
    scenario = Scenario().with_changes("chain", venue="local")

    reproduce(scenario, small_study(OPPOSED), lambda done, total: heard.append((done, total)))

    assert heard[0] == (1, 54)
    assert heard[-1] == (54, 54)


def test_no_link_cost_is_asked_for_only_where_it_is_known():
    run = small_run(OPPOSED, no_link=None)

    with pytest.raises(AssertionError, match="no-link"):
        _ = run.no_link_gbp
    assert isinstance(run, Reproduction)
