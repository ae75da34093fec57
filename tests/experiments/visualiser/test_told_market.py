"""The market of a community on the page comes out as in memory, and every call is told."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.errors import CheckFailed
from experiments.visualiser.communities.live import Communal
from experiments.visualiser.communities.neighbours import Neighbours
from experiments.visualiser.communities.told_market import ToldMarket
from experiments.visualiser.snapshot import Look
from market.trading.rules import TRADING_RULES
from tests.experiments.community.small import small_world
from tests.experiments.visualiser.small import homes


@pytest.mark.parametrize("rule", TRADING_RULES)
def test_a_contract_holds_the_market_and_its_calls_are_told(rule):
    held = Communal(homes(rules=(rule,)), "revm")
    for _ in range(48):
        held.step()

    ledger = held.look(Look()).ledger

    stages = [row[2] for row in reversed(ledger["rows"])]
    assert stages[0] == "deploy"
    assert stages[-8:] == ["submit"] * 6 + ["clear", "report"]
    assert all(row[5] > 0 for row in ledger["rows"])
    day = held.neighbours.day(0).played
    traded = np.maximum(day.cleared.traded_wh, 0).sum() / 1000
    assert f"{traded:.2f} kWh traded at" in ledger["rows"][1][4]
    only = held.look(Look(who="household 3", stage="submit")).ledger["rows"]
    assert [row[3] for row in only] == ["household 3"]


def test_a_market_that_clears_otherwise_is_told():
    neighbours = Neighbours(homes(), small_world(days=2))
    market = ToldMarket(neighbours.world, "uniform-price", "local")
    beside = neighbours.day(0)
    day = beside.played
    other = replace(day.cleared, price=day.cleared.price + 1)

    with pytest.raises(CheckFailed, match="price differs"):
        market.step(0, replace(beside, played=replace(day, cleared=other)))
    with pytest.raises(ValueError, match="wanted one that was played"):
        market.step(0, replace(beside, played=None))


def test_a_day_of_many_is_held_in_sessions_that_a_transaction_can_hold():
    many = Communal(homes(prosumers=60, per_feeder=60), "local")
    for _ in range(60):
        many.step()

    calls = many.market.told

    cleared = [call.window for call in calls if call.stage == "clear"]
    assert cleared == [0, 24, 48]
    assert [call.window for call in calls if call.stage == "report"] == [23, 47]
    halves = [
        many.neighbours.day(0).traded_wh[0, :, part] for part in (slice(24), slice(24, 48))
    ]
    traded = [f"{np.maximum(wh, 0).sum() / 1000:.2f} kWh traded" for wh in halves]
    told = [call.arguments for call in calls if call.stage == "clear"]
    assert [words.split(" at ")[0] for words in told[:2]] == traded
    assert traded[0] != traded[1]
    assert len(calls) == many.market.called[-1]
