"""What the page shows is what happened, in plain JSON of bounded size."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from experiments.visualiser.panels import POINTS
from experiments.visualiser.snapshot import Look
from experiments.visualiser.telling import ROWS
from tests.experiments.visualiser.small import small_live, small_world


@pytest.fixture
def played():
    """Return a match of which the first day was played: options 0 and 1, truthfully."""
    live = small_live()
    live.step()
    live.step()
    return live


def test_totals_are_those_of_the_worked_example(played):
    seen = played.look(Look())

    assert (seen.shown, seen.played, seen.windows) == (2, 2, 4)
    assert seen.totals["cost_gbp"] == 18.0
    assert seen.totals["saved_gbp"] == 12.0
    assert seen.totals["ties"] == 1
    assert [row["paid_gbp"] for row in seen.accounts] == [-4.0, 4.0]
    assert [row["cost_gbp"] for row in seen.accounts] == [10.0, 8.0]
    assert [row["saved_gbp"] for row in seen.accounts] == [12.0, 0.0]
    assert sum(row["free_gbp"] for row in seen.accounts) == 20_000.0


def test_costs_run_beside_no_link_and_the_least_for_all(played):
    first = played.look(Look()).costs["parties"][0]["series"]

    assert first["cost"] == [0.0, 10.0]
    assert first["net"] == [5.0, 6.0]
    assert first["no_link"] == [6.0, 18.0]
    assert first["optimum"] == [0.0, 10.0]


def test_bids_are_shares_of_the_days_highest(played):
    heat = played.look(Look()).heat

    assert heat["chosen"] == [0, 1]
    assert [one["top_gbp"] for one in heat["maps"]] == [20.0, 20.0]
    assert heat["maps"][0]["columns"] == ["401a00", "ff8000"]
    assert heat["maps"][1]["lowest"] == [2, 2]


def test_looking_back_shows_what_was_there_then(played):
    before = small_live()
    before.step()

    assert asdict(played.look(Look(window=1))) == asdict(before.look(Look())) | {"played": 2}


def test_the_ledger_is_filtered_newest_first(played):
    rows = played.look(Look(stage="submit", who="network-2")).ledger["rows"]

    assert [(row[1], row[4]) for row in rows] == [("1/2", "0 1900 2000"), ("1/1", "0 300 500")]
    assert played.look(Look(who="anyone")).ledger["rows"][-1][2] == "decide"


def test_stages_tell_who_broke_the_tie_and_who_pays(played):
    first, second = (played.look(Look(window=n)).stages for n in (1, 2))

    assert first[2]["words"] == "tie, broken by network-1"
    assert first[4]["words"] == "network-1 pays £5.00"
    assert second[2]["words"] == "agreed"
    assert second[3]["words"] == "0 MW"
    assert not small_live().look(Look()).stages[0]["done"]


def test_a_snapshot_does_not_grow_with_the_match():
    live = small_live(small_world(days=9), days=9)
    sizes = []
    for _ in range(live.windows):
        live.step()
        sizes.append(len(json.dumps(asdict(live.look(Look())), allow_nan=False)))

    seen = live.look(Look())
    assert len(seen.ledger["rows"]) <= ROWS
    assert len(seen.costs["at"]) <= POINTS
    assert max(sizes) < 12_000


def test_ranks_are_drawn_from_last_to_first():
    live = small_live(mechanism="rps")
    live.step()

    heat = live.look(Look()).heat
    assert heat["form"] == "ranks"
    assert heat["maps"][0]["columns"] == ["ff8000"]
    assert heat["maps"][0]["top_gbp"] is None


def test_sealed_bids_are_told_when_they_are_revealed():
    live = small_live(bids="sealed")
    live.step()

    rows = live.look(Look()).ledger["rows"]
    assert {row[4] for row in rows if row[2] == "commit"} == {"sealed"}
    assert {row[4] for row in rows if row[2] == "reveal"} == {"500 200 0", "0 300 500"}


def test_an_isolated_link_is_shown_as_such():
    live = small_live(strategy_1="withholder")
    live.step()

    seen = live.look(Look())
    record = live.matches[0].record
    assert seen.flow["stopped"] == bool(record.stopped[0])
    assert seen.totals["cost_gbp"] == record.cost_gbp[:, 0].sum()


def test_learners_show_their_regret():
    live = small_live(strategy_1="hedge")
    for _ in range(4):
        live.step()

    kinds = [(one["party"], one["kind"]) for one in live.look(Look()).learning["series"]]
    assert kinds == [("network-1", "gain"), ("network-1", "regret"), ("network-2", "gain")]
    assert np.isfinite(live.matches[0].record.regret_gbp[0]).all()


def test_two_mechanisms_are_compared_window_by_window():
    live = small_live(compare="rps")
    live.step()
    live.step()

    seen = live.look(Look()).comparison
    assert [side["mechanism"] for side in seen["sides"]] == ["hco", "rps"]
    options = [match.record.option[:2] for match in live.matches]
    assert seen["same"] == (options[0] == options[1]).sum()


def test_stages_say_for_how_many_windows_a_session_has_its_calls():
    ahead = small_live(session="day")
    ahead.step()
    ahead.step()
    told = {stage["name"]: stage["words"] for stage in ahead.look(Look()).stages}

    assert told["Deposits"] == "2 calls for 4 windows"
    assert told["Preferences"] == "2 calls for 4 windows"


def test_calls_stand_by_day_and_half_hour(played):
    played.step()
    assert played.look(Look()).ledger["rows"][0][1] == "2/1"
