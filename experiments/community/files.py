"""What a run of communities leaves on disk: tables, figures, report."""

from pathlib import Path

import pandas as pd

from experiments.community.battery_study import battery_table
from experiments.community.comparison import batteries, groups, people, ways
from experiments.community.findings import HOSTILE, Found
from experiments.community.report import as_json, html_report
from experiments.community.simulate import CommunityRun
from experiments.figures import community as figures
from experiments.figures.style import save, style
from experiments.plugins import files_sha256
from experiments.results import MANIFEST, manifest, write_json, write_table


def analyse(run: CommunityRun) -> tuple[Found, pd.DataFrame]:
    """Return what follows from a run, and the days of a shared battery."""
    shared = battery_table(run.world, run.scenario.seed)
    return Found(run, ways(run), people(run), groups(run), batteries(shared)), shared


def write(folder: Path, found: Found, shared: pd.DataFrame) -> None:
    """Write everything into a folder, but for the trades, written while they were made."""
    run = found.run
    tables = {
        "days": run.days,
        "households": run.households,
        "descent": run.descent,
        "indexes": run.indexes,
        "exchange": run.exchange,
        "battery": shared,
    }
    for name, table in tables.items():
        write_table(folder / f"{name}.parquet", table)
    page = html_report(found, _draw(folder / "figures", found))
    (folder / "report.html").write_text(page, encoding="utf-8")
    write_json(folder / "summary.json", as_json(found))
    facts = {
        "households": run.world.homes.count,
        "communities": run.world.communities,
        "days": run.world.days,
        "plugins_sha256": files_sha256(run.scenario.community.mix),
    }
    write_json(folder / MANIFEST, manifest("simulate", run.scenario, **facts))


def _draw(folder: Path, found: Found) -> list[tuple[str, Path]]:
    """Draw every figure; return captions and SVG files."""
    run, rule, drawn = found.run, found.rules[0], []
    homes = run.world.homes.count / run.world.communities
    kinds = list(dict.fromkeys((found.own, HOSTILE, "a third indifferent")))
    with style():
        profile = figures.day_profile(run.exchange, rule, found.own, homes)
        caption = (
            f"What a household takes from the grid over a mean day: alone, by plan or with "
            f"batteries that follow their meters, through the ledger ({rule}, {found.own}), "
            f"and under one controller."
        )
        drawn.append((caption, save(profile, folder, "day-profile")[0]))
        caption = "Bill against exchange, for every way to run communities: lower left is best."
        drawn.append(
            (caption, save(figures.cost_against_balance(found.ways), folder, "cost-balance")[0])
        )
        caption = (
            "How the bill that communities expect for the first day changes as households plan "
            "in turn. Where it goes up and down, planning found no equilibrium."
        )
        drawn.append((caption, save(figures.descent_figure(run.descent), folder, "descent")[0]))
        caption = (
            "What each household saves by the ledger, against being alone: a point is a "
            "household's mean over all days, a box half of them."
        )
        drawn.append(
            (caption, save(figures.savings(run.households, kinds), folder, "savings")[0])
        )
        if figures.loading_says(run.days):
            caption = "How near transformers come to their rating."
            drawn.append((caption, save(figures.loading(run.days), folder, "loading")[0]))
    return drawn
