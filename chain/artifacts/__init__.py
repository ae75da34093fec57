"""Compiled contracts, committed with the hash of their sources and the compiler's version."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent

CONTRACTS: Final = (
    "DoubleAuction",
    "EnergySharing",
    "HighestCombinedOffer",
    "ParetoPreferenceSelection",
    "RandomPreferenceSelection",
    "RankedPreferenceSelection",
)


@dataclass(frozen=True)
class Artifact:
    """A contract as the compiler left it."""

    contract: str
    """The contract's name."""

    compiler: str
    """The version of solc, with its commit."""

    evm: str
    """The hard fork that the bytecode needs."""

    sources: str
    """SHA-256 over the names and hashes of all sources, libraries too."""

    abi: tuple[dict[str, Any], ...]
    """The contract's interface."""

    bytecode: bytes
    """What deployment runs, before the constructor's arguments."""

    def as_json(self) -> dict[str, Any]:
        """Return what is written to disk."""
        return {
            "schema": 1,
            "contract": self.contract,
            "compiler": self.compiler,
            "evm": self.evm,
            "sources": self.sources,
            "abi": list(self.abi),
            "bytecode": self.bytecode.hex(),
        }


@cache
def read_artifact(contract: str) -> Artifact:
    """Return a committed artifact by the contract's name."""
    table = json.loads((FOLDER / f"{contract}.json").read_text(encoding="utf-8"))
    del table["schema"]
    return Artifact(
        **table | {"abi": tuple(table["abi"]), "bytecode": bytes.fromhex(table["bytecode"])}
    )


def write_artifact(path: Path, artifact: Artifact) -> None:
    """Write an artifact as JSON with a stable order."""
    path.write_text(json.dumps(artifact.as_json(), indent=1) + "\n", encoding="utf-8")
