"""What a tournament found, in sentences."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from experiments.tournament.empirical import EmpiricalGame, expected
from experiments.tournament.evolution import evolution_words
from experiments.tournament.invasion import invasion_words
from experiments.tournament.lessons import lessons
from experiments.tournament.play import Tournament
from experiments.tournament.sureness import Interval, pure_mixtures, sureness
from market.games.equilibria import PureProfile

HONEST = "truthful"
"""The strategy that equilibria are held against."""

SAMPLED = "Only a sample of the profiles was played, so equilibria are not known."


def findings(played: Tournament, games: Iterable[EmpiricalGame]) -> dict[str, tuple[str, ...]]:
    """Say for each mechanism which combinations last, what that costs, and who pays."""
    windows = played.seen.cost_gbp.shape[3]
    found = {game.mechanism: of_game(game) for game in games}
    return {
        str(mechanism): (
            *found.get(str(mechanism), (SAMPLED,)),
            who_pays(played.seen.parties, rows, windows),
            *lessons(played, str(mechanism)),
        )
        for mechanism, rows in played.payoffs.groupby("mechanism", sort=False)
    }


def of_game(game: EmpiricalGame) -> tuple[str, ...]:
    """Say where a game ends, and what that costs."""
    return (
        verdict(game),
        *how_sure(game),
        *consequence(game),
        *anarchy(game),
        evolution_words(game),
        *invasion_words(game),
    )


def verdict(game: EmpiricalGame) -> str:
    """Say which combinations of strategies would last, and what that means."""
    scope = f"among these {len(game.strategies)} strategies"
    found = game.equilibria
    if not found:
        near = game.nearest
        leaver = game.parties[int(np.argmax(near.gains))]
        return (
            f"No pure Nash equilibrium: from every combination some network does better by "
            f"changing its own strategy, {scope}. Nearest to one is "
            f"{profile_words(game, near)}, which {leaver} would leave to gain "
            f"GBP {near.epsilon:,.2f} a day.{mixed_words(game)}"
        )
    meaning = (
        f"no network can lower its own mean net cost by changing its strategy alone, {scope}"
    )
    if len(found) == 1:
        tie = "" if found[0].strict else "; another choice would cost it the same"
        return f"One pure Nash equilibrium: at {profile_words(game, found[0])}, {meaning}{tie}."
    chosen = [
        f"{party} plays {_either(dict.fromkeys(game.names(e)[seat] for e in found))}"
        for seat, party in enumerate(game.parties)
    ]
    tie = "" if all(e.strict for e in found) else "; some choices cost a network the same"
    return (
        f"{len(found)} pure Nash equilibria: at each, {meaning}. "
        f"In them {', '.join(chosen)}{tie}."
    )


def how_sure(game: EmpiricalGame) -> tuple[str, ...]:
    """Say in how many bootstrap samples the equilibria are some; nothing of a single day."""
    pure = [sureness(game, pure_mixtures(game, found)) for found in game.equilibria]
    sure = [found for found in pure if found is not None]
    if len(sure) == 1:
        return (
            f"Of bootstrap samples it is an equilibrium in {sure[0].share:.0%}, and the most "
            f"that leaving it gains is {_pounds(sure[0].epsilon_gbp)}.",
        )
    if sure:
        shares = [found.share for found in sure]
        best = profile_words(game, game.equilibria[int(np.argmax(shares))])
        return (
            f"Of bootstrap samples each is an equilibrium in {min(shares):.0%} to "
            f"{max(shares):.0%}; the surest is {best}.",
        )
    near = sureness(game, pure_mixtures(game, game.nearest))
    if near is None:
        return ()
    said = f"Of bootstrap samples the nearest is an equilibrium in {near.share:.0%}"
    for found in game.nash.equilibria[:1]:
        mixed = sureness(game, found.profile)
        if mixed is not None:
            said += f"; over all, leaving the mixed one gains {_pounds(mixed.epsilon_gbp)}"
    return (f"{said}.",)


def mixed_words(game: EmpiricalGame) -> str:
    """Say how parties would mix their strategies, or nothing if that is not known."""
    if not game.nash.equilibria:
        return ""
    found = game.nash.equilibria[0]
    told = []
    for party, mixture in zip(game.parties, found.profile, strict=True):
        shares = sorted(zip(mixture, game.strategies, strict=True), reverse=True)
        played = [f"{name} {share:.0%}" for share, name in shares if share > 0]
        told.append(f"{party} plays {', '.join(played)}")
    several = len(game.nash.equilibria)
    which = "the only one" if several == 1 else f"one of {several}"
    every = "" if game.nash.complete else " found, perhaps not all"
    return f" In a mixed equilibrium ({which}{every}) {'; '.join(told)} of the time."


def consequence(game: EmpiricalGame) -> tuple[str, ...]:
    """Say what the equilibria mean for all networks together; nothing if that is not known."""
    ratio = game.ratios.get("system_cost_ratio")
    if not game.nash.equilibria or ratio is None or not np.isfinite(ratio).all():
        return ()
    worst = max(expected(ratio, found.profile) for found in game.nash.equilibria)
    there = "There" if len(game.nash.equilibria) == 1 else "At the worst of the equilibria"
    said = f"{there} the networks cost {worst:.3f} times what they cost without the link"
    if HONEST in game.strategies:
        honest = (game.strategies.index(HONEST),) * len(game.parties)
        said += f", against {float(ratio[honest]):.3f} if all were {HONEST}"
    return (f"{said}, payments and fees aside.",)


def anarchy(game: EmpiricalGame) -> tuple[str, ...]:
    """Say what self-interest costs against one controller of all networks, and the grid."""
    ratio = game.ratios["optimum_ratio"]
    if not game.nash.equilibria or not np.isfinite(ratio).all():
        return ()
    costs = [expected(ratio, found.profile) for found in game.nash.equilibria]
    worst = game.nash.equilibria[int(np.argmax(costs))]
    said = (
        f"Against one controller of all networks the equilibria cost {min(costs):.3f} (price "
        f"of stability) to {max(costs):.3f} times as much (price of anarchy)"
    )
    grid = {"balance_ratio": "exchange", "losses_ratio": "losses", "voltage_ratio": "voltage"}
    told = [
        f"{word} {expected(game.ratios[name], worst.profile):.3f}"
        for name, word in grid.items()
        if name in game.ratios and np.isfinite(game.ratios[name]).all()
    ]
    over = f"; over no link, at the worst: {', '.join(told)}" if told else ""
    return (f"{said}{over}.",)


def who_pays(parties: tuple[str, ...], payoffs: pd.DataFrame, windows: int) -> str:
    """Say who pays, over all windows of all runs under a mechanism.

    Parameters
    ----------
    parties : tuple of str
        By seat.
    payoffs : DataFrame
        As `experiments.tournament.payoffs.payoffs_table` returns it, of one mechanism.
    windows : int
        How many a day has.
    """
    sums = payoffs.groupby("seat")[["payments_gbp", "paying_windows", "moved_windows"]].sum()
    days = len(payoffs) // len(parties)
    moved = float(sums["moved_windows"].iloc[0])
    if not moved:
        return "Nobody pays anybody."
    shares = (sums["paying_windows"] / moved).tolist()
    means = (sums["payments_gbp"] / days).tolist()
    payers = [f"{party} in {share:.1%}" for party, share in zip(parties, shares, strict=True)]
    totals = [
        f"{party} {'pays' if mean > 0 else 'receives'} GBP {abs(mean):,.2f} a day"
        for party, mean in zip(parties, means, strict=True)
    ]
    return (
        f"Money moves in {moved / (days * windows):.1%} of windows; the payer is "
        f"{', '.join(payers)} of these. On average over all matches {', '.join(totals)}."
    )


def profile_words(game: EmpiricalGame, profile: PureProfile) -> str:
    """Return a profile in words, such as ``network-1 truthful, network-2 random``."""
    named = zip(game.parties, game.names(profile), strict=True)
    return ", ".join(f"{party} {name}" for party, name in named)


def _pounds(interval: Interval) -> str:
    """Return an interval of money in words."""
    low, high = interval
    return f"GBP {low:,.2f} to {high:,.2f} a day (95 %)"


def _either(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last
