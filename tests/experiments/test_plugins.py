"""Strategies from outside: files, packages, bids of a person; what works, and what is told."""

import json
import re
from importlib.metadata import EntryPoint

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from agents.player import StrategyFailed
from agents.strategies.scaled import Shaded
from agents.wrappers.mistakes import Noise
from experiments import plugins, trial
from experiments.cli import app
from experiments.errors import ExperimentError, InputRefused, Unknown
from experiments.identity import file_sha256
from experiments.plugins import StrategyBroken, strategy
from experiments.trial import try_out
from tests.experiments.small_tournament import COSTS, write_scenario

MINE = '''
"""Strategies of a user."""
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
import numpy as np
from agents.strategies.base import Strategy

def helper(values):
    return values / None

@dataclass(frozen=True)
class Mine(Strategy):
    """Offer half."""
    meaning: ClassVar[str] = "offers half"
    share: float = 0.5
    def bid(self, knowledge, draws):
        return knowledge.bid(knowledge.values_gbp * self.share)

class Divides(Mine):
    def bid(self, knowledge, draws):
        return 1 / 0

class Deep(Mine):
    def bid(self, knowledge, draws):
        return helper(np.zeros(3))

class Learns(Mine):
    def learn(self, experience):
        raise KeyError("two\\nlines")

class Floats(Mine):
    def bid(self, knowledge, draws):
        return knowledge.values_gbp

class Narrow(Mine):
    def bid(self, knowledge, draws):
        return super().bid(knowledge, draws)[..., :2]

class Below(Mine):
    def bid(self, knowledge, draws):
        return super().bid(knowledge, draws) - 5

class Twice(Mine):
    def bid(self, knowledge, draws):
        bids = super().bid(knowledge, draws)
        return bids if knowledge.setting.form == "offers" else np.ones_like(bids)

class Silent(Strategy):
    pass

class Needy(Mine):
    def __init__(self, level):
        object.__setattr__(self, "share", level)

class Later(Mine):
    def bid(self, knowledge, draws):
        if knowledge.setting.options == 3:
            raise ValueError("three are too few")
        return super().bid(knowledge, draws)

class Other:
    pass

made = Mine(0.25)
quarter = partial(Mine, 0.25)
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the working folder, with a file of strategies in it."""
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "syntax.py").write_text("def x(:\n", encoding="utf-8")
    (tmp_path / "leaves.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    (tmp_path / "fails.py").write_text("\nimport nothing_like_it\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gridpact(*arguments: object, exit_code: int = 0):
    answer = CliRunner().invoke(app, [*map(str, arguments)])
    assert answer.exit_code == exit_code, (answer.stdout, answer.stderr, answer.exception)
    return answer


@pytest.mark.usefixtures("folder")
def test_a_class_in_a_file_is_a_strategy_with_parameters_and_within_a_wrapper():
    mine = strategy("mine.py:Mine(share=0.7)")

    assert (type(mine).__name__, mine.share) == ("Mine", 0.7)
    assert strategy("noise(mine.py:Mine, size=0.2)") == Noise(strategy("mine.py:Mine"), 0.2)
    assert strategy("mine.py:quarter") == strategy("mine.py:Mine(share=0.25)")
    for text in ("mine.py:Mine", "mine.py:quarter", "tremble(mine.py:Mine)", "shaded(share=2)"):
        try_out(text, options=5, horizon=4)


def test_a_path_may_be_absolute_and_names_the_same_class(folder):
    assert strategy(f"{folder}/mine.py:Mine") == strategy("mine.py:Mine")


def points(**values: str):
    """Return entry points as installed packages have them."""
    group = plugins.GROUP
    return lambda **_: [EntryPoint(name, value, group) for name, value in values.items()]


def test_a_package_may_list_strategies(monkeypatch):
    made = points(
        bold="agents.strategies.scaled:Inflated", dim="agents.strategies.scaled:Shaded"
    )
    monkeypatch.setattr(plugins, "entry_points", made)

    assert strategy("dim(share=0.1)") == Shaded(share=0.1)
    rows = json.loads(gridpact("strategies", "--json").stdout)
    assert [row["name"] for row in rows][-2:] == ["bold", "dim"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("nowhere_to_be_found:Bold", "bold: raised ModuleNotFoundError: No module named"),
        ("math:pi", "bold: is a float, wanted a class"),
    ],
)
def test_a_package_that_does_not_work_is_told(value, reason, monkeypatch):
    monkeypatch.setattr(plugins, "entry_points", points(bold=value))

    with pytest.raises(StrategyBroken, match=f"^{re.escape(reason)}"):
        strategy("bold")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("thruthful", Unknown, "unknown strategy 'thruthful', did you mean 'truthful'?"),
        ("mine.py:Mien", Unknown, "unknown class of mine.py 'Mien', did you mean 'Mine'?"),
        ("mine.py:", Unknown, "unknown class of mine.py '', wanted one of Mine, Divides, "),
        ("mine.py:Mine(sahre=1)", Unknown, "unknown key of mine.py:Mine 'sahre', did you mean"),
        ("noise(nothing.py:Mine)", InputRefused, "nothing.py:Mine: no such file, wanted path"),
        ("nothing.json", InputRefused, "nothing.json: no such file, wanted bids in JSON"),
        ("shaded(share=x)", InputRefused, "strategy 'shaded(share=x)': share of shaded is 'x'"),
    ],
)
def test_a_wrong_text_is_refused(text, error, reason):
    with pytest.raises(error, match=f"^{re.escape(reason)}"):
        try_out(text)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mine.py:Divides", "raised ZeroDivisionError in bid, line 22: division by zero"),
        ("noise(mine.py:Divides)", "raised ZeroDivisionError in bid, line 22: division by"),
        ("mine.py:Deep", "raised TypeError in helper, line 10: unsupported operand"),
        ("mine.py:Learns", "raised KeyError in learn, line 30: 'two\\nlines'"),
        ("mine.py:Floats", "bid ndarray of (2, 1, 13), wanted int64 of (2, 1, 13)"),
        ("mine.py:Narrow", "bid ndarray of (2, 1, 2), wanted int64 of (2, 1, 13)"),
        ("mine.py:Below", "bid -5 to "),
        (
            "mine.py:Twice",
            "bid the ranks [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], wanted 1 to 13",
        ),
        ("mine.py:Silent", "raised NotImplementedError"),
        ("mine.py:Needy", "raised TypeError: "),
        ("mine.py:made", "is a Mine, wanted a class"),
        ("syntax.py:Mine", "raised SyntaxError: "),
        ("leaves.py:Mine", "raised SystemExit in <module>, line 1: 3"),
        ("fails.py:Mine", "raised ModuleNotFoundError in <module>, line 2: No module named"),
    ],
)
def test_what_does_not_work_is_told_with_the_reason_in_a_line(text, reason):
    with pytest.raises(StrategyBroken) as broken:
        try_out(text)

    assert broken.value.text in text
    assert broken.value.reason.startswith(reason)
    assert "\n" not in str(broken.value)


@pytest.mark.usefixtures("folder")
def test_a_class_that_is_no_strategy_is_refused():
    with pytest.raises(
        ExperimentError, match=r"mine.py:Other makes a Other, wanted a Strategy"
    ):
        try_out("mine.py:Other")


def test_a_tournament_goes_on_without_what_does_not_work_and_says_so(folder):
    scenario = write_scenario(folder)
    more = ("mine.py:Mine", "noise(mine.py:Mine, size=0.1)", "mine.py:Divides", "syntax.py:X")
    asked = [part for text in more for part in ("--strategy", text)]

    answer = gridpact("tournament", scenario, *asked, "--out", "run", "--json")

    lines = answer.stderr.splitlines()
    assert [line.partition(": raised")[0] for line in lines if line.startswith("left out")] == [
        "left out: mine.py:Divides",
        "left out: syntax.py:X",
    ]
    json.loads(answer.stdout)
    names = set(pd.read_parquet(folder / "run/standings.parquet")["strategy"])
    assert names == {"truthful", "indifferent", *more[:2]}
    manifest = json.loads((folder / "run/manifest.json").read_text(encoding="utf-8"))
    assert [row["strategy"] for row in manifest["left_out"]] == [
        "mine.py:Divides",
        "syntax.py:X",
    ]
    assert manifest["left_out"][0]["reason"].startswith("raised ZeroDivisionError in bid, line")
    assert list(manifest["plugins_sha256"]) == ["mine.py"]


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_what_fails_in_play_is_left_out_and_the_rest_is_played_again(workers, folder):
    scenario = write_scenario(folder)
    arguments = "--strategy", "mine.py:Later", "--strategy", "mine.py:Mine", "--out", "run"

    answer = gridpact("tournament", scenario, *arguments, "--workers", workers)

    told = "left out: mine.py:Later: raised ValueError in bid, line "
    assert sum(line.startswith(told) for line in answer.stderr.splitlines()) == 1
    assert "three are too few" in answer.stderr
    standings = pd.read_parquet(folder / "run/standings.parquet")
    assert set(standings["strategy"]) == {"truthful", "indifferent", "mine.py:Mine"}
    manifest = json.loads((folder / "run/manifest.json").read_text(encoding="utf-8"))
    assert [row["strategy"] for row in manifest["left_out"]] == ["mine.py:Later"]
    windows = pd.read_parquet(folder / "run/windows.parquet")
    assert len(windows) == 9 * 2, "every profile once"


@pytest.mark.parametrize("text", ["mine.py:Divides", "mine.py:Later"])
def test_a_tournament_of_nobody_is_refused(text, folder):
    scenario = write_scenario(folder)

    answer = gridpact("tournament", scenario, "--strategies", text, "--out", "run", exit_code=2)

    left_out, refused = answer.stderr.splitlines()[-2:]
    assert left_out.startswith(f"left out: {text}: raised ")
    assert refused.startswith(f"gridpact: {scenario}: no strategy is left to play ({text}: rai")
    assert not (folder / "run").exists()


def test_a_mistake_of_ours_is_not_blamed_on_users():
    failed = StrategyFailed(Shaded(), 0, "is broken")

    with pytest.raises(StrategyFailed):
        trial.blamed(failed, ["shaded", "noise(shaded)"])


def test_files_are_looked_for_beside_the_scenario(folder, monkeypatch, tmp_path_factory):
    scenario = write_scenario(folder)
    text = scenario.read_text(encoding="utf-8")
    listed = 'play.strategies = ["truthful", "tremble(mine.py:Mine, chance=0.5)"]'
    scenario.write_text(re.sub("play.strategies.*", listed, text), encoding="utf-8")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    gridpact("tournament", scenario, "--out", "run")

    names = set(pd.read_parquet("run/standings.parquet")["strategy"])
    assert names == {"truthful", f"tremble({folder}/mine.py:Mine, chance=0.5)"}


@pytest.mark.parametrize(
    ("seat", "reason"),
    [
        ("mine.py:Divides", "mine.py:Divides: raised ZeroDivisionError in bid, line 22: "),
        ("mine.py:Learns", "mine.py:Learns: raised KeyError in learn, line 30: "),
        ("syntax.py:X", "syntax.py:X: raised SyntaxError: "),
        ("mine.py:Mien", "play.seats[0] is 'mine.py:Mien': unknown class of mine.py 'Mien', "),
        ("nothing.py:X", "play.seats[0] is 'nothing.py:X': no such file, "),
        ("noise(shadd)", "play.seats[0] is 'noise(shadd)': unknown strategy 'shadd', did you"),
        (
            "shaded(share=x)",
            "play.seats[0] is 'shaded(share=x)': share of shaded is 'x', wanted",
        ),
    ],
)
def test_a_simulation_with_a_seat_that_does_not_work_is_refused_in_a_line(seat, reason, folder):
    scenario = write_scenario(folder)
    seats = "--seats", f"{seat},truthful"

    answer = gridpact("simulate", scenario, *seats, "--out", "run", exit_code=2)

    said = [line for line in answer.stderr.splitlines() if line.startswith("gridpact: ")]
    assert len(said) == 1
    assert reason in said[0]
    assert not (folder / "run").exists()


def test_a_seat_that_fails_in_the_middle_of_a_simulation_is_told(folder):
    scenario = write_scenario(folder)
    late = MINE.replace("knowledge.setting.options == 3", "knowledge.setting.day == 2")
    (folder / "mine.py").write_text(late, encoding="utf-8")

    arguments = "--seats", "mine.py:Later,truthful", "--out", "run"
    answer = gridpact("simulate", scenario, *arguments, exit_code=2)

    assert "gridpact: mine.py:Later: raised ValueError in bid, line " in answer.stderr
    assert not (folder / "run").exists()


def write_bids(folder, bids, **more):
    (folder / "bids.json").write_text(json.dumps({"bids": bids} | more), encoding="utf-8")


@pytest.mark.parametrize("horizon", [1, 2])
def test_a_person_may_hold_a_seat_with_bids_in_a_file(horizon, folder):
    scenario = write_scenario(folder)
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(f"{text}\nmarket.horizon = {horizon}\n", encoding="utf-8")
    bids = [[500, 200, 0], [7, 8, 9], [1, 2, 3]]
    write_bids(folder, bids)

    gridpact("simulate", scenario, "--seats", "bids.json,truthful", "--out", "run")

    table = pd.read_parquet(folder / "run/bids.parquet")
    own = table[table["party"] == "network-1"]["number"].to_numpy().reshape(2, 3)
    assert own.tolist() == bids[:2]
    payments = pd.read_parquet(folder / "run/payments.parquet")
    assert set(payments["strategy"]) == {"bids.json", "truthful"}
    manifest = json.loads((folder / "run/manifest.json").read_text(encoding="utf-8"))
    assert manifest["plugins_sha256"] == {"bids.json": file_sha256(folder / "bids.json")}


def test_a_person_may_rank(folder):
    scenario = write_scenario(folder)
    write_bids(folder, [[1, 2, 3], [3, 1, 2]])
    arguments = "--mechanism", "rps", "--seats", "bids.json,truthful", "--out", "run"

    gridpact("simulate", scenario, *arguments)

    table = pd.read_parquet(folder / "run/bids.parquet")
    assert table[table["party"] == "network-1"]["number"].tolist() == [1, 2, 3, 3, 1, 2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"bids": [[1, 2, 3]]}, "bids has length 1, wanted 2 windows"),
        ({"bids": []}, "bids has length 0, wanted 2 windows"),
        ({"bids": [[1, 2, 3], None]}, "bids[1] is null, wanted a bid for every window"),
        ({"bids": [[1, 2], [1, 2]]}, "bids[0] has length 2, wanted 3"),
        ({"bids": [[1, 2, -3], [0, 0, 0]]}, "bids[0][2] is -3, wanted 0 to 4294967295"),
        (
            {"bids": [[1, 2, 3]] * 2, "points_mw": [[-15.0, 0.0, 15.0], None]},
            "points_mw[0] is not null, wanted the middles",
        ),
        ({"offers": [[1, 2, 3]]}, "has the unknown key 'offers', wanted one of bids"),
    ],
)
def test_a_file_of_bids_that_does_not_fit_is_refused(content, reason, folder):
    scenario = write_scenario(folder)
    (folder / "bids.json").write_text(json.dumps(content), encoding="utf-8")
    arguments = "--seats", "bids.json,truthful", "--out", "run"

    answer = gridpact("simulate", scenario, *arguments, exit_code=2)

    assert f"gridpact: bids.json: {reason}" in answer.stderr
    assert not (folder / "run").exists()


def test_a_file_of_bids_is_for_seats_alone(folder):
    scenario = write_scenario(folder)
    write_bids(folder, [[1, 2, 3]] * 2)

    answer = gridpact("tournament", scenario, "--strategy", "bids.json", exit_code=2)

    assert "play.strategies[2] is 'bids.json', bids for one seat, wanted a st" in answer.stderr


def test_bids_in_a_file_end_where_it_ends(folder):
    write_bids(folder, np.shape(COSTS)[2] * [[1, 2, 3]])

    with pytest.raises(StrategyBroken, match="bids has length 3, wanted 4 windows"):
        try_out("bids.json", options=3, horizon=4)
