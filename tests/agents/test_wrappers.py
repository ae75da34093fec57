"""What each wrapper changes of a strategy, and that it passes on all else."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from agents.strategies.base import Strategy
from agents.strategies.best_response import BestResponse, OracleBestResponse
from agents.strategies.defaulting import LateBidder, Withholder
from agents.strategies.indifferent import Indifferent
from agents.strategies.manipulators import Burying
from agents.strategies.truthful import Truthful
from agents.wrappers import WRAPPERS
from agents.wrappers.base import Wrapper
from agents.wrappers.forecasts import Delay, ForecastError
from agents.wrappers.limits import Budget, Forgetful
from agents.wrappers.mistakes import Noise, Tremble
from tests.knowing import a_play, agreed, happened, known, sessions, some_costs, some_draws

OWN = [4.0, 0.0, 10.0]
MANY = np.broadcast_to(OWN, (2000, 1, 3))
NEUTRAL = {
    "noise": lambda inner: Noise(inner, size=0.0),
    "tremble": lambda inner: Tremble(inner, chance=0.0),
    "delay": lambda inner: Delay(inner, sessions=99),
    "budget": lambda inner: Budget(inner, budget_gbp=1e6),
    "forecast-error": lambda inner: ForecastError(inner, size=0.0),
    "forgetful": lambda inner: Forgetful(inner, sessions=99),
}
every_wrapper = pytest.mark.parametrize("name", WRAPPERS)


@dataclass(frozen=True)
class Diary(Strategy):
    """Keep what it was told; bid and block by it."""

    def start(self, setting):
        return ()

    def think(self, knowledge, draws):
        return (*knowledge.memory, "thought", knowledge.values_gbp.tolist())

    def bid(self, knowledge, draws):
        return knowledge.bid(knowledge.values_gbp)

    def blocks(self, knowledge, option):
        return knowledge.values_gbp[..., 0] > 3.0

    def learn(self, experience):
        told = experience.knowledge
        return (*told.memory, told.values_gbp.tolist(), experience.earned_gbp.tolist())


def lived(strategy, *worth, mechanism="hco", earned_gbp=1.0, draws=None):
    """Return the bids of sessions, whether it blocked, and its memory after each."""
    knowledge = known(worth[0], strategy, mechanism=mechanism)
    drawn = draws or some_draws(matches=knowledge.setting.matches)
    bids, blocked, memories = [], [], []
    for values in worth:
        knowledge = replace(
            knowledge, values_gbp=known(values).values_gbp, memory=knowledge.memory
        )
        knowledge = replace(knowledge, memory=strategy.think(knowledge, drawn))
        bids.append(strategy.bid(knowledge, drawn)[0, 0].tolist())
        blocked.append(strategy.blocks(knowledge, np.zeros((1, 1), int)).tolist())
        other = np.broadcast_to([[0, 0, 0], [1, 2, 3]], (2, 3))
        memory = strategy.learn(happened(knowledge, other, 0, earned_gbp=earned_gbp))
        knowledge = replace(knowledge, memory=memory)
        memories.append(memory)
    return bids, blocked, memories


@every_wrapper
def test_there_is_a_neutral_one_of_each(name):
    assert isinstance(NEUTRAL[name](Truthful()), Wrapper)
    assert type(NEUTRAL[name](Truthful())) is WRAPPERS[name]


@every_wrapper
@pytest.mark.parametrize("mechanism", ["hco", "rps"])
@pytest.mark.parametrize(
    "inner", [BestResponse(), OracleBestResponse(), Burying(), Withholder(), LateBidder()]
)
def test_a_neutral_wrapper_changes_nothing(name, inner, mechanism):
    terms, costs = agreed(mechanism=mechanism, horizon=2, bond=9), some_costs(3, windows=7)

    plain, wrapped = (
        sessions(a_play([strategy, Truthful()], terms, costs))
        for strategy in (inner, NEUTRAL[name](inner))
    )

    for one, other in zip(plain, wrapped, strict=True):
        np.testing.assert_array_equal(one.bids, other.bids)
        np.testing.assert_array_equal(one.blocked, other.blocked)
        np.testing.assert_array_equal(one.paid, other.paid)


@every_wrapper
def test_what_was_thought_told_and_learned_reaches_the_inner_one(name):
    own = [OWN, [1.0, 2.0, 0.0]]
    bids, blocked, memories = lived(Diary(), *own)

    found = lived(NEUTRAL[name](Diary()), *own)

    assert found[:2] == (bids, blocked)
    inner = [getattr(memory, "inner", memory) for memory in found[2]]
    assert inner == memories
    assert blocked == [[[True]], [[False]]]


def test_a_wrapper_that_changes_nothing_is_what_it_wraps():
    assert lived(Wrapper(Diary()), OWN, OWN) == lived(Diary(), OWN, OWN)


@every_wrapper
def test_conduct_and_oracles_are_passed_on(name):
    assert NEUTRAL[name](LateBidder()).conduct.sends == "late"
    assert NEUTRAL[name](Truthful()).conduct.sends == "in time"
    assert NEUTRAL[name](OracleBestResponse()).oracle
    assert not NEUTRAL[name](Truthful()).oracle


@every_wrapper
def test_wrappers_wrap_wrappers(name):
    one = NEUTRAL[name](NEUTRAL["delay"](NEUTRAL["forecast-error"](Diary())))

    assert lived(one, OWN)[0] == [[400, 0, 1000]]


def bids_of_many(strategy, mechanism="hco"):
    knowledge = known(MANY, strategy, mechanism=mechanism)
    return strategy.bid(knowledge, some_draws(matches=2000))[:, 0]


def test_offers_are_noisy_by_a_factor():
    offers = bids_of_many(Noise(Truthful(), size=0.2))

    errors = np.log(offers[:, [0, 2]] / [400, 1000])
    assert (offers[:, 1] == 0).all()
    np.testing.assert_allclose(errors.mean(0), 0.0, atol=0.02)
    np.testing.assert_allclose(errors.std(0), 0.2, atol=0.02)
    assert abs(np.corrcoef(errors.T)[0, 1]) < 0.1, "each number errs by itself"


def test_a_noisy_offer_is_still_one_that_a_venue_takes():
    knowledge = known([[[0.0, 1e9]]] * 50)

    offers = Noise(Truthful(), size=5.0).bid(knowledge, some_draws(matches=50))

    assert offers.max() == 2**32 - 1
    assert offers.min() >= 0


def test_noisy_ranks_change_places_with_their_neighbours_first():
    ranks = bids_of_many(Noise(Truthful(), size=0.1), "rps")

    as_meant = (ranks == [2, 3, 1]).all(1).mean()
    assert 0.9 < as_meant < 1.0, "3 options and a deviation of 0.3: z above 2.36"
    assert (np.sort(ranks) == [1, 2, 3]).all()
    large = bids_of_many(Noise(Truthful(), size=10.0), "rps")
    np.testing.assert_allclose((large == 1).mean(0), 1 / 3, atol=0.05)


@pytest.mark.parametrize("mechanism", ["hco", "rps"])
def test_a_hand_trembles_for_a_whole_session_or_not(mechanism):
    strategy = Tremble(Indifferent(), chance=0.3)
    knowledge = known(np.broadcast_to(np.arange(1.0, 9.0), (2000, 3, 8)), mechanism=mechanism)

    bids = strategy.bid(knowledge, some_draws(matches=2000))

    meant = bids == Indifferent().bid(knowledge, some_draws())
    as_meant = meant.all(-1)
    np.testing.assert_allclose(as_meant.all(-1).mean(), 0.7, atol=0.03)
    assert (as_meant.all(-1) == as_meant.any(-1)).all()


def test_a_delayed_strategy_bids_upon_what_was_worth_sessions_ago():
    worth = [[float(session), 0.0, 9.0] for session in range(1, 6)]

    assert [bid[0] for bid in lived(Delay(Diary()), *worth)[0]] == [100, 100, 200, 300, 400]
    two = lived(Delay(Diary(), sessions=2), *worth)
    assert [bid[0] for bid in two[0]] == [100, 200, 100, 200, 300]
    assert [blocked[0][0] for blocked in two[1]] == [False] * 5, "by what it was told"


def test_the_delayed_learn_from_what_they_were_told_and_really_earned():
    told = lived(Delay(Diary()), OWN, [1.0, 2.0, 0.0], earned_gbp=7.0)[2][-1].inner

    assert told == ("thought", [[OWN]], [[OWN]], [[7.0]]) * 2


def test_a_last_session_may_be_shorter_than_the_values_that_are_old():
    costs = some_costs(windows=5)

    held = sessions(a_play([Delay(Truthful()), Truthful()], agreed(horizon=3), costs))

    np.testing.assert_array_equal(held[1].bids[:, 0], held[0].bids[:, 0, :2])


def test_a_forecast_is_wrong_by_a_tilt():
    strategy = ForecastError(Diary(), size=0.2)
    knowledge = known(MANY, strategy)
    memory = strategy.think(knowledge, some_draws(matches=2000))
    thought = replace(knowledge, memory=memory)

    told = strategy.told(thought).values_gbp[:, 0]

    shift = told - OWN
    tilt = (shift[:, 0] - shift[:, 2]) / 2  # of the costs, in GBP at the ends
    np.testing.assert_allclose(shift[:, 1] - tilt, shift[:, 2], atol=1e-12)
    np.testing.assert_allclose(told.min(-1), 0.0)
    np.testing.assert_allclose(tilt.std(), 0.2 * 10.0, atol=0.1)
    np.testing.assert_allclose(tilt.mean(), 0.0, atol=0.15)


def test_one_forecast_serves_a_session_and_the_next_has_another():
    strategy = ForecastError(Diary(), size=0.2)
    bids, blocked, memories = lived(strategy, OWN, OWN, earned_gbp=7.0)

    first, second = (memory.inner for memory in memories)
    assert first[1] == first[2], "thought and learned upon the same"
    assert second[5] == second[6] != first[1]
    assert first[3] == [[7.0]]
    rounded = np.rint(100 * np.array(first[1])).astype(int).tolist()
    assert bids[0] == rounded[0][0]
    assert blocked[0] == [[first[1][0][0][0] > 3.0]]
    assert bids[1] != bids[0]


def test_every_window_has_a_forecast_of_its_own_but_none_where_set_points_are_the_same():
    strategy = ForecastError(Truthful(), size=0.2)
    knowledge = known([OWN, OWN], strategy)
    knowledge = replace(knowledge, memory=strategy.think(knowledge, some_draws()))

    bids = strategy.bid(knowledge, some_draws())[0].tolist()
    same = replace(knowledge.setting, set_points=np.full(3, 5.0))
    bids_there = strategy.bid(replace(knowledge, setting=same), some_draws())[0].tolist()

    assert bids[0] != bids[1]
    assert bids_there == [[400, 0, 1000]] * 2


def test_before_it_thinks_a_party_has_the_right_forecast():
    strategy = ForecastError(Truthful(), size=0.2)

    assert strategy.bid(known(OWN, strategy), some_draws())[0, 0].tolist() == [400, 0, 1000]


@pytest.mark.parametrize(
    ("budget_gbp", "offers"),
    [
        (7.0, [[400, 0, 1000], [300, 0, 0]]),
        (6.5, [[400, 0, 1000], [300, 0, 0]]),
        (5.0, [[400, 0, 700], [300, 0, 0]]),
        (2.0, [[200, 0, 200], [200, 0, 0]]),
        (0.0, [[0, 0, 0], [0, 0, 0]]),
    ],
)
def test_a_budget_covers_the_highest_offers_of_a_session(budget_gbp, offers):
    strategy = Budget(Truthful(), budget_gbp)

    bids = strategy.bid(known([OWN, [3.0, 0.0, 0.0]], strategy), some_draws())

    assert bids[0].tolist() == offers


def test_ranks_need_no_budget():
    assert bids_of_many(Budget(Truthful(), 0.0), "rps")[0].tolist() == [2, 3, 1]


def test_the_forgetful_start_afresh():
    worth = [OWN] * 5

    memories = lived(Forgetful(Diary(), sessions=2), *worth)[2]

    entries = [len(memory.inner) for memory in memories]
    assert entries == [4, 0, 4, 0, 4], "two of thought and two of learning"
    assert [memory.own for memory in memories] == [1, 0, 1, 0, 1]
