"""Where it ends if all parties look for better bids, in the windows of an audit."""

import numpy as np
import pytest

from experiments.audit.bid_games import STEPS, WINDOWS, bid_games, sample
from experiments.audit.contenders import AUDITED
from experiments.audit.page import html
from experiments.audit.rows import game_rows
from experiments.audit.summary import summary
from experiments.audit.tables import games_table, plans_table, windows_table
from experiments.audit.trials import audit
from tests.experiments.small_tournament import COSTS, small_scenario, small_study

TICK = 0.01


def followed(names=AUDITED, costs=COSTS, told=None, **changes):
    """Return an audit of a small study, its bid games, and the summary."""
    pairs = (("N",) * len(costs),)
    seen = small_study(costs, no_link=None, **changes)
    found = audit(small_scenario(pairs=pairs), seen, names)
    games = bid_games(found.trials, TICK, told)
    table = games_table(found, games)
    return found, games, summary(found, windows_table(found), plans_table(found), table)


def test_every_mechanism_but_the_pivotal_one_is_followed_in_every_window():
    _, games, said = followed()

    counted = {
        (m["mechanism"], m["payment"]): (m["bid_game"] or {"windows": 0})["windows"]
        for m in said["mechanisms"]
    }
    assert counted.pop(("vcg", "pivotal")) == 0
    assert set(counted.values()) == {2}
    assert len(games) == 2 * len(counted)


def test_what_is_reached_is_judged_in_single_ticks():
    _, games, _ = followed(["hco"])

    for game in games:
        step = round(np.ptp(game.world.costs_gbp[:, game.window], axis=-1).max() / TICK / STEPS)
        assert game.judged.epsilon <= (game.reached.at_most + 1) * step * 1.5
        if game.contender.rule.form == "offers":
            for fine, coarse in zip(game.judged.menus, game.reached.menus, strict=True):
                assert fine.tolist() == (coarse * step).tolist()


def test_chances_are_of_options_and_cost_what_the_table_says():
    found, games, _ = followed(["rps", "hco"])
    rows = games_table(found, games)

    for game, (_, row) in zip(games, rows.iterrows(), strict=True):
        assert game.chances.sum() == pytest.approx(1.0)
        assert row["cost_gbp"] == pytest.approx(game.chances @ game.costs_gbp)
        assert row["optimum_gbp"] == game.costs_gbp.min() <= row["cost_gbp"] + 1e-9
        assert row["epsilon_gbp"] <= row["at_most_gbp"]
    assert rows["window"].tolist() == [0, 1] * 4


def test_the_truth_is_where_it_ends_under_a_dictator():
    _, _, said = followed(["rps-pareto"])
    (game,) = (m["bid_game"] for m in said["mechanisms"])

    assert (game["pure_share"], game["mean_rounds"], game["most_rounds"]) == (1.0, 1.0, 1)
    assert game["equilibria_cost_over_truth"] == 1.0
    assert game["equilibria_at_most_gbp"] == 0.0
    assert game["others_epsilon_gbp"] is None


def test_where_nobody_pays_it_is_given_up_and_the_tables_say_so():
    costs = [[[0.0, 8.0, 9.0]], [[9.0, 8.0, 0.0]]]
    _, games, said = followed(["hco"], costs)
    (free,) = (m["bid_game"] for m in said["mechanisms"] if m["payment"] == "none")

    assert free["rounds_share"] == 1.0
    assert free["equilibria_cost_over_truth"] is None
    assert free["others_epsilon_gbp"] > 0
    cells = next(row for row in game_rows(said) if row[0] == "hco, none")
    assert cells[2:6] == ["0 %", "0 %", "0 %", "100 %"]
    assert cells[-2:] == ["", ""]
    assert {game.reached.ended for game in games} >= {"pure", "rounds"}


def test_a_worst_mechanism_that_never_ends_is_told(monkeypatch):
    monkeypatch.setattr("experiments.audit.bid_games.ROUNDS", {"offers": 1})
    _, _, said = followed(["hco"])

    assert any("0 % of 2 windows that were followed" in text for text in said["answer"])


def test_nothing_is_said_of_games_that_were_not_followed():
    found, _, said = followed(["vcg"])

    assert said["mechanisms"][0]["bid_game"] is None
    assert "if all look for better bids, in" not in html(said, [])
    bare = summary(found, windows_table(found), plans_table(found))
    assert bare["mechanisms"][0]["bid_game"] is None


def test_three_parties_are_followed_but_for_lotteries():
    _, games, _ = followed(costs=[*COSTS, COSTS[0]])

    mechanisms = {game.contender.mechanism for game in games}
    assert mechanisms == {"hco", "rps", "rps-pareto"}
    for game in games:
        assert game.judged.epsilon <= game.judged.at_most


def test_progress_is_told_by_mechanism():
    told = []
    followed(["rps", "vcg"], told=lambda *at: told.append(at))

    assert told == [(1, 2), (2, 2)]


def test_a_sample_is_spread_over_worlds_and_hours_and_never_repeats():
    places = sample([336] * 9)

    assert [world for world, _ in places] == list(range(WINDOWS))
    assert len({window % 48 for _, window in places}) == WINDOWS
    assert sample([1, 0, 2]) == [(0, 0), (2, 0), (2, 1)]
    assert len(set(sample([5, 5]))) == len(sample([5, 5])) <= WINDOWS
