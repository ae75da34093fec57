"""The same model on Mesa's own page, drawn by Matplotlib: ``solara run docs/plain_mesa.py``.

An example of plain Mesa; ``gridpact visualise`` is the page to use. `Negotiation` is a Mesa
model like any other: here it is made from parameters that Mesa shows, and drawn by Mesa.
"""

import numpy as np
import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from agents.model import Negotiation
from experiments.scenario import read_scenario
from experiments.visualiser.controls import parameters
from experiments.visualiser.world import world
from experiments.wiring import open_venue, strategy, terms

SCENARIO = read_scenario("anglesey").with_changes("grid", days=84)
WORLD = world(SCENARIO)
SPEC = parameters(SCENARIO, WORLD.seen)
SHOWN = ("loading_1", "loading_2", "mechanism", "strategy_1", "strategy_2")


class PlainNegotiation(Negotiation):
    """A negotiation in memory, made from parameters as Mesa hands them over."""

    def __init__(
        self,
        loading_1: str = "N",
        loading_2: str = "N",
        mechanism: str = "hco",
        strategy_1: str = "truthful",
        strategy_2: str = "truthful",
    ) -> None:
        pair, seen = (loading_1, loading_2), WORLD.seen
        days = [seen.costs_gbp(pair, day) for day in range(seen.days)]
        super().__init__(
            venue=open_venue("local", terms(SCENARIO, seen, mechanism)),
            costs_gbp=np.concatenate(days, axis=1),
            strategies=[strategy(strategy_1), strategy(strategy_2)],
        )


@solara.component
def SetPoints(model: PlainNegotiation) -> None:  # noqa: N802
    """Draw the set-points of the last day."""
    update_counter.get()
    figure = Figure()
    axes = figure.subplots()
    points = model.datacollector.model_vars["set_point"][-48:]
    axes.step(range(len(points)), np.array(points) / 1000)
    axes.set(xlabel="window", ylabel="set-point, MW", ylim=(-30, 30))
    solara.FigureMatplotlib(figure)


@solara.component
def Bids(model: PlainNegotiation) -> None:  # noqa: N802
    """Draw what both parties bid for the options of the last window."""
    update_counter.get()
    figure = Figure()
    axes = figure.subplots()
    if model.session is not None:
        for seat, bids in enumerate(model.session.bids[0, :, -1]):
            axes.plot(bids, label=f"network-{seat + 1}")
        axes.legend()
    axes.set(xlabel="option", ylabel="bid, ticks or rank")
    solara.FigureMatplotlib(figure)


@solara.component
def Page() -> None:  # noqa: N802
    """Make a model for each visitor: one made outside would be shared by all."""
    model = solara.use_memo(PlainNegotiation, [])
    SolaraViz(
        model,
        components=[SetPoints, Bids],
        model_params={name: SPEC[name] for name in SHOWN},
        name="gridpact on plain Mesa",
        play_interval=50,
    )
