"""What households expect to pay adds up, and is weighed as their attitudes say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.prosumers.billing import Attitudes, Billing
from market.trading.sharing import SHARING_RULES
from tests.agents.prosumers.days import TARIFF

every_rule = pytest.mark.parametrize("rule", [None, *SHARING_RULES.values()])
flows = st.lists(st.integers(-5000, 5000), min_size=2, max_size=8)


def bills(billing, net):
    """Return the bill of each household of one community in one window."""
    given, taken = np.maximum(-net, 0.0), np.maximum(net, 0.0)
    return billing.own(net, given.sum() - given, taken.sum() - taken)


@every_rule
@given(flows=flows, charge=st.sampled_from([0.0, 0.002]))
def test_the_bills_of_all_are_the_bill_of_the_community(rule, flows, charge):
    net, billing = np.array(flows, float), Billing(TARIFF, rule, charge)
    total = billing.total(np.maximum(-net, 0).sum(), np.maximum(net, 0).sum())

    assert bills(billing, net).sum() == pytest.approx(total, abs=1e-3)


@every_rule
@given(flows=flows, degrees=st.sampled_from([0.0, 45.0, 90.0, -45.0, 30.0]))
def test_own_and_others_bills_are_weighed(rule, flows, degrees):
    net, billing = np.array(flows, float), Billing(TARIFF, rule, 0.002)
    own, others = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    of = Attitudes(np.array(own), np.array(others), np.array(True))
    given, taken = np.maximum(-net, 0.0), np.maximum(net, 0.0)
    found = billing.weighed(of, net, given.sum() - given, taken.sum() - taken)
    each = bills(billing, net)

    np.testing.assert_allclose(found, own * each + others * (each.sum() - each), atol=0.51)


def test_one_that_does_not_heed_the_community_sees_its_tariff_alone():
    of = Attitudes(np.ones(2), np.zeros(2), np.array([True, False]))
    billing = Billing(TARIFF, SHARING_RULES["bill-sharing"], 0.5)
    flow = np.array([1000.0, 1000.0])

    assert billing.weighed(of, flow, np.array(1000.0), np.array(0.0)).tolist() == [0.0, 2.5e6]


def test_what_is_weighed_is_whole_ticks():
    of = Attitudes(np.array(1 / 3), np.array(0.0), np.array(True))
    nobody = np.array(0.0)

    assert Billing(TARIFF).weighed(of, np.array([1.0, -1.0]), nobody, nobody).tolist() == [
        833.0,
        -167.0,
    ]
