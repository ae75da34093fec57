"""One learner against payoffs that others choose, and how fast its regret falls."""

from dataclasses import dataclass

import numpy as np

from agents.draws import Draws
from agents.learning.base import choose
from agents.learning.selfplay import hear


def coins(mix, rng):
    """Fair coins: no rule can do better than another, and regret is that of chance."""
    return 1.0 * (rng.random(mix.shape) < 0.5)


def loaded(mix, rng):
    """Coins of which the last is loaded, and any rule that learns finds it."""
    return 1.0 * (rng.random(mix.shape) < np.linspace(0.4, 0.7, mix.shape[-1]))


def spite(mix, _rng):
    """Pay what the rule is least likely to play, of equals the first, and nothing else."""
    return 1.0 * (np.arange(mix.shape[-1]) == mix.argmin(-1)[..., None])


def envy(mix, _rng):
    """Take from what the rule is most likely to play, and from nothing else."""
    return 1.0 * (np.arange(mix.shape[-1]) != mix.argmax(-1)[..., None])


ADVERSARIES = (coins, loaded, spite, envy)


@dataclass(frozen=True)
class Fight:
    """What was played for, shape (round, run, action), and how likely each action was."""

    payoffs: np.ndarray
    mixes: np.ndarray
    state: np.ndarray

    @property
    def earned(self):
        """What the mixes have earned after each round, shape (round, run)."""
        return (self.mixes * self.payoffs).sum(-1).cumsum(0)

    @property
    def regret(self):
        """Of the mixes, against the best action in hindsight, shape (round, run)."""
        return self.payoffs.cumsum(0).max(-1) - self.earned

    @property
    def pseudo_regret(self):
        """Against the action that is best in the mean of the runs, shape (round,)."""
        return self.payoffs.cumsum(0).mean(1).max(-1) - self.earned.mean(1)


def fight(rule, adversary, rounds, actions, runs=100, seed=0):
    """Let a rule learn from an adversary that sees its mixes, but not its draws."""
    rng = np.random.default_rng(seed)
    state, payoffs, mixes = rule.start((runs,), actions), [], []
    for _ in range(rounds):
        mixes.append(rule.mix(state))
        payoffs.append(adversary(mixes[-1], rng))
        state = hear(rule, state, payoffs[-1], choose(mixes[-1], rng.random(runs)))
    return Fight(np.stack(payoffs), np.stack(mixes), state)


def slope(regret, first=64):
    """Return how mean regret falls with time, as the slope of a line in a log-log plot."""
    times = first * 2 ** np.arange(int(np.log2(len(regret) / first)) + 1)
    return np.polyfit(np.log(times), np.log(regret[times - 1] / times), 1)[0]


def streams(players, runs, seed=0):
    """Return chances for each player, in as many runs."""
    return [Draws(each.spawn(runs)) for each in np.random.SeedSequence(seed).spawn(players)]
