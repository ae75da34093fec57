"""A tournament from the command line: its files, its numbers, and how it refuses."""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.tournament.parts import Parts
from experiments.tournament.play import plan, play_all, play_part
from tests.experiments.small_tournament import (
    COSTS,
    small_analysis,
    small_scenario,
    small_study,
    small_tournament,
    write_scenario,
)

ANGLESEY = """
name = "two pairs"
[grid]
pairs = [["N", "N"], ["N", "D"]]
[play]
strategies = ["truthful", "random"]
"""


def tournament(*arguments: object, exit_code: int = 0):
    answer = CliRunner().invoke(app, ["tournament", *map(str, arguments)])
    assert answer.exit_code == exit_code, (answer.stdout, answer.stderr, answer.exception)
    return answer


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "anglesey.toml"
    path.write_text(ANGLESEY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(scenario, tmp_path_factory):
    """Return the folder of a run on the contract, and what was printed."""
    folder = tmp_path_factory.mktemp("results") / "run"
    answer = tournament(scenario, "--out", folder, "--workers", 1)
    return folder, answer.stdout


def test_a_run_leaves_tables_figures_a_report_and_a_manifest_that_lists_them(run):
    folder, _ = run

    by_mechanism = (f"{n}-{m}" for n in ("payoffs", "evolution") for m in ("hco", "rps"))
    drawn = ("standings", "cost-against-balance", *by_mechanism)
    assert set(files(folder)) == {
        "manifest.json", "summary.json", "report.html",
        "windows.parquet", "payoffs.parquet", "standings.parquet", "game.parquet",
        "families.parquet",
        *(f"figures/{name}.{kind}" for name in drawn for kind in ("svg", "png")),
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {*manifest["files"], "manifest.json"} == set(files(folder))
    assert (manifest["schema"], manifest["command"]) == (1, "tournament")
    assert (manifest["matches"], manifest["negotiations"]) == (16, 16 * 48)
    assert manifest["scenario"]["grid"]["pairs"] == [["N", "N"], ["N", "D"]]
    assert manifest["scenario"]["chain"]["venue"] == "revm"


def test_every_table_carries_the_schema_number(run):
    folder, _ = run

    for name in ("windows", "payoffs", "standings"):
        metadata = pq.read_schema(folder / f"{name}.parquet").metadata
        assert metadata[b"gridpact_schema"] == b"1"


def test_people_read_standings_findings_and_where_the_report_is(run):
    folder, shown = run

    assert shown.rstrip().splitlines()[-1] == f"report: {folder / 'report.html'}"
    for role in ("hco: network-1", "hco: network-2", "rps: network-1", "rps: network-2"):
        assert role in shown
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for mechanism, said in summary["findings"].items():
        assert all(f"{mechanism}: {sentence}" in shown for sentence in said)
    assert "│    1 │" in shown


def test_the_tables_agree_with_each_other(run):
    folder, _ = run
    windows, payoffs, standings = (
        pd.read_parquet(folder / f"{name}.parquet")
        for name in ("windows", "payoffs", "standings")
    )

    match = ["mechanism", "pair", "day", "strategy_0", "strategy_1"]
    assert len(windows) == 16 * 48
    assert len(payoffs) == 16 * 2
    for seat in (0, 1):
        sums = windows.groupby(match)[
            [f"cost_gbp_{seat}", f"payment_gbp_{seat}", f"fee_gbp_{seat}"]
        ].sum()
        own = payoffs[payoffs["seat"] == seat].set_index(match).loc[sums.index]
        columns = ["operating_gbp", "payments_gbp", "fees_gbp"]
        assert own[columns].to_numpy() == pytest.approx(sums.to_numpy(), abs=1e-6)
        assert own["net_cost_gbp"].to_numpy() == pytest.approx(sums.sum(axis=1).to_numpy())
    assert payoffs.groupby(match)["payments_gbp"].sum().abs().max() < 1e-6
    means = payoffs.groupby(["mechanism", "seat", "strategy"])["net_cost_gbp"].mean()
    found = standings.set_index(["mechanism", "seat", "strategy"])["net_cost_gbp"]
    assert found.to_dict() == pytest.approx(means.to_dict())
    fees = windows["gas"] * 20e-9 * 2000
    assert (windows["fee_gbp_0"] + windows["fee_gbp_1"]).tolist() == pytest.approx(
        fees.tolist()
    )
    assert (windows["gas"] > 100_000).all()


def test_truth_is_the_optimum_under_offers_and_nothing_is_cheaper(run):
    payoffs = pd.read_parquet(run[0] / "payoffs.parquet")

    honest = payoffs[["strategy_0", "strategy_1"]].eq("truthful").all(axis=1)
    offers = payoffs["mechanism"] == "hco"
    assert payoffs.loc[honest & offers, "optimum_ratio"].max() == pytest.approx(1, abs=1e-4)
    assert payoffs["optimum_ratio"].min() >= 1 - 1e-12
    assert payoffs.loc[~honest, "optimum_ratio"].min() > 1.01


def test_two_workers_write_the_same_files_as_one_and_json_is_the_summary(
    run, scenario, tmp_path
):
    folder, _ = run

    answer = tournament(scenario, "--out", tmp_path / "run", "--workers", 2, "--json")

    one, two = files(folder), files(tmp_path / "run")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] in ([], ["manifest.json"])
    summary = json.loads(one["summary.json"])
    assert summary.pop("schema") == 1
    assert json.loads(answer.stdout) == summary
    assert {*summary} == {
        "standings", "families", "equilibria", "nash", "invasions", "settled", "replayed",
        "findings",
    }  # fmt: skip
    assert summary["replayed"] is None, "all of it was played on the contract"


def test_a_seed_changes_matches_with_chance_in_them_and_no_others(tmp_path):
    scenario = write_scenario(tmp_path)
    tables = []
    for seed in (0, 1):
        out = tmp_path / f"seed-{seed}"
        tournament(scenario, "--strategies", "truthful,random", "--seed", seed, "--out", out)
        tables.append(pd.read_parquet(out / "payoffs.parquet"))
    first, second = tables

    chance = first[["strategy_0", "strategy_1"]].eq("random").any(axis=1)
    same = first["net_cost_gbp"] == second["net_cost_gbp"]
    assert same[~chance].all()
    assert not same[chance].all()
    assert chance.sum() == 6


def test_options_take_the_place_of_the_scenario(tmp_path):
    scenario, out = write_scenario(tmp_path), tmp_path / "out"

    tournament(scenario, "--mechanisms", "rps-pareto, rps", "--strategies", "shaded", "--seed",
               7, "--venue", "revm", "--out", out)  # fmt: skip

    asked = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    assert asked["market"]["mechanisms"] == ["rps-pareto", "rps"]
    assert asked["play"]["strategies"] == ["shaded"]
    assert (asked["seed"], asked["chain"]["venue"]) == (7, "revm")


def test_results_go_to_a_folder_of_the_name_of_the_scenario(tmp_path, monkeypatch):
    scenario = write_scenario(tmp_path, more='name = "a <b> & c"')
    monkeypatch.chdir(tmp_path)

    shown = tournament(scenario).stdout

    assert shown.endswith("report: results/a <b> & c/report.html\n")
    page = (tmp_path / "results" / "a <b> & c" / "report.html").read_text(encoding="utf-8")
    assert "<title>gridpact: a &lt;b&gt; &amp; c</title>" in page
    assert "<b> & c" not in page


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path):
    scenario = write_scenario(tmp_path, parties=["[/x] north", "south [bold] :smile:"])

    shown = tournament(scenario, "--out", tmp_path / "out").stdout

    assert "hco: [/x] north" in shown
    assert "south [bold] :smile: plays truthful or indifferent" in shown


