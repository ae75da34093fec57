"""The registry of strategies as people read it."""

import json

from typer.testing import CliRunner

from agents.strategies import STRATEGIES
from experiments.cli import app


def test_every_strategy_is_listed_with_its_meaning():
    shown = CliRunner().invoke(app, ["strategies"]).stdout
    listed = json.loads(CliRunner().invoke(app, ["strategies", "--json"]).stdout)

    assert [row["name"] for row in listed] == list(STRATEGIES)
    assert all(row["name"] in shown and row["meaning"] in shown for row in listed)


def test_the_example_shows_values_offers_and_ranks():
    truth, shaded = (
        json.loads(CliRunner().invoke(app, ["strategies", name, "--json"]).stdout)
        for name in ("truthful", "shaded")
    )

    worst = max(truth["cost_gbp"])
    for cost, offer in zip(truth["cost_gbp"], truth["offers"], strict=True):
        assert abs((worst - cost) * 100 - offer) <= 0.5
    assert max(shaded["offers"]) < max(truth["offers"])
    assert sorted(truth["ranks"]) == list(range(1, 14))
    assert truth["ranks"] == shaded["ranks"]


def test_people_read_the_docstring_and_a_table():
    shown = CliRunner().invoke(app, ["strategies", "shaded"]).stdout

    assert "Offer a fixed share of what every option is worth." in shown
    assert "network-1, loading N, window 36" in shown
