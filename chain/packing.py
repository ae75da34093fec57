"""Bids and outcomes as the contracts read and write them; contracts tell the layouts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from market.bids import Bid, Bids, covered
from market.terms import Terms
from market.venue import Award

POINTS: Final = 0x80  # set in the width of offers that exact set-points follow
HEAD: Final = 38  # bytes of a record before those of the seats
SEAT: Final = 16  # bytes of a record for each seat
PRESENT: Final = 1 << 63  # set in the due of a seat that took part


@dataclass(frozen=True)
class Packed:
    """What a party sends for a session; ``Sent`` in the contract."""

    covered: int = 0
    """A bit for each window that the bid is for."""

    caps: bytes = b""
    """Sealed: four bytes for each covered window."""

    bids: bytes = b""
    salt: bytes = bytes(32)

    @property
    def arguments(self) -> tuple[int, bytes, bytes, bytes]:
        """The struct, in the order of its members."""
        return self.covered, self.caps, self.bids, self.salt

    def hidden(self, seal: bytes) -> "Packed":
        """Return what is presented to a decision if the bid was not revealed."""
        return Packed(self.covered, self.caps, b"", seal)


def pack_bids(terms: Terms, bids: Bids) -> bytes:
    """Return bids for a session; offers take two bytes each if all fit, else four.

    Examples
    --------
    >>> terms = Terms(parties=2, options=((-5, -5), (5, 5)), horizon=2)
    >>> pack_bids(terms, [Bid((258, 0)), None]).hex()
    '0201020000'
    """
    sent = [bid for bid in bids if bid is not None]
    if terms.rule.form == "ranks":
        return b"".join(bytes(bid.numbers) for bid in sent)
    width = 2 if max(max(bid.numbers) for bid in sent) < 2**16 else 4
    points = any(bid.points is not None for bid in sent)
    offers = b"".join(n.to_bytes(width, "big") for bid in sent for n in bid.numbers)
    return bytes([width | POINTS * points]) + offers + _pack_points(terms, sent, points)


def pack_caps(caps: Mapping[int, int]) -> bytes:
    """Return the public cap of each covered window."""
    return b"".join(cap.to_bytes(4, "big") for cap in caps.values())


def pack_covered(bids: Bids) -> int:
    """Return a bit for each window that bids are for.

    >>> pack_covered([None, Bid((1, 2)), Bid((2, 1))])
    6
    """
    return sum(1 << window for window in covered(bids))


def seal_of(chain_id: int, contract: str, session: int, party: str, packed: Packed) -> bytes:
    """Return what a commitment names; twin of ``SharedControl.sealOf``."""
    types = ["uint256", "address", "uint256", "address", "uint256", "bytes32", "bytes32"]
    bound = (
        chain_id,
        contract,
        session,
        party,
        packed.covered,
        keccak(packed.bids),
        packed.salt,
    )
    return keccak(encode(types, bound))


def unpack_outcome(terms: Terms, session: int, outcome: bytes) -> tuple[Award, ...]:
    """Return the awards of a session from what ``SessionDecided`` said."""
    size = HEAD + SEAT * terms.parties
    records = [outcome[start : start + size] for start in range(0, len(outcome), size)]
    first = session * terms.horizon
    return tuple(_unpack(terms, first + w, record) for w, record in enumerate(records))


def _unpack(terms: Terms, window: int, record: bytes) -> Award:
    candidates = int.from_bytes(record[:32], "big")
    listed = tuple(o for o in range(len(terms.options)) if candidates >> o & 1)
    seats = [record[HEAD + SEAT * seat :][:SEAT] for seat in range(terms.parties)]
    dues = [int.from_bytes(seat[8:], "big") for seat in seats]
    return Award(
        window=window,
        option=record[32],
        set_point=int.from_bytes(record[34:38], "big", signed=True),
        payments=tuple(int.from_bytes(seat[:8], "big", signed=True) for seat in seats),
        candidates=listed,
        authority=record[33],
        authority_used=len(listed) > 1 and not terms.rule.lottery,
        participants=tuple(seat for seat, due in enumerate(dues) if due & PRESENT),
    )


def _pack_points(terms: Terms, sent: Sequence[Bid], points: bool) -> bytes:
    if not points:
        return b""
    middles = tuple(map(terms.middle, range(len(terms.options))))
    named = (point for bid in sent for point in bid.points or middles)
    return b"".join(point.to_bytes(4, "big", signed=True) for point in named)
