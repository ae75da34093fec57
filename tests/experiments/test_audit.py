"""The audit: gains by hand and by trying every bid, and facts that hold of all.

By hand: costs, links and offers of `small_tournament`, in GBP::

                offers of network-1   of network-2     truthful outcome
    window 0          5,  2, 0          0,  3,  5      tie, authority 0: option 0 for 5
    window 1         20, 10, 0          0, 19, 20      option 1, network-2 pays 9; authority 1
"""

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from experiments.audit.contenders import AUDITED, contenders
from experiments.audit.outcomes import holders, outcome, truthful_bids
from experiments.audit.page import html
from experiments.audit.summary import summary
from experiments.audit.tables import plans_table, windows_table
from experiments.audit.trials import audit, trial
from experiments.audit.world import World, pairs_of, world
from experiments.errors import Unknown
from experiments.paper.reproduce import decide_in_memory
from experiments.scenario import Scenario
from experiments.wiring import study, terms
from market.games.best_response import deviation_gain
from tests.experiments.small_tournament import (
    COSTS,
    small_scenario,
    small_study,
)

TICK = 0.01
ONE_DAY = Scenario().with_changes("grid", days=1)
NO_LINK = [[6.0, 7.0], [5.0, 3.0]]
"""Less than the truthful option by 3 for network-1 in window 1, by 2 for network-2 in 0."""

HCO, SPLIT, FREE, RPS, PARETO, RANDOM, VCG = contenders(AUDITED)


def small(contender, costs=COSTS, no_link=NO_LINK):
    """Return the trial of a contender on a small study."""
    seen = small_study(costs, no_link)
    return trial(contender, world(seen, ("N",) * len(costs)), TICK)


def bare_world(costs):
    """Return a world of costs alone."""
    return World(("N", "N"), costs, None, {}, np.zeros(costs.shape[-1]), 0)


@pytest.fixture(scope="module")
def anglesey():
    """Return the audit of all of Anglesey's loadings, its table and summary."""
    found = audit(ONE_DAY, study(ONE_DAY))
    table = windows_table(found)
    return found, table, summary(found, table, plans_table(found))


# Numbers by hand.


def test_what_each_party_gains_under_hco():
    first, second = small(HCO).attacks

    assert first.gain_gbp == pytest.approx([5.0, 8.99])
    assert second.gain_gbp == pytest.approx([0.0, 10.0])
    assert first.plan.option.tolist() == [2, 1]
    assert second.plan.option.tolist() == [0, 0]


def test_what_is_left_of_the_gain_where_bids_are_sealed():
    first, second = small(HCO).attacks

    assert first.sealed_gain_gbp == pytest.approx([0.0, 1.0])
    assert second.sealed_gain_gbp == pytest.approx([0.0, 10.0])


def test_what_blocking_adds_and_the_bond_at_which_it_stops():
    first, second = small(HCO).attacks

    assert first.block_gain_gbp == pytest.approx([5.0, 14.0])
    assert first.block_bond_gbp == pytest.approx([0.0, 5.01])
    assert second.block_bond_gbp == pytest.approx([2.0, 17.0])


def test_the_bond_that_keeps_truthful_parties_from_blocking():
    found = audit(small_scenario(), small_study(no_link=NO_LINK), ["hco"])
    said = summary(found, windows_table(found), plans_table(found))
    (hco,) = (m for m in said["mechanisms"] if m["payment"] == "difference")

    blocking = [party["blocking"] for party in hco["parties"]]
    assert [b["truthful_bond_gbp"] for b in blocking] == [3.0, 2.0]
    assert [b["truthful_gain_gbp_day"] for b in blocking] == [3.0, 2.0]
    assert [b["truthful_share_of_windows"] for b in blocking] == [0.5, 0.5]
    assert [b["misreporting_bond_gbp"] for b in blocking] == [5.01, 17.0]


