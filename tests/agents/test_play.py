"""Whole sessions: in arrays, on a venue in memory, and on a chain, they are the same."""

from dataclasses import dataclass, fields

import numpy as np
import pytest

from agents.play import Costs, Play
from agents.player import StrategyFailed
from agents.strategies import STRATEGIES
from agents.strategies.base import Conduct, Strategy
from agents.strategies.best_response import BestResponse, OracleBestResponse
from agents.strategies.defaulting import DepositStarver, LateBidder, Unrevealed, Withholder
from agents.strategies.indifferent import Absent
from agents.strategies.scaled import Inflated
from agents.strategies.truthful import Truthful
from agents.wrappers import WRAPPERS
from market.errors import DepositTooSmall, WindowClosed
from market.local import LocalVenue
from tests.knowing import a_play, agreed, sessions, some_costs

MIXES = {
    "quiet": ["truthful", "random"],
    "late": ["late-bidder", "truthful"],
    "absent": ["inflated", "absent"],
    "nobody": ["absent", "late-bidder"],
    "unrevealed": ["unrevealed", "truthful"],
    "all unrevealed": ["unrevealed", "unrevealed"],
    "withholders": ["withholder", "withholder"],
    "starver": ["deposit-starver", "withholder"],
    "bitter": ["grim-trigger", "truthful-until-cheated"],
    "three": ["truthful", "withholder", "best-response"],
    "three, two of them": ["unrevealed", "random", "inflated"],
    "three, one of them": ["absent", "withholder", "unrevealed"],
    "three, starved": ["late-bidder", "deposit-starver", "deposit-starver"],
}
"""A strategy for each seat."""

TERMS = {
    "open": {"bond": 70},
    "sealed": {"bond": 70, "revealing": 300},
    "without bond": {"revealing": 300},
    "day ahead": {"bond": 7, "horizon": 3},
    "day ahead, sealed": {"bond": 7, "horizon": 3, "revealing": 300},
    "ranks": {"bond": 7, "mechanism": "rps", "revealing": 300},
    "ranks, day ahead": {"bond": 70, "mechanism": "rps-pareto", "horizon": 3},
    "lottery": {"bond": 70, "mechanism": "rps-random"},
    "lottery, day ahead": {"bond": 70, "mechanism": "rps-random", "horizon": 3},
    "equal split": {"bond": 1, "payment": "equal-split", "default": 2, "authority": 1},
}

WORKING = 3000
"""Ticks: about what highest offers are, so that accounts run low."""


def strategies_of(mix):
    return [STRATEGIES[name]() for name in MIXES[mix]]


def followed(play):
    """Hold every session, and return what is left in accounts, and authority, after each."""
    held, after = [], []
    while play.window < play.windows:
        held.append(play.hold())
        after.append((play.floor.free.tolist(), play.floor.authority.tolist()))
    return held, after


def assert_alike(one, other):
    for field in ("windows", "bids", "blocked", "cost_gbp", "penalties", "paid"):
        pair = getattr(one, field), getattr(other, field)
        np.testing.assert_array_equal(*pair, err_msg=field)
    for field in fields(one.outcome):
        pair = (getattr(session.outcome, field.name) for session in (one, other))
        np.testing.assert_array_equal(*pair, err_msg=field.name)


def assert_the_same_on(venue, mix, terms):
    costs = some_costs(windows=7, parties=terms.parties)
    wanted, after = followed(
        a_play(strategies_of(mix), terms, costs, seeds=[3], working_ticks=WORKING)
    )

    found, found_after = followed(
        a_play(strategies_of(mix), terms, costs, venue=venue, seeds=[3], working_ticks=WORKING)
    )

    for one, other in zip(wanted, found, strict=True):
        assert_alike(one, other)
    assert found_after == after
    return wanted


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("kind", TERMS)
def test_sessions_in_arrays_are_those_of_a_venue_in_memory(kind, mix):
    terms = agreed(parties=len(MIXES[mix]), **TERMS[kind])

    held = assert_the_same_on(LocalVenue(terms), mix, terms)

    for session in held:
        assert (session.paid.sum(1) == 0).all(), "money is neither made nor lost"


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("kind", ["open", "sealed", "day ahead, sealed", "ranks", "lottery"])
def test_sessions_in_arrays_are_those_of_a_contract(open_venue, kind, mix):
    terms = agreed(parties=len(MIXES[mix]), **TERMS[kind])

    assert_the_same_on(open_venue("revm", terms), mix, terms)


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_wrapped_strategies_play_on_a_venue_too(wrapper):
    terms, costs = agreed(horizon=2), some_costs(windows=6)
    wrapped = [WRAPPERS[wrapper](STRATEGIES[name]()) for name in ("forgiving", "burying")]

    held, there = (
        sessions(a_play(wrapped, terms, costs, venue=venue))
        for venue in (None, LocalVenue(terms))
    )

    for one, other in zip(held, there, strict=True):
        assert_alike(one, other)


