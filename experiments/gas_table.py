"""What the chain charges: gas of every call of a session, in steady state, as a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from experiments.paper.gas import PAPER_BLOCKS, TODAY_BLOCKS
from experiments.trading_gas import trading_section
from experiments.wiring import HALF_HOUR, REVEALING, open_venue
from market.bids import Bid
from market.local import IN_FLIGHT
from market.mechanisms import MECHANISMS
from market.terms import Terms
from market.venue import Stage, Venue

COUNTED: Final[tuple[Stage, ...]] = ("submit", "commit", "reveal", "decide")
"""Bids or commitments, reveals, and the decision; the meter's report is shown apart."""

PAPER: Final = {"hco": 1_568_000, "rps": 936_000}
"""Gas of one of the paper's two transactions a half-hour (p. 15)."""

DAY: Final = 48
"""Windows of a day ahead."""

PARTIES: Final = (2, 3, 5, 8)
OPTIONS: Final = (5, 13, 25, 61)
USUAL: Final = (2, 13)
"""Parties and options of the paper."""


@dataclass(frozen=True)
class Layout:
    """A market whose gas is measured."""

    mechanism: str
    sealed: bool
    horizon: int
    parties: int = USUAL[0]
    options: int = USUAL[1]
    highest: int = 2**16 - 1
    """Offers are drawn up to it: two bytes, or four."""


@dataclass(frozen=True)
class Gas:
    """Gas of a session in steady state."""

    layout: Layout
    by_stage: dict[str, int]

    @property
    def a_window(self) -> int:
        """Gas of a half-hour, all parties together, without the meter's report."""
        counted = sum(gas for stage, gas in self.by_stage.items() if stage in COUNTED)
        return round(counted / self.layout.horizon)


def measure(layout: Layout) -> Gas:
    """Return the gas of a session once storage is used for a second time."""
    terms = _terms(layout)
    venue = open_venue("revm", terms)
    rng = np.random.default_rng(0)
    for seat in range(layout.parties):
        venue.deposit(seat, 10**12)
    for session in range(IN_FLIGHT + 1):
        _hold(
            venue, session, [_bids(terms, layout.highest, rng) for _ in range(layout.parties)]
        )
    last = [call for call in venue.calls if call.session == IN_FLIGHT]
    stages = dict.fromkeys(call.stage for call in last)
    return Gas(layout, {s: sum(c.gas for c in last if c.stage == s) for s in stages})


def usual_layouts() -> Iterator[Layout]:
    """Yield the paper's size: every mechanism, open and sealed, single and day ahead."""
    for mechanism, sealed, horizon in product(MECHANISMS, (False, True), (1, DAY)):
        if sealed or not MECHANISMS[mechanism]("none").lottery:
            yield Layout(mechanism, sealed, horizon)


def gas_page() -> str:
    """Return the page in Markdown."""
    usual = [measure(layout) for layout in usual_layouts()]
    wide = [
        measure(Layout("hco", sealed, horizon, highest=2**32 - 1))
        for sealed, horizon in product((False, True), (1, DAY))
    ]
    return "\n".join(
        [
            "# Gas",
            "",
            "Made by `gridpact contracts gas`. Gas is that of whole transactions under Prague, "
            "with storage that was used before, as in a market that has run for a while. "
            "Deployment, deposits and withdrawals are not counted, and the meter's report, "
            "which settles, is shown apart.",
            "",
            "## Two parties, thirteen options",
            "",
            *_table([*usual, *wide]),
            "",
            *_beside_the_paper(usual),
            "",
            "## By number of options and of parties",
            "",
            *_scaling(),
            "",
            *trading_section(),
            "",
        ]
    )


def _terms(layout: Layout) -> Terms:
    return Terms(
        parties=layout.parties,
        options=tuple((option, option) for option in range(layout.options)),
        mechanism=layout.mechanism,
        horizon=layout.horizon,
        period=HALF_HOUR * layout.horizon,
        revealing=REVEALING if layout.sealed else 0,
        bond=100,
    )


