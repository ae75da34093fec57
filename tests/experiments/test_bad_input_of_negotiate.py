"""What is wrong with a file of bids is named by its place: one line, exit code 2."""

import json
import subprocess
import sys
from copy import deepcopy
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.cli import app

GOOD: dict[str, Any] = {
    "parties": [
        {"name": "a", "deposit": 1000, "bids": [[10, 4, 0], [6, 2, 0]]},
        {"name": "b", "deposit": 1000, "bids": [[0, 7, 8], None]},
    ],
    "options_mw": [[-7.5, -2.5], [0, 0], [2.5, 7.5]],
}
POINTS = [[-5, 0, 5], None]


def changed(*place: Any) -> dict[str, Any]:
    """Return the good file with the last of `place` put where the others lead."""
    *path, key, value = place
    bad = deepcopy(GOOD)
    target: Any = bad
    for step in path:
        target = target[step]
    target[key] = value
    return bad


def refusal(content: Any, folder, mechanism: str = "hco", *more: str) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    path = folder / "bids.json"
    path.write_text(text, encoding="utf-8")
    answer = CliRunner().invoke(app, ["negotiate", str(path), "--mechanism", mechanism, *more])
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("gridpact: ")
    return answer.stderr.strip().removeprefix("gridpact: ").replace(f"{folder}/", "")


def second(**changes: Any) -> dict[str, Any]:
    return changed("parties", 1, GOOD["parties"][1] | changes)


CASES = [
    (
        changed("parties", 1, "bids", 0, 2, -4),
        "parties[1].bids[0][2] is -4, wanted 0 to 4294967295",
    ),
    (
        changed("parties", 1, "bids", 0, 2, 2**32),
        "parties[1].bids[0][2] is 4294967296, wanted 0 to",
    ),
    (changed("parties", 0, "bids", 1, 0, 1.0), "parties[0].bids[1][0] is 1.0, wanted 0 to"),
    (changed("parties", 0, "bids", 1, 0, True), "parties[0].bids[1][0] is true, wanted 0 to"),
    (changed("parties", 0, "bids", 1, 0, "6"), 'parties[0].bids[1][0] is "6", wanted 0 to'),
    (
        changed("parties", 0, "bids", 1, 0, float("nan")),
        "parties[0].bids[1][0] is NaN, wanted 0",
    ),
    (changed("parties", 0, "bids", 0, [1, 2]), "parties[0].bids[0] has length 2, wanted 3"),
    (changed("parties", 0, "bids", 0, 7), "parties[0].bids[0] is 7, wanted a list of 3"),
    (changed("parties", 0, "bids", 7), "parties[0].bids is 7, wanted a list of bids"),
    (
        second(bids=[[0, 0, 0]]),
        "parties[1].bids has length 1, wanted 2: a bid or null for each",
    ),
    (second(deposit=-1), "parties[1].deposit is -1, wanted 0 to 1000000000000000"),
    (second(deposit=10**15 + 1), "parties[1].deposit is 1000000000000001, wanted 0 to"),
    (
        second(deposit=10**80),
        "parties[1].deposit is 1000000000000000000000000000000000000..., want",
    ),
    (second(name="a"), 'parties[1].name is "a", wanted a name of its own'),
    (second(name=" "), 'parties[1].name is " ", wanted a text'),
    (second(name=3), "parties[1].name is 3, wanted a text"),
    (second(points_mw=POINTS[:1]), "parties[1].points_mw has length 1, wanted 2"),
    (second(points_mw=[[-5, 0], None]), "parties[1].points_mw[0] has length 2, wanted 3"),
    (
        second(points_mw=[[-5, 0, 8], None]),
        "parties[1].points_mw[0][2] is 8, wanted 2.5 to 7.5",
    ),
    (second(points_mw=[[-5, 0, 3.0005], None]), "[0][2] is 3.0005, wanted whole thousandths"),
    (second(points_mw=[[-5, 0, "3"], None]), 'points_mw[0][2] is "3", wanted a number'),
    (
        second(points_mw=[[-5, 0, float("inf")], None]),
        "points_mw[0][2] is Infinity, wanted 2.5",
    ),
    (second(points_mw=[[-5, False, 5], None]), "points_mw[0][1] is false, wanted a number"),
    (second(depost=3), "parties[1] has the unknown key 'depost', did you mean 'deposit'?"),
    (
        changed("parties", 1, {"name": "b", "bids": []}),
        "parties[1] has no key 'deposit', wanted name",
    ),
    (
        changed("parties", 1, "b"),
        'parties[1] is "b", wanted an object with name, deposit, bids',
    ),
    (changed("parties", {}), "parties is {}, wanted a list of parties"),
    (changed("parties", GOOD["parties"][:1]), "parties has length 1, wanted 2 to 255"),
    (changed("parties", []), "parties has length 0, wanted 2 to 255"),
    (changed("partys", []), "has the unknown key 'partys', did you mean 'parties'?"),
    ({"parties": GOOD["parties"]}, "has no key 'options_mw', wanted parties, options_mw"),
    ([1], "the file is [1], wanted an object with parties, options_mw"),
    (changed("options_mw", 3), "options_mw is 3, wanted a list of [low, high]"),
    (changed("options_mw", [[0, 1]]), "options_mw has length 1, wanted 2 to 255"),
    (changed("options_mw", [[0, 1]] * 256), "options_mw has length 256, wanted 2 to 255"),
    (changed("options_mw", 1, [1, 0]), "options_mw[1] is [1, 0], wanted the lower end first"),
    (changed("options_mw", 1, [1]), "options_mw[1] has length 1, wanted 2"),
    (
        changed("options_mw", 1, 0, float("-inf")),
        "options_mw[1][0] is -Infinity, wanted -2147483.648",
    ),
    (changed("options_mw", 1, 0, 10**400), "options_mw[1][0] is 10000000000"),
    (
        changed("options_mw", 1, 0, 0.0001),
        "options_mw[1][0] is 0.0001, wanted whole thousandths",
    ),
    (changed("default", 3), "default is 3, wanted 0 to 2"),
    (changed("default", None), "default is null, wanted 0 to 2"),
    (changed("authority", 2), "authority is 2, wanted 0 to 1"),
    (changed("bond", -1), "bond is -1, wanted 0 to 1000000000000000"),
    (changed("salts", [["0x1"] * 2] * 2), 'salts[0][0] is "0x1", wanted up to 32 bytes in hex'),
    (changed("salts", [["ab", 3]] * 2), "salts[0][1] is 3, wanted up to 32 bytes in hex"),
    (changed("salts", [[None] * 2]), "salts has length 1, wanted 2"),
    ("{", "is not JSON: Expecting property name"),
    ('{"parties": [], "parties": []}', "has the key 'parties' twice in one object"),
]


