"""What a run of communities found, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from experiments.community.baselines import ALONE, METERED, PERFECT, PLANT
from experiments.community.battery_study import CONTROLLER, SHARES
from experiments.community.comparison import (
    Battery,
    Group,
    People,
    Way,
    lost,
)
from experiments.community.estimates import Estimate, number
from experiments.community.replay import Replay
from experiments.community.simulate import NEIGHBOURS, CommunityRun, neighbours_of

HOSTILE = "a third adversarial"
"""The kind of neighbours that tells what adversarial behaviour takes away."""


NOTHING: Final = (
    "Nothing can be shifted or traded: no household has panels, a battery, a car or a heat "
    "pump, so no ledger changes what a community exchanges with the grid, or any bill."
)
"""The answer where nobody owns anything."""


@dataclass(frozen=True)
class Found:
    """What is known of a run, as tables of numbers with intervals."""

    run: CommunityRun
    ways: tuple[Way, ...]
    people: tuple[People, ...]
    groups: tuple[Group, ...]
    batteries: tuple[Battery, ...]

    @property
    def own(self) -> str:
        """The scenario's own kind of neighbours."""
        return next(iter(neighbours_of(self.run.scenario)))

    @property
    def equipped(self) -> bool:
        """Whether any household owns something by which it could shift or trade."""
        homes = self.run.world.homes
        owned = homes.sun_kwp, homes.battery_kwh, homes.car_kw, homes.heat_kw
        return any(each.any() for each in owned)

    def way(self, rule: str, neighbours: str) -> Way:
        """Return one way to run a community."""
        return next(w for w in self.ways if (w.rule, w.neighbours) == (rule, neighbours))

    @property
    def rules(self) -> tuple[str, ...]:
        """Those that were played."""
        return self.run.scenario.community.rules


def answer(found: Found) -> tuple[str, ...]:
    """Say by how much the ledger improves balancing, and what adversaries take away."""
    if not found.equipped:
        return (NOTHING, *scope(found), *limits(found), *audited(found.run.replays))
    return (
        balancing(found),
        hostility(found),
        *scope(found),
        *others(found),
        meters(found),
        plants(found),
        equilibrium(found),
        fairness(found),
        *limits(found),
        *audited(found.run.replays),
    )


def balancing(found: Found) -> str:
    """Say what trade does to what communities exchange with the grid."""
    told = spread([(rule, found.way(rule, found.own).balance) for rule in found.rules])
    saved = spread(
        [(rule, found.way(rule, found.own).saved_gbp) for rule in found.rules], "GBP"
    )
    return (
        f"The ledger improves balancing by {told} with neighbours who are {found.own}: by so "
        f"much a community exchanges less energy with the grid than if each household planned "
        f"and paid alone. A household saves {saved} a day."
    )


def hostility(found: Found) -> str:
    """Say what is lost of that if a third of the neighbours are adversarial."""
    taken = [(r, lost(found.run, r, found.own, HOSTILE, "balance_kwh")) for r in found.rules]
    left = spread([(rule, found.way(rule, HOSTILE).balance) for rule in found.rules])
    dearer = [(r, lost(found.run, r, found.own, HOSTILE, "bill_gbp")) for r in found.rules]
    groups = [g for g in found.groups if (g.neighbours, g.strategy) == (HOSTILE, "adversarial")]
    own = spread([(group.rule, group.saved_gbp) for group in groups], "GBP")
    return (
        f"A third of adversarial households takes away {spread(taken)}, in shares of the same "
        f"exchange, and leaves an improvement of {left}. All bills together rise by "
        f"{spread(dearer)}, in shares of the bills alone. The adversarial themselves save "
        f"{own} a day."
    )


def scope(found: Found) -> tuple[str, ...]:
    """Say what the brackets do not hold, where there is but one community or one day."""
    world, seed = found.run.world, found.run.scenario.seed
    said = []
    if world.communities == 1:
        said.append(
            f"All this is of one community, drawn by seed {seed}: others differ by more than "
            "the brackets say, which are over days alone; more households on more feeders tell."
        )
    if world.days == 1:
        said.append("All this is of one day: others differ by more than the brackets say.")
    return tuple(said)


def others(found: Found) -> tuple[str, ...]:
    """Say what trade does to the exchange with other neighbours."""
    kinds = dict.fromkeys(way.neighbours for way in found.ways if way.rule)
    told = [
        f"{spread([(rule, found.way(rule, kind).balance) for rule in found.rules])} with {kind}"
        for kind in kinds
        if kind not in {found.own, HOSTILE}
    ]
    return (f"The improvement is {'; '.join(told)}.",) if told else ()


