"""What stands still on a visitor's page: parameters, drawings, and how play begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from experiments.errors import chosen
from experiments.scenario import Scenario
from experiments.visualiser.communities.live import communal
from experiments.visualiser.communities.live import parameters as communal_parameters
from experiments.visualiser.communities.replay import CommunalReplay
from experiments.visualiser.communities.replay import parameters as replay_parameters
from experiments.visualiser.controls import choice, parameters
from experiments.visualiser.drawing import Plan, draw_feeder
from experiments.visualiser.opening import Opening
from experiments.visualiser.playing import Live, Playing
from experiments.visualiser.replay import Replay, unplayed
from experiments.visualiser.spec import Spec
from experiments.visualiser.world import world

Drawn: TypeAlias = dict[str, Any]
"""A plan as plain JSON."""

MATCH: Final = ("windows.csv", "bids.csv", "calls.csv")
COMMUNITY: Final = ("trades.csv",)
TOML: Final = ("scenario.toml",)


@dataclass(frozen=True)
class Scene:
    """Where a visitor finds himself."""

    spec: Spec
    make: Callable[[Mapping[str, Any]], Playing]
    """From what is asked for to what is played."""

    files: tuple[str, ...]
    """What can be taken home."""

    day: int
    """How many windows a day has."""

    plans: tuple[Drawn, ...] = ()
    """How the networks are drawn."""

    fed: str = ""
    """The bus of the first network that feeds communities, if there are any."""

    options: tuple[str, ...] = ()
    """Set-points in the middle of each option, in MW."""

    rating_mw: float = 0.0
    """The most that the link carries."""

    feeder: Drawn | None = None
    """How the feeder of communities is drawn, if there are any."""


def scene(opened: Opening) -> Scene:
    """Return where a visitor of an opening finds himself."""
    if opened.scenario.grid.case == "community":
        return _of_communities(opened.scenario, opened.results)
    return _of_link(opened.scenario, opened.results)


def _of_communities(scenario: Scenario, results: Path | None) -> Scene:
    from experiments.community.world import feeder_of
    from grid.feeder.year import WINDOWS

    def make(values: Mapping[str, Any]) -> Playing:
        if results is None:
            return communal(scenario, values)
        chosen("trading rule", values["trading"], dict.fromkeys(scenario.community.rules))
        shown = scenario.with_changes("community", rules=(values["trading"],))
        return CommunalReplay(results, shown)

    return Scene(
        spec=(communal_parameters if results is None else replay_parameters)(scenario),
        make=make,
        files=COMMUNITY + TOML,
        day=WINDOWS,
        feeder=_drawn(draw_feeder(feeder_of(scenario))),
    )


def _of_link(scenario: Scenario, results: Path | None) -> Scene:
    grid = world(scenario if results is None else unplayed(scenario))
    seen, neighbours = grid.seen, grid.neighbours
    middles = [(low + high) / 2000 for low, high in seen.options]

    def make(values: Mapping[str, Any]) -> Playing:
        if results is not None:
            return Replay(results, scenario, grid)
        asked = choice(scenario, values, seen.parties)
        return Live(asked, world(asked.scenario))

    return Scene(
        spec={} if results is not None else parameters(scenario, seen),
        make=make,
        files=MATCH + (COMMUNITY if neighbours else ()) + TOML,
        day=int(seen.cost_gbp.shape[3]),
        plans=tuple(map(_drawn, grid.plans)),
        fed=scenario.community.bus if neighbours else "",
        options=tuple(f"{mw:+g}" if mw else "0" for mw in middles),
        rating_mw=max(abs(end) for option in seen.options for end in option) / 1000,
        feeder=_drawn(neighbours.plan) if neighbours else None,
    )


def _drawn(plan: Plan) -> Drawn:
    xy, known = plan.xy.round(4).tolist(), plan.known.tolist()
    return {
        "name": plan.name,
        "buses": [
            {"name": name, "x": x, "y": y, "known": there}
            for name, (x, y), there in zip(plan.buses, xy, known, strict=True)
        ],
        "terminal": plan.terminal,
        "share": plan.share,
        "lines": [list(ends) for ends in plan.lines],
        "supplies": list(plan.supplies),
        "transformers": plan.transformers.tolist(),
    }
