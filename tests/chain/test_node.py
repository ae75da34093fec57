"""A real node, and what happens on real networks."""

import threading
import time

import pytest

from chain.accounts import account
from chain.agreement import mechanism_of, read_agreement
from chain.codec import Message
from chain.deploy import CONTRACT_OF, TICK_WEI, deployment
from chain.errors import (
    ContractUnknown,
    KeyRefused,
    NodeRefused,
    NodeUnreachable,
    TransactionStuck,
)
from chain.evm import Reverted
from chain.follower import Follower
from chain.node import Node
from chain.sender import Waits
from chain.venue import ContractVenue
from market import errors
from market.bids import Bid
from market.local import LocalVenue
from market.mechanisms import MECHANISMS
from market.terms import Terms
from tests.chain.anvil import QUICK, Anvil, anvil, eventually
from tests.draws import facts

OPTIONS = ((-5000, -1000), (0, 0), (1000, 5000))
SEALED = Terms(
    parties=2, options=OPTIONS, default=1, bond=7, horizon=2, period=100, revealing=50
)
RIVALS = ([(9, 0, 4), (2, 2, 2)], [(0, 4, 9), (3, 2, 1)])
NOTHING = Message("", (), b"")
PATIENT = Waits(stuck_s=1.0, lost_s=30.0)


@pytest.fixture(scope="module")
def chain():
    """Start a node that mines at once."""
    with anvil() as running:
        yield running


@pytest.fixture
def slow():
    """Start a node that mines only when it is told to."""
    with anvil("--no-mining") as running:
        yield running


def play(venue, sessions=2):
    """Hold sessions with a party that does not reveal, and one that blocks."""
    for seat in range(2):
        venue.deposit(seat, 1000)
    seen = []
    for session in range(sessions):
        for seat, rows in enumerate(RIVALS):
            if venue.terms.fee_cap:
                continue
            venue.submit(session, seat, [Bid(row) for row in rows], salt=bytes([seat]) * 32)
        venue.wait_until(venue.terms.bids_close(session))
        for seat in range(2 - session):
            venue.reveal(session, seat)
        venue.wait_until(venue.terms.reveals_close(session))
        awards = venue.decide(session)
        venue.report(session, [award.set_point for award in awards], [(), (session,)])
        seen.append((awards, venue.free, venue.authority))
    return seen


def in_background(call):
    """Start a call, and return a function that waits for what it returned or raised."""
    outcome = []

    def run():
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001  # shown by the test
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def result():
        thread.join(timeout=40)
        assert outcome, "it still waits"
        return outcome[0]

    return result


def transfer(node, wei=1):
    return node.send(0, account(3).address, NOTHING, wei)


def received(chain):
    return int(chain.ask("eth_getBalance", account(3).address, "latest"), 16) - 10**30


@pytest.mark.parametrize("terms", [SEALED, Terms(parties=2, options=OPTIONS, horizon=2)])
def test_a_day_on_a_node_is_a_day_in_memory_to_the_tick(chain, terms):
    venue = ContractVenue(terms, chain.node(moves_time=True))

    assert play(venue) == play(LocalVenue(terms))
    assert venue.balance_wei == sum(venue.free) * TICK_WEI


def test_the_meter_may_have_any_key(chain):
    keys = [account(index) for index in range(3)]
    node = Node(chain.url, keys, QUICK, moves_time=True)
    venue = ContractVenue(SEALED, node, meter=account(77))

    assert play(venue) == play(LocalVenue(SEALED))


def test_a_refusal_is_the_market_error_with_its_facts_before_anything_is_sent(chain):
    venue = ContractVenue(SEALED, chain.node())
    used = int(chain.ask("eth_getTransactionCount", account(0).address, "latest"), 16)

    with pytest.raises(errors.BalanceTooSmall) as refused:
        venue.withdraw(0, 5)

    assert facts(refused.value) == ("BalanceTooSmall", {"seat": 0, "free": 0, "wanted": 5})
    after = int(chain.ask("eth_getTransactionCount", account(0).address, "latest"), 16)
    assert used == after


