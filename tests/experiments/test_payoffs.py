"""What runs mean for every party: money by hand, scores over those without the link."""

import numpy as np
import pytest

from experiments.scenario import Scenario
from experiments.tournament.match import Outcome, Run
from experiments.tournament.payoffs import RATIOS, payoffs_table, windows_table
from experiments.wiring import study
from tests.experiments.small_tournament import (
    COSTS,
    small_scenario,
    small_study,
    small_tournament,
)

MONEY = ["operating_gbp", "payments_gbp", "net_cost_gbp"]


def rows_of(played, first, second, day=0):
    rows = played.payoffs
    same = (rows["strategy_0"] == first) & (rows["strategy_1"] == second)
    return rows[same & (rows["day"] == day)]


def outcome(option, paid=0, stopped=False, own_gas=0, shared_gas=0, cost_gbp=0.0) -> Outcome:
    """Return an outcome of two parties with the same of everything in each window."""
    option = np.array(option)
    by_seat = option.shape[0], 2, option.shape[1]
    return Outcome(
        option=option,
        set_point_mw=np.zeros(option.shape),
        stopped=np.full(option.shape, stopped),
        cost_gbp=np.full(by_seat, cost_gbp),
        paid=np.broadcast_to(np.array([paid, -paid])[:, None], by_seat),
        own_gas=np.full(by_seat, own_gas),
        shared_gas=np.full(option.shape, shared_gas),
        authority=np.zeros(option.shape, int),
        authority_used=np.zeros(option.shape, bool),
    )


@pytest.mark.parametrize(
    ("profile", "money", "who_pays", "system"),
    [
        (("truthful", "truthful"), [[10, -4, 6], [8, 4, 12]], [1, 1], 18),
        (("truthful", "indifferent"), [[0, 25, 25], [27, -25, 2]], [2, 0], 27),
        (("indifferent", "truthful"), [[25, -25, 0], [2, 25, 27]], [0, 2], 27),
        (("indifferent", "indifferent"), [[0, 0, 0], [27, 0, 27]], [0, 0], 27),
    ],
)
def test_a_day_comes_out_as_worked_by_hand(profile, money, who_pays, system):
    rows = rows_of(small_tournament(), *profile)

    assert rows["party"].tolist() == ["network-1", "network-2"]
    assert rows["strategy"].tolist() == list(profile)
    assert rows[MONEY].to_numpy() == pytest.approx(np.array(money))
    assert rows["paying_windows"].tolist() == who_pays
    assert rows["moved_windows"].tolist() == [sum(who_pays)] * 2
    assert rows["no_link_gbp"].tolist() == [18, 12]
    assert rows["system_cost_ratio"].tolist() == pytest.approx([system / 30] * 2)
    assert rows["optimum_ratio"].tolist() == pytest.approx([system / 18] * 2)
    assert rows["fees_gbp"].tolist() == [0, 0]


def test_a_second_day_goes_on_where_the_first_ended_and_is_reckoned_alone():
    played = small_tournament(seen=small_study(days=2))

    # twice the costs; authority is network-2's now: it takes option 2, and pays 10 for it,
    # then the offers 40, 20, 0 and 0, 38, 40 meet at option 1, where it pays 18
    first, second = (rows_of(played, "truthful", "truthful", day) for day in (0, 1))
    assert first[MONEY].to_numpy().tolist() == [[10, -4, 6], [8, 4, 12]]
    assert second[MONEY].to_numpy().tolist() == [[30, -28, 2], [6, 28, 34]]
    assert second["no_link_gbp"].tolist() == [36, 24]
    assert second["system_cost_ratio"].tolist() == pytest.approx([0.6, 0.6])
    assert second["paying_windows"].tolist() == [0, 2]


def test_a_window_that_somebody_stops_costs_what_it_does_without_the_link():
    rows = rows_of(small_tournament(small_scenario("truthful", "withholder")),
                   "truthful", "withholder")  # fmt: skip

    # option 0 is worth less to network-2 than no transfer: it isolates its busbar in window 0,
    # which then costs 6 and 9; the payment stands
    assert rows[MONEY].to_numpy().tolist() == [[16, -4, 12], [10, 4, 14]]
    assert rows["stopped_windows"].tolist() == [1, 1]
    assert rows["system_cost_ratio"].tolist() == pytest.approx([26 / 30] * 2)
    assert rows["optimum_ratio"].tolist() == pytest.approx([26 / 18] * 2)


def test_where_costs_without_the_link_are_unknown_a_stopped_window_is_one_at_zero():
    scenario, seen = small_scenario("truthful", "withholder"), small_study(no_link=None)

    rows = rows_of(small_tournament(scenario, seen), "truthful", "withholder")

    assert rows["operating_gbp"].tolist() == [3 + 10, 4 + 1]
    assert {"system_cost_ratio", "no_link_gbp"}.isdisjoint(rows)
    assert rows["optimum_ratio"].tolist() == pytest.approx([1, 1])


