"""Sentences: what each kind of equilibrium, and each flow of money, is called."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.tournament.empirical import EmpiricalGame
from experiments.tournament.findings import (
    SAMPLED,
    consequence,
    findings,
    mixed_words,
    of_game,
    profile_words,
    verdict,
    who_pays,
)
from experiments.tournament.lessons import lessons
from market.games.equilibria import nearest_equilibrium, pure_equilibria
from market.games.mixed import nash_equilibria
from tests.experiments.small_tournament import small_analysis, small_scenario

PARTIES = ("north", "south")
MEANING = (
    "no network can lower its own mean net cost by changing its strategy alone, "
    "among these 2 strategies"
)


def game_of(costs, strategies=("truthful", "random"), ratio=None) -> EmpiricalGame:
    """Return a game from the costs of each party, shape (party, *actions)."""
    payoffs = -np.array(costs, float)
    return EmpiricalGame(
        mechanism="hco",
        parties=PARTIES,
        strategies=strategies,
        payoffs=payoffs,
        ratios={} if ratio is None else {"system_cost_ratio": np.array(ratio)},
        equilibria=pure_equilibria(payoffs),
        nash=nash_equilibria(payoffs, time_limit=20.0),
        nearest=nearest_equilibrium(payoffs),
    )


DILEMMA = [[[2, 9], [1, 5]], [[2, 1], [9, 5]]]
COORDINATION = [[[1, 9], [9, 2]], [[1, 9], [9, 2]]]
PENNIES = [[[0, 30], [20, 1]], [[1500, 0], [0, 1200]]]
INDIFFERENT = [[[1, 5], [1, 6]], [[1, 2], [1, 2]]]

RATIO = [[0.5, 0.9], [0.8, 1.25]]

PENNIES_GAME = game_of(PENNIES, ratio=RATIO)


def test_one_strict_equilibrium_is_named():
    assert verdict(game_of(DILEMMA)) == (
        f"One pure Nash equilibrium: at north random, south random, {MEANING}."
    )


def test_one_equilibrium_that_is_not_strict_is_said_to_have_a_tie():
    game = game_of([[[1, 5], [1, 6]], [[1, 2], [3, 2]]])

    assert [found.actions for found in game.equilibria] == [(0, 0)]
    assert verdict(game).endswith("2 strategies; another choice would cost it the same.")


def test_several_strict_equilibria_are_listed_by_party_and_no_tie_is_claimed():
    assert verdict(game_of(COORDINATION)) == (
        f"2 pure Nash equilibria: at each, {MEANING}. In them north plays truthful or random, "
        "south plays truthful or random."
    )


def test_several_equilibria_with_ties_say_so():
    game = game_of(INDIFFERENT)

    assert [found.actions for found in game.equilibria] == [(0, 0), (1, 0)]
    assert verdict(game).endswith(
        "In them north plays truthful or random, south plays truthful; "
        "some choices cost a network the same."
    )


def test_three_choices_are_joined_by_commas_and_or():
    game = game_of(np.zeros((2, 3, 3)), strategies=("truthful", "shaded", "random"))

    assert "9 pure Nash equilibria" in verdict(game)
    assert "north plays truthful, shaded or random, south" in verdict(game)


def test_without_an_equilibrium_the_nearest_is_named_with_who_leaves_and_what_that_gains():
    game = game_of(PENNIES)

    assert verdict(game) == (
        "No pure Nash equilibrium: from every combination some network does better by "
        "changing its own strategy, among these 2 strategies. Nearest to one is north random, "
        "south truthful, which north would leave to gain GBP 20.00 a day. "
        "In a mixed equilibrium (the only one) north plays random 56%, truthful 44%; "
        "south plays truthful 59%, random 41% of the time."
    )


def test_of_many_mixed_equilibria_one_is_told_with_how_many_there_are_and_if_perhaps_more():
    game = game_of(PENNIES)
    three = replace(game.nash, equilibria=game.nash.equilibria * 3, complete=False)

    said = mixed_words(replace(game, nash=three))

    assert said.startswith(
        " In a mixed equilibrium (one of 3 found, perhaps not all) north plays random 56%"
    )


def test_where_no_mixed_equilibrium_was_found_none_is_told():
    game = game_of(PENNIES)
    none = replace(game, nash=replace(game.nash, equilibria=()))

    assert mixed_words(none) == ""
    assert verdict(none).endswith("would leave to gain GBP 20.00 a day.")


def test_a_strategy_that_a_mixture_never_plays_is_not_told():
    third = np.full((2, 3, 3), 90.0)
    third[:, :2, :2] = PENNIES
    third[0, 2, :], third[1, :, 2] = 5000.0, 5000.0

    said = verdict(game_of(third, strategies=("truthful", "random", "shaded")))

    assert "north plays random 56%, truthful 44%; south plays truthful 59%, random 41%" in said
    assert "shaded" not in said


def test_thousands_have_a_comma():
    game = game_of([[[0, 9000], [9000, 0]], [[2500, 0], [0, 1234.5]]])

    assert "which south would leave to gain GBP 1,234.50 a day" in verdict(game)


def test_what_the_equilibrium_costs_stands_beside_what_truth_costs():
    assert consequence(game_of(DILEMMA, ratio=RATIO)) == (
        "There the networks cost 1.250 times what they cost without the link, against 0.500 "
        "if all were truthful, payments and fees aside.",
    )


def test_of_several_equilibria_the_worst_counts():
    (said,) = consequence(game_of(COORDINATION, ratio=RATIO))

    assert said.startswith("At the worst of the equilibria the networks cost 1.250 times")


def test_a_mixed_equilibrium_counts_as_often_as_each_combination_comes_up():
    (said,) = consequence(game_of(PENNIES, ratio=RATIO))

    # north tells the truth 4/9 of the time, south 29/49: 371/441
    assert said.startswith("There the networks cost 0.841 times what they cost without")


def test_truth_is_not_mentioned_where_nobody_could_play_it():
    (said,) = consequence(game_of(DILEMMA, ("shaded", "random"), RATIO))

    assert said == (
        "There the networks cost 1.250 times what they cost without the link, "
        "payments and fees aside."
    )


@pytest.mark.parametrize(
    "game",
    [
        replace(PENNIES_GAME, nash=replace(PENNIES_GAME.nash, equilibria=())),
        game_of(DILEMMA),
        game_of(DILEMMA, ratio=[[np.nan] * 2] * 2),
    ],
    ids=[
        "no equilibrium is known",
        "no costs without the link",
        "a cost of nothing without the link",
    ],
)
def test_where_a_consequence_is_not_known_none_is_claimed(game):
    assert consequence(game) == ()


def paid(*days: tuple[float, float, int, int]) -> pd.DataFrame:
    """Return payoffs of days: payments of north, windows it pays, south pays."""
    rows = []
    for north, south, by_north, by_south in days:
        moved = by_north + by_south
        for seat, (payment, paying) in enumerate(((north, by_north), (south, by_south))):
            rows.append((seat, payment, paying, moved))
    names = ["seat", "payments_gbp", "paying_windows", "moved_windows"]
    return pd.DataFrame(rows, columns=names)


def test_where_no_money_moves_nobody_pays():
    assert who_pays(PARTIES, paid((0.0, 0.0, 0, 0)), windows=2) == "Nobody pays anybody."


def test_shares_of_payers_are_of_the_windows_in_which_money_moves():
    days = paid((5.0, -5.0, 1, 0), (4.0, -4.0, 1, 1))  # of two windows each

    assert who_pays(PARTIES, days, windows=2) == (
        "Money moves in 75.0% of windows; the payer is north in 66.7%, south in 33.3% of "
        "these. On average over all matches north pays GBP 4.50 a day, "
        "south receives GBP 4.50 a day."
    )


def test_a_profile_in_words_names_every_party():
    game = game_of(DILEMMA)

    assert profile_words(game, game.equilibria[0]) == "north random, south random"


def test_every_mechanism_has_its_own_sentences():
    played, analysis = small_analysis(small_scenario(mechanisms=("hco", "rps")))

    found = findings(played, analysis.games)

    assert found == analysis.findings
    assert list(found) == ["hco", "rps"]
    assert "Nobody pays anybody." in found["rps"]
    assert found["hco"][0].startswith("2 pure Nash equilibria")
    assert (
        "cost 0.900 times what they cost without the link, against 0.600 if" in found["hco"][1]
    )
    # payments over the four profiles: -4 + 25 - 25 + 0, in windows 5, -9; 5, 20; -5, -20; 0, 0
    # in equilibrium 27 where one controller pays 18
    assert found["hco"][2] == (
        "Against one controller of all networks the equilibria cost 1.500 (price of stability) "
        "to 1.500 times as much (price of anarchy)."
    )
    for said, game in zip(found.values(), analysis.games, strict=True):
        assert said[:5] == of_game(game)
    assert found["hco"][5] == (
        "Money moves in 75.0% of windows; the payer is network-1 in 50.0%, network-2 in 50.0% "
        "of these. On average over all matches network-1 receives GBP 1.00 a day, "
        "network-2 pays GBP 1.00 a day."
    )
    assert [said[6:] for said in found.values()] == [
        lessons(played, mechanism) for mechanism in ("hco", "rps")
    ]


def test_where_a_sample_was_played_that_is_said_in_place_of_equilibria():
    played, _ = small_analysis()

    said = findings(played, ())["hco"]

    assert said[0] == SAMPLED
    assert said[1].startswith("Money moves in 75.0% of windows")
