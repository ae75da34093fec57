"""What the rules of a contender make of bids."""

import numpy as np

from experiments.audit.contenders import PIVOTAL, Contender
from experiments.audit.world import World
from market import money
from market.decision import decide
from market.games.benchmarks import Plan
from market.games.vcg import pivotal
from market.mechanisms.base import Mechanism
from market.types import Bids, Mask, Seats


def truthful_bids(contender: Contender, where: World, tick_gbp: float) -> Bids:
    """Return what truthful parties bid, shape (window, party, option)."""
    values = money.values(where.costs_gbp)
    return np.moveaxis(money.bids(values, contender.rule.form, tick_gbp), 0, -2)


def holders(rule: Mechanism, bids: Bids) -> Seats:
    """Return who holds authority in each window, seat 0 first.

    Whether it is used does not depend on who holds it, so every window is decided at once.

    Parameters
    ----------
    rule : Mechanism
        The mechanism.
    bids : ndarray of int64, shape (window, party, option)
        Offers in ticks, or ranks; all take part.

    Examples
    --------
    Three ties, and a window without one:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> tie, clear = [[6, 2], [0, 4]], [[6, 2], [0, 0]]
    >>> holders(HighestCombinedOffer(), np.array([tie, clear, tie, tie])).tolist()
    [0, 1, 1, 0]
    """
    first = np.zeros(len(bids), np.int64)
    if rule.lottery:
        return first
    used = decide(rule, bids, np.ones(bids.shape[:-1], np.bool_), first).used
    return (used.cumsum() - used) % bids.shape[-2]


def outcome(
    contender: Contender,
    bids: Bids,
    authority: Seats,
    tick_gbp: float,
    present: Mask | None = None,
) -> Plan:
    """Return what becomes of bids; in a lottery, before the lot is drawn.

    Parameters
    ----------
    contender : Contender
        The rules.
    bids : ndarray of int64, shape (window, party, option)
        Offers in ticks, or ranks.
    authority : ndarray of int64, shape (window,)
        Who breaks ties.
    tick_gbp : float
        What a tick is worth.
    present : ndarray of bool, shape (party,), optional
        Who takes part; all unless given. A pivotal payment is of all alone.
    """
    rule, (windows, parties, options) = contender.rule, bids.shape
    there = np.broadcast_to(True if present is None else present, (windows, parties))
    if rule.lottery:
        drawn = rule.candidates(bids, there)
        chances = drawn / drawn.sum(-1, keepdims=True)
        return Plan(chances, np.zeros((parties, windows)))
    found = decide(rule, bids, there, authority)
    paid = found.payments
    if contender.mechanism == PIVOTAL:
        paid = pivotal(bids, authority).payments
    only = np.equal(found.option[:, np.newaxis], np.arange(options)).astype(float)
    return Plan(only, paid.T.astype(float) * tick_gbp)
