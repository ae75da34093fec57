"""Communities that trade on a chain: gas by the number of orders, and sessions a second."""

import time

import numpy as np

from benchmarks.machine import machine
from chain.marketplace import ContractMarketplace
from chain.revm import Revm
from experiments.trading_gas import DAY, ORDERS, TARIFF, USUAL, Community, hold
from market.trading.rules import TRADING_RULES
from market.trading.terms import MarketTerms

SESSIONS = 10


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    for orders in ORDERS:
        print(_line(Community("uniform-price", orders, 1)))
    for rule in TRADING_RULES:
        print(_line(Community(rule, USUAL, DAY)))
    market = ContractMarketplace(MarketTerms(parties=USUAL, tariff=TARIFF), Revm())
    for seat in range(USUAL):
        market.deposit(seat, 10**15)
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for session in range(SESSIONS):
        hold(market, session, rng)
    rate = SESSIONS / (time.perf_counter() - start)
    print(f"{USUAL} orders, cleared and settled on revm: {rate:.1f} sessions a second")


def _line(one: Community) -> str:
    stages = ", ".join(f"{gas:,} {stage}" for stage, gas in one.gas.items())
    return (
        f"{one.trading}, {one.parties} parties, {one.horizon} windows: "
        f"{one.an_order:,} gas an order ({stages})"
    )


if __name__ == "__main__":
    main()
