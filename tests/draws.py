"""Hypothesis inputs: bids with many ties, terms, and whole days; and sessions of one window."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from market.bids import HIGHEST_OFFER, Bid
from market.errors import MarketError
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.session import stakes
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
def terms(
    draw, parties=(2, 4), options=(2, 6), mechanisms=tuple(MECHANISMS), horizons=(1, 2, 3)
):
    """Draw what parties may agree, with options of odd and of no width, sealed or open."""
    seats, count = draw(st.integers(*parties)), draw(st.integers(*options))
    lows = st.integers(-30_000, 30_000)
    ranges = st.tuples(lows, st.sampled_from([0, 1, 5, 5000])).map(lambda r: (r[0], sum(r)))
    mechanism = draw(st.sampled_from(mechanisms))
    lottery = MECHANISMS[mechanism]("none").lottery
    return Terms(
        parties=seats,
        options=tuple(draw(st.lists(ranges, min_size=count, max_size=count))),
        mechanism=mechanism,
        payment=draw(st.sampled_from(list(PAYMENT_RULES))),
        default=draw(st.integers(0, count - 1)),
        bond=draw(st.sampled_from([0, 1, 7, 100])),
        authority=draw(st.integers(0, seats - 1)),
        horizon=draw(st.sampled_from(horizons)),
        revealing=300 if lottery else draw(st.sampled_from([0, 300])),
    )


@dataclass(frozen=True)
class Sending:
    """What a party sends for a session, and whether it reveals it."""

    bids: tuple[Bid | None, ...]
    salt: bytes = bytes(32)
    caps: tuple[int, ...] | None = None
    reveals: bool = True


@dataclass(frozen=True)
class Sitting:
    """What the parties and the meter do in one session."""

    sent: tuple[Sending | None, ...]
    blocked: tuple[frozenset[int], ...]
    metered: bool = True


@dataclass(frozen=True)
class Day:
    """Terms, what each party pays in, and what happens in each session."""

    terms: Terms
    deposits: tuple[int, ...]
    sittings: tuple[Sitting, ...]


@st.composite
def days(draw, agreed, sittings=(1, 4)):
    """Draw whole days with missing, malformed, uncovered, hidden and blocking parties."""
    held = draw(agreed)
    seats = range(held.parties)
    blocking = st.frozensets(st.sampled_from(seats), max_size=2)
    sitting = st.builds(
        Sitting,
        sent=st.tuples(*(st.one_of(sendings(held), sendings(held), st.none()) for _ in seats)),
        blocked=st.tuples(*[blocking] * held.horizon),
        metered=st.booleans(),
    )
    account = st.sampled_from([0, 5, 107, 500, 10**11])
    return Day(
        terms=held,
        deposits=draw(st.tuples(*(account for _ in seats))),
        sittings=tuple(draw(st.lists(sitting, min_size=sittings[0], max_size=sittings[1]))),
    )


@st.composite
def sendings(draw, held):
    """Draw what a party sends: nearly always well formed, revealed, and within its caps."""
    few = st.integers(0, 9)
    wanted = [
        None if draw(few) == 0 else draw(bids(held, malformed=draw(few) == 0))
        for _ in range(held.horizon)
    ]
    caps = None
    if held.sealed and draw(st.booleans()):
        staked = stakes(held, wanted, None).values()
        caps = tuple(max(0, stake + draw(st.sampled_from([-1, 0, 0, 3]))) for stake in staked)
    salt = draw(st.binary(min_size=32, max_size=32))
    return Sending(tuple(wanted), salt, caps, reveals=draw(few) > 0)


@st.composite
def bids(draw, held, malformed=False):
    """Draw a bid, with exact set-points or without; or one that cannot be read."""
    count = len(held.options)
    row = draw(tables(held.rule.form, parties=(1, 1), options=(count, count)))[0]
    numbers, points = tuple(row.tolist()), None
    if held.rule.form == "offers":
        inside = st.tuples(*(st.integers(low, high) for low, high in held.options))
        points = draw(st.one_of(st.none(), inside))
    if malformed and held.rule.form == "ranks":
        numbers = (draw(st.sampled_from([0, numbers[-1], 255])), *numbers[1:])
    elif malformed:
        points = (held.options[0][0] - 1, *(low for low, _ in held.options[1:]))
    return Bid(numbers, points)


def play(day, venue):
    """Play a day, and return all that can be seen of it from outside."""
    for seat, ticks in enumerate(day.deposits):
        venue.deposit(seat, ticks)
    seen = [_play_session(venue, index, sitting) for index, sitting in enumerate(day.sittings)]
    venue.wait_until(venue.terms.meter_deadline(len(day.sittings) - 1))
    for index, sitting in enumerate(day.sittings):
        if not sitting.metered:
            venue.settle(index)
    return seen, venue.free, venue.authority


def outcome(call, *arguments):
    """Return what a call returned, or the facts of the market error that it raised."""
    try:
        return call(*arguments)
    except MarketError as error:
        return facts(error)


def facts(error):
    """Return class and attributes of an error; who sent something is a seat, or an address."""
    told = {name: value for name, value in vars(error).items() if name != "sender"}
    return type(error).__name__, told


# Sessions of one window.


def submit(venue, session, seat, bid, salt=bytes(32), cap=None):
    """Send a bid for one window."""
    venue.submit(session, seat, [bid], salt, None if cap is None else [cap])


def decide(venue, session=0):
    """Reveal what can be revealed, and decide one window."""
    for seat in range(venue.terms.parties):
        outcome(venue.reveal, session, seat)
    (award,) = venue.decide(session)
    return award


def report(venue, session=0, blocked=()):
    """Settle one window by the meter, which saw no flow."""
    venue.report(session, [0], [blocked])


def _play_session(venue, index, sitting):
    early = outcome(venue.decide, index)
    refused = [
        outcome(venue.submit, index, seat, sent.bids, sent.salt, sent.caps)
        for seat, sent in enumerate(sitting.sent)
        if sent
    ]
    locked = venue.free
    if None in sitting.sent or any(refused):
        venue.wait_until(venue.terms.bids_close(index))
    revealed = [
        outcome(venue.reveal, index, seat)
        for seat, sent in enumerate(sitting.sent)
        if sent and sent.reveals
    ]
    in_time = outcome(venue.decide, index)
    awards = in_time
    if in_time and isinstance(in_time[0], str):
        venue.wait_until(venue.terms.reveals_close(index))
        awards = venue.decide(index)
    staked = venue.free
    if sitting.metered:
        venue.report(index, [award.set_point for award in awards], sitting.blocked)
    return early, refused, locked, revealed, in_time, awards, staked, venue.free


def _rows(draw, shape, row):
    return draw(st.lists(row, min_size=shape[0], max_size=shape[0]))
