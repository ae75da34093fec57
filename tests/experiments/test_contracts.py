"""Committed contracts against their sources, on machines with a compiler and without."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import chain.compile
from chain.artifacts import CONTRACTS, FOLDER, read_artifact
from experiments.cli import app

compiler = pytest.mark.skipif(
    shutil.which("node") is None or not (chain.compile.SOURCES / "node_modules/solc").exists(),
    reason="no compiler: node, and `npm ci` in chain/contracts",
)


def invoke(*arguments: str):
    return CliRunner().invoke(app, ["contracts", *arguments])


@pytest.fixture(scope="module")
def compiled():
    return chain.compile.compile_contracts()


@pytest.fixture
def once(compiled, monkeypatch):
    """Compile for real, but not anew for every test: it takes ten seconds."""
    monkeypatch.setattr(chain.compile, "compile_contracts", lambda: compiled)


@compiler
@pytest.mark.usefixtures("once")
def test_committed_contracts_are_fresh():
    answer = invoke("check")

    assert answer.exit_code == 0, answer.stderr
    for name in CONTRACTS:
        assert f"{name}: fresh, {len(read_artifact(name).bytecode):,} bytes" in answer.stdout


@compiler
@pytest.mark.usefixtures("once")
def test_a_stale_contract_is_named_and_compiling_again_mends_it(tmp_path, monkeypatch):
    for path in FOLDER.glob("*.json"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(chain.compile, "FOLDER", tmp_path)
    stale = tmp_path / "HighestCombinedOffer.json"
    stale.write_text(json.dumps({}), encoding="utf-8")

    before = invoke("check")
    mended = invoke("compile")

    assert before.exit_code == 1
    assert before.stderr.startswith("gridpact: stale: HighestCombinedOffer, wanted")
    assert mended.exit_code == 0
    assert stale.read_bytes() == (FOLDER / stale.name).read_bytes()


def test_without_node_a_line_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    answer = invoke("check")

    assert answer.exit_code == 2
    assert answer.stderr == "gridpact: no compiler: node is not on the path\n"


def test_without_packages_a_line_says_what_to_run(monkeypatch, tmp_path):
    node = tmp_path / "node"
    node.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chain.compile, "SOURCES", Path(tmp_path))

    answer = invoke("compile")

    assert answer.exit_code == 2
    assert answer.stderr == "gridpact: no compiler: run `npm ci` in chain/contracts\n"
