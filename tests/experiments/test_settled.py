"""Stopping early: when an order counts as settled, and what is left out then."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.tournament.files import analyse
from experiments.tournament.parts import Parts
from experiments.tournament.play import play_all
from experiments.tournament.rounds import MOST, ROUND
from experiments.tournament.settled import open_pairs, settling
from tests.experiments.small_tournament import (
    silent,
    small_scenario,
    small_study,
    small_tournament,
    write_scenario,
)

CERTAIN = "truthful", "indifferent"
"""Their costs leave nothing to chance, and differ."""


def means_of(costs: dict[str, object], mechanism="hco") -> pd.DataFrame:
    """Return means from costs by strategy, each of shape (day, replicate)."""
    arrays = {name: np.array(values, float) for name, values in costs.items()}
    shape = next(iter(arrays.values())).shape
    names = ["mechanism", "seat", "strategy"]
    index = pd.MultiIndex.from_tuples([(mechanism, 0, name) for name in arrays], names=names)
    columns = pd.MultiIndex.from_product(map(range, shape), names=["day", "replicate"])
    return pd.DataFrame([v.ravel() for v in arrays.values()], index, columns)


def pairs(costs: dict[str, object], best: int) -> list[tuple[str, str]]:
    return [(one.better, one.worse) for one in open_pairs(means_of(costs), best)]


def settle(best: int, replicates: int, *strategies: str, **changes):
    scenario = small_scenario(*(strategies or CERTAIN), **changes)
    return scenario.with_changes("play", settle=best, replicates=replicates)


def test_who_is_better_on_every_day_and_replicate_is_settled():
    days = np.array([[1.0, 2.0], [50.0, 60.0]])

    assert pairs({"a": days, "b": days + 1.0, "c": days + 1.5}, best=3) == []


def test_who_is_better_on_one_day_of_two_is_not_however_often_it_is_played():
    a, b = np.array([[0.0], [10.0]]), np.array([[9.0], [2.0]])

    for replicates in (1, 2, 50):
        costs = {"a": np.repeat(a, replicates, 1), "b": np.repeat(b, replicates, 1)}
        assert pairs(costs, best=1) == [("a", "b")]


def test_what_is_like_on_every_day_is_settled_and_what_is_like_on_average_alone_is_not():
    assert pairs({"a": [[1.0, 2.0]], "b": [[1.0, 2.0 + 1e-12]]}, best=2) == []
    assert pairs({"a": [[1.0, 2.0]], "b": [[2.0, 1.0]]}, best=2) == [("a", "b")]


def test_the_best_are_held_against_the_next_and_what_comes_after_does_not_matter():
    far = {"a": [[0.0, 0.1]], "b": [[5.0, 5.1]]}
    close = {"c": [[9.0, 12.0]], "d": [[12.0, 9.1]]}

    assert pairs(far | close, best=1) == []
    assert pairs(far | close, best=2) == []
    assert pairs(far | close, best=3) == [("c", "d")]
    assert pairs(far | close, best=9) == [("c", "d")]


def test_each_mechanism_is_settled_for_itself():
    table = pd.concat(
        [
            means_of({"a": [[0.0, 1.0]], "b": [[5.0, 6.0]]}),
            means_of({"a": [[0.0, 6.0]], "b": [[5.0, 2.0]]}, "rps"),
        ]
    )

    assert [(one.mechanism, one.seat) for one in open_pairs(table, 1)] == [("rps", 0)]


def test_what_is_settled_stops_after_one_round_with_the_results_of_so_many_replicates():
    played = small_tournament(settle(1, 12), small_study(days=2))

    assert played.replicates == ROUND
    plain = small_tournament(settle(0, ROUND), small_study(days=2))
    assert played.runs == plain.runs
    assert played.payoffs.equals(plain.payoffs)


def test_what_is_not_settled_is_played_to_the_end_with_the_results_of_no_rounds():
    seen, strategies = small_study(days=2), ("random", "zero-intelligence", "truthful")
    told = []
    scenario = settle(3, 12, *strategies, mechanisms=("hco", "rps"))

    played = play_all(scenario, seen, lambda *done: told.append(done), workers=1)

    assert played.replicates == 12
    plain = small_tournament(scenario.with_changes("play", settle=0), seen)
    assert played.runs == plain.runs
    assert played.payoffs.equals(plain.payoffs)
    runs = len(plain.runs)
    assert told[-1] == (runs, runs)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_two_workers_stop_where_one_does_and_find_the_same(monkeypatch):
    monkeypatch.setattr("experiments.tournament.match.NEGOTIATIONS_AT_ONCE", 8)
    scenario, seen = settle(1, 12), small_study(days=2)

    two = play_all(scenario, seen, silent, workers=2)

    assert two.replicates == ROUND
    assert two.payoffs.equals(small_tournament(scenario, seen).payoffs)


def test_a_tournament_that_settles_goes_on_from_its_parts(tmp_path, monkeypatch):
    scenario, seen, parts = settle(1, 12), small_study(days=2), Parts(tmp_path / "parts")
    first = play_all(scenario, seen, silent, 1, parts)
    assert len(list(parts.folder.glob("*.whole"))) == 1, "what was left out has no part"

    def played(*_):
        raise AssertionError("played again")

    monkeypatch.setattr("experiments.tournament.play.play_part", played)
    assert play_all(scenario, seen, silent, 1, parts).payoffs.equals(first.payoffs)
    again = scenario.with_changes("play", settle=2, replicates=11)
    assert play_all(again, seen, silent, 1, parts).payoffs.equals(first.payoffs)


def test_sentences_say_after_how_many_days_and_replicates_it_stopped_or_what_is_open():
    played = small_tournament(settle(1, 12), small_study(days=2))
    parties = played.seen.parties

    assert settling(played.payoffs, 1, 12).sentence(parties) == (
        "Stopped after 5 of at most 12 replicates of 2 days: the order of the best 1 by own "
        "cost of each mechanism and seat is settled."
    )
    assert settling(played.payoffs, 1, 5).sentence(parties) == (
        "All 5 replicates of 2 days were played: the order of the best 1 by own cost of each "
        "mechanism and seat is settled."
    )


def test_an_order_that_stays_open_is_named_by_mechanism_and_network():
    strategies = "random", "zero-intelligence", "truthful"
    played = small_tournament(settle(3, 6, *strategies, mechanisms=("rps",)))

    found = analyse(played).settling

    assert found.open, "chance alone decides between these"
    assert found.sentence(played.seen.parties).startswith(
        "All 6 replicates of 1 day were played: the order of the best 3 by own cost of each "
        "mechanism and seat is not settled, for rps, network-"
    )


def tournament(*arguments: object, exit_code: int = 0):
    answer = CliRunner().invoke(app, ["tournament", *map(str, arguments)])
    assert answer.exit_code == exit_code, (answer.stdout, answer.stderr, answer.exception)
    return answer


def test_the_command_says_in_report_json_and_manifest_where_it_stopped(tmp_path):
    scenario, out = write_scenario(tmp_path), tmp_path / "out"

    shown = tournament(scenario, "--settle", 1, "--out", out).stdout

    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["settled"] == {
        "best": 1, "replicates": ROUND, "most": MOST, "days": 1, "open": [], "stopped": True,
    }  # fmt: skip
    said = f"Stopped after {ROUND} of at most {MOST} replicates of 1 day: the order of the best"
    assert said in shown
    assert said in (out / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["replicates"] == ROUND
    assert manifest["scenario"]["play"]["settle"] == 1
    assert len(pd.read_parquet(out / "windows.parquet")) == 4 * ROUND * 2


def test_without_it_nothing_is_said_of_settling(tmp_path):
    answer = tournament(write_scenario(tmp_path), "--out", tmp_path / "out", "--json")

    assert json.loads(answer.stdout)["settled"] is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--settle", "-1"], "Invalid value for '--settle'"),
        (["--settle", "x"], "Invalid value for '--settle'"),
        (["--replicates", "0"], "Invalid value for '--replicates'"),
        (["--settle", "2", "--replicates", "5"],
         "play.replicates is 5, wanted more than 5, as play.settle is 2"),
    ],
)  # fmt: skip
def test_what_cannot_settle_is_one_line(options, reason, tmp_path):
    answer = tournament(write_scenario(tmp_path), *options, exit_code=2)

    assert reason in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_scenario_may_ask_for_it_and_a_negative_number_is_refused(tmp_path):
    path = write_scenario(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nplay.settle = -1\n", encoding="utf-8")

    assert "play.settle is -1, wanted 0 or more" in tournament(path, exit_code=2).stderr
    path.write_text(f"{text}\nplay.settle = 1\nplay.replicates = 9\n", encoding="utf-8")
    shown = tournament(path, "--out", tmp_path / "out", "--json").stdout
    assert json.loads(shown)["settled"]["most"] == 9
