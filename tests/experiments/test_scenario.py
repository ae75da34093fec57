"""Scenarios: every key known, every value checked, before anything is computed."""

import pytest
from typer.testing import CliRunner

from agents.strategies import STRATEGIES
from experiments.cli import app
from experiments.errors import ScenarioRefused
from experiments.scenario import Scenario, read_scenario
from experiments.wiring import study


def refusal(text: str, folder) -> str:
    """Return why a scenario is refused, by reading it or by what starts a study of it."""
    path = folder / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioRefused) as caught:
        study(read_scenario(str(path)))
    assert caught.value.source == str(path)
    return caught.value.reason


def test_the_shipped_scenario_is_the_default_but_for_days_venue_and_strategies():
    shipped, default = read_scenario("anglesey"), Scenario()

    assert (shipped.grid.days, shipped.chain.venue) == (7, "local")
    assert set(shipped.play.strategies) > set(default.play.strategies) - {"random"}
    alike = shipped.with_changes("grid", days=default.grid.days)
    alike = alike.with_changes("chain", venue=default.chain.venue)
    assert alike.with_changes("play", strategies=default.play.strategies) == default


def test_the_shipped_strategies_need_no_sealed_bids_and_are_each_listed_once():
    listed = read_scenario("anglesey").play.strategies

    assert len(set(listed)) == len(listed) == 22
    assert set(listed) <= set(STRATEGIES)
    assert all(STRATEGIES[name]().conduct.reveals for name in listed)


