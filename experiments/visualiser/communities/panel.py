"""What the page shows of a community: its feeder, its households, and what the market saves."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from experiments.visualiser.communities.neighbours import Neighbours
from experiments.visualiser.panels import places
from experiments.visualiser.source import finite, numbers
from experiments.visualiser.telling import clock
from grid.feeder.limits import STATUTORY
from market.trading.rules import TRADING_RULES
from market.trading.tariff import TICK_GBP, TICKS_PER_PENNY
from market.types import Floats, Mask, Options

HOURS: Final = 0.5


@dataclass(frozen=True, eq=False)
class Shown:
    """One community as far as it is shown; shape (household, window) unless said."""

    metered_wh: Floats
    traded_wh: Floats
    cut: Mask
    bill_gbp: Floats
    saved_gbp: Floats

    head_kw: Floats
    """What the feeder draws, shape (window,); so the next two."""

    alone_head_kw: Floats
    breaches: Options

    @classmethod
    def of(cls, neighbours: Neighbours, shown: int, community: int) -> Self:
        """Return a community up to the last window shown; at least its first day is played."""
        days = range(-(-max(shown, 1) // neighbours.world.windows))
        played = [neighbours.day(day) for day in days]
        saved = [neighbours.saved(day)[community] * TICK_GBP for day in days]
        heads = [neighbours.exchange(day, community) for day in days]

        def joined(parts: list[Any]) -> Any:
            return np.concatenate(parts, axis=-1)[..., :shown]

        return cls(
            metered_wh=joined([day.metered_wh[community] for day in played]),
            traded_wh=joined([day.traded_wh[community] for day in played]),
            cut=joined([day.cut[community] for day in played]),
            bill_gbp=joined([day.bill[community] * TICK_GBP for day in played]),
            saved_gbp=joined(saved),
            head_kw=joined([day.head_kw for day in heads]),
            alone_head_kw=joined([day.alone_head_kw for day in heads]),
            breaches=joined([day.breaches for day in heads]),
        )


def community(neighbours: Neighbours, shown: int, number: int) -> dict[str, Any]:
    """Return what is to be seen of one community, as plain JSON.

    Parameters
    ----------
    neighbours : Neighbours
        All of them.
    shown : int
        How many windows are shown; before the first, each household is as alone.
    number : int
        Which community, from 0.
    """
    number = min(number, neighbours.world.communities - 1)
    so_far, kinds = Shown.of(neighbours, shown, number), neighbours.kinds(number)
    return {
        "feeder": number,
        "feeders": neighbours.world.communities,
        "rule": neighbours.rule,
        "meaning": TRADING_RULES[neighbours.rule].meaning,
        "strategies": list(neighbours.strategies),
        "limits_v": [STATUTORY.lowest_v, STATUTORY.highest_v],
        "bus": neighbours.bus.tolist(),
        "kinds": kinds.tolist(),
        "kit": kit(neighbours, number),
        **now(neighbours, shown, number),
        "totals": totals(so_far, kinds),
        "rows": rows(so_far, kinds, neighbours.strategies),
        "exchange": exchange(so_far, neighbours.world.windows),
        "saved": saved(so_far, kinds, neighbours.strategies),
    }


def now(neighbours: Neighbours, shown: int, number: int) -> dict[str, Any]:
    """Return the last half-hour shown: the feeder, every household, and the market."""
    day, half_hour = divmod(max(shown - 1, 0), neighbours.world.windows)
    beside, flows = neighbours.day(day), neighbours.feeder_day(day, number)
    seen = (flows.played if shown else flows.alone)[half_hour]
    net_wh = (beside.metered_wh if shown else beside.alone_wh)[number, :, half_hour]
    traded_wh = beside.traded_wh[number, :, half_hour] * (shown > 0)
    plan, feeder = neighbours.plan, neighbours.world.feeder
    volts = np.full(len(feeder.bus_kv), np.nan)
    volts[feeder.points] = seen.voltage_v
    loading = np.concatenate([seen.line_loading, seen.transformer_loading])
    price = beside.price[number, half_hour] / TICKS_PER_PENNY
    bought_wh = np.maximum(traded_wh, 0).sum()
    return {
        "clock": clock(half_hour, neighbours.world.windows),
        "kw": numbers(net_wh / (1000 * HOURS), 3),
        "traded_kw": numbers(traded_wh / (1000 * HOURS), 3),
        "cut": (beside.cut[number, :, half_hour] & (shown > 0)).tolist(),
        "volts": numbers(volts[plan.shown], 1),
        "loading": numbers(100 * loading[plan.order], 1),
        "now": {
            "price_pence": finite(price, 2) if bought_wh else None,
            "traded_kwh": finite(bought_wh / 1000, 3),
            "head_kw": finite(float(seen.head_kw), 2),
            "lowest_v": finite(seen.voltage_v.min(), 1),
            "highest_v": finite(seen.voltage_v.max(), 1),
        },
    }


def totals(so_far: Shown, kinds: Options) -> dict[str, Any]:
    """Return what the market came to so far; of nothing, no shares."""
    without = np.abs(so_far.alone_head_kw).sum()
    balance = np.abs(so_far.head_kw).sum() / without if without else np.nan
    return {
        "saved_gbp": finite(so_far.saved_gbp[kinds >= 0].sum(), 2),
        "balance": finite(balance),
        "breaches": int(so_far.breaches.sum()),
    }


def rows(so_far: Shown, kinds: Options, strategies: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what the households of each strategy did so far; money is a household's."""
    told = []
    for place, name in enumerate(strategies):
        who = kinds == place
        count = int(who.sum())
        metered, mean = so_far.metered_wh[who] / 1000, max(count, 1)
        told.append(
            {
                "strategy": name,
                "households": count,
                "taken_kwh": finite(np.maximum(metered, 0).sum(), 1),
                "given_kwh": finite(np.maximum(-metered, 0).sum(), 1),
                "traded_kwh": finite(np.abs(so_far.traded_wh[who]).sum() / 1000, 1),
                "bill_gbp": finite(so_far.bill_gbp[who].sum() / mean, 2),
                "saved_gbp": finite(so_far.saved_gbp[who].sum() / mean, 2),
                "cut": int(so_far.cut[who].sum()),
            }
        )
    return told


