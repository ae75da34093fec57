"""The components of the page: Vue templates, and what each is handed from Python.

Each draws plain data that it is given and tells of events; none keeps a state of the match.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import solara

Event: TypeAlias = Callable[[Any], None] | None


@dataclass(frozen=True)
class Plain:
    """Data that goes to the browser as it is; Solara would look for widgets all through it."""

    data: Any


def _template(name: str, *plain: str) -> Any:
    """Return what makes a component of a template; some of what it takes is `Plain`."""
    return solara.component_vue(f"components/{name}.vue", to_json=dict.fromkeys(plain, _data))


def _data(plain: Plain, _widget: Any) -> Any:
    return plain.data


@_template("controls", "spec", "values")
def Controls(
    spec: Plain,
    values: Plain,
    run: dict[str, Any],
    paces: list[str],
    event_act: Event = None,
    event_change: Event = None,
    event_pace: Event = None,
    event_seek: Event = None,
) -> None:
    """Play, pause, step; and every parameter, with what it means."""


@_template("header")
def Header(title: str, subtitle: str) -> None:
    """Name the page, and switch between light and dark."""


@_template("alert", "failure")
def Alert(failure: Plain) -> None:
    """Say in words what went wrong."""


@_template("summary", "totals", "stages")
def Summary(totals: Plain, stages: Plain) -> None:
    """Show the totals, and the six stages of the window."""


@_template("network_map", "plans", "flow")
def NetworkMap(plans: Plain, flow: Plain, rating: float, fed: str = "") -> None:
    """Draw the networks and the link."""


@_template("feeder", "plan", "seen")
def Feeder(plan: Plain, seen: Plain, event_feeder: Event = None) -> None:
    """Draw a feeder with its households."""


@_template("households", "seen")
def Households(seen: Plain) -> None:
    """List what the households of each strategy did, and each household now."""


@_template("heat_map", "heat")
def HeatMap(
    heading: str,
    names: list[str],
    options: list[str],
    heat: Plain,
    event_seek: Event = None,
) -> None:
    """Draw what every party bid for every option and half-hour of a day."""


@_template("line_chart", "at", "lines")
def LineChart(
    heading: str,
    unit: str,
    across: str,
    at: Plain,
    lines: Plain,
    against: str = "",
    steps: bool = False,
) -> None:
    """Draw lines over windows, each named at its end."""


@_template("accounts", "rows")
def Accounts(rows: Plain) -> None:
    """List what each party has, paid and saved."""


@_template("ledger", "ledger")
def Ledger(heading: str, ledger: Plain, event_filter: Event = None) -> None:
    """List the newest calls to the contract."""


@_template("comparison", "comparison")
def Comparison(comparison: Plain) -> None:
    """Set two mechanisms side by side."""


@_template("chair", "chair")
def ChairPanel(
    chair: Plain, options: list[str], problem: str, event_send: Event = None
) -> None:
    """Let a person bid."""


@_template("downloads", "ready")
def Downloads(
    files: list[str], ready: Plain, event_want: Event = None, event_taken: Event = None
) -> None:
    """Hand out tables and the scenario; a file is let go when it was taken."""


@_template("painted")
def Painted(frame: int, window: int, status: str, event_painted: Event = None) -> None:
    """Tell when the browser has drawn a frame, of which this is the last part."""
