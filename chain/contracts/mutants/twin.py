"""Play sessions by dice in memory and on a contract; a difference is an AssertionError."""

import random
import sys
from typing import Any, Final

from chain.revm import Revm
from chain.venue import ContractVenue
from market.bids import Bid
from market.errors import MarketError
from market.local import LocalVenue
from market.terms import Terms

SESSIONS: Final = 10
PERIOD: Final = 1000


def play(seed: int) -> None:
    """Play some sessions under some terms, and compare after every call."""
    dice = random.Random(seed)
    pair = Pair(_terms(dice), seed)
    for seat in range(pair.terms.parties):
        pair.both("deposit", seat, dice.choice([10, 100, 1000]))
    for session in range(SESSIONS):
        _hold(dice, pair, session)


class Pair:
    """Two venues that must agree."""

    def __init__(self, terms: Terms, seed: int) -> None:
        self.terms = terms
        self.seed = seed
        self.venues = LocalVenue(terms), ContractVenue(terms, Revm())

    def both(self, call: str, *arguments: Any, **named: Any) -> bool:
        """Make a call on both; return whether it was accepted."""
        memory, contract = (
            _attempt(getattr(v, call), *arguments, **named) for v in self.venues
        )
        what = f"seed {self.seed}: {call}"
        assert memory == contract, what
        assert self.venues[0].free == self.venues[1].free, f"{what}: free deposits"
        assert self.venues[0].authority == self.venues[1].authority, f"{what}: authority"
        return memory[0] == "accepted"

    def wait_until(self, seconds: int) -> None:
        """Let time pass on both."""
        for venue in self.venues:
            venue.wait_until(seconds)


def _hold(dice: random.Random, pair: Pair, session: int) -> None:
    terms = pair.terms
    for seat in dice.sample(range(terms.parties), terms.parties):
        if dice.random() < 0.85:
            _bid(dice, pair, session, seat)
    decided = dice.random() < 0.3 and pair.both("decide", session)
    pair.wait_until(terms.bids_close(session))
    for seat in range(terms.parties):
        if dice.random() < 0.85:
            pair.both("reveal", session, seat)
    if not decided and not pair.both("decide", session):
        pair.wait_until(terms.reveals_close(session))
        pair.both("decide", session)
    _settle(dice, pair, session)


def _settle(dice: random.Random, pair: Pair, session: int) -> None:
    flows = [0] * pair.terms.horizon
    if dice.random() < 0.2:
        pair.both("settle", session)
    if dice.random() < 0.9:
        seats = range(pair.terms.parties)
        blocked = [tuple(seat for seat in seats if dice.random() < 0.1) for _ in flows]
        pair.both("report", session, flows, blocked)
    if dice.random() < 0.1:
        pair.both("report", session, flows)
    if dice.random() < 0.2:
        pair.both("withdraw", dice.randrange(pair.terms.parties), dice.choice([1, 5, 10**6]))
    for earlier in range(max(0, session - 6), max(0, session - 3)):
        pair.both("settle", earlier)


def _bid(dice: random.Random, pair: Pair, session: int, seat: int) -> None:
    terms = pair.terms
    bids = [_window(dice, terms) if dice.random() < 0.9 else None for _ in range(terms.horizon)]
    caps = None
    if terms.sealed and dice.random() < 0.3:
        tops = [max(bid.numbers) for bid in bids if bid is not None]
        most = tops if terms.rule.form == "offers" else [0] * len(tops)
        caps = [max(0, top + dice.choice([-1, 0, 2])) for top in most]
    salt = dice.randbytes(32)
    pair.both("submit", session, seat, bids, salt=salt, caps=caps)
    if dice.random() < 0.05:
        pair.both("submit", session, seat, bids, salt=salt)


def _window(dice: random.Random, terms: Terms) -> Bid:
    if terms.rule.form == "ranks":
        ranks = list(range(1, len(terms.options) + 1))
        dice.shuffle(ranks)
        if dice.random() < 0.05:
            ranks[0] = ranks[-1]
        return Bid(tuple(ranks))
    numbers = tuple(
        70_000 if dice.random() < 0.004 else dice.choice([0, 1, 2, 3, 4, 5, 9])
        for _ in terms.options
    )
    if dice.random() < 0.7:
        return Bid(numbers)
    slip = dice.random() < 0.1
    return Bid(numbers, tuple(dice.randint(low, high) + slip for low, high in terms.options))


def _terms(dice: random.Random) -> Terms:
    parties, options = dice.randint(2, 4), dice.randint(2, 6)
    mechanism = dice.choice(["hco", "hco", "rps", "rps-pareto", "rps-random"])
    hiding = mechanism == "rps-random" or dice.random() < 0.5
    return Terms(
        parties=parties,
        options=tuple((k * 10, k * 10 + dice.choice([0, 5, 9])) for k in range(options)),
        default=dice.randrange(options),
        mechanism=mechanism,
        payment=dice.choice(["difference", "equal-split", "none"]),
        bond=dice.choice([0, 5, 7]),
        authority=dice.randrange(parties),
        horizon=dice.choice([1, 1, 2, 5]),
        period=PERIOD,
        revealing=300 if hiding else 0,
    )


def _attempt(call: Any, *arguments: Any, **named: Any) -> tuple[str, Any]:
    try:
        return "accepted", call(*arguments, **named)
    except MarketError as error:
        who = {"sender", "signer"}
        return type(error).__name__, {k: v for k, v in vars(error).items() if k not in who}


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        play(number)
