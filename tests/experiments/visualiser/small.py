"""A world of two windows a day and three options, small enough to work by hand."""

from experiments.scenario import Scenario
from experiments.visualiser.controls import choice, parameters
from experiments.visualiser.playing import Live
from experiments.visualiser.spec import defaults
from experiments.visualiser.world import World
from tests.experiments.community.small import small_scenario
from tests.experiments.small_tournament import small_study

MIX = {"cooperative": 2 / 3, "adversarial": 1 / 3}


def homes(**community):
    """Return two days of six households under one rule, a third of them adversarial."""
    return small_scenario(days=2, **{"rules": ("uniform-price",), "mix": MIX, **community})


def small_world(days=2, loadings=("N", "D")):
    """Return a world whose costs come from a table."""
    scenario = Scenario(name="small").with_changes("grid", costs="costs.csv")
    scenario = scenario.with_changes("chain", venue="local")
    return World(scenario, small_study(loadings=loadings, days=days))


def small_live(world=None, **values):
    """Return a match of it, with some parameters set."""
    world = world or small_world()
    spec = parameters(world.scenario, world.seen)
    plain = world.scenario.with_changes("grid", costs="", days=world.seen.days)
    return Live(choice(plain, defaults(spec) | values, world.seen.parties), world)
