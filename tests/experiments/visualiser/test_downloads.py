"""What a visitor takes home says what was seen, and plays the same again."""

import csv
import io
import tomllib
from dataclasses import replace

import pytest

from experiments.scenario import Scenario, make_scenario, read_scenario
from experiments.visualiser import downloads
from experiments.visualiser.toml_file import to_toml
from tests.experiments.visualiser.small import small_live


@pytest.fixture
def record():
    live = small_live()
    live.step()
    live.step()
    return live.matches[0].record


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_tables_hold_every_window_bid_and_call(record):
    windows = rows(downloads.windows_csv(record))
    assert [(row["party"], row["cost_gbp"], row["paid_gbp"]) for row in windows[:2]] == [
        ("network-1", "0.0", "5.0"),
        ("network-2", "7.0", "-5.0"),
    ]
    bids = rows(downloads.bids_csv(record))
    assert [int(row["number"]) for row in bids[:6]] == [500, 200, 0, 0, 300, 500]
    calls = rows(downloads.calls_csv(record))
    assert [row["stage"] for row in calls[:5]] == [
        "deposit",
        "deposit",
        "submit",
        "submit",
        "decide",
    ]
    assert calls[4]["from"] == "anyone"
    assert "network-1 pays £5.00" in calls[4]["arguments"]


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(),
        read_scenario("anglesey"),
        Scenario(seed=3).with_changes("grid", scenarios={"wet day": (1.0, 0.5)}),
    ],
)
def test_a_scenario_reads_back_as_it_was(scenario):
    table = tomllib.loads(to_toml(scenario))
    assert table.pop("schema") == 1
    assert make_scenario(table, scenario.folder, "x") == scenario


def test_paths_become_absolute(tmp_path):
    scenario = replace(Scenario(), folder=tmp_path)
    scenario = scenario.with_changes(
        "grid", case="own", networks=("a.json", "b.json"), profiles="p.csv"
    )
    table = tomllib.loads(to_toml(scenario))
    assert table["grid"]["networks"] == [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    assert table["grid"]["profiles"] == str(tmp_path / "p.csv")
    assert table["grid"]["costs"] == ""


def test_the_command_stands_in_the_file(record):
    text = downloads.of_match(Scenario(), record)["scenario.toml"]()
    assert text.splitlines()[0].endswith("gridpact simulate THIS_FILE --windows 2")
