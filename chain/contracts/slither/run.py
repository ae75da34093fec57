"""Analyse the contracts with slither, and hold every finding of weight against an explanation.

Run ``python chain/contracts/slither/run.py``, with ``slither`` (``slither-analyzer`` on PyPI)
on the path. Writes ``SLITHER.md`` beside this file, and fails if a high or medium finding is
not explained below.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
CONTRACTS: Final = HERE.parent

EXPLAINED: Final = {
    "incorrect-shift": (
        "Not so: `shl(byte(…), 1)` is one bit, shifted by the rank, as is meant. The detector "
        "takes every shift of a constant for one with its operands swapped."
    ),
    "divide-before-multiply": (
        "Not so: in `Tally` what is divided is all ones, or a shift of single bits, and the "
        "quotient is exact; in `_share` what the quotient leaves over is what is wanted."
    ),
    "uninitialized-local": (
        "As meant: Solidity gives locals zero, which is where these counts and sums start."
    ),
    "unused-return": (
        "As meant: of a signature that cannot be recovered the signer is zero, and the "
        "constructor refuses zero as the meter, so kind and details of the error add nothing; "
        "and of an order the limit is left where the quantity alone is wanted."
    ),
}
"""Why the findings of a detector stand."""

HEAVY: Final = ("High", "Medium")


def main() -> int:
    """Analyse, write the page, and return how many heavy findings are not explained."""
    with tempfile.TemporaryDirectory() as scratch:
        findings = _analysed(_copy(Path(scratch)))
    (HERE / "SLITHER.md").write_text(page(findings), encoding="utf-8")
    heavy = [found for found in findings if found["impact"] in HEAVY]
    open_ = [found for found in heavy if found["check"] not in EXPLAINED]
    sys.stdout.write(
        f"{len(findings)} findings, {len(heavy)} heavy, {len(open_)} unexplained\n"
    )
    return len(open_)


def page(findings: list[dict[str, Any]]) -> str:
    """Return the findings by weight and detector."""
    version = _run("slither", "--version").stdout.strip()
    lines = [
        "# Slither",
        "",
        f"Written by `slither/run.py`, with slither {version} on the sources of the contracts",
        "(OpenZeppelin's are compiled in, and left out here). Slither 0.11 cannot read what",
        "calls a library on an expression in brackets, so the copy that it gets says",
        "`SafeCast.toUint96(a + b)` for `(a + b).toUint96()`; of that copy it read all.",
        "",
    ]
    for impact in ("High", "Medium", "Low", "Informational", "Optimization"):
        named = [found for found in findings if found["impact"] == impact]
        lines += [f"## {impact}: {len(named)}", ""]
        for check in sorted({found["check"] for found in named}):
            same = [found for found in named if found["check"] == check]
            lines += [f"* **{check}**, {len(same)}: {_where(same)}."]
            lines += [f"  {EXPLAINED.get(check, '**Not explained.**')}"] * (impact in HEAVY)
        lines += [""] * bool(named)
    return "\n".join(lines).rstrip() + "\n"


def _where(findings: list[dict[str, Any]]) -> str:
    """Return the functions that findings are in, without lines, which move."""
    return ", ".join(f"`{name}`" for name in sorted(set(_functions(findings))))


def _functions(findings: list[dict[str, Any]]) -> Iterator[str]:
    for found in findings:
        if not found["elements"]:
            yield found["check"]
            continue
        element = found["elements"][0]
        parent = element.get("type_specific_fields", {}).get("parent", {})
        outer = parent.get("name", "") if parent.get("type") in {"contract", "function"} else ""
        yield f"{outer}.{element['name']}".strip(".") if outer else element["name"]


def _analysed(folder: Path) -> list[dict[str, Any]]:
    done = _run(
        "slither", ".", "--json", "-", "--filter-paths", "node_modules",
        "--foundry-out-directory", "../../build/forge", folder=folder,
    )  # fmt: skip
    if "Impossible to generate IR" in done.stderr:
        raise SystemExit(done.stderr)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise SystemExit(done.stderr) from None
    return answer["results"].get("detectors", [])


def _copy(scratch: Path) -> Path:
    folder = scratch / "chain" / "contracts"
    shutil.copytree(CONTRACTS / "src", folder / "src")
    for name in ("foundry.toml", "solc.js"):
        shutil.copy(CONTRACTS / name, folder / name)
    (folder / "node_modules").symlink_to(CONTRACTS / "node_modules")
    for path in (folder / "src").glob("*.sol"):
        source = path.read_text(encoding="utf-8")
        plain = re.sub(r"= \((.*)\)\.toUint(\d+)\(\);", r"= SafeCast.toUint\2(\1);", source)
        path.write_text(plain, encoding="utf-8")
    return folder


def _run(*command: str, folder: Path = HERE) -> subprocess.CompletedProcess[str]:
    tools = CONTRACTS / "node_modules" / ".bin"
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
