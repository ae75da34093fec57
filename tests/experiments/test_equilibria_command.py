"""``gridpact equilibria``: tables, JSON, results of tournaments, and what it refuses."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments import concepts
from experiments.cli import app
from experiments.nfg import read_nfg
from experiments.results import MANIFEST, manifest, write_json, write_table
from experiments.tournament.empirical import empirical_games
from experiments.tournament.recorded_game import recorded_game
from market.games.mixed import METHODS
from market.games.time_limit import TimeUp
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament

BATTLE = """NFG 1 R "battle of the sexes" { "she" "he" }
{ { "ballet" "match" } { "ballet" "match" } }
3 2  0 0  0 0  2 3
"""
PENNIES = 'NFG 1 R "pennies" { "even" "odd" } { 2 2 } 1 -1 -1 1 -1 1 1 -1'
THREE = 'NFG 1 R "" { "a" "b" "c" } { 2 2 2 } 9 8 12 0 0 0 0 0 0 9 8 2 0 0 0 3 4 6 3 4 6 0 0 0'
DILEMMA = 'NFG 1 R "dilemma" { "a" "b" } { 2 2 } 3 3 5 0 0 5 1 1'


def run(*arguments):
    return CliRunner().invoke(app, ["equilibria", *map(str, arguments)])


def written(folder, text):
    path = folder / "game.nfg"
    path.write_text(text, encoding="utf-8")
    return path


def answered(folder, text, *more):
    answer = run(written(folder, text), "--json", *more)
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a tournament under two mechanisms on two days, and its folder."""
    folder = tmp_path_factory.mktemp("results") / "small"
    folder.mkdir()
    scenario = small_scenario("truthful", "indifferent", "shaded", mechanisms=("hco", "rps"))
    played = small_tournament(scenario, small_study(days=2))
    write_table(folder / "payoffs.parquet", played.payoffs)
    write_json(folder / MANIFEST, manifest("tournament", scenario))
    return played, folder


def test_json_has_the_promised_shape(tmp_path):
    found = answered(tmp_path, BATTLE)

    assert list(found) == ["game", "method", "complete", "equilibria", "notes"]
    assert found["game"] == {
        "players": ["she", "he"],
        "strategies": [["ballet", "match"], ["ballet", "match"]],
    }
    assert (found["method"], found["complete"]) == ("enumerate", True)
    assert [list(one) for one in found["equilibria"]] == [["profile", "payoffs", "epsilon"]] * 3
    assert found["equilibria"][1] == {
        "profile": [[0.6, 0.4], [0.4, 0.6]],
        "payoffs": [pytest.approx(1.2), pytest.approx(1.2)],
        "epsilon": pytest.approx(0, abs=1e-12),
    }
    assert found["notes"] == [
        "all together have 5 at best, under ballet, ballet",
        "price of anarchy 2.083, of stability 1, as ratios of welfare, "
        "over the equilibria above",
    ]


def test_a_table_is_for_people(tmp_path):
    answer = run(written(tmp_path, BATTLE))

    assert answer.exit_code == 0
    assert "battle of the sexes" in answer.stdout
    assert "ballet 0.6" in answer.stdout
    assert "nash by enumerate\n" in answer.stdout
    assert "price of anarchy" in answer.stdout


def test_what_may_be_missing_is_said(tmp_path):
    answer = run(written(tmp_path, THREE))

    assert "nash by enumerate, perhaps not all" in answer.stdout
    assert len(answered(tmp_path, THREE)["equilibria"]) == 9


@pytest.mark.parametrize("method", [m for m in METHODS if m not in {"auto", "gambit"}])
def test_every_method_can_be_asked_for(tmp_path, method):
    found = answered(tmp_path, PENNIES, "--method", method)

    assert found["method"] == method
    if method == "pure":
        assert found["equilibria"] == []
        assert any("nearest to one is" in note for note in found["notes"])
    else:
        assert np.allclose(found["equilibria"][0]["profile"], 0.5)


def test_a_list_of_none_is_explained_to_people_too(tmp_path):
    answer = run(written(tmp_path, PENNIES), "--method", "pure")

    assert "no equilibrium was found; nearest" in answer.stdout
    assert "━" not in answer.stdout


def test_a_price_that_is_no_ratio_is_left_out(tmp_path):
    found = answered(tmp_path, 'NFG 1 R "" { "a" "b" } { 2 2 } 1 1 3 -2 -2 3 -1 -1')

    assert found["notes"][-1] == "all together have 2 at best, under 1, 1"


