"""The Anglesey case: two invented 33 kV networks in the likeness of the paper's.

What is published, what is typical and what is assumed is listed in
`grid/data/README.md`; read it before believing a number.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from grid.case import Case, Floats, Network, Prices
from grid.days import DAYS, day_shares
from grid.errors import TooManyDays

DATA = Path(__file__).parent / "data"


def anglesey(days: int = 1, seed: int = 0, **changes: Any) -> Case:
    """Return the Anglesey case: network 1 (the island) at seat 0, 2 at seat 1.

    Parameters
    ----------
    days : int
        How many days of 48 half-hours, 1 to 84. Day 0 is the paper's stylised
        single day; day k is the k-th day after 5 June 2000 (`grid.days`), the
        same however many days are asked for.
    seed : int
        Fixes the wind and the clouds of every day but day 0.
    **changes
        Fields of `Case` that differ from the paper's, such as ``options_mw``.

    Examples
    --------
    >>> case = anglesey()
    >>> [network.name for network in case.networks], case.days, case.windows
    (['network-1', 'network-2'], 1, 48)
    >>> case.networks[0].demand.shape
    (1, 48, 8)
    """
    if not 1 <= days <= DAYS:
        raise TooManyDays(days, DAYS)
    shares = day_shares(days, seed)
    networks = tuple(_network(seat, shares) for seat in (0, 1))
    fixed: dict[str, Any] = {"networks": networks, "prices": _prices()}
    return Case(**fixed | changes)


@cache
def tables() -> dict[str, Any]:
    """Return the source tables of the case (`grid/data/anglesey.json`)."""
    return json.loads((DATA / "anglesey.json").read_text(encoding="utf-8"))


def network_path(seat: int) -> Path:
    """Return where the pandapower file of a network lies."""
    return DATA / f"anglesey_network_{seat + 1}.json"


def generators(network: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Return (kind, bus, MW) of each generator, in the order of the pandapower file."""
    return [
        (kind, bus, p_mw)
        for kind in ("wind", "pv", "hydro")
        for bus, p_mw in network[f"{kind}_mw"].items()
    ]


def _network(seat: int, shares: dict[str, Floats]) -> Network:
    """Return a network with its share of demand and weather for each element."""
    table = tables()["networks"][f"network{seat + 1}"]
    bus_ids = [bus["id"] for bus in table["buses"]]
    kinds = [kind for kind, _, _ in generators(table)]
    loads = len(table["loads_mw_peak_N"])
    return Network(
        name=f"network-{seat + 1}",
        pandapower_json=network_path(seat).read_text(encoding="utf-8"),
        terminal=1 + bus_ids.index(table["terminal"]),  # bus 0 is the 132 kV slack
        link_share=(-1.0, 1.0)[seat],
        demand=np.repeat(shares["demand"][..., np.newaxis], loads, axis=-1),
        generation=np.stack([shares[kind] for kind in kinds], axis=-1),
    )


def _prices() -> Prices:
    """Return the products of price and weight, which is all that matters of them."""
    prices = tables()["prices"]
    names = ("Pr1_gbp_per_mw_halfhour", "Pr2_gbp_per_unit_halfhour", "Pr3_gbp_per_pu_halfhour")
    return Prices(
        *(prices[name] * weight for name, weight in zip(names, prices["w"], strict=True))
    )