def test_three_parties_with_a_table_of_costs_have_standings_and_no_matrix(tmp_path):
    scenario = write_scenario(tmp_path, [*COSTS, COSTS[1]], no_link=None)
    out = tmp_path / "out"

    shown = tournament(scenario, "--out", out).stdout

    names = set(files(out))
    assert {n for n in names if n.startswith("figures/")} == {
        f"figures/{name}.{kind}" for name in ("standings", "evolution-hco")
        for kind in ("svg", "png")
    }  # fmt: skip
    payoffs = pd.read_parquet(out / "payoffs.parquet")
    assert len(payoffs) == 2**3 * 3
    match = ["strategy_0", "strategy_1", "strategy_2"]
    assert payoffs.groupby(match)["payments_gbp"].sum().abs().max() < 1e-9
    for name in ("payoffs", "standings"):
        columns = set(pd.read_parquet(out / f"{name}.parquet"))
        lacking = {"balance_ratio", "losses_ratio", "breach_windows", "place_on_balance"}
        assert columns.isdisjoint(lacking)
    assert "no payoff matrix" in (out / "report.html").read_text(encoding="utf-8")
    assert "hco: network-3" in shown


def test_costs_of_nothing_make_ratios_null_and_not_a_crash(tmp_path):
    scenario = write_scenario(tmp_path, [[[0, 0, 1]]] * 2, no_link=[[0], [0]])

    shown = tournament(scenario, "--out", tmp_path / "out", "--json").stdout

    def refuse(name: str):
        raise AssertionError(f"{name} is not JSON")

    found = json.loads(shown, parse_constant=refuse)
    assert {row["system_cost_ratio"] for row in found["standings"]} == {None}
    text = (tmp_path / "out" / "summary.json").read_text(encoding="utf-8")
    json.loads(text, parse_constant=refuse)


