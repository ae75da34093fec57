"""Parameters are Mesa's, say what they mean, and make the scenario that they say."""

import pytest

from experiments.errors import InputRefused, ScenarioRefused, Unknown
from experiments.visualiser.controls import choice, parameters
from experiments.visualiser.spec import defaults
from tests.experiments.visualiser.small import small_world


@pytest.fixture
def world():
    return small_world()


@pytest.fixture
def values(world):
    return defaults(parameters(world.scenario, world.seen))


def chosen(world, values):
    plain = world.scenario.with_changes("grid", costs="", days=world.seen.days)
    return choice(plain, values, world.seen.parties)


def test_every_parameter_says_what_it_means_in_mesas_terms(world):
    spec = parameters(world.scenario, world.seen)

    assert {entry["type"] for entry in spec.values()} == {"Select", "SliderInt", "InputText"}
    for entry in spec.values():
        assert entry["meaning"].endswith(".")
        assert entry["label"]
        assert entry["type"] != "Select" or entry["value"] in entry["values"]


def test_strategies_come_in_groups_with_what_each_does(world):
    entry = parameters(world.scenario, world.seen)["strategy_1"]

    grouped = [text for texts in entry["groups"].values() for text in texts]
    assert grouped == entry["values"]
    assert "hedge" in entry["groups"]["Learning"]
    assert "best-response(disposition=adversarial)" in entry["groups"]["By a disposition"]
    assert entry["meanings"]["truthful"]


def test_strategies_of_the_scenario_come_first(world):
    own = world.scenario.with_changes("play", strategies=("shaded(share=0.5)", "truthful"))
    groups = parameters(own, world.seen)["strategy_2"]["groups"]

    assert groups["Of the scenario"] == ["shaded(share=0.5)"]


def test_mesa_reads_the_spec(world):
    from mesa.visualization.solara_viz import check_param_is_fixed

    spec = parameters(world.scenario, world.seen)
    assert not any(check_param_is_fixed(entry) for entry in spec.values())


def test_values_make_a_scenario(world, values):
    values |= {
        "loading_1": "D",
        "mechanism": "rps",
        "bids": "sealed",
        "strategy_2": "shaded",
        "session": "day",
        "seed": "7",
        "chair": "network-2",
        "compare": "rps-pareto",
    }
    found = chosen(world, values)

    assert found.scenario.play.pair == ("D", "N")
    assert found.scenario.play.seats == ("truthful", "shaded")
    assert found.scenario.market.mechanisms == ("rps",)
    assert found.scenario.market.sealed
    assert found.scenario.market.horizon == 48
    assert (found.scenario.seed, found.chair, found.rival) == (7, 1, "rps-pareto")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"seed": "much"}, InputRefused),
        ({"mechanism": "rps-random"}, ScenarioRefused),
        ({"compare": "rps-random"}, ScenarioRefused),
        ({"strategy_1": "nobody-knows"}, ScenarioRefused),
        ({"venue": "rpc"}, Unknown),
        ({"chair": "network-9"}, Unknown),
        ({"days": 3}, InputRefused),
    ],
)
def test_what_cannot_be_is_refused(world, values, change, error):
    with pytest.raises(error):
        chosen(world, values | change)
