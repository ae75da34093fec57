"""What every chain must do, below the venue."""

import importlib.util

import pytest

from chain.accounts import FUNDS, account
from chain.codec import Deployment, Interface, Message
from chain.errors import EngineMissing, UnknownRevert
from chain.evm import Reverted
from chain.revm import Revm
from chain.venue import EVMS, ContractVenue
from market.size import MOST_GAS
from market.terms import Terms

TERMS = Terms(parties=2, options=((0, 5), (5, 10)), period=60)
every_chain = pytest.mark.parametrize("name", EVMS)


@pytest.fixture
def evm(chains, name):
    return chains(name)


@every_chain
def test_an_account_has_its_address_and_funds_when_first_asked_for(name):
    evm = EVMS[name]()  # of its own: others may have used the account

    assert evm.account(12) == account(12).address
    assert evm.balance(evm.account(12)) == FUNDS


@every_chain
def test_money_moves_from_the_sender_to_the_contract_and_back(evm):
    venue = ContractVenue(TERMS, evm, tick_wei=10)

    venue.deposit(0, 7)
    venue.withdraw(0, 3)

    assert (venue.balance_wei, venue.tick_wei) == (40, 10)


@every_chain
@pytest.mark.parametrize("seconds", [1, 2, 60])
def test_the_next_block_comes_no_earlier_than_was_waited_for(evm, seconds):
    venue = ContractVenue(TERMS, evm)
    venue.wait_until(TERMS.bids_close(0) - seconds)
    venue.wait_until(TERMS.bids_close(0))

    (award,) = venue.decide(0)
    assert award.option == 0


@every_chain
def test_time_never_goes_back(evm):
    before = evm.now

    evm.wait_until(0)

    assert evm.now == before


@every_chain
def test_a_revert_leaves_the_chain_as_it_was(evm):
    venue = ContractVenue(TERMS, evm)
    venue.deposit(0, 5)

    with pytest.raises(UnknownRevert) as overflow:
        venue.settle(2**256 - 1)

    assert overflow.value.data.hex().startswith("4e487b71"), "a panic: the deadline overflows"
    assert venue.free == (5, 0)


@every_chain
def test_a_view_that_the_contract_does_not_have_reverts(evm):
    venue = ContractVenue(TERMS, evm)

    with pytest.raises(Reverted) as refused:
        evm.view(venue._address, Message("nothing", (), b"\1\2\3\4"))

    assert refused.value.data == b""


@every_chain
def test_terms_that_only_the_contract_refuses_are_an_unknown_revert(evm):
    with pytest.raises(UnknownRevert) as refused:
        ContractVenue(TERMS, evm, tick_wei=0)

    assert refused.value.call == "deploy"
    assert b"tick" in refused.value.data


@every_chain
def test_many_contracts_stand_on_one_chain(evm):
    venues = [ContractVenue(TERMS, evm) for _ in range(3)]

    for ticks, venue in enumerate(venues):
        venue.deposit(1, ticks)

    assert [venue.free[1] for venue in venues] == [0, 1, 2]


@every_chain
def test_a_transaction_may_use_what_one_may_on_ethereum(evm):
    saying = bytes.fromhex("5a5f5260205fa000")  # logs how much gas is left
    placing = b"\x67" + saying + bytes.fromhex("5f5260086018f3")
    abi = (
        {"type": "constructor", "inputs": []},
        {"type": "function", "name": "say", "inputs": [], "outputs": []},
    )
    where = evm.deploy(0, Deployment(abi, placing, ())).contract
    call = Interface(abi).call("say")

    (log,) = evm.send(0, where, call).logs

    before = 21_000 + 16 * len(call.data) + 2
    assert int.from_bytes(log.data, "big") == MOST_GAS - before == 2**24 - before


@every_chain
def test_what_needs_more_than_a_transaction_may_use_reverts(evm):
    forever = bytes.fromhex("5b5f56")

    with pytest.raises(Reverted) as refused:
        evm.deploy(0, Deployment(({"type": "constructor", "inputs": []},), forever, ()))

    assert refused.value.data == b""


@pytest.mark.parametrize("package", ["pyrevm", "simular"])
def test_a_package_that_is_not_installed_is_named(monkeypatch, package):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == package else found(name)
    )

    with pytest.raises(EngineMissing) as missing:
        Revm()

    assert (missing.value.venue, missing.value.package) == ("revm", package)
