"""Put one fault at a time into the contracts, and see which tests notice.

Run from anywhere: ``python chain/contracts/mutants/run.py``. Writes ``MUTANTS.md`` beside this
file, and fails if a mutant lives. A mutant takes half a minute, most of it compilation.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from chain.artifacts import CONTRACTS as ALL
from chain.artifacts import read_artifact, write_artifact

HERE: Final = Path(__file__).parent
CONTRACTS: Final = HERE.parent
ROOT: Final = CONTRACTS.parents[1]
SEEDS: Final = "60"


@dataclass(frozen=True)
class Verdict:
    """What noticed a mutant."""

    name: str
    file: str
    twin: str
    """Where the Python twin and the mutant part, or nothing."""

    tests: tuple[str, ...]
    """The Solidity tests that fail."""

    @property
    def killed(self) -> bool:
        """Whether anything noticed."""
        return bool(self.twin or self.tests)


def main() -> int:
    """Try every mutant, and write the table."""
    mutants = tomllib.loads((HERE / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = _copy(Path(scratch))
        for mutant in mutants:
            _mutated((folder / "src" / mutant["file"]).read_text(encoding="utf-8"), mutant)
        sound = judge(folder, {"name": "no fault", "file": "Errors.sol"})
        if sound.killed:
            raise SystemExit(f"without a fault already fail: {sound.twin} {sound.tests}")
        verdicts = list(_judge_all(folder, mutants))
    (HERE / "MUTANTS.md").write_text(page(verdicts), encoding="utf-8")
    living = [verdict.name for verdict in verdicts if not verdict.killed]
    _say(f"{len(verdicts) - len(living)} of {len(verdicts)} killed", *living)
    return len(living)


def _say(*words: str) -> None:
    sys.stdout.write(" | ".join(words) + "\n")
    sys.stdout.flush()


def _judge_all(folder: Path, mutants: list[dict[str, str]]) -> Iterator[Verdict]:
    for mutant in mutants:
        verdict = judge(folder, mutant)
        _say(verdict.name, verdict.twin, *verdict.tests[:3])
        yield verdict


def judge(folder: Path, mutant: dict[str, str]) -> Verdict:
    """Apply a fault, compile, run both kinds of tests, and take the fault out again."""
    path = folder / "src" / mutant["file"]
    sound = path.read_text(encoding="utf-8")
    path.write_text(_mutated(sound, mutant), encoding="utf-8")
    try:
        tests = _solidity(folder)
        return Verdict(mutant["name"], mutant["file"], _twin(folder), tests)
    finally:
        path.write_text(sound, encoding="utf-8")


def page(verdicts: list[Verdict]) -> str:
    """Return the table."""
    killed = sum(verdict.killed for verdict in verdicts)
    by_twin = sum(bool(verdict.twin) for verdict in verdicts)
    by_tests = sum(bool(verdict.tests) for verdict in verdicts)
    lines = [
        "# Mutants",
        "",
        "Written by `mutants/run.py`. Each row is one fault put into `src/` (its text is in",
        "`mutants.toml`), and what noticed: a difference from the Python twin (`twin.py`, in",
        f"most {SEEDS} markets by dice), and the Solidity tests, without long campaigns.",
        "",
        f"{killed} of {len(verdicts)} killed: {by_twin} by the twin, {by_tests} in Solidity.",
        "",
        "| fault | in | twin | Solidity tests |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, verdicts)]) + "\n"


def _row(verdict: Verdict) -> str:
    first = verdict.tests[0].replace("|", " ") if verdict.tests else "-"
    more = f" and {len(verdict.tests) - 1} more" if len(verdict.tests) > 1 else ""
    named = f"`{first}`{more}" if verdict.tests else first
    return f"| {verdict.name} | `{verdict.file}` | {verdict.twin or '-'} | {named} |"


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


def _mutated(source: str, mutant: dict[str, str]) -> str:
    if "from" not in mutant:
        return source
    if source.count(mutant["from"]) != 1:
        raise SystemExit(f"{mutant['name']}: its text does not stand once in {mutant['file']}")
    return source.replace(mutant["from"], mutant["to"])


def _solidity(folder: Path) -> tuple[str, ...]:
    forge = folder / "node_modules" / ".bin" / "forge"
    command = [str(forge), "test", "--json", "--no-match-test", "invariant_"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout.strip().startswith("{"):
        raise SystemExit(f"forge: {done.stdout}{done.stderr}")
    return tuple(_failed(json.loads(done.stdout.strip().splitlines()[-1])))


def _failed(suites: dict[str, Any]) -> Iterator[str]:
    for suite, result in sorted(suites.items()):
        for test, outcome in sorted(result["test_results"].items()):
            if outcome["status"] != "Success":
                yield f"{suite.split(':')[-1]}.{test.removesuffix('()')}"


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
    return last.removeprefix("AssertionError: ")


if __name__ == "__main__":
    sys.exit(main())
