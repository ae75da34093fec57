"""Small communities that tests play."""

from functools import cache

from experiments.community.world import World, world
from experiments.scenario import CommunityPart, GridPart, Scenario

RULES = CommunityPart().rules


def small_scenario(days=1, seed=0, **community):
    """Return a scenario of six households that own much, unless said otherwise."""
    part = {"prosumers": 6, "photovoltaics": 0.8, "batteries": 0.6, "cars": 0.5}
    return Scenario(
        name="small",
        seed=seed,
        grid=GridPart(case="community", days=days),
        community=CommunityPart(**part | community),
    )


@cache
def small_world(days=1, seed=0, **community) -> World:
    """Return its world, made once."""
    return world(small_scenario(days, seed, **community))


def silent(*_):
    """Tell nobody."""
