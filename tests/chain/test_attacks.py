"""What a contract refuses from whoever does not come through a venue."""

from dataclasses import dataclass

import pytest

from chain.artifacts import CONTRACTS, read_artifact
from chain.codec import Deployment, Interface, Message
from chain.evm import Evm, Reverted
from chain.reverts import reverts_as_market_errors
from market import errors
from market.terms import MOST_TICKS

METER, STRANGER = 2, 3
TICK = 10**6
BOND = 5
PERIOD = 1800
OPTIONS = [(-5000, -1), (0, 0), (1, 5000)]
NAMES = ("parties", "meter", "options", "default", "authority", "bond", "tick", "period")


@dataclass(frozen=True)
class Contract:
    """A contract, and any account to call it from."""

    evm: Evm
    interface: Interface
    address: str
    opening: int

    def send(self, sender, function, *arguments, value=0):
        with reverts_as_market_errors(self.interface, function):
            return self.evm.send(
                sender, self.address, self.interface.call(function, *arguments), value
            )

    def wait(self, seconds):
        self.evm.wait_until(self.opening + seconds)

    @property
    def free(self):
        data = self.evm.view(self.address, self.interface.call("freeDeposits"))
        return self.interface.answer("freeDeposits", data)[0]

    @property
    def balance(self):
        return self.evm.balance(self.address)


def agreed(evm, **changes):
    """Return the contract's terms, in the order of its struct."""
    terms = {
        "parties": [evm.account(seat) for seat in (0, 1)],
        "meter": evm.account(METER),
        "options": OPTIONS,
        "default": 1,
        "authority": 0,
        "bond": BOND,
        "tick": TICK,
        "period": PERIOD,
    }
    return tuple((terms | changes)[name] for name in NAMES)


def deployed(evm, name, *arguments):
    artifact = read_artifact(name)
    receipt = evm.deploy(STRANGER, Deployment(artifact.abi, artifact.bytecode, arguments))
    return Contract(evm, Interface(artifact.abi), receipt.contract, evm.now)


@pytest.fixture
def evm(chains):
    return chains("revm")


@pytest.fixture
def contract(evm):
    """Return a contract for offers, with 100 ticks of either party."""
    market = deployed(evm, "HighestCombinedOffer", agreed(evm), 0)
    for seat in (0, 1):
        market.send(seat, "deposit", value=100 * TICK)
    return market


@pytest.fixture
def ranked(evm):
    """Return a contract for ranks, without a bond."""
    return deployed(evm, "RankedPreferenceSelection", agreed(evm, bond=0))


def offers(*ticks, points=()):
    return b"".join(tick.to_bytes(4, "big") for tick in ticks) + b"".join(
        point.to_bytes(4, "big", signed=True) for point in points
    )


def refused(wanted, call, *arguments, **value):
    """Check that a call is refused with the facts wanted, and nothing else."""
    with pytest.raises(type(wanted)) as found:
        call(*arguments, **value)
    assert vars(found.value) == vars(wanted)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("deposit", ()), ("submit", (0, offers(0, 0, 0))), ("withdraw", (0,))],
)
@pytest.mark.parametrize("sender", [METER, STRANGER])
def test_who_has_no_seat_can_do_nothing_with_money_or_bids(
    contract, sender, function, arguments
):
    with pytest.raises(errors.NotAParty) as refusal:
        contract.send(sender, function, *arguments)

    assert refusal.value.sender == contract.evm.account(sender).lower()


@pytest.mark.parametrize("sender", [0, 1, STRANGER])
def test_only_the_meter_reports(contract, sender):
    with pytest.raises(errors.NotTheMeter) as refusal:
        contract.send(sender, "report", 0, 0, 3)

    assert refusal.value.sender == contract.evm.account(sender).lower()


def test_anyone_may_decide_and_settle_in_time(contract):
    contract.send(0, "submit", 0, offers(9, 0, 0))
    contract.send(1, "submit", 0, offers(0, 4, 0))

    contract.send(STRANGER, "decide", 0, [offers(9, 0, 0), offers(0, 4, 0)])
    contract.wait(3 * PERIOD)
    contract.send(STRANGER, "settle", 0)

    assert contract.free == (91, 109)


