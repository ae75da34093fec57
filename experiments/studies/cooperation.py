"""When cooperation pays: findings of dispositions, mechanisms, sealing and penalties."""

from collections.abc import Iterator
from typing import Any

from experiments.studies.words import Table, gbp, listed
from experiments.sweep.plan import Sweep

KIND, SELFISH, HARMFUL = "cooperative", "best-response", "adversarial"
NAMES = ("network-1", "network-2")


def paragraphs(sweep: Sweep, table: Table) -> list[str]:
    """Return what was assumed, who gains by cooperating, and what seals and bonds do."""
    days = sweep.table["grid"]["days"]
    return [
        f"Cooperation, on the Anglesey case: means over nine pairs of loadings and {days} days "
        "in one match; no intervals, since all dispositions meet the same days and draw "
        "nothing by chance. Cooperative parties weigh the other's payoff as their own (45°), "
        "best-response ones only their own (0°), adversarial ones against the other's (-45°).",
        *(" ".join(_paying(rows, str(name))) for name, rows in _open(table)),
        " ".join(_sealing(table)),
        " ".join(_penalties(table)),
    ]


def _open(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield the rows of open bids without a penalty, by mechanism."""
    plain = table[~table["market.sealed"] & (table["market.bond_gbp"] == 0)]
    yield from plain.groupby("market.mechanisms")


def _at(rows: Table, first: str, second: str) -> Any:
    return rows[(rows["ask.first"] == first) & (rows["ask.second"] == second)].iloc[0]


def _paying(rows: Table, mechanism: str) -> Iterator[str]:
    """Yield what pairs of dispositions save, and what each gains by cooperating."""
    both = {kind: _at(rows, kind, kind)["saving_gbp"] for kind in (KIND, SELFISH, HARMFUL)}
    yield (
        f"Under `{mechanism}` two cooperative networks save {gbp(both[KIND])} a day against no "
        f"link, two that look to themselves {gbp(both[SELFISH])}, two adversarial ones "
        f"{gbp(both[HARMFUL])}."
    )
    paid = []
    for seat, name in enumerate(NAMES):
        gains = {other: _gain(rows, seat, other) for other in (KIND, SELFISH, HARMFUL)}
        told = ", ".join(f"{gbp(gain)} against {other}" for other, gain in gains.items())
        yield f"Cooperating instead of looking to itself brings {name} a day {told}."
        paid += [f"{name} against {other}" for other, gain in gains.items() if gain > 0]
    yield f"So under `{mechanism}` cooperation pays for {listed(paid) if paid else 'nobody'}."


def _gain(rows: Table, seat: int, other: str) -> float:
    """Return what a seat's net cost falls by if it cooperates."""
    pairs = (
        [(KIND, other), (SELFISH, other)] if seat == 0 else [(other, KIND), (other, SELFISH)]
    )
    kind, selfish = (_at(rows, *pair)[f"net_cost_{seat}_gbp"] for pair in pairs)
    return float(selfish - kind)


def _sealing(table: Table) -> Iterator[str]:
    """Yield what sealing changes."""
    told = table[~table[["ask.first", "ask.second"]].isin(["unrevealed"]).any(axis=1)]
    axes = ["market.mechanisms", "market.bond_gbp", "ask.first", "ask.second"]
    apart = told.groupby(axes)["saving_gbp"].agg(lambda s: s.max() - s.min()).max()
    yield (
        "Sealing changes no outcome among parties that reveal (the largest difference in any "
        f"saving is {gbp(float(apart))}), because nobody here sees a bid before it bids."
    )
    yield "What it adds is a way out: not to reveal."
    for bond, rows in table[table["market.sealed"]].groupby("market.bond_gbp"):
        gains = []
        for mechanism, own in rows.groupby("market.mechanisms"):
            for seat, name in enumerate(NAMES):
                pairs = [("unrevealed", "truthful"), ("truthful", "truthful")]
                pairs = pairs if seat == 0 else [(b, a) for a, b in pairs]
                out, stay = (_at(own, *pair)[f"net_cost_{seat}_gbp"] for pair in pairs)
                if out < stay:
                    gains.append(f"{name} under `{mechanism}` ({gbp(stay - out)})")
        who = f"pays for {listed(gains)}" if gains else "pays for nobody"
        yield f"With a bond of {gbp(float(bond))} a window never to reveal {who}."


def _penalties(table: Table) -> Iterator[str]:
    """Yield what it takes that isolating one's busbar does not pay."""
    rows = table[~table["market.sealed"]]
    for mechanism, own in rows.groupby("market.mechanisms"):
        for seat, name in enumerate(NAMES):
            found = []
            for bond, cells in own.groupby("market.bond_gbp"):
                pair = ("withholder", "truthful") if seat == 0 else ("truthful", "withholder")
                honest = _at(cells, "truthful", "truthful")[f"net_cost_{seat}_gbp"]
                gain = honest - _at(cells, *pair)[f"net_cost_{seat}_gbp"]
                found.append(f"{gbp(float(gain))} at {gbp(float(bond))}")
            yield (
                f"Isolating its busbar against what was agreed brings {name} under "
                f"`{mechanism}`, by the bond a window: {', '.join(found)} a day."
            )
    plain = rows[rows["market.bond_gbp"] == 0]
    for mechanism, own in plain.groupby("market.mechanisms"):
        honest = _at(own, "truthful", "truthful")["saving_gbp"]
        broken = _at(own, "withholder", "withholder")["saving_gbp"]
        yield (
            f"If both do so the link saves {gbp(broken)} in place of {gbp(honest)} under "
            f"`{mechanism}`."
        )