def test_mediators_do_better(tmp_path):
    chicken = 'NFG 1 R "" { "a" "b" } { 2 2 } 6 6 7 2 2 7 0 0'

    found = answered(tmp_path, chicken, "--concept", "correlated")

    best = found["equilibria"][0]
    assert best["aim"] == "welfare, best"
    assert sum(best["payoffs"]) == pytest.approx(10.5)
    assert {tuple(d["profile"]) for d in best["distribution"]} == {
        ("1", "1"),
        ("2", "1"),
        ("1", "2"),
    }
    coarse = answered(tmp_path, chicken, "--concept", "coarse-correlated")
    assert sum(coarse["equilibria"][0]["payoffs"]) >= 10.5 - 1e-9


def test_quantal_responses_start_anywhere_alike(tmp_path):
    found = answered(tmp_path, BATTLE, "--concept", "quantal")

    assert found["equilibria"][0]["precision"] == 0
    assert np.allclose(found["equilibria"][0]["profile"], 0.5)
    assert found["equilibria"][-1]["precision"] == pytest.approx(100 / 3)
    assert found["complete"]


def test_alpha_rank_lists_profiles(tmp_path):
    found = answered(tmp_path, DILEMMA, "--concept", "alpha-rank")

    assert found["equilibria"][0]["profile"] == ["2", "2"]
    assert found["shares"][0]["2"] > 0.99


def test_stable_strategies_of_symmetric_games(tmp_path):
    found = answered(tmp_path, DILEMMA, "--concept", "ess")

    assert [one["profile"] for one in found["equilibria"]] == [[[0, 1], [0, 1]]]
    nothing = answered(
        tmp_path, 'NFG 1 R "" { "a" "b" } { 2 2 } 1 1 1 1 1 1 1 1', "--concept", "ess"
    )
    assert nothing["notes"] == ["no evolutionarily stable strategy was found"]


def test_dominance_says_what_is_left(tmp_path):
    found = answered(tmp_path, DILEMMA, "--concept", "dominance")

    assert found["left"] == [["2"], ["2"]]
    assert found["removed"][0] == {"player": "a", "strategy": "1", "dominated_by": [0, 1]}
    assert (
        "a is left with 2" in run(written(tmp_path, DILEMMA), "--concept", "dominance").stdout
    )


@pytest.mark.parametrize("concept", concepts.CONCEPTS)
def test_every_concept_has_a_table(tmp_path, concept):
    answer = run(written(tmp_path, DILEMMA), "--concept", concept)

    assert answer.exit_code == 0
    assert f"{concept} by " in answer.stdout


def test_the_game_of_results_is_the_empirical_game(results):
    played, folder = results

    for game in empirical_games(played):
        ours = recorded_game(folder, game.mechanism)
        assert ours.players == game.parties
        assert ours.strategies == (game.strategies,) * 2
        assert ours.payoffs == pytest.approx(game.payoffs)
        assert ours.title == f"small, {game.mechanism}: GBP a day"


def test_results_are_solved_by_mechanism(results):
    played, folder = results

    answer = run(folder, "--mechanism", "hco", "--json")

    found = json.loads(answer.stdout)
    game = empirical_games(played)[0]
    assert found["game"]["players"] == ["network-1", "network-2"]
    pure = [p for p in found["equilibria"] if all(max(own) == 1 for own in p["profile"])]
    assert len(pure) == len(game.equilibria)
    assert len(found["equilibria"]) == len(game.nash.equilibria) > 0
    assert "GBP a day" in run(folder, "--mechanism", "rps").stdout


def test_the_game_is_written_for_gambit(results, tmp_path):
    _, folder = results
    path = tmp_path / "out.nfg"

    answer = run(folder, "--mechanism", "hco", "--nfg", path, "--json")

    again = read_nfg(path)
    assert answer.exit_code == 0
    assert again.payoffs.tobytes() == recorded_game(folder, "hco").payoffs.tobytes()
    assert json.loads(run(path, "--json").stdout) == json.loads(answer.stdout)


def refusal(*arguments):
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    return answer.stderr


def test_bad_questions_are_one_line(results, tmp_path):
    _, folder = results
    battle = written(tmp_path, BATTLE)

    assert "wanted --mechanism, one of hco, rps" in refusal(folder)
    assert "unknown mechanism 'hcc', did you mean 'hco'?" in refusal(
        folder, "--mechanism", "hcc"
    )
    assert "--mechanism hco: is for results" in refusal(battle, "--mechanism", "hco")
    assert "unknown method 'gambt', did you mean" in refusal(battle, "--method", "gambt")
    assert "unknown concept 'nsh', did you mean" in refusal(battle, "--concept", "nsh")
    assert "is for --concept nash" in refusal(battle, "--concept", "ess", "--method", "pure")
    assert "cannot be read: No such file" in refusal(tmp_path / "none.nfg")
    assert "--time-limit" in refusal(battle, "--time-limit", "0")
    assert "cannot be written" in refusal(battle, "--nfg", tmp_path / "no" / "x.nfg")


