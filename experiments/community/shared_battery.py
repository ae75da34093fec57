"""A battery that neighbours share: its power in each half-hour is negotiated like a link's.

Options are steps of its level. Each party owns an equal share of what goes in and out, so an
option costs it what its bill comes to with that share, less what its share of the stored energy
is worth to it: what it would save, steering the whole battery alone for the rest of the day.
A step beyond what the battery holds is cut short at its bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.draws import Draws, chances
from agents.play import Costs, Play
from agents.player import Player
from agents.prosumers.stores import Levels
from agents.strategies.base import setting
from experiments.wiring import strategy
from market.floor import Salts
from market.local_floor import LocalFloor
from market.terms import Terms
from market.trading.tariff import TICK_GBP, Tariff
from market.types import Floats, Options, WattHours

OFFER_GBP: Final = 0.0001
"""What a tick of an offer is worth: a battery in a half-hour is worth pence."""

WORKING_TICKS: Final = 10**6
"""What each party keeps in its account."""


@dataclass(frozen=True)
class SharedBattery:
    """A battery and who may use it."""

    parties: int = 5
    kwh: float = 40.0

    kw: float = 20.0
    """The most that it charges or gives, at its terminals."""

    steps: int = 4
    """Into how many levels a half-hour of full power is divided; options go both ways."""

    efficiency: float = 0.95
    """Of charging, and again of discharging."""

    @property
    def moves(self) -> Levels:
        """By how many levels each option moves it, shape (option,)."""
        return np.arange(-self.steps, self.steps + 1)

    @property
    def step_wh(self) -> float:
        """What a level holds."""
        return self.kw * 500 / self.steps

    @property
    def full(self) -> int:
        """The highest level; the lowest is 0."""
        return int(self.kwh * 1000 // self.step_wh)

    @property
    def options(self) -> tuple[tuple[int, int], ...]:
        """The power of each option, in watts, as a mechanism takes set-points."""
        watts = [round(1000 * self.kw * int(move) / self.steps) for move in self.moves]
        return tuple((power, power) for power in watts)

    def drawn_wh(self, steps: Levels) -> Floats:
        """Return what moving by some levels draws at the terminals, negative if it gives."""
        rise = self.step_wh / self.efficiency
        return np.where(steps > 0, rise * steps, self.step_wh * self.efficiency * steps)


@dataclass(frozen=True, eq=False)
class BatteryDay:
    """A day of one or more batteries."""

    level: Levels
    """At the end of each half-hour, shape (match, window)."""

    bill_gbp: Floats
    """What each party pays the grid, energy left over at its mean price, (match, party)."""

    payments_gbp: Floats
    """What it pays the others, the same shape."""


def negotiated(
    battery: SharedBattery,
    net_wh: WattHours,
    tariff: Tariff,
    mechanism: str,
    strategies: Sequence[str],
    seed: int = 0,
) -> BatteryDay:
    """Return days on which the parties negotiate every half-hour.

    Parameters
    ----------
    battery : SharedBattery
        What they share; half full at first.
    net_wh : ndarray of int64, shape (match, party, window)
        What each takes without it.
    tariff : Tariff
        What the grid charges and pays.
    mechanism : str
        A key into `MECHANISMS`.
    strategies : sequence of str
        One for each party.
    seed : int
        Of chances.
    """
    matches, parties, windows = net_wh.shape
    agreed = Terms(
        parties=parties,
        options=battery.options,
        mechanism=mechanism,
        default=battery.steps,
    )
    costs = costs_gbp(battery, net_wh, tariff)
    states = battery.full + 1
    by_match = np.arange(matches) * states
    fates = [chances([seed, match], parties) for match in range(matches)]
    players = [
        Player(
            strategy(name),
            setting(agreed, seat, OFFER_GBP, windows, matches),
            Draws([fate[0][seat] for fate in fates], list(range(matches))),
        )
        for seat, name in enumerate(strategies)
    ]
    level = np.full(matches, battery.full // 2)
    flat = costs.reshape(matches * states, parties, windows, -1)
    floor = LocalFloor(agreed, Salts([fate[1] for fate in fates]))
    play = Play(floor, Costs(flat, case=by_match + level), players, WORKING_TICKS)
    levels, paid = [], np.zeros((matches, parties))
    while play.window < windows:
        play.case = by_match + level
        held = play.hold()
        level = moved(battery, level, held.outcome.option[:, 0])
        levels.append(level)
        paid += held.paid[..., 0] * OFFER_GBP
    return BatteryDay(np.stack(levels, -1), _bills(battery, net_wh, tariff, levels), paid)


def moved(battery: SharedBattery, level: Levels, option: Options) -> Levels:
    """Return the level after an option, cut short at the battery's bounds."""
    return np.clip(level + battery.moves[option], 0, battery.full)


