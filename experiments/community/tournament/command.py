"""What ``gridpact tournament`` does with a scenario of communities."""

import json
from dataclasses import replace
from pathlib import Path

import typer

from experiments.community.tournament.files import Analysis, analyse, write
from experiments.community.tournament.mixes import turns_of
from experiments.community.tournament.play import Played, mixes, play_all
from experiments.community.tournament.report import BRIEFLY, lasting_rows
from experiments.community.world import World, world
from experiments.errors import InputRefused, ScenarioRefused
from experiments.progress import progress_bar
from experiments.results import results_folder
from experiments.scenario import Scenario
from experiments.tournament.parts import Parts
from experiments.trial import telling_which
from experiments.validation import check_community
from experiments.wiring import VENUES
from market.games.heuristic_counts import how_many

WIDE = 144
"""Columns that the table of what lasts needs."""


def community_tournament(
    scenario: Scenario, workers: int | None, folder: Path, *, as_json: bool
) -> None:
    """Play every mix under every rule, write the results, and tell what was found.

    Raises
    ------
    ScenarioRefused, StrategyBroken
        Before a folder is made, unless a strategy fails in the midst of play.
    """
    check_community(scenario, VENUES)
    check_mixes(scenario)
    homes = world(scenario)
    check_groups(scenario, homes)
    with results_folder(folder) as draft:
        parts = Parts(folder.parent / f".gridpact-{folder.name}-parts")
        played = _played(scenario, homes, workers, parts)
        analysis = analyse(played)
        write(draft, played, analysis)
    parts.clear()
    if as_json:
        typer.echo(json.dumps(analysis.as_json(), indent=1))
    else:
        _print(analysis)
        typer.echo(f"report: {folder / 'report.html'}")


def in_memory(scenario: Scenario, venue: str | None, rpc_url: str) -> Scenario:
    """Return a scenario whose communities trade in memory.

    Raises
    ------
    InputRefused
        If another venue is asked for.
    """
    if rpc_url or (venue is not None and venue != "local"):
        asked = f"--venue {venue}" if venue else "--rpc-url"
        reason = "a tournament of communities is played in memory, wanted local"
        raise InputRefused(asked, reason)
    return scenario.with_changes("chain", venue="local")


def with_listed(
    scenario: Scenario,
    rules: tuple[str, ...] | None,
    strategies: tuple[str, ...] | None,
    more: tuple[str, ...] = (),
) -> Scenario:
    """Return a scenario with other rules or strategies; those that are None stay."""
    listed = (*(strategies or scenario.community.strategies), *more)
    part = replace(scenario.community, strategies=listed)
    return replace(scenario, community=part).with_changes("community", rules=rules)


def check_mixes(scenario: Scenario) -> None:
    """Refuse tournaments without a choice, or with more seatings than are allowed.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    part, play = scenario.community, scenario.play
    if play.settle:
        reason = f"play.settle is {play.settle}, wanted 0, as every mix is played as often"
        raise ScenarioRefused(scenario.source, reason)
    if len(part.strategies) < 2:
        listed = list(part.strategies)
        reason = f"community.strategies is {listed!r}, wanted two or more to choose from"
        raise ScenarioRefused(scenario.source, reason)
    fewest = how_many(part.groups, len(part.strategies)) * play.replicates
    if fewest > play.profiles or turns_of(mixes(scenario)) * play.replicates > play.profiles:
        reason = (
            f"community.groups is {part.groups}, which {len(part.strategies)} strategies can "
            f"share out in more ways than play.profiles, {play.profiles:,}; wanted fewer groups"
        )
        raise ScenarioRefused(scenario.source, reason)


def check_groups(scenario: Scenario, homes: World) -> None:
    """Refuse more groups than there are households.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    fewest = int(homes.present.sum(1).min())
    if scenario.community.groups > fewest:
        wanted = f"wanted {fewest} at most: no more groups than households of a community"
        reason = f"community.groups is {scenario.community.groups}, {wanted}"
        raise ScenarioRefused(scenario.source, reason)


def _played(scenario: Scenario, homes: World, workers: int | None, parts: Parts) -> Played:
    """Play; what was finished is kept if somebody stops it."""
    listed = scenario.community.strategies
    try:
        with progress_bar("Mixes") as progress, telling_which(listed):
            return play_all(scenario, homes, progress, workers, parts)
    except KeyboardInterrupt:
        if parts.folder.exists():
            told = "what was finished is kept: the same command goes on from there"
            typer.echo(told, err=True)
        raise


def _print(analysis: Analysis) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, emoji=False, highlight=False)  # names are the user's
    console.width = max(console.width, WIDE)
    _, *rows = lasting_rows(analysis.games)
    title = (
        "What lasts; the share of mixes that end there; what a household saves against each "
        "alone, and of what a virtual power plant saves; exchange with the grid over each "
        "alone; from how many groups on invaders spread. In brackets 95 % of samples."
    )
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(BRIEFLY):
        table.add_column(name, justify="left" if place < 2 else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for rule, said in analysis.findings.items():
        console.print()
        for sentence in said:
            console.print(f"{rule}: {sentence}", soft_wrap=True)
    console.print()
    for sentence in analysis.answer:
        console.print(sentence, soft_wrap=True)
