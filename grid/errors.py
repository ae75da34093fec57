"""What can be wrong with a network, its profiles, or what is asked of them.

GridError                expected in normal operation
├── NetworkRefused       a network file that is missing, malformed or not supported
│   └── NoSuchBus        a bus that a network does not have
├── ProfileRefused       a profile file that does not give a number for each window
├── CostTableRefused     a cost table with a cell missing, twice, or not a number
├── TooManyDays          more days asked for than are recorded
├── DaysRefused          days that profiles do not hold
├── HouseholdsRefused    a number or a share of households that cannot be made
├── OptionsRefused       options that overlap, or leave the range of the link
├── SharesRefused        injections of the networks that do not sum to zero
├── SetPointOutOfRange   a set-point beyond the rating of the link
└── SetPointTooFine      a set-point that is no whole number of kilowatts

A load flow that does not converge is no error: it is an outcome, with a cost
(see `grid.cost`).
"""

from collections.abc import Sequence
from pathlib import Path


class GridError(Exception):
    """Something that happens to a correct program when grids are modelled."""


class _FileRefused(GridError):
    """A file that cannot be used, and why."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class NetworkRefused(_FileRefused):
    """A network that cannot be used; the reason names the element."""


class NoSuchBus(NetworkRefused):
    """A bus was named that a network does not have."""

    def __init__(self, path: Path | str, bus: str, buses: Sequence[str]) -> None:
        super().__init__(path, f"no bus {bus!r}, wanted one of {', '.join(buses)}")
        self.bus, self.buses = bus, tuple(buses)


class ProfileRefused(_FileRefused):
    """A profile file that cannot be used; the reason names row and column."""


class CostTableRefused(_FileRefused):
    """A cost table that cannot be used; the reason names the row."""


class TooManyDays(GridError):
    """More days were asked for than are recorded."""

    def __init__(self, days: int, recorded: int) -> None:
        super().__init__(f"{days} days asked for, wanted 1 to {recorded}")
        self.days, self.recorded = days, recorded


class DaysRefused(GridError):
    """Days were asked for that profiles, or the past that forecasts need, do not hold."""

    def __init__(self, first_day: int, days: int, first: int, recorded: int) -> None:
        super().__init__(
            f"days {first_day} to {first_day + days - 1} ({days}) asked for, "
            f"wanted 1 or more within {first} to {recorded - 1}"
        )
        self.first_day, self.days, self.first, self.recorded = first_day, days, first, recorded


class HouseholdsRefused(GridError):
    """Households that cannot be made."""

    def __init__(self, asked: str, wanted: str) -> None:
        super().__init__(f"{asked}: wanted {wanted}")
        self.asked, self.wanted = asked, wanted


class OptionsRefused(GridError):
    """A list of options that cannot be negotiated about."""

    def __init__(self, options: object, wanted: str) -> None:
        super().__init__(f"options {options}: wanted {wanted}")
        self.options, self.wanted = options, wanted


class SharesRefused(GridError):
    """The networks' shares of the set-point do not sum to zero."""

    def __init__(self, shares: tuple[float, ...], wanted: str) -> None:
        super().__init__(f"shares {shares}: wanted {wanted}")
        self.shares, self.wanted = shares, wanted


class SetPointOutOfRange(GridError):
    """A set-point beyond the rating of the link."""

    def __init__(self, p_mw: float, rating_mw: float) -> None:
        super().__init__(f"set-point {p_mw:g} MW, wanted {-rating_mw:g} to {rating_mw:g} MW")
        self.p_mw, self.rating_mw = p_mw, rating_mw


class SetPointTooFine(GridError):
    """A set-point that is no whole number of kilowatts (thousandths of a MW)."""

    def __init__(self, p_mw: float) -> None:
        super().__init__(f"set-point {p_mw!r} MW, wanted whole thousandths of a MW")
        self.p_mw = p_mw
