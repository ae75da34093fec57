"""Committed artifacts are what the sources compile to."""

import shutil

import pytest

from chain import artifacts
from chain import compile as compiling
from chain.artifacts import CONTRACTS, FOLDER, read_artifact, write_artifact
from chain.errors import ArtifactStale, CompilationFailed, CompilerMissing

READY = shutil.which("node") and (compiling.SOURCES / "node_modules" / "solc").exists()
needs_compiler = pytest.mark.skipif(
    not READY, reason="needs node, and `npm ci` in chain/contracts"
)


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Return a folder of sources of our own, with the real compiler beside it."""
    (tmp_path / "src").mkdir()
    for name in ("node_modules", "solc.js"):
        (tmp_path / name).symlink_to(compiling.SOURCES / name)
    monkeypatch.setattr(compiling, "SOURCES", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", CONTRACTS)
def test_an_artifact_survives_being_written(tmp_path, monkeypatch, name):
    artifact = read_artifact(name)
    monkeypatch.setattr(artifacts, "FOLDER", tmp_path)

    write_artifact(tmp_path / f"{name}.json", artifact)

    assert read_artifact.__wrapped__(name) == artifact
    assert (tmp_path / f"{name}.json").read_bytes() == (FOLDER / f"{name}.json").read_bytes()


@pytest.mark.slow
@needs_compiler
def test_committed_artifacts_are_fresh():
    assert compiling.check_fresh() == {name: read_artifact(name) for name in CONTRACTS}


@needs_compiler
def test_an_artifact_that_is_missing_or_differs_is_stale_until_compiled_again(
    sources, monkeypatch
):
    small = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.30;\ncontract Small {{ {} }}"
    (sources / "src" / "Small.sol").write_text(small.format(""), encoding="utf-8")
    monkeypatch.setattr(compiling, "CONTRACTS", ("Small",))
    monkeypatch.setattr(compiling, "FOLDER", sources)

    with pytest.raises(ArtifactStale) as missing:
        compiling.check_fresh()
    compiling.compile_all()
    assert compiling.check_fresh()["Small"].contract == "Small"

    changed = small.format("uint256 public constant ONE = 1;")
    (sources / "src" / "Small.sol").write_text(changed, encoding="utf-8")
    with pytest.raises(ArtifactStale) as differs:
        compiling.check_fresh()

    assert missing.value.names == differs.value.names == ("Small",)


@needs_compiler
def test_a_source_that_does_not_compile_is_quoted(sources):
    (sources / "src" / "Wrong.sol").write_text("contract Wrong { nonsense }", encoding="utf-8")

    with pytest.raises(CompilationFailed, match=r"Wrong\.sol"):
        compiling.compile_contracts()


@needs_compiler
def test_a_compiler_that_fails_is_quoted(sources):
    (sources / "solc.js").unlink()
    (sources / "solc.js").write_text("console.error('out of order'); process.exit(1)")

    with pytest.raises(CompilationFailed) as failed:
        compiling.compile_contracts()

    assert failed.value.message == "out of order"


def test_a_machine_without_node_is_told_so(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CompilerMissing) as missing:
        compiling.compile_contracts()

    assert missing.value.wanted == "node is not on the path"


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_a_machine_without_the_npm_packages_is_told_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "SOURCES", tmp_path)

    with pytest.raises(CompilerMissing, match="npm ci"):
        compiling.compile_contracts()
