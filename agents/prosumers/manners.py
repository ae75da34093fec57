"""How a strategy of network operators plans and orders in the seat of a prosumer.

The strategies are the same. Which of them a prosumer can follow, and how, is decided here
alone:

======================  ==============================  ===================================
strategy                plans its stores                orders
======================  ==============================  ===================================
cooperative             for all bills alike, 45°        the truth
altruistic              for the others' bills, 90°      the truth
adversarial             against the others' too, -45°   half the truth
indifferent             by its tariff alone             nothing
learners                by their disposition, or their  by what shading has earned, unless
                        own bill                        another menu is named
any other               for its own bill                as it bids
======================  ==============================  ===================================

In a wrapper a strategy plans as it does alone. Refused are those that need what cannot be
known here: oracles, exact best responses to a mechanism of shared control, and learners that
ask what other bids would have earned under one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from agents.disposition import DISPOSITIONS, Disposition
from agents.lookup import Elsewhere, find, nowhere
from agents.strategies import STRATEGIES
from agents.strategies.base import Strategy
from agents.strategies.best_response import Adversarial, Altruistic, BestResponse, Cooperative
from agents.strategies.indifferent import Indifferent
from agents.strategies.learner import MENUS, Learner
from agents.strategies.scaled import Shaded
from agents.strategies.truthful import Truthful
from agents.wrappers.base import Wrapper

ORDERS: Final[dict[type[Strategy], Strategy]] = {
    Cooperative: Truthful(),
    Altruistic: Truthful(),
    Adversarial: Shaded(share=0.5),
}
"""By whose orders those with a disposition go, which else are exact best responses."""


@dataclass(frozen=True)
class Manner:
    """How a prosumer plans and orders."""

    disposition: Disposition
    """How it weighs bills when it plans."""

    heeds: bool
    """Whether it heeds the community when it plans, or its tariff alone."""

    orders: Strategy
    """By whose bids it orders."""


class NotForProsumers(ValueError):
    """A strategy needs what a prosumer cannot know: which, why, and what is allowed."""

    def __init__(self, name: str, reason: str, allowed: Iterable[str]) -> None:
        self.name, self.reason, self.allowed = name, reason, tuple(allowed)
        wanted = ", ".join(self.allowed)
        super().__init__(f"{name!r} is not for prosumers: {reason}; wanted one of {wanted}")


def manner(text: str, elsewhere: Elsewhere = nowhere) -> Manner:
    """Return how a prosumer follows the strategy that a text stands for.

    Parameters
    ----------
    text : str
        As in `agents.lookup`.
    elsewhere : callable, optional
        Asked for names that are not listed.

    Raises
    ------
    NotForProsumers
        If it needs what a prosumer cannot know.

    Examples
    --------
    >>> cooperative = manner("noise(cooperative)")
    >>> cooperative.disposition.name, cooperative.orders.inner
    ('cooperative', Truthful())
    >>> manner("hedge").orders
    Traceback (most recent call last):
    agents.prosumers.manners.NotForProsumers: 'hedge' is not for prosumers: it asks what ...
    """
    strategy = find(text, elsewhere)
    if reason := refusal(strategy):
        raise NotForProsumers(text, reason, allowed())
    inner = _innermost(strategy)
    return Manner(
        disposition=getattr(inner, "disposition", DISPOSITIONS["individualistic"]),
        heeds=not isinstance(inner, Indifferent),
        orders=_orders(strategy),
    )


def allowed() -> tuple[str, ...]:
    """Return the names of all listed strategies that a prosumer can follow."""
    return tuple(name for name, make in STRATEGIES.items() if not refusal(make()))


def refusal(strategy: Strategy) -> str:
    """Return why a prosumer cannot follow a strategy, empty if it can."""
    found = _orders(strategy)
    inner = _innermost(found)
    if inner.oracle:
        return "it is told what the others bid now"
    if isinstance(inner, BestResponse):
        return "it responds to a mechanism of shared control"
    if not isinstance(inner, Learner):
        return ""
    if inner.rule.feedback == "full":
        return "it asks what other bids would have earned under a mechanism of shared control"
    return next(filter(None, map(refusal, inner.menu)), "")


def _orders(strategy: Strategy) -> Strategy:
    """Return by whose bids a prosumer orders that follows a strategy."""
    if isinstance(strategy, Wrapper):
        return replace(strategy, inner=_orders(strategy.inner))
    if isinstance(strategy, Learner) and strategy.menu == MENUS["bids"]:
        return replace(strategy, menu=MENUS["shading"])
    return ORDERS.get(type(strategy), strategy)


def _innermost(strategy: Strategy) -> Strategy:
    return _innermost(strategy.inner) if isinstance(strategy, Wrapper) else strategy
