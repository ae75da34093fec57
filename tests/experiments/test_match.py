"""One run of a profile, worked by hand: options, payments, authority, and whose gas it is."""

from dataclasses import dataclass, fields, replace

import pytest

from agents.draws import Draws
from agents.strategies import STRATEGIES
from agents.strategies.base import Knowledge
from agents.strategies.chance import Random
from experiments.tournament import match
from experiments.tournament.match import Case, Run, play
from experiments.wiring import open_venue, terms
from market.types import Bids
from tests.experiments.small_tournament import COSTS, small_scenario, small_study

TRUTHFUL = ("truthful", "truthful")


def played(*strategies: str, costs=COSTS, deposit_gbp=10_000.0, **changes):
    """Return the outcome of a run, without its axis; two like runs are played together."""
    scenario = small_scenario(**changes).with_changes("market", deposit_gbp=deposit_gbp)
    seen = small_study(costs, no_link=None)
    mechanism, pair = scenario.market.mechanisms[0], ("N",) * len(costs)
    runs = [Run(mechanism, pair, strategies)] * 2
    both = play(scenario, {pair: Case.of(seen, pair)}, runs, terms(scenario, seen, mechanism))
    assert both.paid[0].tolist() == both.paid[1].tolist()
    names = [f.name for f in fields(both)]
    return replace(both, **{name: getattr(both, name)[0] for name in names})


@pytest.mark.parametrize("venue", ["local", "revm"])
def test_two_windows_of_offers_come_out_as_worked_by_hand(venue):
    out = played(*TRUTHFUL, venue=venue)

    assert out.option.tolist() == [0, 1]
    assert out.set_point_mw.tolist() == [-15.0, 0.0]
    assert out.paid.tolist() == [[500, -900], [-500, 900]]
    assert out.authority.tolist() == [0, 1]
    assert out.authority_used.tolist() == [True, False]


def test_two_windows_of_ranks_come_out_as_worked_by_hand():
    out = played(*TRUTHFUL, mechanisms=("rps",))

    assert out.option.tolist() == [0, 2]  # sums of ranks 4, 4, 4, each seat in turn
    assert out.set_point_mw.tolist() == [-15.0, 15.0]
    assert out.paid.tolist() == [[0, 0], [0, 0]]
    assert out.authority_used.tolist() == [True, True]


@pytest.fixture
def kept(monkeypatch):
    """Keep every venue that a match opens."""
    venues = []

    def opened(name, agreed, rpc_url=""):
        venues.append(open_venue(name, agreed, rpc_url))
        return venues[-1]

    monkeypatch.setattr(match, "open_venue", opened)
    return venues


def test_own_gas_is_that_of_own_bids_and_shared_gas_that_of_decision_and_meter(kept):
    out = played(*TRUTHFUL, venue="revm")

    calls = kept[0].calls
    for seat in (0, 1):
        bids = [call.gas for call in calls if call.stage == "submit" and call.seat == seat]
        assert out.own_gas[seat].tolist() == bids
    decided, metered = (
        [call.gas for call in calls if call.stage == stage] for stage in ("decide", "report")
    )
    assert out.shared_gas.tolist() == [a + b for a, b in zip(decided, metered, strict=True)]
    assert (out.own_gas > 21_000).all()
    assert (out.shared_gas > 42_000).all()


def test_all_gas_but_that_of_deployment_and_deposits_is_somebodys(kept):
    out = played(*TRUTHFUL, venue="revm")

    outside = {"deploy", "deposit", "withdraw"}
    wanted = sum(call.gas for call in kept[0].calls if call.stage not in outside)
    gas = out.own_gas + out.shared_gas / 2
    assert gas.sum() == wanted
    assert (gas[0] - out.own_gas[0]).tolist() == (out.shared_gas / 2).tolist()


def test_memory_uses_no_gas():
    out = played(*TRUTHFUL)

    assert (out.own_gas.tolist(), out.shared_gas.tolist()) == ([[0, 0], [0, 0]], [0, 0])


def test_a_bid_that_the_deposit_does_not_cover_leaves_the_window_to_the_other():
    costs = [COSTS[0], [COSTS[1][0], [14.0, 1.0, 0.0]]]

    out = played(*TRUTHFUL, costs=costs, deposit_gbp=15.0)

    assert out.option.tolist() == [0, 2]  # of party 1 alone, whose favourite this is
    assert out.paid.tolist() == [[500, 0], [-500, 0]]


def test_three_parties_pay_in_whole_ticks_that_sum_to_zero():
    costs = [[[0.0, 0.09, 0.09]], [[0.04, 0.0, 0.04]], [[0.04, 0.0, 0.04]]]

    out = played("truthful", "truthful", "truthful", costs=costs)

    assert out.option.tolist() == [0]  # sums 9, 8, 0
    assert out.paid[:, 0].tolist() == [9, -4, -5]


def record_draws(monkeypatch) -> dict[int, list[list[int]]]:
    """List strategy ``recorded``: random bids, which are kept by seat."""
    seen: dict[int, list[list[int]]] = {}

    @dataclass(frozen=True)
    class Recorded(Random):
        def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
            numbers = super().bid(knowledge, draws)
            seen.setdefault(knowledge.setting.seat, []).append(numbers[0].tolist())
            return numbers

    monkeypatch.setitem(STRATEGIES, "recorded", Recorded)
    return seen


def bids_of_first_seat(monkeypatch, opponent: str, **changes) -> list[list[int]]:
    seen = record_draws(monkeypatch)
    played("recorded", opponent, **changes)
    return seen[0]


def test_the_first_seat_draws_the_same_against_any_opponent(monkeypatch):
    against = {
        opponent: bids_of_first_seat(monkeypatch, opponent)
        for opponent in ("truthful", "indifferent", "random", "recorded")
    }

    assert len(against["truthful"]) == 2
    assert all(bids == against["truthful"] for bids in against.values())


def test_each_seat_draws_from_a_stream_of_its_own(monkeypatch):
    like = [COSTS[0], COSTS[0]]
    seen = record_draws(monkeypatch)

    played("recorded", "recorded", costs=like)

    assert seen[0] != seen[1]


def test_another_seed_means_other_draws(monkeypatch):
    first = bids_of_first_seat(monkeypatch, "truthful", seed=0)

    assert bids_of_first_seat(monkeypatch, "truthful", seed=0) == first
    assert bids_of_first_seat(monkeypatch, "truthful", seed=1) != first
