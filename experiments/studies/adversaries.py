"""What adversarial households take away from a community, and what they get for it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.sweep.plan import Sweep

SHARE, RULE = "ask.adversarial", "community.rules"


def paragraphs(sweep: Sweep, table: pd.DataFrame) -> Sequence[str]:
    """Return a paragraph for each rule, and what was assumed."""
    days = int(sweep.table["grid"]["days"])
    told = [_of_rule(str(rule), rows) for rule, rows in table.groupby(RULE, sort=False)]
    return [*told, _assumed(table, days)]


def _of_rule(rule: str, rows: pd.DataFrame) -> str:
    means = rows.groupby(SHARE).mean(numeric_only=True)
    count = rows["replicate"].nunique()
    spread = rows.groupby(SHARE)["balance_ratio"].std() / np.sqrt(count)
    none, most = means.iloc[0], means.iloc[-1]
    worse = means.index[means["balance_ratio"] >= 1.0]
    hostile = means["saved_adversarial_gbp"].dropna()
    last, few = f"{float(means.index[-1]):.0%}", f"{float(hostile.index[0]):.0%}"
    turning = (
        f"From {float(worse[0]):.0%} of them on, the ledger no longer improves balancing."
        if len(worse)
        else "With every share tried the ledger still improves balancing."
    )
    return (
        f"{rule}: a community exchanges {none['balance_ratio']:.3f} (± {spread.iloc[0]:.3f}) "
        "times what households each alone do without adversaries, and "
        f"{most['balance_ratio']:.3f} (± {spread.iloc[-1]:.3f}) with {last} of them. {turning} "
        f"A truthful household saves GBP {none['saved_truthful_gbp']:.2f} a day without "
        f"them and GBP {most['saved_truthful_gbp']:.2f} with {last}; an adversarial one "
        f"GBP {hostile.iloc[0]:.2f} where they are {few}, and GBP {hostile.iloc[-1]:.2f} where "
        f"they are {last}. Planning came to an equilibrium on "
        f"{none['equilibrium_share']:.0%} of days without them, and on "
        f"{most['equilibrium_share']:.0%} with {last}."
    )


def _assumed(table: pd.DataFrame, days: int) -> str:
    return (
        f"Means of {table['replicate'].nunique()} communities of other households, {days} "
        "days each, ± a standard error over communities. An adversarial household plans "
        "against its neighbours' bills at the cost of its own, and orders at half its worth; "
        "all others plan for their own bill and order the truth."
    )
