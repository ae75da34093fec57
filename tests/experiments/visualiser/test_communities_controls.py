"""Parameters of communities make the scenario that they say."""

import pytest

from experiments.errors import InputRefused, ScenarioRefused, Unknown
from experiments.visualiser.communities.controls import MIXED, with_community
from experiments.visualiser.communities.live import communal, parameters
from experiments.visualiser.spec import defaults
from tests.experiments.visualiser.small import homes


def test_parameters_make_the_scenario_that_they_say():
    values = defaults(parameters(homes()))
    assert (values["residents"], values["others"], values["share"]) == (
        "cooperative",
        "adversarial",
        33,
    )
    assert communal(homes(), values).scenario == homes()
    values |= {"prosumers": 9, "trading": "pay-as-bid", "share": 20, "days": 1, "seed": "4"}

    values |= {"venue": "revm"}
    found = communal(homes(), values).scenario

    assert found.community.prosumers == 9
    assert found.community.rules == ("pay-as-bid",)
    assert found.community.mix == {"cooperative": 0.8, "adversarial": 0.2}
    assert (found.grid.days, found.seed, found.chain.venue) == (1, 4, "revm")


def test_one_kind_is_all_there_is_where_there_are_no_others():
    values = defaults(parameters(homes())) | {"residents": "indifferent", "share": 0}
    assert with_community(homes(), values).community.mix == {"indifferent": 1.0}


def test_a_mix_of_many_stays_until_somebody_chooses_another():
    many = homes(mix={"cooperative": 0.4, "truthful": 0.4, "indifferent": 0.2})
    values = defaults(parameters(many))

    assert values["residents"] == MIXED
    assert with_community(many, values) == many
    one = with_community(many, values | {"residents": "truthful"})
    assert one.community.mix == {"truthful": 1.0}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"prosumers": 2}, ScenarioRefused),
        ({"prosumers": "many"}, InputRefused),
        ({"residents": "hedge"}, ScenarioRefused),
        ({"trading": "barter"}, Unknown),
        ({"venue": "eth-tester"}, Unknown),
        ({"days": 3}, InputRefused),
    ],
)
def test_what_cannot_be_is_refused(change, error):
    with pytest.raises(error):
        communal(homes(), defaults(parameters(homes())) | change)
