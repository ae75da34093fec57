"""The private chain of the ENCORE report: each party its own process with its own key."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from chain.accounts import account
from chain.agreement import read_agreement
from chain.deploy import TICK_WEI, deployment
from chain.follower import Follower
from market.bids import Bid
from market.local import LocalVenue
from market.terms import Terms
from tests.chain.anvil import anvil, eventually

ROOT = Path(__file__).parents[2]
METER, DEPLOYER = 3, 4
VICTIM, ABSENT = 1, 2
DEPOSIT = 2_000
TERMS = Terms(
    parties=3,
    options=((-5000, -1000), (0, 0), (1000, 5000)),
    default=1,
    bond=7,
    horizon=16,
    period=60,
    revealing=45,
)
SESSIONS = 3
"""Of sixteen windows each: a day. In session 1 a party stays out, so it closes by the clock."""


def day_of_bids():
    """Return bids of each seat for each window, with ties and gaps."""
    rng = np.random.default_rng(0)
    shape = TERMS.parties, SESSIONS * TERMS.horizon, len(TERMS.options)
    bids = rng.integers(0, 10, shape).tolist()
    for seat, window in ((0, 3), (0, 20), (1, 20), (1, 40)):
        bids[seat][window] = None
    bids[ABSENT][16:32] = [None] * 16
    return bids


BIDS = day_of_bids()


@dataclass
class Processes:
    """Operators as a shell would start them."""

    url: str
    contract: str
    folder: Path

    def start(self, index: int, *options: str) -> subprocess.Popen[bytes]:
        """Start the process of an account, with its key in its environment."""
        command = [sys.executable, "-m", "experiments", "operator", self.contract]
        environment = os.environ | {
            "GRIDPACT_KEY": account(index).key.hex(),
            "GRIDPACT_RPC_URL": self.url,
            "PYTHONPATH": str(ROOT),
        }
        with (self.folder / f"{index}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, *options], env=environment, stdout=log, stderr=log, cwd=self.folder
            )

    def party(self, seat: int, *options: str) -> subprocess.Popen[bytes]:
        """Start a party on its file of bids."""
        file = self.folder / f"{seat}.json"
        file.write_text(json.dumps({"bids": BIDS[seat]}), encoding="utf-8")
        return self.start(seat, "--bids", str(file), "--deposit", str(DEPOSIT), *options)

    def log(self, index: int) -> str:
        """Return what a process said."""
        return (self.folder / f"{index}.log").read_text(encoding="utf-8")


def free_in_memory():
    """Hold the same sessions in memory; return what is free at the end."""
    venue = LocalVenue(TERMS)
    for seat in range(TERMS.parties):
        venue.deposit(seat, DEPOSIT)
    for session in range(SESSIONS):
        for seat, rows in enumerate(BIDS):
            part = rows[session * TERMS.horizon : (session + 1) * TERMS.horizon]
            if any(part):
                bids = [Bid(tuple(row)) if row else None for row in part]
                venue.submit(session, seat, bids, salt=bytes([seat]) * 32)
        venue.wait_until(TERMS.bids_close(session))
        for seat, rows in enumerate(BIDS):
            if any(rows[session * TERMS.horizon : (session + 1) * TERMS.horizon]):
                venue.reveal(session, seat)
        awards = venue.decide(session)
        venue.report(session, [award.set_point for award in awards])
    return venue.free


@pytest.fixture
def market(tmp_path):
    """Three parties and a meter as processes, on one chain whose clock the test sets."""
    with anvil("--block-time", "1", accounts=5) as chain:
        node = chain.node(accounts=5, moves_time=True)
        parties = [account(seat).address for seat in range(TERMS.parties)]
        contract = deployment(TERMS, parties, account(METER).address)
        address = str(node.deploy(DEPLOYER, contract).contract)
        follower = Follower(node, read_agreement(node, address))
        yield node, follower, Processes(chain.url, address, tmp_path)


@pytest.mark.slow
def test_an_operator_that_is_killed_goes_on_and_loses_nothing(market):
    node, follower, processes = market
    opening = node.now

    def held(session):
        return follower.look()[0].held(session)

    running = {seat: processes.party(seat, "--keep") for seat in range(TERMS.parties)}
    running[METER] = processes.start(METER, "--meter", "--until-session", str(SESSIONS))
    eventually(lambda: held(0).outcome, seconds=50)
    node.wait_until(opening + TERMS.bids_close(0))
    eventually(lambda: len(held(1).sent) == 2, seconds=40)
    running[VICTIM].kill()
    assert running[VICTIM].wait() == -signal.SIGKILL
    assert not held(1).revealed
    node.wait_until(opening + TERMS.bids_close(1))
    running[VICTIM] = processes.party(VICTIM, "--keep")
    eventually(lambda: held(1).outcome and held(2).outcome, seconds=50)
    for session in range(SESSIONS):
        node.wait_until(opening + TERMS.reveals_close(session) + TERMS.period)
        eventually(lambda done=session: done not in follower.look()[0].unsettled())
    for index, process in running.items():
        assert process.wait(timeout=30) == 0, processes.log(index)

    free = follower.look()[0].free
    assert free == free_in_memory()
    assert node.balance(processes.contract) == sum(free) * TICK_WEI
    assert processes.log(VICTIM).count("session 1: plan") == 1
    assert processes.log(VICTIM).count("session 1: reveal: done") == 1

    assert processes.log(METER).count("report: done") == SESSIONS

    before = [node.balance(account(seat).address) for seat in range(TERMS.parties)]
    for seat in range(TERMS.parties):
        assert processes.party(seat).wait(timeout=30) == 0, processes.log(seat)
    assert node.balance(processes.contract) == 0
    for seat, wei in enumerate(before):
        fees = wei + free[seat] * TICK_WEI - node.balance(account(seat).address)
        assert 0 < fees < 10**16
