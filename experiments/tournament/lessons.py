"""What a tournament teaches beyond its equilibria: learning, shading, hostility, sealing."""

from collections.abc import Callable, Sequence
from itertools import product
from math import isnan
from typing import Final

import numpy as np
import pandas as pd

from agents.learning import LEARNING_RULES
from experiments.tournament.families import family
from experiments.tournament.match import Run
from experiments.tournament.play import Tournament, play_part
from experiments.wiring import terms
from market import money
from market.decision import decide
from market.games.dynamics import best_response_dynamics

TRUTH: Final = "truthful"
KNOWS_PAST: Final = "best-response"
STEP_GBP: Final = 1.0
"""Of bids, where their game is followed to its end."""

ROUNDS: Final = 256
"""After which it is given up."""

KNOWS_NOW: Final = "oracle-best-response"


def lessons(played: Tournament, mechanism: str) -> tuple[str, ...]:
    """Return a sentence for each question that the strategies played can answer.

    Parameters
    ----------
    played : Tournament
        All of it.
    mechanism : str
        The one that is asked about.
    """
    rows = played.payoffs[played.payoffs["mechanism"] == mechanism]
    asked: tuple[Callable[[], str | None], ...] = (
        lambda: best_and_worst_pairings(rows),
        lambda: which_families_do_well(rows),
        lambda: when_they_learn(rows),
        lambda: whether_shading_pays(rows),
        lambda: a_hostile_neighbour(rows),
        lambda: what_sealing_is_worth(played, mechanism),
        lambda: where_best_responses_lead(played, mechanism),
    )
    return tuple(said for said in (ask() for ask in asked) if said)


def when_they_learn(rows: pd.DataFrame) -> str | None:
    """Say where it ends when every party learns."""
    learners = [name for name in _strategies(rows) if name in LEARNING_RULES]
    ratio = "system_cost_ratio"
    if not learners or ratio not in rows:
        return None
    among = float(rows.loc[_all_play(rows, learners), ratio].mean())
    honest = float(rows.loc[_all_play(rows, [TRUTH]), ratio].mean())
    if isnan(among):  # not played, or not known
        return None
    said = (
        f"When all learn ({', '.join(learners)}) the networks cost {among:.3f} times what they "
        "cost without the link"
    )
    return f"{said}." if isnan(honest) else f"{said}, against {honest:.3f} with the truth."


def best_and_worst_pairings(rows: pd.DataFrame) -> str | None:
    """Say which profiles cost the networks together least and most."""
    ratio = "system_cost_ratio"
    if ratio not in rows:
        return None
    by_profile = rows.groupby(_axes(rows), sort=False)[ratio].mean()
    if by_profile.isna().any() or by_profile.min() == by_profile.max():
        return None
    profiles = by_profile.index.to_list()
    best, worst = profiles[int(by_profile.argmin())], profiles[int(by_profile.argmax())]
    return (
        f"The networks cost least with {' and '.join(best)} ({by_profile.min():.3f} times no "
        f"link), most with {' and '.join(worst)} ({by_profile.max():.3f})."
    )


def which_families_do_well(rows: pd.DataFrame) -> str | None:
    """Say which family of strategies costs each party least, on average over all opponents."""
    names = {name: family(name) for name in _strategies(rows)}
    if len(set(names.values())) == 1:
        return None
    costs = rows.groupby(["seat", rows["strategy"].map(names)])["net_cost_gbp"].mean()
    parts = []
    for seat, party in _parties(rows):
        own = costs[seat]
        parts.append(f"{party} {own.idxmin()} (GBP {own.min():,.0f} a day)")
    return f"On average over opponents the cheapest family is for {_and(parts)}."


def whether_shading_pays(rows: pd.DataFrame) -> str | None:
    """Say what offering 80 % is worth to each party against one that tells the truth."""
    if not {TRUTH, "shaded"} <= set(_strategies(rows)):
        return None
    parts = []
    for seat, party in _parties(rows):
        others = [axis for axis in _axes(rows) if axis != f"strategy_{seat}"]
        honest = rows[(rows["seat"] == seat) & (rows[others] == TRUTH).all(axis=1)]
        costs = honest.groupby("strategy")["net_cost_gbp"].mean()
        if not {TRUTH, "shaded"} <= set(costs.index):  # of all profiles only a sample
            return None
        parts.append(f"{party} GBP {costs[TRUTH] - costs['shaded']:+,.0f}")
    return f"Offering 80 % of the truth to a truthful neighbour gains, a day: {_and(parts)}."


