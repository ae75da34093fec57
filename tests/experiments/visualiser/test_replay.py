"""A finished run is shown as it was, from its files alone."""

import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import InputRefused
from experiments.scenario import read_scenario
from experiments.visualiser.controls import Choice
from experiments.visualiser.match import Match
from experiments.visualiser.opening import Opening
from experiments.visualiser.playing import Live
from experiments.visualiser.replay import Replay, read_record, read_scenario_of
from experiments.visualiser.scene import scene
from experiments.visualiser.snapshot import Look
from experiments.visualiser.world import world


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of ten windows of Anglesey, one side learning."""
    folder = tmp_path_factory.mktemp("run") / "run"
    asked = ["simulate", "anglesey", "--windows", "10", "--seats", "hedge,withholder"]
    result = CliRunner().invoke(app, [*asked, "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def both(run):
    """Return the same ten windows, from the folder and played."""
    scenario = read_scenario_of(run)
    grid = world(scenario)
    live = Live(Choice(scenario, 1, None, None), grid)
    for _ in range(10):
        live.step()
    return Replay(run, scenario, grid), live


def test_a_replay_shows_what_was_played(both):
    replay, live = both
    for window in (0, 1, 5, 10):
        then, now = replay.look(Look(window=window)), live.look(Look(window=window))
        assert then.totals == now.totals
        assert then.flow == now.flow
        assert then.heat["maps"] == now.heat["maps"]
        assert then.costs == now.costs
        assert then.learning == now.learning
        assert [row[:4] for row in then.ledger["rows"]] == [r[:4] for r in now.ledger["rows"]]
        kept = [{k: v for k, v in row.items() if k != "free_gbp"} for row in then.accounts]
        assert kept == [{k: v for k, v in r.items() if k != "free_gbp"} for r in now.accounts]


def test_a_replay_goes_on_window_by_window(both):
    replay, _ = both
    replay.look(Look(window=3))
    replay.step()
    assert (replay.played, replay.windows, replay.day) == (4, 10, 48)
    assert replay.look(Look()).shown == 4


def test_calls_stand_beside_the_windows_they_were_made_in(both):
    replay, live = both
    record = live.matches[0].record
    assert replay.record.called.tolist() == record.called[:10].tolist()
    for window in range(10):
        stages = [call.stage for call in replay.record.calls_of(window)]
        assert stages == [call.stage for call in record.calls_of(window)]


def test_accounts_are_those_of_the_match(both):
    replay, live = both
    record = live.matches[0].record
    shown = record.free_gbp[:, :10]
    assert np.array_equal(replay.record.free_gbp, shown)
    assert shown.min() > 0
    words = [call.arguments for call in replay.record.calls if call.stage == "deposit"]
    assert words == [call.arguments for call in record.calls if call.stage == "deposit"][:2]
    assert words[0].startswith("£")


def test_a_day_ahead_is_replayed_too(tmp_path):
    scenario = read_scenario("anglesey").with_changes("market", horizon=48, sealed=True)
    path = tmp_path / "day.toml"
    from experiments.visualiser.toml_file import to_toml

    path.write_text(to_toml(scenario))
    asked = ["simulate", str(path), "--windows", "60", "--out", str(tmp_path / "run")]
    assert CliRunner().invoke(app, asked).exit_code == 0
    record = Replay(tmp_path / "run", scenario, world(scenario)).record
    assert (record.bids.min(-1) >= 0).all()
    assert len(record.calls_of(0)) > 0
    assert len(record.calls_of(1)) == 0
    assert np.isfinite(record.gain_gbp[:, [0, 48]]).all()


def test_what_is_no_run_is_refused(tmp_path, run):
    with pytest.raises(InputRefused, match="no manifest"):
        read_scenario_of(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"command": "tournament"}))
    with pytest.raises(InputRefused, match="wanted one of gridpact simulate"):
        read_scenario_of(tmp_path)
    broken = tmp_path / "broken"
    shutil.copytree(run, broken)
    (broken / "bids.parquet").unlink()
    scenario = read_scenario_of(broken)
    with pytest.raises(InputRefused, match="cannot be read as a run"):
        read_record(broken, scenario, world(scenario))


def test_a_run_whose_strategies_are_gone_is_replayed(tmp_path, monkeypatch):
    mine = tmp_path / "mine.py"
    mine.write_text("from agents.strategies.truthful import Truthful as Mine\n")
    monkeypatch.chdir(tmp_path)
    asked = ["simulate", "anglesey", "--windows", "3", "--seats", "mine.py:Mine,truthful"]
    assert CliRunner().invoke(app, [*asked, "--out", "run"]).exit_code == 0
    mine.unlink()
    scenario = read_scenario_of(tmp_path / "run")
    replay = scene(Opening(scenario, tmp_path / "run")).make({})
    seen = replay.look(Look(window=3))
    assert seen.accounts[0]["strategy"].endswith("mine.py:Mine")


def test_what_cannot_be_replayed_is_refused_before_anybody_is_served(run, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(run, broken)
    (broken / "calls.parquet").write_bytes(b"junk")
    told = CliRunner().invoke(app, ["visualise", str(broken), "--port", "0"])
    assert told.exit_code == 2
    assert "cannot be read as a run" in told.stderr


def test_a_match_says_when_it_is_over(both):
    _, live = both
    assert isinstance(live.matches[0], Match)
    assert not live.matches[0].finished
