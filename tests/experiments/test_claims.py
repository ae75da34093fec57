"""Every check of a claim, against two windows worked by hand."""

import numpy as np
import pytest

from experiments.paper import checks, gas_checks, grid_checks
from experiments.paper.claims import STATEMENTS, judge_all
from experiments.paper.gas import Sweep
from experiments.paper.statements import Evidence
from tests.experiments.paper_like import AGREED, OPPOSED, small_run, with_gas

COUNTS = (3, 5, 7, 9, 11, 13, 15)


def evidence(costs=OPPOSED, **changes):
    return Evidence(small_run(costs, **changes), None)


def swept(hco, rps, pareto, ratio=None):
    x = np.array(COUNTS)
    gas = {"hco": hco(x), "rps": rps(x), "rps-pareto": pareto(x)}
    flat = np.full(len(COUNTS), 0.9)
    return Sweep(COUNTS, gas, ratio or {"hco": flat, "rps": flat})


def with_sweep(*curves, **changes):
    return Evidence(small_run(OPPOSED), swept(*curves, **changes))


OPPOSED_FINDINGS = {
    "options": ("3: 2 of 5 MW and 1 of 0 MW", "does not hold"),
    "least_cost_under_hco": ("18 of 18 half-hours", "holds"),
    "departures_of_rps": ("9 of 18 half-hours", "holds"),
    "who_pays": ("18 of 18 half-hours", "holds"),
    "sensitivity": ("GBP 20.00 against 4.00 a half-hour, x 5.0", "holds"),
    "network_1_dearer_under_hco": (
        "18 of 18 half-hours, 9 of 9 days; x 4.00 to 4.00 a day",
        "holds",
    ),
    "network_2_gains_under_hco": ("18 of 18 half-hours", "holds"),
    "total_below_no_link": (
        "hco 9 of 9 days, mean 0.500; rps 0 of 9 days, mean 1.500",
        "does not hold",
    ),
    "both_gain_under_rps": (
        "network 1 0 of 9 days, 9 of 18 half-hours; network 2 9 of 9 days, 9 of 18 half-hours",
        "does not hold",
    ),
    "costs_inflicted_under_rps": ("9 of 18 half-hours", "holds"),
    "uneven_benefit": ("network 1 saves GBP -30 a day, network 2 GBP 38", "holds"),
    "no_payment_under_rps": ("0 ticks", "holds"),
    "equal_weight": ("hco: mean rank 1.0 and 3.0; rps: mean rank 2.0 and 2.0", "holds"),
    "lower_offers": ("best at 30% of the truth: GBP 12 a day instead of 40", "holds"),
    "two_readings": ("lowest rank sum 1.500, whole Pareto set 1.500", "holds"),
    "algorithm_1": (
        "18 of 18 half-hours as the text says; all-zero offers select None",
        "partly",
    ),
    "algorithm_2": ("18 of 18 half-hours", "holds"),
}


@pytest.mark.parametrize(("check", "expected"), OPPOSED_FINDINGS.items())
def test_opposed_interests_give_what_was_worked_by_hand(check, expected):
    found = getattr(checks, check)(evidence())

    assert (found.here, found.verdict) == expected


def test_ranks_agree_with_offers_unless_network_1_has_high_demand():
    found = checks.departures_by_loading(evidence(AGREED, high_demand=OPPOSED))

    assert found.here == (
        "N 0.0 MW apart, 0% dearer; D 2.5 MW apart, 50% dearer; G 0.0 MW apart, 0% dearer"
    )
    assert found.verdict == "holds"


def test_alike_loadings_give_no_reason_to_blame_high_demand():
    assert checks.departures_by_loading(evidence()).verdict == "does not hold"


AGREED_VERDICTS = {
    "departures_of_rps": "does not hold",
    "who_pays": "does not hold",
    "sensitivity": "does not hold",
    "network_1_dearer_under_hco": "does not hold",
    "total_below_no_link": "holds",
    "both_gain_under_rps": "holds",
    "costs_inflicted_under_rps": "does not hold",
    "algorithm_2": "does not hold",
}