def costs_gbp(battery: SharedBattery, net_wh: WattHours, tariff: Tariff) -> Floats:
    """Return what each option costs each party at every level of the battery.

    Returns
    -------
    ndarray of float, shape (match, level, party, window, option)
    """
    now = option_bills(battery, net_wh, tariff)
    after = _landing(battery)
    worth = cost_to_go(battery, now, tariff)
    return np.moveaxis(now + worth[..., 1:, :][..., after], (-2, -1), (1, -1))


def cost_to_go(battery: SharedBattery, now: Floats, tariff: Tariff) -> Floats:
    """Return what the rest of the day costs each party at least, if it steered alone.

    Parameters
    ----------
    battery : SharedBattery
        The battery.
    now : ndarray of float, shape (match, party, window, level, option)
        As `option_bills` returns it.
    tariff : Tariff
        Whose mean price is what energy left over is worth.

    Returns
    -------
    ndarray of float, shape (match, party, window + 1, level)
        In GBP, before each window and after the last.
    """
    matches, parties, windows, levels, _ = now.shape
    rest = np.empty((matches, parties, windows + 1, levels))
    rest[..., windows, :] = -_left_gbp(battery, np.arange(levels), tariff, parties)
    for window in range(windows - 1, -1, -1):
        after = rest[..., window + 1, :][..., _landing(battery)]
        rest[..., window, :] = (now[..., window, :, :] + after).min(-1)
    return rest


def option_bills(battery: SharedBattery, net_wh: WattHours, tariff: Tariff) -> Floats:
    """Return what each party pays the grid, in GBP, by level and option.

    Returns
    -------
    ndarray of float, shape (match, party, window, level, option)
    """
    levels = np.arange(battery.full + 1)[:, np.newaxis]
    drawn = battery.drawn_wh(_landing(battery) - levels) / net_wh.shape[1]
    return tariff.bill(net_wh[..., np.newaxis, np.newaxis] + drawn) * TICK_GBP


def by_one_controller(battery: SharedBattery, net_wh: WattHours, tariff: Tariff) -> BatteryDay:
    """Return days on which one controller steers the battery for all: the best there is."""
    now = option_bills(battery, net_wh, tariff).sum(1, keepdims=True)
    left = _left_gbp(battery, np.arange(battery.full + 1), tariff, 1)
    rest = cost_to_go(battery, now, tariff)
    rest[..., -1, :] = -left
    level, levels = np.full(len(net_wh), battery.full // 2), []
    for window in range(net_wh.shape[2]):
        match = np.arange(len(net_wh))
        after = rest[match, 0, window + 1][match[:, np.newaxis], _landing(battery)[level]]
        level = moved(battery, level, (now[match, 0, window, level] + after).argmin(-1))
        levels.append(level)
    bills = _bills(battery, net_wh, tariff, levels)
    return BatteryDay(np.stack(levels, -1), bills, np.zeros_like(bills))


def each_its_share(battery: SharedBattery, net_wh: WattHours, tariff: Tariff) -> Floats:
    """Return the bills if each had its share as a battery of its own, (match, party), GBP."""
    now = option_bills(battery, net_wh, tariff)
    return cost_to_go(battery, now, tariff)[..., 0, battery.full // 2]


def _landing(battery: SharedBattery) -> Levels:
    """Return the level that each option leads to, shape (level, option)."""
    levels = np.arange(battery.full + 1)[:, np.newaxis]
    return np.clip(levels + battery.moves, 0, battery.full)


def _left_gbp(battery: SharedBattery, level: Levels, tariff: Tariff, parties: int) -> Floats:
    """Return what a party's share of the energy at a level is worth after the day."""
    mean = (tariff.buy + tariff.sell) / 2 * TICK_GBP
    beyond = level - battery.full // 2
    return beyond * battery.step_wh * mean / parties


def _bills(
    battery: SharedBattery, net_wh: WattHours, tariff: Tariff, levels: Sequence[Levels]
) -> Floats:
    """Return what each party pays the grid over the day, (match, party), GBP."""
    parties = net_wh.shape[1]
    path = np.stack([np.full(len(net_wh), battery.full // 2), *levels], -1)
    drawn = battery.drawn_wh(np.diff(path))[:, np.newaxis] / parties
    bills = tariff.bill(net_wh + drawn).sum(-1) * TICK_GBP
    return bills - _left_gbp(battery, path[:, -1:], tariff, parties)