def test_a_transaction_that_comes_too_late_raises_what_it_reverted_with(slow):
    node = slow.node(waits=PATIENT)
    parties = [account(0).address, account(1).address]
    contract = deployment(SEALED, parties, account(2).address)
    deploying = in_background(lambda: node.deploy(0, contract))
    eventually(slow.queued)
    slow.mine()
    agreed = read_agreement(node, deploying().contract)
    call = agreed.interface.call("commit", 0, 0, 0b11, bytes(8), bytes(32))
    deposit = agreed.interface.call("deposit", 0)
    paying = in_background(lambda: node.send(0, agreed.address, deposit, 100 * TICK_WEI))
    eventually(slow.queued)
    slow.mine()
    paying()

    committing = in_background(lambda: node.send(0, agreed.address, call))
    eventually(slow.queued)
    slow.ask("evm_setNextBlockTimestamp", agreed.opening + SEALED.bids_close(0))
    slow.mine()

    refused = committing()
    assert isinstance(refused, Reverted)
    assert agreed.interface.error(refused.data) == ("WindowClosed", (0,))


def test_a_receipt_that_a_reorganisation_takes_away_is_waited_for_again(slow):
    node = slow.node(waits=Waits(confirmations=3, stuck_s=1.0, lost_s=30.0))
    slow.mine(3)
    sending = in_background(lambda: transfer(node))
    eventually(slow.queued)
    slow.mine()
    first = node.head
    time.sleep(0.5)

    slow.ask("anvil_reorg", 1, [])
    assert received(slow) == 0
    eventually(slow.queued)
    slow.mine(4)

    receipt = sending()
    assert receipt.block == first + 1
    assert received(slow) == 1


def test_a_follower_forgets_what_a_reorganisation_undid(chain):
    node = chain.node()
    venue = ContractVenue(SEALED, node)
    follower = Follower(node, read_agreement(node, venue._address))
    before = chain.ask("evm_snapshot")
    venue.deposit(0, 5)
    assert follower.look()[0].deposited == {0: 5}

    chain.ask("evm_revert", before)

    assert follower.look()[0].deposited == {}


@pytest.mark.parametrize("deep", [0, 70])
def test_a_follower_reads_deep_blocks_once_and_still_notices_when_they_change(chain, deep):
    node = chain.node()
    venue = ContractVenue(SEALED, node)
    follower = Follower(node, read_agreement(node, venue._address))
    before = chain.ask("evm_snapshot")
    venue.deposit(0, 5)
    chain.mine(deep + 1)
    assert follower.look()[0].deposited == {0: 5}
    venue.deposit(1, 6)
    assert follower.look()[0].deposited == {0: 5, 1: 6}

    chain.ask("evm_revert", before)
    chain.mine(deep + 1)

    assert follower.look()[0].deposited == {}


def test_a_rising_base_fee_replaces_what_pays_too_little(slow):
    node = slow.node(waits=PATIENT)
    sending = in_background(lambda: transfer(node))
    eventually(slow.queued)
    slow.ask("anvil_setNextBlockBaseFeePerGas", hex(10**12))
    slow.mine()
    assert received(slow) == 0

    eventually(lambda: _mined(slow, 10**12), seconds=20)

    assert sending().gas == 21_000
    assert received(slow) == 1


def _mined(chain, base):
    chain.ask("anvil_setNextBlockBaseFeePerGas", hex(base))
    chain.mine()
    return received(chain)