@pytest.mark.parametrize(("content", "reason"), CASES, ids=[reason for _, reason in CASES])
def test_a_malformed_file_is_refused_by_the_place_of_what_is_wrong(content, reason, tmp_path):
    line = refusal(content, tmp_path)

    assert line.startswith("bids.json: ")
    assert reason in line


@pytest.mark.parametrize(
    ("ranks", "reason"),
    [
        ([1, 2, 2], "parties[0].bids[0][2] is 2, wanted each rank from 1 to 3 once"),
        ([0, 1, 2], "parties[0].bids[0][0] is 0, wanted 1 to 3"),
        ([1, 2, 4], "parties[0].bids[0][2] is 4, wanted 1 to 3"),
    ],
)
def test_ranks_that_are_no_permutation_are_refused(ranks, reason, tmp_path):
    ranked = changed("parties", 0, "bids", 0, ranks)

    assert reason in refusal(ranked, tmp_path, "rps")


@pytest.mark.parametrize(
    ("mechanism", "more", "reason"),
    [
        ("hoc", [], "unknown mechanism 'hoc', did you mean 'hco'?"),
        ("rps-randon", [], "unknown mechanism 'rps-randon', did you mean 'rps-random'?"),
        ("hco", ["--venue", "rvm"], "unknown venue 'rvm', did you mean 'revm'?"),
        ("hco", ["--payment", "vcg"], "unknown payment rule 'vcg', wanted one of difference"),
    ],
)
def test_an_unknown_name_is_answered_with_what_was_meant(mechanism, more, reason, tmp_path):
    assert reason in refusal(GOOD, tmp_path, mechanism, *more)


def test_a_mechanism_that_draws_wants_salts(tmp_path):
    ranked = second(bids=[[1, 2, 3], None])
    ranked["parties"][0]["bids"] = [[3, 2, 1], [1, 2, 3]]

    assert "has no key 'salts', by which" in refusal(ranked, tmp_path, "rps-random")


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path):
    for path, reason in [("none.json", "No such file"), (".", "Is a directory")]:
        answer = CliRunner().invoke(
            app, ["negotiate", str(tmp_path / path), "--mechanism", "hco"]
        )

        assert answer.exit_code == 2
        assert answer.stderr.startswith(f"gridpact: {tmp_path}")
        assert f"cannot be read: {reason}" in answer.stderr


def test_a_file_that_nests_without_end_is_no_json_either(tmp_path):
    path = tmp_path / "bids.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "experiments",
        "negotiate",
        str(path),
        "--mechanism",
        "hco",
    ]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith(f"gridpact: {path}: is not JSON: maximum recursion depth")
