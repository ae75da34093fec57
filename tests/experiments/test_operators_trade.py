"""The ENCORE experiment: households as processes trade a day, and their trade drives a feeder.

Each has its own key and plans for itself; a meter is a fourth process. One of them is killed in
the middle of the day.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from agents.prosumers.community import WORKING_TICKS
from chain.accounts import account
from chain.follower import Follower
from chain.history import read_history
from chain.market_agreement import read_contract
from experiments.cli import OneLineErrors
from experiments.commands.deploy import deploy
from experiments.commands.operator import operator
from experiments.community.play import mixed, play_days
from experiments.community.world import world
from experiments.operator.feeder import driven
from experiments.scenario import read_scenario
from grid.feeder.flow import drawn_kw
from market.trading.local import LocalMarketplace
from market.trading.orders import Order
from tests.chain.anvil import anvil, eventually

ROOT = Path(__file__).parents[2]
SCENARIO = "three-households"
SEATS, METER, DEPLOYER = range(3), 3, 4
VICTIM = 1
PERIOD, HORIZON, SESSIONS = 80, 16, 3
"""A day of 48 half-hours in three sessions, each 80 seconds of chain time."""

app = typer.Typer(cls=OneLineErrors)
app.command()(deploy)
app.command()(operator)


def environment(index, url):
    return {"GRIDPACT_KEY": account(index).key.hex(), "GRIDPACT_RPC_URL": url}


@dataclass
class Processes:
    """Households and their meter as a shell would start them."""

    url: str
    contract: str
    folder: Path

    def start(self, index, *options):
        """Start the process of an account, with its key in its environment."""
        command = [sys.executable, "-m", "experiments", "operator", self.contract]
        variables = os.environ | environment(index, self.url) | {"PYTHONPATH": str(ROOT)}
        meter = "--readings", str(self.folder / "meters.jsonl")
        with (self.folder / f"{index}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, *meter, *options],
                env=variables,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def household(self, seat):
        return self.start(seat, "--scenario", SCENARIO, "--keep")

    def log(self, index):
        return (self.folder / f"{index}.log").read_text(encoding="utf-8")


@pytest.fixture
def market(tmp_path):
    """Deploy a community's contract on a chain whose clock the test sets."""
    with anvil("--block-time", "1", accounts=5) as chain:
        node = chain.node(accounts=5, moves_time=True)
        who = [f"--party={account(seat).address}" for seat in SEATS]
        times = f"--horizon={HORIZON}", f"--period={PERIOD}"
        answer = CliRunner().invoke(
            app,
            ["deploy", SCENARIO, *who, f"--meter={account(METER).address}", *times, "--json"],
            env=environment(DEPLOYER, chain.url),
        )
        assert answer.exit_code == 0, answer.output
        agreed = read_contract(node, json.loads(answer.stdout)["contract"])
        yield node, agreed, Processes(chain.url, agreed.address, tmp_path)


def simulated():
    """Return the day as the simulator plays it, with nothing of the processes."""
    scenario = read_scenario(SCENARIO)
    seen = world(scenario)
    names = mixed(seen, scenario.community.mix, 1, scenario.seed)
    rule = scenario.community.rules[0]
    return seen, next(play_days(seen, rule, names, np.zeros(1, np.int64), scenario.seed))


def in_memory(terms, day):
    """Hold the same sessions in memory; return what is free at the end."""
    venue = LocalMarketplace(terms)
    for seat in SEATS:
        venue.deposit(seat, WORKING_TICKS)
    both = np.stack([day.placed.orders.quantity_wh[0], day.placed.orders.limit[0]], -1)
    for session in range(SESSIONS):
        part = slice(session * HORIZON, (session + 1) * HORIZON)
        for seat in SEATS:
            venue.submit(session, seat, [Order(*row) for row in both[seat, part].tolist()])
        venue.clear(session)
        venue.report(session, day.metered_wh[0, :, part].T.tolist())
    return venue.free


def trade(node, agreed, processes, running):
    """Have the processes trade the day, one of which is killed between planning and sending."""
    follower = Follower(node, agreed)

    def held(session):
        return follower.look()[0].held(session)

    def settled(session):
        standing, _ = follower.look()
        return standing.decided > session and session not in standing.unsettled()

    eventually(lambda: held(0).outcome, seconds=100)
    node.wait_until(agreed.opening + PERIOD)
    eventually(lambda: "session 1: plan" in processes.log(VICTIM), seconds=60)
    running[VICTIM].kill()
    assert running[VICTIM].wait() == -signal.SIGKILL
    running[VICTIM] = processes.household(VICTIM)
    eventually(lambda: held(1).outcome, seconds=100)
    node.wait_until(agreed.opening + 2 * PERIOD)
    eventually(lambda: held(2).outcome and settled(0), seconds=60)
    for session in (1, 2):
        node.wait_until(agreed.opening + (session + 2) * PERIOD)
        eventually(lambda done=session: settled(done), seconds=60)
    for index, process in running.items():
        assert process.wait(timeout=60) == 0, processes.log(index)
    return follower.look()[0].free


@pytest.mark.slow
def test_three_households_trade_a_day_and_their_trade_drives_the_feeder(market):
    node, agreed, processes = market
    running = {seat: processes.household(seat) for seat in SEATS}
    running[METER] = processes.start(METER, "--meter", "--until-session", str(SESSIONS))
    seen, day = simulated()

    free = trade(node, agreed, processes, running)

    # Nobody did anything twice, and money is where it is in memory, to the tick.
    assert free == in_memory(agreed.terms, day)
    assert sum(free) == len(SEATS) * WORKING_TICKS
    assert node.balance(agreed.address) == sum(free) * agreed.tick_wei
    assert processes.log(VICTIM).count("session 1: plan") == 1
    assert processes.log(METER).count("report: done") == SESSIONS

    # What is on the chain is what the simulator says.
    history = read_history(node, agreed)
    assert np.array_equal(history.traded_wh, day.cleared.traded_wh[0])
    assert np.array_equal(history.payments, day.cleared.payments[0])
    assert np.array_equal(history.price, day.cleared.price[0])
    assert history.metered.all()
    assert np.array_equal(history.metered_wh, day.metered_wh[0])
    assert np.abs(history.traded_wh).sum() > 0

    # It drives an AC power flow, which balances, and is another than without trade.
    found = driven(seen, history)
    assert found.days == 1
    assert found.flows.converged.all()
    power = drawn_kw(history.metered_wh, seen.homes.point, len(seen.feeder.points))
    balance = found.flows.head_kw[0] - power.sum(-1) - found.flows.losses_kw[0]
    assert np.abs(balance).max() < 1e-6
    assert found.exchange_kwh == pytest.approx(found.metered_kwh + found.losses_kwh, abs=1e-6)
    assert found.losses_kwh > 0
    assert found.changed.any()

    # What is free goes out.
    for seat in SEATS:
        options = "--scenario", SCENARIO, "--journal", str(processes.folder / f"{seat}.jsonl")
        variables = environment(seat, processes.url)
        answer = CliRunner().invoke(
            app, ["operator", processes.contract, *options], env=variables
        )
        assert answer.exit_code == 0, answer.output
    assert node.balance(agreed.address) == 0