class Strict(LocalVenue):
    """A venue that notes what it refuses."""

    def __init__(self, terms):
        super().__init__(terms)
        self.refused = []

    def submit(self, session, seat, *bids):
        try:
            super().submit(session, seat, *bids)
        except Exception as error:
            self.refused.append((session, seat, type(error)))
            raise


@pytest.mark.parametrize("revealing", [0, 300])
def test_a_late_bid_meets_closed_doors(revealing):
    venue = Strict(agreed(revealing=revealing, horizon=2))
    players = [Truthful(), LateBidder()]

    held = sessions(a_play(players, venue.terms, some_costs(windows=4), venue=venue))

    assert venue.refused == [(0, 1, WindowClosed), (1, 1, WindowClosed)]
    assert [session.outcome.present[0, 1].any() for session in held] == [False, False]


def test_who_keeps_too_little_is_refused_by_the_venue():
    venue = Strict(agreed())
    players = [DepositStarver(share=0.0), Inflated()]

    sessions(a_play(players, venue.terms, some_costs(windows=2), venue=venue))

    assert venue.refused == [(0, 0, DepositTooSmall), (1, 0, DepositTooSmall)]


@pytest.mark.parametrize("on_venue", [False, True])
def test_what_was_blocked_costs_what_isolation_costs(on_venue):
    terms = agreed(options=2, bond=10)
    costs = np.array([[[[9.0, 0.0]], [[0.0, 30.0]]]])  # set-points -5 and 0: isolation is liked
    isolated = np.array([[[4.0], [5.0]]])
    play = a_play(
        [Withholder(), Truthful()], terms, costs, venue=LocalVenue(terms) if on_venue else None
    )
    play = Play(play.floor, Costs(costs, isolated), play.players, 10**5)

    session = play.hold()

    assert session.outcome.option.tolist() == [[0]]
    assert session.blocked[..., 0].tolist() == [[True, False]]
    assert session.cost_gbp[..., 0].tolist() == [[4.0, 5.0]]
    assert session.penalties.tolist() == [[10, -10]]
    assert session.paid[..., 0].tolist() == [[-3000 + 10, 3000 - 10]]


@dataclass(frozen=True)
class Stubborn(Truthful):
    """Block whatever happens; keep every experience."""

    def start(self, setting):
        return ()

    def blocks(self, knowledge, option):
        return np.ones(option.shape, bool)

    def learn(self, experience):
        return (*experience.knowledge.memory, experience)


@dataclass(frozen=True)
class AbsentAndStubborn(Stubborn):
    @property
    def conduct(self):
        return Conduct(sends="never")


def test_only_who_takes_part_can_block():
    (session,) = sessions(
        a_play([AbsentAndStubborn(), Truthful()], agreed(bond=5), some_costs(windows=1))
    )

    assert not session.blocked.any()
    assert not session.penalties.any()


def test_experience_is_what_was_revealed_and_what_was_earned():
    terms, costs = agreed(bond=5, revealing=300, horizon=2), some_costs(matches=2, windows=3)
    play = a_play([Stubborn(), Unrevealed()], terms, costs)
    first, second = sessions(play)

    told = play.players[0].memory

    assert len(told) == 2
    assert [one.option.shape for one in told] == [(2, 2), (2, 1)], "the run ends in a session"
    np.testing.assert_array_equal(told[0].own_bids, first.bids[:, 0])
    assert not told[0].bids[:, 1].any(), "sealed for ever"
    assert told[0].present[:, :, 0].tolist() == [[True, False]] * 2
    worst = costs[:, 0, :2].max(-1)
    paid = first.paid[:, 0] / 100
    np.testing.assert_allclose(told[0].earned_gbp, worst - first.cost_gbp[:, 0] - paid)
    np.testing.assert_array_equal(told[1].payments, second.outcome.payments)
    assert told[1].blocked[:, 0].all()
    np.testing.assert_array_equal(told[1].penalties, second.penalties)
    assert told[1].knowledge.windows.tolist() == [2]


