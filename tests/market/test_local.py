"""What is special about the venue in memory; the rest is in the conformance suite."""

import pytest

from market.bids import Bid
from market.errors import BalanceTooSmall, OutcomeMismatch
from market.local import LocalVenue
from market.terms import Terms
from market.venue import Call, gas_of

TWO = ((0, 0), (1, 1))


@pytest.fixture
def venue():
    return LocalVenue(Terms(parties=2, options=TWO))


def test_calls_are_recorded_in_order_without_gas(venue):
    venue.deposit(0, 5)
    venue.submit(0, 0, [Bid((5, 0))])
    venue.wait_until(1800)
    venue.decide(0)
    venue.wait_until(5400)
    venue.settle(0)
    venue.withdraw(0, 5)

    assert venue.calls == [
        Call("deposit", None, 0),
        Call("submit", 0, 0),
        Call("decide", 0, None),
        Call("settle", 0, None),
        Call("withdraw", None, 0),
    ]
    assert gas_of(venue, 0) == 0


def test_time_never_goes_back(venue):
    venue.wait_until(1800)
    venue.wait_until(0)

    (award,) = venue.decide(0)
    assert award.option == 0, "the bids of session 0 are closed"


def test_no_money_is_made_by_asking_less_than_nothing_back(venue):
    venue.deposit(0, 5)

    with pytest.raises(BalanceTooSmall):
        venue.withdraw(0, -1)

    assert venue.free == (5, 0)


def test_a_refused_report_changes_nothing(venue):
    for seat in (0, 1):
        venue.deposit(seat, 5)
        venue.submit(0, seat, [Bid((5, 0))])
    venue.decide(0)

    for flows, blocked in (([], ()), ([0, 0], ()), ([0], [(), ()])):
        with pytest.raises(OutcomeMismatch):
            venue.report(0, flows, blocked)

    assert venue.free == (0, 0)
    venue.report(0, [0])
    assert venue.free == (5, 5)
