"""What a contract refuses from whoever does not come through a venue: open bids, and money."""

import pytest

from chain.artifacts import CONTRACTS, read_artifact
from chain.codec import Interface, Message
from chain.evm import Reverted
from market import errors
from market.terms import MOST_TICKS
from tests.chain.direct import (
    ABSENT,
    METER,
    OPTIONS,
    PERIOD,
    STRANGER,
    TICK,
    agreed,
    deployed,
    offers,
    presented,
    sent,
)

FIRST, SECOND = sent(offers(9, 0, 0)), sent(offers(0, 4, 0))
NOBODY = presented(ABSENT, ABSENT)


@pytest.fixture
def evm(chains):
    return chains("revm")


@pytest.fixture
def contract(evm):
    """Return a contract for open offers, with 100 ticks of either party."""
    market = deployed(evm, "HighestCombinedOffer", agreed(evm), 0)
    for seat in (0, 1):
        market.send(seat, "deposit", seat, value=100 * TICK)
    return market


@pytest.fixture
def ranked(evm):
    """Return a contract for open ranks, without a bond."""
    return deployed(evm, "RankedPreferenceSelection", agreed(evm, bond=0))


@pytest.fixture
def both_bid(contract):
    contract.send(0, "submit", 0, 0, 1, FIRST.bids)
    contract.send(1, "submit", 1, 0, 1, SECOND.bids)
    return contract


def refused(wanted, call, *arguments, **value):
    """Check that a call is refused with the facts wanted, and nothing else."""
    with pytest.raises(type(wanted)) as found:
        call(*arguments, **value)
    assert vars(found.value) == vars(wanted)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("deposit", (0,)), ("submit", (0, 0, 1, FIRST.bids)), ("withdraw", (0, 0))],
)
@pytest.mark.parametrize("sender", [1, METER, STRANGER])
def test_only_who_holds_a_seat_moves_its_money_or_bids(contract, sender, function, arguments):
    with pytest.raises(errors.NotAParty) as refusal:
        contract.send(sender, function, *arguments)

    assert refusal.value.sender == contract.evm.account(sender).lower()


def test_anyone_may_decide_and_settle_in_time(both_bid):
    outcome = both_bid.send(STRANGER, "decide", 0, presented(FIRST, SECOND))
    both_bid.wait(3 * PERIOD)
    both_bid.send(STRANGER, "settle", 0, outcome)

    assert both_bid.free == (91, 109)


@pytest.mark.parametrize(
    ("bids", "culprit"),
    [
        pytest.param([sent(offers(8, 0, 0)), SECOND], 0, id="another offer"),
        pytest.param([FIRST, ABSENT], 1, id="a bid kept back"),
        pytest.param([ABSENT, SECOND], 0, id="the first kept back"),
        pytest.param([SECOND, FIRST], 0, id="seats swapped"),
        pytest.param([FIRST, sent(offers(0, 4, 0) + b"\0")], 1, id="a byte too many"),
        pytest.param([FIRST, sent(offers(0, 4, 0, width=4))], 1, id="the same in more bytes"),
        pytest.param([FIRST, sent(SECOND.bids, covered=3)], 1, id="another window"),
        pytest.param([FIRST], 1, id="a seat too few"),
        pytest.param([FIRST, SECOND, ABSENT], 3, id="a seat too many"),
    ],
)
def test_only_the_recorded_bids_can_be_decided_on(both_bid, bids, culprit):
    both_bid.wait(PERIOD)

    refused(
        errors.BidMismatch(0, culprit), both_bid.send, STRANGER, "decide", 0, presented(*bids)
    )


def test_no_bid_can_be_made_up_for_who_did_not_bid(contract):
    contract.wait(PERIOD)

    made_up = presented(ABSENT, FIRST)
    refused(errors.BidMismatch(0, 1), contract.send, 0, "decide", 0, made_up)


