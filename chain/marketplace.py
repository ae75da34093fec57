"""The marketplace on a chain: one contract that clears a community's trade, and counts gas."""

from collections.abc import Sequence
from functools import partial

from eth_account.signers.local import LocalAccount

from chain.deploy import market_deployment
from chain.deployed import DeployedContract
from chain.evm import Evm
from chain.metering import sign_readings
from chain.trades import pack_merit, pack_orders, pack_readings, unpack_cleared
from market.errors import BalanceTooSmall, DepositRefused
from market.terms import MOST_TICKS
from market.trading.auction import witness
from market.trading.local import trades
from market.trading.marketplace import Trade
from market.trading.orders import Order, book, check_orders, check_readings, is_whole
from market.trading.terms import MarketTerms


class ContractMarketplace(DeployedContract):
    """Hold a community's trade in a contract: the rules of `LocalMarketplace`, and gas.

    Parties have the first accounts of the chain, in the order of seats; the next one
    deploys, signs for the meter, and makes the calls that anyone may make.

    Parameters
    ----------
    terms : MarketTerms
        What the contract is deployed with.
    evm : Evm
        Where it is deployed.
    meter : LocalAccount, optional
        Who signs reports, if that next account has another key than on test chains.
    """

    def __init__(self, terms: MarketTerms, evm: Evm, meter: LocalAccount | None = None) -> None:
        self.terms = terms
        self._sent: dict[int, dict[int, tuple[Order | None, ...]]] = {}
        super().__init__(evm, terms.parties, meter, partial(market_deployment, terms))

    def deposit(self, seat: int, ticks: int) -> None:
        """Send ether to an account."""
        if not is_whole(ticks, 0, MOST_TICKS):
            raise DepositRefused(ticks, MOST_TICKS)
        self._send("deposit", None, seat, seat, value=ticks * self.terms.tick_wei)

    def submit(self, session: int, seat: int, orders: Sequence[Order | None]) -> None:
        """Send orders, of which the contract keeps a hash."""
        check_orders(self.terms, seat, orders)
        self._send("submit", session, seat, seat, session, pack_orders(orders))
        self._sent.setdefault(session, {})[seat] = tuple(orders)

    def clear(self, session: int) -> tuple[Trade, ...]:
        """Have the contract clear, and read the trades from its event."""
        nothing: tuple[Order | None, ...] = (None,) * self.terms.horizon
        held = self._sent.get(session, {})
        sent = [held.get(seat, nothing) for seat in range(self.terms.parties)]
        orders = book(sent)
        merit = pack_merit(witness(orders)) if self.terms.rule.limits else b""
        presented = b"".join(map(pack_orders, sent))
        receipt = self._send("clear", session, None, session, presented, merit)
        said = self._interface.event("SessionCleared", receipt.logs)
        self._outcomes[session] = said["outcome"]
        cleared = unpack_cleared(
            self.terms.parties, self.terms.horizon, said["outcome"], said["payments"]
        )
        return trades(session, orders, cleared)

    def report(self, session: int, metered_wh: Sequence[Sequence[int]]) -> None:
        """Bring the meter's signed readings, which settle the session."""
        check_readings(self.terms, session, metered_wh)
        metered = pack_readings(metered_wh)
        signature = sign_readings(
            self._meter, self._evm.chain_id, self._address, session, metered
        )
        outcome = self._outcomes.get(session, b"")
        self._send("report", session, None, session, outcome, metered, signature)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Have ether sent back."""
        if is_whole(seat, 0, self.terms.parties - 1) and not is_whole(ticks, 0, 2**256 - 1):
            raise BalanceTooSmall(seat, self.free[seat], ticks)  # no transaction can carry it
        self._send("withdraw", None, seat, seat, ticks)
