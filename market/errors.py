"""What can go wrong in a window, wherever it is held.

MarketError              expected in normal operation; the run goes on
├── BidRejected          the bid broke a rule, and was not recorded
│   ├── NotAParty        the sender has no seat
│   ├── BidMalformed *   not one number for each option
│   ├── BidUnreadable    the same, found by the contract
│   ├── OrdersMalformed * not one order for each window
│   ├── QuantityOutOfRange * an order for no whole watt-hours, or more than 31 bits hold
│   ├── LimitOutOfRange * a price below nothing, or more than 16 bits hold
│   ├── OrderMalformed   one of the three, found by the contract
│   ├── OfferOutOfRange * less than nothing, or more than 32 bits hold
│   ├── RanksMalformed * not a permutation of 1 … B
│   ├── PointOutsideOption * an exact set-point outside its option
│   ├── DepositTooSmall  the free deposit does not cover what the bid locks
│   ├── AlreadyBid       a second bid for one session
│   ├── FeeTooHigh       the chain was too dear when the session opened
│   └── WindowClosed     came after the bids closed, or too far ahead
├── DepositRefused       money that does not come in whole ticks, or is too much
├── BalanceTooSmall      more was asked back than is free
├── WindowNotReady       opened, revealed, decided or settled before its time
├── WindowOutOfOrder     decided before an earlier one
├── WindowSettled        settled for a second time
├── BidMismatch          revealed or presented, but not what was recorded
├── OutcomeMismatch      presented to settlement, but not what was decided
├── WrongSealing         a sealed bid to an open market, or an open one to a sealed
└── NotTheMeter          a report without the signature of the registered meter

A leaf has a Solidity twin with the same name and the same arguments in the same
order; only who sent something is an address there, and a seat here. Those with a star are
found before anything is sent, and have none. A session is the windows that one bid covers:
one, or a day.
"""


class MarketError(Exception):
    """Something that happens to a correct program when parties negotiate."""


class BidRejected(MarketError):
    """A bid broke a rule, and was not recorded."""


class NotAParty(BidRejected):
    """The sender has no seat."""

    def __init__(self, sender: int | str) -> None:
        super().__init__(f"{sender} has no seat")
        self.sender = sender


class BidMalformed(BidRejected):
    """A bid does not hold one number for each option."""

    def __init__(self, seat: int, length: int, wanted: int) -> None:
        super().__init__(f"bid of seat {seat} has length {length}, wanted {wanted}")
        self.seat, self.length, self.wanted = seat, length, wanted


class OfferOutOfRange(BidRejected):
    """An offer is negative, or does not fit 32 bits."""

    def __init__(self, seat: int, option: int, offer: int) -> None:
        super().__init__(
            f"seat {seat} offers {offer} ticks for option {option}, wanted 0 to {2**32 - 1}"
        )
        self.seat, self.option, self.offer = seat, option, offer


class RanksMalformed(BidRejected):
    """A rank is out of range, or stands twice."""

    def __init__(self, seat: int, option: int, rank: int) -> None:
        super().__init__(
            f"seat {seat} ranks option {option} as {rank}, wanted each rank from 1 once"
        )
        self.seat, self.option, self.rank = seat, option, rank


class PointOutsideOption(BidRejected):
    """An exact set-point lies outside its option."""

    def __init__(self, seat: int, option: int, point: int) -> None:
        super().__init__(
            f"seat {seat} names set-point {point / 1000:g}, which option {option} does not hold"
        )
        self.seat, self.option, self.point = seat, option, point


class DepositTooSmall(BidRejected):
    """The free deposit does not cover the highest offer and the bond."""

    def __init__(self, seat: int, free: int, needed: int) -> None:
        super().__init__(f"seat {seat} has {free} ticks free, wanted {needed}")
        self.seat, self.free, self.needed = seat, free, needed


class BidUnreadable(BidRejected):
    """A contract cannot read a bid as one number for each option."""

    def __init__(self, seat: int, window: int) -> None:
        super().__init__(f"bid of seat {seat} for covered window {window} cannot be read")
        self.seat, self.window = seat, window


class OrdersMalformed(BidRejected):
    """Orders for a session are not one, or None, for each of its windows."""

    def __init__(self, seat: int, length: int, wanted: int) -> None:
        super().__init__(f"seat {seat} sent orders for {length} windows, wanted {wanted}")
        self.seat, self.length, self.wanted = seat, length, wanted


