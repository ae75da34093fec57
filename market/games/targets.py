"""Which options one bid can win at once, against each of several bids of the others.

A *target* is the option that is to win against one of the others' profiles. Option `a` wins
there if the own bid at `a` exceeds that at every rival `c` by a margin: what the others bid
more for `c`, and one more where a tie would be lost. Who breaks ties orders options that are
tied by its bid. If that is the party itself, it prefers among options of equal sums the one
that the others bid least for; so the order never depends on the own bid, and each margin is a
whole number known beforehand. Margins for several targets are difference constraints.

With offers, constraints ``o_a >= o_c + margin`` have a least solution, if any: offers rise
from zero until all hold, and rise for ever if there is none. It is least at every option at
once, so that no payment of all that win the same targets is lower (`market.games.best_offers`).

With ranks, constraints say that a rival comes so many places after a target. For each order of
the targets, they have earliest places. If any ranks win the targets in this order, then some
do with the targets in these places: to move targets up only leaves later places to the rest,
that need not be as late. Rivals then take what is left in order of what they need.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from market.mechanisms.base import Mechanism
from market.types import Bids, Mask


def margins(rule: Mechanism, others: Bids, seat: int, authority: int) -> Bids:
    """Return by how much the own bid must favour an option over each rival for it to win.

    Parameters
    ----------
    rule : Mechanism
        The highest sum of offers, or the lowest of ranks.
    others : ndarray of int64, shape (profile, party, option)
        Offers in ticks, or ranks; the row of `seat` is not read.
    seat : int
        Who bids.
    authority : int
        The seat that breaks a tie.

    Returns
    -------
    ndarray of int64, shape (profile, option, rival)
        Ticks more, or places before; 0 for the option itself, negative where it is ahead.

    Examples
    --------
    The other offers 4 for the second option. Seat 0 breaks ties, then seat 1:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> offers = np.array([[[0, 0], [0, 4]]])
    >>> [margins(HighestCombinedOffer(), offers, 0, holder).tolist() for holder in (0, 1)]
    [[[[0, 4], [-3, 0]]], [[[0, 5], [-4, 0]]]]
    """
    sign = 1 if rule.form == "offers" else -1
    summed = sign * np.delete(others, seat, -2).sum(-2)
    merit = -summed if authority == seat else sign * others[:, authority]
    ahead = summed[:, None, :] - summed[:, :, None]
    return ahead + _preferred(merit)


def least_offers_for(targets: Sequence[int], needed: Bids) -> Bids | None:
    """Return the least offers that win a target against each of some profiles.

    Parameters
    ----------
    targets : sequence of int
        An option for each profile.
    needed : ndarray of int64, shape (profile, option, rival)
        As `margins` returns them; of profiles beyond the targets none is read.

    Returns
    -------
    ndarray of int64, shape (option,), optional
        Ticks; None if no offers win them all.

    Examples
    --------
    To win the first option where the other offers nothing, and leave it the second where it
    offers 4, takes no money; the other way round cannot be:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> offers = np.array([[[0, 0], [0, 0]], [[0, 0], [0, 4]]])
    >>> needed = margins(HighestCombinedOffer(), offers, 0, 0)
    >>> least_offers_for([0, 1], needed).tolist(), least_offers_for([1, 0], needed)
    ([0, 0], None)
    """
    rows = _rows(targets, needed)
    offers = np.zeros(needed.shape[-1], np.int64)
    for _ in range(len(rows) + 1):
        before = offers.copy()
        for target, row in rows.items():
            offers[target] = max(offers[target], (offers + row).max())
        if np.array_equal(before, offers):
            return offers
    return None


def ranks_for(targets: Sequence[int], needed: Bids) -> Bids | None:
    """Return ranks that win a target against each of some profiles.

    Parameters
    ----------
    targets : sequence of int
        An option for each profile.
    needed : ndarray of int64, shape (profile, option, rival)
        As `margins` returns them; of profiles beyond the targets none is read.

    Returns
    -------
    ndarray of int64, shape (option,), optional
        Ranks, 1 best; None if no ranks win them all.

    Examples
    --------
    The other has one order, then its reverse, and breaks ties. Each time its second choice:

    >>> from market.mechanisms.rps import RankedPreferenceSelection
    >>> both = np.array([[[0, 0, 0], [1, 2, 3]], [[0, 0, 0], [3, 2, 1]]])
    >>> needed = margins(RankedPreferenceSelection(), both, 0, 1)
    >>> ranks_for([1, 1], needed), ranks_for([0, 2], needed).tolist()
    (None, [1, 3, 2])
    """
    rows = _rows(targets, needed)
    for places in _orders((), rows):
        found = _filled(places, rows)
        if found is not None:
            return found
    return None


def _preferred(merit: Bids) -> Mask:
    """Return where a tie of an option with a rival goes to the rival."""
    options = np.arange(merit.shape[-1])
    own, rival = merit[:, :, None], merit[:, None, :]
    return (rival > own) | (np.equal(rival, own) & (options < options[:, None]))


def _rows(targets: Sequence[int], needed: Bids) -> dict[int, Bids]:
    """Return for each option that is a target what it needs over each rival."""
    rows: dict[int, Bids] = {}
    for place, target in enumerate(targets):
        row = needed[place, target]
        rows[target] = np.maximum(rows[target], row) if target in rows else row
    return rows


def _orders(begun: tuple[int, ...], rows: dict[int, Bids]) -> Iterator[dict[int, int]]:
    """Yield the earliest places of targets in every order that they can have, once begun."""
    places = _earliest(begun, rows)
    if places is None:
        return
    if len(begun) == len(rows):
        yield places
    left = [target for target in rows if target not in begun]
    for target in left:
        if all(rows[other][target] < 1 for other in left if other != target):
            yield from _orders((*begun, target), rows)


def _earliest(order: Sequence[int], rows: dict[int, Bids]) -> dict[int, int] | None:
    """Return the earliest places of targets in an order; None if they cannot have it."""
    places = {target: 1 + place for place, target in enumerate(order)}
    for _ in range(len(order) + 1):
        before = dict(places)
        for place, target in enumerate(order):
            least = [places[other] + int(rows[other][target]) for other in order]
            after = [places[order[place - 1]] + 1] if place else []
            places[target] = max(places[target], *least, *after)
        if places == before:
            return places
    return None


def _filled(places: dict[int, int], rows: dict[int, Bids]) -> Bids | None:
    """Return ranks with the targets in their places; None if a rival comes too early."""
    targets, taken = list(places), list(places.values())
    options = len(rows[targets[0]])
    if max(taken) > options:
        return None
    least = np.max([places[target] + rows[target] for target in targets], axis=0)
    least[targets] = np.iinfo(np.int64).min  # first in order, and left out
    waiting = least.argsort(kind="stable")[len(targets) :]
    free = np.delete(np.arange(1, options + 1), np.array(taken) - 1)
    if (least[waiting] > free).any():
        return None
    ranks = np.empty(options, np.int64)
    ranks[targets], ranks[waiting] = taken, free
    return ranks
