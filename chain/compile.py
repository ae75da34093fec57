"""Solidity sources to committed artifacts, so that users need no compiler."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from chain.artifacts import CONTRACTS, FOLDER, Artifact, write_artifact
from chain.errors import ArtifactStale, CompilationFailed, CompilerMissing

SOURCES: Final = Path(__file__).parent / "contracts"

SETTINGS: Final[dict[str, Any]] = {
    "evmVersion": "prague",
    "viaIR": True,
    "optimizer": {"enabled": True, "runs": 100_000},
    "metadata": {"bytecodeHash": "none"},
    "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object", "metadata"]}},
}
"""What the bytecode depends on besides the sources; `foundry.toml` says the same."""


def compile_contracts() -> dict[str, Artifact]:
    """Compile every source under ``contracts/src`` with the npm compiler.

    Raises
    ------
    CompilerMissing
        Without node, or before ``npm ci`` in ``chain/contracts``.
    CompilationFailed
        With the compiler's message.
    """
    sources = {
        f"src/{path.name}": {"content": path.read_text(encoding="utf-8")}
        for path in sorted((SOURCES / "src").glob("*.sol"))
    }
    answer = _solc({"language": "Solidity", "sources": sources, "settings": SETTINGS})
    wrong = [note["formattedMessage"] for note in answer.get("errors", ())]
    if wrong:
        raise CompilationFailed("\n".join(wrong))
    return {
        name: _artifact(name, answer["contracts"][f"src/{name}.sol"][name])
        for name in CONTRACTS
    }


def compile_all() -> None:
    """Write an artifact for every contract."""
    for name, artifact in compile_contracts().items():
        write_artifact(FOLDER / f"{name}.json", artifact)


def check_fresh() -> dict[str, Artifact]:
    """Compile again, and raise `ArtifactStale` where a committed artifact differs."""
    fresh = compile_contracts()
    stale = tuple(name for name, made in fresh.items() if not _same(name, made))
    if stale:
        raise ArtifactStale(stale)
    return fresh


def _same(name: str, artifact: Artifact) -> bool:
    path = FOLDER / f"{name}.json"
    return path.exists() and json.loads(path.read_text(encoding="utf-8")) == artifact.as_json()


def _solc(question: dict[str, Any]) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        raise CompilerMissing("node is not on the path")
    if not (SOURCES / "node_modules" / "solc").exists():
        raise CompilerMissing("run `npm ci` in chain/contracts")
    done = subprocess.run(
        [node, str(SOURCES / "solc.js"), "--standard-json"],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CompilationFailed(done.stderr.strip())
    return json.loads(done.stdout)


def _artifact(name: str, compiled: dict[str, Any]) -> Artifact:
    metadata = json.loads(compiled["metadata"])
    used = {path: entry["keccak256"] for path, entry in sorted(metadata["sources"].items())}
    return Artifact(
        contract=name,
        compiler=metadata["compiler"]["version"],
        evm=SETTINGS["evmVersion"],
        sources=hashlib.sha256(json.dumps(used).encode()).hexdigest(),
        abi=tuple(compiled["abi"]),
        bytecode=bytes.fromhex(compiled["evm"]["bytecode"]["object"]),
    )
