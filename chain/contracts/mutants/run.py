"""Put one fault at a time into the contracts, and see which test notices it first.

Run from anywhere: ``python chain/contracts/mutants/run.py``. Writes ``MUTANTS.md`` beside this
file, and fails if a mutant lives. Works on a copy, so the tree stays as it is. A mutant takes
half a minute, most of it compilation. With words, as in ``run.py bond seal``, only mutants
whose names have one of them are tried, and the other rows stand as they were.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from chain.artifacts import CONTRACTS as ALL
from chain.artifacts import read_artifact, write_artifact

HERE: Final = Path(__file__).parent
CONTRACTS: Final = HERE.parent
ROOT: Final = CONTRACTS.parents[1]
PAGE: Final = HERE / "MUTANTS.md"
ROW: Final = re.compile(r"^\| (.+) \| `\w+\.sol` \| `(.+)` \|$", re.MULTILINE)
SEEDS: Final = "60"
TRADING: Final = ("DoubleAuction.sol", "EnergySharing.sol", "Marketplace.sol", "TradeLib.sol")
"""What marketplaces alone are made of; their tests alone are asked about it."""


@dataclass(frozen=True)
class Mutant:
    """A fault, and where it is put."""

    name: str
    file: str
    sound: str
    faulty: str

    @property
    def of_trading(self) -> bool:
        """Whether it is put into a marketplace."""
        return self.file in TRADING

    def put_into(self, source: str) -> str:
        """Return the source with the fault in it."""
        if source.count(self.sound) != 1:
            raise SystemExit(f"{self.name}: its text does not stand once in {self.file}")
        return source.replace(self.sound, self.faulty)


def main(words: list[str]) -> int:
    """Try mutants, write the table, and return how many live."""
    mutants = read_mutants()
    wanted = [m for m in mutants if not words or any(word in m.name for word in words)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = _copy(Path(scratch))
        for mutant in mutants:
            mutant.put_into((folder / "src" / mutant.file).read_text(encoding="utf-8"))
        if noticed := _first_failure(folder):
            raise SystemExit(f"without a fault already fails: {noticed}")
        killer_of = _known() | {mutant.name: judge(folder, mutant) for mutant in wanted}
    killers = [killer_of.get(mutant.name, "") for mutant in mutants]
    PAGE.write_text(page(mutants, killers), encoding="utf-8")
    _say(f"{len(killers) - killers.count('')} of {len(killers)} killed")
    return killers.count("")


def read_mutants() -> list[Mutant]:
    """Return all mutants."""
    tables = tomllib.loads((HERE / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
    return [Mutant(t["name"], t["file"], t["from"], t["to"]) for t in tables]


def _known() -> dict[str, str]:
    """Return what noticed each mutant when the page was written."""
    return dict(ROW.findall(PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else {}


def judge(folder: Path, mutant: Mutant) -> str:
    """Put the fault in, return the test that notices it, or nothing, and take it out again."""
    path = folder / "src" / mutant.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(mutant.put_into(sound), encoding="utf-8")
    try:
        killer = _first_failure(folder, ["--match-path", "test/trading/*"] * mutant.of_trading)
    finally:
        path.write_text(sound, encoding="utf-8")
    _say(f"{mutant.name}: {killer or 'LIVES'}")
    return killer


def page(mutants: list[Mutant], killers: list[str]) -> str:
    """Return the table."""
    lines = [
        "# Mutants",
        "",
        "Written by `mutants/run.py`. Each row is one fault put into `src/` (its text is in",
        "`mutants.toml`), and the first test that noticed it: in Solidity, those of the stages",
        f"before others, without long campaigns; or else the Python twin in {SEEDS} markets by",
        "dice (`twin.py`).",
        "",
        f"{len(killers) - killers.count('')} of {len(killers)} killed.",
        "",
        "| fault | in | noticed by |",
        "|---|---|---|",
    ]
    for mutant, killer in zip(mutants, killers, strict=True):
        noticed = f"`{killer}`" if killer else "**nothing**"
        lines.append(f"| {mutant.name} | `{mutant.file}` | {noticed} |")
    return "\n".join(lines) + "\n"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _copy(scratch: Path) -> Path:
    """Copy the contracts, and what the twin needs: it then reads the artifacts of the copy."""
    folder = scratch / "chain" / "contracts"
    folder.mkdir(parents=True)
    for name in ("src", "test"):
        shutil.copytree(CONTRACTS / name, folder / name)
    for name in ("foundry.toml", "solc.js"):
        shutil.copy(CONTRACTS / name, folder / name)
    (folder / "node_modules").symlink_to(CONTRACTS / "node_modules")
    for name in ("market", "chain/artifacts", "tests/vectors"):
        shutil.copytree(ROOT / name, scratch / name)
    for path in (ROOT / "chain").glob("*.py"):
        shutil.copy(path, scratch / "chain")
    return folder


def _first_failure(folder: Path, only: Sequence[str] = ()) -> str:
    """Compile, and return the first test that fails; the twin plays only if none does."""
    return next(_failures(_forge(folder, only)), "") or _twin(folder)


def _forge(folder: Path, only: Sequence[str]) -> dict[str, Any]:
    forge = folder / "node_modules" / ".bin" / "forge"
    command = [str(forge), "test", "--json", "--no-match-test", "invariant_", *only]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout.strip().startswith("{"):
        raise SystemExit(f"forge: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _failures(suites: dict[str, Any]) -> Iterator[str]:
    for suite in sorted(suites, key=lambda suite: ("/stages/" not in suite, suite)):
        for test, outcome in sorted(suites[suite]["test_results"].items()):
            if outcome["status"] != "Success":
                yield f"{suite.split(':')[-1]}.{test.split('(')[0]}"


def _twin(folder: Path) -> str:
    root = folder.parents[1]
    for name in ALL:
        made = json.loads((root / f"build/forge/{name}.sol/{name}.json").read_text("utf-8"))
        code = bytes.fromhex(made["bytecode"]["object"].removeprefix("0x"))
        mutant = replace(read_artifact(name), abi=tuple(made["abi"]), bytecode=code)
        write_artifact(root / f"chain/artifacts/{name}.json", mutant)
    done = subprocess.run(
        [sys.executable, str(HERE / "twin.py"), SEEDS],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    last = done.stderr.strip().splitlines()[-1]
    return f"twin.py, {last.removeprefix('AssertionError: ')}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
