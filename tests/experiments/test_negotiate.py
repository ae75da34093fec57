"""The worked examples, through the command line, on every venue."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.bids_file import read_question
from experiments.cli import app
from experiments.negotiate import as_json
from experiments.negotiate import negotiate as run
from experiments.wiring import open_venue

VECTORS = sorted((Path(__file__).parents[1] / "vectors").glob("*.json"))
BY_NAME = pytest.mark.parametrize("path", VECTORS, ids=[path.stem for path in VECTORS])


def negotiate(vector: dict[str, Any], venue: str, folder: Path, *more: str) -> str:
    bids = folder / "bids.json"
    bids.write_text(json.dumps(vector["input"]), encoding="utf-8")
    options = ["--mechanism", vector["mechanism"], "--venue", venue]
    options += ["--payment", vector.get("payment", "difference")]
    answer = CliRunner().invoke(app, ["negotiate", str(bids), *options, *more])
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def vector_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def without_gas(answer: dict[str, Any]) -> dict[str, Any]:
    windows = [{k: v for k, v in window.items() if k != "gas"} for window in answer["windows"]]
    return {k: v for k, v in answer.items() if k != "venue"} | {"windows": windows}


@BY_NAME
def test_memory_gives_the_worked_answer_in_the_promised_order(path, tmp_path):
    vector = vector_of(path)

    answer = json.loads(negotiate(vector, "local", tmp_path, "--json"))

    assert without_gas(answer) == {"mechanism": vector["mechanism"]} | vector["output"]
    assert list(answer) == ["mechanism", "venue", "windows", "deposits", "authority"]
    assert list(answer["windows"][0]) == [*vector["output"]["windows"][0], "gas"]
    assert {window["gas"] for window in answer["windows"]} == {0}
    assert all(type(window["set_point_mw"]) is float for window in answer["windows"])


def test_the_readme_shows_a_file_that_runs_and_what_is_printed(tmp_path, monkeypatch):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme.split("### One negotiation from a file\n")[1].split("\n## ")[0]
    file, command, printed = re.findall(
        r"^```(?:json)?\n(.*?)^```$", section, re.MULTILINE | re.DOTALL
    )
    (tmp_path / "negotiation.json").write_text(file, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    name, *arguments = shlex.split(command)
    answer = CliRunner().invoke(app, arguments)

    assert name == "gridpact"
    assert answer.stdout == printed


@BY_NAME
def test_both_chains_give_the_worked_answer_with_the_same_gas(path, tmp_path):
    vector = vector_of(path)

    revm = json.loads(negotiate(vector, "revm", tmp_path, "--json"))
    tester = json.loads(negotiate(vector, "eth-tester", tmp_path, "--json"))

    assert without_gas(revm) == {"mechanism": vector["mechanism"]} | vector["output"]
    assert revm | {"venue": "eth-tester"} == tester
    assert all(window["gas"] > 21_000 for window in revm["windows"])


def test_every_worked_example_of_the_rules_is_among_the_vectors():
    sources = " ".join(vector_of(path)["source"] for path in VECTORS)

    for number in ("first", "second", "third", "fourth", "fifth"):
        assert f"RULES 6, {number} example" in sources


def test_people_read_a_table_with_names_and_what_is_left(tmp_path):
    path = next(path for path in VECTORS if path.stem == "hco_tie")

    shown = negotiate(vector_of(path), "local", tmp_path)

    assert "-6.125" in shown
    assert "of 2" in shown
    assert "network-1 994, network-2 1006" in shown
    assert "network-2 breaks the next tie" in shown


@BY_NAME
@pytest.mark.parametrize("venue", ["local", "revm"])
def test_sealed_bids_give_the_worked_answer_too(path, venue, tmp_path):
    """The command seals for a lottery alone; what sealing changes is when, not what."""
    vector = vector_of(path)
    (tmp_path / "bids.json").write_text(json.dumps(vector["input"]), encoding="utf-8")
    payment = vector.get("payment", "difference")
    question = read_question(tmp_path / "bids.json", vector["mechanism"], payment)
    sealed = replace(question, terms=replace(question.terms, revealing=60))

    held = as_json(run(sealed, open_venue(venue, sealed.terms)), vector["mechanism"], venue)

    assert without_gas(held) == {"mechanism": vector["mechanism"]} | vector["output"]


def test_short_salts_have_zeros_before_them(tmp_path):
    vector = vector_of(next(path for path in VECTORS if path.stem == "rps_random"))
    vector["input"]["salts"] = [["ab", "0xAB", None]] * 3
    (tmp_path / "bids.json").write_text(json.dumps(vector["input"]), encoding="utf-8")

    question = read_question(tmp_path / "bids.json", "rps-random", "none")

    assert question.salts == ((bytes(31) + b"\xab",) * 2 + (bytes(32),),) * 3
    assert question.terms.sealed


def test_points_are_read_past_where_bids_are_ranks(tmp_path):
    vector = vector_of(next(path for path in VECTORS if path.stem == "rps_alternating"))
    for party in vector["input"]["parties"]:
        party["points_mw"] = [[-2.5, 0, 7.5]] * len(party["bids"])

    answer = json.loads(negotiate(vector, "local", tmp_path, "--json"))

    assert without_gas(answer) == {"mechanism": "rps"} | vector["output"]


def test_salts_are_read_past_until_a_mechanism_draws_by_them(tmp_path):
    vector = vector_of(VECTORS[0])
    windows = len(vector["output"]["windows"])
    salts = [["0x" + "ab" * 32] * windows for _ in vector["input"]["parties"]]
    vector["input"] |= {"salts": salts}

    answer = json.loads(negotiate(vector, "local", tmp_path, "--json"))

    assert answer["deposits"] == vector["output"]["deposits"]


def test_numbers_with_three_decimals_are_read_to_the_thousandth(tmp_path):
    bids = tmp_path / "bids.json"
    party = {"deposit": 0, "bids": [[0, 0]], "points_mw": [[1.001, 2.3]]}
    parties = [party | {"name": "a"}, party | {"name": "b"}]
    text = json.dumps({"parties": parties, "options_mw": [[-1.001, 1.001], [2.3, 2147483.647]]})
    bids.write_text("\ufeff" + text, encoding="utf-8")

    question = read_question(bids, "hco", "difference")

    assert question.terms.options == ((-1001, 1001), (2300, 2147483647))
    assert question.parties[0].bids[0].points == (1001, 2300)
