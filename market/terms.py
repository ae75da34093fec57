"""What the parties agree before the first window, and the contract never changes."""

from dataclasses import dataclass
from typing import Final

from market.mechanisms import MECHANISMS
from market.mechanisms.base import Mechanism
from market.payments import PAYMENT_RULES
from market.size import fits

MOST_PARTIES: Final = 255
"""Seats are numbered in one byte on the chain."""

MOST_OPTIONS: Final = 255
"""Options are numbered in one byte on the chain."""

MOST_WINDOWS: Final = 64
"""The windows of a session are counted in the bits of a word."""

MOST_TICKS: Final = 10**15
"""The most that a bond or a deposit may be."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A market's constitution (RULES §1 and §4): who, what, and by which rule."""

    parties: int
    """How many seats, two or more."""

    options: tuple[tuple[int, int], ...]
    """Lowest and highest set-point of each option, in thousandths of the unit."""

    mechanism: str = "hco"
    """Key into `MECHANISMS`."""

    payment: str = "difference"
    """Key into `PAYMENT_RULES`; a mechanism of ranks has no payments."""

    default: int = 0
    """The option whose middle is instructed where nobody takes part."""

    bond: int = 0
    """What a party forfeits for blocking the transfer, in ticks."""

    authority: int = 0
    """The seat that holds authority first."""

    horizon: int = 1
    """How many windows a session has: one, or a day's."""

    period: int = 1800
    """Seconds between the closing of one session's bids and the next's."""

    revealing: int = 0
    """Seconds to reveal sealed bids in; 0 where bids are open."""

    fee_cap: int = 0
    """The base fee, in wei, above which a session is not negotiated; 0 for no cap."""

    def __post_init__(self) -> None:
        """Refuse terms that no contract could hold."""
        for name, (holds, wanted) in self._conditions().items():
            if not holds:
                raise ValueError(f"{name} is {getattr(self, name)!r}, wanted {wanted}")
        if not self._fits(self.parties, self.horizon):
            raise ValueError(self._too_large())

    def _conditions(self) -> dict[str, tuple[bool, str]]:
        """Return for each term whether it can be held, and what is wanted of it."""
        ranges = all(-(2**31) <= low <= high < 2**31 for low, high in self.options)
        return {
            "parties": (2 <= self.parties <= MOST_PARTIES, f"2 to {MOST_PARTIES}"),
            "options": (
                2 <= len(self.options) <= MOST_OPTIONS and ranges,
                f"2 to {MOST_OPTIONS} intervals, each from low to high in 32 bits",
            ),
            "default": (0 <= self.default < len(self.options), "the index of an option"),
            "authority": (0 <= self.authority < self.parties, "a seat"),
            "bond": (0 <= self.bond <= MOST_TICKS, f"0 to {MOST_TICKS} ticks"),
            "horizon": (1 <= self.horizon <= MOST_WINDOWS, f"1 to {MOST_WINDOWS} windows"),
            "period": (0 < self.period < 2**32, "1 second or more"),
            "revealing": (
                0 <= self.revealing <= self.period
                and (self.revealing > 0 or not self._needs_seals()),
                "0 to a period, in seconds; more than 0 for a lottery, which needs sealed bids",
            ),
            "fee_cap": (0 <= self.fee_cap < 2**128, "0 or more, in wei"),
            "mechanism": (self.mechanism in MECHANISMS, f"one of {sorted(MECHANISMS)}"),
            "payment": (self.payment in PAYMENT_RULES, f"one of {sorted(PAYMENT_RULES)}"),
        }

    @property
    def rule(self) -> Mechanism:
        """The mechanism itself, with its payment rule."""
        return MECHANISMS[self.mechanism](self.payment)

    @property
    def sealed(self) -> bool:
        """Whether bids are committed first and revealed later."""
        return self.revealing > 0

    def bids_close(self, session: int) -> int:
        """Return when the bids of a session close, in seconds since the opening."""
        return (session + 1) * self.period

    def reveals_close(self, session: int) -> int:
        """Return when revealing ends, in seconds since the opening."""
        return self.bids_close(session) + self.revealing

    def meter_deadline(self, session: int) -> int:
        """Return when a session may be settled without a report, in seconds since the opening.

        One period is for delivery, and one more for the meter.
        """
        return self.reveals_close(session) + 2 * self.period

    def _fits(self, parties: int, horizon: int) -> bool:
        return fits(self.rule.form, parties, len(self.options), horizon, self.bond)

    def _too_large(self) -> str:
        """Return what to have less of, windows if one would fit, so that a session fits."""
        given = f"{len(self.options)} options{' and a bond' * (self.bond > 0)}"
        if self._fits(self.parties, 1):
            most = max(h for h in range(1, self.horizon) if self._fits(self.parties, h))
            told = f"horizon is {self.horizon}, wanted 1 to {most} for {self.parties} parties, "
        else:
            most = max(n for n in range(2, self.parties) if self._fits(n, 1))
            told = f"parties is {self.parties}, wanted 2 to {most} for "
        return f"{told}{given}: a session is decided in one transaction"

    def _needs_seals(self) -> bool:
        return self.mechanism in MECHANISMS and self.rule.lottery

    def middle(self, option: int) -> int:
        """Return the middle of an option in thousandths, an odd one towards zero."""
        low, high = self.options[option]
        return int((low + high) / 2)


def middle_option(options: tuple[tuple[int, int], ...]) -> int:
    """Return the option whose middle is nearest zero, the lowest index first.

    >>> middle_option(((-7500, -2500), (0, 0), (2500, 7500)))
    1
    """
    return min(range(len(options)), key=lambda option: abs(sum(options[option])))