def test_runs_are_in_the_order_of_mechanism_seats_and_pair():
    scenario = small_scenario(mechanisms=("rps", "hco"), pairs=(("N", "D"), ("D", "N")))
    played = small_tournament(scenario, small_study(loadings=("N", "D"), days=2))

    axes = [(run.mechanism, *run.strategies, run.loading) for run in played.runs]
    assert len(axes) == len(set(axes)) == 2 * 2 * 2 * 2
    assert axes[0] == ("rps", "truthful", "truthful", "N-D")
    assert axes[1] == ("rps", "truthful", "truthful", "D-N")
    assert axes[2] == ("rps", "truthful", "indifferent", "N-D")
    assert axes[8][0] == "hco"
    assert played.runs == plan(scenario, played.seen)
    assert played.negotiations == len(axes) * 2 * 2
    assert played.payoffs[["day", "seat"]].drop_duplicates().to_numpy().tolist() == [
        [0, 0], [0, 1], [1, 0], [1, 1],
    ]  # fmt: skip


@pytest.mark.parametrize(("venue", "wanted"), [("local", [(4, 4)]), ("revm", [(4, 4)])])
def test_progress_is_told_and_few_matches_start_no_process(venue, wanted):
    told = []

    played = play_all(
        small_scenario(venue=venue), small_study(), lambda *done: told.append(done)
    )

    assert told == wanted
    assert len(played.runs) == 4


def test_workers_ignore_ctrl_c_even_where_signals_cannot_be_held_back(monkeypatch):
    monkeypatch.delattr(signal, "pthread_sigmask")

    played = play_all(small_scenario(), small_study(), lambda *_: None, workers=2)

    alone = small_tournament()
    assert played.payoffs.equals(alone.payoffs)


