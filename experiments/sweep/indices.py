"""What matters: sensitivity indices of a drawn design, with 95 % intervals, by SALib."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.sweep.designs import problem, shares
from experiments.sweep.plan import Sweep

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, Any]]


def indices(sweep: Sweep, table: "pd.DataFrame") -> "pd.DataFrame":
    """Return the indices of every score, a row for each factor and kind of index.

    Replicates are averaged first. A score that is not known in every cell has none.

    Parameters
    ----------
    sweep : Sweep
        With a Sobol or Morris design; any other has no indices.
    table : DataFrame
        As `experiments.sweep.table.sweep_table` returns it.

    Returns
    -------
    DataFrame
        ``score, factor, index, value, interval``: ``S1`` and ``ST`` are the shares of a
        score's variance that a factor explains alone and with all others; ``mu_star`` and
        ``sigma`` the mean size and the spread of what a step of the factor does.
    """
    import pandas as pd

    analyse = ANALYSES.get(sweep.design.kind)
    rows: Rows = []
    if analyse is not None:
        points = shares(sweep.design, sweep.factors)
        for name in scores_of(sweep, table):
            answers = table[name].to_numpy(float).reshape(len(points), -1).mean(1)
            if np.isfinite(answers).all() and np.ptp(answers) > 0:
                rows += [{"score": name, **row} for row in analyse(sweep, points, answers)]
    return pd.DataFrame(rows, columns=["score", "factor", "index", "value", "interval"])


def scores_of(sweep: Sweep, table: "pd.DataFrame") -> list[str]:
    """Return which columns of a table are scores."""
    factors = {key for factor in sweep.factors for key in factor.keys}
    return [c for c in table.columns if c not in factors | {"replicate", "seed", "error"}]


def _sobol(sweep: Sweep, _: Any, answers: Any) -> Rows:
    from SALib.analyze import sobol

    of = problem(sweep.factors)
    found = sobol.analyze(of, answers, calc_second_order=False, seed=sweep.design.seed)
    return _rows(of["names"], found, {"S1": "S1_conf", "ST": "ST_conf"})


def _morris(sweep: Sweep, points: Any, answers: Any) -> Rows:
    from SALib.analyze import morris

    of, design = problem(sweep.factors), sweep.design
    found = morris.analyze(of, points, answers, num_levels=design.levels, seed=design.seed)
    return _rows(of["names"], found, {"mu_star": "mu_star_conf", "sigma": ""})


def _rows(names: Sequence[str], found: Any, kinds: dict[str, str]) -> Rows:
    return [
        {
            "factor": name,
            "index": kind,
            "value": float(found[kind][place]),
            "interval": float(found[interval][place]) if interval else np.nan,
        }
        for kind, interval in kinds.items()
        for place, name in enumerate(names)
    ]


ANALYSES: Final[dict[str, Callable[[Sweep, Any, Any], Rows]]] = {
    "sobol": _sobol,
    "morris": _morris,
}
"""What reckons the indices of a design, by its name."""