@pytest.mark.parametrize(
    ("bid", "wanted"),
    [
        (b"", errors.BidUnreadable(0, 0)),
        (b"\2", errors.BidUnreadable(0, 0)),
        (offers(1, 2), errors.BidUnreadable(0, 0)),
        (offers(1, 2, 3) + b"\0", errors.BidUnreadable(0, 0)),
        (offers(1, 2, 3, 4), errors.BidUnreadable(0, 0)),
        (offers(1, 2, 3, width=1), errors.BidUnreadable(0, 0)),
        (offers(1, 2, 3, width=3), errors.BidUnreadable(0, 0)),
        (b"\0" + offers(1, 2, 3)[1:], errors.BidUnreadable(0, 0)),
        (b"\x82" + offers(1, 2, 3)[1:], errors.BidUnreadable(0, 0)),
        (offers(0, 0, 0, points=(-1, 0)), errors.BidUnreadable(0, 0)),
        (offers(0, 0, 0, points=(-5001, 0, 1)), errors.BidUnreadable(0, 0)),
        (offers(0, 0, 0, points=(-1, -1, 1)), errors.BidUnreadable(0, 0)),
        (offers(0, 0, 0, points=(-1, 0, 5001)), errors.BidUnreadable(0, 0)),
        (offers(96, 0, 0), errors.DepositTooSmall(0, 100, 101)),
        (offers(0, 0, 2**32 - 1, width=4), errors.DepositTooSmall(0, 100, 2**32 + 4)),
    ],
)
def test_a_malformed_or_uncovered_bid_of_offers_is_refused(contract, bid, wanted):
    refused(wanted, contract.send, 0, "submit", 0, 0, 1, bid)


@pytest.mark.parametrize(
    "bid",
    [b"", b"\1\2", b"\1\2\3\4", b"\0\1\2", b"\1\4\2", b"\1\2\xff", b"\1\2\1", b"\1\1\1"],
)
def test_ranks_that_are_no_permutation_are_refused(ranked, bid):
    refused(errors.BidUnreadable(0, 0), ranked.send, 0, "submit", 0, 0, 1, bid)


def test_the_culprit_among_covered_windows_is_named(evm):
    day = deployed(evm, "RankedPreferenceSelection", agreed(evm, bond=0, horizon=48))
    bids = bytes([1, 2, 3]) * 2 + bytes([3, 2, 3])

    wanted = errors.BidUnreadable(0, 2)
    refused(wanted, day.send, 0, "submit", 0, 0, 0b1011, bids)


@pytest.mark.parametrize("covered", [0, 2, 3, 1 << 64, 2**256 - 1])
def test_windows_that_a_session_does_not_have_cannot_be_covered(contract, covered):
    wanted = errors.BidUnreadable(0, 1)
    refused(wanted, contract.send, 0, "submit", 0, 0, covered, FIRST.bids)


def test_a_session_is_decided_once_in_order_and_in_time(contract):
    refused(errors.WindowOutOfOrder(1, 0), contract.send, 0, "decide", 1, NOBODY)
    contract.wait(PERIOD - 1)
    refused(errors.WindowNotReady(0), contract.send, 0, "decide", 0, NOBODY)
    contract.wait(PERIOD)
    contract.send(0, "decide", 0, NOBODY)
    refused(errors.WindowOutOfOrder(0, 1), contract.send, 0, "decide", 0, NOBODY)
    refused(errors.WindowNotReady(1), contract.send, 0, "decide", 1, NOBODY)


def test_a_session_is_settled_once_and_not_before_it_is_decided(contract):
    refused(errors.WindowNotReady(0), contract.report, b"")
    contract.wait(3 * PERIOD)
    refused(errors.WindowNotReady(0), contract.send, 0, "settle", 0, b"")
    outcome = contract.send(0, "decide", 0, NOBODY)
    contract.send(0, "settle", 0, outcome)
    refused(errors.WindowSettled(0), contract.send, 0, "settle", 0, outcome)
    refused(errors.WindowSettled(0), contract.report, outcome)


def test_only_the_recorded_outcome_can_be_settled(both_bid):
    outcome = both_bid.send(0, "decide", 0, presented(FIRST, SECOND))
    richer = outcome[:-1] + bytes([outcome[-1] + 1])
    swapped = outcome[:38] + outcome[54:70] + outcome[38:54]

    for other in (richer, swapped, outcome[:-1], outcome + b"\0", b""):
        refused(errors.OutcomeMismatch(0), both_bid.report, other)

    assert both_bid.free == (86, 91), "locked, all of it"