def fairness(found: Found) -> str:
    """Say how many gain, and what the worst off has, under the best and the worst rule."""
    rows = sorted((p for p in found.people if p.neighbours == found.own), key=_better_off)
    told = [
        f"under {one.rule} {one.better_off:.0%} of households pay no more than alone, the "
        f"worst off {_gains(one.worst_off_gbp)} a day, and savings have a Gini index of "
        f"{one.gini:.2f} (Jain {one.jain:.2f})"
        for one in (rows[-1], *rows[:-1][:1])
    ]
    return f"With {found.own}, {'; '.join(told)}."


def _better_off(one: People) -> tuple[float, float]:
    return one.better_off, one.worst_off_gbp


def meters(found: Found) -> str:
    """Say what the ledger adds where batteries follow their meters without it."""
    metered = found.way("", METERED)
    own = [(rule, found.way(rule, found.own)) for rule in found.rules]
    told = spread([(rule, way.balance_metered) for rule, way in own])
    saved = spread([(rule, way.saved_metered_gbp) for rule, way in own], "GBP")
    return (
        f"Batteries that follow the meter of their own household, where cars and heat pumps "
        f"are not steered, save a household GBP {metered.saved_gbp.words()} a day against "
        f"planning alone, without any market, and their community exchanges "
        f"{_less(metered.balance)}. Against such households the ledger improves "
        f"balancing by {told}, and one saves {saved} a day."
    )


def plants(found: Found) -> str:
    """Say where markets stand between each alone and the virtual power plant."""
    plant, perfect = (found.way("", name) for name in (PLANT, PERFECT))
    of = [(rule, found.way(rule, found.own)) for rule in found.rules]
    reached = [
        f"of what {which} saves, {spread(shares)}"
        for which, shares in (
            ("the former", [(rule, way.between) for rule, way in of]),
            ("the latter", [(rule, way.between_perfect) for rule, way in of]),
        )
        if all(isfinite(share.value) for _, share in shares)
    ]
    in_bills = f" In bills the ledger reaches, {'; '.join(reached)}." if reached else ""
    return (
        f"One controller of all stores, a virtual power plant, exchanges "
        f"{plant.balance.percent()} less than each alone on the same forecast, and "
        f"{perfect.balance.percent()} less if it knows what will be."
        f"{in_bills}"
    )


def equilibrium(found: Found) -> str:
    """Say whether planning came to an equilibrium."""
    markets = [way for way in found.ways if way.rule]
    settled = {w.neighbours for w in markets}
    settled -= {w.neighbours for w in markets if w.converged < 1}
    said = []
    if settled:
        inorder = [
            name for name in dict.fromkeys(w.neighbours for w in markets) if name in settled
        ]
        epsilon = max(way.epsilon_gbp for way in markets if way.neighbours in settled)
        said.append(
            f"Day-ahead planning came to an equilibrium under every rule and on every day with "
            f"{_listed(inorder)}: there no store would have gained more than "
            f"GBP {epsilon:.4f} a day by another plan"
        )
    for neighbours in dict.fromkeys(way.neighbours for way in markets):
        if neighbours not in settled:
            rows = [way for way in markets if way.neighbours == neighbours]
            shares = [100 * way.converged for way in rows]
            most = max(way.epsilon_gbp for way in rows)
            said.append(
                f"with {neighbours} it did on {_range(min(shares), max(shares))} of days, by "
                f"rule, and on the others was stopped where a store would have gained up to "
                f"GBP {most:,.2f}"
            )
    told = "; ".join(said)
    return f"{told[0].upper()}{told[1:]}."


def limits(found: Found) -> tuple[str, ...]:
    """Say which limits of the feeder were breached, and by whom."""
    alone, plain = found.way("", ALONE), [way for way in found.ways if way.breaches]
    if not plain:
        days = found.run.days
        volts = days["lowest_v"].min(), days["highest_v"].max()
        return (
            f"No limit of the feeder was breached in any way to run it: voltages stay within "
            f"{volts[0]:.1f} and {volts[1]:.1f} V, transformers at or below "
            f"{days['transformer_peak'].max():.0%} of their rating.",
        )
    of = [(rule, found.way(rule, found.own).breaches) for rule in found.rules]
    worst = max(of, key=lambda one: one[1])
    said = (
        f"Limits of the feeder are breached {alone.breaches:,.1f} times a day if each is "
        f"alone, and at the most {worst[1]:,.1f} times through the ledger ({worst[0]})."
    )
    return (said, *blame(found))


