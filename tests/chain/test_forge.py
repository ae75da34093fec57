"""The Solidity suite, which Foundry users run with ``npx forge test`` in chain/contracts."""

import json
import shutil
import subprocess

import pytest

from chain.artifacts import CONTRACTS, read_artifact
from chain.compile import SOURCES

FORGE = SOURCES / "node_modules" / ".bin" / "forge"
CALLS = 100_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("node") and FORGE.exists()),
        reason="needs node, and forge, which `npm ci` in chain/contracts brings to linux",
    ),
]


@pytest.fixture(scope="module")
def suites():
    """Return what became of each test, by its file and contract."""
    done = subprocess.run(
        [FORGE, "test", "--json"], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"test/')]
    assert lines, done.stdout + done.stderr
    return json.loads(lines[-1])


def found_in(suites):
    for suite, result in suites.items():
        for test, outcome in result["test_results"].items():
            yield f"{suite}: {test}", outcome


def test_every_solidity_test_passes(suites):
    failed = {
        name: outcome["reason"]
        for name, outcome in found_in(suites)
        if outcome["status"] != "Success"
    }

    assert failed == {}
    assert len(list(found_in(suites))) > 90


def test_the_invariants_hold_over_a_hundred_thousand_hostile_calls(suites):
    kinds = [outcome["kind"] for _, outcome in found_in(suites)]
    campaigns = [kind["Invariant"] for kind in kinds if "Invariant" in kind]
    calls = sum(campaign["calls"] for campaign in campaigns)
    print(f"{calls} calls of handlers in {len(campaigns)} campaigns")  # noqa: T201

    assert calls >= CALLS
    assert sum(campaign["reverts"] for campaign in campaigns) == 0


@pytest.mark.usefixtures("suites")
@pytest.mark.parametrize("name", CONTRACTS)
def test_forge_compiles_what_is_deployed(name):
    path = SOURCES.parents[1] / f"build/forge/{name}.sol/{name}.json"
    made = json.loads(path.read_text(encoding="utf-8"))["bytecode"]["object"]

    assert made == "0x" + read_artifact(name).bytecode.hex()
