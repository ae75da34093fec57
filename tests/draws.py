"""Hypothesis inputs: bids with many ties, terms, and whole days of windows."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from market.bids import HIGHEST_OFFER, Bid
from market.errors import MarketError
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.terms import Terms

few_ticks = st.integers(0, 6)
"""So few that ties are common."""

any_ticks = st.one_of(few_ticks, st.integers(0, HIGHEST_OFFER))

STRANGER = 99
"""A seat that nobody has."""


@st.composite
def offer_tables(draw, parties=(2, 5), options=(2, 8), ticks=any_ticks):
    """Draw offers in ticks, shape (party, option)."""
    shape = draw(st.integers(*parties)), draw(st.integers(*options))
    return np.array(_rows(draw, shape, st.lists(ticks, min_size=shape[1], max_size=shape[1])))


@st.composite
def rank_tables(draw, parties=(2, 5), options=(2, 8)):
    """Draw a permutation of 1 … B for each party, shape (party, option)."""
    shape = draw(st.integers(*parties)), draw(st.integers(*options))
    return np.array(_rows(draw, shape, st.permutations(range(1, shape[1] + 1))))


def tables(form, **shape):
    """Return bids of a form."""
    return offer_tables(**shape) if form == "offers" else rank_tables(**shape)


def presence(parties):
    """Who takes part, shape (party,)."""
    return st.lists(st.booleans(), min_size=parties, max_size=parties).map(np.array)


@st.composite
def cases(draw, form):
    """Draw bids, who takes part, and who holds authority."""
    bids = draw(tables(form))
    present = draw(presence(len(bids)))
    return bids, present, np.array(draw(st.integers(0, len(bids) - 1)))


def batches(form, parties=3, options=4, windows=6):
    """Bids (window, party, option), presence (window, party) and authority (window,)."""
    table = tables(form, parties=(parties, parties), options=(options, options))
    window = st.tuples(table, presence(parties), st.integers(0, parties - 1))
    drawn = st.lists(window, min_size=windows, max_size=windows)
    return drawn.map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))


@st.composite
def terms(draw, parties=(2, 4), options=(2, 6), mechanisms=tuple(MECHANISMS)):
    """Draw what parties may agree, with options of odd and of no width."""
    seats, count = draw(st.integers(*parties)), draw(st.integers(*options))
    lows = st.integers(-30_000, 30_000)
    ranges = st.tuples(lows, st.sampled_from([0, 1, 5, 5000])).map(lambda r: (r[0], sum(r)))
    return Terms(
        parties=seats,
        options=tuple(draw(st.lists(ranges, min_size=count, max_size=count))),
        mechanism=draw(st.sampled_from(mechanisms)),
        payment=draw(st.sampled_from(list(PAYMENT_RULES))),
        default=draw(st.integers(0, count - 1)),
        bond=draw(st.sampled_from([0, 1, 7, 100])),
        authority=draw(st.integers(0, seats - 1)),
    )


@dataclass(frozen=True)
class Window:
    """What the parties and the meter do in one window."""

    bids: tuple[Bid | None, ...]
    blocked: frozenset[int]
    metered: bool


@dataclass(frozen=True)
class Day:
    """Terms, what each party pays in, and what happens in each window."""

    terms: Terms
    deposits: tuple[int, ...]
    windows: tuple[Window, ...]


@st.composite
def days(draw, agreed, windows=(1, 4)):
    """Draw whole days with missing, uncovered and blocking parties."""
    held = draw(agreed)
    seats = range(held.parties)
    window = st.builds(
        Window,
        bids=st.tuples(*(st.one_of(bids(held), st.none(), bids(held)) for _ in seats)),
        blocked=st.frozensets(st.sampled_from(seats)),
        metered=st.booleans(),
    )
    account = st.sampled_from([0, 5, 107, 500, 10**11])
    return Day(
        terms=held,
        deposits=draw(st.tuples(*(account for _ in seats))),
        windows=tuple(draw(st.lists(window, min_size=windows[0], max_size=windows[1]))),
    )


@st.composite
def bids(draw, held):
    """Draw a well-formed bid, with exact set-points or without."""
    count = len(held.options)
    numbers = draw(tables(held.rule.form, parties=(1, 1), options=(count, count)))[0]
    points = st.tuples(*(st.integers(low, high) for low, high in held.options))
    return Bid(tuple(numbers.tolist()), draw(st.one_of(st.none(), points)))


def play(day, venue):
    """Play a day, and return all that can be seen of it from outside."""
    for seat, ticks in enumerate(day.deposits):
        venue.deposit(seat, ticks)
    seen = [_play_window(venue, index, window) for index, window in enumerate(day.windows)]
    venue.wait_until(venue.terms.meter_deadline(len(day.windows) - 1))
    for index, window in enumerate(day.windows):
        if not window.metered:
            venue.settle(index)
    return seen, venue.free, venue.authority


def outcome(call, *arguments):
    """Return what a call returned, or the facts of the market error that it raised."""
    try:
        return call(*arguments)
    except MarketError as error:
        return facts(error)


def facts(error):
    """Return class and attributes of an error."""
    return type(error).__name__, vars(error)


def _play_window(venue, index, window):
    early = outcome(venue.decide, index)
    rejected = [
        outcome(venue.submit, index, seat, bid) for seat, bid in enumerate(window.bids) if bid
    ]
    if None in window.bids or any(rejected):
        venue.wait_until(venue.terms.bids_close(index))
    award = venue.decide(index)
    staked = venue.free
    if window.metered:
        venue.report(index, award.set_point, window.blocked)
    return early, rejected, award, staked, venue.free


def _rows(draw, shape, row):
    return draw(st.lists(row, min_size=shape[0], max_size=shape[0]))
