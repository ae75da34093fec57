"""Learners against each other in a game in normal form, round after round."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.draws import Draws
from agents.learning.base import LearningRule, choose
from market.types import Floats, Options


@dataclass(frozen=True)
class Trajectory:
    """What learners played and earned; axes between round and player are the runs."""

    mixes: tuple[Floats, ...]
    """For each player the chances it gave its actions, shape ``(round, match, action)``."""

    actions: Options
    """What was drawn from them, shape ``(round, match, player)``."""

    payoffs: Floats
    """What it earned, shape ``(round, match, player)``."""


def iterate(
    payoffs: Floats,
    rules: Sequence[LearningRule],
    rounds: int,
    draws: Sequence[Draws],
    states: Sequence[Floats] | None = None,
) -> Trajectory:
    """Let a rule for each player learn a game from the others' play.

    In every round all mix, and draw, and hear what their feedback tells: what the action
    that was drawn has earned, or what each would have against the others' drawn actions.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        What each player earns at each profile, from 0 to 1.
    rules : sequence of LearningRule
        One for each player.
    rounds : int
        How many are played.
    draws : sequence of Draws
        Chances of each player; how many matches they serve is how many runs there are.
    states : sequence of ndarray of float, optional
        Where each player starts, with the runs as first axis; it knows nothing if not given.

    Examples
    --------
    >>> from agents.learning.fictitious_play import FictitiousPlay
    >>> pennies = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> draws = [Draws(np.random.SeedSequence(seed).spawn(1)) for seed in range(2)]
    >>> iterate(pennies, [FictitiousPlay()] * 2, 7, draws).actions[:, 0].T
    array([[0, 0, 0, 1, 1, 1, 1],
           [0, 1, 1, 1, 1, 1, 0]])
    """
    chances = [stream.uniform(rounds) for stream in draws]
    if states is None:
        sizes = zip(rules, payoffs.shape[1:], strict=True)
        states = [rule.start(chances[0].shape[:1], actions) for rule, actions in sizes]
    played = []
    for uniform in np.moveaxis(np.stack(chances), -1, 0):
        played.append(_play(payoffs, rules, states, uniform))
        states = _learn(payoffs, rules, states, played[-1].actions)
    return Trajectory(
        mixes=tuple(
            np.stack(mixes) for mixes in zip(*(one.mixes for one in played), strict=True)
        ),
        actions=np.stack([one.actions for one in played]),
        payoffs=np.stack([one.payoffs for one in played]),
    )


def hear(rule: LearningRule, state: Floats, payoffs: Floats, action: Options) -> Floats:
    """Return the state of a rule that hears of a round what its feedback lets it.

    Parameters
    ----------
    rule : LearningRule
        Who hears.
    state : ndarray of float, shape (…, [row,] action)
        What it knew.
    payoffs : ndarray of float, shape (…, action)
        What each of its actions would have earned, from 0 to 1.
    action : ndarray of int, shape (…)
        What it played.
    """
    if rule.feedback == "full":
        return rule.learn(state, payoffs)
    earned = np.take_along_axis(payoffs, action[..., None], -1)[..., 0]
    return rule.learn(state, action, earned)


def would_earn(payoffs: Floats, actions: Options, player: int) -> Floats:
    """Return what each action of a player earns against what the others played.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        What each player earns at each profile.
    actions : ndarray of int, shape (…, player)
        What all played; that of `player` is not read.
    player : int
        Whose payoffs.

    Returns
    -------
    ndarray of float, shape (…, action)
    """
    own_last = np.moveaxis(payoffs[player], player, -1)
    return own_last[tuple(np.moveaxis(np.delete(actions, player, -1), -1, 0))]


def regret(payoffs: Floats, trajectory: Trajectory, player: int) -> Floats:
    """Return what the best fixed action would have earned over what was, after each round.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        The game that was played.
    trajectory : Trajectory
        How it was.
    player : int
        Whose regret.

    Returns
    -------
    ndarray of float, shape (round, match)
        In sums, not means; negative if no fixed action would have done as well.

    Examples
    --------
    One who held to heads against heads, tails, tails might have won twice, not once:

    >>> pennies = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> actions = np.array([[[0, 0]], [[0, 1]], [[0, 1]]])
    >>> earned = np.array([[[1.0, 0.0]], [[0.0, 1.0]], [[0.0, 1.0]]])
    >>> regret(pennies, Trajectory((), actions, earned), 0)[:, 0]
    array([0., 0., 1.])
    """
    fixed = would_earn(payoffs, trajectory.actions, player).cumsum(0).max(-1)
    return fixed - trajectory.payoffs[..., player].cumsum(0)


def _play(
    payoffs: Floats, rules: Sequence[LearningRule], states: Sequence[Floats], uniform: Floats
) -> Trajectory:
    """Return one round, without its axis."""
    mixes = tuple(rule.mix(state) for rule, state in zip(rules, states, strict=True))
    drawn = [choose(mix, chance) for mix, chance in zip(mixes, uniform, strict=True)]
    earned = [table[tuple(drawn)] for table in payoffs]
    return Trajectory(mixes, np.stack(drawn, -1), np.stack(earned, -1))


def _learn(
    payoffs: Floats, rules: Sequence[LearningRule], states: Sequence[Floats], actions: Options
) -> list[Floats]:
    """Return what each player knows once a round was played."""
    return [
        hear(rule, state, would_earn(payoffs, actions, seat), actions[..., seat])
        for seat, (rule, state) in enumerate(zip(rules, states, strict=True))
    ]
