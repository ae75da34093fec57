"""A finished run of communities is shown as it was, from its files alone."""

import csv
import io
from dataclasses import asdict, replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import InputRefused, Unknown
from experiments.results import manifest, write_json
from experiments.scenario import Scenario, read_scenario
from experiments.visualiser.communities.live import Communal
from experiments.visualiser.communities.replay import CommunalReplay
from experiments.visualiser.downloads import trades_csv
from experiments.visualiser.opening import Opening
from experiments.visualiser.replay import read_scenario_of
from experiments.visualiser.scene import scene
from experiments.visualiser.snapshot import Look
from experiments.visualiser.toml_file import to_toml
from tests.experiments.visualiser.small import homes


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of a run of two rules, its households on two feeders."""
    place = tmp_path_factory.mktemp("homes")
    asked = homes(prosumers=10, per_feeder=6, rules=("uniform-price", "bill-sharing"))
    (place / "homes.toml").write_text(to_toml(asked), encoding="utf-8")
    told = CliRunner().invoke(
        app, ["simulate", str(place / "homes.toml"), "--out", str(place / "run")]
    )
    assert told.exit_code == 0, told.output
    return place / "run"


@pytest.mark.parametrize("rule", ["uniform-price", "bill-sharing"])
def test_a_run_is_replayed_as_it_was_played(run, rule):
    found = scene(Opening(read_scenario_of(run), run))
    replay = found.make({"trading": rule})
    asked = homes(prosumers=10, per_feeder=6, rules=(rule,))
    live = Communal(asked, "local")
    for _ in range(60):
        live.step()

    for look in (Look(window=0), Look(window=49, feeder=1), Look(window=60)):
        there, then = asdict(replay.look(look)), asdict(live.look(look))
        assert there["community"] == then["community"]
        assert there["shown"] == then["shown"]
    assert replay.look(Look()).ledger is None
    rows = list(csv.DictReader(io.StringIO(replay.files["trades.csv"]())))
    again = list(csv.DictReader(io.StringIO(trades_csv(live.neighbours, 60))))
    assert rows == again
    replay.step()
    assert (replay.played, replay.windows, found.files) == (61, 96, tuple(replay.files))


def test_what_is_no_run_of_communities_is_refused(run, tmp_path):
    asked = read_scenario_of(run)
    with pytest.raises(InputRefused, match="cannot be read as a run"):
        CommunalReplay(tmp_path, asked)
    trades = pd.read_parquet(run / "trades.parquet")
    trades.drop(columns="cut").to_parquet(tmp_path / "trades.parquet")
    with pytest.raises(InputRefused, match="cut"):
        CommunalReplay(tmp_path, asked)
    trades[1:].to_parquet(tmp_path / "trades.parquet")
    with pytest.raises(InputRefused, match="479 rows of a day, wanted 480"):
        CommunalReplay(tmp_path, asked)
    with pytest.raises(Unknown):
        scene(Opening(asked, run)).make({"trading": "pay-as-bid"})


def test_a_run_of_both_levels_is_refused_in_words(tmp_path):
    coupled = read_scenario("anglesey-with-communities")
    write_json(tmp_path / "manifest.json", manifest("simulate", coupled))
    with pytest.raises(InputRefused, match="wanted networks or communities, not both"):
        read_scenario_of(tmp_path)


def test_files_beside_a_scenario_are_found_again_from_anywhere(tmp_path, monkeypatch):
    own = replace(Scenario().with_changes("grid", costs="costs.csv"), folder=tmp_path)
    write_json(tmp_path / "manifest.json", manifest("simulate", own))
    monkeypatch.chdir("/")
    assert read_scenario_of(tmp_path).folder == tmp_path
