"""What a learning rule is: pure functions from a state and what was heard to a state."""

from typing import ClassVar, Literal, Protocol, TypeAlias

import numpy as np

from market.types import Floats, Mask, Options


class FullInformation(Protocol):
    """A rule that hears what each of its actions would have earned.

    A rule is a frozen dataclass. It keeps no state: the state is an array, which is never
    written in place. Leading axes are runs that know nothing of each other.
    """

    meaning: ClassVar[str]
    """What it does, in a sentence about the party."""

    feedback: ClassVar[Literal["full"]]
    """Tells it from a `Bandit`."""

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Return the state of one who knows nothing, shape ``(*shape, [row,] action)``."""
        ...

    def mix(self, state: Floats) -> Floats:
        """Return how likely each action is to be played, shape ``(…, action)``."""
        ...

    def learn(self, state: Floats, payoffs: Floats) -> Floats:
        """Return the state after a round.

        Parameters
        ----------
        state : ndarray of float, shape (…, [row,] action)
            The state before; it is left as it was.
        payoffs : ndarray of float, shape (…, action)
            What each action would have earned, from 0 to 1.
        """
        ...


class Bandit(Protocol):
    """A rule that hears what the action it played has earned, and no more.

    In all else it is as `FullInformation`.
    """

    meaning: ClassVar[str]
    """What it does, in a sentence about the party."""

    feedback: ClassVar[Literal["bandit"]]
    """Tells it from one with `FullInformation`."""

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Return the state of one who knows nothing, shape ``(*shape, [row,] action)``."""
        ...

    def mix(self, state: Floats) -> Floats:
        """Return how likely each action is to be played, shape ``(…, action)``."""
        ...

    def learn(self, state: Floats, action: Options, payoff: Floats) -> Floats:
        """Return the state after a round.

        Parameters
        ----------
        state : ndarray of float, shape (…, [row,] action)
            The state before; it is left as it was.
        action : ndarray of int, shape (…)
            What was played; `mix` gave it a chance.
        payoff : ndarray of float, shape (…)
            What it earned, from 0 to 1.
        """
        ...


LearningRule: TypeAlias = FullInformation | Bandit
"""Told apart by `feedback`."""


def choose(mix: Floats, uniform: Floats) -> Options:
    """Draw an action from each mix, by the inverse of its distribution function.

    Parameters
    ----------
    mix : ndarray of float, shape (…, action)
        Chances of the actions.
    uniform : ndarray of float, shape (…)
        From 0 up to, and without, 1.

    Returns
    -------
    ndarray of int, shape (…)
        Never an action without a chance, whatever the sum of the mix is rounded to.

    Examples
    --------
    >>> choose(np.array([0.0, 0.25, 0.75, 0.0]), np.array([0.0, 0.24, 0.25, 0.99]))
    array([1, 1, 2, 2])
    """
    reached = mix.cumsum(-1)
    return (reached <= (reached[..., -1] * uniform)[..., None]).sum(-1)


def played(action: Options, actions: int) -> Mask:
    """Return where each action is the one that was played, shape ``(…, action)``.

    Examples
    --------
    >>> played(np.array([2, 0]), 3).astype(int)
    array([[0, 0, 1],
           [1, 0, 0]])
    """
    return np.asarray(action)[..., None] == np.arange(actions)


def best(merit: Floats) -> Floats:
    """Return the mix that plays the best action, of equals the first.

    Examples
    --------
    >>> best(np.array([[0.5, 1.0, 1.0], [0.0, 0.0, 0.0]]))
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    return played(merit.argmax(-1), merit.shape[-1]).astype(np.float64)


def logit(merit: Floats) -> Floats:
    """Return the mix with chances in proportion to the exponentials of merits.

    Examples
    --------
    >>> logit(np.array([1e9, 1e9 + np.log(3.0)])).round(2)
    array([0.25, 0.75])
    """
    weights = np.exp(merit - merit.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)