def a_hostile_neighbour(rows: pd.DataFrame) -> str | None:
    """Say what an adversarial neighbour costs a truthful party."""
    if not {TRUTH, "adversarial"} <= set(_strategies(rows)):
        return None
    parts = []
    for seat, party in _parties(rows):
        own = rows[(rows["seat"] == seat) & (rows["strategy"] == TRUTH)]
        others = [axis for axis in _axes(rows) if axis != f"strategy_{seat}"]
        calm = own[(own[others] == TRUTH).all(axis=1)]["net_cost_gbp"].mean()
        hostile = own[(own[others] == "adversarial").all(axis=1)]["net_cost_gbp"].mean()
        if isnan(hostile - calm):  # of all profiles only a sample
            return None
        parts.append(f"{party} GBP {hostile - calm:+,.0f}")
    told = "An adversarial neighbour in place of a truthful one costs a truthful party, a day"
    return f"{told}: {_and(parts)}."


def what_sealing_is_worth(played: Tournament, mechanism: str) -> str:
    """Say what a party would gain by reading the others' bids before it bids.

    That is what open bids allow whoever bids last. The bound is found by playing it: best
    responses to what was bid last, and to what is bid now, against truthful neighbours.
    """
    parties = len(played.seen.parties)
    pairs, strategies = played.scenario.grid.pairs, (KNOWS_PAST, KNOWS_NOW)
    runs = [
        Run(mechanism, pair, (TRUTH,) * seat + (name,) + (TRUTH,) * (parties - seat - 1))
        for pair, seat, name in product(pairs, range(parties), strategies)
    ]
    in_memory = played.scenario.with_changes("chain", venue="local")
    rows = play_part(in_memory, played.seen, runs, windows=False)["payoffs"]
    parts = []
    for seat, party in _parties(rows):
        own = rows[rows["seat"] == seat].groupby("strategy")["net_cost_gbp"].mean()
        parts.append(f"{party} GBP {own[KNOWS_PAST] - own[KNOWS_NOW]:,.0f}")
    return (
        "Sealed bids keep a party from reading the present bids of truthful neighbours before "
        f"its own; beyond knowing the last ones, that would be worth, a day: {_and(parts)}."
    )


def where_best_responses_lead(played: Tournament, mechanism: str) -> str | None:
    """Say where parties end that answer each other's present bids, window by window.

    They start from the truth, and may bid anything in whole steps: this is the game of bids
    itself, not that of the strategies played. In single ticks they would outbid each other for
    thousands of rounds. Authority is the first seat's in every other window.
    """
    scenario, seen = played.scenario, played.seen
    agreed = terms(scenario, seen, mechanism)
    if agreed.rule.lottery:
        return None
    days = [seen.costs_gbp(p, day) for p in scenario.grid.pairs for day in range(seen.days)]
    cost = np.swapaxes(np.concatenate(days, axis=1), 0, 1)
    worth = money.values(cost)
    bids = money.bids(worth, agreed.rule.form, STEP_GBP)
    authority = np.arange(len(cost)) % agreed.parties
    found = best_response_dynamics(agreed.rule, worth / STEP_GBP, bids, authority, ROUNDS)
    present = np.ones(bids.shape[:-1], bool)
    option, truth = (
        decide(agreed.rule, each, present, authority).option for each in (found.bids, bids)
    )
    total = cost.sum(1)
    here, there = (
        float(np.take_along_axis(total, chosen[:, np.newaxis], -1).sum())
        for chosen in (option, truth)
    )
    if not there:
        return None
    return (
        "Parties that answer each other's present bids exactly, from the truth on and in steps "
        f"of GBP {STEP_GBP:g}, end where nobody gains by any other bid in "
        f"{found.settled.mean():.0%} of windows, and go round for ever in "
        f"{found.circling.mean():.0%}; their last bids cost the networks {here / there:.3f} "
        "times what truthful ones do."
    )


def _strategies(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(rows["strategy"]))


def _axes(rows: pd.DataFrame) -> list[str]:
    return [name for name in map(str, rows) if name.startswith("strategy_")]


def _parties(rows: pd.DataFrame) -> list[tuple[int, str]]:
    """Return every seat with its party."""
    return list(dict(zip(rows["seat"], rows["party"], strict=True)).items())


def _all_play(rows: pd.DataFrame, names: Sequence[str]) -> "pd.Series[bool]":
    return rows[_axes(rows)].isin(names).all(axis=1)


def _and(parts: Sequence[str]) -> str:
    *rest, last = parts
    return f"{', '.join(rest)} and {last}" if rest else last
