"""The composition root: from a scenario to costs, terms, venues and strategies.

The only module that sees all four packages; others are handed what it makes.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from experiments.errors import InputRefused, ScenarioRefused, Unknown, chosen
from experiments.scenario import Scenario
from experiments.validation import check, check_players
from market.local import LocalVenue
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.terms import Terms, middle_option
from market.types import Floats
from market.venue import Venue

if TYPE_CHECKING:
    from agents.strategies.base import Strategy
    from grid.appraisal import Appraisal
    from grid.case import Case

VENUES = ("local", "revm", "eth-tester", "rpc")
"""Where windows can be held."""

HALF_HOUR: Final = 1800
"""Seconds of a window."""

REVEALING: Final = 300
"""Seconds to reveal sealed bids in."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Study:
    """What the grid says: costs of every option, with physics beside if there is any."""

    parties: tuple[str, ...]
    """Names of the networks, in seat order."""

    scenarios: tuple[str, ...]
    """Names of loadings, in the order of the second axis."""

    options: tuple[tuple[int, int], ...]
    """Lowest and highest set-point of each option, in kW."""

    cost_gbp: Floats
    """Shape (network, scenario, day, window, option)."""

    no_link_gbp: Floats | None
    """Without the link, shape (network, scenario, day, window); None if not known."""

    appraisal: "Appraisal | None" = None
    """The physics; None for a table of costs."""

    def costs_gbp(self, pair: tuple[str, ...], day: int) -> Floats:
        """Return the costs of a pair of loadings, shape (party, window, option)."""
        return self.cost_gbp[self.seats, self.places(pair), day]

    def isolated_gbp(self, pair: tuple[str, ...], day: int) -> Floats:
        """Return the costs with the element out of service, shape (party, window).

        As without the link; where that is not known, as at the set-point nearest zero.
        """
        if self.no_link_gbp is None:
            return self.costs_gbp(pair, day)[..., middle_option(self.options)]
        return self.no_link_gbp[self.seats, self.places(pair), day]

    def places(self, pair: tuple[str, ...]) -> list[int]:
        """Return the index of each network's loading."""
        for name in pair:
            if name not in self.scenarios:
                raise Unknown("scenario of a network", name, self.scenarios)
        return [self.scenarios.index(name) for name in pair]

    def sha256(self) -> str:
        """Return a hash of all that it says."""
        arrays = [self.cost_gbp]
        if self.no_link_gbp is not None:
            arrays.append(self.no_link_gbp)
        if self.appraisal is not None:
            from grid.appraisal import Scores

            both = self.appraisal, self.appraisal.no_link
            arrays += [getattr(scores, f.name) for scores in both for f in fields(Scores)]
        found = hashlib.sha256(repr((self.parties, self.scenarios, self.options)).encode())
        for array in arrays:
            found.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def without_voltages(self) -> Self:
        """Return the same without the voltages of single buses, which are large."""
        if self.appraisal is None:
            return self
        return replace(self, appraisal=replace(self.appraisal, vm_pu=()))

    @property
    def seats(self) -> list[int]:
        """The index of each network."""
        return list(range(len(self.parties)))

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.cost_gbp.shape[2])


def study(
    scenario: Scenario, progress: Progress | None = None, case: "Case | None" = None
) -> Study:
    """Price every option for every network: from load flows, or from a user's table.

    Parameters
    ----------
    scenario : Scenario
        What is asked.
    progress : callable, optional
        Told how many load flows are done.
    case : Case, optional
        Its networks with something added; else as they are.

    Raises
    ------
    ScenarioRefused
        If the scenario does not say what is needed; a `grid.errors.GridError` if a
        file of its own is wrong.
    """
    check(scenario, VENUES)
    if scenario.grid.costs:
        return _first_days(scenario, _tabled(scenario))
    return _first_days(scenario, study_of(scenario, case or grid_case(scenario), progress))