def test_a_dear_session_goes_to_the_default(chain):
    terms = Terms(
        parties=2, options=OPTIONS, default=1, period=100, revealing=50, fee_cap=2 * 10**9
    )
    venue = ContractVenue(terms, chain.node(moves_time=True))
    venue.deposit(0, 100)
    chain.ask("anvil_setNextBlockBaseFeePerGas", hex(3 * 10**9))

    venue.open(0)

    with pytest.raises(errors.FeeTooHigh) as refused:
        venue.submit(0, 0, [Bid((1, 0, 0))])
    assert refused.value.cap == 2 * 10**9
    assert refused.value.fee > 2 * 10**9
    (award,) = venue.decide(0)
    assert (award.option, award.set_point, award.participants) == (1, 0, ())
    chain.ask("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    venue.open(1)
    venue.submit(1, 0, [Bid((1, 0, 0))])


def test_what_the_node_drops_is_sent_again(slow):
    node = slow.node(waits=PATIENT)
    sending = in_background(lambda: transfer(node))
    eventually(slow.queued)

    slow.ask("anvil_dropAllTransactions")
    eventually(slow.queued)
    slow.mine()

    assert sending().gas == 21_000
    assert received(slow) == 1


def test_what_lies_still_is_replaced_and_done_once(slow):
    node = slow.node(waits=PATIENT)
    sending = in_background(lambda: transfer(node))
    eventually(slow.queued)
    first = _only(slow)

    eventually(lambda: _only(slow)["hash"] != first["hash"])
    assert int(_only(slow)["maxFeePerGas"], 16) > int(first["maxFeePerGas"], 16)
    slow.mine(2)

    assert sending().transaction != first["hash"]
    assert received(slow) == 1


def _only(chain):
    (transaction,) = chain.queued().values()
    return transaction


def test_a_transaction_that_is_sent_twice_is_known_and_done_once(slow):
    node = slow.node(waits=PATIENT)
    raw, name = node._senders[0]._sign(
        {"to": account(3).address, "data": b"", "value": 1, "gas": 21_000, "nonce": 0}
        | node._senders[0]._fees()
    )

    assert node._senders[0]._offer(raw) is False
    assert node._senders[0]._offer(raw) is False
    slow.mine()
    assert node._senders[0]._offer(raw) is False

    assert slow.ask("eth_getTransactionReceipt", name)["status"] == "0x1"
    assert received(slow) == 1


def test_a_nonce_that_another_transaction_took_is_replaced_by_the_next(slow):
    node, twin = slow.node(waits=PATIENT), slow.node(waits=PATIENT)
    slow.ask("anvil_setAutomine", False)
    sending = in_background(lambda: transfer(node))
    eventually(slow.queued)
    slow.ask("anvil_dropAllTransactions")
    fees = {"maxFeePerGas": 10**11, "maxPriorityFeePerGas": 10**10}
    call = {"to": account(3).address, "data": b"", "value": 10, "gas": 21_000, "nonce": 0}
    twin._senders[0]._offer(twin._senders[0]._sign(call | fees)[0])

    slow.mine()
    eventually(lambda: "1" in slow.queued(), seconds=20)
    slow.mine()

    assert sending().gas == 21_000
    assert received(slow) == 11


def test_a_gap_of_nonces_is_filled(slow):
    node = slow.node(waits=PATIENT)
    fees = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}
    call = {"to": account(3).address, "data": b"", "value": 0, "gas": 21_000, "nonce": 0}
    first, _ = node._senders[0]._sign(call | fees)
    node._senders[0]._offer(first)
    sending = in_background(lambda: transfer(node))
    eventually(lambda: len(slow.queued()) == 2)
    stranded = slow.queued()["0"]["hash"]

    slow.ask("anvil_dropTransaction", stranded)
    eventually(lambda: set(slow.queued()) == {"0", "1"}, seconds=20)
    slow.mine()

    assert sending().gas == 21_000
    assert received(slow) == 1


def test_own_transactions_of_an_earlier_life_are_waited_for(slow):
    node = slow.node(waits=PATIENT)
    in_background(lambda: transfer(node))
    eventually(slow.queued)

    waiting = in_background(lambda: node.wait_for_own(0))
    slow.mine()
    assert waiting() is None

    assert received(slow) == 1


def test_a_node_that_restarts_is_waited_for(tmp_path):
    state = ("--state", str(tmp_path / "state.json"))
    with anvil(*state) as running:
        venue = ContractVenue(SEALED, running.node(moves_time=True))
        venue.deposit(0, 5)
        running.stop()
        asking = in_background(lambda: venue.free)
        time.sleep(0.5)
        running.start()

        assert asking() == (5, 0)
        venue.deposit(0, 6)
        assert venue.free == (11, 0)


def test_a_node_that_stays_away_is_one_clear_line_without_its_url():
    with pytest.raises(NodeUnreachable, match=r"^no answer from the node at 127\.0\.0\.1:9: "):
        Node("http://me:secret@127.0.0.1:9/key", [], patience_s=0.3)


@pytest.mark.parametrize("url", ["nowhere", "ftp://x", ""])
def test_what_is_no_url_is_refused_at_once(url):
    began = time.monotonic()

    with pytest.raises(NodeUnreachable):
        Node(url, [], patience_s=30)

    assert time.monotonic() - began < 5


