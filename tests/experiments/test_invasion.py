"""Invaders of a population: the strongest, its chance by hand, and what is said of it."""

from math import exp

import numpy as np
import pytest

from experiments.tournament.invasion import (
    POPULATION,
    invasion_records,
    invasion_words,
    invasions,
)
from tests.experiments.test_findings import COORDINATION, DILEMMA, game_of


def test_who_gains_a_tenth_of_the_range_takes_over_by_the_formula():
    # liars gain 1 of a range of 8 where all are honest: 1.25 of a tenth of the range
    honest, liars = invasions(game_of(DILEMMA))

    chance = (1 - exp(-1.25)) / (1 - exp(-1.25 * POPULATION))
    assert [(one.party, one.strategy) for one in honest] == [
        ("north", "random"),
        ("south", "random"),
    ]
    assert [one.probability for one in honest] == pytest.approx([chance] * 2)
    assert [one.efold_gbp for one in honest] == pytest.approx([0.8] * 2)
    assert max(one.probability for one in liars) < 1e-9, "nobody invades a strict equilibrium"


def test_where_nothing_matters_invaders_are_neutral():
    (found,) = invasions(game_of(np.zeros((2, 2, 2))))

    assert [one.probability for one in found] == pytest.approx([1 / POPULATION] * 2)
    assert [one.neutral for one in found] == [1 / POPULATION] * 2
    assert [one.strategy for one in found] == ["random"] * 2, "a resident is no invader"


def test_without_truth_the_equilibrium_alone_is_invaded():
    (found,) = invasions(game_of(COORDINATION, strategies=("shaded", "random")))

    assert found[0].residents == {"north": "shaded", "south": "shaded"}


def test_a_sentence_names_residents_invaders_and_the_neutral_chance():
    (said,) = invasion_words(game_of(DILEMMA))

    assert said.startswith(
        "A single invader of 100 residents takes over (Moran's process; GBP 1 a day more "
        "multiply fitness by e) with these probabilities at most, 0.01 if it were neutral: "
        "among truthful residents north's random 0.71 and south's random 0.71; "
        "among random residents north's truthful "
    )


def test_of_one_strategy_there_is_no_invader():
    game = game_of(np.zeros((2, 1, 1)), strategies=("truthful",))

    assert invasion_words(game) == ()
    assert invasion_records(game) == []


def test_records_are_json():
    records = invasion_records(game_of(DILEMMA))

    assert len(records) == 4
    assert records[0]["residents"] == {"north": "truthful", "south": "truthful"}
    assert {*records[0]} == {
        "mechanism", "residents", "party", "strategy", "probability", "neutral", "efold_gbp",
    }  # fmt: skip
