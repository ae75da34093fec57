"""The tidy tables of an audit: a row for each party and window."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.audit.bid_games import BidGame
from experiments.audit.trials import Audit, Trial
from experiments.audit.world import TOLERANCE, World
from market.games.benchmarks import Plan
from market.types import Floats

PHYSICS: Final = ("losses_mwh", "exchange_mwh", "breaches")
"""What the grid says beside costs; breaches are windows of networks."""

CHANGES: Final = {
    "others_change_gbp": "others_cost_gbp_day",
    "total_change_gbp": "total_cost_gbp_day",
    **{f"{name}_change": f"{name}_day" for name in PHYSICS},
}
"""What a misreport changes: columns of the table, and their means a day."""


def windows_table(found: Audit) -> pd.DataFrame:
    """Return one row for each mechanism, loading, party, day and window.

    A number that is not known (no physics, no costs without the link, no exact response) is
    not a number. Changes are by the party's best misreport against all being truthful.
    """
    tables = [_rows(found, trial, seat) for trial in found.trials for seat in found.seen.seats]
    return pd.concat(tables, ignore_index=True)


def plans_table(found: Audit) -> pd.DataFrame:
    """Return one row for each benchmark, loading, party, day and window."""
    tables = [
        _plan_rows(found, {"benchmark": name}, world, plan, seat)
        for name, plan, world in found.plans
        for seat in found.seen.seats
    ]
    return pd.concat(tables, ignore_index=True)


def games_table(found: Audit, games: Sequence[BidGame]) -> pd.DataFrame:
    """Return one row for each bid game that was followed: how it ended, and what it costs."""
    return pd.DataFrame([_game_row(found, game) for game in games])


def _game_row(found: Audit, game: BidGame) -> dict[str, Any]:
    """Return how a bid game ended; bids of any probability count as played."""
    reached, tick = game.reached, found.scenario.market.tick_gbp
    day, window = divmod(game.window, found.seen.cost_gbp.shape[3])
    costs = game.costs_gbp
    return {
        "mechanism": game.contender.mechanism,
        "payment": game.contender.payment,
        "pair": "-".join(game.world.pair),
        "day": day,
        "window": window,
        "ended": reached.ended,
        "rounds": reached.rounds,
        "bids_on_menus": sum(map(len, reached.menus)),
        "bids_played": sum(share > 0 for own in reached.profile for share in own),
        "pure_equilibria": len(reached.equilibria),
        "epsilon_gbp": game.judged.epsilon * tick,
        "at_most_gbp": game.judged.at_most * tick,
        "cost_gbp": game.chances @ costs,
        "truthful_cost_gbp": game.truthful @ costs,
        "optimum_gbp": costs.min(),
    }


def _rows(found: Audit, trial: Trial, seat: int) -> pd.DataFrame:
    """Return the rows of a party in a trial."""
    world, contender = trial.world, trial.contender
    names = {"mechanism": contender.mechanism, "payment": contender.payment}
    rows = _plan_rows(found, names, world, trial.truthful, seat)
    worse = world.worse_gbp(trial.truthful.chances)
    unknown = np.full(len(rows), np.nan)
    rows["authority"] = -1 if contender.rule.lottery else trial.authority
    rows["pivotal"] = trial.pivotal[seat]
    rows["block_truthful_gain_gbp"] = unknown if worse is None else worse[0][seat]
    tick = found.scenario.market.tick_gbp
    whole = unknown if worse is None else np.ceil(worse[1][seat] / tick - TOLERANCE) * tick
    rows["block_truthful_bond_gbp"] = whole
    return rows.assign(**_attack_columns(trial, seat, unknown))


def _attack_columns(trial: Trial, seat: int, unknown: Floats) -> dict[str, Any]:
    """Return what a party gains by its misreports, and what they change."""
    names = ("gain_gbp", "sealed_gain_gbp", "block_gain_gbp", "block_bond_gbp")
    if not trial.attacks:
        return dict.fromkeys((*names, *CHANGES), unknown) | {"misreport_option": -1}
    attack = trial.attacks[seat]
    found = {n: unknown if getattr(attack, n) is None else getattr(attack, n) for n in names}
    option = -1 if trial.contender.rule.lottery else attack.plan.option
    changes = _changes(trial.world, trial.truthful, attack.plan, seat)
    return found | {"misreport_option": option} | dict.fromkeys(CHANGES, unknown) | changes


def _changes(world: World, before: Plan, after: Plan, seat: int) -> dict[str, Floats]:
    """Return what one plan in place of another means for others, and for all together."""
    old, new = world.effects_of(before), world.effects_of(after)
    changed = {name: new[name] - old[name] for name in new}
    total = changed.pop("cost_gbp")
    net = total + after.payments_gbp - before.payments_gbp
    found = {f"{name}_change": of.sum(0) for name, of in changed.items()}
    return found | {
        "others_change_gbp": np.delete(net, seat, 0).sum(0),
        "total_change_gbp": total.sum(0),
    }


def _plan_rows(
    found: Audit, names: Mapping[str, str], world: World, plan: Plan, seat: int
) -> pd.DataFrame:
    """Return the rows of a party under a plan: what it costs, and does to the grid."""
    effects, alone = world.effects_of(plan), world.no_link_gbp
    cost, paid = effects["cost_gbp"][seat], plan.payments_gbp[seat]
    unknown = np.full(len(cost), np.nan)
    day, window = np.divmod(np.arange(len(cost)), found.seen.cost_gbp.shape[3])
    known = {
        "pair": "-".join(world.pair),
        "day": day,
        "window": window,
        "seat": seat,
        "party": found.seen.parties[seat],
        "option": np.where(plan.chances.max(-1) == 1.0, plan.option, -1),
        "transferred_mwh": plan.chances @ world.moved_mwh,
        "cost_gbp": cost,
        "payment_gbp": paid,
        "no_link_gbp": unknown if alone is None else alone[seat],
        "optimum_gbp": world.costs_gbp.sum(0).min(-1),
        "against_no_link_gbp": unknown if alone is None else alone[seat] - cost - paid,
    }
    physics = {name: effects[name][seat] if name in effects else unknown for name in PHYSICS}
    return pd.DataFrame({**names, **known, **physics})