def test_a_transaction_that_is_never_mined_is_named(slow):
    node = slow.node(waits=Waits(stuck_s=0.5, lost_s=1.0))

    with pytest.raises(TransactionStuck) as stuck:
        transfer(node)

    assert stuck.value.seconds == 1.0
    assert stuck.value.transaction.startswith("0x")


def test_who_cannot_pay_is_told_so(chain):
    node = Node(chain.url, [account(88)], QUICK)

    with pytest.raises(NodeRefused, match=r"(?i)insufficient funds"):
        transfer(node)


def test_accounts_beyond_the_keys_are_refused(chain):
    with pytest.raises(KeyRefused, match="hold 4 accounts, wanted 6 or more"):
        chain.node().account(5)


def test_a_clock_that_may_not_be_moved_is_waited_for(chain):
    node = chain.node()
    soon = node.soon + 1

    node.wait_until(soon)

    assert node.soon >= soon


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_terms_are_read_from_the_contract_and_the_mechanism_from_its_code(chain, mechanism):
    terms = Terms(
        parties=3,
        options=OPTIONS,
        mechanism=mechanism,
        payment="equal-split" if mechanism == "hco" else "difference",
        default=2,
        bond=9,
        authority=1,
        horizon=48,
        period=1800,
        revealing=300,
        fee_cap=5,
    )
    node = chain.node()
    parties = [account(seat).address for seat in range(3)]
    address = node.deploy(3, deployment(terms, parties, account(9).address, 77)).contract

    agreed = read_agreement(node, address.lower())

    assert agreed.terms == terms
    assert agreed.parties == tuple(parties)
    assert (agreed.address, agreed.meter) == (address, account(9).address)
    assert (agreed.tick_wei, agreed.chain_id) == (77, 31337)
    assert agreed.seat_of(parties[2]) == 2
    with pytest.raises(errors.NotAParty):
        agreed.seat_of(account(9).address)
    with pytest.raises(errors.NotTheMeter):
        agreed.check_meter(parties[0])


def test_what_is_no_contract_of_ours_is_refused(chain):
    with pytest.raises(ContractUnknown, match="holds no contract on this chain"):
        read_agreement(chain.node(), account(9).address)
    with pytest.raises(ContractUnknown, match="say which mechanism it has: hco, rps"):
        mechanism_of("0x", b"\x60\x80")
    assert set(CONTRACT_OF) == set(MECHANISMS)


def test_a_contract_whose_sessions_no_transaction_could_decide_is_refused(chain, monkeypatch):
    node = chain.node(moves_time=True)
    address = ContractVenue(SEALED, node)._address
    monkeypatch.setattr("market.terms.fits", lambda *size: size[3] == 1)

    with pytest.raises(ContractUnknown, match="we refuse: horizon is 2, wanted 1 to 1 "):
        read_agreement(node, address)


def test_without_the_binary_tests_are_skipped_by_name(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.chain.anvil.BINARY", tmp_path / "anvil")

    with pytest.raises(pytest.skip.Exception, match="npm ci"):
        Anvil()


def test_a_meter_is_the_one_that_was_agreed_on(chain):
    node = chain.node(moves_time=True)
    agreed = read_agreement(node, ContractVenue(SEALED, node)._address)

    agreed.check_meter(agreed.meter)
    with pytest.raises(errors.NotTheMeter):
        agreed.check_meter(account(7).address)


def test_who_waits_for_its_own_transactions_goes_on_when_they_are_mined(slow):
    node = slow.node()
    sent = in_background(lambda: transfer(node))
    eventually(slow.queued)

    waited = in_background(lambda: node.wait_for_own(0))
    time.sleep(0.3)
    slow.mine()

    assert waited() is None
    assert sent().gas == 21_000


def test_a_failure_that_cannot_be_repeated_has_no_bytes(chain):
    call = {"to": account(3).address, "data": b"", "value": 0}

    with pytest.raises(Reverted) as refused:
        chain.node()._replay(0, call, "latest")

    assert refused.value.data == b""


def test_a_session_that_opened_dear_is_known_to_be(chain):
    node = chain.node(moves_time=True)
    venue = ContractVenue(Terms(parties=2, options=OPTIONS, fee_cap=1), node)
    venue.open(0)

    standing, _ = Follower(node, read_agreement(node, venue._address)).look()

    assert standing.held(0).dear is True
