"""The page: controls on one side, what happened on the other, and nothing kept in between."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import reacton.ipyvuetify as rv
import solara

from experiments.visualiser import widgets
from experiments.visualiser.chair import refused
from experiments.visualiser.controller import AS_DRAWN, AS_PLAYED, Controller, Frame
from experiments.visualiser.opening import opening
from experiments.visualiser.session import Session
from experiments.visualiser.snapshot import LinkSnapshot, Snapshot
from experiments.visualiser.widgets import Plain

PACES: Final = {
    "1 a second": 1.0,
    "5 a second": 5.0,
    "20 a second": 20.0,
    "as fast as drawn": AS_DRAWN,
    "as fast as played": AS_PLAYED,
}
"""Windows a second, by what a visitor reads."""

LINES: Final = {
    "net": ("with payments", 0, ""),
    "cost": ("without payments", 1, "6 3"),
    "no_link": ("no link", 2, "2 3"),
    "optimum": ("least for all", 3, "10 3 2 3"),
}
"""What each line of costs is called, its colour and its dashes."""

WAYS: Final = {"market": "with the market", "alone": "each alone"}
"""What each line of what a feeder draws is called."""

LOOK: Final = Path(__file__).parent / "components" / "page.css"


@solara.component
def Layout(children: Any = ()) -> None:
    """Add nothing around the page: it has its own heading."""
    solara.Style(LOOK)
    rv.Html(tag="div", class_="gp-root", children=list(children))


@solara.component
def Page() -> None:
    """Show one visitor's session."""
    frame = solara.use_reactive(Frame(0, "working"))
    session = solara.use_memo(lambda: Session(opening(), frame.set), [])
    solara.use_effect(lambda: session.close, [])
    ready = solara.use_reactive({})
    problem = solara.use_reactive("")
    controller = session.controller
    now = frame.value
    solara.Title("gridpact")
    widgets.Header(title="gridpact", subtitle=session.title)
    with rv.Html(tag="div", class_="gp-columns"):
        with rv.Html(tag="aside", class_="gp-side", attributes={"aria-label": "Controls"}):
            _controls(session, now)
            widgets.Downloads(
                files=list(session.scene.files),
                ready=Plain(ready.value),
                event_want=lambda name: controller.call(
                    lambda playing: ready.set(session.download(name, playing))
                ),
                event_taken=lambda _: ready.set({}),
            )
        with rv.Html(tag="main", class_="gp-main"):
            if now.failure is not None:
                widgets.Alert(failure=Plain(asdict(now.failure)))
            if now.snapshot is not None:
                _panels(session, now.snapshot, problem, controller)
    widgets.Painted(
        frame=now.number,
        window=now.snapshot.shown if now.snapshot else 0,
        status=now.status,
        event_painted=controller.painted,
    )


def _controls(session: Session, now: Frame) -> None:
    controller, seen = session.controller, now.snapshot
    acts: dict[str, Callable[[], None]] = {
        "play": controller.play,
        "pause": controller.pause,
        "step": controller.step,
        "day": controller.day,
        "reset": lambda: controller.reset(session.values.value),
    }
    run = {
        "status": now.status,
        "going": now.going,
        "shown": seen.shown if seen else 0,
        "played": seen.played if seen else 0,
        "windows": seen.windows if seen else 0,
        "day": session.scene.day,
        "replay": session.replay,
        "chair": isinstance(seen, LinkSnapshot) and seen.chair is not None,
        "pace": session.pace.value,
    }

    def pace(name: str) -> None:
        controller.pace = PACES[name]
        session.pace.set(name)

    widgets.Controls(
        spec=Plain(session.spec_list),
        values=Plain(session.values.value),
        run=run,
        paces=list(PACES),
        event_act=lambda name: acts[name](),
        event_change=session.change,
        event_pace=pace,
        event_seek=lambda window: controller.seek(int(window)),
    )


def _panels(
    session: Session, seen: Snapshot, problem: solara.Reactive[str], controller: Controller
) -> None:
    heading = "Ledger"
    if isinstance(seen, LinkSnapshot):
        _link(session, seen, problem, controller)
    if seen.community is not None:
        if not isinstance(seen, LinkSnapshot):
            _feeder(session, seen.community, controller)
            heading += " of community 1" * (seen.community["feeders"] > 1)
        _community(seen.community)
    if seen.ledger is not None:
        widgets.Ledger(
            heading=heading,
            ledger=Plain(seen.ledger),
            event_filter=lambda by: controller.look(**by),
        )


