"""What can go wrong in a window, wherever it is held.

MarketError              expected in normal operation; the run goes on
├── BidRejected          the bid broke a rule, and was not recorded
│   ├── NotAParty        the sender has no seat
│   ├── BidMalformed     not one number for each option
│   ├── OfferOutOfRange  less than nothing, or more than 32 bits hold
│   ├── RanksMalformed   not a permutation of 1 … B
│   ├── PointOutsideOption  an exact set-point outside its option
│   ├── DepositTooSmall  the free deposit does not cover highest offer and bond
│   ├── AlreadyBid       a second bid for one window
│   └── WindowClosed     came after the bids closed
├── DepositRefused       money that does not come in whole ticks, or is too much
├── BalanceTooSmall      more was asked back than is free
├── WindowNotReady       decided or settled before its time
├── WindowOutOfOrder     decided before an earlier one
├── WindowSettled        settled for a second time
├── BidMismatch          presented to the decision, but not what was recorded
└── NotTheMeter          the sender of a report is not the registered meter

A leaf has a Solidity twin with the same name and the same arguments in the same
order; only who sent something is an address there, and a seat here.
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


class AlreadyBid(BidRejected):
    """A party bid twice for one window."""

    def __init__(self, window: int, seat: int) -> None:
        super().__init__(f"seat {seat} has bid for window {window} already")
        self.window, self.seat = window, seat


class WindowClosed(BidRejected):
    """A bid came after the bids had closed."""

    def __init__(self, window: int) -> None:
        super().__init__(f"window {window} takes no more bids")
        self.window = window


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
    """A window was decided or settled before its time."""

    def __init__(self, window: int) -> None:
        super().__init__(f"window {window} is not ready for this")
        self.window = window


class WindowOutOfOrder(MarketError):
    """A window was decided before an earlier one."""

    def __init__(self, window: int, expected: int) -> None:
        super().__init__(f"window {window} came up, wanted window {expected} first")
        self.window, self.expected = window, expected


class WindowSettled(MarketError):
    """A window was settled for a second time."""

    def __init__(self, window: int) -> None:
        super().__init__(f"window {window} is settled already")
        self.window = window


class BidMismatch(MarketError):
    """A bid presented to the decision is not the one that was recorded."""

    def __init__(self, window: int, seat: int) -> None:
        super().__init__(f"seat {seat} recorded another bid for window {window}")
        self.window, self.seat = window, seat


class NotTheMeter(MarketError):
    """The sender of a report is not the registered meter."""

    def __init__(self, sender: int | str) -> None:
        super().__init__(f"{sender} is not the registered meter")
        self.sender = sender
