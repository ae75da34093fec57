"""Learn how much of the truth to offer, by trial and error: ``python -m`` this module.

An agent holds one seat of the Anglesey case against a truthful opponent. Each session it
states a share of what every option is worth to it; an epsilon-greedy bandit [1]_ finds the
share that earns most. With numpy and the environment alone, as a first example: the same loop
feeds any learner that speaks PettingZoo.

.. [1] R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed., MIT Press, 2018, ch. 2.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.environment import NegotiationEnv, Numbers, environment
from market.types import Floats

SHARES: Final = np.linspace(0.0, 1.2, 13)
"""What may be stated, as shares of the truth."""

EPISODES: Final = 40
"""How many times all the days of the scenario are played."""

EXPLORES: Final = 0.2
"""How often it tries the share it has tried least, at the start; ever less from there."""


@dataclass(frozen=True)
class Learnt:
    """What an episode earns before and after, and what was learnt in between."""

    truthful_gbp: float
    trained_gbp: float

    share: float
    """The best, by what it seemed to earn."""

    mean: Floats
    """What each share earned on average, over what its best option was worth."""


def train(env: NegotiationEnv, agent: str, episodes: int = EPISODES, seed: int = 0) -> Learnt:
    """Learn the share of the truth that earns most, for the only agent of an environment."""
    rng = np.random.default_rng(seed)
    mean, count = np.zeros(len(SHARES)), np.zeros(len(SHARES))
    for episode in range(episodes):
        seen, _ = env.reset(seed=episode)
        explores = EXPLORES * (1 - episode / episodes)
        while env.agents:
            tries = rng.random() < explores or not count.all()
            arm = int(count.argmin() if tries else mean.argmax())
            worth_gbp = _best_gbp(env, agent, seen[agent])
            seen, earned, *_ = env.step({agent: _action(env, agent, seen[agent], SHARES[arm])})
            count[arm] += 1
            mean[arm] += (earned[agent] / worth_gbp - mean[arm]) / count[arm]
    share = float(SHARES[mean.argmax()])
    before, after = (episode_gbp(env, agent, stated) for stated in (1.0, share))
    return Learnt(before, after, share, mean)


def episode_gbp(env: NegotiationEnv, agent: str, share: float) -> float:
    """Return what an episode earns an agent that states a share of the truth throughout."""
    seen, _ = env.reset(seed=0)
    total = 0.0
    while env.agents:
        seen, earned, *_ = env.step({agent: _action(env, agent, seen[agent], share)})
        total += earned[agent]
    return total


def _action(env: NegotiationEnv, agent: str, seen: Numbers, share: float) -> Numbers:
    """Return the action that states a share of every true value."""
    truth = env.layout.part(seen, "value")
    return (np.float32(share) * truth).reshape(env.action_space(agent).shape)


def _best_gbp(env: NegotiationEnv, agent: str, seen: Numbers) -> float:
    """Return what the best options of a session are worth together."""
    return float(env.layout.part(seen, "best").sum()) * env.scale_gbp[agent] or 1.0


def main() -> None:
    """Train network 1 against the truth, and print what that changed."""
    agent = "network-1"
    env = environment("anglesey", opponents={"network-2": "truthful"})
    found = train(env, agent)
    print(f"{agent} earns GBP {found.truthful_gbp:.2f} an episode with the truth")
    print(f"and GBP {found.trained_gbp:.2f} with {found.share:.0%} of it, learnt from")
    print(f"{EPISODES} episodes; what each share earned, over the worth of its best option:")
    for share, mean in zip(SHARES, found.mean, strict=True):
        print(f"  {share:4.0%}  {mean:6.3f}")


if __name__ == "__main__":
    main()
