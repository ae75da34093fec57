"""What a household orders follows from what it plans and how much it concedes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.draws import Draws
from agents.player import Player
from agents.prosumers.manners import allowed, manner
from agents.prosumers.orders import (
    candour,
    experience,
    knowledge,
    limited,
    saving_gbp,
    scaled,
    two_options,
    wanted_by_rest,
    with_trade_worth,
    worth_gbp,
)
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, Orders
from market.trading.tariff import Tariff
from tests.agents.prosumers.days import TARIFF

NET = np.array([[1000, -500, 0, 3], [-2000, 700, -1, 0]])


def bid_of(name, net=NET, tariff=TARIFF):
    """Return what prosumers of a strategy know on their first day, and their candour."""
    setting = two_options(*net.shape)
    known = knowledge(setting, net, tariff, day=0)
    player = Player(
        manner(name).orders, setting, Draws(np.random.SeedSequence(0).spawn(len(net)))
    )
    return known, candour(known, player.bid(known))


def test_trade_is_worth_the_spread_on_all_that_is_planned():
    assert worth_gbp(NET, TARIFF)[0, :2].round(9).tolist() == [[0.0, 0.2], [0.0, 0.1]]


@pytest.mark.parametrize(
    ("name", "share"),
    [("truthful", 1.0), ("shaded", 0.8), ("inflated", 1.2), ("cooperative", 1.0)],
)
def test_candour_is_the_offer_for_trade_by_what_it_is_worth(name, share):
    _, found = bid_of(name)

    np.testing.assert_allclose(found[NET != 0], share, atol=1e-3)


@pytest.mark.parametrize("name", ["indifferent", "flat", "status-quo"])
def test_who_offers_no_more_for_trade_than_for_none_has_no_candour(name):
    _, found = bid_of(name)

    assert not found[NET != 0].any()


@pytest.mark.parametrize("name", allowed())
def test_every_strategy_makes_orders_that_a_market_takes(name):
    _, share = bid_of(name)
    limit, stated = limited(NET, share, TARIFF), scaled(NET, share, TARIFF)

    assert (np.sign(limit.quantity_wh) * np.sign(NET) >= 0).all()
    assert (np.sign(stated.quantity_wh) * np.sign(NET) >= 0).all()


@given(
    share=st.floats(0, 100),
    net=st.integers(-HIGHEST_QUANTITY, HIGHEST_QUANTITY),
    tariff=st.builds(
        lambda low, high: Tariff(max(low, high), min(low, high)),
        st.integers(0, HIGHEST_PRICE),
        st.integers(0, HIGHEST_PRICE),
    ),
)
def test_no_order_is_beyond_what_a_contract_holds(share, net, tariff):
    flow, conceded = np.array([[net]]), np.array([[share]])

    limited(flow, conceded, tariff)
    scaled(flow, conceded, tariff)


@given(share=st.floats(0.01, 1.0), net=st.integers(-5000, 5000))
def test_nobody_with_candour_up_to_one_orders_at_a_loss(share, net):
    limit = limited(np.array([[net]]), np.array([[share]]), TARIFF).limit[0, 0]

    assert limit <= TARIFF.buy if net > 0 else limit >= TARIFF.sell


def test_without_candour_nothing_is_ordered_in_an_auction_either():
    assert not limited(NET, 0.0 * NET, TARIFF).quantity_wh.any()


def test_without_a_spread_the_truth_is_the_truth():
    _, share = bid_of("shaded", tariff=Tariff(500, 500))

    assert (share == 1).all()


def test_a_saving_counts_what_goes_to_the_grid():
    traded, paid = np.array([1000, -1000, 500]), np.array([1_500_000, -1_500_000, 0])
    metered = np.array([3000, -500, -200])
    saved = saving_gbp(TARIFF, traded, paid, metered)

    assert saved.round(9).tolist() == [0.1, 0.0, 0.025]


def test_the_rest_wants_what_the_other_side_ordered():
    wanted = np.array([[6], [0], [-3], [-1]])

    assert wanted_by_rest(Orders(wanted, 0 * wanted)).ravel().round(3).tolist() == [
        0.667,
        0.0,
        1.0,
        1.0,
    ]


def test_what_a_day_was_like_is_told_as_two_parties_would_tell_it():
    known, _ = bid_of("truthful")
    offers = known.bid(known.values_gbp)
    sent = np.array([[True] * 4, [False] * 4])
    half = np.full(NET.shape, 0.5)
    heard = experience(known, offers, half, sent, ~sent, 1 * sent, 10 * NET, half)

    assert heard.bids[0, 0].tolist() == offers[0].tolist()
    assert not heard.bids[1, 0].any()
    np.testing.assert_allclose(heard.bids[:, 1], offers / 2)
    assert heard.present[:, 0].tolist() == sent.tolist()
    assert heard.present[:, 1].all()
    assert heard.blocked.any(-1).tolist() == [[False, False], [True, False]]
    assert not heard.payments.sum(1).any()


def test_cleared_trade_is_worth_what_it_saves():
    known, _ = bid_of("truthful")
    lost = with_trade_worth(known, np.full(NET.shape, -0.5))

    assert (lost.values_gbp == [0.0, -0.5]).all()
