"""The command line: what it lists, what it imports, and how it refuses."""

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.scenario import SHIPPED

LISTED = (
    "tournament", "simulate", "negotiate", "equilibria", "strategies", "dispositions", "init",
    "operator", "deploy", "trades", "reproduce", "audit", "sweep", "visualise", "contracts",
)  # fmt: skip
GIANTS = ("pandapower", "mesa", "web3", "pandas", "matplotlib", "numpy")


def modules_after(*commands: list[str]) -> set[str]:
    code = (
        "import sys\nfrom experiments.cli import app\n"
        f"for arguments in {commands!r}:\n"
        "    try:\n        app(arguments)\n"
        "    except SystemExit as done:\n        assert not done.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def help_of(command: str) -> str:
    """Return what help says, without the frames and breaks of a terminal."""
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "400"}).stdout
    return " ".join(shown.replace("│", " ").split())


def test_help_imports_nothing_heavy():
    assert modules_after(["--help"]).isdisjoint(GIANTS)


def test_help_of_every_command_imports_nothing_heavy():
    asked = [[command, "--help"] for command in LISTED]

    assert modules_after(*asked).isdisjoint(GIANTS)


def test_a_negotiation_in_memory_imports_numpy_alone(tmp_path):
    bids = tmp_path / "bids.json"
    bids.write_text(
        '{"options_mw": [[0, 0], [1, 1]], "parties": ['
        '{"name": "a", "deposit": 9, "bids": [[1, 2]]},'
        '{"name": "b", "deposit": 9, "bids": [[3, 0]]}]}',
        encoding="utf-8",
    )
    command = ["negotiate", str(bids), "--mechanism", "hco", "--venue", "local"]

    loaded = modules_after(command)

    assert "numpy" in loaded
    assert loaded.isdisjoint(set(GIANTS) - {"numpy"})


def test_help_lists_commands_that_exist_and_none_to_come():
    shown = CliRunner().invoke(app, ["--help"]).stdout

    assert re.findall(r"^│ ([a-z]+)  ", shown, re.MULTILINE) == list(LISTED)
    for command in LISTED:
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("tournament", "results/<name>"),
        ("simulate", "results/<name>-simulation"),
        ("dispositions", "results/<name>-dispositions"),
        ("audit", "results/<name>-audit"),
        ("reproduce", "results/reproduce"),
        ("sweep", "results/<name>"),
    ],
)
def test_help_says_where_results_go(command, place):
    assert f"Folder of the results; {place} unless given." in help_of(command)


def test_help_lists_every_shipped_scenario():
    listed = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))

    assert f"A shipped scenario ({listed}), or a TOML file." in help_of("simulate")


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
