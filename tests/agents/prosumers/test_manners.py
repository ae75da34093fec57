"""Strategies of network operators, in the seat of a prosumer."""

from dataclasses import dataclass

import pytest

from agents.prosumers.manners import NotForProsumers, allowed, manner, refusal
from agents.strategies import STRATEGIES
from agents.strategies.best_response import Altruistic
from agents.strategies.learner import MENUS
from agents.strategies.scaled import Shaded
from agents.strategies.truthful import Truthful


@pytest.mark.parametrize(
    ("name", "degrees", "orders"),
    [
        ("cooperative", 45.0, Truthful()),
        ("altruistic", 90.0, Truthful()),
        ("adversarial", -45.0, Shaded(share=0.5)),
        ("shaded(share=0.7)", 0.0, Shaded(share=0.7)),
    ],
)
def test_dispositions_plan_as_they_are_and_order_by_the_table(name, degrees, orders):
    found = manner(name)

    assert (found.disposition.degrees, found.orders, found.heeds) == (degrees, orders, True)


def test_only_the_indifferent_ignore_the_community():
    assert [name for name in allowed() if not manner(name).heeds] == ["indifferent"]
    assert not manner("noise(indifferent)").heeds


def test_in_a_wrapper_a_strategy_plans_as_it_does_alone():
    found = manner("noise(delay(adversarial), size=0.2)")

    assert found.disposition.name == "adversarial"
    assert found.orders.size == 0.2
    assert found.orders.inner.inner == Shaded(share=0.5)


@pytest.mark.parametrize("name", ["exp3", "roth-erev", "q-greedy", "q-boltzmann", "ucb"])
def test_bandits_learn_how_much_to_concede(name):
    assert manner(name).orders.menu == MENUS["shading"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("oracle-best-response", "told what the others bid"),
        ("best-response", "responds to a mechanism"),
        ("tremble(best-response-to-mean)", "responds to a mechanism"),
        ("truthful-until-cheated", "responds to a mechanism"),
        ("hedge", "would have earned"),
        ("exp3(menu=dispositions)", "responds to a mechanism"),
    ],
)
def test_what_a_prosumer_cannot_know_is_refused_by_name(name, reason):
    with pytest.raises(NotForProsumers, match=reason) as caught:
        manner(name)

    assert caught.value.name == name
    assert caught.value.allowed == allowed()
    assert "truthful, shaded" in str(caught.value)


def test_every_listed_strategy_is_allowed_or_refused():
    refused = {name for name in STRATEGIES if name not in allowed()}

    assert all(refusal(STRATEGIES[name]()) for name in refused)
    assert len(allowed()) >= 30


def test_a_users_strategy_may_be_told_to_care():
    @dataclass(frozen=True)
    class Kind(Truthful):
        disposition = Altruistic().disposition

    assert manner("kind", {"kind": Kind}.get).disposition.name == "altruistic"
