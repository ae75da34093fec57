"""What is audited: a choice rule, and a payment rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from experiments.errors import chosen
from market.mechanisms import MECHANISMS
from market.mechanisms.base import Mechanism
from market.payments import PAYMENT_RULES

PIVOTAL: Final = "vcg"
"""The benchmark that nobody can manipulate alone."""

AUDITED: Final = (*MECHANISMS, PIVOTAL)
"""What can be audited."""


@dataclass(frozen=True)
class Contender:
    """A choice rule and a payment rule."""

    mechanism: str
    """One of `AUDITED`."""

    payment: str
    """Key into `PAYMENT_RULES`, or ``pivotal``."""

    @property
    def name(self) -> str:
        """What it is called in tables.

        >>> Contender("hco", "none").name, Contender("rps", "none").name
        ('hco, none', 'rps')
        """
        return f"hco, {self.payment}" if self.mechanism == "hco" else self.mechanism

    @property
    def rule(self) -> Mechanism:
        """How it chooses, and what it charges unless it is pivotal."""
        if self.mechanism == PIVOTAL:
            return MECHANISMS["hco"]("none")
        return MECHANISMS[self.mechanism](self.payment)


def contenders(names: Sequence[str]) -> tuple[Contender, ...]:
    """Return what to audit: `hco` with each of its payment rules.

    Raises
    ------
    Unknown
        If a name is none of `AUDITED`.

    Examples
    --------
    >>> [one.name for one in contenders(("rps", "hco"))]
    ['rps', 'hco, difference', 'hco, equal-split', 'hco, none']
    """
    found: list[Contender] = []
    for name in dict.fromkeys(names):
        chosen("mechanism", name, dict.fromkeys(AUDITED))
        rules = {"hco": tuple(PAYMENT_RULES), PIVOTAL: ("pivotal",)}.get(name, ("none",))
        found += [Contender(name, payment) for payment in rules]
    return tuple(found)


def name_of(mechanism: Mapping[str, Any]) -> str:
    """Return what a mechanism of the summary is called in tables."""
    return Contender(mechanism["mechanism"], mechanism["payment"]).name
