"""The registry of strategies as people read it, and how one bids."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.strategies import STRATEGIES
from agents.wrappers import WRAPPERS
from experiments.cli import app
from experiments.commands.options import names
from experiments.figures.strategy import bids
from experiments.figures.style import style
from experiments.strategy_example import Day, _in_words, day, stage


def shown(*arguments: object, exit_code: int = 0):
    answer = CliRunner().invoke(app, ["strategies", *map(str, arguments)])
    assert answer.exit_code == exit_code, (answer.stdout, answer.stderr, answer.exception)
    return answer


def test_every_strategy_and_wrapper_is_listed_with_its_meaning(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    table = shown().stdout
    listed = json.loads(shown("--json").stdout)

    wrapped = [f"{name}(truthful)" for name in WRAPPERS]
    assert [row["name"] for row in listed][: len(STRATEGIES) + len(wrapped)] == [
        *STRATEGIES,
        *wrapped,
    ]
    for row in listed:
        assert set(row) == {"name", "family", "disposition", "meaning"}
        assert all(text and text in table for text in row.values())


@pytest.mark.parametrize(
    ("name", "family", "disposition"),
    [
        ("truthful", "truthful", "-"),
        ("indifferent", "indifferent", "indifferent"),
        ("best-response", "best-response", "individualistic"),
        ("adversarial", "best-response", "adversarial"),
        ("best-response(disposition=-30)", "best-response", "-30°"),
        ("noise(truthful)", "mistakes", "-"),
    ],
)
def test_a_row_tells_family_and_disposition(name, family, disposition):
    listed = json.loads(shown("--strategy", name, "--json").stdout)

    row = next(row for row in listed if row["name"] == name)
    assert (row["family"], row["disposition"]) == (family, disposition)


def test_a_strategy_from_a_file_is_listed_and_a_broken_one_is_told(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "from agents.strategies.base import Strategy\n"
        "from agents.strategies.truthful import Truthful\n"
        "class Mine(Truthful):\n    meaning = 'is mine'\n"
        "class Not(Strategy):\n    meaning = 'does nothing'\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    more = "--strategy", "mine.py:Not", "--strategy", "mine.py:Mine"

    answer = shown(*more, "--json")

    last = {
        "name": "mine.py:Mine",
        "family": "file",
        "disposition": "-",
        "meaning": "is mine",
    }
    assert json.loads(answer.stdout)[-1] == last
    assert answer.stderr == "left out: mine.py:Not: raised NotImplementedError\n"


def test_the_example_shows_values_offers_and_ranks(tmp_path):
    truth, shaded = (
        json.loads(shown(name, "--out", tmp_path / name, "--json").stdout)
        for name in ("truthful", "shaded(share=0.5)")
    )

    worst = max(truth["cost_gbp"])
    for cost, offer, half in zip(
        truth["cost_gbp"], truth["offers"], shaded["offers"], strict=True
    ):
        assert abs((worst - cost) * 100 - offer) <= 0.5
        assert abs(offer / 2 - half) <= 1
    assert sorted(truth["ranks"]) == list(range(1, 14))
    assert truth["ranks"] == shaded["ranks"]
    assert (truth["keys"], shaded["keys"]) == ({}, {"share": "0.5"})


def test_people_read_the_docstring_a_table_and_where_the_figure_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    read = shown("noise(shaded(share=0.7), size=0.2)").stdout

    assert "Bid about what was meant: better options likelier, but no more than that" in read
    assert "References" in read
    assert "network-1, loading N, window 36" in read
    assert "size=0.2" in read
    folder = tmp_path / "results/strategies/noise-shaded-share=0.7-size=0.2"
    assert {path.name for path in folder.iterdir()} == {"bids.svg", "bids.png", "manifest.json"}
    assert f"figure: {folder.relative_to(tmp_path)}/bids.svg, " in read
    assert shown("noise(shaded(share=0.7), size=0.2)").exit_code == 0, "an old run is replaced"


def test_a_strategy_that_is_not_there_is_refused_before_anything_is_computed(monkeypatch):
    monkeypatch.setattr("experiments.strategy_example.study", None)

    answer = shown("shadd", exit_code=2)

    assert answer.stderr == "gridpact: unknown strategy 'shadd', did you mean 'shaded'?\n"


def test_a_strategy_that_fails_over_the_day_is_told(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "from agents.strategies.truthful import Truthful\n"
        "class Mine(Truthful):\n"
        "    meaning = ''\n"
        "    def bid(self, knowledge, draws):\n"
        "        assert knowledge.windows[0] != 7\n"
        "        return super().bid(knowledge, draws)\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)

    answer = shown("mine.py:Mine", exit_code=2)

    assert "gridpact: mine.py:Mine: raised AssertionError in bid, line 5" in answer.stderr
    assert not list((tmp_path / "results/strategies").iterdir())


@pytest.fixture(scope="module")
def anglesey():
    return stage()


def test_the_day_that_is_shown_is_one_after_the_strategy_has_learnt(anglesey):
    truth, told, reply = (
        day(name, anglesey) for name in ("truthful", "shaded", "best-response")
    )

    worth = truth.cost_gbp.max(-1, keepdims=True) - truth.cost_gbp
    np.testing.assert_allclose(truth.offers_gbp, worth, atol=0.005)
    np.testing.assert_allclose(told.offers_gbp, 0.8 * worth, atol=0.005)
    np.testing.assert_array_equal(np.sort(truth.ranks, -1), [range(1, 14)] * 48)
    assert truth.ranks.argmin(-1).tolist() == truth.cost_gbp.argmin(-1).tolist()
    assert ((reply.offers_gbp > 0).sum(-1) <= 1).all(), "one option at the most, once it knows"
    assert reply.where == "network-1, loading N, day 2 of play against truthful"


def test_the_figure_shows_both_forms_and_the_option_of_lowest_cost():
    cost = np.array([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0]])
    offers = np.array([[0.0, 2.0, 1.0], [2.0, 1.0, 0.0]])
    shown_day = Day("mine", "here", (-5.0, 0.0, 5.0), cost, offers, np.array([[3, 1, 2]] * 2))

    with style():
        figure = bids(shown_day, "a long meaning " * 20)

    left, right = figure.axes[:2]
    np.testing.assert_array_equal(left.images[0].get_array(), offers.T)
    np.testing.assert_array_equal(right.images[0].get_array(), shown_day.ranks.T)
    assert left.images[0].get_clim() == (0.0, 2.0)
    assert left.lines[0].get_ydata().tolist() == [1, 0]
    assert [label.get_text() for label in left.get_yticklabels()] == ["-5", "0", "5"]
    assert max(map(len, figure.get_suptitle().splitlines())) <= 110


def test_a_strategy_that_offers_nothing_can_be_drawn():
    zeros = np.zeros((2, 3))
    nothing = Day("mine", "here", (-5.0, 0.0, 5.0), zeros, zeros, np.array([[1, 2, 3]] * 2))

    with style():
        assert bids(nothing, "").axes[0].images[0].get_clim() == (0.0, 0.01)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.25, "0.25"),
        (3, "3"),
        (SimpleNamespace(name="kind"), "kind"),
        ((STRATEGIES["shaded"](), STRATEGIES["truthful"]()), "Shaded(share=0.8), Truthful()"),
    ],
)
def test_parameters_are_told_in_words(value, words):
    assert _in_words(value) == words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (None, None),
        ("a", ("a",)),
        ("a, b(c=1, d=2) ,e(f(g, h), i)", ("a", "b(c=1, d=2)", "e(f(g, h), i)")),
        ("a,", ("a", "")),
    ],
)
def test_commas_in_brackets_part_nothing(text, parts):
    assert names(text) == parts
