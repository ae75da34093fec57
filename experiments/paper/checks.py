"""What the decisions say about the paper's statements on its case and its mechanisms.

Network 1 is party 0. A half-hour is a window of a pair of loadings: 432 of them.
"""

import numpy as np

from experiments.paper.misprints import printed_algorithm_1, printed_algorithm_2
from experiments.paper.reproduce import (
    LOADINGS,
    Reproduction,
    decide_in_memory,
    pair_costs_gbp,
    truthful_bids,
)
from experiments.paper.statements import Evidence, Finding, always, often, plainly
from experiments.wiring import terms
from market import money
from market.types import Bids, Floats, Mask, Options

SHADES = np.arange(11) / 10
"""Shares of its true offers that network 1 might send."""


def options(evidence: Evidence) -> Finding:
    """Count the options, and measure them."""
    ranges = np.array(evidence.run.seen.options) / 1000
    width = np.ptp(ranges, axis=-1)
    zero = [low == high == 0 for low, high in ranges.tolist()]
    fives = int((width == 5).sum())
    here = f"{len(ranges)}: {fives} of 5 MW and {sum(zero)} of 0 MW"
    return Finding(here, plainly((len(ranges), fives, sum(zero)) == (13, 12, 1)))


def least_cost_under_hco(evidence: Evidence) -> Finding:
    """Count how often the offers choose the least total cost, to the rounding of offers."""
    least = ~dearer_than_least(evidence.run, "hco")
    return Finding(f"{_of(least)} half-hours", always(float(least.mean())))


def departures_of_rps(evidence: Evidence) -> Finding:
    """Count how often ranks choose more than the least total cost."""
    dearer = dearer_than_least(evidence.run, "rps")
    return Finding(f"{_of(dearer)} half-hours", often(float(dearer.mean())))


def departures_by_loading(evidence: Evidence) -> Finding:
    """Compare the set-points of both mechanisms by the loading of network 1."""
    gap = disagreement_mw(evidence.run)
    dearer = dearer_than_least(evidence.run, "rps").reshape(len(LOADINGS), -1).mean(-1)
    here = "; ".join(
        f"{name} {mw:.1f} MW apart, {share:.0%} dearer"
        for name, mw, share in zip(LOADINGS, gap, dearer, strict=True)
    )
    return Finding(here, plainly(int(gap.argmax()) == LOADINGS.index("D")))


def who_pays(evidence: Evidence) -> Finding:
    """Count how often network 1 pays."""
    pays = evidence.run.decisions["hco"].payments[..., 0] > 0
    return Finding(f"{_of(pays)} half-hours", always(float(pays.mean())))


def sensitivity(evidence: Evidence) -> Finding:
    """Compare the highest offers, which are the spans of cost."""
    cost = evidence.run.cost_gbp
    first, second = np.ptp(cost, axis=-1).mean((0, 2))
    here = f"GBP {first:.2f} against {second:.2f} a half-hour, x {first / second:.1f}"
    return Finding(here, plainly(bool(first > second)))


def network_1_dearer_under_hco(evidence: Evidence) -> Finding:
    """Compare network 1's cost and payment with its cost without the link."""
    net, alone = evidence.run.net_gbp("hco")[:, 0], evidence.run.no_link_gbp[:, 0]
    ratio = net.sum(-1) / alone.sum(-1)
    here = (
        f"{_of(net > alone)} half-hours, {_of(ratio > 1)} days;"
        f" x {ratio.min():.2f} to {ratio.max():.2f} a day"
    )
    return Finding(here, often(float((net > alone).mean())))


def network_2_gains_under_hco(evidence: Evidence) -> Finding:
    """Compare network 2's cost less what it receives with its cost without the link."""
    gains = evidence.run.net_gbp("hco")[:, 1] < evidence.run.no_link_gbp[:, 1]
    return Finding(f"{_of(gains)} half-hours", always(float(gains.mean())))


def total_below_no_link(evidence: Evidence) -> Finding:
    """Compare a day's total cost with that without the link."""
    ratios = {name: evidence.run.ratio(name) for name in ("hco", "rps")}
    here = "; ".join(
        f"{name} {_of(ratio < 1)} days, mean {ratio.mean():.3f}"
        for name, ratio in ratios.items()
    )
    return Finding(here, always(float(np.mean([r < 1 for r in ratios.values()]))))


def both_gain_under_rps(evidence: Evidence) -> Finding:
    """Compare each network's cost with that without the link."""
    cost, alone = evidence.run.chosen_gbp("rps"), evidence.run.no_link_gbp
    days, halves = cost.sum(-1) < alone.sum(-1), cost < alone
    here = "; ".join(
        f"network {seat + 1} {_of(days[:, seat])} days, {_of(halves[:, seat])} half-hours"
        for seat in range(2)
    )
    return Finding(here, always(float(days.mean())))


def costs_inflicted_under_rps(evidence: Evidence) -> Finding:
    """Count where network 1 is worse off than without the link, and network 2 better."""
    worse = evidence.run.chosen_gbp("rps") > evidence.run.no_link_gbp
    inflicted = worse[:, 0] & ~worse[:, 1]
    return Finding(f"{_of(inflicted)} half-hours", plainly(bool(inflicted.any())))


