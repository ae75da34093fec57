"""What must hold between the keys of a scenario, found out before anything is computed."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from experiments import plugins
from experiments.community import checks
from experiments.errors import InputRefused, ScenarioRefused, Unknown, nearest
from experiments.scenario import PAPER_PAIRS, Scenario
from experiments.seat import FromFile
from experiments.tournament.rounds import ROUND
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.terms import MOST_TICKS, MOST_WINDOWS


def check(scenario: Scenario, venues: Collection[str]) -> None:
    """Refuse a scenario of networks with a link for the first key that cannot be.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    _refuse(scenario, chain(_linked(scenario), _all(scenario, venues)))


def check_networks(scenario: Scenario, venues: Collection[str]) -> None:
    """Refuse what `check` does, and communities beside networks, which nobody would play.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    check(scenario, venues)
    if scenario.community.prosumers:
        wanted = "wanted 0: communities beside networks are for gridpact simulate"
        reason = f"community.prosumers is {scenario.community.prosumers}, {wanted}"
        raise ScenarioRefused(scenario.source, reason)


def check_community(scenario: Scenario, venues: Collection[str]) -> None:
    """Refuse a scenario of communities alone for the first key that cannot be.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    _refuse(scenario, _all(scenario, venues))


def check_players(
    scenario: Scenario, parties: Sequence[str], loadings: Collection[str]
) -> None:
    """Refuse lists that do not have a seat, or a known loading, for every party.

    Parameters
    ----------
    scenario : Scenario
        What asks for them.
    parties : sequence of str
        Names of the networks.
    loadings : collection of str
        Names of the scenarios of a network.
    """
    part = scenario.grid
    pairs = {f"grid.pairs[{i}]": pair for i, pair in enumerate(part.pairs)}
    if part.pairs == PAPER_PAIRS:
        pairs = {}  # nobody asked for them
    pairs["play.pair"] = scenario.play.pair
    lengths = (
        _length(key, names, parties)
        for key, names in (pairs | {"play.seats": scenario.play.seats}).items()
    )
    known = (_known(key, names, loadings) for key, names in pairs.items())
    _refuse(scenario, chain(*lengths, *known))


def _refuse(scenario: Scenario, reasons: Iterator[str]) -> None:
    for reason in reasons:
        raise ScenarioRefused(scenario.source, reason)


def _linked(scenario: Scenario) -> Iterator[str]:
    """Yield that there is no link to ask about."""
    if scenario.grid.case == "community":
        wanted = "wanted networks with a link; it is for gridpact simulate and tournament"
        yield f"grid.case is 'community', which has no link: {wanted}"


def _all(scenario: Scenario, venues: Collection[str]) -> Iterator[str]:
    yield from _numbers(scenario)
    yield from _settling(scenario)
    yield from _names(scenario, venues)
    yield from _grid(scenario)
    yield from checks.reasons(scenario)


def _numbers(scenario: Scenario) -> Iterator[str]:
    """Yield numbers that are out of range."""
    market, fees, part = scenario.market, scenario.chain, scenario.grid
    ranges = {
        "seed": (scenario.seed, scenario.seed >= 0, "0 or more"),
        "grid.days": (part.days, part.days >= 1, "1 or more"),
        "grid.options": (
            part.options,
            part.options % 2 == 1 and 3 <= part.options <= 255,
            "an odd number from 3 to 255",
        ),
        "market.horizon": (
            market.horizon,
            1 <= market.horizon <= MOST_WINDOWS,
            f"1 to {MOST_WINDOWS} windows",
        ),
        "play.replicates": (
            scenario.play.replicates,
            scenario.play.replicates >= 1,
            "1 or more",
        ),
        "play.settle": (scenario.play.settle, scenario.play.settle >= 0, "0 or more"),
        "play.profiles": (scenario.play.profiles, scenario.play.profiles >= 1, "1 or more"),
        "market.tick_gbp": (market.tick_gbp, market.tick_gbp > 0, "more than 0"),
        "chain.gas_price_gwei": (fees.gas_price_gwei, fees.gas_price_gwei >= 0, "0 or more"),
        "chain.ether_price_gbp": (fees.ether_price_gbp, fees.ether_price_gbp >= 0, "0 or more"),
    }
    yield from (f"{k} is {v!r}, wanted {w}" for k, (v, holds, w) in ranges.items() if not holds)
    for key in ("bond_gbp", "deposit_gbp"):
        value = getattr(market, key)
        if not 0 <= value / market.tick_gbp <= MOST_TICKS:
            yield f"market.{key} is {value!r}, wanted 0 to {MOST_TICKS:.0e} ticks"


