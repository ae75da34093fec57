"""Strategies from outside: a class in a user's file, an installed package, bids in a file.

A class is named ``path/to/file.py:Class``, the path relative to the working folder; a package
lists its own in the group of entry points `GROUP`. Each is tried before play, so that one
that does not work is told apart, and left out, before it costs anybody a tournament.
"""

import copyreg
import importlib
import importlib.util
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import EntryPoint, entry_points
from os import sep
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast
from zlib import crc32

import numpy as np

from agents.draws import Draws, chances
from agents.lookup import Maker, NotAStrategy, UnknownName, find
from agents.play import Costs, Play
from agents.player import Player, StrategyFailed
from agents.strategies import STRATEGIES
from agents.strategies.base import Knowledge, Strategy, setting
from experiments.errors import ExperimentError, InputRefused, Unknown
from experiments.results import MANIFEST, write_json
from experiments.scenario import Scenario
from experiments.seat import SUFFIX, FromFile, check_length, seat_bids
from market.bids import HIGHEST_OFFER
from market.floor import Salts
from market.local_floor import LocalFloor
from market.mechanisms.base import Form
from market.terms import Terms
from market.types import Bids

GROUP: Final = "gridpact.strategies"
"""The entry points of strategies in installed packages."""

SESSIONS: Final = 3
"""How many a trial has: enough for a strategy to remember one and act upon it."""

MATCHES: Final = 2
"""How many it is played in at once, because strategies must take any number."""

FILES: Final = re.compile(r"[^(),=\s][^(),=]*\.py(?=:)")
"""Finds the files of users in the text of a strategy."""

MODULE: Final = "gridpact_plugin_"
"""What the modules are called that users' files become."""

OURS: Final = (
    *(
        f"{Path(__file__).parents[1] / part}{sep}"
        for part in ("agents", "experiments", "market")
    ),
    f"{Path(importlib.__file__).parent}{sep}",
)
"""Where code is that is not a user's: ours, and what loads modules."""


class StrategyBroken(ExperimentError):
    """A strategy from outside does not work."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text}: {reason}")
        self.text, self.reason = text, reason


@dataclass(frozen=True)
class LeftOut:
    """A strategy that does not play, and why."""

    strategy: str
    reason: str


def strategy(text: str) -> Strategy:
    """Return what a text stands for, whether it is listed or from outside.

    Raises
    ------
    Unknown, InputRefused
        If the text is wrong.
    StrategyBroken
        If what it names does not work.
    """
    try:
        return find(text, outside)
    except UnknownName as error:
        raise Unknown(error.kind, error.name, error.known) from error
    except NotAStrategy as error:
        raise InputRefused(f"strategy {text!r}", error.reason) from error
    except ExperimentError:
        raise
    except Exception as error:
        raise StrategyBroken(text, why(error)) from error


def outside(name: str) -> Maker | None:
    """Return what makes a strategy that is not listed, or None if nothing does."""
    path, _, kind = name.rpartition(":")
    if path.endswith(".py"):
        return _from_file(name, Path(path), kind)
    if name.endswith(SUFFIX):
        return _seat(name)
    for point in installed():
        if point.name == name:
            return _callable(name, _loaded(name, point.load))
    return None


def installed() -> tuple[EntryPoint, ...]:
    """Return the strategies of installed packages, by name."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: point.name))


def try_out(text: str, options: int = 13, horizon: int = 1) -> None:
    """Have a strategy play a few sessions with itself, under offers and under ranks.

    Parameters
    ----------
    text : str
        What it is called.
    options : int
        How many to bid for.
    horizon : int
        How many windows a session has.

    Raises
    ------
    Unknown, InputRefused, StrategyBroken
        As `strategy`, and if it raises an error or bids what is no bid.
    """
    tried = strategy(text)
    for mechanism in ("hco", "rps"):
        try:
            _play(tried, _terms(mechanism, options, horizon))
        except Exception as error:
            raise StrategyBroken(text, why(error)) from error