def test_whoever_stops_between_matches_leaves_no_worker():
    told = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        signal.raise_signal(signal.SIGINT)

    names = "truthful", "shaded", "inflated", "indifferent", "random"
    scenario = small_scenario(*names, venue="revm")
    seen = small_study(np.tile(COSTS, (1, 20, 1)), no_link=None)
    with pytest.raises(KeyboardInterrupt):
        play_all(scenario, seen, stop, workers=2)

    assert told == [(5, 25)]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--strategies", "truthfull"], "play.strategies[0] is 'truthfull', did you mean '"),
        (["--strategies", "random,random"], "play.strategies is ['random', 'random'], wanted"),
        (["--strategies", "random,"], "play.strategies[1] is '', wanted one of truthful, "),
        (["--mechanisms", "hco,auction"], "market.mechanisms[1] is 'auction', wanted"),
        (["--venue", "rvm"], "chain.venue is 'rvm', did you mean 'revm'?"),
        (["--seed", "-1"], "seed is -1, wanted 0 or more"),
        (["--seed", "x"], "Invalid value for '--seed'"),
        (["--workers", "0"], "Invalid value for '--workers'"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_one_line_and_nothing_is_written(
    options, reason, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    answer = tournament(*options, exit_code=2)

    assert reason in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert answer.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no such file"),
        ("name = ", "is not TOML"),
        ('nome = "x"', "unknown key 'nome', did you mean 'name'?"),
        ('name = "../up"', "name is '../up', wanted a name that a folder can have"),
        ('grid.pairs = [["N"]]', "grid.pairs[0] has length 1, wanted 2"),
        ('grid.pairs = [["N", "X"]]', "grid.pairs[0][1] is 'X', wanted one of N, D, G"),
        ('grid.costs = "none.csv"', "grid.costs: no file"),
    ],
)
def test_a_scenario_that_cannot_be_run_is_one_line_and_nothing_is_written(
    text, reason, tmp_path
):
    path = tmp_path / "s.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    before = files(tmp_path)

    answer = tournament(path, "--out", tmp_path / "out", exit_code=2)

    assert reason in answer.stderr
    assert answer.stderr.startswith(f"gridpact: {path}: ")
    assert answer.stderr.count("\n") == 1
    assert files(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_a_name_is_refused_before_a_folder_is_made_of_it(tmp_path, monkeypatch):
    scenario = write_scenario(tmp_path, more='name = "a/../b"')
    monkeypatch.chdir(tmp_path)

    tournament(scenario, exit_code=2)

    assert not (tmp_path / "results").exists()


def test_the_papers_pairs_do_not_fit_three_parties(tmp_path):
    scenario = write_scenario(tmp_path, [*COSTS, COSTS[1]], no_link=None)
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(re.sub("grid.pairs.*", "", text), encoding="utf-8")

    answer = tournament(scenario, "--out", tmp_path / "out", exit_code=2)

    wanted = "grid.pairs has ['N', 'N'], wanted one loading for each of network-1, network-2, "
    assert wanted in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_papers_pairs_do_not_fit_a_table_without_its_loadings(tmp_path):
    scenario = write_scenario(tmp_path)
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(re.sub("grid.pairs.*", "", text), encoding="utf-8")

    answer = tournament(scenario, "--out", tmp_path / "out", exit_code=2)

    assert "unknown scenario of a network 'D', wanted one of N" in answer.stderr


@pytest.fixture
def _nothing_is_computed(monkeypatch):
    def computed(*_):
        raise AssertionError("computed in vain")

    monkeypatch.setattr("experiments.wiring.study", computed)


@pytest.mark.usefixtures("_nothing_is_computed")
def test_a_folder_with_other_files_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    answer = tournament("--out", tmp_path, exit_code=2)

    assert "holds notes.txt, wanted an empty folder or an old run" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert files(tmp_path) == {"notes.txt": b"mine"}


@pytest.mark.usefixtures("_nothing_is_computed")
@pytest.mark.parametrize("place", ["file", "file/below", "/proc/gridpact"])
def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_computed(
    place, tmp_path
):
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    answer = tournament("--out", tmp_path / place, exit_code=2)

    assert re.search("is a file, wanted a folder|cannot be written to: ", answer.stderr)
    assert answer.stderr.count("\n") == 1
    assert files(tmp_path) == {"file": b"mine"}


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def _all_gone(group: int) -> bool:
    """Return whether every process of a group ends in due time."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def _interrupted(running: subprocess.Popen[str], after: float) -> tuple[str, str]:
    """Press Ctrl-C some seconds after the workers started; return what was printed."""
    deadline = time.monotonic() + 60  # starting can be slow on a busy machine
    while len(_children(running.pid)) < 3:  # two workers, and what cleans up after them
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(after)
    assert running.poll() is None, "ended too soon to be interrupted"
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    return running.communicate(timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the workers")
@pytest.mark.parametrize("moment", ["while workers start", "while workers play"])
def test_ctrl_c_in_matches_ends_with_130_and_leaves_nothing_behind(moment, tmp_path):
    long = np.tile(COSTS, (1, 2000, 1)).tolist()  # to wait for it would take minutes
    scenario = write_scenario(tmp_path, long, no_link=None)
    before = files(tmp_path)
    command = [sys.executable, "-m", "experiments", "tournament", str(scenario)]
    options = ["--workers", "2", "--venue", "revm", "--out", str(tmp_path / "out")]
    running = subprocess.Popen(
        [*command, *options, "--strategies", "truthful,shaded,inflated,indifferent,random"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )

    try:
        stdout, stderr = _interrupted(running, after=2 if moment == "while workers play" else 0)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)

    assert running.returncode == 130
    assert stdout == ""
    kept = "what was finished is kept: the same command goes on from there"
    assert stderr.strip() in {"", "Aborted.", kept}
    assert _all_gone(running.pid)
    parts = ".gridpact-out-parts/"
    assert {k: v for k, v in files(tmp_path).items() if not k.startswith(parts)} == before
    assert not (tmp_path / "out").exists()


def test_a_tournament_that_was_killed_goes_on_with_what_is_missing(tmp_path, monkeypatch):
    scenario = write_scenario(tmp_path)
    options = ["--venue", "revm", "--workers", 1, "--strategies", "truthful,shaded,random"]
    tournament(scenario, *options, "--out", tmp_path / "whole")
    played = []

    def killed(*arguments):
        played.append(len(arguments[2]))
        if len(played) == 2:
            raise SystemExit(137)  # as far as it gets
        return play_part(*arguments)

    monkeypatch.setattr("experiments.tournament.play.play_part", killed)
    tournament(scenario, *options, "--out", tmp_path / "out", exit_code=137)
    parts = tmp_path / ".gridpact-out-parts"
    assert len(list(parts.glob("*.whole"))) == 1

    tournament(scenario, *options, "--out", tmp_path / "out")

    assert played == [5, 4, 4], "the first part is not played again"
    assert not parts.exists()
    for name in ("payoffs", "windows", "standings"):
        whole = (tmp_path / "whole" / f"{name}.parquet").read_bytes()
        assert (tmp_path / "out" / f"{name}.parquet").read_bytes() == whole


def test_half_a_part_is_not_read(tmp_path):
    parts = Parts(tmp_path / "parts")
    table = pd.DataFrame({"a": [1, 2]})
    parts.put("one", {"payoffs": table})
    parts.put("two", {"payoffs": table})
    (parts.folder / "two.whole").unlink()

    assert parts.get("one")["payoffs"].equals(table)
    assert parts.get("two") is None
    parts.clear()
    assert parts.get("one") is None


def test_of_too_many_profiles_a_sample_is_played_and_no_equilibrium_claimed():
    scenario = small_scenario("truthful", "shaded", "indifferent").with_changes(
        "play", profiles=4
    )
    played, analysis = small_analysis(scenario)

    assert played.sampled
    assert len({run.strategies for run in played.runs}) == 4
    assert analysis.games == ()
    assert analysis.findings["hco"][0].startswith("Only a sample of the profiles")


def test_replicates_differ_only_where_there_is_chance():
    scenario = small_scenario("truthful", "random").with_changes("play", replicates=2)
    rows = small_tournament(scenario).payoffs
    first, second = (
        rows[rows["replicate"] == again].reset_index(drop=True) for again in (0, 1)
    )

    certain = (first["strategy_0"] == "truthful") & (first["strategy_1"] == "truthful")
    same = first["net_cost_gbp"] == second["net_cost_gbp"]
    assert same[certain].all()
    assert not same[~certain].all()