def _link(
    session: Session, seen: LinkSnapshot, problem: solara.Reactive[str], controller: Controller
) -> None:
    def seek(window: int) -> None:
        controller.seek(int(window))

    widgets.Summary(totals=Plain(seen.totals), stages=Plain(seen.stages))
    if seen.chair is not None:
        _chair(session, seen.chair, problem, controller)
    if seen.flow["networks"]:
        widgets.NetworkMap(
            plans=Plain(session.scene.plans),
            flow=Plain(seen.flow),
            rating=session.scene.rating_mw,
            fed=session.scene.fed,
        )
    if seen.community is not None:
        _feeder(session, seen.community, controller)
    if seen.comparison is not None:
        widgets.Comparison(comparison=Plain(seen.comparison))
    names = [row["party"] for row in seen.accounts]
    heading = {"offers": "Offers", "ranks": "Ranks"}[seen.heat["form"]]
    widgets.HeatMap(
        heading=f"{heading} by option and half-hour",
        names=names,
        options=list(session.scene.options),
        heat=Plain(seen.heat),
        event_seek=seek,
    )
    for party in seen.costs["parties"]:
        _costs(party, seen.costs["at"])
    _learning(seen.learning, names)
    widgets.Accounts(rows=Plain(seen.accounts))


def _feeder(session: Session, seen: dict[str, Any], controller: Controller) -> None:
    widgets.Feeder(
        plan=Plain(session.scene.feeder),
        seen=Plain(seen),
        event_feeder=lambda number: controller.look(feeder=int(number)),
    )


def _community(seen: dict[str, Any]) -> None:
    widgets.Households(seen=Plain(seen))
    widgets.LineChart(
        heading=f"What community {seen['feeder'] + 1} draws on the day",
        unit="kW",
        across="half-hour",
        at=Plain(seen["exchange"]["at"]),
        lines=Plain(
            [
                {"name": name, "colour": i, "dash": ["", "2 3"][i], "y": seen["exchange"][kind]}
                for i, (kind, name) in enumerate(WAYS.items())
            ]
        ),
    )
    widgets.LineChart(
        heading="Saved by a household, against each alone",
        unit="GBP",
        across="half-hour",
        at=Plain(seen["saved"]["at"]),
        lines=Plain(
            [
                {
                    "name": name,
                    "colour": seen["strategies"].index(name) % 6,
                    "dash": ["", "6 3", "10 3 2 3"][seen["strategies"].index(name) % 3],
                    "y": y,
                }
                for name, y in seen["saved"]["lines"].items()
            ]
        ),
    )


def _costs(party: dict[str, Any], at: list[int]) -> None:
    lines = [
        {"name": LINES[kind][0], "colour": LINES[kind][1], "dash": LINES[kind][2], "y": y}
        for kind, y in party["series"].items()
    ]
    widgets.LineChart(
        heading=f"Cost of {party['party']} so far",
        unit="GBP",
        across="window",
        at=Plain(at),
        lines=Plain(lines),
        against="no link",
    )


def _learning(learning: dict[str, Any], names: list[str]) -> None:
    lines = [
        {
            "name": f"{one['party']}{', regret' * (one['kind'] == 'regret')}",
            "colour": names.index(one["party"]),
            "dash": "2 3" if one["kind"] == "regret" else ["", "6 3", "10 3 2 3"][i % 3],
            "y": one["y"],
        }
        for i, one in enumerate(learning["series"])
    ]
    widgets.LineChart(
        heading="Learning: what best responses would have added",
        unit="GBP",
        across="window",
        at=Plain(learning["at"]),
        lines=Plain(lines),
    )


def _chair(
    session: Session,
    chair: dict[str, Any],
    problem: solara.Reactive[str],
    controller: Controller,
) -> None:
    def send(bids: dict[str, list[int]]) -> None:
        form = chair["session"][0]["form"]
        words = [refused(form, said, len(session.scene.options)) for said in bids.values()]
        problem.set(next((word for word in words if word), ""))
        if not problem.value:
            controller.order({int(window): tuple(said) for window, said in bids.items()})

    widgets.ChairPanel(
        chair=Plain(chair),
        options=list(session.scene.options),
        problem=problem.value,
        event_send=send,
    )
