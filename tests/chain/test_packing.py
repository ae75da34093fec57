"""Bids and outcomes as bytes, and back; seals and reports as the contract hashes them."""

import pytest
from eth_account.messages import encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.accounts import account
from chain.deploy import deployment
from chain.metering import blocked_bits, sign_report
from chain.packing import (
    HEAD,
    POINTS,
    PRESENT,
    SEAT,
    Packed,
    pack_bids,
    pack_caps,
    pack_covered,
    seal_of,
    unpack_outcome,
)
from chain.venue import ContractVenue
from market.bids import HIGHEST_OFFER, Bid
from market.terms import Terms
from tests.draws import terms

OPTIONS = ((-5, 0), (0, 0), (1, 6))
OFFERS = Terms(parties=2, options=OPTIONS, horizon=2, revealing=60)
RANKS = Terms(parties=2, options=OPTIONS, horizon=2, mechanism="rps")


def words(data, size, signed=False):
    places = range(0, len(data), size)
    return [
        int.from_bytes(data[place : place + size], "big", signed=signed) for place in places
    ]


@pytest.mark.parametrize(
    ("most", "width"), [(0, 2), (2**16 - 1, 2), (2**16, 4), (HIGHEST_OFFER, 4)]
)
def test_offers_take_two_bytes_each_if_all_of_the_session_fit(most, width):
    packed = pack_bids(OFFERS, [Bid((1, 2, 3)), Bid((0, most, 0))])

    assert packed[0] == width
    assert words(packed[1:], width) == [1, 2, 3, 0, most, 0]


@given(points=st.tuples(st.integers(-5, 0), st.just(0), st.integers(1, 6)))
def test_exact_set_points_follow_all_offers_with_the_middles_of_windows_without(points):
    packed = pack_bids(OFFERS, [Bid((1, 2, 3)), Bid((4, 5, 6), points)])

    assert packed[0] == 2 | POINTS
    assert words(packed[1:13], 2) == [1, 2, 3, 4, 5, 6]
    assert words(packed[13:], 4, signed=True) == [-2, 0, 3, *points]


@given(ranks=st.permutations([1, 2, 3]))
def test_a_rank_takes_a_byte_with_nothing_before(ranks):
    assert list(pack_bids(RANKS, [None, Bid(tuple(ranks))])) == ranks


def test_windows_without_a_bid_are_not_carried_and_not_covered():
    bids = [None, Bid((1, 2, 3)), None, Bid((3, 2, 1))]

    assert pack_covered(bids) == 0b1010
    assert pack_covered([None] * 63 + [Bid((1, 2, 3))]) == 1 << 63
    assert len(pack_bids(RANKS, bids)) == 6
    assert pack_caps({1: 258, 3: HIGHEST_OFFER}) == bytes([0, 0, 1, 2, 255, 255, 255, 255])


def test_what_is_hidden_keeps_coverage_and_caps_and_names_the_seal():
    packed = Packed(3, b"caps", b"bids", b"salt")

    assert packed.hidden(b"seal").arguments == (3, b"caps", b"", b"seal")


@given(data=st.data())
def test_a_record_is_read_as_its_layout_says(data):
    held = data.draw(terms())
    seats, options = range(held.parties), range(len(held.options))
    record = st.tuples(
        st.sets(st.sampled_from(options), min_size=1),
        st.sampled_from(options),
        st.sampled_from(seats),
        st.integers(-(2**31), 2**31 - 1),
        st.lists(
            st.tuples(st.integers(-(2**40), 2**40), st.integers(0, 2**62), st.booleans()),
            min_size=held.parties,
            max_size=held.parties,
        ),
    )
    records = data.draw(st.lists(record, min_size=held.horizon, max_size=held.horizon))

    awards = unpack_outcome(held, 3, b"".join(_record(*one) for one in records))

    assert [award.window for award in awards] == [
        3 * held.horizon + w for w, _ in enumerate(records)
    ]
    for award, (candidates, option, authority, point, rows) in zip(
        awards, records, strict=True
    ):
        assert award.candidates == tuple(sorted(candidates))
        assert (award.option, award.authority, award.set_point) == (option, authority, point)
        assert award.payments == tuple(payment for payment, _, _ in rows)
        assert award.participants == tuple(s for s, row in enumerate(rows) if row[2])
        assert award.authority_used == (len(candidates) > 1 and not held.rule.lottery)


