"""A scenario to be edited."""

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import ScenarioRefused
from experiments.scenario import ChainPart, MarketPart, PlayPart, read_scenario
from experiments.validation import check
from experiments.wiring import VENUES


def test_the_template_is_accepted_once_its_files_exist(tmp_path):
    path = tmp_path / "mine.toml"

    answer = CliRunner().invoke(app, ["init", str(path)])

    assert answer.exit_code == 0
    scenario = read_scenario(str(path))
    with pytest.raises(ScenarioRefused, match=r"grid\.networks: no file .*network-1\.json"):
        check(scenario, VENUES)
    for name in ("network-1.json", "network-2.json", "profiles.csv"):
        (tmp_path / name).touch()
    check(scenario, VENUES)


def test_what_the_template_says_of_defaults_is_true(tmp_path):
    path = tmp_path / "mine.toml"
    CliRunner().invoke(app, ["init", str(path)])

    scenario = read_scenario(str(path))

    parts = scenario.market, scenario.chain, scenario.play
    assert parts == (MarketPart(), ChainPart(), PlayPart())


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("mine", encoding="utf-8")

    answer = CliRunner().invoke(app, ["init", str(path)])

    assert answer.exit_code == 2
    assert answer.stderr == f"gridpact: {path}: is there already, wanted a new file\n"
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    answer = CliRunner().invoke(app, ["init", str(tmp_path / "none" / "mine.toml")])

    assert answer.exit_code == 2
    assert "cannot be written to: No such file or directory" in answer.stderr