def _settling(scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with stopping early: too few replicates to leave any out."""
    play = scenario.play
    if play.settle and play.replicates <= ROUND:
        wanted = f"wanted more than {ROUND}, as play.settle is {play.settle}"
        yield f"play.replicates is {play.replicates}, {wanted}"


def _names(scenario: Scenario, venues: Collection[str]) -> Iterator[str]:
    """Yield names that are in no registry, and lists that are empty or repeat themselves."""
    market, play = scenario.market, scenario.play
    if not scenario.name.strip() or set(scenario.name) & set("/\\\0"):
        yield f"name is {scenario.name!r}, wanted a name that a folder can have"
    yield from _known("market.mechanisms", market.mechanisms, MECHANISMS)
    for name in market.mechanisms:
        if MECHANISMS[name](market.payment).lottery and not market.sealed:
            yield f"market.sealed is false, wanted true for {name}, which draws by sealed salts"
    yield from _strategies("play.strategies", play.strategies)
    yield from _strategies("play.seats", play.seats)
    yield from _known("market.payment", market.payment, PAYMENT_RULES)
    yield from _known("chain.venue", scenario.chain.venue, venues)
    yield from _known("grid.case", scenario.grid.case, ("anglesey", "own", "community"))
    lists = {
        "market.mechanisms": market.mechanisms,
        "play.strategies": play.strategies,
        "grid.pairs": scenario.grid.pairs,
    }
    for key, names in lists.items():
        if not names or len(set(names)) < len(names):
            yield f"{key} is {list(names)!r}, wanted one or more, each once"


def _strategies(key: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield texts that stand for no strategy; one that does not work is told apart later."""
    for i, text in enumerate(texts):
        place = f"{key}[{i}] is {text!r}"
        try:
            made = plugins.strategy(text)
            if isinstance(made, FromFile) and key != "play.seats":
                yield f"{place}, bids for one seat, wanted a strategy for all"
        except Unknown as error:
            whole = error.name == text
            yield f"{place}, {nearest(text, error.known)}" if whole else f"{place}: {error}"
        except InputRefused as error:
            yield f"{place}: {error.reason}"
        except plugins.StrategyBroken:
            continue


def _grid(scenario: Scenario) -> Iterator[str]:
    """Yield what is missing of a user's own networks or costs."""
    part = scenario.grid
    for name, factors in part.scenarios.items():
        if len(factors) != 2 or min(factors) < 0:
            found = f"grid.scenarios.{name} is {list(factors)!r}"
            yield f"{found}, wanted [factor on demand, factor on generation]"
    own = part.case == "own" and not part.costs
    files: dict[str, tuple[str, ...]] = {"grid.costs": (part.costs,)} if part.costs else {}
    if own:
        files = {"grid.networks": part.networks, "grid.profiles": (part.profiles,)}
        yield from _own(scenario)
    for key, paths in files.items():
        for path in paths:
            if not (scenario.folder / path).is_file():
                yield f"{key}: no file {scenario.folder / path}"


def _own(scenario: Scenario) -> Iterator[str]:
    """Yield keys that case 'own' needs and does not have."""
    part = scenario.grid
    if len(part.networks) < 2:
        found = f"grid.networks has length {len(part.networks)}"
        yield f"{found}, wanted two or more files for case 'own'"
    if not part.profiles:
        yield "grid.profiles is empty, wanted a file for case 'own'"
    yield from _length("grid.terminals", part.terminals, part.networks)
    yield from _length("grid.shares", part.shares, part.networks)


def _length(key: str, values: Sequence[object], parties: Sequence[str]) -> Iterator[str]:
    if len(values) != len(parties):
        wanted = f"{len(parties)}: one for each of {', '.join(parties)}"
        yield f"{key} has length {len(values)}, wanted {wanted}"


def _known(key: str, names: str | Sequence[str], known: Collection[str]) -> Iterator[str]:
    """Yield names that are not known; `names` is one, or a list of them."""
    places = (
        {key: names}
        if isinstance(names, str)
        else {f"{key}[{i}]": name for i, name in enumerate(names)}
    )
    for place, name in places.items():
        if name not in known:
            yield f"{place} is {name!r}, {nearest(name, known)}"