def _bids(terms: Terms, highest: int, rng: np.random.Generator) -> list[Bid]:
    """Return a full bid for each window: no offer saves a byte by being small."""
    options = len(terms.options)
    if terms.rule.form == "ranks":
        rows = [rng.permutation(options) + 1 for _ in range(terms.horizon)]
    else:
        rows = list(rng.integers(highest // 2, highest, (terms.horizon, options)))
    return [Bid(tuple(row.tolist())) for row in rows]


def _hold(venue: Venue, session: int, bids: Sequence[list[Bid]]) -> None:
    rng = np.random.default_rng(session)
    for seat, own in enumerate(bids):
        venue.submit(session, seat, own, rng.bytes(32))
    for seat in range(len(bids)):
        venue.reveal(session, seat)
    awards = venue.decide(session)
    venue.report(session, [award.set_point for award in awards])


def _table(measured: Sequence[Gas]) -> list[str]:
    rows = [
        "| mechanism | bids | windows a session | offers | bids or commitments | reveals "
        "| decision | **a half-hour** | a half-hour and party | report |",
        "|---|---|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for gas in measured:
        layout, stages = gas.layout, gas.by_stage
        sent = stages.get("submit", 0) + stages.get("commit", 0)
        cells = (
            f"`{layout.mechanism}`",
            "sealed" if layout.sealed else "open",
            str(layout.horizon),
            _width(layout),
            f"{sent:,}",
            f"{stages.get('reveal', 0):,}",
            f"{stages['decide']:,}",
            f"**{gas.a_window:,}**",
            f"{round(gas.a_window / layout.parties):,}",
            f"{stages['report']:,}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _width(layout: Layout) -> str:
    if MECHANISMS[layout.mechanism]("none").form == "ranks":
        return "ranks"
    return "16 bits" if layout.highest < 2**16 else "32 bits"


def _beside_the_paper(usual: Sequence[Gas]) -> list[str]:
    """Say what the paper's contracts took, and how many links a chain could carry."""
    rows = [
        "| mechanism | the paper, two transactions | here, single sealed | here, day ahead "
        "sealed | links a chain carries: paper's gas and block | today's block, day ahead |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, transaction in PAPER.items():
        single, day = (
            next(g.a_window for g in usual if g.layout == Layout(name, True, horizon))
            for horizon in (1, DAY)
        )
        then = PAPER_BLOCKS.gas_limit * HALF_HOUR / PAPER_BLOCKS.seconds / (2 * transaction)
        now = TODAY_BLOCKS.gas_limit * HALF_HOUR / TODAY_BLOCKS.seconds / day
        rows.append(
            f"| `{name}` | {2 * transaction:,} | {single:,} | {day:,} "
            f"| {then:,.0f} | {now:,.0f} |"
        )
    blocks = (
        f"The paper's block: {PAPER_BLOCKS.gas_limit:,} gas every {PAPER_BLOCKS.seconds:g} s; "
        f"today's: {TODAY_BLOCKS.gas_limit:,} every {TODAY_BLOCKS.seconds:g} s."
    )
    return [*rows, "", blocks]


def _scaling() -> list[str]:
    """Return gas a half-hour, sealed and single, with its straight line."""
    rows = [
        "Single sealed windows, gas a half-hour.",
        "",
        "| mechanism | " + " | ".join(f"n = 2, B = {b}" for b in OPTIONS) + " | "
        "an option more | R² | " + " | ".join(f"n = {n}, B = 13" for n in PARTIES) + " | "
        "a party more | R² |",
        "|---|" + "--:|" * (len(OPTIONS) + len(PARTIES) + 4),
    ]
    for name in MECHANISMS:
        by_options = [measure(Layout(name, True, 1, options=b)).a_window for b in OPTIONS]
        by_parties = [measure(Layout(name, True, 1, parties=n)).a_window for n in PARTIES]
        cells = [f"`{name}`", *(f"{gas:,}" for gas in by_options), *_line(OPTIONS, by_options)]
        cells += [*(f"{gas:,}" for gas in by_parties), *_line(PARTIES, by_parties)]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _line(places: Sequence[int], gas: Sequence[int]) -> tuple[str, str]:
    """Return the slope of the best straight line, and how well it fits."""
    slope, start = np.polyfit(places, gas, 1)
    rest = np.array(gas) - (slope * np.array(places) + start)
    return f"{slope:,.0f}", f"{1 - rest.var() / np.var(gas):.5f}"