def check_seats(scenario: Scenario, agreed: Terms, windows: int) -> None:
    """Try what is not listed in the seats of a simulation, and read the files of bids.

    Raises
    ------
    InputRefused, StrategyBroken
        For the first seat that cannot be taken.
    """
    for seat, text in enumerate(scenario.play.seats):
        if text in STRATEGIES:
            continue
        if isinstance(strategy(text), FromFile):
            check_length(text, seat_bids(text, agreed, seat), windows)
        else:
            try_out(text, len(agreed.options), agreed.horizon)


def broken(texts: Sequence[str], scenario: Scenario) -> list[LeftOut]:
    """Return which strategies do not work in a trial; those that are listed need none."""
    left_out = []
    for text in texts:
        try:
            if text not in STRATEGIES:
                try_out(text, scenario.grid.options, scenario.market.horizon)
        except StrategyBroken as found:
            left_out.append(LeftOut(text, found.reason))
    return left_out


def without(scenario: Scenario, left_out: Sequence[LeftOut]) -> Scenario:
    """Return a scenario without the strategies that do not play.

    Raises
    ------
    InputRefused
        If none is left.
    """
    gone = {each.strategy for each in left_out}
    kept = tuple(text for text in scenario.play.strategies if text not in gone)
    if not kept:
        reasons = "; ".join(f"{each.strategy}: {each.reason}" for each in left_out)
        raise InputRefused(scenario.source, f"no strategy is left to play ({reasons})")
    return scenario.with_changes("play", strategies=kept)


def note(folder: Path, scenario: Scenario, left_out: Sequence[LeftOut]) -> None:
    """Add to the manifest of a run what did not play, and which files of users' did."""
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    facts = {
        "left_out": [asdict(each) for each in left_out],
        "plugins_sha256": files_sha256(scenario.play.strategies),
    }
    write_json(path, content | facts)


def files_sha256(texts: Sequence[str]) -> dict[str, str]:
    """Return the hash of every user's file that strategies come from, by its path."""
    paths = (path for text in texts for path in FILES.findall(text))
    return {path: sha256(Path(path).read_bytes()).hexdigest() for path in paths}


def blamed(failed: StrategyFailed, texts: Sequence[str]) -> LeftOut:
    """Return which of the strategies it was that failed in play.

    Raises
    ------
    StrategyFailed
        If it was none from outside: that is a mistake of ours.
    """
    for text in texts:
        if text not in STRATEGIES and strategy(text) == failed.strategy:
            return LeftOut(text, why(failed))
    raise failed


@contextmanager
def telling_which(texts: Sequence[str]) -> Iterator[None]:
    """Raise `StrategyBroken` for a strategy from outside that fails within."""
    try:
        yield
    except StrategyFailed as failed:
        found = blamed(failed, texts)
        raise StrategyBroken(found.strategy, found.reason) from failed


def why(error: BaseException) -> str:
    """Return what happened to a strategy, and where in its file, in a line."""
    if isinstance(error, StrategyFailed):
        cause = error.__cause__
        if cause is None or cause.__traceback__ is None:  # it came from another process
            return error.reason
        error = cause
    said = " ".join(str(error).split())
    return f"raised {type(error).__name__}{_place(error)}" + (f": {said}" if said else "")


def _place(error: BaseException) -> str:
    """Return the function and line of the first file that is not ours, as far as it went."""
    if isinstance(error, SyntaxError):
        return ""  # it tells its line itself
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [f for f in frames if not f.filename.startswith(("<", *OURS))]
    for frame in reversed(theirs):
        if frame.filename == theirs[0].filename:
            return f" in {frame.name}, line {frame.lineno}"
    return ""


