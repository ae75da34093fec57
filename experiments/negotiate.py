"""What the contract would do: bids from a file, held in windows at any venue."""

from dataclasses import dataclass
from typing import Any

from experiments.bids_file import Question
from market.errors import DepositTooSmall
from market.venue import Award, Venue, gas_of


@dataclass(frozen=True)
class Negotiated:
    """What became of every window."""

    awards: tuple[Award, ...]
    gas: tuple[int, ...]
    """Of every call of each window, settlement included."""

    deposits: tuple[int, ...]
    """What each seat has left, in ticks."""

    authority: int
    """Who would break the next tie."""


def negotiate(question: Question, venue: Venue) -> Negotiated:
    """Hold and settle every window in order, each against what the last one left."""
    for seat, party in enumerate(question.parties):
        venue.deposit(seat, party.deposit)
    awards = tuple(_hold(question, venue, window) for window in range(question.windows))
    gas = tuple(gas_of(venue, window) for window in range(question.windows))
    return Negotiated(awards, gas, venue.free, venue.authority)


def as_json(result: Negotiated, mechanism: str, venue: str) -> dict[str, Any]:
    """Return the result in the form that DESIGN §4 promises."""
    return {
        "mechanism": mechanism,
        "venue": venue,
        "windows": [
            {
                "window": award.window,
                "option": award.option,
                "set_point_mw": award.set_point / 1000,
                "payments": list(award.payments),
                "candidates": list(award.candidates),
                "authority": award.authority,
                "authority_used": award.authority_used,
                "gas": gas,
            }
            for award, gas in zip(result.awards, result.gas, strict=True)
        ],
        "deposits": list(result.deposits),
        "authority": result.authority,
    }


def _hold(question: Question, venue: Venue, window: int) -> Award:
    present = [_submit(question, venue, window, seat) for seat in range(len(question.parties))]
    if not all(present):
        venue.wait_until(venue.terms.bids_close(window))
    for seat in (seat for seat, here in enumerate(present) if here):
        venue.reveal(window, seat)
    (award,) = venue.decide(window)
    venue.report(window, flows=[award.set_point])
    return award


def _submit(question: Question, venue: Venue, window: int, seat: int) -> bool:
    """Send a bid if there is one; return whether the party takes part."""
    bid = question.parties[seat].bids[window]
    if bid is None:
        return False
    try:
        venue.submit(window, seat, [bid], question.salts[seat][window])
    except DepositTooSmall:
        return False
    return True