def uneven_benefit(evidence: Evidence) -> Finding:
    """Compare what each network saves, payments included, over all days."""
    saved = (evidence.run.no_link_gbp - evidence.run.net_gbp("hco")).sum(-1).mean(0)
    here = f"network 1 saves GBP {saved[0]:.0f} a day, network 2 GBP {saved[1]:.0f}"
    lesser, greater = sorted(saved.tolist())
    return Finding(here, plainly(lesser < 0.8 * greater))


def no_payment_under_rps(evidence: Evidence) -> Finding:
    """Sum what ranks make anybody pay."""
    paid = int(np.abs(evidence.run.decisions["rps"].payments).sum())
    return Finding(f"{paid} ticks", plainly(paid == 0))


def equal_weight(evidence: Evidence) -> Finding:
    """Compare the ranks that each network gives to what is chosen."""
    ranks = money.ranks(money.values(evidence.run.cost_gbp))
    mean = {}
    for name in ("hco", "rps"):
        option = evidence.run.decisions[name].option[:, None, :, None]
        mean[name] = np.take_along_axis(ranks, option, -1).mean((0, 2, 3))
    here = "; ".join(
        f"{name}: mean rank {first:.1f} and {second:.1f}"
        for name, (first, second) in mean.items()
    )
    apart = {name: abs(float(first - second)) for name, (first, second) in mean.items()}
    if apart["rps"] < 0.5:
        return Finding(here, "holds")
    return Finding(here, "partly" if apart["rps"] < apart["hco"] else "does not hold")


def lower_offers(evidence: Evidence) -> Finding:
    """Let network 1 send a share of its true offers, and network 2 all of its own."""
    net = shaded_net_gbp(evidence.run)
    best = int(net.argmin())
    here = (
        f"best at {SHADES[best]:.0%} of the truth: GBP {net[best]:.0f} a day"
        f" instead of {net[-1]:.0f}"
    )
    return Finding(here, plainly(SHADES[best] < 0.9))


def two_readings(evidence: Evidence) -> Finding:
    """Compare the mean cost ratios of lowest rank sum and of the whole Pareto set."""
    ratio = {name: float(evidence.run.ratio(name).mean()) for name in ("rps", "rps-pareto")}
    here = f"lowest rank sum {ratio['rps']:.3f}, whole Pareto set {ratio['rps-pareto']:.3f}"
    same = abs(ratio["rps"] - ratio["rps-pareto"]) < 0.005
    return Finding(here, plainly(same))


def algorithm_1(evidence: Evidence) -> Finding:
    """Run Algorithm 1 as printed on every half-hour, and on all-zero offers."""
    bids = _bids(evidence.run, "hco")
    option = evidence.run.decisions["hco"].option
    same = np.array([printed_algorithm_1(*bids[i, :, w].tolist()) for i, w in _places(option)])
    hits = same == option.ravel()
    nothing = printed_algorithm_1([0, 0], [0, 0])
    here = f"{_of(hits)} half-hours as the text says; all-zero offers select {nothing}"
    return Finding(here, "partly" if hits.any() else "does not hold")


def algorithm_2(evidence: Evidence) -> Finding:
    """Run Algorithm 2 as printed on every half-hour."""
    bids = _bids(evidence.run, "rps-pareto")
    wanted = evidence.run.decisions["rps-pareto"].candidates
    same = np.array(
        [
            printed_algorithm_2(*bids[i, :, w].tolist())
            == np.flatnonzero(wanted[i, w]).tolist()
            for i, w in _places(evidence.run.decisions["rps-pareto"].option)
        ]
    )
    return Finding(f"{_of(same)} half-hours", always(float(same.mean())))


# What several checks measure.


def dearer_than_least(run: Reproduction, mechanism: str) -> Mask:
    """Return where more than the least total cost was chosen, shape (pair, window).

    Offers are whole ticks, so that each may hide half a tick on either side.
    """
    hidden = run.cost_gbp.shape[1] * run.scenario.market.tick_gbp
    chosen = run.chosen_gbp(mechanism).sum(1)
    return chosen > run.cost_gbp.sum(1).min(-1) + hidden


def disagreement_mw(run: Reproduction) -> Floats:
    """Return how far HCO and RPS are apart, by the loading of network 1, shape (3,)."""
    apart = np.abs(run.set_point_mw("hco") - run.set_point_mw("rps"))
    return apart.reshape(len(LOADINGS), -1).mean(-1)


def shaded_net_gbp(run: Reproduction) -> Floats:
    """Return network 1's cost and payment a day by the share that it offers, (share,)."""
    agreed, tick = terms(run.scenario, run.seen, "hco"), run.scenario.market.tick_gbp
    worth = money.values(run.cost_gbp)
    net = []
    for share in SHADES:
        bids = money.offers(worth * np.array([share, 1.0])[:, None, None], tick)
        decided = decide_in_memory(agreed, bids)
        net.append(Reproduction(run.scenario, run.seen, {"hco": decided}).net_gbp("hco")[:, 0])
    return np.array(net).sum(-1).mean(-1)


def _bids(run: Reproduction, mechanism: str) -> Bids:
    agreed = terms(run.scenario, run.seen, mechanism)
    return truthful_bids(pair_costs_gbp(run.seen), agreed, run.scenario.market.tick_gbp)


def _places(option: Options) -> list[tuple[int, ...]]:
    """Return the indexes of all pairs and windows."""
    return list(np.ndindex(option.shape[:2]))


def _of(cases: Mask) -> str:
    """Return how many of how many."""
    return f"{int(cases.sum())} of {cases.size}"
