"""What one party bids over all sessions: from a file, or from a strategy on a scenario."""

import secrets
from functools import partial
from pathlib import Path
from typing import Any

from chain.agreement import Agreement
from chain.packing import pack_bids, pack_caps, pack_covered
from experiments.errors import InputRefused
from experiments.json_input import Reader
from experiments.operator.journal import Entry
from market.bids import HIGHEST_OFFER, Bid, Bids, check_bid, covered
from market.errors import BidRejected
from market.session import stakes
from market.terms import Terms


def read_bids(path: Path, terms: Terms, seat: int) -> tuple[Bid | None, ...]:
    """Read the ``bids`` of one party, and its ``points_mw``, as ``negotiate`` has them.

    Raises
    ------
    InputRefused
        Naming the place of what is wrong.
    """
    reader, count = Reader(str(path)), len(terms.options)
    known = ("points_mw", "name", "deposit")
    table = reader.table("the file", reader.load(), ("bids",), known)
    whole = partial(reader.whole, low=0, high=HIGHEST_OFFER)

    def numbers(at: str, value: Any) -> tuple[int, ...] | None:
        return None if value is None else reader.row(at, value, count, whole)

    def points(at: str, value: Any) -> tuple[int, ...] | None:
        if value is None:
            return None
        places = reader.row(at, value, count, lambda place, item: (place, item))
        return tuple(
            reader.thousandths(place, item, *ends)
            for (place, item), ends in zip(places, terms.options, strict=True)
        )

    rows = reader.items("bids", table["bids"], "a list of bids, one for each window", numbers)
    named = table.get("points_mw", [None] * len(rows))
    pairs = zip(rows, reader.row("points_mw", named, len(rows), points), strict=True)
    bids = tuple(Bid(row, point) if row is not None else None for row, point in pairs)
    for window, bid in enumerate(bids):
        _check(path, terms, seat, window, bid)
    return bids


def strategy_bids(
    scenario_name: str, strategy_name: str, terms: Terms, seat: int
) -> tuple[Bid | None, ...]:
    """Return what a strategy bids on a scenario's costs, for every window of all its days.

    Raises
    ------
    InputRefused
        If the scenario is not about what the parties agreed.
    """
    import numpy as np

    from agents.draws import Draws, chances
    from agents.player import Player
    from agents.strategies.base import before_play, setting
    from experiments.scenario import read_scenario
    from experiments.wiring import strategy, study

    scenario, chosen = read_scenario(scenario_name), strategy(strategy_name)
    seen = study(scenario)
    if (len(seen.parties), seen.options) != (terms.parties, terms.options):
        wanted = f"{terms.parties} parties and the options of the contract"
        raise InputRefused(scenario_name, f"has other parties or options, wanted {wanted}")
    pair = scenario.play.pair
    costs_gbp = np.concatenate([seen.costs_gbp(pair, day)[seat] for day in range(seen.days)])
    known = setting(terms, seat, scenario.market.tick_gbp, costs_gbp.shape[0] // seen.days)
    seeds, _ = chances(scenario.seed, terms.parties)
    player = Player(chosen, known, Draws([seeds[seat]]))
    if player.learns:
        reason = "learns from what happens, wanted one that can bid ahead of it"
        raise InputRefused(strategy_name, reason)
    bids = [
        player.bid(before_play(known, np.array([window]), costs[np.newaxis]))[0, 0]
        for window, costs in enumerate(costs_gbp)
    ]
    return tuple(Bid(tuple(numbers.tolist())) for numbers in bids)


def planned(agreed: Agreement, seat: int, session: int, bids: Bids) -> Entry:
    """Return what the journal keeps of bids for a session: with a fresh salt, if sealed.

    Parameters
    ----------
    agreed : Agreement
        The contract.
    seat, session : int
        Who bids, and for what.
    bids : sequence of Bid or None
        For the windows of the session; fewer if they end before it does.
    """
    terms, staked = agreed.terms, stakes(agreed.terms, bids, None)
    any_at_all = bool(covered(bids))
    return Entry(
        chain_id=agreed.chain_id,
        contract=agreed.address,
        seat=seat,
        session=session,
        covered=pack_covered(bids),
        caps=pack_caps(staked).hex() if terms.sealed else "",
        bids=pack_bids(terms, bids).hex() if any_at_all else "",
        salt=(secrets.token_bytes(32) if terms.sealed else bytes(32)).hex(),
        locks=sum(staked.values()) + len(staked) * terms.bond,
    )


def _check(path: Path, terms: Terms, seat: int, window: int, bid: Bid | None) -> None:
    try:
        if bid is not None:
            check_bid(terms, seat, bid)
    except BidRejected as wrong:
        raise InputRefused(str(path), f"bids[{window}]: {wrong}") from wrong
