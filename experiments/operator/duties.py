"""What an operator does next, as a pure function of the chain, its journal and the time.

Nothing is remembered but the journal, so a process that was killed at any moment goes on where
the chain stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from chain.agreement import Agreement, Contract
from chain.metering import blocked_bits
from chain.packing import Packed, seal_of, unpack_outcome
from chain.standing import Held, Standing
from experiments.operator.journal import Entry
from experiments.operator.readings import Reading, read_readings
from market.local import IN_FLIGHT
from market.terms import Terms
from market.venue import Stage

Plans: TypeAlias = Mapping[int, Entry]
"""What the journal holds, by session."""

A_co = TypeVar("A_co", bound=Contract, covariant=True)
"""What was agreed: about a link, or about a community's trade."""


@dataclass(frozen=True)
class Action:
    """A call to the contract, or what is done here.

    ``plan`` is to write bids for a session into the journal, and ``deliver`` to let a meter
    show what a household takes.
    """

    stage: Stage | Literal["plan", "deliver"]
    session: int | None
    arguments: tuple[Any, ...] = ()
    ticks: int = 0
    """What goes with it."""


@dataclass(frozen=True)
class Duty(Generic[A_co]):
    """What a process is there for."""

    agreement: A_co
    seat: int
    """Its seat."""

    until: int
    """It ends when all sessions before this one are settled."""

    deposit: int = 0
    """What it pays in over all, in ticks."""

    keeps: bool = False
    """Whether it leaves what is free in the contract at the end."""


@dataclass(frozen=True)
class MeterDuty(Generic[A_co]):
    """What a meter is there for: to report what was delivered."""

    agreement: A_co
    until: int | None = None
    """It ends when all sessions before this one are settled; None: never."""

    readings: Path | None = None
    """What it read; unless given, it reports that all was done as decided."""


def steps(
    duty: Duty[Agreement], standing: Standing, plans: Plans, now: int
) -> Iterator[Action]:
    """Yield everything that can be done now, the most urgent first.

    Parameters
    ----------
    duty : Duty
        Who asks.
    standing : Standing
        Where the market stands on the chain.
    plans : mapping of int to Entry
        What the journal holds, by session.
    now : int
        Seconds since the opening of the contract.
    """
    yield from _reveal(duty, standing, plans, now)  # or the bond is lost
    yield from deposits(duty, standing)
    yield from _bid(duty, standing, plans, now)
    yield from _decide(duty, standing, now)
    yield from settlements(duty, standing, now)
    yield from withdrawals(duty, standing)


def meter_steps(duty: MeterDuty[Agreement], standing: Standing, now: int) -> Iterator[Action]:
    """Yield the reports that are due: of sessions that were delivered, and all read."""
    terms = duty.agreement.terms
    read = None
    if duty.readings is not None:
        read = read_readings(duty.readings, terms.parties)
    for session in standing.unsettled():
        if now < terms.reveals_close(session) + terms.period:
            continue
        outcome = standing.held(session).outcome
        seen = [Reading(award.set_point) for award in unpack_outcome(terms, session, outcome)]
        if read is not None:
            first = session * terms.horizon
            windows = range(first, first + terms.horizon)
            if any(window not in read for window in windows):
                continue
            seen = [read[window] for window in windows]
        blocked = blocked_bits([reading.blocked for reading in seen])
        flows = [reading.flow for reading in seen]
        yield Action("report", session, (session, outcome, flows, blocked))


def is_over(until: int | None, standing: Standing) -> bool:
    """Return whether all sessions before one are settled."""
    if until is None or standing.decided < until:
        return False
    return all(session >= until for session in standing.unsettled())


def has_ended(duty: Duty[Contract], standing: Standing) -> bool:
    """Return whether nothing is left to do, now or later."""
    return is_over(duty.until, standing) and (duty.keeps or standing.free[duty.seat] == 0)


def deposits(duty: Duty[Contract], standing: Standing) -> Iterator[Action]:
    """Yield what is still to be paid in."""
    missing = duty.deposit - standing.deposited.get(duty.seat, 0)
    if missing > 0 and not is_over(duty.until, standing):
        yield Action("deposit", None, (duty.seat,), ticks=missing)