def test_the_summary_of_two_windows():
    found = audit(small_scenario(), small_study(no_link=NO_LINK), ["hco"])
    said = summary(found, windows_table(found), plans_table(found))
    (hco,) = (m for m in said["mechanisms"] if m["payment"] == "difference")
    first, second = hco["parties"]

    moved = 7.5  # 15 MW for half an hour in window 0, nothing in window 1
    assert hco["transferred_mwh_day"] == moved
    assert hco["exploiter"] == "network-1"
    assert hco["exploitability_gbp_day"] == 13.99
    assert hco["exploitability_gbp_mwh"] == pytest.approx(13.99 / moved)
    assert first["gain"]["share_of_windows"] == 1.0
    assert second["gain"]["share_of_windows"] == 0.5
    assert first["sealing"]["removes_share"] == pytest.approx(1 - 1 / 13.99)
    assert first["payments"] == {
        "net_gbp_day": -4.0,
        "pays_share_of_windows": 0.5,
        "receives_share_of_windows": 0.5,
    }
    assert first["against_no_link"]["gain_gbp_day"] == 13.0 - 10.0 + 4.0
    assert second["against_no_link"]["gain_gbp_day"] == 8.0 - 8.0 - 4.0
    assert not second["against_no_link"]["individually_rational"]
    assert hco["fairness"] == {"gini": 0.5, "jain": 0.5}
    assert hco["truthful"]["cost_gbp_day"] == 18.0


def test_what_a_misreport_does_to_others():
    table = windows_table(audit(small_scenario(), small_study(), ["hco"]))
    rows = table[(table["payment"] == "difference") & (table["seat"] == 0)]

    # Window 0: option 2 for 0; network-2 pays 5 for 2 rather than being paid 5 for 7.
    # Window 1: option 1 still, and network-2 pays 17.99 rather than 9.
    assert rows["others_change_gbp"].tolist() == pytest.approx([5.0, 8.99])
    assert rows["total_change_gbp"].tolist() == pytest.approx([0.0, 0.0])
    assert rows["losses_mwh_change"].isna().all()
    assert rows["pivotal"].tolist() == [True, True]
    assert rows["authority"].tolist() == [0, 1]


def test_the_benchmarks_of_two_windows():
    found = audit(small_scenario(), small_study(no_link=NO_LINK), ["hco"])
    said = summary(found, windows_table(found), plans_table(found))["benchmarks"]

    costs = {name: one["cost_gbp_day"] for name, one in said.items()}
    assert costs == {
        "central_optimum": 18.0,
        "best_fixed": 18.0,
        "middle": 18.0,
        "random": pytest.approx(7.0 + 51 / 3),
        "nash_bargaining": 7.0 + 10.0,  # no link in window 1
        "nash_bargaining_no_money": 7.0 + 10.0,
        "no_link": 21.0,
    }
    assert said["no_link"]["ratio_to_no_link"] == 1.0
    assert [p["payment_gbp_day"] for p in said["nash_bargaining"]["parties"]] == [4.0, -4.0]


# Against trying everything.


def every_bid(form, options, most):
    if form == "ranks":
        return list(permutations(range(1, options + 1)))
    return list(product(range(most + 1), repeat=options))


@pytest.mark.parametrize("contender", contenders(AUDITED), ids=lambda c: c.name)
@pytest.mark.parametrize("seed", range(4))
def test_no_bid_of_all_that_there_are_gains_more(contender, seed):
    costs = np.random.default_rng(seed).integers(0, 5, (2, 4, 3)) * TICK
    where = bare_world(costs)
    bids = truthful_bids(contender, where, TICK)
    authority = holders(contender.rule, bids)
    found = trial(contender, where, TICK)

    for seat in (0, 1):
        values = costs[seat].max(-1, keepdims=True) - costs[seat]
        best = np.full(4, -np.inf)
        for lie in every_bid(contender.rule.form, 3, most=6):
            table = bids.copy()
            table[:, seat] = lie
            plan = outcome(contender, table, authority, TICK)
            worth = (values * plan.chances).sum(-1) - plan.payments_gbp[seat]
            best = np.maximum(best, worth)
        honest = (values * found.truthful.chances).sum(-1) - found.truthful.payments_gbp[seat]
        assert found.attacks[seat].gain_gbp == pytest.approx(best - honest, abs=1e-12)


