"""A case: networks that share a link, their profiles, and what may be chosen.

The set-point is positive from party 0 to party 1: at P MW network 0 gives P up
at its terminal and network 1 receives P (equation 6 of the paper, no DC losses).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import isclose
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from grid.errors import OptionsRefused, SharesRefused

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Option = tuple[float, float]

SCENARIOS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"N": (1.0, 1.0), "D": (3.0, 1.0), "G": (1.0, 3.0)}
)
"""Factors on demand and on generation: normal, high demand, high generation."""


@dataclass(frozen=True, eq=False)
class Network:
    """One party's network: elements at their full size, and profiles for them."""

    name: str

    pandapower_json: str = field(repr=False)
    """The network as pandapower writes it, without any converter of the link."""

    terminal: int
    """Index of the bus where the link's converter stands."""

    link_share: float
    """What the terminal receives for each MW of set-point: -1 at seat 0, +1 at 1."""

    demand: Floats = field(repr=False)
    """Share of each load that is drawn, shape (day, window, load)."""

    generation: Floats = field(repr=False)
    """Share of each static generator that is running, shape (day, window, sgen)."""


@dataclass(frozen=True)
class Prices:
    """Price times weight for each index of equation (9), GBP per window."""

    losses: float = 10.0
    """Pr1 w1, GBP per MW lost."""

    utilisation: float = 50.0
    """Pr2 w2, GBP per unit of the line utilisation index."""

    voltage: float = 700.0
    """Pr3 w3, GBP per p.u. of the voltage profile index."""

    lost_load: float = 16_940.0
    """GBP per MWh of demand in a window whose load flow does not converge.

    London Economics for Ofgem and DECC, *The Value of Lost Load for Electricity
    in Great Britain*, 2013.
    """


@dataclass(frozen=True)
class Controls:
    """How converters and tap changers react: the same rule in every load flow."""

    rating_mva: float = 30.0
    """Largest apparent power of a converter (equation 8)."""

    terminal_pu: float = 1.0
    """Voltage that a converter holds while its reactive power suffices."""

    tap_target_pu: float = 1.0
    """Voltage that a tap changer aims at."""

    dead_band_steps: float = 0.6
    """A tap changer rests while its voltage is nearer to the target, in steps."""

    rounds: int = 40
    """Tap changers that have not come to rest by then count as no solution."""


def paper_options() -> tuple[Option, ...]:
    """Return the paper's thirteen options: twelve of 5 MW, and zero, ascending.

    Examples
    --------
    >>> paper_options()[5:8]
    ((-5.0, 0.0), (0.0, 0.0), (0.0, 5.0))
    """
    return equal_options(13)


def equal_options(count: int, rating_mw: float = 30.0) -> tuple[Option, ...]:
    """Return options of equal width over the range of the link, and zero.

    Parameters
    ----------
    count : int
        How many options, the zero-width one at 0 MW among them: odd, 3 to 255.
    rating_mw : float
        The link carries this much in either direction.

    Examples
    --------
    >>> equal_options(3)
    ((-30.0, 0.0), (0.0, 0.0), (0.0, 30.0))
    """
    if count % 2 == 0 or not 3 <= count <= 255:
        raise OptionsRefused(count, "an odd number of them from 3 to 255")
    half = (count - 1) // 2
    edges = [rating_mw * k / half for k in range(-half, half + 1)]
    bins = list(pairwise(edges))
    return (*bins[:half], (0.0, 0.0), *bins[half:])


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that fixes a set of load flows and what they cost."""

    networks: tuple[Network, ...]
    """In seat order."""

    scenarios: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: dict(SCENARIOS)
    )
    """Factors on demand and on generation by scenario name."""

    options_mw: tuple[Option, ...] = field(default_factory=paper_options)
    """Lowest and highest set-point of each option, MW, ascending."""

    prices: Prices = Prices()
    controls: Controls = Controls()

    def __post_init__(self) -> None:
        _check_options(self.options_mw, self.controls.rating_mva)
        shares = tuple(network.link_share for network in self.networks)
        if len(shares) < 2 or not isclose(sum(shares), 0.0, abs_tol=1e-9):
            raise SharesRefused(shares, "two or more that sum to zero")
        if (
            len(
                {
                    profile.shape[:2]
                    for n in self.networks
                    for profile in (n.demand, n.generation)
                }
            )
            > 1
        ):
            raise ValueError("profiles of one number of days and windows wanted")

    @property
    def days(self) -> int:
        """How many days the profiles hold."""
        return self.networks[0].demand.shape[0]

    @property
    def windows(self) -> int:
        """How many half-hours a day has."""
        return self.networks[0].demand.shape[1]

    @property
    def middles_mw(self) -> Floats:
        """Middle of each option in MW, shape (option,)."""
        return np.array(self.options_mw, dtype=float).mean(axis=1)


def _check_options(options: tuple[Option, ...], rating_mw: float) -> None:
    """Refuse options that overlap, run backwards or leave the range of the link."""
    ends = [end for option in options for end in option]
    if not 2 <= len(options) <= 255:
        raise OptionsRefused(options, "2 to 255 options")
    if any(later < earlier for earlier, later in pairwise(ends)):
        raise OptionsRefused(options, "pairs (low, high) in ascending order without overlap")
    if max(map(abs, ends)) > rating_mw:
        raise OptionsRefused(options, f"set-points from {-rating_mw:g} to {rating_mw:g} MW")
    if len(set(options)) < len(options):
        raise OptionsRefused(options, "options that differ")
