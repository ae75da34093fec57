"""What a household does next, as a pure function of the chain, its journal, meter and time."""

from collections.abc import Collection, Iterator, Mapping

from chain.market_agreement import MarketAgreement
from chain.standing import Standing
from chain.trades import FLOW, ORDER, pack_merit, pack_readings, unpack_orders
from experiments.operator.duties import (
    Action,
    Duty,
    MeterDuty,
    Plans,
    deposits,
    may_bid,
    may_decide,
    settlements,
    withdrawals,
)
from experiments.operator.metered import read_flows
from market.trading.auction import witness
from market.trading.terms import MarketTerms


def market_steps(
    duty: Duty[MarketAgreement],
    standing: Standing,
    plans: Plans,
    shown: Collection[int] | None,
    now: int,
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
    shown : collection of int, or None
        The sessions for which its meter shows something; None if it has none here.
    now : int
        Seconds since the opening of the contract.
    """
    yield from deposits(duty, standing)
    yield from _order(duty, standing, plans, now)
    yield from _clear(duty, standing, now)
    if shown is not None:
        yield from _deliver(duty, standing, shown, now)
    yield from settlements(duty, standing, now)
    yield from withdrawals(duty, standing)


def market_meter_steps(
    duty: MeterDuty[MarketAgreement], standing: Standing, now: int
) -> Iterator[Action]:
    """Yield the reports that are due: of sessions that were delivered, and all read."""
    terms = duty.agreement.terms
    read = None if duty.readings is None else read_flows(duty.readings, terms.parties)
    for session in delivered(terms, standing, now):
        outcome = standing.held(session).outcome
        traded = outcome[: FLOW * terms.parties * terms.horizon]
        metered = traded if read is None else _metered(terms, session, read)
        if metered is not None:
            yield Action("report", session, (session, outcome, metered))


def delivered(terms: MarketTerms, standing: Standing, now: int) -> list[int]:
    """Return the sessions whose delivery is over, and which are not settled."""
    return [
        session
        for session in standing.unsettled()
        if now >= terms.orders_close(session) + terms.period
    ]


def presented(terms: MarketTerms, standing: Standing, session: int) -> bytes:
    """Return the orders of all seats for a session, all zero where one sent none."""
    sent, nothing = standing.held(session).sent, bytes(ORDER * terms.horizon)
    seats = range(terms.parties)
    return b"".join(sent[seat].bids if seat in sent else nothing for seat in seats)


def _order(
    duty: Duty[MarketAgreement], standing: Standing, plans: Plans, now: int
) -> Iterator[Action]:
    """Plan or send what is to be sent in the present period, one after another."""
    session = now // duty.agreement.terms.period
    if not may_bid(duty, standing, session):
        return
    plan = plans.get(session)
    if plan is None:
        yield Action("plan", session)
    elif plan.covered and plan.locks <= standing.free[duty.seat]:
        yield Action("submit", session, (duty.seat, session, plan.packed.bids))


def _clear(duty: Duty[MarketAgreement], standing: Standing, now: int) -> Iterator[Action]:
    session, terms = standing.decided, duty.agreement.terms
    everyone = len(standing.held(session).sent) == terms.parties
    if may_decide(duty, standing) and (everyone or now >= terms.orders_close(session)):
        orders = presented(terms, standing, session)
        merit = b""
        if terms.rule.limits:
            merit = pack_merit(witness(unpack_orders(terms.parties, terms.horizon, orders)))
        yield Action("clear", session, (session, orders, merit))


def _deliver(
    duty: Duty[MarketAgreement], standing: Standing, shown: Collection[int], now: int
) -> Iterator[Action]:
    """Let the meter show what was taken, with the orders by which trade was cleared."""
    terms = duty.agreement.terms
    for session in delivered(terms, standing, now):
        if session not in shown:
            yield Action("deliver", session, (presented(terms, standing, session),))


def _metered(
    terms: MarketTerms, session: int, read: Mapping[tuple[int, int], int]
) -> bytes | None:
    """Return what all meters showed of a session, None if one has not yet."""
    windows = range(session * terms.horizon, (session + 1) * terms.horizon)
    cells = [[(seat, window) for seat in range(terms.parties)] for window in windows]
    if any(cell not in read for row in cells for cell in row):
        return None
    return pack_readings([[read[cell] for cell in row] for row in cells])