@pytest.mark.parametrize("contender", [HCO, SPLIT, FREE, RPS, PARETO, RANDOM])
def test_gains_are_those_of_the_games(contender, anglesey):
    found, _, _ = anglesey
    tried = next(t for t in found.trials if t.contender == contender)
    bids = truthful_bids(contender, tried.world, TICK)

    for seat, attack in enumerate(tried.attacks):
        costs = tried.world.costs_gbp[seat]
        values = np.rint((costs.max(-1, keepdims=True) - costs) / TICK)
        authority = holders(contender.rule, bids)
        gains = deviation_gain(contender.rule, values, bids, seat, authority) * TICK
        assert attack.gain_gbp == pytest.approx(gains, abs=1e-7)


@pytest.mark.parametrize("contender", [HCO, RPS, PARETO])
def test_authority_passes_on_as_in_a_negotiation(contender, anglesey):
    found, _, _ = anglesey
    for tried in (t for t in found.trials if t.contender == contender):
        bids = truthful_bids(contender, tried.world, TICK)
        agreed = terms(ONE_DAY, found.seen, contender.mechanism)
        held = decide_in_memory(agreed, np.moveaxis(bids, -2, 0)[np.newaxis])

        assert tried.authority.tolist() == held.authority[0].tolist()
        assert tried.truthful.option.tolist() == held.option[0].tolist()
        paid = np.round(tried.truthful.payments_gbp / TICK).T
        assert paid.tolist() == held.payments[0].tolist()


def test_of_offers_that_gain_as_much_the_truth_stays():
    same = np.array([[[0.0, 0.0]], [[0.0, 0.05]]])
    (attack, _) = trial(FREE, bare_world(same), TICK).attacks

    assert attack.gain_gbp.tolist() == [0.0]
    assert attack.plan.option.tolist() == [0]


# Facts.


def test_nobody_gains_anything_where_payments_are_pivotal(anglesey):
    _, table, said = anglesey
    rows = table[table["mechanism"] == "vcg"]

    assert (rows["gain_gbp"] == 0.0).all()
    assert (rows["sealed_gain_gbp"] == 0.0).all()
    (vcg,) = (m for m in said["mechanisms"] if m["mechanism"] == "vcg")
    assert vcg["exploitability_gbp_mwh"] == 0.0
    assert vcg["exploiter"] is None
    assert vcg["surplus_gbp_day"] > 0


def test_truth_is_best_where_authority_dictates(anglesey):
    _, table, _ = anglesey

    assert (table.loc[table["mechanism"] == "rps-pareto", "gain_gbp"] == 0.0).all()


def test_payments_but_pivotal_ones_sum_to_nothing(anglesey):
    _, _, said = anglesey

    for mechanism in said["mechanisms"]:
        if mechanism["mechanism"] != "vcg":
            assert mechanism["surplus_gbp_day"] == pytest.approx(0.0, abs=1e-6)


def test_a_best_response_to_an_equal_split_changes_no_total_cost(anglesey):
    _, table, _ = anglesey
    rows = table[table["payment"] == "equal-split"]

    assert (rows["gain_gbp"] > 0).all()
    assert rows["total_change_gbp"].abs().max() < 3 * TICK  # offers are whole ticks


def test_gains_are_never_negative_and_mechanisms_are_sorted_by_them(anglesey):
    _, table, said = anglesey

    assert (table["gain_gbp"] >= 0).all()
    order = [m["exploitability_gbp_mwh"] for m in said["mechanisms"]]
    assert order == sorted(order)
    assert len(order) == len(contenders(AUDITED)) == 7