def test_a_stale_outcome_of_the_same_place_settles_nothing(evm):
    """Session 8 stands where session 0 stood; what was recorded says which one it was."""
    market = deployed(evm, "RankedPreferenceSelection", agreed(evm, bond=0))
    outcomes = []
    for session in range(9):
        market.wait((session + 1) * PERIOD)
        outcomes.append(market.send(0, "decide", session, NOBODY))
        if session == 0:
            market.report(outcomes[0])

    assert outcomes[0] == outcomes[8], "the same words, at another time"
    refused(errors.WindowSettled(0), market.report, outcomes[0])
    market.report(outcomes[8], session=8)


def test_a_place_is_not_decided_over_before_it_is_settled(evm):
    market = deployed(evm, "RankedPreferenceSelection", agreed(evm, bond=0))
    for session in range(8):
        market.wait((session + 1) * PERIOD)
        outcome = market.send(0, "decide", session, NOBODY)
    market.wait(9 * PERIOD)

    refused(errors.WindowNotReady(8), market.send, 0, "decide", 8, NOBODY)
    market.send(0, "settle", 0, outcome)

    market.send(0, "decide", 8, NOBODY)


def test_a_stale_bid_of_the_same_place_is_no_bid(evm):
    market = deployed(evm, "RankedPreferenceSelection", agreed(evm, bond=0))
    bid = sent(bytes([1, 2, 3]))
    market.send(0, "submit", 0, 0, 1, bid.bids)
    for session in range(9):
        market.wait((session + 1) * PERIOD)
        stands = presented(bid if session == 0 else ABSENT, ABSENT)
        if session == 8:
            stale = presented(bid, ABSENT)
            refused(errors.BidMismatch(8, 0), market.send, 0, "decide", 8, stale)
        outcome = market.send(0, "decide", session, stands)
        market.report(outcome, session)


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda c: c.signed(meter=STRANGER), id="another key"),
        pytest.param(lambda c: c.signed(meter=0), id="a party"),
        pytest.param(lambda c: c.signed(session=1), id="another session"),
        pytest.param(lambda c: c.signed(flows=(1,)), id="another flow"),
        pytest.param(lambda c: c.signed(blocked=(1,)), id="another blocker"),
        pytest.param(lambda c: c.signed(contract=c.evm.account(0)), id="another contract"),
        pytest.param(lambda c: c.signed(chain_id=c.evm.chain_id + 1), id="another chain"),
        pytest.param(lambda c: c.signed()[:-1], id="cut short"),
        pytest.param(lambda _: b"", id="none"),
        pytest.param(lambda _: bytes(65), id="zeros"),
        pytest.param(lambda c: _mirrored(c.signed()), id="malleated"),
    ],
)
def test_a_report_wants_the_meters_own_signature_over_this_very_report(both_bid, forged):
    outcome = both_bid.send(0, "decide", 0, presented(FIRST, SECOND))

    with pytest.raises(errors.NotTheMeter):
        both_bid.send(METER, "report", 0, outcome, [0], [0], forged(both_bid))

    both_bid.report(outcome)


def test_a_replayed_report_settles_nothing(both_bid):
    outcome = both_bid.send(0, "decide", 0, presented(FIRST, SECOND))
    signature = both_bid.signed()
    both_bid.send(0, "report", 0, outcome, [0], [0], signature)

    again = (1, "report", 0, outcome, [0], [0], signature)
    refused(errors.WindowSettled(0), both_bid.send, *again)
    with pytest.raises(errors.NotTheMeter):
        both_bid.send(1, "report", 1, outcome, [0], [0], signature)


@pytest.mark.parametrize(("flows", "blocked"), [([], []), ([0, 0], [0]), ([0], [0, 0])])
def test_a_report_is_for_the_windows_of_the_session(both_bid, flows, blocked):
    outcome = both_bid.send(0, "decide", 0, presented(FIRST, SECOND))

    signature = both_bid.signed(flows=flows, blocked=blocked)

    wanted = errors.OutcomeMismatch(0)
    refused(wanted, both_bid.send, METER, "report", 0, outcome, flows, blocked, signature)


def test_seats_that_do_not_exist_cannot_have_blocked(contract):
    nothing = sent(offers(0, 0, 0))
    for seat in (0, 1):
        contract.send(seat, "submit", seat, 0, 1, nothing.bids)
    outcome = contract.send(0, "decide", 0, presented(nothing, nothing))

    contract.report(outcome, blocked=(2**256 - 4,))

    assert contract.free == (100, 100)


