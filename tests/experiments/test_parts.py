"""Finished parts: whole or not there, and another part for all that makes a difference."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.tournament.parts import Parts
from experiments.tournament.play import play_all
from tests.experiments.small_tournament import (
    COSTS,
    NO_LINK,
    silent,
    small_analysis,
    small_scenario,
    small_study,
    small_tournament,
)

TABLES = {
    "payoffs": pd.DataFrame({"a": [1, 2], "name": ["x", "y"]}),
    "windows": pd.DataFrame({"b": [0.1, float("nan")]}),
}

BOLD = """
from agents.strategies.scaled import Shaded

class Bold(Shaded):
    pass
"""


def test_a_part_comes_back_as_it_was_kept(tmp_path):
    parts = Parts(tmp_path / "parts")
    parts.put("key", TABLES)

    found = parts.get("key")

    assert found.keys() == TABLES.keys()
    assert all(found[name].equals(table) for name, table in TABLES.items())


def test_what_was_never_kept_is_not_found_and_makes_no_folder(tmp_path):
    parts = Parts(tmp_path / "parts")

    assert parts.get("key") is None
    parts.clear()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("last", [1, 2, 3], ids=["first table", "second table", "mark"])
def test_a_part_that_was_stopped_at_any_file_is_not_there(last, tmp_path, monkeypatch):
    parts, moved = Parts(tmp_path / "parts"), []

    def stopped(self, target):
        moved.append(target)
        if len(moved) == last:
            raise KeyboardInterrupt
        return rename(self, target)

    rename = Path.replace
    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        parts.put("key", TABLES)

    assert parts.get("key") is None
    monkeypatch.undo()
    parts.put("key", TABLES)
    assert parts.get("key")["payoffs"].equals(TABLES["payoffs"])


def test_no_file_has_its_name_before_it_is_whole(tmp_path, monkeypatch):
    parts, seen = Parts(tmp_path / "parts"), []

    def written(_, path, **__):
        seen.append({p.name for p in parts.folder.iterdir() if p.name.startswith("key")})
        Path(path).write_bytes(b"half")
        if len(seen) == 2:
            raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", written)
    with pytest.raises(OSError, match="disk full"):
        parts.put("key", TABLES)

    assert seen == [set(), {"key.payoffs.parquet"}]
    left = [path.name for path in parts.folder.iterdir()]
    assert left == ["key.payoffs.parquet"], "half a file stays nowhere"


def test_parts_do_not_mix(tmp_path):
    parts = Parts(tmp_path / "parts")
    parts.put("one", {"payoffs": TABLES["payoffs"]})
    parts.put("two", {"windows": TABLES["windows"]})

    assert list(parts.get("one")) == ["payoffs"]
    assert list(parts.get("two")) == ["windows"]


def keys(folder: Path, scenario, seen=None, sink=None) -> set[str]:
    """Return the names of the parts that a tournament keeps."""
    parts = Parts(folder)
    parts.clear()
    play_all(scenario, seen or small_study(), silent, workers=1, parts=parts, sink=sink)
    return {path.stem for path in parts.folder.glob("*.whole")}


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("market", {"tick_gbp": 0.02}),
        ("market", {"horizon": 2}),
        ("market", {"sealed": True}),
        ("market", {"payment": "equal-split"}),
        ("market", {"bond_gbp": 1.0}),
        ("market", {"deposit_gbp": 9_000.0}),
        ("market", {"mechanisms": ("rps",)}),
        ("chain", {"venue": "revm"}),
        ("chain", {"gas_price_gwei": 21.0}),
        ("chain", {"ether_price_gbp": 2_001.0}),
        ("play", {"replicates": 2}),
        ("play", {"strategies": ("truthful", "shaded")}),
        ("play", {"strategies": ("indifferent", "truthful")}),
        ("grid", {"pairs": (("D", "N"),)}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
def test_what_makes_a_difference_makes_another_part(part, changes, tmp_path):
    scenario, seen = small_scenario(), small_study(loadings=("N", "D"))

    usual = keys(tmp_path, scenario, seen)
    other = keys(tmp_path, scenario.with_changes(part, **changes), seen)

    assert len(usual) == 1
    assert usual.isdisjoint(other)


def test_seed_costs_days_and_tables_make_another_part(tmp_path):
    scenario = small_scenario()
    found = [
        keys(tmp_path, scenario),
        keys(tmp_path, small_scenario(seed=1)),
        keys(tmp_path, scenario, small_study(costs=[COSTS[1], COSTS[0]])),
        keys(tmp_path, scenario, small_study(no_link=[NO_LINK[1], NO_LINK[0]])),
        keys(tmp_path, scenario, small_study(no_link=None)),
        keys(tmp_path, scenario, small_study(days=2)),
        keys(tmp_path, scenario, sink=lambda _: None),
    ]

    assert len(set.union(*found)) == len(found)


def test_two_days_of_one_window_are_another_part_than_a_day_of_two(tmp_path):
    day = small_study()
    days = small_study()
    object.__setattr__(days, "cost_gbp", day.cost_gbp.reshape(2, 1, 2, 1, 3))
    object.__setattr__(days, "no_link_gbp", day.no_link_gbp.reshape(2, 1, 2, 1))

    assert keys(tmp_path, small_scenario(), day).isdisjoint(
        keys(tmp_path, small_scenario(), days)
    )


def test_the_content_of_a_strategys_file_makes_another_part(tmp_path):
    file = tmp_path / "bold.py"
    scenario = small_scenario("truthful", f"{file}:Bold")
    found = []
    for text in (BOLD, BOLD + "# changed\n", BOLD):
        file.write_text(text, encoding="utf-8")
        found.append(keys(tmp_path / "parts", scenario))

    assert found[0] != found[1]
    assert found[0] == found[2]


def test_what_makes_no_difference_makes_no_other_part(tmp_path):
    scenario = small_scenario()
    other = scenario.with_changes("play", seats=("shaded", "shaded"), profiles=4)
    both = scenario.with_changes("market", mechanisms=("rps", "hco"))

    usual = keys(tmp_path, scenario)

    assert keys(tmp_path, other) == usual
    assert keys(tmp_path, both) > usual, "a further mechanism leaves what was played"


def test_a_tournament_of_kept_parts_plays_nothing_and_is_the_same_to_the_last_digit(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "experiments.tournament.match.NEGOTIATIONS_AT_ONCE", 6
    )  # 3 runs of 2 windows
    scenario, seen = small_scenario("truthful", "shaded", "random"), small_study()
    parts, windows = Parts(tmp_path / "parts"), []
    first = play_all(scenario, seen, silent, 1, parts, windows.append)
    assert len(list(parts.folder.glob("*.whole"))) == 3

    def played(*_):
        raise AssertionError("played again")

    monkeypatch.setattr("experiments.tournament.play.play_part", played)
    again: list[pd.DataFrame] = []
    second = play_all(scenario, seen, silent, 1, parts, again.append)

    assert second.payoffs.equals(first.payoffs)
    assert pd.concat(again).equals(pd.concat(windows))
    monkeypatch.undo()
    assert second.payoffs.equals(small_tournament(scenario, seen).payoffs)


def test_what_was_found_among_parts_passes_the_replay_on_the_contract(tmp_path, monkeypatch):
    from experiments.tournament.files import analyse

    monkeypatch.setattr("experiments.tournament.match.NEGOTIATIONS_AT_ONCE", 4)
    scenario, parts = small_scenario(), Parts(tmp_path / "parts")
    play_all(scenario, small_study(), silent, 1, parts)
    whole = sorted(parts.folder.glob("*.whole"))
    whole[0].unlink()  # one part is fresh, the other found

    analysis = analyse(play_all(scenario, small_study(), silent, 1, parts))

    assert len(whole) == 2
    assert analysis.replay == small_analysis(scenario)[1].replay