def test_penalties_of_a_session_are_paid_with_its_last_window():
    terms = agreed(bond=5, revealing=300, horizon=2)

    (session,) = sessions(a_play([Truthful(), Unrevealed()], terms, some_costs(windows=2)))

    assert session.penalties.tolist() == [[-10, 10]]
    assert session.paid.tolist() == [[[0, -10], [0, 10]]]


def test_an_oracle_responds_to_what_is_bid_now():
    costs = some_costs(windows=5)
    plays = [
        a_play([strategy, STRATEGIES["random"]()], agreed(), costs)
        for strategy in (OracleBestResponse(), BestResponse(), Truthful())
    ]

    held = [sessions(play) for play in plays]

    bids = [np.stack([session.bids[0, 1, 0] for session in of_play]) for of_play in held]
    np.testing.assert_array_equal(bids[0], bids[1], "the others do not know that it is one")
    spent = [
        sum(one.cost_gbp[0, 0, 0] + one.paid[0, 0, 0] / 100 for one in of_play)
        for of_play in held
    ]
    assert spent[0] < min(spent[1:])


def test_two_oracles_take_each_other_for_truthful():
    oracle, truthful = OracleBestResponse(), Truthful()
    both, first, second = (
        sessions(a_play(players, agreed(), some_costs(windows=1)))[0].bids[0]
        for players in ([oracle, oracle], [oracle, truthful], [truthful, oracle])
    )

    assert both[0].tolist() == first[0].tolist()
    assert both[1].tolist() == second[1].tolist()


def test_only_who_breaks_ties_in_the_first_window_is_known():
    terms = agreed(mechanism="rps", horizon=3, authority=1)
    play = a_play([Stubborn(), Truthful()], terms, some_costs(matches=2, windows=6))
    sessions(play)

    told = [one.knowledge for one in play.players[0].memory]

    assert told[0].authority.tolist() == [[1, -1, -1]] * 2
    assert [knowledge.authority[0, 1:].tolist() for knowledge in told] == [[-1, -1]] * 2
    assert (told[1].authority[:, 0] >= 0).all()
    assert told[1].free.shape == (2,)


@pytest.mark.parametrize("seats", [[0], [0, 0], [0, 1, 1]])
def test_every_seat_wants_one_player(seats):
    play = a_play([Truthful(), Absent()], agreed(), some_costs())
    players = [play.players[seat] for seat in seats]

    with pytest.raises(ValueError, match="wanted one player in every seat of every match"):
        Play(play.floor, Costs(some_costs()), players, 1000)


def test_who_cannot_learn_is_told_nothing():
    play = a_play([Truthful(), Stubborn()], agreed(), some_costs())
    sessions(play)

    assert [player.learns for player in play.players] == [False, True]
    assert play.players[0].memory is None
    assert len(play.players[1].memory) == 4


@dataclass(frozen=True)
class Wrong(Strategy):
    """Bid what is no bid."""

    what: object = None

    def bid(self, knowledge, draws):
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (ZeroDivisionError("oh"), "Wrong in seat 0: raised ZeroDivisionError in bid: oh"),
        ([1, 2], "Wrong in seat 0: bid list of no shape, wanted int64 of"),
        (
            np.zeros((1, 1, 3), np.int64),
            r"bid ndarray of \(1, 1, 3\), wanted int64 of \(1, 1, 4\)",
        ),
        (np.zeros((1, 1, 4)), r"bid ndarray of \(1, 1, 4\), wanted int64 of"),
    ],
)
def test_a_strategy_that_fails_is_named_with_its_seat(what, reason):
    wrong = Wrong(what)
    play = a_play([wrong, Truthful()], agreed(), some_costs())

    with pytest.raises(StrategyFailed, match=reason) as failed:
        play.hold()

    assert (failed.value.strategy, failed.value.seat) == (wrong, 0)
    assert failed.value.reason in str(failed.value)


def test_who_has_not_bid_is_not_asked_whether_it_blocks():
    play = a_play([Truthful(), Truthful()], agreed(), some_costs())

    with pytest.raises(ValueError, match="asked after bid"):
        play.players[0].blocks(np.zeros((1, 1), int))