def blame(found: Found) -> tuple[str, ...]:
    """Say which strategies caused the breaches, where neighbours differ."""
    told = []
    for neighbours in dict.fromkeys(group.neighbours for group in found.groups):
        rows = [g for g in found.groups if g.neighbours == neighbours]
        total = sum(group.breaches_caused for group in rows)
        if total:
            caused = {g.strategy: 0.0 for g in rows}
            homes = {g.strategy: g.households for g in rows}
            for group in rows:
                caused[group.strategy] += group.breaches_caused / total
            shares = [
                f"{share:.0%} by the {homes[name]:,} who are {name}"
                for name, share in caused.items()
            ]
            told.append(f"Breaches with {neighbours} are caused {_listed(shares)}.")
    return tuple(told)


def of_rule(found: Found, rule: str) -> tuple[str, ...]:
    """Say who gains and who loses under a rule."""
    people = {p.neighbours: p for p in found.people if p.rule == rule}
    own = people[found.own]
    said = [
        f"With {found.own}: {own.better_off:.0%} of households pay no more than alone, the "
        f"worst off {_gains(own.worst_off_gbp)} a day; savings have a Gini index of "
        f"{own.gini:.2f} and a Jain index of {own.jain:.2f}."
    ]
    for neighbours in (name for name in NEIGHBOURS if name in people and name != found.own):
        groups = [
            f"who is {group.strategy} saves GBP {group.saved_gbp.words()}"
            for group in found.groups
            if (group.rule, group.neighbours) == (rule, neighbours)
        ]
        one = people[neighbours]
        whose = f"{'; '.join(groups)}; " if groups else ""
        said.append(
            f"With {neighbours}: {whose}{one.better_off:.0%} pay no more than alone, the worst "
            f"off {_gains(one.worst_off_gbp)} a day."
        )
    return tuple(said)


def of_battery(batteries: Sequence[Battery]) -> str:
    """Say what a shared battery is worth, by who decides on it."""
    saved = {(one.mechanism, one.bidders): one.saved_gbp for one in batteries}
    told = [
        f"GBP {saved[mechanism, 'all truthful'].words()} by {mechanism} if all are truthful, "
        f"and GBP {saved[mechanism, 'one adversarial'].words()} if one is adversarial"
        for mechanism in dict.fromkeys(one.mechanism for one in batteries if one.mechanism)
    ]
    return (
        f"A battery in equal shares whose one set-point serves all saves its owners together "
        f"GBP {saved['', CONTROLLER].words()} a day under one controller; "
        f"{'; '.join(told)}. Each with its share as a battery of its own, they would save "
        f"GBP {saved['', SHARES].words()}."
    )


def audited(replays: Sequence[Replay]) -> tuple[str, ...]:
    """Say what came out alike on the contract; nothing where it could not be run."""
    if not replays:
        return ()
    orders = sum(one.orders for one in replays)
    gas = max(one.gas_per_order for one in replays)
    return (
        f"The first day of the first community was cleared and settled again on the "
        f"contract's bytecode (revm) under {_listed([one.rule for one in replays])}, "
        f"{orders:,} orders in all: every trade, payment, price and account was the same to "
        f"the tick. An order costs {gas:,.0f} gas at the most, from submission to settlement.",
    )


def spread(of: Sequence[tuple[str, Estimate]], unit: str = "%") -> str:
    """Return estimates by rule in words: one if all are alike, else the least and the most.

    >>> one, two = Estimate(0.1, 0.05, 0.2), Estimate(0.3, 0.1, 0.4)
    >>> spread([("a", one), ("b", one)])
    '10.0 % (5.0 to 20.0) under every rule'
    >>> spread([("a", two), ("b", one)])
    '10.0 % (5.0 to 20.0) under b to 30.0 % (10.0 to 40.0) under a'
    """
    ordered = sorted(of, key=lambda pair: pair[1].value)
    told = [f"GBP {one.words()}" if unit == "GBP" else one.percent() for _, one in ordered]
    if told[0] == told[-1]:
        return f"{told[0]} under {'every rule' if len(of) > 1 else ordered[0][0]}"
    low, high = (
        [rule for (rule, _), said in zip(ordered, told, strict=True) if said == end]
        for end in (told[0], told[-1])
    )
    return f"{told[0]} under {_listed(low)} to {told[-1]} under {_listed(high)}"


def _less(share: Estimate) -> str:
    """Return by which share there is less, or more.

    >>> _less(Estimate(0.1, 0.05, 0.2)), _less(Estimate(-0.1, -0.2, 0.05))
    ('10.0 % (5.0 to 20.0) less', '10.0 % (-5.0 to 20.0) more')
    """
    if share.value >= 0:
        return f"{share.percent()} less"
    return f"{Estimate(-share.value, -share.high, -share.low).percent()} more"


def _gains(gbp: float) -> str:
    return f"{'saves' if gbp >= 0 else 'loses'} GBP {number(abs(gbp), 2)}"


def _range(low: float, high: float) -> str:
    return f"{low:.0f} %" if round(low) == round(high) else f"{low:.0f} to {high:.0f} %"


def _listed(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