@pytest.mark.parametrize(
    ("bids", "culprit"),
    [
        pytest.param([offers(8, 0, 0), offers(0, 4, 0)], 0, id="another offer"),
        pytest.param([offers(9, 0, 0), b""], 1, id="a bid kept back"),
        pytest.param([b"", offers(0, 4, 0)], 0, id="the first kept back"),
        pytest.param([offers(0, 4, 0), offers(9, 0, 0)], 0, id="seats swapped"),
        pytest.param([offers(9, 0, 0), offers(0, 4, 0) + b"\0"], 1, id="a byte too many"),
        pytest.param([offers(9, 0, 0)], 1, id="a seat too few"),
        pytest.param([offers(9, 0, 0), offers(0, 4, 0), b""], 3, id="a seat too many"),
    ],
)
def test_only_the_recorded_bids_can_be_decided_on(contract, bids, culprit):
    contract.send(0, "submit", 0, offers(9, 0, 0))
    contract.send(1, "submit", 0, offers(0, 4, 0))
    contract.wait(PERIOD)

    refused(errors.BidMismatch(0, culprit), contract.send, STRANGER, "decide", 0, bids)


def test_no_bid_can_be_made_up_for_who_did_not_bid(contract):
    contract.wait(PERIOD)

    refused(errors.BidMismatch(0, 1), contract.send, 0, "decide", 0, [b"", offers(9, 0, 0)])


@pytest.mark.parametrize(
    ("bid", "wanted"),
    [
        (b"", errors.BidMalformed(0, 0, 12)),
        (offers(1, 2), errors.BidMalformed(0, 8, 12)),
        (offers(1, 2, 3) + b"\0", errors.BidMalformed(0, 13, 12)),
        (offers(1, 2, 3, 4), errors.BidMalformed(0, 16, 12)),
        (offers(1, 2, 3, 4, 5, 6, 7), errors.BidMalformed(0, 28, 12)),
        (offers(0, 0, 0, points=(-5001, 0, 1)), errors.PointOutsideOption(0, 0, -5001)),
        (offers(0, 0, 0, points=(-1, -1, 1)), errors.PointOutsideOption(0, 1, -1)),
        (offers(0, 0, 0, points=(-1, 0, 5001)), errors.PointOutsideOption(0, 2, 5001)),
        (offers(96, 0, 0), errors.DepositTooSmall(0, 100, 101)),
        (offers(0, 0, 2**32 - 1), errors.DepositTooSmall(0, 100, 2**32 + 4)),
    ],
)
def test_a_malformed_or_uncovered_bid_of_offers_is_refused(contract, bid, wanted):
    refused(wanted, contract.send, 0, "submit", 0, bid)


@pytest.mark.parametrize(
    ("bid", "wanted"),
    [
        (b"", errors.BidMalformed(0, 0, 3)),
        (bytes([1, 2]), errors.BidMalformed(0, 2, 3)),
        (bytes([1, 2, 3, 4]), errors.BidMalformed(0, 4, 3)),
        (bytes([0, 1, 2]), errors.RanksMalformed(0, 0, 0)),
        (bytes([1, 4, 2]), errors.RanksMalformed(0, 1, 4)),
        (bytes([1, 2, 255]), errors.RanksMalformed(0, 2, 255)),
        (bytes([1, 2, 1]), errors.RanksMalformed(0, 2, 1)),
    ],
)
def test_ranks_that_are_no_permutation_are_refused(ranked, bid, wanted):
    refused(wanted, ranked.send, 0, "submit", 0, bid)


def test_a_window_is_decided_once_in_order_and_in_time(contract):
    nobody = [b"", b""]

    refused(errors.WindowOutOfOrder(1, 0), contract.send, 0, "decide", 1, nobody)
    contract.wait(PERIOD - 1)
    refused(errors.WindowNotReady(0), contract.send, 0, "decide", 0, nobody)
    contract.wait(PERIOD)
    contract.send(0, "decide", 0, nobody)
    refused(errors.WindowOutOfOrder(0, 1), contract.send, 0, "decide", 0, nobody)
    refused(errors.WindowNotReady(1), contract.send, 0, "decide", 1, nobody)


def test_a_window_is_settled_once_and_not_before_it_is_decided(contract):
    refused(errors.WindowNotReady(0), contract.send, METER, "report", 0, 0, 0)
    contract.wait(3 * PERIOD)
    refused(errors.WindowNotReady(0), contract.send, 0, "settle", 0)
    contract.send(0, "decide", 0, [b"", b""])
    contract.send(0, "settle", 0)
    refused(errors.WindowSettled(0), contract.send, 0, "settle", 0)
    refused(errors.WindowSettled(0), contract.send, METER, "report", 0, 0, 3)