class QuantityOutOfRange(BidRejected):
    """The quantity of an order is no whole number, or does not fit 31 bits and a sign."""

    def __init__(self, seat: int, window: int, quantity_wh: float) -> None:
        super().__init__(
            f"seat {seat} orders {quantity_wh} Wh in window {window},"
            f" wanted whole ones up to {2**31 - 1}, taken or given"
        )
        self.seat, self.window, self.quantity_wh = seat, window, quantity_wh


class LimitOutOfRange(BidRejected):
    """The limit of an order is no whole number, negative, or does not fit 16 bits."""

    def __init__(self, seat: int, window: int, limit: float) -> None:
        super().__init__(
            f"seat {seat} sets a limit of {limit} ticks in window {window},"
            f" wanted whole ones from 0 to {2**16 - 1}"
        )
        self.seat, self.window, self.limit = seat, window, limit


class OrderMalformed(BidRejected):
    """A contract cannot read orders as a quantity and a limit for each window."""

    def __init__(self, seat: int, window: int) -> None:
        super().__init__(f"order of seat {seat} for window {window} cannot be read")
        self.seat, self.window = seat, window


class AlreadyBid(BidRejected):
    """A party bid twice for one session."""

    def __init__(self, session: int, seat: int) -> None:
        super().__init__(f"seat {seat} has bid for session {session} already")
        self.session, self.seat = session, seat


class FeeTooHigh(BidRejected):
    """The chain was too dear when the session opened: the default option is instructed."""

    def __init__(self, session: int, fee: int, cap: int) -> None:
        super().__init__(f"session {session} opened at {fee} wei a gas, wanted at most {cap}")
        self.session, self.fee, self.cap = session, fee, cap


class WindowClosed(BidRejected):
    """A bid came after the bids had closed, or too far ahead."""

    def __init__(self, session: int) -> None:
        super().__init__(f"session {session} takes no bids")
        self.session = session


class DepositRefused(MarketError):
    """A deposit does not come in whole ticks, or is more than an account may hold."""

    def __init__(self, amount: int, wanted: int) -> None:
        super().__init__(f"deposit of {amount} refused, wanted whole ticks up to {wanted}")
        self.amount, self.wanted = amount, wanted


class BalanceTooSmall(MarketError):
    """More was asked back than is free."""

    def __init__(self, seat: int, free: int, wanted: int) -> None:
        super().__init__(f"seat {seat} has {free} ticks free, and asked for {wanted}")
        self.seat, self.free, self.wanted = seat, free, wanted


class WindowNotReady(MarketError):
    """A session was opened, revealed, decided or settled before its time."""

    def __init__(self, session: int) -> None:
        super().__init__(f"session {session} is not ready for this")
        self.session = session


class WindowOutOfOrder(MarketError):
    """A session was decided before an earlier one."""

    def __init__(self, session: int, expected: int) -> None:
        super().__init__(f"session {session} came up, wanted session {expected} first")
        self.session, self.expected = session, expected


class WindowSettled(MarketError):
    """A session was settled for a second time."""

    def __init__(self, session: int) -> None:
        super().__init__(f"session {session} is settled already")
        self.session = session


class BidMismatch(MarketError):
    """What was revealed or presented is not what was recorded for a seat."""

    def __init__(self, session: int, seat: int) -> None:
        super().__init__(f"seat {seat} recorded another bid for session {session}")
        self.session, self.seat = session, seat


class OutcomeMismatch(MarketError):
    """What was presented to the settlement is not what was decided."""

    def __init__(self, session: int) -> None:
        super().__init__(f"session {session} was decided otherwise")
        self.session = session


class MeritMismatch(MarketError):
    """What was presented to the clearing is not all orders of a window, the best first."""

    def __init__(self, session: int, window: int) -> None:
        super().__init__(f"orders for window {window} of session {session} rank otherwise")
        self.session, self.window = session, window


class ReadingsMalformed(MarketError):
    """Readings do not hold one whole flow of each party for each window."""

    def __init__(self, session: int, window: int) -> None:
        super().__init__(f"readings of session {session} are malformed at window {window}")
        self.session, self.window = session, window


class WrongSealing(MarketError):
    """A sealed bid was sent to an open market, or an open one to a sealed market."""

    def __init__(self) -> None:
        super().__init__(
            "bids are sealed where the terms leave time to reveal, and open elsewhere"
        )


class NotTheMeter(MarketError):
    """A report does not carry the signature of the registered meter."""

    def __init__(self, signer: int | str) -> None:
        super().__init__(f"{signer} is not the registered meter")
        self.signer = signer
