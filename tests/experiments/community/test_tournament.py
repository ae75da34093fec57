"""The tournament of prosumers: mixes, parts, the heuristic table, equilibria, invasions."""

import json
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from experiments.community.baselines import ALONE
from experiments.community.play import alone_bills_gbp, play_days, rows_of
from experiments.community.tournament import play as playing
from experiments.community.tournament import tables
from experiments.community.tournament.files import analyse
from experiments.community.tournament.game import basin_intervals, rechecked_epsilon
from experiments.community.tournament.mixes import groups_of, names_of, seatings
from experiments.community.tournament.numbers import cost_of, invaded, payoff
from experiments.community.tournament.play import play_all
from experiments.tournament.parts import Parts
from market.games.heuristic import tabulated
from market.games.heuristic_counts import compositions
from market.games.profiles import pure_mixture
from tests.experiments.community.small import silent, small_scenario, small_world

HOMES = {"prosumers": 7, "per_feeder": 7}
STRATEGIES = ("cooperative", "adversarial", "indifferent")
RULES = ("pay-as-bid", "bill-sharing")


def tournament(**changes):
    asked = {"groups": 3, "strategies": STRATEGIES, "rules": RULES}
    return small_scenario(2, **(HOMES | asked | changes))


@pytest.fixture(scope="module")
def played():
    return play_all(tournament(), small_world(2, **HOMES), silent, workers=1)


@pytest.fixture(scope="module")
def analysis(played):
    return analyse(played)


def test_every_group_is_in_every_seat_of_a_mix_equally_often():
    for row in compositions(6, 3):
        turns = [one.strategies for one in seatings(row[np.newaxis], replicates=1)]

        assert len(set(turns)) == len(turns)
        for group in zip(*turns, strict=True):
            shares = np.bincount(group, minlength=3) / len(turns)
            assert shares.tolist() == pytest.approx((row / 6).tolist())


def test_groups_are_of_like_size_and_drawn_by_the_seed():
    world = small_world(2, prosumers=13, per_feeder=7)
    first, again, second, other = (
        groups_of(world, 3, replicate, seed)
        for replicate, seed in ((0, 0), (0, 0), (1, 0), (0, 1))
    )

    assert first.tolist() == again.tolist()
    assert first.tolist() != second.tolist()
    assert first.tolist() != other.tolist()
    assert (first == -1).tolist() == (~world.present).tolist()
    for community in first:
        sizes = np.bincount(community[community >= 0])
        assert len(sizes) == 3
        assert np.ptp(sizes) <= 1


def test_the_table_is_what_a_mix_comes_to_when_it_is_played_by_itself(played, analysis):
    scenario, world = played.scenario, played.world
    game = analysis.games[0]
    profile = int(np.flatnonzero((played.counts == [2, 1, 0]).all(1))[0])
    alone, rows = alone_bills_gbp(world), rows_of(world, 1)
    groups = [groups_of(world, 3, 0, scenario.seed)]
    saved, bills, exchange = {name: [] for name in STRATEGIES}, [], []
    for one in seatings(played.counts, 1):
        if one.profile != profile:
            continue
        names = names_of([one], groups, STRATEGIES)
        for day in play_days(world, game.rule, names, rows):
            own = alone[day.day] - day.bill_gbp
            for name in STRATEGIES:
                saved[name] += own[names == name].tolist()
            bills.append(day.bill_gbp.sum())
            exchange.append(day.scores.balance_kwh.sum())

    expected = [np.mean(saved["cooperative"]), np.mean(saved["adversarial"]), np.nan]
    assert game.table.payoffs[profile].tolist() == pytest.approx(expected, nan_ok=True)
    assert game.measured.bill_gbp[profile].mean() == pytest.approx(np.mean(bills))
    assert game.measured.exchange_kwh[profile].mean() == pytest.approx(np.mean(exchange))
    assert game.households == 7


def test_all_households_follow_every_strategy_of_a_mix_equally_often(played):
    counts = played.savings.groupby(["rule", "profile", "strategy"])["households"].sum()
    turns = played.days.groupby(["rule", "profile"])["turn"].nunique()
    for (rule, profile, strategy), found in counts.items():
        share = played.counts[profile, STRATEGIES.index(strategy)] / 3
        assert found == pytest.approx(share * 7 * 2 * turns[rule, profile])


def test_who_ignores_the_market_saves_nothing(analysis):
    for game in analysis.games:
        saved = game.table.payoffs[:, STRATEGIES.index("indifferent")]
        assert saved[np.isfinite(saved)] == pytest.approx(0, abs=1e-9)
        assert cost_of(game, pure_mixture(2, 3)).bill_ratio.value == pytest.approx(1)


def test_an_epsilon_is_what_going_through_all_choices_of_the_others_tells(analysis):
    for game in analysis.games:
        assert game.rests.equilibria
        rows = {
            tuple(c): p
            for c, p in zip(game.table.counts.tolist(), game.table.payoffs, strict=True)
        }
        for point in game.rests.points:
            values = np.zeros(3)
            for others in product(range(3), repeat=2):
                chance = np.prod([point.mixture[other] for other in others])
                for own in range(3):
                    seen = Counter((*others, own))
                    values[own] += chance * rows[tuple(seen[s] for s in range(3))][own]
            gain = values.max() - values @ point.mixture

            assert point.epsilon == pytest.approx(gain, abs=1e-9)
            assert rechecked_epsilon(game.table, point.mixture) == pytest.approx(gain, abs=1e-9)
            assert point.equilibrium == (gain < 1e-6)


def test_a_mixture_too_large_for_the_normal_form_is_not_rechecked(analysis, monkeypatch):
    monkeypatch.setattr("experiments.community.tournament.game.LARGEST", 10)

    assert rechecked_epsilon(analysis.games[0].table, (1.0, 0.0, 0.0)) is None