def may_bid(duty: Duty[Contract], standing: Standing, session: int) -> bool:
    """Return whether a session takes what the seat has not yet sent."""
    early = standing.decided <= session < standing.decided + IN_FLIGHT
    return early and session < duty.until and duty.seat not in standing.held(session).sent


def may_decide(duty: Duty[Contract], standing: Standing) -> bool:
    """Return whether the next session is one of ours, and the ring has room for it."""
    oldest = standing.held(standing.decided - IN_FLIGHT)
    return standing.decided < duty.until and not oldest.outcome


def settlements(duty: Duty[Contract], standing: Standing, now: int) -> Iterator[Action]:
    """Yield the sessions that the meter has let pass without a report."""
    for session in standing.unsettled():
        if now >= duty.agreement.terms.meter_deadline(session):
            yield Action("settle", session, (session, standing.held(session).outcome))


def withdrawals(duty: Duty[Contract], standing: Standing) -> Iterator[Action]:
    """Yield, at the end, to take out what is free."""
    free = standing.free[duty.seat]
    if is_over(duty.until, standing) and free and not duty.keeps:
        yield Action("withdraw", None, (duty.seat, free))


def _reveal(
    duty: Duty[Agreement], standing: Standing, plans: Plans, now: int
) -> Iterator[Action]:
    terms = duty.agreement.terms
    for session, held in standing.sessions.items():
        if not _ours_is_sealed(duty, held) or now >= terms.reveals_close(session):
            continue
        if _closed(terms, held, session, now) and _matches(duty, held, plans, session):
            arguments = duty.seat, session, plans[session].packed.arguments
            yield Action("reveal", session, arguments)


def _bid(duty: Duty[Agreement], standing: Standing, plans: Plans, now: int) -> Iterator[Action]:
    """Open, plan or send what is to be sent in the present period, one after another."""
    session = now // duty.agreement.terms.period
    held = standing.held(session)
    if not may_bid(duty, standing, session) or held.dear:
        return
    plan = plans.get(session)
    if plan is None:
        yield Action("plan", session)
    elif plan.covered and duty.agreement.terms.fee_cap and held.dear is None:
        yield Action("open", session, (session,))
    elif plan.covered and plan.locks <= standing.free[duty.seat]:
        yield _sending(duty, plan)


def _decide(duty: Duty[Agreement], standing: Standing, now: int) -> Iterator[Action]:
    session, terms = standing.decided, duty.agreement.terms
    held = standing.held(session)
    opened = not held.hidden(terms.sealed) or now >= terms.reveals_close(session)
    closed = _closed(terms, held, session, now) or held.dear
    if may_decide(duty, standing) and closed and opened:
        yield Action("decide", session, (session, _presented(terms, held)))


def _closed(terms: Terms, held: Held, session: int, now: int) -> bool:
    return len(held.sent) == terms.parties or now >= terms.bids_close(session)


def _ours_is_sealed(duty: Duty[Agreement], held: Held) -> bool:
    ours = duty.agreement.terms.sealed and duty.seat in held.sent
    return ours and duty.seat not in held.revealed and not held.outcome


def _matches(duty: Duty[Agreement], held: Held, plans: Plans, session: int) -> bool:
    """Return whether the journal holds what was committed: else somebody else has our key."""
    if session not in plans:
        return False
    packed = plans[session].packed
    return held.sent[duty.seat] == packed.hidden(_seal(duty, session, packed))


def _sending(duty: Duty[Agreement], plan: Entry) -> Action:
    packed, session = plan.packed, plan.session
    if not duty.agreement.terms.sealed:
        return Action("submit", session, (duty.seat, session, packed.covered, packed.bids))
    seal = _seal(duty, session, packed)
    return Action("commit", session, (duty.seat, session, packed.covered, packed.caps, seal))


def _seal(duty: Duty[Agreement], session: int, packed: Packed) -> bytes:
    agreed, party = duty.agreement, duty.agreement.parties[duty.seat]
    return seal_of(agreed.chain_id, agreed.address, session, party, packed)


def _presented(terms: Terms, held: Held) -> list[tuple[int, bytes, bytes, bytes]]:
    return [held.sent.get(seat, Packed()).arguments for seat in range(terms.parties)]
