"""Learning curves: what parties earned session by session, and what they might have."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from agents.model import Negotiation
from agents.play import Session
from agents.player import Player
from agents.strategies.learner import Learner
from market.games.best_response import deviation_gain
from market.types import Floats

COLUMNS = {
    "session": "int64",
    "window": "int64",
    "party": "string",
    "strategy": "string",
    "payoff_gbp": "float64",
    "gain_gbp": "float64",
    "action": "Int64",
    "hindsight_gbp": "object",
}
"""Of the learning table, with their types."""


def observed(model: Negotiation, parties: Sequence[str], names: Sequence[str]) -> list[Any]:
    """Return a row for each party of the session that a model has just held.

    Parameters
    ----------
    model : Negotiation
        After the first window of a session.
    parties, names : sequence of str
        The party in each seat, and its strategy.

    Returns
    -------
    list of tuple
        As `COLUMNS`. The payoff is what the chosen options were worth, less payments; the
        gain what the best response to the others' bids, with hindsight, would have added,
        so that its sum over parties is the NashConv of the bids: how far they are from an
        equilibrium of the session. Learners also tell which action they took, and what each
        would have earned.
    """
    held = model.session
    if held is None:
        raise ValueError("no session was held yet, wanted one")
    rows = []
    for agent in model.agents:
        seat = agent.seat
        values = np.stack([agent.value_gbp(window) for window in held.windows])
        action, hindsight = _of_learner(agent.player)
        rows.append(
            (
                int(held.windows[0]) // model.venue.terms.horizon,
                int(held.windows[0]),
                parties[seat],
                names[seat],
                _payoff_gbp(held, seat, agent.forecast_gbp(held.windows), agent.player),
                _gain_gbp(model, held, seat, values),
                action,
                hindsight,
            )
        )
    return rows


def learning_table(rows: Sequence[Any]) -> pd.DataFrame:
    """Return one row a session and party, with regrets.

    ``regret_gbp`` is what the best fixed action would have earned since the start over what
    was earned; not a number for parties that have no menu.
    """
    table = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(COLUMNS)
    table["regret_gbp"] = np.nan
    for _, part in table.groupby("party", sort=False):
        known = part["hindsight_gbp"].map(len).to_numpy()
        if known.all():
            fixed = np.array(part["hindsight_gbp"].tolist()).cumsum(0).max(-1)
            table.loc[part.index, "regret_gbp"] = fixed - part["payoff_gbp"].cumsum()
    return table


def _payoff_gbp(held: Session, seat: int, costs_gbp: Floats, player: Player) -> float:
    """Return what a session earned a party, against its worst options."""
    paid = held.paid[0, seat].sum() * player.setting.tick_gbp
    return float((costs_gbp.max(-1) - held.cost_gbp[0, seat]).sum() - paid)


def _gain_gbp(model: Negotiation, held: Session, seat: int, values_gbp: Floats) -> float:
    """Return what the best response would have added; no number where somebody was absent."""
    rule, tick = model.venue.terms.rule, model.play.players[seat].setting.tick_gbp
    known = held.outcome.present.all() and not (rule.lottery and model.venue.terms.parties > 2)
    if not known:
        return float("nan")
    bids, authority = np.moveaxis(held.bids[0], 0, 1), held.outcome.authority[0]
    return float(deviation_gain(rule, values_gbp / tick, bids, seat, authority).sum() * tick)


def _of_learner(player: Player) -> tuple[int | None, tuple[float, ...]]:
    """Return the action that a learner took, and what each would have earned in GBP."""
    strategy, experience = player.strategy, player.experience
    if not isinstance(strategy, Learner) or experience is None:
        return None, ()
    action = int(experience.knowledge.memory.action[0])
    return action, tuple(strategy.hindsight_gbp(experience)[0].sum(-1).tolist())
