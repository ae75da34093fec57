"""Dominated actions: something else is better whatever the others do.

An action is strictly dominated if a mixture of the player's other actions earns more in every
profile of the others, weakly if it never earns less and sometimes more. No equilibrium uses
a strictly dominated action, and the order of removing them does not matter; both may fail for
weakly dominated ones [1]_.

References
----------
.. [1] D. Fudenberg, J. Tirole, "Game Theory", MIT Press 1991, sections 1.1 and 2.1.
"""

from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from market.games.normal_form import deviation_gains
from market.games.profiles import Mixture, pure_mixture
from market.games.scaling import rescaled
from market.games.time_limit import Deadline, deadline
from market.types import Floats

MARGIN: Final = 1e-9
"""A gain counts from this share of the range of a player's payoffs on."""


@dataclass(frozen=True)
class Dominated:
    """An action that something dominates."""

    player: int
    action: int

    by: Mixture
    """A mixture of the player's actions that dominates it."""

    strict: bool
    """Whether it earns more against everything."""


@dataclass(frozen=True)
class Elimination:
    """What is left when dominated actions are removed, again and again."""

    actions: tuple[tuple[int, ...], ...]
    """The actions left to each player."""

    removed: tuple[Dominated, ...]
    """In the order of removal; mixtures are of the actions of the whole game."""

    def restricted(self, payoffs: Floats) -> Floats:
        """Return the game of the actions that are left."""
        return payoffs[np.ix_(range(len(payoffs)), *self.actions)]


def dominated_actions(
    payoffs: Floats, weakly: bool = False, until: Deadline | None = None
) -> tuple[Dominated, ...]:
    """Return every dominated action with something that dominates it, pure if there is.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    weakly : bool
        Whether those that are merely weakly dominated count too.
    until : Deadline, optional
        When to stop with what is found so far.

    Examples
    --------
    To keep silent is dominated in the prisoner's dilemma:

    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> [(found.player, found.action, found.by) for found in dominated_actions(dilemma)]
    [(0, 0, (0.0, 1.0)), (1, 0, (0.0, 1.0))]
    """
    deviation_gains(payoffs)  # refuses what is no game
    scaled = rescaled(payoffs)
    until = until or deadline(None)
    found = (
        _dominated(own, player, action, weakly, until)
        for player, own in enumerate(_rows(scaled))
        for action in range(len(own))
    )
    return tuple(one for one in found if one is not None)


def eliminate(
    payoffs: Floats, weakly: bool = False, until: Deadline | None = None
) -> Elimination:
    """Remove dominated actions again and again, all that there are in every round.

    Weakly dominated ones are removed one at a time, the lowest player and action first:
    which are left in the end depends on the order.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    weakly : bool
        Whether to remove those too that are merely weakly dominated.
    until : Deadline, optional
        When to stop with what is removed so far.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> eliminate(dilemma).actions
    ((1,), (1,))
    """
    until = until or deadline(None)
    left = Elimination(tuple(tuple(range(count)) for count in payoffs.shape[1:]), ())
    while not until.passed:
        found = dominated_actions(left.restricted(payoffs), weakly, until)
        if not found:
            break
        left = _without(left, found[:1] if weakly else found, payoffs.shape[1:])
    return left


def _without(
    left: Elimination, found: tuple[Dominated, ...], counts: tuple[int, ...]
) -> Elimination:
    """Return what is left without further actions, which are numbered among those left."""
    gone = {(one.player, left.actions[one.player][one.action]) for one in found}
    kept = tuple(
        tuple(action for action in own if (player, action) not in gone)
        for player, own in enumerate(left.actions)
    )
    return Elimination(kept, left.removed + tuple(_named(one, left, counts) for one in found))


def _named(one: Dominated, left: Elimination, counts: tuple[int, ...]) -> Dominated:
    """Return a dominated action of a restricted game by its numbers in the whole one."""
    own = left.actions[one.player]
    by = np.zeros(counts[one.player])
    by[list(own)] = one.by
    return Dominated(one.player, own[one.action], tuple(by.tolist()), one.strict)


def _rows(scaled: Floats) -> list[Floats]:
    """Return what each player earns, one row for each action of its own."""
    rows = [np.moveaxis(own, player, 0) for player, own in enumerate(scaled)]
    return [own.reshape(len(own), -1) for own in rows]


def _dominated(
    own: Floats, player: int, action: int, weakly: bool, until: Deadline
) -> Dominated | None:
    """Return what dominates an action: an action if any, else a mixture, else None."""
    if until.passed:
        return None
    more = own - own[action]
    strict, weak = more.min(axis=1) > MARGIN, more.min(axis=1) >= -MARGIN
    weak &= more.max(axis=1) > MARGIN
    if strict.any():
        return Dominated(player, action, pure_mixture(int(strict.argmax()), len(own)), True)
    mixed = _mixture(own, action, 1.0, until) if len(own) > 2 else None
    if mixed is not None:
        return Dominated(player, action, mixed, True)
    if not weakly:
        return None
    if weak.any():
        return Dominated(player, action, pure_mixture(int(weak.argmax()), len(own)), False)
    mixed = _mixture(own, action, 0.0, until) if len(own) > 2 else None
    return None if mixed is None else Dominated(player, action, mixed, False)


def _mixture(own: Floats, action: int, strict: float, until: Deadline) -> Mixture | None:
    """Return a mixture of other actions that dominates one, by a linear programme.

    It raises the least gain over profiles for strict dominance, else the sum of gains,
    none of which may be negative. The last variable is the least gain.
    """
    from scipy.optimize import linprog

    more = np.delete(own - own[action], action, axis=0)
    aim = np.append(-(1.0 - strict) * more.sum(axis=1), -strict)
    solved = linprog(
        aim,
        A_ub=np.column_stack([-more.T, np.full(more.shape[1], strict)]),
        b_ub=np.zeros(more.shape[1]),
        A_eq=[[1.0] * len(more) + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * len(more) + [(None if strict else 0, None if strict else 0)],
        options={} if until.left == inf else {"time_limit": until.left},
    )
    if solved.status != 0 or -solved.fun <= MARGIN:
        return None
    weights = np.clip(solved.x[:-1], 0.0, None)
    return tuple(np.insert(weights / weights.sum(), action, 0.0).tolist())
