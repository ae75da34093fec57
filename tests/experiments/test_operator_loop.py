"""How an operator takes what goes wrong: it says so, waits, and goes on with the rest."""

import threading
from dataclasses import dataclass, replace

import pytest

from chain.accounts import account
from chain.agreement import read_agreement
from chain.deploy import deployment
from chain.follower import Follower
from chain.node import Node
from experiments.operator.duties import Action, Duty, MeterDuty, is_over, meter_steps
from experiments.operator.journal import Journal
from experiments.operator.meter import Meter
from experiments.operator.process import Operator, Party
from market.bids import Bid
from market.terms import Terms
from tests.chain.anvil import QUICK, anvil, eventually

OPTIONS = ((-5000, -1000), (0, 0), (1000, 5000))
TERMS = Terms(parties=2, options=OPTIONS, default=1, bond=7, period=100)


@pytest.fixture
def market(tmp_path):
    """Deploy a market of open bids on a chain that keeps its state."""
    with anvil("--state", str(tmp_path / "state")) as chain:
        parties = [account(0).address, account(1).address]
        node = chain.node(moves_time=True)
        address = node.deploy(3, deployment(TERMS, parties, account(2).address)).contract
        yield chain, node, read_agreement(node, address)


def own_node(chain, index, patience_s=60.0):
    return Node(chain.url, [account(index)], QUICK, patience_s=patience_s)


def party(agreed, seat, folder, offers=(9, 0, 4)):
    journal = Journal(folder / f"{seat}.jsonl")
    return Party(Duty(agreed, seat, until=1, deposit=50), (Bid(offers),), journal)


def test_parties_and_a_meter_end_with_their_money_back(market, tmp_path):
    chain, node, agreed = market
    said = []
    roles = [party(agreed, 0, tmp_path), party(agreed, 1, tmp_path, offers=(0, 4, 9))]
    roles.append(Meter(MeterDuty(agreed, until=1), meter_steps))
    operators = [
        Operator(role, own_node(chain, index), said.append, lambda: False)
        for index, role in enumerate(roles)
    ]

    for operator in operators[:2]:
        operator.run(once=True)
    operators[0].run(once=True)
    node.wait_until(agreed.opening + TERMS.reveals_close(0) + TERMS.period)
    operators[2].run()
    for operator in operators[:2]:
        operator.run()

    stages = [line.split(": ")[-2] for line in said]
    assert stages == [
        *("deposit", "plan", "submit"),
        *("deposit", "plan", "submit", "decide"),
        *("report", "withdraw", "withdraw"),
    ]
    assert node.balance(agreed.address) == 0
    with pytest.raises(ValueError, match="a meter does not plan"):
        operators[2].role.prepare(Action("plan", 0))


def test_a_node_that_is_away_is_waited_for_as_long_as_it_takes(market, tmp_path):
    chain, node, agreed = market
    said, stop = [], threading.Event()
    operator = Operator(
        party(agreed, 0, tmp_path), own_node(chain, 0, 0.2), said.append, stop.is_set
    )
    follower = Follower(node, agreed)
    running = threading.Thread(target=operator.run)
    running.start()
    eventually(lambda: 0 in follower.look()[0].held(0).sent)

    chain.stop()
    eventually(lambda: any(line.startswith("cannot look: no answer") for line in said))
    chain.start()
    node.wait_until(agreed.opening + TERMS.bids_close(0))

    eventually(lambda: follower.look()[0].decided == 1)
    stop.set()
    running.join(timeout=10)
    assert not running.is_alive()


@dataclass(frozen=True)
class Stubborn:
    """A role with something to do that never works, and something that does."""

    agreement: object

    def due(self, standing, now):
        yield Action("withdraw", None, (0, 10**6))
        if not standing.deposited:
            yield Action("deposit", None, (0,), ticks=5)

    def ended(self, standing):
        return bool(standing.deposited)

    def prepare(self, action):
        raise AssertionError


def test_what_fails_is_set_aside_and_keeps_nothing_else_from_being_done(market):
    chain, _, agreed = market
    said = []

    Operator(Stubborn(agreed), own_node(chain, 0), said.append, lambda: False).run()

    assert said[0] == (
        "withdraw: not done, seat 0 has 0 ticks free, and asked for 1000000; "
        "again in 1 s if still due"
    )
    assert said[1].startswith("deposit: done in block")


def test_an_older_view_of_the_chain_is_not_acted_on(market, tmp_path):
    chain, node, agreed = market
    said = []
    operator = Operator(party(agreed, 0, tmp_path), own_node(chain, 0), said.append, list)
    operator._acted = node.head + 1

    operator.run(once=True)

    assert operator._acted >= node.head - 1
    assert said[0].startswith("deposit: done")
    assert not is_over(None, Follower(node, agreed).look()[0])


def test_a_meter_with_readings_reports_what_they_say_and_waits_for_them(market, tmp_path):
    chain, node, agreed = market
    readings = tmp_path / "readings.jsonl"
    readings.write_text("")
    for seat, offers in enumerate([(9, 0, 4), (0, 4, 9)]):
        role = party(agreed, seat, tmp_path, offers)
        role = replace(role, duty=replace(role.duty, keeps=True))
        Operator(role, own_node(chain, seat), print, lambda: False).run(once=True)
    Operator(role, own_node(chain, 1), print, lambda: False).run(once=True)
    node.wait_until(agreed.opening + TERMS.reveals_close(0) + TERMS.period)
    meter = Meter(MeterDuty(agreed, until=1, readings=readings), meter_steps)
    said = []

    Operator(meter, own_node(chain, 2), said.append, lambda: False).run(once=True)
    assert said == [], "there is no reading yet"
    readings.write_text('{"window": 0, "flow_mw": 0, "blocked": [0]}\n')
    Operator(meter, own_node(chain, 2), said.append, lambda: False).run()

    assert len(said) == 1
    free = agreed.interface.answer(
        "freeDeposits", node.view(agreed.address, agreed.interface.call("freeDeposits"))
    )
    paid = 9 - 4  # at the last option, by seat 1; the bond, by seat 0
    assert list(free[0]) == [50 + paid - TERMS.bond, 50 - paid + TERMS.bond]