def test_nobody_takes_out_more_than_is_its_own_and_free(contract):
    for wanted in (101, 2**256 - 1):
        short = errors.BalanceTooSmall(0, 100, wanted)
        refused(short, contract.send, 0, "withdraw", 0, wanted)
    contract.send(0, "submit", 0, 0, 1, offers(0, 0, 20))
    refused(errors.BalanceTooSmall(0, 75, 76), contract.send, 0, "withdraw", 0, 76)

    contract.send(0, "withdraw", 0, 75)

    assert (contract.free, contract.balance) == ((0, 100), 125 * TICK)


def test_deposits_come_in_whole_ticks_up_to_the_most(contract):
    odd, too_much = TICK + 1, (MOST_TICKS + 1) * TICK
    refused(errors.DepositRefused(odd, TICK), contract.send, 0, "deposit", 0, value=odd)
    refused(
        errors.DepositRefused(MOST_TICKS + 1, MOST_TICKS),
        contract.send,
        0,
        "deposit",
        0,
        value=too_much,
    )

    assert (contract.free, contract.balance) == ((100, 100), 200 * TICK)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("open", (0,)),
        ("submit", (0, 0, 1, FIRST.bids)),
        ("commit", (0, 0, 1, bytes(4), bytes(32))),
        ("reveal", (0, 0, FIRST.arguments)),
        ("decide", (0, NOBODY)),
        ("report", (0, b"", [0], [0], b"")),
        ("settle", (0, b"")),
        ("withdraw", (0, 0)),
    ],
)
def test_ether_comes_in_by_deposit_alone(contract, function, arguments):
    message = contract.interface.call(function, *arguments)

    with pytest.raises(Reverted) as refusal:
        contract.evm.send(0, contract.address, message, value=TICK)

    assert refusal.value.data == b"", "refused before anything was looked at"
    assert contract.balance == 200 * TICK


@pytest.mark.parametrize("data", [b"", b"\1\2\3\4", bytes(68)])
def test_bytes_that_are_no_call_are_refused(contract, data):
    with pytest.raises(Reverted):
        contract.evm.send(0, contract.address, Message("fallback", (), data), value=TICK)


def test_calldata_that_is_cut_short_is_refused(contract):
    whole = contract.interface.call("submit", 0, 0, 1, offers(1, 2, 3)).data

    for length in (4, 36, 68, 100, 132, 163, len(whole) - 26):
        with pytest.raises(Reverted):
            contract.evm.send(0, contract.address, Message("submit", (), whole[:length]))


@pytest.mark.parametrize(
    ("change", "term"),
    [
        ({"parties": 1}, "parties"),
        ({"parties": 256}, "parties"),
        ({"parties": "twice"}, "parties"),
        ({"parties": "zero"}, "parties"),
        ({"meter": f"0x{0:040x}"}, "meter"),
        ({"options": OPTIONS[:1]}, "options"),
        ({"options": [(0, 0)] * 256}, "options"),
        ({"options": [(0, 0), (1, 0)], "default": 0}, "options"),
        ({"default": 3}, "default"),
        ({"authority": 2}, "authority"),
        ({"horizon": 0}, "horizon"),
        ({"horizon": 65}, "horizon"),
        ({"bond": MOST_TICKS + 1}, "bond"),
        ({"tick": 0}, "tick"),
        ({"period": 0}, "period"),
        ({"revealing": PERIOD + 1}, "period"),
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


def test_a_lottery_is_not_deployed_with_open_bids(evm):
    with pytest.raises(Reverted) as refusal:
        deployed(evm, "RandomPreferenceSelection", agreed(evm))

    abi = read_artifact("RandomPreferenceSelection").abi
    assert Interface(abi).error(refusal.value.data) == ("TermsRefused", ("revealing",))


def test_the_constructor_takes_no_unknown_payment_rule(evm):
    with pytest.raises(Reverted):
        deployed(evm, "HighestCombinedOffer", agreed(evm), 3)


def test_a_deployment_takes_no_ether():
    for contract in CONTRACTS:
        (constructor,) = (e for e in read_artifact(contract).abi if e["type"] == "constructor")
        assert constructor["stateMutability"] == "nonpayable"


def _mirrored(signature):
    """Return the other signature that the same key could have made of the same words."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s = order - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])