@pytest.mark.parametrize(("check", "verdict"), AGREED_VERDICTS.items())
def test_common_interests_refute_what_opposed_ones_confirm(check, verdict):
    assert getattr(checks, check)(evidence(AGREED)).verdict == verdict


def test_an_even_benefit_refutes_that_it_is_uneven():
    assert checks.uneven_benefit(evidence(AGREED, no_link=(5.0, 5.0))).verdict == (
        "does not hold"
    )


ONE_SIDED = [[0.0, 50.0, 60.0], [9.0, 0.0, 1.0]]
"""HCO takes option 0, ranked 1 and 3. Ranks 1 2 3 and 3 1 2 have sums 4, 3, 5: RPS takes option
1, ranked 2 and 1. Option 2 is dominated: authority takes option 0, and then option 1."""


def test_weights_are_partly_equal_where_ranks_narrow_the_gap():
    found = checks.equal_weight(evidence(ONE_SIDED))

    assert found.here == "hco: mean rank 1.0 and 3.0; rps: mean rank 2.0 and 1.0"
    assert found.verdict == "partly"


def test_weights_are_not_equal_where_ranks_leave_the_gap():
    found = checks.equal_weight(evidence([[0.0, 1.0, 9.0], [2.0, 3.0, 0.0]]))

    assert found.here == "hco: mean rank 1.0 and 2.0; rps: mean rank 1.0 and 2.0"
    assert found.verdict == "does not hold"


def test_the_two_readings_differ_where_authority_prefers_another_option():
    found = checks.two_readings(evidence(ONE_SIDED))

    assert found.here == "lowest rank sum 6.250, whole Pareto set 3.688"
    assert found.verdict == "does not hold"


def test_rounding_of_offers_to_ticks_is_no_departure_from_least_cost():
    found = checks.least_cost_under_hco(evidence([[0.0, 0.0049, 9.0], [0.0051, 0.0, 9.0]]))

    assert found.verdict == "holds"


def linear(slope):
    return lambda x: 1000 + slope * x


def quadratic(x):
    return 500 + 10 * x**2


def exponential(x):
    return 100 * np.exp(x.astype(float))


def test_linear_gas_is_found_linear():
    found = gas_checks.hco_is_linear(with_sweep(linear(9), linear(5), quadratic))

    assert found.here.startswith("linear; R2 (AIC)")
    assert found.verdict == "holds"


def test_quadratic_gas_is_not_taken_for_linear():
    found = gas_checks.hco_is_linear(with_sweep(quadratic, linear(5), quadratic))

    assert found.verdict == "does not hold"


def test_linear_and_quadratic_gas_refute_an_exponential():
    found = gas_checks.rps_is_exponential(with_sweep(linear(9), linear(5), quadratic))

    assert "rps linear" in found.here
    assert "rps-pareto quadratic" in found.here
    assert found.verdict == "does not hold"


def test_exponential_gas_is_found_exponential():
    found = gas_checks.rps_is_exponential(with_sweep(linear(9), exponential, quadratic))

    assert found.verdict == "holds"


def test_nested_loops_cost_what_they_add():
    found = gas_checks.nested_loops(with_sweep(linear(9), linear(5), quadratic))

    assert (
        found.here == "with nested loops quadratic, without linear: x 2.6 the gas at 15 options"
    )
    assert found.verdict == "partly"


def test_nested_loops_that_cost_nothing_explain_nothing():
    found = gas_checks.nested_loops(with_sweep(linear(9), linear(5), linear(5)))

    assert found.verdict == "does not hold"


def test_the_crossing_is_the_first_count_from_which_rps_stays_dearer():
    found = gas_checks.crossing(with_sweep(linear(9), linear(5), quadratic))

    assert found.here == (
        "rps cheaper at all up to 15; rps-pareto dearer than hco from 9 options"
    )  # 500 + 10 x² > 1000 + 9 x from x = 7.54
    assert found.verdict == "partly"


