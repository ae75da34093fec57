"""What a tournament teaches beyond equilibria: each sentence by hand."""

import pandas as pd
import pytest

from experiments.tournament.lessons import (
    a_hostile_neighbour,
    best_and_worst_pairings,
    lessons,
    what_sealing_is_worth,
    when_they_learn,
    where_best_responses_lead,
    whether_shading_pays,
    which_families_do_well,
)
from tests.experiments.small_tournament import (
    COSTS,
    small_scenario,
    small_study,
    small_tournament,
)


def rows_of(*matches, ratio=True, parties=("north", "south")) -> pd.DataFrame:
    """Return payoffs of matches: strategies, own net cost of each, ratio of the system."""
    rows = [
        {f"strategy_{i}": s for i, s in enumerate(strategies)}
        | {"seat": seat, "party": parties[seat], "strategy": strategies[seat]}
        | {"net_cost_gbp": float(cost), "system_cost_ratio": float(system)}
        for strategies, costs, system in matches
        for seat, cost in enumerate(costs)
    ]
    table = pd.DataFrame(rows)
    return table if ratio else table.drop(columns="system_cost_ratio")


TRUTH = (("truthful", "truthful"), (100, 200), 0.8)
LEARNERS = (
    (("hedge", "hedge"), (0, 0), 0.9),
    (("hedge", "exp3"), (0, 0), 1.0),
    (("exp3", "hedge"), (0, 0), 1.1),
    (("exp3", "exp3"), (0, 0), 1.4),
    (("hedge", "truthful"), (0, 0), 9.0),
)
SHADING = (
    (("shaded", "truthful"), (60, 230), 0.8),
    (("truthful", "shaded"), (140, 1350.4), 0.8),
)
HOSTILE = (
    (("truthful", "adversarial"), (1600, 0), 1.2),
    (("adversarial", "truthful"), (0, 190), 1.2),
)


def test_learning_ends_at_the_mean_of_all_profiles_of_learners():
    assert when_they_learn(rows_of(TRUTH, *LEARNERS)) == (
        "When all learn (hedge, exp3) the networks cost 1.100 times what they cost without the "
        "link, against 0.800 with the truth."
    )


def test_learning_is_not_held_against_a_truth_that_was_not_played():
    assert when_they_learn(rows_of(*LEARNERS[:4])).endswith("without the link.")


@pytest.mark.parametrize(
    "rows",
    [
        rows_of(TRUTH),
        rows_of(TRUTH, *LEARNERS, ratio=False),
        rows_of(TRUTH, LEARNERS[4]),
        rows_of(*(((s, c, float("nan"))) for s, c, _ in LEARNERS)),
    ],
    ids=["nobody learns", "no ratio", "learners did not meet", "a ratio to nothing"],
)
def test_where_learning_is_not_known_nothing_is_said_of_it(rows):
    assert when_they_learn(rows) is None


def test_shading_gains_what_it_takes_off_the_cost_against_the_truth():
    rows = rows_of(TRUTH, *SHADING, (("shaded", "shaded"), (0, 0), 0.8))

    assert whether_shading_pays(rows) == (
        "Offering 80 % of the truth to a truthful neighbour gains, a day: north GBP +40 and "
        "south GBP -1,150."
    )


@pytest.mark.parametrize(
    "rows",
    [
        rows_of(TRUTH),
        rows_of(SHADING[0], SHADING[1]),
        rows_of(TRUTH, SHADING[0]),
        rows_of(TRUTH, (("shaded", "shaded"), (0, 0), 0.8)),
    ],
    ids=["nobody shades", "no truth alone", "one seat only", "only against shading"],
)
def test_where_shading_was_not_played_against_the_truth_nothing_is_said_of_it(rows):
    assert whether_shading_pays(rows) is None


def test_a_hostile_neighbour_costs_what_it_adds_to_truth_among_the_truthful():
    assert a_hostile_neighbour(rows_of(TRUTH, *HOSTILE)) == (
        "An adversarial neighbour in place of a truthful one costs a truthful party, a day: "
        "north GBP +1,500 and south GBP -10."
    )


@pytest.mark.parametrize(
    "rows",
    [rows_of(TRUTH), rows_of(TRUTH, HOSTILE[0]), rows_of(*HOSTILE)],
    ids=["nobody is hostile", "one seat only", "no truth alone"],
)
def test_where_hostility_was_not_met_nothing_is_said_of_it(rows):
    assert a_hostile_neighbour(rows) is None


