"""A community tournament as tidy tables and as JSON takes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.community.baselines import ALONE
from experiments.community.estimates import Estimate
from experiments.community.tournament.game import RuleGame, rechecked_epsilon
from experiments.community.tournament.numbers import (
    Invaded,
    cost_of,
    exchange_with,
    invaded,
    saving_of,
)
from market.games.heuristic_rest import RestPoint

TIE: Final = 1e-9
"""In GBP: who saves no more than that less shares a place."""


def heuristic_table(games: Sequence[RuleGame]) -> pd.DataFrame:
    """Return a row for each rule, mix and strategy in it."""
    return pd.concat([_heuristic(game) for game in games], ignore_index=True)


def _heuristic(game: RuleGame) -> pd.DataFrame:
    table, found = game.table, game.measured
    profile, strategy = np.nonzero(table.counts)
    names = np.array(table.strategies)
    alone = game.baselines[ALONE]
    groups = {
        f"groups_{name}": table.counts[profile, i] for i, name in enumerate(table.strategies)
    }
    errors = np.full(table.payoffs.shape, np.nan) if table.errors is None else table.errors
    return pd.DataFrame(
        {"rule": game.rule, "profile": profile}
        | groups
        | {
            "strategy": names[strategy],
            "saved_gbp": table.payoffs[profile, strategy],
            "error_gbp": errors[profile, strategy],
            "bill_ratio": found.bill_gbp.mean((1, 2))[profile] / alone.bill_gbp.mean(),
            "exchange_ratio": found.exchange_kwh.mean((1, 2))[profile]
            / alone.exchange_kwh.mean(),
            "plans_ended": found.ended[profile],
            "plans_epsilon_gbp": found.epsilon_gbp[profile],
        }
    )


def rest_records(games: Sequence[RuleGame]) -> list[dict[str, Any]]:
    """Return every rest point of every rule, with what it costs and how sure it is."""
    return [_rest_record(game, point) for game in games for point in game.rests.points]


def _rest_record(game: RuleGame, point: RestPoint) -> dict[str, Any]:
    sure = game.sure(point)
    cost = cost_of(game, point.mixture)
    low, _, high = sure.epsilon if sure else (np.nan,) * 3
    return (
        {
            "rule": game.rule,
            "mixture": dict(zip(game.strategies, point.mixture, strict=True)),
            "stability": point.stability,
            "equilibrium": point.equilibrium,
            "evolutionarily_stable": point.evolutionarily_stable,
            "epsilon_gbp": point.epsilon,
            "epsilon_rechecked_gbp": rechecked_epsilon(game.table, point.mixture),
            "epsilon_low_gbp": low,
            "epsilon_high_gbp": high,
            "remains": sure.remains if sure else np.nan,
            "remains_attracting": sure.attracting if sure else np.nan,
        }
        | _flat("basin", game.basin(point))
        | _flat("saved", cost.saved_gbp, "_gbp")
        | _flat("captured", cost.captured)
        | _flat("bill_ratio", cost.bill_ratio)
        | _flat("exchange_ratio", cost.exchange_ratio)
    )


def rest_table(records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rest points as a tidy table: a row for each rule, point and strategy."""
    rows = [
        {"rule": record["rule"], "point": point, "strategy": strategy, "share": share}
        | {key: value for key, value in record.items() if key not in {"rule", "mixture"}}
        for point, record in enumerate(records)
        for strategy, share in record["mixture"].items()
    ]
    return pd.DataFrame(rows)


def invasions(games: Sequence[RuleGame]) -> Iterator[tuple[str, Invaded]]:
    """Yield by rule what any number of groups of one strategy do among another."""
    for game in games:
        count, players = len(game.strategies), game.table.players
        for resident in range(count):
            for invader in range(count):
                if invader != resident:
                    for groups in range(1, players):
                        yield game.rule, invaded(game, resident, invader, groups)


def invasion_table(found: Sequence[tuple[str, Invaded]]) -> pd.DataFrame:
    """Return a row for each rule, pair of strategies and number of invading groups."""
    return pd.DataFrame([{"rule": rule} | _invasion(one) for rule, one in found])


def _invasion(one: Invaded) -> dict[str, Any]:
    who: dict[str, Any] = {"resident": one.resident, "invader": one.invader}
    return (
        who
        | {"invading_groups": one.found.invaders, "before_gbp": one.found.before}
        | _flat("invaders_earn", one.invaders_earn, "_gbp")
        | _flat("residents_earn", one.residents_earn, "_gbp")
        | _flat("residents_lose", one.residents_lose, "_gbp")
        | _flat("invaders_gain", one.invaders_gain, "_gbp")
        | {
            "spreads": one.found.spreads,
            "spreads_in_samples": one.spreads,
            "pays": one.found.pays,
        }
    )


def standings_table(games: Sequence[RuleGame]) -> pd.DataFrame:
    """Return a row for each rule and strategy, the best first."""
    return pd.concat([_standings(game) for game in games], ignore_index=True)


def _standings(game: RuleGame) -> pd.DataFrame:
    rows = [
        {"rule": game.rule, "strategy": name}
        | _flat("saved", saving_of(game, i), "_gbp")
        | _flat("exchange_ratio", exchange_with(game, i))
        for i, name in enumerate(game.strategies)
    ]
    table = pd.DataFrame(rows)
    saved = table["saved_gbp"].to_numpy()
    table.insert(1, "place", (saved[:, np.newaxis] < saved - TIE).sum(1) + 1)
    return table.sort_values("place", kind="stable")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON takes them, None where there is no number."""
    return [plain(row) for row in table.to_dict("records")]


def plain(record: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a record without numbers that are none."""
    return {
        str(key): None if isinstance(value, float) and not np.isfinite(value) else value
        for key, value in record.items()
    }


def _flat(name: str, number: Estimate, unit: str = "") -> dict[str, Any]:
    told = asdict(number)
    return {
        f"{name}{unit}": told["value"],
        f"{name}_low{unit}": told["low"],
        f"{name}_high{unit}": told["high"],
    }
