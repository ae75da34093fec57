"""A chain too dear to negotiate on (RULES §4): the default, and authority stays."""

import pytest

from chain.testnet import TestNet
from chain.venue import ContractVenue
from market.bids import Bid
from market.errors import FeeTooHigh, WindowNotReady
from market.local import LocalVenue
from market.terms import Terms
from tests.draws import submit

CAP = 3
"""In wei; the base fee of eth-tester starts at a gwei and never falls below seven wei."""

TERMS = Terms(parties=2, options=((0, 9), (10, 19), (20, 29)), default=2, fee_cap=CAP)


@pytest.fixture(params=["local", "eth-tester"])
def dear(request, chains):
    """Return a venue whose base fee is above the cap, with money of both parties."""
    if request.param == "local":
        venue = LocalVenue(TERMS, fee_wei=CAP + 1)
    else:
        venue = ContractVenue(TERMS, chains("eth-tester"))
        assert isinstance(chains("eth-tester"), TestNet)
    for seat in (0, 1):
        venue.deposit(seat, 100)
    return venue


def test_bids_are_refused_with_the_fee_that_was_recorded(dear):
    dear.open(0)

    with pytest.raises(FeeTooHigh) as refused:
        submit(dear, 0, 1, Bid((1, 0, 0)))

    assert (refused.value.session, refused.value.cap) == (0, CAP)
    assert refused.value.fee > CAP


def test_the_default_is_instructed_at_once_and_authority_stays(dear):
    dear.open(0)

    (award,) = dear.decide(0)

    assert (award.option, award.set_point, award.participants) == (2, 24, ())
    assert (award.authority_used, dear.authority) == (False, 0)


def test_a_session_that_nobody_opened_is_decided_when_its_bids_close(dear):
    with pytest.raises(WindowNotReady):
        dear.decide(0)
    dear.wait_until(TERMS.bids_close(0))

    assert dear.decide(0)[0].option == 2


def test_a_fee_is_compared_once_and_no_money_is_lost(dear):
    dear.open(0)
    with pytest.raises(WindowNotReady):
        dear.open(0)
    dear.decide(0)
    dear.wait_until(TERMS.meter_deadline(0))
    dear.settle(0)

    assert dear.free == (100, 100)


def test_a_fee_at_the_cap_is_not_above_it():
    venue = LocalVenue(TERMS, fee_wei=CAP)
    venue.open(0)
    venue.deposit(0, 5)

    submit(venue, 0, 0, Bid((5, 0, 0)))

    assert venue.free == (0, 0)


def test_an_opened_session_takes_bids_where_the_chain_is_cheap(open_here):
    venue = open_here(Terms(parties=2, options=TERMS.options, fee_cap=10**18))
    venue.open(0)
    for seat in (0, 1):
        venue.deposit(seat, 9)
        submit(venue, 0, seat, Bid((0, 9, 0)))

    (award,) = venue.decide(0)

    assert (award.option, award.participants) == (1, (0, 1))
