"""What a community tournament leaves on disk: tables, figures, report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.community.tournament import figures, tables
from experiments.community.tournament.findings import answer, findings
from experiments.community.tournament.game import RuleGame, rule_games
from experiments.community.tournament.play import Played
from experiments.community.tournament.report import html_report
from experiments.figures.style import save, style
from experiments.plugins import files_sha256
from experiments.results import MANIFEST, manifest, write_json, write_table


@dataclass(frozen=True, eq=False)
class Analysis:
    """What follows from a community tournament."""

    games: tuple[RuleGame, ...]
    table: pd.DataFrame
    rests: list[dict[str, Any]]
    invasions: pd.DataFrame
    standings: pd.DataFrame
    findings: dict[str, tuple[str, ...]]

    @property
    def answer(self) -> tuple[str, ...]:
        """What lasts under which rules, and what it costs."""
        return answer(self.games)

    def as_json(self) -> dict[str, object]:
        """Return tables, equilibria and findings as scripts read them."""
        return {
            "answer": list(self.answer),
            "standings": tables.records(self.standings),
            "rest_points": [tables.plain(one) for one in self.rests],
            "invasions": tables.records(self.invasions),
            "table": tables.records(self.table),
            "findings": {rule: list(said) for rule, said in self.findings.items()},
        }


def analyse(played: Played) -> Analysis:
    """Return tables, rest points, invasions and findings of a community tournament."""
    games = rule_games(played)
    return Analysis(
        games=games,
        table=tables.heuristic_table(games),
        rests=tables.rest_records(games),
        invasions=tables.invasion_table(list(tables.invasions(games))),
        standings=tables.standings_table(games),
        findings=findings(games),
    )


def write(folder: Path, played: Played, analysis: Analysis) -> None:
    """Write everything into a folder."""
    write_table(folder / "table.parquet", analysis.table)
    write_table(folder / "rest_points.parquet", tables.rest_table(analysis.rests))
    write_table(folder / "invasions.parquet", analysis.invasions)
    write_table(folder / "standings.parquet", analysis.standings)
    write_table(folder / "savings.parquet", played.savings)
    write_table(folder / "days.parquet", played.days)
    write_table(folder / "baselines.parquet", played.baselines)
    drawn = _draw(folder / "figures", analysis.games, played.scenario.seed)
    page = html_report(
        played, analysis.games, analysis.findings, analysis.standings, analysis.table, drawn
    )
    (folder / "report.html").write_text(page, encoding="utf-8")
    write_json(folder / "summary.json", analysis.as_json())
    facts = {
        "mixes": len(played.counts),
        "community_days": len(played.days),
        "plugins_sha256": files_sha256(played.scenario.community.strategies),
    }
    write_json(folder / MANIFEST, manifest("tournament", played.scenario, **facts))


def _draw(folder: Path, games: Sequence[RuleGame], seed: int) -> list[tuple[str, Path]]:
    """Draw every figure; return captions and SVG files."""
    drawn = []
    with style():
        caption = (
            "What households save and communities exchange where a mix lasts, with 95 % of "
            "bootstrap samples; dashed: the virtual power plant."
        )
        drawn.append((caption, save(figures.what_lasts(games), folder, "what-lasts")[0]))
        caption = (
            "What two strategies save beside each other, by how many groups follow which, "
            "with 95 % of bootstrap samples."
        )
        drawn.append((caption, save(figures.invasion_figure(games), folder, "invasion")[0]))
        for game in games:
            caption = (
                f"Where shares of strategies drift under {game.rule}, if what saves more than "
                "the average spreads (replicator dynamics)."
            )
            found = figures.drift(game, np.random.default_rng(seed))
            drawn.append((caption, save(found, folder, f"simplex-{game.rule}")[0]))
    return drawn
