"""A scenario to be edited."""

from dataclasses import fields

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import ScenarioRefused
from experiments.scenario import ChainPart, CommunityPart, MarketPart, PlayPart, read_scenario
from experiments.validation import check, check_community
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

    parts = scenario.market, scenario.chain, scenario.play, scenario.community
    assert parts == (MarketPart(), ChainPart(), PlayPart(), CommunityPart())


def test_the_template_says_of_every_key_of_a_community_what_it_means(tmp_path):
    path = tmp_path / "mine.toml"
    CliRunner().invoke(app, ["init", str(path)])

    text = path.read_text(encoding="utf-8")

    lines = text[text.index("\n[community]") :].splitlines()[2:]
    for field in fields(CommunityPart):
        (place,) = (i for i, line in enumerate(lines) if line.startswith(f"{field.name} = "))
        assert lines[place - 1].startswith("# "), field.name
    assert "# Share of households with panels." in lines
    assert all(len(line) <= 96 for line in lines if line.startswith("#"))


def test_the_template_becomes_a_community_by_two_words(tmp_path):
    path = tmp_path / "mine.toml"
    CliRunner().invoke(app, ["init", str(path)])
    text = path.read_text(encoding="utf-8")
    for before, after in {
        'case = "own"': 'case = "community"',
        "prosumers = 0": "prosumers = 9",
    }.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")

    check_community(read_scenario(str(path)), VENUES)


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
