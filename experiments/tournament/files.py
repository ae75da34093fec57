"""What a tournament leaves on disk: tables, figures, report."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from experiments.figures import tournament as figures
from experiments.figures.evolution import evolution_figure
from experiments.figures.style import save, style
from experiments.results import MANIFEST, manifest, write_json, write_table
from experiments.tournament.empirical import EmpiricalGame, empirical_games
from experiments.tournament.families import families_rows, families_table
from experiments.tournament.findings import findings
from experiments.tournament.intervals import with_intervals
from experiments.tournament.invasion import invasion_records
from experiments.tournament.play import Tournament
from experiments.tournament.records import equilibria_records, equilibria_rows, mixed_records
from experiments.tournament.replay import Replay, replayed
from experiments.tournament.report import TWO, Table, html_report
from experiments.tournament.settled import Settling, settling
from experiments.tournament.standings import standings_table
from experiments.tournament.sureness import game_table

MOST_EQUILIBRIA = 20
"""How many equilibria are played again on the contract, of games that have very many."""

EQUILIBRIA_NOTE = (
    "In brackets, where 95 % of bootstrap samples lie. A mixture balances the means and hardly "
    "a sample, so that it is an equilibrium in few of them: what leaving it gains tells more."
)

NO_SAMPLES = "One day, played once, tells nothing of another: there are no intervals."

FAMILIES_NOTE = (
    "Means over the strategies of a family and all opponents: own net cost, and balance, the "
    "exchange over that without the link, where it is known."
)


@dataclass(frozen=True, eq=False)
class Analysis:
    """What follows from a tournament."""

    standings: pd.DataFrame
    games: tuple[EmpiricalGame, ...]
    findings: dict[str, tuple[str, ...]]

    replay: Replay | None
    """What was played again on the contract; None if all was played there."""

    families: pd.DataFrame
    """Standings of families of strategies."""

    settling: Settling | None
    """How a tournament ended that might have stopped early."""

    def as_json(self) -> dict[str, object]:
        """Return standings, equilibria and findings as scripts read them."""
        return {
            "standings": _records(self.standings),
            "families": _records(self.families),
            "equilibria": [r for game in self.games for r in equilibria_records(game)],
            "nash": [r for game in self.games for r in mixed_records(game)],
            "invasions": [r for game in self.games for r in invasion_records(game)],
            "settled": self.settling and self.settling.as_json(),
            "replayed": self.replay and self.replay.sentence(),
            "findings": {name: list(said) for name, said in self.findings.items()},
        }


def analyse(played: Tournament) -> Analysis:
    """Return standings, equilibria and findings of a tournament."""
    games = empirical_games(played)
    standings = with_intervals(standings_table(played.payoffs), played.payoffs)
    return Analysis(
        standings=standings,
        games=games,
        findings=findings(played, games),
        replay=_replayed(played, games),
        families=families_table(played.payoffs),
        settling=_settling(played),
    )


def _settling(played: Tournament) -> Settling | None:
    asked = played.scenario.play
    return settling(played.payoffs, asked.settle, asked.replicates) if asked.settle else None


def _replayed(played: Tournament, games: tuple[EmpiricalGame, ...]) -> Replay | None:
    """Play a sample, and every equilibrium, again on the contract."""
    if played.scenario.chain.venue != "local" or find_spec("pyrevm") is None:
        return None
    profiles = [(game.mechanism, game.names(e)) for game in games for e in game.equilibria]
    return replayed(played, profiles[:MOST_EQUILIBRIA])


def write(folder: Path, played: Tournament, analysis: Analysis) -> None:
    """Write everything into a folder, but for the windows, written while it was played."""
    write_table(folder / "payoffs.parquet", played.payoffs)
    write_table(folder / "standings.parquet", analysis.standings)
    write_table(folder / "families.parquet", analysis.families)
    if analysis.games:
        tensors = [game_table(game) for game in analysis.games]
        write_table(folder / "game.parquet", pd.concat(tensors, ignore_index=True))
    drawn = _draw(folder / "figures", played, analysis)
    more = [
        Table(
            f"Equilibria under {game.mechanism}",
            EQUILIBRIA_NOTE if game.by_unit is not None else NO_SAMPLES,
            equilibria_rows(game),
        )
        for game in analysis.games
    ]
    families = families_rows(analysis.families)
    more.append(Table("Families of strategies", FAMILIES_NOTE, families))
    notes = [analysis.settling.sentence(played.seen.parties)] if analysis.settling else []
    notes += [analysis.replay.sentence()] if analysis.replay else []
    page = html_report(
        played, analysis.standings, analysis.findings, drawn, notes=notes, tables=more
    )
    (folder / "report.html").write_text(page, encoding="utf-8")
    write_json(folder / "summary.json", analysis.as_json())
    facts = {
        "matches": len(played.runs),
        "negotiations": played.negotiations,
        "replicates": played.replicates,
    }
    write_json(folder / MANIFEST, manifest("tournament", played.scenario, **facts))


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table as JSON takes them, None where there is no number."""
    known = table.astype(object).where(table.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in known.to_dict("records")]


def _draw(folder: Path, played: Tournament, analysis: Analysis) -> list[tuple[str, Path]]:
    """Draw every figure that the results allow; return captions and SVG files."""
    standings, drawn = analysis.standings, []
    with style():
        beside = ", with balance beside it" if "balance_ratio" in standings else ""
        caption = f"Own net cost of each strategy{beside}. Shorter is better."
        drawn.append((caption, save(figures.standings(standings), folder, "standings")[0]))
        if len(played.seen.parties) == TWO:
            for game in analysis.games:
                name = f"payoffs-{game.mechanism}"
                caption = (
                    f"What both networks pay under {game.mechanism} for each pair of "
                    "strategies; boxes mark combinations that neither would leave."
                )
                drawn.append((caption, save(figures.payoff_matrix(game), folder, name)[0]))
        for game in analysis.games:
            caption = (
                f"Shares of strategies under {game.mechanism} where what earns more spreads "
                "(replicator dynamics, a population for each party, equal shares at first)."
            )
            name = f"evolution-{game.mechanism}"
            drawn.append((caption, save(evolution_figure(game), folder, name)[0]))
        if "balance_ratio" in standings:
            caption = "Own net cost against balance: lower left is better on both."
            figure = figures.cost_against_balance(standings)
            drawn.append((caption, save(figure, folder, "cost-against-balance")[0]))
    return drawn
