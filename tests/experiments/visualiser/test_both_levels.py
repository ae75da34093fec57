"""Networks and the communities that they feed, on one page, are what the report says."""

import numpy as np
import pytest

from experiments.community.coupling import couple
from experiments.scenario import read_scenario
from experiments.visualiser.controls import Choice
from experiments.visualiser.opening import Opening
from experiments.visualiser.playing import Live
from experiments.visualiser.scene import scene
from experiments.visualiser.snapshot import Look
from experiments.visualiser.world import world
from tests.experiments.community.small import silent


@pytest.fixture(scope="module")
def coupled():
    """Return networks that feed six households, each standing for 500."""
    shipped = read_scenario("anglesey-with-communities")
    few = shipped.with_changes("community", prosumers=6, copies=500)
    return few.with_changes("grid", days=2, options=3)


def test_networks_pay_what_the_report_says_with_communities(coupled):
    live = Live(Choice(coupled, days=2, chair=None, rival=None), world(coupled))
    for _ in range(live.windows):
        live.step()
    costs = couple(coupled, live.world.neighbours.world, silent).costs
    way = costs[(costs["way"] == "mid-market-rate, all cooperative")]
    way = way[way["mechanism"] == "hco"].groupby("party")[["net_cost_gbp", "operating_gbp"]]

    seen = live.look(Look())

    for row in seen.accounts:
        said = way.sum().loc[row["party"]]
        assert row["cost_gbp"] == pytest.approx(said["operating_gbp"], abs=0.006)
        net = row["cost_gbp"] + row["paid_gbp"]
        assert net == pytest.approx(said["net_cost_gbp"], abs=0.011)
    assert seen.community["rule"] == "mid-market-rate"
    assert seen.community["rows"][0]["traded_kwh"] > 0


def test_communities_are_part_of_what_the_map_shows(coupled):
    bare = world(coupled.with_changes("community", prosumers=0))
    fed = world(coupled)
    at = fed.plans[0].buses.index("LG")

    with_them, without = (there.flows(("N", "N"), 0) for there in (fed, bare))

    added = fed.neighbours.added_mw(500)[0]
    change = with_them[0].load_mw[:, at] - without[0].load_mw[:, at]
    assert change == pytest.approx(added)
    assert np.abs(added).max() > 0.1
    assert np.array_equal(with_them[1].load_mw, without[1].load_mw)
    assert scene(Opening(coupled)).fed == "LG"