def grid_case(scenario: Scenario) -> "Case":
    """Return the networks of a scenario, ready for load flows."""
    from grid.case import equal_options

    part = scenario.grid
    changes: dict[str, Any] = {"options_mw": equal_options(part.options)}
    if part.scenarios:
        changes["scenarios"] = part.scenarios
    if part.case == "anglesey":
        from grid.anglesey import anglesey

        return anglesey(days=part.days, seed=scenario.seed, **changes)
    from grid.own import own_case

    return own_case(
        networks=[scenario.folder / path for path in part.networks],
        terminals=part.terminals,
        profiles=scenario.folder / part.profiles,
        shares=part.shares,
        **changes,
    )


def terms(scenario: Scenario, seen: Study, mechanism: str) -> Terms:
    """Return what the parties agree: the scenario's market on the study's options."""
    chosen("mechanism", mechanism, MECHANISMS)
    chosen("payment rule", scenario.market.payment, PAYMENT_RULES)
    try:
        return Terms(
            parties=len(seen.parties),
            options=seen.options,
            mechanism=mechanism,
            payment=scenario.market.payment,
            default=middle_option(seen.options),
            bond=round(scenario.market.bond_gbp / scenario.market.tick_gbp),
            horizon=scenario.market.horizon,
            period=HALF_HOUR * scenario.market.horizon,
            revealing=REVEALING if scenario.market.sealed else 0,
        )
    except ValueError as error:
        raise ScenarioRefused(scenario.source, str(error)) from error


def open_venue(name: str, agreed: Terms, rpc_url: str = "") -> Venue:
    """Return a fresh venue: in memory, or a contract deployed on a chain.

    Parameters
    ----------
    name : str
        One of `VENUES`.
    agreed : Terms
        What the parties agreed.
    rpc_url : str
        Of an Ethereum node, for venue ``rpc``. Its accounts' keys come from the environment:
        one for each party, and one that deploys and meters.
    """
    if name == "local":
        return LocalVenue(agreed)
    chosen("venue", name, dict.fromkeys(VENUES))
    from chain.venue import EVMS, ContractVenue

    if name != "rpc":
        return ContractVenue(agreed, EVMS[name]())
    if not rpc_url:
        raise InputRefused("venue rpc", "no URL of a node, wanted --rpc-url")
    from chain.keys import keys_from
    from chain.node import Node

    node = Node(rpc_url, keys_from(os.environ))
    return ContractVenue(agreed, node, meter=node.key(agreed.parties))


def strategy(text: str) -> "Strategy":
    """Return what a text stands for: a listed strategy, or one from outside."""
    from experiments import plugins

    return plugins.strategy(text)


def study_of(scenario: Scenario, case: "Case", progress: Progress | None = None) -> Study:
    """Price every option for every network of a case, by load flows."""
    from grid.appraisal import appraise

    check_players(scenario, [network.name for network in case.networks], tuple(case.scenarios))
    appraisal = appraise(case, progress=progress)
    return Study(
        parties=appraisal.networks,
        scenarios=appraisal.scenarios,
        options=tuple((_kilowatts(low), _kilowatts(high)) for low, high in case.options_mw),
        cost_gbp=appraisal.cost_gbp,
        no_link_gbp=appraisal.no_link.cost_gbp,
        appraisal=appraisal,
    )


def _tabled(scenario: Scenario) -> Study:
    from grid.case import equal_options
    from grid.cost_table import read_cost_table

    table = read_cost_table(scenario.folder / scenario.grid.costs)
    check_players(scenario, table.networks, table.scenarios)
    count = table.cost_gbp.shape[-1]
    return Study(
        parties=table.networks,
        scenarios=table.scenarios,
        options=tuple((_kilowatts(a), _kilowatts(b)) for a, b in equal_options(count)),
        cost_gbp=table.cost_gbp,
        no_link_gbp=table.no_link_gbp,
    )


def _first_days(scenario: Scenario, seen: Study) -> Study:
    """Keep as many days as the scenario asks for, of those that its files hold."""
    wanted = scenario.grid.days
    if wanted > seen.days:
        reason = f"grid.days is {wanted}, wanted 1 to {seen.days}, which its files hold"
        raise ScenarioRefused(scenario.source, reason)
    no_link = None if seen.no_link_gbp is None else seen.no_link_gbp[:, :, :wanted]
    return replace(seen, cost_gbp=seen.cost_gbp[:, :, :wanted], no_link_gbp=no_link)


def _kilowatts(mw: float) -> int:
    return round(mw * 1000)