def _record(candidates, option, authority, point, rows):
    head = sum(1 << o for o in candidates).to_bytes(32, "big")
    head += bytes([option, authority]) + point.to_bytes(4, "big", signed=True)
    assert len(head) == HEAD
    seats = b"".join(
        payment.to_bytes(8, "big", signed=True) + (due | PRESENT * present).to_bytes(8, "big")
        for payment, due, present in rows
    )
    assert len(seats) == SEAT * len(rows)
    return head + seats


@pytest.fixture(scope="module")
def venue(chains):
    return ContractVenue(OFFERS, chains("revm"))


@settings(max_examples=30)
@given(
    seat=st.integers(0, 1),
    session=st.integers(0, 2**64),
    covered=st.integers(1, 3),
    bids=st.binary(max_size=80),
    salt=st.binary(min_size=32, max_size=32),
)
def test_a_seal_is_what_the_contract_says_it_is(venue, seat, session, covered, bids, salt):
    call = venue._interface.call("sealOf", seat, session, covered, bids, salt)
    (told,) = venue._interface.answer("sealOf", venue._evm.view(venue._address, call))

    party = venue._evm.account(seat)
    packed = Packed(covered, b"caps are public", bids, salt)
    assert seal_of(venue._evm.chain_id, venue._address, session, party, packed) == told


def test_a_seal_binds_chain_contract_session_party_coverage_bids_and_salt():
    party, other = account(0).address, account(1).address
    packed = Packed(1, b"", b"\2\0\1", bytes(32))
    sealed = seal_of(1, other, 0, party, packed)

    changed = [
        seal_of(2, other, 0, party, packed),
        seal_of(1, party, 0, party, packed),
        seal_of(1, other, 1, party, packed),
        seal_of(1, other, 0, other, packed),
        seal_of(1, other, 0, party, Packed(3, b"", b"\2\0\1", bytes(32))),
        seal_of(1, other, 0, party, Packed(1, b"", b"\2\0\2", bytes(32))),
        seal_of(1, other, 0, party, Packed(1, b"", b"\2\0\1", bytes(31) + b"\1")),
    ]

    assert len({sealed, *changed}) == 8


def test_a_report_is_typed_data_that_wallets_can_show():
    meter, contract = account(5), account(6).address
    message = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Report": [
                {"name": "session", "type": "uint256"},
                {"name": "flows", "type": "int32[]"},
                {"name": "blocked", "type": "uint256[]"},
            ],
        },
        "primaryType": "Report",
        "domain": {
            "name": "gridpact",
            "version": "1",
            "chainId": 7,
            "verifyingContract": contract,
        },
        "message": {"session": 3, "flows": [-5, 2], "blocked": [0, 3]},
    }

    signature = sign_report(meter, 7, contract, 3, [-5, 2], [0, 3])

    whole = meter.sign_message(encode_typed_data(full_message=message))
    assert signature == bytes(whole.signature)


def test_seats_that_blocked_are_bits_each_once():
    assert blocked_bits([(), (0, 2, 2), (254,)]) == [0, 0b101, 1 << 254]


@pytest.mark.parametrize("mechanism", ["hco", "rps", "rps-pareto", "rps-random"])
def test_a_deployment_carries_the_terms_in_the_order_of_the_struct(mechanism):
    agreed = Terms(
        parties=2,
        options=OPTIONS,
        mechanism=mechanism,
        payment="none",
        default=1,
        bond=7,
        authority=1,
        horizon=48,
        period=900,
        revealing=60,
        fee_cap=10**9,
    )

    made = deployment(agreed, ["0xA", "0xB"], "0xC", 5)

    struct = (["0xA", "0xB"], "0xC", list(OPTIONS), 1, 1, 48, 7, 5, 900, 60, 10**9)
    assert made.arguments == ((struct, 2) if mechanism == "hco" else (struct,))
    (constructor,) = (entry for entry in made.abi if entry["type"] == "constructor")
    names = [part["name"] for part in constructor["inputs"][0]["components"]]
    assert names == [
        "parties", "meter", "options", "defaultOption", "authority", "horizon",
        "bond", "tick", "period", "revealing", "feeCap",
    ]  # fmt: skip
