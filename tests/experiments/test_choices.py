"""How sharply learners chose: fits by hand, menus in words, and what the commands tell."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.results import MANIFEST
from experiments.simulation.choices import (
    LOG,
    choices_words,
    fitted_choices,
    menu_names,
    recorded_choices,
)
from experiments.simulation.learning import learning_table
from tests.experiments.small_tournament import write_scenario


def log_of(taken: list[int], earned: tuple[float, ...], strategy="hedge") -> pd.DataFrame:
    """Return the log of a learner that took each action so often, and one that never learns."""
    actions = [action for action, count in enumerate(taken) for _ in range(count)]
    rows = []
    for session, action in enumerate(actions):
        payoff = earned[action]
        rows += [
            (session, session, "north", strategy, payoff, 0.0, action, earned),
            (session, session, "south", "truthful", 1.0, 0.0, None, ()),
        ]
    return learning_table(rows)


def test_choices_of_a_known_precision_are_found_again_with_their_likelihood():
    earned = (0.0, 2.0, 5.0)
    odds = np.exp(0.4 * np.array(earned))
    shares = odds / odds.sum()
    taken = np.round(10_000 * shares).astype(int)

    (found,) = fitted_choices(log_of(taken.tolist(), earned))

    assert (found.party, found.strategy, found.sessions) == ("north", "hedge", taken.sum())
    assert found.precision_per_gbp == pytest.approx(0.4, abs=1e-3)
    assert found.log_likelihood == pytest.approx(taken @ np.log(shares), rel=1e-6)
    assert found.uniform_log_likelihood == pytest.approx(-taken.sum() * np.log(3))
    assert found.probabilities == pytest.approx(shares, abs=1e-4)
    assert (found.taken, found.earned_gbp) == (tuple(taken), earned)


def test_who_chooses_the_worst_is_as_good_as_blind():
    (found,) = fitted_choices(log_of([9, 1], (0.0, 5.0)))

    assert found.precision_per_gbp == 0
    assert found.log_likelihood == found.uniform_log_likelihood


def test_where_all_earn_the_same_no_precision_is_known():
    (found,) = fitted_choices(log_of([9, 1], (3.0, 3.0)))

    assert found.precision_per_gbp is None
    assert "lambda not known, as all would have earned the same" in choices_words(found)


def test_a_line_names_the_unit_and_both_likelihoods():
    (found,) = fitted_choices(log_of([1, 9], (0.0, 5.0)))

    assert found.precision_per_gbp == pytest.approx(np.log(9) / 5, rel=1e-4)
    assert choices_words(found) == (
        "north, hedge: lambda 0.439 / GBP, fitted to 10 sessions; log-likelihood -3.25, "
        "uniform choice -6.93; most often 1 (90%)"
    )


def test_menus_are_written_as_users_write_strategies():
    assert menu_names("hedge", 5) == (
        "truthful", "shaded(share=0.5)", "anti-ranking", "burying", "best-response",
    )  # fmt: skip
    assert menu_names("exp3(menu=dispositions)", 4)[1] == "best-response"
    assert menu_names("exp3(menu=dispositions)", 4)[0].startswith("best-response(disposition=")
    assert menu_names("truthful", 2) == ("0", "1")


def test_of_nobody_who_learns_nothing_is_fitted():
    assert fitted_choices(log_of([1, 1], (0.0, 1.0)).query("party == 'south'")) == ()
    assert fitted_choices(learning_table([])) == ()


def run(*arguments: object):
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def results(tmp_path):
    """Return the folder of a simulation in which one party learns, and what was printed."""
    scenario, out = write_scenario(tmp_path), tmp_path / "run"
    shown = run("simulate", scenario, "--seats", "hedge(menu=shading),truthful", "--out", out)
    assert shown.exit_code == 0, shown.stderr
    return out, shown.stdout


def test_simulations_tell_it_to_people_and_in_their_summary(results):
    out, shown = results

    assert "network-1, hedge(menu=shading): lambda " in shown
    (learner,) = json.loads((out / "summary.json").read_text(encoding="utf-8"))["learners"]
    assert (learner["party"], learner["sessions"]) == ("network-1", 2)
    assert sum(learner["taken"]) == 2
    assert len(learner["menu"]) == len(learner["probabilities"]) == 6


def test_equilibria_reads_it_from_the_log(results):
    out, shown = results

    told = run("equilibria", out, "--concept", "quantal")

    assert told.exit_code == 0
    line, method = told.stdout.splitlines()
    assert line in shown
    assert method == "quantal by maximum likelihood of logit choices, by learner"
    found = json.loads(run("equilibria", out, "--concept", "quantal", "--json").stdout)
    assert {"game", "method", "complete", "equilibria", "notes"} < set(found)
    assert found["game"]["players"] == ["network-1"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert found["learners"] == summary["learners"]


def refusal(*arguments: object) -> str:
    answer = run("equilibria", *arguments)
    assert answer.exit_code == 2
    assert answer.stderr.count("\n") == 1
    return answer.stderr


def test_what_has_no_learner_or_no_log_is_one_line(results, tmp_path):
    out, _ = results
    wanted = "is not of a tournament, wanted the results of one"

    assert wanted in refusal(out)
    assert wanted in refusal(out, "--concept", "quantal", "--mechanism", "hco")
    log = pd.read_parquet(out / LOG)
    log[log["party"] == "network-2"].to_parquet(out / LOG)
    assert "has no learner" in refusal(out, "--concept", "quantal")
    (out / LOG).write_text("PAR1", encoding="utf-8")
    assert "cannot be read" in refusal(out, "--concept", "quantal")
    (out / LOG).unlink()
    assert "cannot be read" in refusal(out, "--concept", "quantal")
    (out / MANIFEST).write_text("[]", encoding="utf-8")
    assert recorded_choices(out) is None
    assert recorded_choices(tmp_path / "nowhere") is None
    assert wanted in refusal(out, "--concept", "quantal")
