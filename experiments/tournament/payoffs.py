"""What runs mean for every party: a row a run, day and seat, reckoned for many runs at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.scenario import Scenario
from experiments.scores import DayScores, day_scores, no_link_scores, optimum_gbp
from experiments.tournament.match import Outcome, Run
from experiments.wiring import Study
from market.types import Floats


def payoffs_table(
    scenario: Scenario, seen: Study, runs: Sequence[Run], out: Outcome
) -> pd.DataFrame:
    """Return one row for each run, day and seat: what the day cost, and did to the grid.

    Columns that need physics, or costs without the link, are absent where these are. A
    ratio is NaN where it would be to nothing, or where a load flow did not converge.

    Parameters
    ----------
    scenario : Scenario
        For the worth of a tick and of gas.
    seen : Study
        What the grid says.
    runs : sequence of Run
        Who played what.
    out : Outcome
        What became of them.
    """
    days, windows = seen.days, seen.cost_gbp.shape[3]
    shape = len(runs), days, len(seen.parties)
    columns = _money(scenario, out, days) | {
        name: np.full(shape, np.nan) for name in _known(seen)
    }
    for pair in sorted({run.pair for run in runs}):
        rows = np.array([i for i, run in enumerate(runs) if run.pair == pair])
        for day in range(days):
            part = slice(day * windows, (day + 1) * windows)
            option, stopped = out.option[rows, part], out.stopped[rows, part]
            scores = day_scores(seen, pair, day, option, stopped)
            for name, values in _system(seen, pair, day, scores).items():
                columns[name][rows, day] = values
    columns["net_cost_gbp"] = (
        columns["operating_gbp"] + columns["payments_gbp"] + columns["fees_gbp"]
    )
    return _tidy(seen, runs, columns)


def windows_table(
    scenario: Scenario, seen: Study, runs: Sequence[Run], out: Outcome
) -> pd.DataFrame:
    """Return one row a window of each run; columns of a seat end in its index."""
    windows = seen.cost_gbp.shape[3]
    count = out.option.shape[1]
    by_seat = {
        "cost_gbp": out.cost_gbp,
        "payment_gbp": out.paid * scenario.market.tick_gbp,
        "fee_gbp": out.gas * scenario.chain.gas_gbp,
    }
    labels = {name: np.repeat(values, count) for name, values in _labels(runs).items()}
    table = {
        "day": np.tile(np.arange(count) // windows, len(runs)),
        "window": np.tile(np.arange(count) % windows, len(runs)),
        "option": out.option.ravel(),
        "set_point_mw": out.set_point_mw.ravel(),
        "stopped": out.stopped.ravel(),
        "authority": out.authority.ravel(),
        "authority_used": out.authority_used.ravel(),
        "gas": (out.own_gas.sum(1) + out.shared_gas).ravel(),
    } | {f"{k}_{seat}": v[:, seat].ravel() for k, v in by_seat.items() for seat in seen.seats}
    return pd.DataFrame(labels | table)


def _money(scenario: Scenario, out: Outcome, days: int) -> dict[str, Floats]:
    """Return costs, payments, fees and who pays, each of shape (run, day, party)."""
    tick, pounds = scenario.market.tick_gbp, scenario.chain.gas_gbp
    moved = (out.paid != 0).any(1, keepdims=True) & np.ones_like(out.paid, bool)
    stopped = np.broadcast_to(out.stopped[:, np.newaxis], out.paid.shape)
    by_window = {
        "operating_gbp": out.cost_gbp,
        "payments_gbp": out.paid * tick,
        "fees_gbp": out.gas * pounds,
        "paying_windows": out.paid > 0,
        "moved_windows": moved,
        "stopped_windows": stopped,
    }
    return {name: _by_day(values, days) for name, values in by_window.items()}


def _by_day(values: Floats, days: int) -> Floats:
    """Sum (run, party, window) to (run, day, party)."""
    runs, parties, windows = values.shape
    return values.reshape(runs, parties, days, windows // days).sum(-1).swapaxes(1, 2) * 1.0


def _known(seen: Study) -> list[str]:
    """Return the columns that a study allows, besides money."""
    known = ["optimum_ratio"]
    if seen.no_link_gbp is not None:
        known += ["system_cost_ratio", "no_link_gbp"]
        if seen.appraisal is not None:
            known += [*RATIOS, "breach_windows", "no_link_breach_windows"]
    return known


RATIOS: Mapping[str, str] = {
    "balance_ratio": "exchange_mwh",
    "losses_ratio": "losses_mwh",
    "utilisation_ratio": "line_utilisation",
    "voltage_ratio": "voltage_index",
}
"""Scores of the physics that are told over those without the link."""


def _system(
    seen: Study, pair: tuple[str, ...], day: int, scores: DayScores
) -> dict[str, Floats]:
    """Return what runs on a day mean for all networks together, shape (run, 1) or (party,)."""
    total = scores.cost_gbp.sum(-1, keepdims=True)
    found = {"optimum_ratio": _ratio(total, optimum_gbp(seen, pair, day))}
    without = no_link_scores(seen, pair, day)
    if without is None:
        return found
    found["system_cost_ratio"] = _ratio(total, float(without.cost_gbp.sum()))
    found["no_link_gbp"] = without.cost_gbp
    if scores.physics is not None and without.physics is not None:
        for name, score in RATIOS.items():
            here = getattr(scores.physics, score).sum(-1, keepdims=True)
            found[name] = _ratio(here, float(getattr(without.physics, score).sum()))
        found["breach_windows"] = scores.physics.breaches.sum(-1, keepdims=True)
        found["no_link_breach_windows"] = without.physics.breaches.sum(-1, keepdims=True)
    return found


def _ratio(score: Floats, base: float) -> Floats:
    return score / base if base else np.full_like(score, np.nan)


def _labels(runs: Sequence[Run]) -> dict[str, NDArray[Any]]:
    """Return the columns that name a run."""
    parties = len(runs[0].strategies)
    texts = {
        "mechanism": [run.mechanism for run in runs],
        "pair": [run.loading for run in runs],
        **{f"strategy_{j}": [run.strategies[j] for run in runs] for j in range(parties)},
    }
    found = {name: np.array(values, dtype=object) for name, values in texts.items()}
    return found | {"replicate": np.array([run.replicate for run in runs])}


def _tidy(seen: Study, runs: Sequence[Run], columns: Mapping[str, Floats]) -> pd.DataFrame:
    """Return arrays of shape (run, day, party) as columns, with the names of their axes."""
    parties, days = len(seen.parties), seen.days
    labels = {n: np.repeat(values, days * parties) for n, values in _labels(runs).items()}
    names = np.array([run.strategies for run in runs], dtype=object)
    axes = {
        "day": np.tile(np.repeat(np.arange(days), parties), len(runs)),
        "seat": np.tile(np.arange(parties), len(runs) * days),
        "party": np.tile(np.array(seen.parties, dtype=object), len(runs) * days),
        "strategy": np.repeat(names[:, np.newaxis], days, axis=1).ravel(),
    }
    return pd.DataFrame(labels | axes | {n: values.ravel() for n, values in columns.items()})