def test_fees_are_own_gas_and_a_share_of_the_common_at_the_price_of_gas():
    scenario = small_scenario().with_changes("chain", gas_price_gwei=10.0)
    out = outcome([[0, 0]], own_gas=100_000, shared_gas=60_000, cost_gbp=3.0)

    rows = payoffs_table(scenario, small_study(), [Run("hco", ("N", "N"), ("a", "b"))], out)

    # 2 windows, 130,000 gas, GBP 2,000 an ether, 10 gwei: GBP 0.00002 a gas
    assert rows["fees_gbp"].tolist() == pytest.approx([5.2, 5.2])
    assert rows["net_cost_gbp"].tolist() == pytest.approx([11.2, 11.2])


def test_payments_are_worth_their_ticks():
    scenario = small_scenario().with_changes("market", tick_gbp=0.5)
    run = Run("hco", ("N", "N"), ("a", "b"), replicate=3)

    rows = payoffs_table(scenario, small_study(), [run], outcome([[0, 0]], paid=7))

    assert rows["payments_gbp"].tolist() == [7, -7]
    assert rows["replicate"].tolist() == [3, 3]


def test_every_pair_of_loadings_is_held_against_its_own_day_without_the_link():
    seen = small_study(loadings=("N", "D"))
    seen.cost_gbp[:, 1] *= 2
    seen.no_link_gbp[:, 1] *= 4
    runs = [Run("hco", pair, ("a", "b")) for pair in (("D", "D"), ("N", "N"), ("N", "D"))]
    option = [[0, 1]] * 3

    rows = payoffs_table(small_scenario(), seen, runs, outcome(option))

    own = rows[rows["seat"] == 0]
    assert own["pair"].tolist() == ["D-D", "N-N", "N-D"]
    # costs of options 0, 1: 10 and 8 in N, twice that in D; 18 and 12 without, four times
    assert own["system_cost_ratio"].tolist() == pytest.approx([36 / 120, 18 / 30, 26 / 66])
    assert own["no_link_gbp"].tolist() == [72, 18, 18]


def test_a_ratio_to_nothing_is_no_number():
    seen = small_study(costs=[[[0.0, 0.0, 1.0]]] * 2, no_link=[[0.0], [0.0]])

    rows = payoffs_table(
        small_scenario(), seen, [Run("hco", ("N", "N"), ("a", "b"))], outcome([[0]])
    )

    assert rows["system_cost_ratio"].isna().all()
    assert rows["optimum_ratio"].isna().all()
    assert rows["net_cost_gbp"].tolist() == [0, 0]


@pytest.fixture(scope="module")
def anglesey():
    return study(Scenario())


def test_a_day_that_is_stopped_throughout_is_on_the_grid_as_without_the_link(anglesey):
    run = Run("hco", ("D", "G"), ("a", "b"))
    out = outcome([np.arange(48) % 13], stopped=True)

    rows = payoffs_table(Scenario(), anglesey, [run], out)

    for name in (*RATIOS, "system_cost_ratio"):
        assert rows[name].tolist() == pytest.approx([1, 1]), name
    assert (rows["breach_windows"] == rows["no_link_breach_windows"]).all()
    assert rows["stopped_windows"].tolist() == [48, 48]


def test_scores_of_the_grid_are_sums_over_those_without_the_link(anglesey):
    run, option = Run("hco", ("N", "D"), ("a", "b")), np.arange(48) % 13

    rows = payoffs_table(Scenario(), anglesey, [run], outcome([option]))

    scores, window, places = anglesey.appraisal, np.arange(48), [0, 1]
    for name, score in (("balance_ratio", "exchange_mw"), ("losses_ratio", "losses_mw")):
        here = sum(
            np.abs(getattr(scores, score)[seat, place, 0, window, option]).sum()
            for seat, place in enumerate(places)
        )
        alone = sum(
            np.abs(getattr(scores.no_link, score)[seat, place, 0]).sum()
            for seat, place in enumerate(places)
        )
        assert rows[name].tolist() == pytest.approx([here / alone] * 2)


def test_windows_are_listed_in_order_with_day_and_half_hour_and_what_they_cost():
    seen, run = small_study(days=2), Run("rps", ("N", "N"), ("a", "b"))
    out = outcome([[0, 1, 2, 0]], paid=50, own_gas=1000, shared_gas=500, cost_gbp=3.0)

    table = windows_table(small_scenario(), seen, [run], out)

    assert table["day"].tolist() == [0, 0, 1, 1]
    assert table["window"].tolist() == [0, 1, 0, 1]
    assert table["option"].tolist() == [0, 1, 2, 0]
    assert set(table["strategy_1"]) == {"b"}
    assert set(table["gas"]) == {2500}
    assert set(table["cost_gbp_1"]) == {3.0}
    assert (set(table["payment_gbp_0"]), set(table["payment_gbp_1"])) == ({0.5}, {-0.5})
    assert table["fee_gbp_0"].tolist() == pytest.approx([1250 * 4e-5] * 4)


def test_three_parties_have_a_row_each_and_a_column_each():
    seen = small_study([*COSTS, COSTS[1]], None)
    scenario = small_scenario("truthful", pairs=(("N", "N", "N"),))

    played = small_tournament(scenario, seen)

    assert played.payoffs["party"].tolist() == ["network-1", "network-2", "network-3"]
    assert played.payoffs["payments_gbp"].sum() == pytest.approx(0)
    assert {"strategy_0", "strategy_1", "strategy_2"} <= set(played.payoffs)