def test_lists_become_tuples_and_whole_numbers_floats(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'grid.pairs = [["N", "D"]]\nmarket.tick_gbp = 1\ngrid.scenarios.W = [1, 0.5]',
        encoding="utf-8",
    )

    read = read_scenario(str(path))

    assert read.grid.pairs == (("N", "D"),)
    assert type(read.market.tick_gbp) is float
    assert read.grid.scenarios == {"W": (1.0, 0.5)}
    assert read.folder == tmp_path


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sed = 1", "unknown key 'sed', did you mean 'seed'?"),
        ("market.mechanism = 3", "unknown key 'market.mechanism', did you mean 'mechanisms'?"),
        ("folder = 'x'", "unknown key 'folder', wanted one of name, seed, grid"),
        ("seed = 1.5", "seed is 1.5, wanted a whole number"),
        ("seed = true", "seed is True, wanted a whole number"),
        ("seed = -1", "seed is -1, wanted 0 or more"),
        (f"seed = {2**63}", f"seed is {2**63}, wanted a whole number"),
        ("name = 3", "name is 3, wanted a text"),
        ("name = ''", "name is '', wanted a name that a folder can have"),
        ("name = '../x'", "name is '../x', wanted a name that a folder can have"),
        ("name.x = 3", "name is {'x': 3}, wanted a text"),
        ("grid = 3", "grid is 3, wanted a table"),
        ("schema = 2", "schema: this version reads schema 1"),
        ("grid.days = 0", "grid.days is 0, wanted 1 or more"),
        ("grid.options = 12", "grid.options is 12, wanted an odd number from 3 to 255"),
        ("grid.options = 257", "grid.options is 257, wanted an odd number from 3 to 255"),
        ("grid.case = 'angelsey'", "grid.case is 'angelsey', did you mean 'anglesey'?"),
        ("grid.pairs = [['N', 'X']]", "grid.pairs[0][1] is 'X', wanted one of N, D, G"),
        ("grid.pairs = [['N']]", "grid.pairs[0] has length 1, wanted 2: one for each of"),
        ("grid.pairs = []", "grid.pairs is [], wanted one or more, each once"),
        ("grid.pairs = ['N']", "grid.pairs[0] is 'N', wanted a list"),
        ("grid.scenarios.W = [1]", "grid.scenarios.W is [1.0], wanted [factor"),
        ("grid.scenarios.W = [1, -1]", "grid.scenarios.W is [1.0, -1.0], wanted [factor on"),
        ("grid.scenarios.W = 3", "grid.scenarios.W is 3, wanted a list"),
        ("market.horizon = 0", "market.horizon is 0, wanted 1 to 64 windows"),
        ("market.horizon = 65", "market.horizon is 65, wanted 1 to 64 windows"),
        ("market.horizon = 1.5", "market.horizon is 1.5, wanted a whole number"),
        ("market.sealed = 1", "market.sealed is 1, wanted true or false"),
        ("market.mechanisms = ['rps-random']", "market.sealed is false, wanted true for rps-r"),
        ("market.tick_gbp = 0", "market.tick_gbp is 0.0, wanted more than 0"),
        ("market.tick_gbp = nan", "market.tick_gbp is nan, wanted a number"),
        ("market.deposit_gbp = inf", "market.deposit_gbp is inf, wanted a number"),
        ("market.deposit_gbp = -1", "market.deposit_gbp is -1.0, wanted 0 to 1e+15 ticks"),
        ("market.bond_gbp = 1e14", "market.bond_gbp is 100000000000000.0, wanted 0 to 1e+15"),
        ("market.mechanisms = ['hoc']", "market.mechanisms[0] is 'hoc', did you mean 'hco'?"),
        ("market.mechanisms = []", "market.mechanisms is [], wanted one or more, each once"),
        ("market.mechanisms = ['hco', 'hco']", "wanted one or more, each once"),
        ("market.payment = 'vcg'", "market.payment is 'vcg', wanted one of difference"),
        ("chain.venue = 'eth'", "chain.venue is 'eth', wanted one of local, revm, eth-tester"),
        ("chain.gas_price_gwei = -1", "chain.gas_price_gwei is -1.0, wanted 0 or more"),
        ("chain.ether_price_gbp = -1", "chain.ether_price_gbp is -1.0, wanted 0 or more"),
        ("play.seats = ['truthful']", "play.seats has length 1, wanted 2: one for each"),
        ("play.seats = ['liar', 'x']", "play.seats[0] is 'liar', wanted one of truthful"),
        ("play.strategies = ['shadd']", "play.strategies[0] is 'shadd', did you mean"),
        ("play.pair = ['N']", "play.pair has length 1, wanted 2"),
        ("play.pair = ['N', 'H']", "play.pair[1] is 'H', wanted one of N, D, G"),
        ("grid.costs = 'c.csv'", "grid.costs: no file "),
        ("grid.case = 'own'", "grid.networks has length 0, wanted two or more files"),
        (
            "grid.case = 'own'\ngrid.networks = ['a', 'b']",
            "grid.profiles is empty, wanted a file for case 'own'",
        ),
        (
            "grid.case = 'own'\ngrid.networks = ['a', 'b']\ngrid.profiles = 'p'",
            "grid.terminals has length 0, wanted 2: one for each of a, b",
        ),
        (
            "grid.case = 'own'\ngrid.networks = ['a', 'b']\ngrid.profiles = 'p'\n"
            "grid.terminals = ['x', 'y']\ngrid.shares = [0]",
            "grid.shares has length 1, wanted 2: one for each of a, b",
        ),
        (
            "grid.case = 'own'\ngrid.networks = ['a', 'b']\ngrid.profiles = 'p'\n"
            "grid.terminals = ['x', 'y']",
            "grid.networks: no file ",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused_by_its_key(text, reason, tmp_path):
    assert reason in refusal(text, tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("angelsey", "angelsey: no such file, did you mean 'anglesey'?"),
        (
            "none.toml",
            "none.toml: no such file, wanted one of anglesey, anglesey-with-communities, "
            "community, three-households",
        ),
        (".", ".: cannot be read: Is a directory"),
    ],
)
def test_a_scenario_that_is_not_there_is_one_line(name, reason):
    answer = CliRunner().invoke(app, ["simulate", name])

    assert answer.exit_code == 2
    assert answer.stderr == f"gridpact: {reason}\n"


def test_text_that_is_no_toml_is_one_line(tmp_path):
    path = tmp_path / "s.toml"
    for content, reason in [(b"a = [", "is not TOML: "), (b"\xff", "is not TOML: ")]:
        path.write_bytes(content)
        answer = CliRunner().invoke(app, ["simulate", str(path)])

        assert answer.exit_code == 2
        assert answer.stderr.startswith(f"gridpact: {path}: {reason}")
        assert answer.stderr.count("\n") == 1


def test_a_change_of_nothing_changes_nothing():
    scenario = Scenario()

    assert scenario.with_changes("chain", venue=None) == scenario
    assert scenario.with_changes("chain", venue="local").chain.venue == "local"