def _from_file(name: str, path: Path, kind: str) -> Maker:
    """Return a class of a user's file."""
    if not path.is_file():
        raise InputRefused(name, "no such file, wanted path/to/file.py:Class")
    module = _loaded(name, lambda: _module(path))
    known = [
        key
        for key, thing in vars(module).items()
        if isinstance(thing, type) and thing.__module__ == module.__name__
    ]
    if not hasattr(module, kind):
        raise Unknown(f"class of {path}", kind, known)
    return _callable(name, getattr(module, kind))


def _seat(name: str) -> Maker:
    """Return what makes a seat of the bids in a file."""
    if not Path(name).is_file():
        raise InputRefused(name, "no such file, wanted bids in JSON")
    return partial(FromFile, name)


def _module(path: Path) -> ModuleType:
    """Return a user's file as a module, the same one whenever it is asked for."""
    where = str(path.resolve())
    called = f"{MODULE}{crc32(where.encode()):08x}"
    if called in sys.modules:
        return sys.modules[called]
    spec = importlib.util.spec_from_file_location(called, where)
    if spec is None or spec.loader is None:  # pragma: no cover  a name that ends in .py has one
        raise ImportError(where)
    module = importlib.util.module_from_spec(spec)
    sys.modules[called] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[called]
        raise
    return module


def _loaded(name: str, load: Callable[[], Any]) -> Any:
    """Return what is loaded; whatever goes wrong is its own fault."""
    try:
        return load()
    except (Exception, SystemExit) as error:
        raise StrategyBroken(name, why(error)) from error


def _callable(name: str, thing: Any) -> Maker:
    if not callable(thing):
        raise StrategyBroken(name, f"is a {type(thing).__name__}, wanted a class")
    return cast(Maker, thing)


class _Watched(Player):
    """A player whose every bid is checked."""

    def bid(self, knowledge: Knowledge) -> Bids:
        bids = super().bid(knowledge)
        if (wrong := _wrong(bids, knowledge.setting.form)) is not None:
            raise StrategyFailed(self.strategy, self.seat, wrong)
        return bids


def _wrong(bids: Bids, form: Form) -> str | None:
    """Return what is wrong with the numbers of bids, None if nothing is."""
    if form == "offers":
        low, high = bids.min(), bids.max()
        in_range = low >= 0 and high <= HIGHEST_OFFER
        return None if in_range else f"bid {low} to {high}, wanted 0 to {HIGHEST_OFFER} ticks"
    rows = bids.reshape(-1, bids.shape[-1])
    wanted = np.arange(1, bids.shape[-1] + 1)
    for row in rows[(np.sort(rows, -1) != wanted).any(-1)]:
        return f"bid the ranks {row.tolist()}, wanted 1 to {len(row)}, each once"
    return None


def _play(tried: Strategy, terms: Terms) -> None:
    """Play a few sessions in a few matches, with the strategy in every seat."""
    fates = [chances(match, terms.parties) for match in range(MATCHES)]
    players = [
        _Watched(
            tried,
            setting(terms, seat, matches=MATCHES),
            Draws([seeds[seat] for seeds, _ in fates]),
        )
        for seat in range(terms.parties)
    ]
    shape = MATCHES, terms.parties, SESSIONS * terms.horizon, len(terms.options)
    costs = Costs(np.random.default_rng(0).uniform(0, 50, shape), case=np.arange(MATCHES))
    floor = LocalFloor(terms, Salts([secrets for _, secrets in fates]))
    play = Play(floor, costs, players, working_ticks=10**6)
    for _ in range(SESSIONS):
        play.hold()


def _terms(mechanism: str, options: int, horizon: int) -> Terms:
    """Return terms of a trial between two parties."""
    middles = (5000 * (np.arange(options) - options // 2)).tolist()
    return Terms(
        parties=2,
        options=tuple((middle, middle) for middle in middles),
        mechanism=mechanism,
        default=options // 2,
        horizon=horizon,
    )


def _told(failed: StrategyFailed) -> tuple[Any, ...]:
    return StrategyFailed, (failed.strategy, failed.seat, why(failed))


copyreg.pickle(StrategyFailed, _told)  # so that a worker's reaches the process that asked
