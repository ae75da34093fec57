"""The components of the page: Vue templates, and what each is handed from Python.

Each draws plain data that it is given and tells of events; none keeps a state of the match.
"""

from collections.abc import Callable
from typing import Any

import solara

Event = Callable[[Any], None] | None


@solara.component_vue("components/controls.vue")
def Controls(
    spec: list[dict[str, Any]],
    values: dict[str, Any],
    run: dict[str, Any],
    paces: list[str],
    event_act: Event = None,
    event_change: Event = None,
    event_pace: Event = None,
    event_seek: Event = None,
) -> None:
    """Play, pause, step; and every parameter, with what it means."""


@solara.component_vue("components/header.vue")
def Header(title: str, subtitle: str) -> None:
    """Name the page, and switch between light and dark."""


@solara.component_vue("components/alert.vue")
def Alert(failure: dict[str, Any]) -> None:
    """Say in words what went wrong."""


@solara.component_vue("components/summary.vue")
def Summary(totals: dict[str, Any], stages: list[dict[str, Any]]) -> None:
    """Show the totals, and the six stages of the window."""


@solara.component_vue("components/network_map.vue")
def NetworkMap(plans: list[dict[str, Any]], flow: dict[str, Any], rating: float) -> None:
    """Draw the networks and the link."""


@solara.component_vue("components/heat_map.vue")
def HeatMap(
    heading: str,
    names: list[str],
    options: list[str],
    heat: dict[str, Any],
    event_seek: Event = None,
) -> None:
    """Draw what every party bid for every option and half-hour of a day."""


@solara.component_vue("components/line_chart.vue")
def LineChart(
    heading: str,
    unit: str,
    across: str,
    at: list[int],
    lines: list[dict[str, Any]],
    against: str = "",
    steps: bool = False,
) -> None:
    """Draw lines over windows, each named at its end."""


@solara.component_vue("components/accounts.vue")
def Accounts(rows: list[dict[str, Any]]) -> None:
    """List what each party has, paid and saved."""


@solara.component_vue("components/ledger.vue")
def Ledger(ledger: dict[str, Any], event_filter: Event = None) -> None:
    """List the newest calls to the contract."""


@solara.component_vue("components/comparison.vue")
def Comparison(comparison: dict[str, Any]) -> None:
    """Set two mechanisms side by side."""


@solara.component_vue("components/chair.vue")
def ChairPanel(
    chair: dict[str, Any], options: list[str], problem: str, event_send: Event = None
) -> None:
    """Let a person bid."""


@solara.component_vue("components/downloads.vue")
def Downloads(ready: dict[str, Any], event_want: Event = None) -> None:
    """Hand out tables and the scenario."""


@solara.component_vue("components/painted.vue")
def Painted(frame: int, event_painted: Event = None) -> None:
    """Tell when the browser has drawn a frame."""
