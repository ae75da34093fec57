"""The command line: what it lists, what it imports, and how it refuses."""

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from experiments.cli import app

GIANTS = ("pandapower", "mesa", "web3", "pandas", "matplotlib", "numpy")


def modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys\nfrom experiments.cli import app\n"
        f"try:\n    app({list(arguments)!r})\n"
        "except SystemExit as done:\n    assert not done.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_help_imports_nothing_heavy():
    assert modules_after("--help").isdisjoint(GIANTS)


def test_help_of_every_command_imports_nothing_heavy():
    for command in ("simulate", "negotiate", "strategies", "init"):
        assert modules_after(command, "--help").isdisjoint(GIANTS)


def test_a_negotiation_in_memory_imports_numpy_alone(tmp_path):
    bids = tmp_path / "bids.json"
    bids.write_text(
        '{"options_mw": [[0, 0], [1, 1]], "parties": ['
        '{"name": "a", "deposit": 9, "bids": [[1, 2]]},'
        '{"name": "b", "deposit": 9, "bids": [[3, 0]]}]}',
        encoding="utf-8",
    )
    command = ["negotiate", str(bids), "--mechanism", "hco", "--venue", "local"]

    loaded = modules_after(*command)

    assert "numpy" in loaded
    assert loaded.isdisjoint(set(GIANTS) - {"numpy"})


def test_help_lists_commands_that_exist_and_none_to_come():
    shown = CliRunner().invoke(app, ["--help"])

    for command in ("simulate", "negotiate", "strategies", "init", "contracts"):
        assert re.search(rf"^│ {command} ", shown.stdout, re.MULTILINE)
    for command in ("audit", "sweep", "visualise"):
        assert not re.search(rf"^│ {command} ", shown.stdout, re.MULTILINE)


def test_without_a_command_it_shows_its_help():
    answer = CliRunner().invoke(app, [])

    assert answer.exit_code == 0
    assert "Usage: gridpact" in answer.stdout


def test_version_is_a_line():
    answer = CliRunner().invoke(app, ["--version"])

    assert answer.exit_code == 0
    assert re.fullmatch(r"gridpact \d+\.\d+\.\d+\n", answer.stdout)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["simulat"], "gridpact: No such command 'simulat'."),
        (["--bad"], "gridpact: No such option: --bad"),
        (["simulate", "--bad"], "gridpact: No such option: --bad"),
        (["simulate", "--windows", "x"], "gridpact: Invalid value for '--windows'"),
        (["negotiate"], "gridpact: Missing argument"),
        (["contracts", "chek"], "gridpact: No such command 'chek'."),
    ],
)
def test_a_usage_error_is_one_line_and_exit_code_2(arguments, line):
    answer = CliRunner().invoke(app, arguments)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith(line)
    assert answer.stderr.count("\n") == 1


def test_python_can_run_it_as_a_module():
    command = [sys.executable, "-m", "experiments", "strategies", "thruthful"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == "gridpact: unknown strategy 'thruthful', did you mean 'truthful'?\n"
