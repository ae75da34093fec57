"""An operator: data, decision support and decision, in the layers of the paper's Fig. 1."""

import numpy as np
import pytest

from agents.model import Negotiation
from agents.strategies import STRATEGIES
from agents.strategies.truthful import Truthful
from market.local import LocalVenue
from market.terms import Terms

COSTS = np.array([[[3.0, 1.0, 2.0]] * 4, [[0.0, 5.0, 4.0]] * 4])
"""GBP, shape (party, window, option): they differ on what is best."""


def negotiation(held=LocalVenue, working_ticks=4000, strategy="truthful", **agreed):
    terms = Terms(parties=2, options=((-5, 0), (0, 0), (0, 5)), **agreed)
    strategies = [STRATEGIES[strategy](), STRATEGIES[strategy]()]
    return Negotiation(held(terms), COSTS, strategies, working_ticks=working_ticks)


def test_what_an_option_is_worth_is_what_it_saves_against_the_worst():
    first, second = negotiation().agents

    assert [party.strategy.meaning for party in (first, second)] == [Truthful.meaning] * 2
    assert first.forecast_gbp(2).tolist() == [3.0, 1.0, 2.0]
    assert first.value_gbp(2).tolist() == [0.0, 2.0, 1.0]
    assert second.value_gbp(2).tolist() == [5.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("held", "after"), [(0, 4000), (1999, 4000), (2000, 2000), (9000, 4000)]
)
def test_an_account_is_filled_up_and_emptied_in_a_session(held, after):
    model = negotiation(strategy="indifferent")
    model.venue.deposit(1, held)

    model.step()

    assert model.venue.free == (4000, after)


def test_the_meter_tells_what_a_window_cost_and_what_was_paid():
    model = negotiation()

    model.step()

    first, second = model.agents
    assert model.award.option == 0, "200 + 0 against 0 + 500: the second has its way"
    assert (first.cost_gbp, second.cost_gbp) == (3.0, 0.0)
    assert (first.paid_ticks, second.paid_ticks) == (-500, 500)


class Blocked(LocalVenue):
    """A venue whose meter sees that seat 0 blocked every window."""

    def report(self, session, flows, blocked=()):
        super().report(session, flows, [[0] for _ in flows])


def test_a_lost_bond_is_part_of_what_was_paid():
    model = negotiation(Blocked, bond=100)

    model.step()

    assert [party.paid_ticks for party in model.agents] == [-400, 400]


def test_bonds_lost_in_a_session_of_many_windows_count_with_its_last():
    model = negotiation(Blocked, bond=100, horizon=2)

    model.run()

    paid = model.datacollector.get_agent_vars_dataframe()["paid_ticks"]
    by_window = paid.unstack().to_numpy().tolist()
    assert by_window == [[-500, 500], [-300, 300], [-500, 500], [-300, 300]]


def test_who_cannot_cover_its_bid_stays_out_and_the_other_decides():
    model = negotiation(working_ticks=300)

    model.step()

    assert [party.present for party in model.agents] == [True, False]
    assert model.award.option == 1, "the first offers 200 at most, the second 500"
    assert model.award.payments == (0, 0)
    assert [party.paid_ticks for party in model.agents] == [0, 0]


def test_nobody_covered_means_the_default_is_instructed():
    model = negotiation(working_ticks=1, default=2)

    model.step()

    assert (model.award.option, model.award.candidates) == (2, (2,))
