"""What the commands refuse, and how an operator ends."""

import json
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from chain.accounts import account
from chain.agreement import read_agreement
from chain.deploy import deployment
from chain.follower import Follower
from experiments.cli import OneLineErrors
from experiments.commands.deploy import deploy
from experiments.commands.operator import operator
from experiments.errors import InputRefused
from experiments.operator.bids import read_bids, strategy_bids
from market.bids import Bid
from market.terms import Terms
from tests.chain.anvil import anvil, eventually

OPTIONS = ((-5000, -1000), (0, 0), (1000, 5000))
TERMS = Terms(parties=2, options=OPTIONS, default=1, bond=7, period=100, revealing=50)

app = typer.Typer(cls=OneLineErrors)
app.command()(operator)
app.command()(deploy)


@pytest.fixture(scope="module")
def chain():
    """Start a node that mines at once."""
    with anvil() as running:
        yield running


@pytest.fixture
def contract(chain):
    parties = [account(0).address, account(1).address]
    agreed = deployment(TERMS, parties, account(2).address)
    return chain.node().deploy(3, agreed).contract


@pytest.fixture
def bids(tmp_path):
    path = tmp_path / "bids.json"
    path.write_text(json.dumps({"bids": [[9, 0, 4]]}), encoding="utf-8")
    return path


def key_of(index):
    return {"GRIDPACT_KEY": account(index).key.hex()}


def run(chain, *arguments, index=0, **environment):
    variables = key_of(index) | {"GRIDPACT_RPC_URL": chain.url} | environment
    return CliRunner().invoke(app, [*map(str, arguments)], env=variables)


def refused(answer):
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    return answer.stderr


def test_once_does_what_can_be_done_now_and_ends(chain, contract, bids, tmp_path):
    journal = tmp_path / "journal"
    options = "operator", contract, "--bids", bids, "--journal", journal, "--deposit", 50

    for _ in range(2):
        answer = run(chain, *options, "--once")
        assert answer.exit_code == 0, answer.output

    node = chain.node()
    standing, _ = Follower(node, read_agreement(node, contract)).look()
    assert standing.deposited == {0: 50}
    assert standing.free == (50 - 9 - 7, 0)
    assert list(standing.held(0).sent) == [0]


def test_an_outsider_is_told_so(chain, contract, bids, tmp_path):
    journal = tmp_path / "journal"
    line = refused(run(chain, "operator", contract, "--bids", bids, index=3))
    assert line == f"gridpact: {account(3).address} has no seat\n"

    line = refused(run(chain, "operator", contract, "--meter", "--journal", journal, index=3))
    assert line == f"gridpact: {account(3).address} is not the registered meter\n"


def test_bids_come_from_one_place(chain, contract, bids):
    assert "one of --bids and --scenario" in refused(run(chain, "operator", contract))
    both = "--bids", bids, "--scenario", "anglesey"
    assert "one of --bids and --scenario" in refused(run(chain, "operator", contract, *both))


def test_a_key_an_address_or_a_node_that_is_none_is_one_line(chain, contract, bids):
    options = "operator", contract, "--bids", bids
    assert "GRIDPACT_KEY holds no" in refused(run(chain, *options, GRIDPACT_KEY="7"))
    nobody = account(9).address
    assert "holds no contract" in refused(run(chain, "operator", nobody, "--bids", bids))
    assert "'0x12' is no address" in refused(run(chain, "operator", "0x12", "--bids", bids))
    assert "no answer from the node" in refused(run(chain, *options, GRIDPACT_RPC_URL="x"))


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"bids": [[1, 2]]}, "bids[0] has length 2, wanted 3"),
        ({"bids": [None, [1, -2, 3]]}, "bids[1][1] is -2"),
        ({"bids": [[1, 2, 3]], "points_mw": [[0, 0, 9]]}, "points_mw[0][0] is 0"),
        ({"bids": [[1, 2, 3]], "points_mw": []}, "points_mw has length 0, wanted 1"),
        ({"offers": []}, "unknown key 'offers'"),
    ],
)
def test_bids_that_cannot_be_read_are_named_by_their_place(tmp_path, content, place):
    path = tmp_path / "bids.json"
    path.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(InputRefused) as wrong:
        read_bids(path, TERMS, 0)

    assert place in str(wrong.value)


