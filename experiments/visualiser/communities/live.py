"""Communities by themselves: half-hours that are played on, day by day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from experiments.community.world import world as communities_of
from experiments.errors import chosen
from experiments.scenario import Scenario
from experiments.validation import check_community
from experiments.visualiser import downloads
from experiments.visualiser.communities.controls import community_parameters, with_community
from experiments.visualiser.communities.neighbours import Neighbours
from experiments.visualiser.communities.told_market import VENUES, ToldMarket
from experiments.visualiser.controls import MEANINGS, days_and_seed, days_of
from experiments.visualiser.snapshot import Look, Snapshot, community_snapshot
from experiments.visualiser.spec import Spec, select, whole
from experiments.wiring import VENUES as ALL_VENUES


class Communal:
    """Communities of a scenario; a day is played when its first half-hour is.

    Parameters
    ----------
    scenario : Scenario
        Of communities alone.
    venue : str
        Where the market of the first community is held.
    """

    def __init__(self, scenario: Scenario, venue: str) -> None:
        self.scenario = scenario
        self.neighbours = Neighbours(scenario, communities_of(scenario))
        self.market = ToldMarket(self.neighbours.world, self.neighbours.rule, venue)
        self._played = 0

    @property
    def played(self) -> int:
        """How many half-hours were played."""
        return self._played

    @property
    def windows(self) -> int:
        """How many there are."""
        return self.scenario.grid.days * self.day

    @property
    def day(self) -> int:
        """How many a day has."""
        return self.neighbours.world.windows

    def step(self) -> None:
        """Play the next half-hour."""
        self.market.step(self._played, self.neighbours.day(self._played // self.day))
        self._played += 1

    def look(self, at: Look) -> Snapshot:
        """Return what is to be seen."""
        return community_snapshot(self.neighbours, self.market, at, self._played, self.windows)

    @property
    def files(self) -> Mapping[str, Callable[[], str]]:
        """What a visitor takes home."""
        return downloads.of_communities(self.scenario, self.neighbours, self._played)

    def close(self) -> None:
        """Let go of nothing: there is no model."""


def parameters(scenario: Scenario) -> Spec:
    """Return what a visitor may set, in Mesa's terms."""
    held = scenario.chain.venue if scenario.chain.venue in VENUES else "local"
    venue = select("Venue", held, VENUES, MEANINGS["venue"])
    rest = days_and_seed(scenario, scenario.grid.days)
    return community_parameters(scenario.community) | {"venue": venue} | rest


def communal(scenario: Scenario, values: Mapping[str, Any]) -> Communal:
    """Return communities as a visitor set them, checked.

    Raises
    ------
    ScenarioRefused, InputRefused, Unknown
        Naming what cannot be.
    """
    asked = with_community(replace(scenario, seed=whole("seed", values["seed"])), values)
    days = days_of(values, scenario.grid.days)
    asked = asked.with_changes("grid", days=days).with_changes("chain", venue=values["venue"])
    check_community(asked, ALL_VENUES)
    chosen("venue", values["venue"], VENUES)
    return Communal(asked, values["venue"])
