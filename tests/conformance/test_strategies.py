"""What every strategy must do, alone and in every wrapper."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, fields, is_dataclass, replace

import numpy as np
import pytest

import agents.strategies
import agents.wrappers
from agents.strategies import STRATEGIES
from agents.strategies.base import Strategy
from agents.strategies.reciprocal import Reciprocal
from agents.strategies.watchful import Watchful
from agents.wrappers import WRAPPERS
from agents.wrappers.base import Remembering, Wrapper
from market.bids import HIGHEST_OFFER
from market.mechanisms import MECHANISMS
from tests.knowing import a_play, agreed, known, sessions, some_costs, some_draws

WRAPPED = ("truthful", "best-response", "generous", "withholder", "oracle-best-response")
"""Strategies that are tested in every wrapper: together they have all that can be passed on."""

KINDS = STRATEGIES | {
    f"{wrapper} of {inner}": lambda wrapper=wrapper, inner=inner: WRAPPERS[wrapper](
        STRATEGIES[inner]()
    )
    for wrapper in WRAPPERS
    for inner in WRAPPED
}

every_strategy = pytest.mark.parametrize("name", KINDS)
every_form = pytest.mark.parametrize("mechanism", ["hco", "rps"])
every_horizon = pytest.mark.parametrize("horizon", [1, 4])


@dataclass(frozen=True)
class Guarded(Wrapper):
    """Hand a strategy what it may know, so that it can neither write it nor learn more."""

    def think(self, knowledge, draws):
        return self.inner.think(self.guarded(knowledge), draws)

    def bid(self, knowledge, draws):
        return self.inner.bid(self.guarded(knowledge), draws)

    def blocks(self, knowledge, option):
        return self.inner.blocks(self.guarded(knowledge), locked(option))

    def learn(self, experience):
        told = replace(experience, knowledge=self.guarded(experience.knowledge))
        return self.inner.learn(locked(told))

    def guarded(self, knowledge):
        """Return what it knows; what it may not know bites."""
        bids = knowledge.present_bids if self.oracle else Forbidden()
        return locked(replace(knowledge, present_bids=bids))


class Forbidden:
    """What nobody may touch."""

    def __getattribute__(self, name):
        raise AssertionError(f"a strategy reads {name} of what it may not know")


def locked(thing):
    """Return a thing all of whose arrays refuse to be written."""
    if type(thing) is Forbidden:  # it does not like to be asked by `isinstance`
        return thing
    if isinstance(thing, np.ndarray):
        thing.flags.writeable = False
    elif isinstance(thing, tuple):
        for part in thing:
            locked(part)
    elif is_dataclass(thing):
        for field in fields(thing):
            locked(getattr(thing, field.name))
    return thing


def held_by(name, terms, costs_gbp, other="random", guarded=False, **more):
    """Return all sessions of a strategy in seat 0, and another in all other seats."""
    strategy = Guarded(KINDS[name]()) if guarded else KINDS[name]()
    rest = [KINDS[other]() for _ in range(terms.parties - 1)]
    return sessions(a_play([strategy, *rest], terms, costs_gbp, **more))


def assert_valid(bids, form):
    """Assert that bids, with options last, are what a venue takes."""
    assert bids.dtype == np.int64
    if form == "offers":
        assert (bids >= 0).all()
        assert (bids <= HIGHEST_OFFER).all()
    else:
        every_rank = np.broadcast_to(np.arange(1, bids.shape[-1] + 1), bids.shape)
        np.testing.assert_array_equal(np.sort(bids, -1), every_rank)


def assert_alike(one, other):
    """Assert that two sessions are the same, to the last bit."""
    for field in ("windows", "bids", "blocked", "cost_gbp", "penalties"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field), err_msg=field)
    for field in fields(one.outcome):
        pair = (getattr(session.outcome, field.name) for session in (one, other))
        np.testing.assert_array_equal(*pair, err_msg=field.name)


def of_match(session, match):
    """Return what a session was for one of its matches."""
    parts = {
        field.name: getattr(session.outcome, field.name)[match : match + 1]
        for field in fields(session.outcome)
    }
    outcome = replace(session.outcome, **parts)
    names = ("bids", "blocked", "cost_gbp", "penalties")
    alone = {name: getattr(session, name)[match : match + 1] for name in names}
    return replace(session, outcome=outcome, **alone)


@every_strategy
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_bid_is_one_that_a_venue_takes_whatever_happened_before(name, mechanism):
    terms = agreed(mechanism=mechanism, horizon=2)

    for session in held_by(name, terms, some_costs(matches=3, windows=7)):
        assert_valid(session.bids[:, 0], terms.rule.form)


@every_strategy
@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(
    "shape", [{"options": 2}, {"options": 255}, {"parties": 3}], ids=["two", "255", "three"]
)
def test_a_strategy_plays_on_with_few_options_and_many_and_with_three_parties(
    name, mechanism, shape
):
    terms = agreed(mechanism=mechanism, **shape)

    held = held_by(name, terms, some_costs(matches=2, windows=3, **shape), "truthful")

    assert_valid(np.stack([session.bids[:, 0] for session in held]), terms.rule.form)


@every_strategy
@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("cost_gbp", [[0.0] * 4, [7.3] * 4, [0.0, 1e9, 0.0, -1e9]])
def test_a_strategy_plays_on_where_nothing_matters_or_too_much(name, mechanism, cost_gbp):
    terms = agreed(mechanism=mechanism)
    costs = np.broadcast_to(cost_gbp, (1, 2, 3, 4))

    held = held_by(name, terms, costs, "truthful")

    assert_valid(np.stack([session.bids[:, 0] for session in held]), terms.rule.form)


@every_strategy
@every_form
@every_horizon
@pytest.mark.parametrize("other", ["random", "noise of generous"])
def test_matches_played_together_go_as_each_alone(name, mechanism, horizon, other):
    terms = agreed(mechanism=mechanism, horizon=horizon, bond=50)
    costs = some_costs(matches=4, windows=6 * horizon)

    together = held_by(name, terms, costs, other, working_ticks=3000)

    for match in range(4):
        case = costs[match : match + 1]
        alone = held_by(name, terms, case, other, seeds=[match], working_ticks=3000)
        for one, all_of_them in zip(alone, together, strict=True):
            assert_alike(one, of_match(all_of_them, match))


@every_strategy
@every_form
def test_the_same_seed_gives_the_same_play(name, mechanism):
    plays = [held_by(name, agreed(mechanism=mechanism), some_costs()) for _ in range(2)]

    for one, other in zip(*plays, strict=True):
        assert_alike(one, other)


@every_strategy
@every_form
@every_horizon
def test_nothing_known_is_written_and_nothing_forbidden_is_read(name, mechanism, horizon):
    terms, costs = agreed(mechanism=mechanism, horizon=horizon), some_costs(2, windows=6)

    guarded = held_by(name, terms, costs, guarded=True)

    for one, other in zip(guarded, held_by(name, terms, costs), strict=True):
        assert_alike(one, other)


@every_strategy
@every_form
def test_what_the_others_windows_cost_now_changes_no_bid(name, mechanism):
    costs = some_costs(matches=2, windows=6)
    costs[:, 1, 4:] = some_costs(matches=2, windows=6, seed=1)[:, 1, 4:]
    terms = agreed(mechanism=mechanism, horizon=2)
    plays = [held_by(name, terms, c, "truthful") for c in (some_costs(2, windows=6), costs)]

    before, after = (play[-1].bids for play in plays)

    assert (before[:, 1] != after[:, 1]).any()
    if not KINDS[name]().oracle:
        np.testing.assert_array_equal(before[:, 0], after[:, 0])


@pytest.mark.parametrize("made", [*STRATEGIES.values(), *WRAPPERS.values()])
def test_a_strategy_is_a_frozen_dataclass_with_a_meaning(made):
    wraps = made in WRAPPERS.values()
    one, other = (made(STRATEGIES["truthful"]()) if wraps else made() for _ in range(2))
    kind = type(one)

    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    assert one == other
    assert hash(one) == hash(other)
    assert one.meaning
    assert "meaning" in vars(kind), "not that of its parent"
    assert not kind.__doc__.startswith(f"{kind.__name__}("), "not that of any dataclass"


def test_no_two_strategies_have_the_same_meaning():
    meanings = [make().meaning for make in STRATEGIES.values()]
    meanings += [kind.meaning for kind in WRAPPERS.values()]

    assert len(set(meanings)) == len(meanings)


def test_every_strategy_in_the_packages_is_listed():
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in (agents.strategies, agents.wrappers)
        for found in pkgutil.iter_modules(package.__path__)
    ]
    classes = {
        thing
        for module in modules
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Strategy)
    }

    unfinished = {Strategy, Watchful, Reciprocal, Wrapper, Remembering}
    listed = {type(make()) for make in STRATEGIES.values()} | set(WRAPPERS.values())
    assert classes - unfinished == listed


def test_the_guards_of_these_tests_do_bite():
    knowledge = Guarded(Strategy()).guarded(known([1.0, 2.0]))

    with pytest.raises(ValueError, match="read-only"):
        knowledge.values_gbp[0] = 3.0
    with pytest.raises(AssertionError, match="reads shape of what it may not know"):
        knowledge.present_bids.shape  # noqa: B018


@pytest.mark.parametrize(
    "call",
    [
        lambda k: Strategy().bid(k, some_draws()),
        lambda k: Watchful().stated_gbp(k.values_gbp, k.values_gbp),
        lambda k: Reciprocal().trusts(k.values_gbp, k.values_gbp, k.values_gbp),
        lambda k: Remembering(Strategy()).begin(k.setting),
    ],
)
def test_what_is_unfinished_says_so(call):
    with pytest.raises(NotImplementedError):
        call(known([1.0, 2.0]))
