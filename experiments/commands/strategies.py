"""``gridpact strategies``: the registry, and how one bids."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import AsJson, MoreStrategies

if TYPE_CHECKING:
    from experiments.strategy_example import Example


def strategies(
    name: Annotated[
        str | None,
        typer.Argument(help="One of them, such as shaded(share=0.7); all unless given."),
    ] = None,
    strategy: MoreStrategies = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of its figure; results/strategies/<name>.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the strategies; with a name: what it means and how it bids over a day."""
    if name is not None:
        folder = out or Path("results/strategies") / re.sub(r"[^\w.=+-]+", "-", name).strip("-")
        _one(name, folder, as_json)
        return
    rows = list(_rows(strategy or []))
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
    else:
        _print_all(rows)


def _rows(more: list[str]) -> Iterator[dict[str, str]]:
    """Yield a row for every strategy: listed, wrapped around another, from outside."""
    from agents.strategies import STRATEGIES
    from agents.wrappers import WRAPPERS
    from experiments import plugins, trial

    listed = [*STRATEGIES, *(f"{name}(truthful)" for name in WRAPPERS)]
    others = [*(point.name for point in plugins.installed()), *more]
    for text in [*listed, *others]:
        try:
            if text in others:
                trial.try_out(text)
            yield _row(text, plugins.strategy(text))
        except plugins.StrategyBroken as broken:
            typer.echo(f"left out: {broken}", err=True)


def _row(text: str, made: Any) -> dict[str, str]:
    """Return what is said of a strategy in a row."""
    from experiments.plugins import MODULE
    from experiments.strategy_example import meaning_of

    module = type(made).__module__
    family = "file" if module.startswith(MODULE) else module.rpartition(".")[2]
    dial = getattr(made, "disposition", None)
    without = "indifferent" if family == "indifferent" else "-"
    return {
        "name": text,
        "family": family.replace("_", "-"),
        "disposition": without if dial is None else dial.name,
        "meaning": meaning_of(text, made),
    }


def _print_all(rows: list[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("name", "family", "disposition", "meaning"):
        table.add_column(column, no_wrap=column == "name")
    for row in rows:
        table.add_row(*row.values())
    Console(highlight=False, markup=False, emoji=False).print(table)
    typer.echo("\nWith parameters: shaded(share=0.7), noise(shaded, size=0.1), mine.py:Mine.")


def _one(name: str, folder: Path, as_json: bool) -> None:
    from dataclasses import asdict

    from experiments import plugins, trial
    from experiments.figures import strategy as figures
    from experiments.figures.style import save, style
    from experiments.progress import progress_bar
    from experiments.results import manifest, results_folder, write_json
    from experiments.strategy_example import day, example, stage

    plugins.strategy(name)  # before anything is computed
    with results_folder(folder) as draft, trial.telling_which((name,)):
        with progress_bar("Load flows") as progress:
            on = stage(progress)
        shown, bids = example(name, on), day(name, on)
        with style():
            files = save(figures.bids(bids, shown.meaning), draft, "bids")
        write_json(draft / "manifest.json", manifest("strategies", on.scenario, strategy=name))
    drawn = [str(folder / path.name) for path in files]
    if as_json:
        typer.echo(json.dumps(asdict(shown) | {"figures": drawn}, indent=1))
    else:
        _print(shown)
        typer.echo(f"figure: {drawn[0]}, {drawn[1]}")


def _print(shown: "Example") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("option", "MW", "cost GBP", "value GBP", "offer", "rank", title=shown.where)
    rows = zip(
        shown.set_point_mw,
        shown.cost_gbp,
        shown.value_gbp,
        shown.offers,
        shown.ranks,
        strict=True,
    )
    for option, (mw, cost, value, offer, rank) in enumerate(rows):
        numbers = f"{mw:g}", f"{cost:.2f}", f"{value:.2f}", f"{offer}", f"{rank}"
        table.add_row(str(option), *numbers)
    typer.echo(f"{shown.name}: {shown.meaning}\n\n{shown.description}\n")
    for key, default in shown.keys.items():
        typer.echo(f"{key}={default}")
    Console(highlight=False).print(table)