def test_of_three_parties_all_others_are_hostile_together():
    rows = rows_of(
        (("truthful",) * 3, (1, 2, 3), 1.0),
        (("truthful", "adversarial", "adversarial"), (11, 0, 0), 1.0),
        (("truthful", "truthful", "adversarial"), (900, 900, 0), 1.0),
        (("adversarial", "truthful", "adversarial"), (0, 22, 0), 1.0),
        (("adversarial", "adversarial", "truthful"), (0, 0, 33), 1.0),
        parties=("x", "y", "z"),
    )

    assert a_hostile_neighbour(rows).endswith("x GBP +10, y GBP +20 and z GBP +30.")


def test_sealing_is_worth_what_knowing_the_present_bids_adds_to_knowing_the_last():
    played = small_tournament()

    # network-1 against 0, 3, 5 and 0, 19, 20. Before it knows them it tells the truth: cost 0,
    # pays 5; then, authority gone, it leaves option 2, cost 20, and receives 20: 5 in all.
    # With them it leaves option 2, cost 5, for 5; then ties at option 1, cost 10, for 18: -8.
    # network-2 does best with option 0 both times, with or without them.
    assert what_sealing_is_worth(played, "hco") == (
        "Sealed bids keep a party from reading the present bids of truthful neighbours before "
        "its own; beyond knowing the last ones, that would be worth, a day: network-1 GBP 13 "
        "and network-2 GBP 0."
    )


def test_sealing_is_asked_of_every_party_and_on_memory_wherever_it_was_played():
    scenario = small_scenario("truthful", pairs=(("N", "N", "N"),), venue="revm")
    played = small_tournament(scenario, small_study([*COSTS, COSTS[1]], None))

    said = what_sealing_is_worth(played, "hco")

    assert all(f"network-{n} GBP " in said for n in (1, 2, 3))


def test_only_questions_that_the_strategies_answer_are_answered():
    few = lessons(small_tournament(), "hco")
    names = "truthful", "shaded", "adversarial", "hedge"
    all_four = lessons(small_tournament(small_scenario(*names)), "hco")

    assert [said.split()[0] for said in few] == ["The", "On", "Sealed", "Parties"]
    assert [said.split()[0] for said in all_four] == [
        "The", "On", "When", "Offering", "An", "Sealed", "Parties",
    ]  # fmt: skip


def test_the_best_and_the_worst_pairing_are_named_with_what_they_cost():
    rows = rows_of(TRUTH, *LEARNERS)

    assert best_and_worst_pairings(rows) == (
        "The networks cost least with truthful and truthful (0.800 times no link), most with "
        "hedge and truthful (9.000)."
    )


@pytest.mark.parametrize(
    "rows",
    [
        rows_of(TRUTH),
        rows_of(TRUTH, *LEARNERS, ratio=False),
        rows_of(TRUTH, (("shaded", "truthful"), (0, 0), float("nan"))),
        rows_of(TRUTH, SHADING[0]),
    ],
    ids=["one pairing", "no ratio", "a ratio to nothing", "all alike"],
)
def test_where_no_pairing_is_best_none_is_named(rows):
    assert best_and_worst_pairings(rows) is None


def test_the_family_of_least_mean_cost_is_named_for_each_party():
    rows = rows_of(
        TRUTH,
        (("shaded", "truthful"), (60, 900), 1.0),
        (("inflated", "truthful"), (80, 400), 1.0),
        (("truthful", "flat"), (300, 1100), 1.0),
    )

    # north: scaled (60 + 80) / 2 = 70, truth 200; south: truth 500, indifferent 1,100
    assert which_families_do_well(rows) == (
        "On average over opponents the cheapest family is for north scaled (GBP 70 a day) and "
        "south truthful (GBP 500 a day)."
    )


def test_of_one_family_none_does_better():
    assert which_families_do_well(rows_of(TRUTH)) is None


def test_best_responses_to_present_bids_lead_away_from_the_optimum_by_hand():
    # whoever wins takes all: options 0 or 2 at 7 and then 20, where the truth has 7 and 11
    assert where_best_responses_lead(small_tournament(), "hco") == (
        "Parties that answer each other's present bids exactly, from the truth on and in steps "
        "of GBP 1, end where nobody gains by any other bid in 100% of windows, and go round "
        "for ever in 0%; their last bids cost the networks 1.500 times what truthful ones do."
    )


def test_where_a_lottery_decides_responses_are_not_followed():
    scenario = small_scenario(mechanisms=("rps-random",)).with_changes("market", sealed=True)

    assert where_best_responses_lead(small_tournament(scenario), "rps-random") is None
