"""The dearest calls of the largest markets that can be agreed fit into a transaction."""

import pytest

from chain.revm import Revm
from chain.venue import ContractVenue
from market.bids import HIGHEST_OFFER, Bid
from market.mechanisms import MECHANISMS
from market.size import MOST_BYTES, MOST_GAS, fits, most_bytes, most_gas
from market.terms import MOST_WINDOWS, Terms


class Scales(Revm):
    """A machine that knows the longest message it was sent."""

    longest = 0

    def send(self, sender, to, message, value=0):
        self.longest = max(self.longest, len(message.data))
        return super().send(sender, to, message, value)


def largest(form, parties, options):
    """Return the most windows that can be agreed, with a bond."""
    return max(h for h in range(1, MOST_WINDOWS + 1) if fits(form, parties, options, h, 1))


def agreed(mechanism, parties, options, horizon):
    return Terms(
        parties=parties,
        options=((-0x01010101, 0x01010101),) * options,  # no byte is zero, and so cheap
        mechanism=mechanism,
        bond=10**6 * (parties - 1) + parties - 2,  # leaves the most odd ticks to share
        horizon=horizon,
        revealing=300,
    )


def bids(terms, seat, others):
    """Return bids under which all options tie: the first offers the most, the others less."""
    options = len(terms.options)
    if terms.rule.form == "ranks":
        upwards = tuple(range(1, options + 1))
        return [Bid(upwards if seat % 2 else upwards[::-1])] * terms.horizon
    offer = others if seat else HIGHEST_OFFER
    points = tuple(high for _, high in terms.options)
    return [Bid((offer,) * options, points)] * terms.horizon


def played(venue, silent=False, others=0x8181):
    """Have every party bid, and reveal or not, and block every window."""
    terms = venue.terms
    for seat in range(terms.parties):
        venue.deposit(seat, 10**15)
        venue.submit(0, seat, bids(terms, seat, others), salt=b"\xff" * 32)
    for seat in range(terms.parties if not silent else 0):
        venue.reveal(0, seat)
    venue.wait_until(terms.reveals_close(0))
    venue.decide(0)
    venue.report(0, [-1] * terms.horizon, [range(terms.parties)] * terms.horizon)
    return max(call.gas for call in venue.calls if call.stage != "deploy")


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(
    ("parties", "options"), [(2, 2), (2, 255), (3, 128), (8, 61), (21, 13), (80, 3), (154, 2)]
)
@pytest.mark.parametrize("silent", [False, True])
def test_the_dearest_call_stays_within_the_bound(mechanism, parties, options, silent):
    form = MECHANISMS[mechanism]("none").form
    horizon = largest(form, parties, options)
    terms = agreed(mechanism, parties, options, horizon)
    machine = Scales()

    gas = played(ContractVenue(terms, machine), silent)

    assert gas <= most_gas(form, parties, options, horizon, terms.bond) <= MOST_GAS
    assert machine.longest <= MOST_BYTES


def test_the_bounds_are_not_much_above_what_is_needed():
    """Else markets would be refused that could be held."""
    machine = Scales()
    terms = agreed("hco", 5, 255, largest("offers", 5, 255))
    size = "offers", 5, 255, terms.horizon

    gas = played(ContractVenue(terms, machine), others=HIGHEST_OFFER)

    assert gas > 0.9 * most_gas(*size, terms.bond)
    assert machine.longest > 0.9 * most_bytes(*size)


@pytest.mark.parametrize("parties", range(2, 9))
@pytest.mark.parametrize("form", ["offers", "ranks"])
def test_few_parties_can_agree_on_any_number_of_options_for_single_windows(form, parties):
    assert fits(form, parties, 255, 1, bond=1)


@pytest.mark.parametrize("parties", range(2, 9))
@pytest.mark.parametrize("form", ["offers", "ranks"])
def test_few_parties_can_agree_on_usual_options_for_a_day(form, parties):
    assert fits(form, parties, 37, 48, bond=1)
    assert fits(form, parties, 25, 50, bond=1)
