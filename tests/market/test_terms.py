"""What parties can agree, and what no contract could hold (RULES §1 and §4)."""

import pytest

from market.terms import MOST_TICKS, Terms, middle_option

THREE = ((-5000, -1), (0, 0), (1, 5000))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parties", 1),
        ("parties", 256),
        ("options", ((0, 0),)),
        ("options", ((0, 0),) * 256),
        ("options", ((1, 0), (0, 0), (0, 0))),
        ("options", ((-(2**31) - 1, 0), (0, 0), (0, 0))),
        ("options", ((0, 2**31), (0, 0), (0, 0))),
        ("default", -1),
        ("default", 3),
        ("authority", -1),
        ("authority", 2),
        ("bond", -1),
        ("bond", MOST_TICKS + 1),
        ("period", 0),
        ("period", 2**32),
        ("horizon", 0),
        ("horizon", 65),
        ("revealing", -1),
        ("revealing", 1801),
        ("fee_cap", -1),
        ("fee_cap", 2**128),
        ("mechanism", "auction"),
        ("payment", "tip"),
    ],
)
def test_refused_terms_are_named_with_what_was_wanted(name, value):
    agreed = {"parties": 2, "options": THREE} | {name: value}

    with pytest.raises(ValueError, match=rf"^{name} is .+, wanted ") as refused:
        Terms(**agreed)

    assert repr(value) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parties", 255),
        ("options", ((-(2**31), 2**31 - 1),) * 255),
        ("default", 2),
        ("authority", 1),
        ("bond", MOST_TICKS),
        ("period", 2**32 - 1),
        ("horizon", 64),
        ("revealing", 1800),
        ("fee_cap", 2**128 - 1),
    ],
)
def test_the_extremes_can_be_agreed(name, value):
    agreed = Terms(**{"parties": 2, "options": THREE} | {name: value})

    assert getattr(agreed, name) == value


@pytest.mark.parametrize(
    ("agreed", "told"),
    [
        (
            {"parties": 8, "options": THREE * 85, "horizon": 48},
            "horizon is 48, wanted 1 to 7 for 8 parties, 255 options: "
            "a session is decided in one transaction",
        ),
        (
            {"parties": 200, "options": THREE, "bond": 1, "horizon": 2},
            "parties is 200, wanted 2 to 154 for 3 options and a bond: "
            "a session is decided in one transaction",
        ),
    ],
)
def test_a_market_that_no_transaction_could_decide_is_refused(agreed, told):
    with pytest.raises(ValueError, match=f"^{told}$"):
        Terms(**agreed)


def test_what_is_named_as_the_most_can_be_agreed():
    assert Terms(parties=8, options=THREE * 85, horizon=7).horizon == 7
    assert Terms(parties=154, options=THREE, bond=1).parties == 154


def test_the_rule_knows_its_payment_rule():
    assert Terms(parties=2, options=THREE, payment="none").rule.payment == "none"


def test_a_lottery_needs_time_to_reveal():
    with pytest.raises(ValueError, match=r"^revealing is 0, wanted .* lottery, which needs"):
        Terms(parties=2, options=THREE, mechanism="rps-random")

    assert Terms(parties=2, options=THREE, mechanism="rps-random", revealing=1).sealed


def test_revealing_follows_the_bids_and_then_come_delivery_and_the_meter():
    agreed = Terms(parties=2, options=THREE, period=100, revealing=30)

    assert agreed.sealed
    assert (agreed.bids_close(1), agreed.reveals_close(1)) == (200, 230)
    assert agreed.meter_deadline(1) == 430


def test_a_period_for_delivery_and_one_for_the_meter_follow_the_bids():
    agreed = Terms(parties=2, options=THREE, period=100)

    assert [agreed.bids_close(window) for window in (0, 1)] == [100, 200]
    assert [agreed.meter_deadline(window) for window in (0, 1)] == [300, 400]


@pytest.mark.parametrize(
    ("option", "middle"), [((-5, 0), -2), ((0, 5), 2), ((-3, 4), 0), ((-4, 3), 0), ((2, 8), 5)]
)
def test_an_odd_middle_goes_towards_zero(option, middle):
    assert Terms(parties=2, options=(option, (0, 0))).middle(0) == middle


def test_the_middle_option_is_nearest_zero_and_then_the_lowest():
    assert middle_option(((-9, -3), (-2, 0), (0, 2), (3, 9))) == 1
    assert middle_option(((-6, 8), (-1, 1), (0, 0))) == 1