def exchange(so_far: Shown, day: int) -> dict[str, Any]:
    """Return what the feeder draws on the day that is shown, with the market and without."""
    shown = len(so_far.head_kw)
    first = max(shown - 1, 0) // day * day
    series = {"market": so_far.head_kw, "alone": so_far.alone_head_kw}
    return {
        "at": list(range(1, shown - first + 1)),
        **{name: numbers(kw[first:], 2) for name, kw in series.items()},
    }


def saved(so_far: Shown, kinds: Options, strategies: tuple[str, ...]) -> dict[str, Any]:
    """Return what the market has saved a household of each strategy, over all windows."""
    at = places(so_far.saved_gbp.shape[-1])
    lines = {}
    for place, name in enumerate(strategies):
        who = kinds == place
        if who.any():
            lines[name] = numbers(so_far.saved_gbp[who].mean(0).cumsum()[at], 3)
    return {"at": (at + 1).tolist(), "lines": lines}


def kit(neighbours: Neighbours, number: int) -> list[str]:
    """Return what each household of a community has, in words."""
    homes = neighbours.world.homes
    owned = (
        ("panels of {:.1f} kWp", homes.sun_kwp[number]),
        ("battery of {:.1f} kWh", homes.battery_kwh[number]),
        ("car", homes.car_kw[number]),
        ("heat pump", homes.heat_kw[number]),
    )
    return [
        ", ".join(words.format(size[home]) for words, size in owned if size[home])
        for home in range(len(neighbours.bus))
    ]
