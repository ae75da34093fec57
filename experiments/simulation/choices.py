"""How sharply learners choose: the precision of a quantal response, fitted to their log.

A learner's log tells which strategy of its menu it followed in each session, and what each
would have earned there. A party of precision lambda would take an action with a probability in
proportion to exp(lambda x what it earns on average) [1]_: at 0 it chooses blindly, and the
greater lambda, the dearer a mistake must be for it to be rare. The fit is to a decision of one
party, the others' bids being what they were.

References
----------
.. [1] R. D. McKelvey, T. R. Palfrey, "Quantal response equilibria for normal form games",
   Games and Economic Behavior 10, 1995.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from agents.strategies import STRATEGIES
from agents.strategies.base import Strategy
from agents.strategies.learner import Learner
from experiments.errors import InputRefused
from experiments.results import MANIFEST
from experiments.wiring import strategy
from market.games.quantal import fit_precision

LOG: Final = "learning.parquet"
"""The table of a simulation that tells what learners did."""

METHOD: Final = "maximum likelihood of logit choices, by learner"


@dataclass(frozen=True)
class FittedChoices:
    """How sharply a learner chose among the strategies of its menu."""

    party: str
    strategy: str
    """The learner, as users write it."""

    sessions: int

    menu: tuple[str, ...]
    """The strategies that it chose from."""

    taken: tuple[int, ...]
    """How often it followed each."""

    earned_gbp: tuple[float, ...]
    """What each would have earned on average, GBP a session."""

    precision_per_gbp: float | None
    """Lambda, 1/GBP a session; None if all would have earned the same."""

    probabilities: tuple[float, ...]
    """Of each strategy of the menu at that precision."""

    log_likelihood: float
    """Of its choices, at that precision."""

    uniform_log_likelihood: float
    """The same if each strategy were as likely: precision 0."""

    at_end: bool
    """Whether even greater precisions might fit better."""


def fitted_choices(learning: pd.DataFrame) -> tuple[FittedChoices, ...]:
    """Return how sharply each learner chose, in the order of seats.

    Parameters
    ----------
    learning : DataFrame
        As `experiments.simulation.learning.learning_table` returns it.
    """
    return tuple(
        _fitted(str(party), rows)
        for party, rows in learning.groupby("party", sort=False)
        if len(rows) and rows["action"].notna().all()
    )


def choices_json(fitted: Sequence[FittedChoices]) -> list[dict[str, Any]]:
    """Return what was fitted as JSON takes it."""
    return [asdict(one) for one in fitted]


def recorded_choices(folder: Path) -> tuple[FittedChoices, ...] | None:
    """Return how sharply the learners of a recorded simulation chose; None if it is none.

    Raises
    ------
    InputRefused
        If nobody learned there, or the log cannot be read.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict) or manifest.get("command") != "simulate":
        return None
    path = folder / LOG
    try:
        learning = pd.read_parquet(path)
    except (OSError, ValueError) as error:  # what is not Parquet is a ValueError
        raise InputRefused(str(path), "cannot be read, wanted the log of learners") from error
    found = fitted_choices(learning)
    if not found:
        raise InputRefused(str(path), "has no learner, wanted one such as hedge in a seat")
    return found


def choices_words(one: FittedChoices) -> str:
    """Say how sharply a learner chose, in a line."""
    often = int(np.argmax(one.taken))
    sharp = "not known, as all would have earned the same"
    if one.precision_per_gbp is not None:
        sharp = f"{one.precision_per_gbp:.3g} / GBP{' or more' * one.at_end}"
    return (
        f"{one.party}, {one.strategy}: lambda {sharp}, fitted to {one.sessions:,} sessions; "
        f"log-likelihood {one.log_likelihood:,.2f}, uniform choice "
        f"{one.uniform_log_likelihood:,.2f}; most often {one.menu[often]} "
        f"({one.taken[often] / one.sessions:.0%})"
    )


def _fitted(party: str, rows: pd.DataFrame) -> FittedChoices:
    """Return how sharply a learner chose."""
    name = str(rows["strategy"].iloc[0])
    earned = np.stack(rows["hindsight_gbp"].tolist()).mean(0)
    taken = np.bincount(rows["action"].to_numpy(int), minlength=len(earned))
    fit = fit_precision(earned[np.newaxis], [taken.tolist()])
    matters = np.ptp(earned) > 0
    return FittedChoices(
        party=party,
        strategy=name,
        sessions=len(rows),
        menu=menu_names(name, len(earned)),
        taken=tuple(taken.tolist()),
        earned_gbp=tuple(earned.tolist()),
        precision_per_gbp=fit.response.precision if matters else None,
        probabilities=fit.response.profile[0],
        log_likelihood=fit.log_likelihood,
        uniform_log_likelihood=fit.uniform_log_likelihood,
        at_end=fit.at_end and bool(matters),
    )


def menu_names(learner: str, count: int) -> tuple[str, ...]:
    """Return what a learner chooses from, as users write it; numbers if that is not known.

    >>> menu_names("hedge(menu=shading)", 6)[:3]
    ('shaded(share=0.0)', 'shaded(share=0.25)', 'shaded(share=0.5)')
    """
    made = strategy(learner)
    if not isinstance(made, Learner) or len(made.menu) != count:
        return tuple(str(action) for action in range(count))
    return tuple(map(_written, made.menu))


def _written(made: Strategy) -> str:
    """Return a strategy as users write it: its name, and what differs from the usual."""
    for name, maker in STRATEGIES.items():
        usual = maker()
        if usual == made:
            return name
        if type(usual) is type(made):
            given = ((f.name, getattr(made, f.name), getattr(usual, f.name))
                     for f in fields(usual))  # fmt: skip
            keys = (f"{k}={getattr(v, 'name', v)}" for k, v, old in given if v != old)
            return f"{name}({', '.join(keys)})"
    return type(made).__name__