def test_what_lasts_is_an_equilibrium_that_attracts(analysis):
    for game in analysis.games:
        for point in game.lasting:
            assert point.equilibrium
            assert point.stability == "attracting"
        assert sum(game.basins.shares) + game.basins.elsewhere == pytest.approx(1)


def test_basins_are_sought_again_in_samples_where_there_are_several(analysis):
    stag = tabulated(lambda c: (2 * c[0] / 3 if c[0] > 1 else 0, 1), ("stag", "hare"), 3)
    easier = replace(stag, payoffs=stag.payoffs * [2, 1])
    where = [(1.0, 0.0), (0.0, 1.0)]

    found = basin_intervals([stag, easier] * 10, where, seed=0)
    (low, high), (low_hare, high_hare) = (found[one] for one in where)
    assert 0 < low < high < 1
    assert (low_hare, high_hare) == pytest.approx((1 - high, 1 - low))
    for game in analysis.games:
        for point in game.lasting:
            basin = game.basin(point)
            assert np.isnan(basin.low) == (len(game.basins.ends) < 2)


def test_invasions_are_told_alike_by_table_and_by_day(analysis):
    game = analysis.games[0]
    for few in (1, 2):
        one = invaded(game, 0, 1, few)

        assert one.found.invaders_earn == pytest.approx(one.invaders_earn.value)
        assert one.found.residents_earn == pytest.approx(one.residents_earn.value)
        lost = one.found.before - one.found.residents_earn
        assert one.residents_lose.value == pytest.approx(lost)
        assert payoff(game, {0: 3 - few, 1: few}, 1) == one.invaders_earn
        assert 0 <= one.spreads <= 1


def test_standings_are_means_over_all_mixes_of_the_others(analysis):
    for game in analysis.games:
        rows = analysis.standings[analysis.standings["rule"] == game.rule]
        found = dict(zip(rows["strategy"], rows["saved_gbp"], strict=True))
        against = game.table.against.payoffs.mean(0)
        assert [found[name] for name in STRATEGIES] == pytest.approx(against.tolist())
        assert rows["saved_gbp"].is_monotonic_decreasing


def test_intervals_hold_what_they_are_of(analysis):
    table = analysis.standings
    assert (table["saved_low_gbp"] <= table["saved_gbp"] + 1e-12).all()
    assert (table["saved_gbp"] <= table["saved_high_gbp"] + 1e-12).all()
    for record in analysis.rests:
        assert record["saved_low_gbp"] <= record["saved_gbp"] + 1e-12
        assert record["bill_ratio"] > 0
        if record["equilibrium"]:
            assert 0 <= record["remains"] <= 1


def test_a_single_day_has_no_intervals(played):
    first = [
        table[table["day"] == 0] for table in (played.savings, played.days, played.baselines)
    ]
    world = small_world(1, **HOMES)
    single = replace(played, world=world, savings=first[0], days=first[1], baselines=first[2])
    found = analyse(single)

    assert found.standings["saved_low_gbp"].isna().all()
    assert all(record["remains"] != record["remains"] for record in found.rests)
    assert not any("sample" in said for told in found.findings.values() for said in told)
    assert tables.plain(found.rests[0])["remains"] is None
    assert found.table["error_gbp"].isna().all()


def test_no_worker_more_or_less_changes_a_byte(monkeypatch):
    monkeypatch.setattr(playing, "AT_ONCE", 4)
    world = small_world(2, **HOMES)
    scenario = tournament(rules=("pay-as-bid",), strategies=STRATEGIES[:2])
    assert len(playing.parts_of(scenario, world)) == 2
    one, two = (play_all(scenario, world, silent, workers=count) for count in (1, 2))

    for name in ("savings", "days", "baselines"):
        first, second = (getattr(found, name).to_parquet() for found in (one, two))
        assert first == second
    told = [json.dumps(analyse(found).as_json()) for found in (one, two)]
    assert told[0] == told[1]


def test_what_was_finished_is_not_played_again(played, monkeypatch, tmp_path):
    scenario, world = played.scenario, played.world
    parts = Parts(tmp_path / "parts")
    asked = []

    def stopped(*arguments):
        asked.append(arguments[-1].rule)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return play_part(*arguments)

    play_part = playing.play_part
    monkeypatch.setattr(playing, "play_part", stopped)
    with pytest.raises(KeyboardInterrupt):
        play_all(scenario, world, silent, workers=1, parts=parts)
    found = play_all(scenario, world, silent, workers=1, parts=parts)

    assert asked == ["pay-as-bid", "bill-sharing", "bill-sharing"]
    pd.testing.assert_frame_equal(found.savings, played.savings)
    pd.testing.assert_frame_equal(found.days, played.days)


def test_parts_are_cut_by_the_scenario_alone_and_hold_every_seating_once():
    world = small_world(2, **HOMES)
    scenario = tournament(groups=6).with_changes("play", replicates=3)
    parts = playing.parts_of(scenario, world)

    every = tuple(seatings(playing.mixes(scenario), 3))
    assert len(parts) % len(RULES) == 0
    for rule in RULES:
        own = [part for part in parts if part.rule == rule]
        assert sum((part.seatings for part in own), ()) == every
        assert max(len(part.seatings) for part in own) <= playing.AT_ONCE


def test_a_virtual_power_plant_is_a_bound(analysis):
    for game in analysis.games:
        best = game.baselines["virtual power plant"].bill_gbp.mean()
        assert best < game.baselines[ALONE].bill_gbp.mean()
        assert (game.measured.bill_gbp.mean((1, 2)) >= best - 0.05).all()
