"""A reproduction on disk: summary, claims, windows, manifest, figures."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.paper.claims import judge_all
from experiments.paper.gas import PAPER_BLOCKS, TODAY_BLOCKS, Sweep
from experiments.paper.gas_checks import fits_of, window_gas
from experiments.paper.reproduce import REPRODUCED, TRANSACTIONS, Decisions, Reproduction, pairs
from experiments.paper.statements import Claim, Evidence
from experiments.results import manifest, write_json, write_table

if TYPE_CHECKING:
    import pandas as pd

HONESTY: Final = (
    "The networks are invented. Only the generators' capacities, the link's rating and voltage,"
    " the set-points, the x3 scenarios and the formulas come from the paper; loads and weights"
    " were chosen after seeing that they reproduce its findings. Agreement is a plausibility"
    " check, not a validation."
)
"""What stands on top of every table of claims (`grid/data/README.md`)."""

OWN_COSTS: Final = (
    "Costs are those of {path}. Fig. 7 and its fits use truthful bids of the invented Anglesey"
    " networks, since a table has one number of options."
)


def honesty(run: Reproduction) -> str:
    """Return what a reader has to know before the table."""
    costs = run.scenario.grid.costs
    return OWN_COSTS.format(path=costs) if costs else HONESTY


def write(folder: Path, evidence: Evidence) -> dict[str, Any]:
    """Write every file of a reproduction, and return the summary."""
    from experiments.figures.paper import draw_all

    run = evidence.run
    claims = judge_all(evidence)
    said = summary(evidence, claims)
    write_json(folder / "summary.json", said)
    (folder / "claims.md").write_text(markdown(honesty(run), claims), encoding="utf-8")
    write_table(folder / "windows.parquet", windows_table(run))
    draw_all(run, evidence.sweep, folder / "figures")
    write_json(folder / "manifest.json", manifest("reproduce", run.scenario))
    return said


def summary(evidence: Evidence, claims: tuple[Claim, ...]) -> dict[str, Any]:
    """Return claims and key numbers as JSON knows them."""
    run = evidence.run
    return {
        "schema": 1,
        "honesty": honesty(run),
        "venue": run.scenario.chain.venue,
        "negotiations": int(np.prod(run.decisions["hco"].option.shape)),
        "claims": [asdict(claim) for claim in claims],
        "set_point_mw": {name: _by_pair(run.set_point_mw(name).mean(1)) for name in REPRODUCED},
        "cost_over_no_link": _ratios(run),
        "gas": None
        if evidence.sweep is None
        else {name: _gas(run.decisions[name]) for name in REPRODUCED},
        "options": None if evidence.sweep is None else _sweep(evidence.sweep),
    }


def markdown(honest: str, claims: tuple[Claim, ...]) -> str:
    """Return the table of claims in Markdown."""
    head = ("claim of the paper", "where", "published", "here", "verdict", "how computed")
    rows = [head, ("---",) * len(head)]
    rows += [(c.claim, c.place, c.published, c.here, c.verdict, c.how) for c in claims]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# The paper's claims, held against this model\n\n{honest}\n\n{table}\n"


def windows_table(run: Reproduction) -> "pd.DataFrame":
    """Return a row for each mechanism, pair and window."""
    import pandas as pd

    return pd.concat([_windows(run, name) for name in REPRODUCED], ignore_index=True)


def _windows(run: Reproduction, mechanism: str) -> "pd.DataFrame":
    import pandas as pd

    decided, chosen = run.decisions[mechanism], run.chosen_gbp(mechanism)
    pair, window = (index.ravel() for index in np.indices(decided.option.shape))
    columns: dict[str, Any] = {
        "mechanism": mechanism,
        "loading": ["-".join(pairs()[i]) for i in pair],
        "window": window,
        "option": decided.option.ravel(),
        "set_point_mw": run.set_point_mw(mechanism).ravel(),
        "candidates": decided.candidates.sum(-1).ravel(),
        "authority": decided.authority.ravel(),
        "gas": decided.gas.sum(-1).ravel(),
    }
    for seat, name in enumerate(run.seen.parties):
        columns[f"cost_gbp_{name}"] = chosen[:, seat].ravel()
        columns[f"paid_gbp_{name}"] = run.paid_gbp(mechanism)[:, seat].ravel()
        if run.seen.no_link_gbp is not None:
            columns[f"no_link_gbp_{name}"] = run.no_link_gbp[:, seat].ravel()
    return pd.DataFrame(columns)


def _by_pair(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    named = {"-".join(pair): float(v) for pair, v in zip(pairs(), values, strict=True)}
    return named | {"mean": float(values.mean())}


def _ratios(run: Reproduction) -> dict[str, dict[str, float]] | None:
    if run.seen.no_link_gbp is None:
        return None
    return {name: _by_pair(run.ratio(name)) for name in REPRODUCED}


def _gas(held: Decisions) -> dict[str, Any]:
    """Return the mean gas of each transaction and of a window, and its share of blocks."""
    each = held.gas.mean((0, 1)).tolist()
    window = window_gas(held)
    return {
        **dict(zip(TRANSACTIONS, each, strict=True)),
        "window": window,
        "share_of_half_hour_2018": PAPER_BLOCKS.share(window),
        "share_of_half_hour_today": TODAY_BLOCKS.share(window),
    }


def _sweep(swept: Sweep) -> dict[str, Any]:
    """Return what more options cost in gas and do to the networks' cost."""
    return {
        "counts": list(swept.counts),
        "measured_every": swept.every,
        "crossing": {name: swept.crossing("hco", name) for name in ("rps", "rps-pareto")},
        "mechanisms": {
            name: {
                "gas": swept.gas[name].tolist(),
                "cost_over_no_link": swept.ratio[name].tolist(),
                "fits": [asdict(fit) for fit in fits_of(swept, name).values()],
            }
            for name in REPRODUCED
        },
    }
