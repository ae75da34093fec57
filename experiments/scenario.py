"""What fixes a run but its seats: read from TOML, every key known, every value checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from experiments.errors import ScenarioRefused, nearest
from experiments.typed_table import read_table

SHIPPED: Final = Path(__file__).parent / "scenarios"
"""Where the scenarios that come with the package stand."""

STRATEGY_FILES: Final = re.compile(r"[^(),=\s][^(),=]*\.(?:py(?=:)|json\b)")
"""Finds files in the text of a strategy: those with its code, and those with bids."""

PAPER_PAIRS: Final = tuple((first, second) for first in "NDG" for second in "NDG")
"""The nine combinations of network loadings of the paper."""


@dataclass(frozen=True, kw_only=True)
class GridPart:
    """The networks, and what may be chosen: ``[grid]``."""

    case: str = "anglesey"
    """``anglesey``, ``own`` for the files named below, or ``community`` for none."""

    days: int = 1
    """How many days, from the first; that of Anglesey is the paper's."""

    options: int = 13
    """How many set-point options, the zero-width one among them: odd, 3 to 255."""

    pairs: tuple[tuple[str, ...], ...] = PAPER_PAIRS
    """The loading of each network, by name, for every run of a tournament."""

    scenarios: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Loadings: name to factors on demand and generation; N, D and G unless given."""

    networks: tuple[str, ...] = ()
    """Own networks: pandapower JSON files, one for each party."""

    terminals: tuple[str, ...] = ()
    """Own networks: the name of the bus of each where the link ends."""

    shares: tuple[float, ...] = (-1.0, 1.0)
    """Own networks: what each terminal receives for a MW of set-point; the sum is zero."""

    profiles: str = ""
    """Own networks: a CSV file of shares of demand and generation."""

    costs: str = ""
    """A CSV table of own costs, in place of load flows."""


@dataclass(frozen=True, kw_only=True)
class MarketPart:
    """The rules: ``[market]``."""

    mechanisms: tuple[str, ...] = ("hco", "rps")
    """Keys into `MECHANISMS`; a simulation uses the first."""

    payment: str = "difference"
    """Key into `PAYMENT_RULES`, for mechanisms of offers."""

    sealed: bool = False
    """Whether bids are committed first and revealed later; a lottery needs it."""

    horizon: int = 1
    """How many windows one bid covers: 1, or 48 for the day ahead."""

    bond_gbp: float = 0.0
    """What a party forfeits in a window for not revealing, or for blocking the transfer."""

    tick_gbp: float = 0.01
    """What a tick is worth."""

    deposit_gbp: float = 10_000.0
    """What a party keeps in its account."""


@dataclass(frozen=True, kw_only=True)
class ChainPart:
    """The chain and its prices: ``[chain]``."""

    venue: str = "revm"
    """``local``, ``revm``, ``eth-tester`` or ``rpc``."""

    rpc_url: str = ""
    """Of an Ethereum node, for venue ``rpc``."""

    gas_price_gwei: float = 20.0
    """What a unit of gas costs."""

    ether_price_gbp: float = 2_000.0
    """What an ether costs."""

    @property
    def gas_gbp(self) -> float:
        """What a unit of gas costs.

        >>> ChainPart(gas_price_gwei=20.0, ether_price_gbp=2000.0).gas_gbp
        4e-05
        """
        return self.gas_price_gwei * self.ether_price_gbp / 1e9


@dataclass(frozen=True, kw_only=True)
class PlayPart:
    """Who plays: ``[play]``."""

    strategies: tuple[str, ...] = ("truthful", "shaded", "inflated", "indifferent", "random")
    """The strategies of a tournament: texts as `agents.lookup` reads them."""

    seats: tuple[str, ...] = ("truthful", "truthful")
    """The strategy of each seat in a simulation; a file of bids may hold one."""

    pair: tuple[str, ...] = ("N", "N")
    """The loading of each network in a simulation."""

    replicates: int = 1
    """How often a tournament plays every profile, each time with other chances."""

    settle: int = 0
    """A tournament plays no more replicates once the order of so many best strategies is
    settled; it plays all if 0."""

    profiles: int = 20_000
    """How many profiles a tournament plays at most; of more it takes a sample."""


@dataclass(frozen=True, kw_only=True)
class CommunityPart:
    """Prosumers on low-voltage feeders, and how they trade: ``[community]``."""

    prosumers: int = 0
    """How many households, 3 to 10,000; none unless given."""

    per_feeder: int = 39
    """How many share a feeder, and a market, at most."""

    first_day: int = 156
    """The first day, from 0 for 1 January of the profiles' year, 2016; 156 is 5 June."""

    photovoltaics: float = 0.5
    """Share of households with panels."""

    batteries: float = 0.3
    """Share with a battery."""

    cars: float = 0.3
    """Share with an electric car that charges at home."""

    heat_pumps: float = 0.2
    """Share with a heat pump."""

    rules: tuple[str, ...] = (
        "uniform-price",
        "pay-as-bid",
        "supply-demand-ratio",
        "mid-market-rate",
        "bill-sharing",
    )
    """The trading rules to play; what goes by one rule goes by the first."""

    mix: Mapping[str, float] = field(default_factory=lambda: {"cooperative": 1.0})
    """Who lives there in a simulation: strategy to share of the households. Shares are relative
    to their sum: one strategy alone is everybody's, whatever its share."""

    strategies: tuple[str, ...] = ("cooperative", "adversarial", "indifferent")
    """The strategies of a tournament, in all mixes."""

    groups: int = 6
    """Into how many groups of one strategy each a tournament divides the households."""

    buy_pence: float = 25.0
    """What the grid charges for a kilowatt-hour."""

    sell_pence: float = 5.0
    """What it pays for one."""

    penalty_pence: float = 5.0
    """What a kilowatt-hour that was traded and not delivered costs whoever failed."""

    charge_pence: float = 0.0
    """Network charge for a kilowatt-hour, for each kilowatt-hour a household that the feeder
    carries in the half-hour: what an hour of crowding is said to cost."""

    forecast: str = "persistence"
    """What plans rest on: ``persistence``, of measured days before, or ``perfect``."""

    feeder: str = ""
    """An own feeder: a pandapower JSON file; SimBench's rural one unless given."""

    bus: str = "LG"
    """Coupled with 33 kV networks: the bus of network 1 that feeds the communities."""

    copies: int = 1
    """Coupled: how many like communities each stands for."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One market on one grid."""

    name: str = "anglesey"
    """What results are called."""

    seed: int = 0
    """Same seed, same results, however many workers."""

    grid: GridPart = field(default_factory=GridPart)
    market: MarketPart = field(default_factory=MarketPart)
    chain: ChainPart = field(default_factory=ChainPart)
    play: PlayPart = field(default_factory=PlayPart)
    community: CommunityPart = field(default_factory=CommunityPart)

    folder: Path = field(default=Path(), compare=False, metadata={"hidden": True})
    """What the paths of files are relative to."""

    source: str = field(default="scenario", compare=False, metadata={"hidden": True})
    """What errors call it: the file, or the name of a shipped one."""

    def with_changes(self, part: str, **changes: Any) -> Self:
        """Return the scenario with keys of a part changed; those that are None stay."""
        wanted = {key: value for key, value in changes.items() if value is not None}
        return replace(self, **{part: replace(getattr(self, part), **wanted)})