def test_seats_that_do_not_exist_cannot_have_blocked(contract):
    for seat in (0, 1):
        contract.send(seat, "submit", 0, offers(0, 0, 0))
    contract.send(0, "decide", 0, [offers(0, 0, 0)] * 2)

    contract.send(METER, "report", 0, 0, 2**256 - 4)

    assert contract.free == (100, 100)


def test_nobody_takes_out_more_than_is_its_own_and_free(contract):
    refused(errors.BalanceTooSmall(0, 100, 101), contract.send, 0, "withdraw", 101)
    refused(
        errors.BalanceTooSmall(0, 100, 2**256 - 1), contract.send, 0, "withdraw", 2**256 - 1
    )
    contract.send(0, "submit", 0, offers(0, 0, 20))
    refused(errors.BalanceTooSmall(0, 75, 76), contract.send, 0, "withdraw", 76)

    contract.send(0, "withdraw", 75)

    assert (contract.free, contract.balance) == ((0, 100), 125 * TICK)


def test_deposits_come_in_whole_ticks_up_to_the_most(contract):
    refused(errors.DepositRefused(TICK + 1, TICK), contract.send, 0, "deposit", value=TICK + 1)
    too_much = (MOST_TICKS + 1) * TICK
    refused(
        errors.DepositRefused(MOST_TICKS + 1, MOST_TICKS),
        contract.send,
        0,
        "deposit",
        value=too_much,
    )

    assert (contract.free, contract.balance) == ((100, 100), 200 * TICK)


@pytest.mark.parametrize("function", ["submit", "decide", "report", "settle", "withdraw"])
def test_ether_comes_in_by_deposit_alone(contract, function):
    arguments = {
        "submit": (0, offers(0, 0, 0)),
        "decide": (0, [b"", b""]),
        "report": (0, 0, 0),
        "settle": (0,),
        "withdraw": (0,),
    }[function]
    message = contract.interface.call(function, *arguments)

    with pytest.raises(Reverted):
        contract.evm.send(0, contract.address, message, value=TICK)

    assert contract.balance == 200 * TICK


@pytest.mark.parametrize("data", [b"", b"\1\2\3\4", bytes(68)])
def test_bytes_that_are_no_call_are_refused(contract, data):
    with pytest.raises(Reverted):
        contract.evm.send(0, contract.address, Message("fallback", (), data), value=TICK)


def test_calldata_that_is_cut_short_is_refused(contract):
    whole = contract.interface.call("submit", 0, offers(1, 2, 3)).data

    for length in (4, 36, 68, 100, len(whole) - 21):
        with pytest.raises(Reverted):
            contract.evm.send(0, contract.address, Message("submit", (), whole[:length]))


@pytest.mark.parametrize(
    ("change", "term"),
    [
        ({"parties": 1}, "parties"),
        ({"parties": 256}, "parties"),
        ({"parties": "twice"}, "parties"),
        ({"parties": "zero"}, "parties"),
        ({"options": OPTIONS[:1]}, "options"),
        ({"options": [(0, 0)] * 256}, "options"),
        ({"options": [(0, 0), (1, 0)], "default": 0}, "options"),
        ({"default": 3}, "default"),
        ({"authority": 2}, "authority"),
        ({"bond": MOST_TICKS + 1}, "bond"),
        ({"tick": 0}, "tick"),
        ({"period": 0}, "period"),
    ],
)
@pytest.mark.parametrize("name", ["HighestCombinedOffer", "ParetoPreferenceSelection"])
def test_the_constructor_names_the_terms_that_it_refuses(evm, name, change, term):
    first = evm.account(0)
    parties = {
        1: [first],
        256: [f"0x{seat + 1:040x}" for seat in range(256)],
        "twice": [first, first],
        "zero": [first, f"0x{0:040x}"],
    }
    if "parties" in change:
        change = {"parties": parties[change["parties"]]}
    payment = (0,) if name == "HighestCombinedOffer" else ()

    with pytest.raises(Reverted) as refusal:
        deployed(evm, name, agreed(evm, **change), *payment)

    error = Interface(read_artifact(name).abi).error(refusal.value.data)
    assert error == ("TermsRefused", (term,))


def test_the_constructor_takes_no_unknown_payment_rule(evm):
    with pytest.raises(Reverted):
        deployed(evm, "HighestCombinedOffer", agreed(evm), 3)


def test_a_deployment_takes_no_ether():
    for contract in CONTRACTS:
        (constructor,) = (e for e in read_artifact(contract).abi if e["type"] == "constructor")
        assert constructor["stateMutability"] == "nonpayable"
