"""The tournament of prosumers from the command line: files, report, JSON, and refusals."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.community.tournament import command
from experiments.identity import file_sha256
from experiments.scenario import read_scenario
from experiments.validation import check_community
from experiments.wiring import VENUES

SCENARIO = """
name = "lane"
[grid]
case = "community"
days = 1
[community]
prosumers = 6
photovoltaics = 0.8
batteries = 0.6
groups = 3
rules = ["mid-market-rate", "pay-as-bid"]
strategies = ["cooperative", "adversarial"]
"""

MINE = "from agents.strategies.scaled import Shaded as Mine\n"

BROKEN = """
from agents.strategies.base import Strategy


class Broken(Strategy):
    def bid(self, knowledge, draws):
        raise ValueError("not today")
"""

TABLES = ("table", "rest_points", "invasions", "standings", "savings", "days", "baselines")


def tournament(*arguments: object, exit_code: int = 0):
    answer = CliRunner().invoke(app, ["tournament", *map(str, arguments)])
    assert answer.exit_code == exit_code, (answer.stdout, answer.stderr, answer.exception)
    return answer


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "lane.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(scenario, tmp_path_factory):
    """Return the folder of a run, and what was printed."""
    folder = tmp_path_factory.mktemp("results") / "run"
    return folder, tournament(scenario, "--out", folder, "--workers", 1).stdout


def test_a_run_leaves_tables_figures_a_report_and_a_manifest_that_lists_them(run):
    folder, _ = run

    drawn = ("what-lasts", "invasion", "simplex-mid-market-rate", "simplex-pay-as-bid")
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {
        "manifest.json", "summary.json", "report.html",
        *(f"{name}.parquet" for name in TABLES),
        *(f"figures/{name}.{kind}" for name in drawn for kind in ("svg", "png")),
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {*manifest["files"], "manifest.json"} == found
    assert (manifest["command"], manifest["mixes"]) == ("tournament", 4)
    assert manifest["community_days"] == 2 * 8  # rules, turns of all mixes
    assert not list(folder.parent.glob(".gridpact-*"))


def test_the_manifest_has_the_hashes_of_users_files(scenario, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    listed = f"cooperative,{path}:Mine"

    tournament(
        scenario, "--strategies", listed, "--out", tmp_path / "run", "--workers", 1, "--json"
    )

    manifest = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert manifest["plugins_sha256"] == {str(path): file_sha256(path)}


def test_every_table_carries_the_schema_number(run):
    for name in TABLES:
        metadata = pq.read_schema(run[0] / f"{name}.parquet").metadata
        assert metadata[b"gridpact_schema"] == b"1"


def test_people_read_the_answer_the_findings_and_where_the_report_is(run):
    folder, shown = run

    assert shown.rstrip().splitlines()[-1] == f"report: {folder / 'report.html'}"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for rule, said in summary["findings"].items():
        assert all(f"{rule}: {sentence}" in shown for sentence in said)
    assert all(sentence in shown for sentence in summary["answer"])


def test_the_report_answers_first_and_needs_nothing_else(run):
    page = (run[0] / "report.html").read_text(encoding="utf-8")

    said = ["<h2>Answer", "<svg", "<h2>Rule by rule", "A reduced game", "<h2>Every mix"]
    places = [page.index(text) for text in said]
    assert places == sorted(places)
    assert "There are no intervals" in page
    assert "src=" not in page
    assert "nan" not in page.replace("finance", "")


def test_the_tables_agree_with_each_other(run):
    table, rests, days = (
        pd.read_parquet(run[0] / f"{name}.parquet") for name in ("table", "rest_points", "days")
    )
    saved = pd.read_parquet(run[0] / "savings.parquet")

    sums = saved.groupby(["rule", "profile", "strategy"])[["saved_gbp", "households"]].sum()
    found = table.set_index(["rule", "profile", "strategy"])["saved_gbp"].sort_index()
    assert found.to_dict() == pytest.approx(
        (sums["saved_gbp"] / sums["households"]).to_dict(), abs=1e-12
    )
    assert len(days) == 16
    assert (rests.groupby(["rule", "point"])["share"].sum() - 1).abs().max() < 1e-9
    assert rests["remains"].isna().all()  # of a single day


def test_scripts_read_json_without_numbers_that_are_none(scenario, tmp_path):
    options = ("--mechanisms", "mid-market-rate", "--seed", 3)
    answer = tournament(scenario, "--out", tmp_path / "run", "--json", *options)

    def refuse(text):
        raise AssertionError(text)

    summary = json.loads(answer.stdout, parse_constant=refuse)
    assert set(summary) == {
        "answer", "standings", "rest_points", "invasions", "table", "findings"
    }  # fmt: skip
    assert list(summary["findings"]) == ["mid-market-rate"]
    assert {one["strategy"] for one in summary["standings"]} == {"cooperative", "adversarial"}
    for point in summary["rest_points"]:
        assert sum(point["mixture"].values()) == pytest.approx(1)
        assert point["epsilon_gbp"] == pytest.approx(point["epsilon_rechecked_gbp"], abs=1e-9)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--venue", "rpc"), "--venue rpc: a tournament of communities is played in memory"),
        (("--rpc-url", "http://localhost:1"), "--rpc-url: a tournament of communities"),
        (("--settle", 2), "play.settle is 2, wanted"),
        (
            ("--strategies", "cooperative"),
            "community.strategies is ['cooperative'], wanted two",
        ),
        (("--strategies", "cooperative,hedge"), "'hedge' is not for prosumers"),
        (("--strategies", "cooperative,coperative"), "did you mean 'cooperative'?"),
        (("--strategy", "cooperative"), "each once"),
        (("--mechanisms", "hco"), "community.rules[0] is 'hco'"),
        (("--replicates", 2501), "community.groups is 3, which 2 strategies can share out"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(scenario, tmp_path, options, said):
    if "--settle" in options:
        options = (*options, "--replicates", 20)
    answer = tournament(scenario, "--out", tmp_path / "run", *options, exit_code=2)

    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert said in answer.stderr
    assert not (tmp_path / "run").exists()


def test_more_groups_than_households_are_refused(tmp_path):
    path = tmp_path / "lane.toml"
    path.write_text(SCENARIO.replace("groups = 3", "groups = 7"), encoding="utf-8")

    said = tournament(path, "--out", tmp_path / "run", exit_code=2).stderr
    assert "community.groups is 7, wanted 6 at most: no more groups than households" in said


def test_a_strategy_that_fails_in_play_is_named(scenario, tmp_path):
    (tmp_path / "mine.py").write_text(BROKEN, encoding="utf-8")
    mine = f"{tmp_path / 'mine.py'}:Broken"
    options = ("--strategies", f"cooperative,{mine}", "--workers", 1)
    answer = tournament(scenario, "--out", tmp_path / "run", *options, exit_code=2)

    said = f"gridpact: {mine}: raised ValueError in bid, line 7: not today\n"
    assert answer.stderr == said
    assert not (tmp_path / "run").exists()


def test_strategies_are_looked_for_beside_the_scenario(tmp_path, monkeypatch):
    listed = '"cooperative", "noise(mine.py:Mine, size=0.1)"'
    text = SCENARIO.replace('"cooperative", "adversarial"', listed)
    mix = 'mix = { "mine.py:Mine" = 0.25, truthful = 0.75 }'
    path = tmp_path / "lane.toml"
    path.write_text(f"{text}{mix}\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    read = read_scenario(str(path))
    check_community(read, VENUES)

    assert read.community.strategies[1] == f"noise({tmp_path}/mine.py:Mine, size=0.1)"
    assert read.community.mix == {f"{tmp_path}/mine.py:Mine": 0.25, "truthful": 0.75}


def test_whoever_stops_it_is_told_that_it_goes_on(scenario, tmp_path, monkeypatch):
    def stops(*arguments):
        arguments[-1].put("a", {})
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "play_all", stops)
    answer = tournament(scenario, "--out", tmp_path / "run", exit_code=130)

    assert "goes on from there" in answer.stderr
    assert list(Path(tmp_path).glob(".gridpact-run-parts"))
