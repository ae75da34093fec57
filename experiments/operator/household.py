"""A household as a process: it orders for its day, and its meter shows what it took."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chain.market_agreement import MarketAgreement
from chain.standing import Standing
from experiments.operator.duties import Action, Duty, has_ended
from experiments.operator.journal import Journal
from experiments.operator.market_duties import market_steps
from experiments.operator.metered import append_flows, sessions_shown
from experiments.operator.plans import DaysAhead, planned_orders
from experiments.operator.process import WRITTEN


@dataclass(frozen=True)
class Household:
    """A household's process: what it is there for, and what it plans."""

    duty: Duty[MarketAgreement]
    ahead: DaysAhead
    journal: Journal

    meter: Path | None = None
    """Where its meter's readings go; None if a sensor puts them there."""

    @property
    def agreement(self) -> MarketAgreement:
        """The contract."""
        return self.duty.agreement

    def due(self, standing: Standing, now: int) -> Iterator[Action]:
        """Yield what can be done now."""
        agreed, seat = self.duty.agreement, self.duty.seat
        kept = self.journal.entries(agreed.chain_id, agreed.address, seat)
        shown = None
        if self.meter is not None:
            terms = agreed.terms
            shown = sessions_shown(self.meter, terms.parties, seat, terms.horizon)
        return market_steps(self.duty, standing, kept, shown, now)

    def ended(self, standing: Standing) -> bool:
        """Return whether nothing is left to do."""
        return has_ended(self.duty, standing)

    def prepare(self, action: Action) -> str:
        """Write orders into the journal, or let the meter show what was taken."""
        session, terms = action.session, self.duty.agreement.terms
        assert session is not None, "plans and deliveries are for sessions"
        if action.stage == "plan":
            self.journal.write(planned_orders(self.duty.agreement, self.ahead, session))
            return WRITTEN
        assert self.meter is not None, "nothing is delivered where no meter shows it"
        (orders,) = action.arguments
        metered = self.ahead.metered_wh(session, orders)
        append_flows(self.meter, self.duty.seat, session * terms.horizon, metered)
        return f"{sum(metered):,} Wh went through the meter, {len(metered)} readings written"
