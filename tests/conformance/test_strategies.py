"""What every strategy must do."""

import importlib
import inspect
import pkgutil
from dataclasses import is_dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import agents.strategies
from agents.strategies import STRATEGIES
from agents.strategies.base import Knowledge, Strategy
from market.bids import HIGHEST_OFFER

every_strategy = pytest.mark.parametrize("name", STRATEGIES)
every_form = pytest.mark.parametrize("form", ["offers", "ranks"])

values = npst.arrays(
    np.float64,
    npst.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=5),
    elements=st.integers(0, 10**4).map(lambda pence: pence / 100),
)
seeds = st.integers(0, 2**32 - 1)


def bid_of(name, form, values_gbp, seed=0):
    knowledge = Knowledge(seat=0, window=0, form=form, values_gbp=values_gbp)
    return STRATEGIES[name]().bid(knowledge, np.random.default_rng(seed))


@every_strategy
@settings(max_examples=40)
@given(values_gbp=values)
def test_offers_something_or_nothing_for_every_option(name, values_gbp):
    offers = bid_of(name, "offers", values_gbp)

    assert (offers.shape, offers.dtype) == (values_gbp.shape, np.int64)
    assert (offers >= 0).all()
    assert (offers <= HIGHEST_OFFER).all()


@every_strategy
@settings(max_examples=40)
@given(values_gbp=values)
def test_ranks_every_option_once(name, values_gbp):
    ranks = bid_of(name, "ranks", values_gbp)

    assert ranks.dtype == np.int64
    every_rank = np.broadcast_to(np.arange(1, values_gbp.shape[-1] + 1), values_gbp.shape)
    np.testing.assert_array_equal(np.sort(ranks, -1), every_rank)


@every_strategy
@every_form
@settings(max_examples=40)
@given(values_gbp=values, seed=seeds)
def test_the_same_seed_gives_the_same_bid(name, form, values_gbp, seed):
    first, second = (bid_of(name, form, values_gbp, seed) for _ in range(2))

    np.testing.assert_array_equal(first, second)


@every_strategy
@every_form
@settings(max_examples=40)
@given(values_gbp=values, seed=seeds)
def test_a_batch_is_bid_for_as_its_windows_are(name, form, values_gbp, seed):
    knowledge = Knowledge(seat=0, window=0, form=form, values_gbp=values_gbp)
    together = STRATEGIES[name]().bid(knowledge, np.random.default_rng(seed))
    rng = np.random.default_rng(seed)

    rows = values_gbp.reshape(-1, values_gbp.shape[-1])
    one_by_one = [
        STRATEGIES[name]().bid(Knowledge(seat=0, window=0, form=form, values_gbp=row), rng)
        for row in rows
    ]

    np.testing.assert_array_equal(together.reshape(rows.shape), one_by_one)


@every_strategy
@every_form
@settings(max_examples=40)
@given(values_gbp=values)
def test_what_a_party_knows_is_left_as_it_was(name, form, values_gbp):
    before = values_gbp.copy()

    bid_of(name, form, values_gbp)

    np.testing.assert_array_equal(values_gbp, before)


@every_strategy
def test_a_strategy_is_a_frozen_dataclass_with_a_meaning(name):
    strategy = STRATEGIES[name]()

    assert is_dataclass(strategy)
    assert type(strategy).__dataclass_params__.frozen
    assert strategy == STRATEGIES[name]()
    assert "meaning" in vars(type(strategy)), "not that of its parent"


def test_every_strategy_in_the_package_is_listed():
    modules = [
        importlib.import_module(f"{agents.strategies.__name__}.{found.name}")
        for found in pkgutil.iter_modules(agents.strategies.__path__)
    ]
    classes = {
        thing
        for module in modules
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if thing.__module__ == module.__name__ and hasattr(thing, "bid")
    }

    assert classes - {Knowledge, Strategy} == set(STRATEGIES.values())
