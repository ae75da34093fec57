"""``gridpact audit``: what it prints, the files that it leaves, and how it refuses."""

import json
import re
from html.parser import HTMLParser

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from experiments.audit.contenders import AUDITED, contenders
from experiments.audit.words import NOTES
from experiments.cli import app
from tests.experiments.small_tournament import COSTS, write_scenario


def invoke(*arguments, exit_code=0):
    answer = CliRunner().invoke(app, ["audit", *map(str, arguments)])
    assert answer.exit_code == exit_code, (answer.stdout, answer.stderr, answer.exception)
    return answer


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of a run on two loadings, and what was printed."""
    folder = tmp_path_factory.mktemp("audit") / "run"
    answer = invoke("anglesey", "--pair", "D,N", "--days", 1, "--out", folder, "--json")
    return folder, json.loads(answer.stdout)


def test_scripts_read_one_number_for_each_mechanism(run):
    _, said = run

    assert said["schema"] == 1
    assert said["scenario"] == "anglesey"
    assert said["pairs"] == ["D-N"]
    names = {(m["mechanism"], m["payment"]) for m in said["mechanisms"]}
    assert names == {(c.mechanism, c.payment) for c in contenders(AUDITED)}
    for mechanism in said["mechanisms"]:
        assert mechanism["exploitability_gbp_mwh"] >= 0
        assert [p["party"] for p in mechanism["parties"]] == ["network-1", "network-2"]
    assert set(said["benchmarks"]) >= {"central_optimum", "no_link", "nash_bargaining"}


def test_a_run_leaves_tables_figures_a_report_and_a_manifest_that_lists_them(run):
    folder, said = run

    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert names == {
        "manifest.json", "summary.json", "report.html",
        "audit.parquet", "benchmarks.parquet", "bid_games.parquet",
        *(f"figures/{name}.{kind}" for name in ("gains", "costs") for kind in ("svg", "png")),
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {*manifest["files"], "manifest.json"} == names
    assert (manifest["command"], manifest["trials"]) == ("audit", 7)
    assert manifest["scenario"]["grid"]["pairs"] == [["D", "N"]]
    assert pq.read_schema(folder / "audit.parquet").metadata[b"gridpact_schema"] == b"1"
    table = pd.read_parquet(folder / "audit.parquet")
    assert len(table) == 7 * 2 * 48
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["mechanisms"] == said["mechanisms"]


class Page(HTMLParser):
    """Tags that close in order, and what is read."""

    def __init__(self, text):
        super().__init__()
        self.open, self.read, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in {"src", "href"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.read.append(data)


def test_the_report_is_one_page_with_the_answer_first(run):
    folder, said = run
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    text = " ".join(" ".join(page.read).split())

    assert page.open == []
    assert all(link.startswith(("#", "data:")) for link in page.links)
    order = [
        *("Answer", said["answer"][0], "Figure 1", "What was assumed", "not for"),
        *("if all look for better bids, in a sample", "Figure 2"),
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "invented" in text  # the honesty statement
    assert NOTES["vcg"][0] in text
    assert not re.search(r"\bnan\b|None", text)


def test_people_read_the_answer_and_where_the_report_is(tmp_path):
    scenario = write_scenario(tmp_path)
    folder = tmp_path / "run"
    shown = invoke(scenario, "--out", folder, "--mechanisms", "hco,vcg").stdout

    assert shown.startswith("Most exploitable is hco, difference: GBP 1.87 for each MWh")
    assert shown.rstrip().splitlines()[-1] == f"report: {folder / 'report.html'}"
    assert "sealing takes 93 %" in shown
    assert "100 % of 2 windows that were followed end" in shown
    assert "rps" not in shown


def test_a_table_without_physics_has_no_losses(tmp_path):
    said = json.loads(
        invoke(write_scenario(tmp_path), "--out", tmp_path / "a", "--json").stdout
    )

    for one in [m["truthful"] for m in said["mechanisms"]] + [*said["benchmarks"].values()]:
        assert one["losses_mwh_day"] is None
        assert one["cost_gbp_day"] > 0
        assert one["ratio_to_no_link"] > 0
    assert any("no losses" in text for text in said["assumptions"])


def test_a_table_without_the_no_link_case_has_no_gains_over_it(tmp_path):
    scenario = write_scenario(tmp_path, no_link=None)
    said = json.loads(invoke(scenario, "--out", tmp_path / "a", "--json").stdout)

    for mechanism in said["mechanisms"]:
        assert mechanism["truthful"]["ratio_to_no_link"] is None
        assert mechanism["fairness"] == {"gini": None, "jain": None}
        for party in mechanism["parties"]:
            assert party["against_no_link"] is None
            assert party["blocking"] is None
    for name in ("no_link", "nash_bargaining", "nash_bargaining_no_money"):
        assert said["benchmarks"][name] is None
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "not known" in page


def test_three_parties_are_audited(tmp_path):
    scenario = write_scenario(tmp_path, costs=[*COSTS, COSTS[0]], no_link=None)
    said = json.loads(invoke(scenario, "--out", tmp_path / "a", "--json").stdout)

    assert said["mechanisms"][-1]["exploitability_gbp_mwh"] is None
    assert "not known" in (tmp_path / "a" / "report.html").read_text(encoding="utf-8")


def test_the_same_audit_is_the_same_numbers(tmp_path):
    scenario = write_scenario(tmp_path)
    for name in ("a", "b"):
        invoke(scenario, "--out", tmp_path / name, "--seed", 3)

    for name in ("summary.json", "figures/gains.svg", "figures/costs.svg", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (
            ["anglesey", "--mechanisms", "hco,vgc"],
            "unknown mechanism 'vgc', did you mean 'vcg'?",
        ),
        (["anglesey", "--pair", "N,X"], "'X'"),
        (["anglesey", "--pair", "N"], "wanted 2"),
        (["anglesey", "--days", "0"], "grid.days is 0"),
        (["anglesey", "--days", "x"], "--days"),
        (["anglesey", "--seed", "-1"], "seed is -1"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    answer = invoke(*arguments, exit_code=2)

    assert answer.stdout == ""
    assert told in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "results" / "anglesey-audit").exists()


def test_a_pair_of_another_length_is_refused_where_nobody_named_pairs(tmp_path):
    scenario = write_scenario(tmp_path, costs=[*COSTS, COSTS[0]], no_link=None)

    answer = invoke(scenario, "--pair", "N,N", "--out", tmp_path / "a", exit_code=2)
    assert "wanted 3" in answer.stderr
