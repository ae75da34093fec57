"""What could be in the place of mechanisms, by key."""

from collections.abc import Iterator
from typing import Final

from experiments.audit.world import World
from market.games import benchmarks
from market.games.benchmarks import Plan

TITLES: Final = {
    "central_optimum": "central optimum",
    "best_fixed": "best fixed option",
    "middle": "middle option",
    "random": "random option",
    "nash_bargaining": "Nash bargaining",
    "nash_bargaining_no_money": "Nash bargaining, no money",
    "no_link": "no link",
}
"""Benchmarks by key, and what people call them."""


def plans(where: World) -> Iterator[tuple[str, Plan]]:
    """Yield the benchmarks that the costs of a world allow."""
    costs = where.costs_gbp
    yield "central_optimum", benchmarks.central_optimum(costs)
    yield "best_fixed", benchmarks.best_fixed(costs)
    yield "middle", benchmarks.fixed(costs, where.middle)
    yield "random", benchmarks.random_option(costs)
    if where.no_link_gbp is not None:
        alone = where.no_link_gbp
        yield "nash_bargaining", benchmarks.bargain_with_money(costs, alone)
        yield "nash_bargaining_no_money", benchmarks.bargain_without_money(costs, alone)
        yield "no_link", benchmarks.no_link(costs)