def test_bids_are_read_with_their_points_and_their_gaps(tmp_path):
    path = tmp_path / "bids.json"
    content = {"bids": [[1, 2, 3], None], "points_mw": [[-4.5, 0, 2], None], "name": "a"}
    path.write_text(json.dumps(content), encoding="utf-8")

    assert read_bids(path, TERMS, 0) == (Bid((1, 2, 3), (-4500, 0, 2000)), None)


def test_ranks_are_checked_too(tmp_path):
    path = tmp_path / "bids.json"
    path.write_text(json.dumps({"bids": [[1, 2, 2]]}), encoding="utf-8")

    with pytest.raises(InputRefused, match=r"bids\[0\]: seat 1 ranks option 2 as 2"):
        read_bids(path, replace(TERMS, mechanism="rps"), 1)


def test_a_strategy_bids_on_every_window_of_a_scenario():
    from experiments.scenario import read_scenario
    from experiments.wiring import study

    seen = study(read_scenario("anglesey"))
    terms = Terms(parties=2, options=seen.options, revealing=300)

    bids = strategy_bids("anglesey", "truthful", terms, 1)

    assert len(bids) == 7 * 48
    cost_gbp = seen.costs_gbp(("N", "N"), 0)[1, 0]
    wanted = [round(value * 100) for value in (cost_gbp.max() - cost_gbp).tolist()]
    assert bids[0].numbers == tuple(wanted)
    second = seen.costs_gbp(("N", "N"), 1)[1, 0]
    assert bids[48].numbers == tuple(
        round(value * 100) for value in (second.max() - second).tolist()
    )
    with pytest.raises(InputRefused, match="wanted 2 parties and the options of the contract"):
        strategy_bids("anglesey", "truthful", TERMS, 1)


def test_a_scenario_is_deployed_and_its_terms_can_be_read_back(chain):
    who = [account(index).address.lower() for index in range(3)]
    parties = "--party", who[0], "--party", who[1], "--meter", who[2]

    answer = run(
        chain, "deploy", "anglesey", *parties, "--horizon", 48, "--period", 86400, "--json"
    )

    assert answer.exit_code == 0, answer.output
    agreed = read_agreement(chain.node(), json.loads(answer.stdout)["contract"])
    assert agreed.terms.horizon == 48
    assert agreed.terms.sealed
    assert agreed.parties == (account(0).address, account(1).address)


def test_a_deployment_that_cannot_be_is_one_line(chain):
    who = account(0).address
    one = "--party", who, "--meter", who
    assert "has 2 parties, and --party names 1" in refused(
        run(chain, "deploy", "anglesey", *one)
    )
    two = "--party", who, *one, "--horizon", 65
    assert "horizon is 65" in refused(run(chain, "deploy", "anglesey", *two))


@pytest.mark.slow
def test_ctrl_c_ends_with_130_and_the_next_life_goes_on(chain, contract, bids, tmp_path):
    command = [sys.executable, "-m", "experiments", "operator", contract, "--bids", str(bids)]
    options = ["--deposit", "50", "--journal", str(tmp_path / "journal")]
    environment = key_of(0) | {"GRIDPACT_RPC_URL": chain.url, "PYTHONPATH": ":".join(sys.path)}
    process = subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE)
    node = chain.node()
    follower = Follower(node, read_agreement(node, contract))
    eventually(lambda: follower.look()[0].held(0).sent, seconds=40)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=20) == 130
    assert run(chain, *command[3:], *options, "--once").exit_code == 0
    assert follower.look()[0].deposited == {0: 50}
