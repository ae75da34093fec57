"""Strategies by what users write."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import pytest

from agents.disposition import Disposition
from agents.learning.hedge import Hedge
from agents.learning.q_learning import GreedyQ
from agents.lookup import BELIEFS, NotAStrategy, UnknownName, find
from agents.strategies import STRATEGIES
from agents.strategies.base import Strategy
from agents.strategies.best_response import BestResponse
from agents.strategies.learner import MENUS, Learner
from agents.strategies.scaled import Shaded
from agents.strategies.truthful import Truthful
from agents.wrappers import WRAPPERS
from agents.wrappers.limits import Forgetful
from agents.wrappers.mistakes import Noise, Tremble


@dataclass(frozen=True)
class Odd(Strategy):
    """Has a field of every type."""

    meaning: ClassVar[str] = "is odd"

    flag: bool = False
    word: str = ""
    bound: float | None = None
    other: Strategy = Truthful()  # noqa: RUF009


ELSEWHERE = {
    "odd": Odd,
    "learner": Learner,
    "quick": partial(Learner, rule=GreedyQ()),
    "my odd.py:Odd": Odd,
    "text": str,
}


def found(text):
    return find(text, ELSEWHERE.get)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_name_stands_for_its_class_without_arguments(name):
    assert find(name) == STRATEGIES[name]()
    assert find(f" {name} ( ) ") == STRATEGIES[name]()


@pytest.mark.parametrize("name", WRAPPERS)
def test_every_wrapper_takes_a_strategy(name):
    assert find(f"{name}(shaded)") == WRAPPERS[name](Shaded())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("shaded(share=0.7)", Shaded(share=0.7)),
        ("shaded(share=1)", Shaded(share=1.0)),
        ("shaded(share=.5,)", Shaded(share=0.5)),
        ("noise(truthful, size=1e-2)", Noise(Truthful(), size=0.01)),
        ("noise(size=0.2, truthful)", Noise(Truthful(), size=0.2)),
        ("tremble(noise(shaded), chance=0.1)", Tremble(Noise(Shaded()), chance=0.1)),
        ("forgetful(shaded, sessions=3)", Forgetful(Shaded(), sessions=3)),
        ("best-response(disposition=adversarial)", BestResponse(Disposition(-45.0))),
        ("best-response(disposition=-30)", BestResponse(Disposition(-30.0))),
        ("best-response(belief=smoothed)", BestResponse(belief=BELIEFS["smoothed"])),
        ("learner(rule=hedge, menu=shading)", Learner(rule=Hedge(), menu=MENUS["shading"])),
        ("learner(rule=q-greedy(chance=0.5))", Learner(rule=GreedyQ(chance=0.5))),
        ("quick", Learner(rule=GreedyQ())),
        ("quick(disposition=45)", Learner(GreedyQ(), disposition=Disposition(45.0))),
        ("odd(flag=true, word=2, bound=2)", Odd(flag=True, word="2", bound=2)),
        ("odd(bound=2.5, word=a b)", Odd(bound=2.5, word="a b")),
        ("odd(bound=no)", Odd(bound="no")),
        ("odd(bound=false)", Odd(bound=False)),
        ("odd(other=noise(shaded))", Odd(other=Noise(Shaded()))),
        ("noise(my odd.py:Odd(flag=false))", Noise(Odd())),
    ],
)
def test_parameters_are_fields(text, wanted):
    assert found(text) == wanted


def test_a_belief_may_have_parameters_too():
    belief = found("best-response(belief=mean(newest=0.5))").belief

    assert (belief.newest, belief.by_half_hour) == (0.5, True)


@pytest.mark.parametrize(
    ("text", "kind", "name", "known"),
    [
        ("shadd", "strategy", "shadd", "shaded"),
        ("", "strategy", "", "truthful"),
        ("noise(shadd)", "strategy", "shadd", "tremble"),
        ("my.py:Mine", "strategy", "my.py:Mine", "truthful"),
        ("shaded(sahre=1)", "key of shaded", "sahre", "share"),
        ("noise(shaded(sahre=1))", "key of shaded", "sahre", "share"),
        ("best-response(disposition=kind)", "disposition", "kind", "degrees"),
        ("best-response(disposition=nan)", "disposition", "nan", "adversarial"),
        ("best-response(belief=first)", "belief", "first", "smoothed"),
        ("best-response(belief=last(old=1))", "key of last", "old", "newest"),
        ("learner(menu=all)", "menu", "all", "bids"),
        ("learner(rule=hedg)", "learning rule", "hedg", "hedge"),
    ],
)
def test_a_wrong_name_is_told_with_what_is_known(text, kind, name, known):
    with pytest.raises(UnknownName) as refused:
        found(text)

    assert (refused.value.kind, refused.value.name) == (kind, name)
    assert known in refused.value.known
    assert f"unknown {kind} {name!r}, wanted " in str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(", "( stands where a name was wanted"),
        ("shaded(", "a ) is missing"),
        ("shaded(share=0.7", "a ) is missing"),
        ("shaded(share=", "the end stands where a name was wanted"),
        ("shaded(share=)", ") stands where a name was wanted"),
        ("shaded(,)", ", stands where a name was wanted"),
        ("shaded)", "')' stands after its end"),
        ("shaded, truthful", "',' stands after its end"),
        ("shaded(share=1)(share=2)", "'(' stands after its end"),
        ("shaded(share=1=2)", "= stands where , or ) was wanted"),
        ("shaded(share=1, share=2)", "'share' stands where a new key was wanted"),
        ("shaded(f(x=1)=2)", "'f' stands where a new key was wanted"),
        ("shaded(0.7)", "shaded has 1 values without a key, wanted key=value"),
        ("noise", "noise has 0 values without a key, wanted one strategy, as in noise(truthf"),
        ("noise(shaded, shaded)", "noise has 2 values without a key, wanted one strategy"),
        ("noise(inner=shaded)", "noise has 0 values without a key"),
        ("truthful(share=1)", "truthful has no keys, found 'share'"),
        ("learner(menu=bids(x=1))", "bids has no keys, found 'x'"),
        ("shaded(share=high)", "share of shaded is 'high', wanted a number"),
        ("shaded(share=inf)", "share of shaded is 'inf', wanted a number"),
        ("shaded(share=f(x=1))", "share of shaded is 'f', wanted a number"),
        ("forgetful(shaded, sessions=1.5)", "sessions of forgetful is '1.5', wanted a whole"),
        ("forgetful(shaded, sessions=few)", "sessions of forgetful is 'few', wanted a whole"),
        ("shaded(share=-1)", "share of shaded is -1, wanted 0 or more"),
        ("tremble(shaded, chance=7)", "chance of tremble is 7, wanted 0 to 1"),
        ("forgetful(shaded, sessions=0)", "sessions of forgetful is 0, wanted 1 or more"),
        ("learner(rule=q-greedy(rate=2))", "rate of q-greedy is 2, wanted 0 to 1"),
        ("learner(rule=q-boltzmann(temperature=0))", "temperature of q-boltzmann is 0, wanted"),
        ("odd(flag=1)", "flag of odd is '1', wanted true or false"),
        ("text", "text makes a str, wanted a Strategy"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, reason):
    with pytest.raises(NotAStrategy) as refused:
        found(text)

    assert refused.value.reason.startswith(reason)
    assert refused.value.text == text


def test_no_other_name_is_known_unless_told_where():
    with pytest.raises(UnknownName):
        find("odd")