def test_without_a_crossing_the_claim_does_not_hold():
    found = gas_checks.crossing(with_sweep(linear(9), linear(5), linear(6)))

    assert found.verdict == "does not hold"


def test_gas_is_reported_by_transaction_and_never_judged():
    run = with_gas(small_run(OPPOSED), "hco", [10, 20, 100, 40])

    found = gas_checks.gas_of_hco(Evidence(run, None))

    assert found.here == "bid 15, decision 100, report 40; window 170"
    assert found.verdict == "not checkable"


def test_the_gas_of_rps_is_its_own():
    run = with_gas(small_run(OPPOSED), "rps", [1, 3, 5, 7])

    assert gas_checks.gas_of_rps(Evidence(run, None)).here.endswith("window 16")


@pytest.mark.parametrize(
    ("gas", "verdict"), [([10, 20, 100, 40], "partly"), ([10, 20, 0, 0], "holds")]
)
def test_transactions_of_a_window_are_counted(gas, verdict):
    run = with_gas(small_run(OPPOSED), "hco", gas)

    assert gas_checks.transactions(Evidence(run, None)).verdict == verdict


def test_the_papers_shares_are_of_one_transaction_and_not_of_two():
    run = with_gas(small_run(OPPOSED), "hco", [8_000_000 * 1800 / 14 / 4] * 4)

    found = gas_checks.capacity_of_hco(Evidence(run, None))

    assert found.here == (
        "the paper's gas: one transaction 0.152 %, the stated two 0.305 %;"
        " our whole window 100.000 %, on today's blocks 11.4286 %"
    )
    assert found.verdict == "partly"


def test_the_share_of_rps_is_of_one_transaction_too():
    run = with_gas(small_run(OPPOSED), "rps", [0, 0, 0, 0])

    found = gas_checks.capacity_of_rps(Evidence(run, None))

    assert found.here.startswith(
        "the paper's gas: one transaction 0.091 %, the stated two 0.182 %"
    )


@pytest.mark.parametrize(
    ("hco", "rps", "verdict"),
    [
        ([0.9, 0.8], [0.9, 0.8], "holds"),
        ([0.9, 0.8], [0.8, 0.9], "partly"),
        ([0.8, 0.9], [0.8, 0.9], "does not hold"),
    ],
)
def test_finer_options_help_where_cost_falls(hco, rps, verdict):
    flat = {"hco": np.zeros(2, int), "rps": np.zeros(2, int), "rps-pareto": np.zeros(2, int)}
    ratio = {"hco": np.array(hco), "rps": np.array(rps)}
    case = Evidence(small_run(OPPOSED), Sweep((7, 13), flat, ratio))

    found = grid_checks.finer_options(case)

    assert found.here.endswith("with 7 13 options")
    assert found.verdict == verdict


def test_without_load_flows_no_link_or_chain_claims_are_not_checkable():
    bare = Evidence(small_run(OPPOSED, no_link=None), None)

    claims = dict(zip((s.needs for s in STATEMENTS), judge_all(bare), strict=False))

    assert claims["physics",].here == "a cost table says nothing about networks"
    assert claims["no-link",].here == "the cost table has no rows without the link"
    assert claims["gas",].here == "nothing was run on a chain"
    assert {claims[need,].verdict for need in ("physics", "no-link", "gas")} == {
        "not checkable"
    }


def test_every_statement_says_where_it_stands_and_how_it_is_checked():
    assert len({statement.claim for statement in STATEMENTS}) == len(STATEMENTS)
    assert all(statement.place and statement.published for statement in STATEMENTS)


def test_a_sweep_is_wanted_before_gas_is_judged():
    with pytest.raises(AssertionError, match="without gas"):
        gas_checks.hco_is_linear(evidence())