def read_scenario(name: str) -> Scenario:
    """Return a shipped scenario by its name, or one from a TOML file.

    Raises
    ------
    ScenarioRefused
        Naming the file and the key, and what was wanted.
    """
    path = scenario_path(name)
    return make_scenario(read_toml(path, name), path.parent, name)


def shipped() -> list[str]:
    """Return the names of the scenarios that come with the package.

    >>> "anglesey" in shipped()
    True
    """
    return sorted(scenario.stem for scenario in SHIPPED.glob("*.toml"))


def scenario_path(name: str) -> Path:
    """Return where a scenario stands: a shipped one by its name, else the file itself."""
    path = SHIPPED / f"{name}.toml"
    return path if path.exists() else Path(name)


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """Return the table in a file of this schema.

    Raises
    ------
    ScenarioRefused
        If there is no such file, or it is not TOML.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScenarioRefused(name, f"no such file, {nearest(name, shipped())}") from None
    except OSError as error:
        raise ScenarioRefused(name, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioRefused(name, f"is not TOML: {error}") from error
    if table.pop("schema", 1) != 1:
        raise ScenarioRefused(name, "schema: this version reads schema 1")
    return table


def make_scenario(table: Mapping[str, Any], folder: Path, name: str) -> Scenario:
    """Return the scenario that a table describes.

    Parameters
    ----------
    table : mapping
        As TOML reads it.
    folder : Path
        What the paths of files in it are relative to.
    name : str
        What errors call it.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    made: Scenario = read_table(Scenario, table, name, "")
    play = replace(
        made.play,
        strategies=_beside(folder, made.play.strategies),
        seats=_beside(folder, made.play.seats),
    )
    mix = made.community.mix
    community = replace(
        made.community,
        strategies=_beside(folder, made.community.strategies),
        mix=dict(zip(_beside(folder, tuple(mix)), mix.values(), strict=True)),
    )
    return replace(made, play=play, community=community, folder=folder, source=name)


def _beside(folder: Path, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return strategies whose files are looked for in a folder, unless they say where.

    >>> _beside(Path("mine"), ("noise(bold.py:Bold, size=0.1)", "bids.json", "shaded"))
    ('noise(mine/bold.py:Bold, size=0.1)', 'mine/bids.json', 'shaded')
    """
    return tuple(
        STRATEGY_FILES.sub(lambda found: (folder / found[0]).as_posix(), text) for text in texts
    )