def test_physics_is_that_of_the_appraisal(anglesey):
    found, table, said = anglesey
    seen, optimum = found.seen, said["benchmarks"]["central_optimum"]
    place = seen.places(("D", "G"))
    costs = seen.cost_gbp[seen.seats, place, 0]
    option = costs.sum(0).argmin(-1)
    losses = seen.appraisal.losses_mw[seen.seats, place, 0][:, np.arange(48), option].sum() / 2

    rows = plans_table(found)
    rows = rows[(rows["benchmark"] == "central_optimum") & (rows["pair"] == "D-G")]
    assert rows["losses_mwh"].sum() == pytest.approx(losses)
    assert optimum["ratio_to_optimum"] == 1.0
    assert said["benchmarks"]["no_link"]["breaches_day"] == pytest.approx(
        seen.appraisal.no_link.breaches.sum() / 3
    )
    assert len(table) == 7 * 9 * 2 * 48


def test_lots_are_weighed_not_drawn():
    costs = np.array([[[0.0, 1.0, 2.0]], [[2.0, 1.0, 0.0]]])
    tried = trial(RANDOM, bare_world(costs), TICK)

    assert tried.truthful.chances.tolist() == [[1 / 3] * 3]
    # Only its own favourite and the other's are left: 1 in the mean, as before.
    assert tried.attacks[0].gain_gbp.tolist() == [0.0]
    assert tried.attacks[0].block_bond_gbp is None


def test_a_lottery_of_three_parties_is_told_apart():
    costs = [*COSTS, COSTS[0]]
    seen = small_study(costs, no_link=None)
    found = audit(small_scenario(pairs=(("N", "N", "N"),)), seen)
    said = summary(found, windows_table(found), plans_table(found))

    last = said["mechanisms"][-1]
    assert last["mechanism"] == "rps-random"
    assert last["exploitability_gbp_mwh"] is None
    assert last["notes"]
    assert [party["gain"] for party in last["parties"]] == [None] * 3
    assert all(m["parties"][2]["gain"] for m in said["mechanisms"][:-1])
    only = audit(small_scenario(pairs=(("N", "N", "N"),)), seen, ["rps-random"])
    said = summary(only, windows_table(only), plans_table(only))
    assert said["answer"] == ["No exploitability is known for what was audited."]


def test_of_a_lottery_alone_no_bond_is_known_for_bids_made_to_block():
    found = audit(small_scenario(), small_study(no_link=NO_LINK), ["rps-random"])
    said = summary(found, windows_table(found), plans_table(found))

    assert said["answer"][0].startswith("Most exploitable is rps-random")
    assert said["answer"][-1] == (
        "No truthful party gains by blocking an award from a bond of GBP 17.00 on."
    )


def test_nobody_to_blame_where_nobody_gains():
    found = audit(small_scenario(), small_study(), ["vcg", "rps-pareto"])
    said = summary(found, windows_table(found), plans_table(found))

    assert said["answer"] == ["No party gains by a misreport under vcg, rps-pareto."]


def test_all_loadings_are_audited_unless_some_are_named():
    seen = small_study(loadings=("A", "B"))

    every = pairs_of(Scenario(), seen)
    assert every == (("A", "A"), ("A", "B"), ("B", "A"), ("B", "B"))
    assert pairs_of(small_scenario(pairs=(("A", "B"),)), seen) == (("A", "B"),)


def test_days_follow_one_another():
    seen = small_study(no_link=NO_LINK, days=2)
    where = world(seen, ("N", "N"))
    assert where.costs_gbp[0].tolist() == [*COSTS[0], *(np.array(COSTS[0]) * 2).tolist()]

    table = windows_table(audit(small_scenario(), seen, ["hco"]))
    assert table["day"].tolist() == [0, 0, 1, 1] * 6
    assert table["window"].tolist() == [0, 1, 0, 1] * 6


def test_a_mechanism_that_there_is_not_is_refused():
    with pytest.raises(Unknown) as refused:
        contenders(["hco", "rsp"])

    assert refused.value.name == "rsp"


def test_names_of_parties_are_text_in_the_report():
    seen = replace(small_study(), parties=("<b>", "&"))
    found = audit(small_scenario(), seen, ["hco"])
    said = summary(found, windows_table(found), plans_table(found))

    page = html(said, [])
    assert "<b>&" not in page
    assert "&lt;b&gt;" in page