def test_games_that_a_concept_is_not_for_are_refused(tmp_path):
    pennies, three = written(tmp_path, PENNIES), tmp_path / "three.nfg"
    three.write_text(THREE, encoding="utf-8")

    assert "pennies: is not symmetric" in refusal(pennies, "--concept", "ess")
    assert "the game: is no game of two players" in refusal(three, "--concept", "ess")
    assert "solves two players, not 3" in refusal(three, "--method", "lemke-howson")


def test_malformed_files_are_refused_by_line_and_column(tmp_path):
    bad = written(tmp_path, BATTLE.replace("0 0", "0 zero", 1))

    assert f"{bad}: line 3, column 8: zero, wanted a payoff" in refusal(bad)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (MANIFEST, None, "manifest.json: cannot be read: No such file"),
        (MANIFEST, "{", "manifest.json: is not JSON"),
        (MANIFEST, "[]", "manifest.json: is not of a tournament"),
        (MANIFEST, '{"command": "simulate"}', "manifest.json: is not of a tournament"),
        ("payoffs.parquet", None, "payoffs.parquet: cannot be read"),
        ("payoffs.parquet", "PAR1", "payoffs.parquet: is not Parquet"),
    ],
)
def test_folders_that_hold_no_tournament_are_refused(results, tmp_path, name, content, reason):
    _, folder = results
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")

    assert reason in refusal(tmp_path, "--mechanism", "hco")


def test_a_tournament_that_lacks_a_match_is_refused(results, tmp_path):
    played, folder = results
    table = played.payoffs
    (tmp_path / MANIFEST).write_bytes((folder / MANIFEST).read_bytes())

    write_table(tmp_path / "payoffs.parquet", table[table["strategy_0"] != "shaded"])
    assert "lacks what a profile earns under hco" in refusal(tmp_path, "--mechanism", "hco")
    write_table(tmp_path / "payoffs.parquet", table[table["mechanism"] != "hco"])
    assert "lacks what a profile earns under hco" in refusal(tmp_path, "--mechanism", "hco")


def test_one_mechanism_need_not_be_named(results, tmp_path):
    played, _ = results
    table = played.payoffs
    alone = small_scenario("truthful", "indifferent", "shaded", mechanisms=("rps",))
    write_table(tmp_path / "payoffs.parquet", table[table["mechanism"] == "rps"])
    write_json(tmp_path / MANIFEST, manifest("tournament", alone))

    assert run(tmp_path).exit_code == 0


def test_a_solver_that_was_stopped_says_so(tmp_path, monkeypatch):
    def stopped(*_):
        raise TimeUp

    monkeypatch.setattr(concepts, "correlated_equilibria", stopped)

    found = answered(tmp_path, BATTLE, "--concept", "correlated")

    assert (found["complete"], found["equilibria"]) == (False, [])
    assert found["notes"] == ["the time limit was hit before anything was found"]


def test_help_and_files_import_no_compiler(tmp_path):
    """QuantEcon compiles with numba, which takes seconds: only its methods may import it."""
    code = (
        "import sys\nfrom experiments.cli import app\n"
        f"try:\n    app({['equilibria', str(written(tmp_path, BATTLE)), '--json']!r})\n"
        "except SystemExit as done:\n    assert not done.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    loaded = set(done.stderr.split())
    assert loaded.isdisjoint(
        {"quantecon", "numba", "pygambit", "pandas", "pandapower", "mesa", "web3"}
    )


def test_balance_is_mixed_in_as_ratios_to_no_link(results, tmp_path):
    played, folder = results
    shutil.copy(folder / MANIFEST, tmp_path)
    table = played.payoffs.assign(balance_ratio=0.25 + 0.5 * played.payoffs["seat"])
    write_table(tmp_path / "payoffs.parquet", table)

    whole, half = (recorded_game(tmp_path, "hco", weight) for weight in (1.0, 0.5))

    truth = (slice(None), 0, 0)
    assert whole.payoffs[truth].tolist() == [-0.25, -0.75]
    days = table[(table["mechanism"] == "hco") & (table["strategy_0"] == "truthful")]
    days = days[days["strategy_1"] == "truthful"].groupby("seat")
    cost = days["net_cost_gbp"].sum() / days["no_link_gbp"].sum()
    assert half.payoffs[truth].tolist() == pytest.approx(
        [-0.5 * cost[0] - 0.125, -0.5 * cost[1] - 0.375]
    )


@pytest.mark.parametrize(
    ("where", "reason"),
    [("results", "has no balance"), ("file", "--balance 0.5: is for results")],
)
def test_where_there_is_no_balance_none_is_mixed_in(results, tmp_path, where, reason):
    path = results[1] if where == "results" else written(tmp_path, BATTLE)
    command = ["equilibria", str(path), "--balance", "0.5"]

    answer = CliRunner().invoke(app, command + ["--mechanism", "hco"] * (where == "results"))

    assert answer.exit_code == 2
    assert reason in answer.stderr
