"""A visitor's clock: a thread that plays windows, and shows no more than can be painted.

The page calls `play`, `pause`, `step` and the like, which return at once; all work is done in
one thread, one task after another. What it shows is a `Frame`, handed to `show`: a browser
tells by `painted` which one it has drawn, and play waits for it.
"""

import logging
import math
import queue
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from agents.player import StrategyFailed
from experiments.errors import EXPECTED
from experiments.visualiser.playing import Live, Playing
from experiments.visualiser.snapshot import Look, Snapshot

Status: TypeAlias = Literal["working", "paused", "playing", "finished", "stopped"]

KNOWN: Final = (*EXPECTED, StrategyFailed)
"""Errors that say in words what happened."""

CLOCK: Final = "gridpact-page"
"""What a visitor's thread is called."""

AHEAD: Final = 2
"""How many frames may be on their way to the browser."""

PATIENCE_S: Final = 10.0
"""Play pauses when the browser has drawn nothing for so long: nobody is looking."""

SLOW_S: Final = 0.15
"""A step that takes longer is announced."""

AS_DRAWN: Final = math.inf
"""The pace at which each window is shown as soon as the last one is painted."""

AS_PLAYED: Final = 0.0
"""The pace at which windows are played without waiting, and some are shown."""

Make: TypeAlias = Callable[[Any], Playing]
"""From what a visitor asked for to what is played."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why play stopped, in words."""

    words: str
    window: int | None
    """The window that failed, from 1; None if it was none."""

    details: str
    """The trace, for who wants to report it."""


@dataclass(frozen=True)
class Frame:
    """What a visitor sees."""

    number: int
    status: Status

    going: bool = False
    """Whether play goes on until it is paused, also while a long step is worked on."""

    snapshot: Snapshot | None = None
    failure: Failure | None = None


class Controller:
    """Play for one visitor.

    Parameters
    ----------
    make : callable
        From what is asked for to what is played; may take long, and may raise.
    asked : object
        What to begin with.
    show : callable
        Told every frame, from the thread.
    """

    def __init__(self, make: Make, asked: Any, show: Callable[[Frame], None]) -> None:
        self._make, self._show = make, show
        self._playing: Playing | None = None
        self._asked = 0
        """How often a beginning was asked for; all but the last are passed over."""
        self._look = Look()
        """All but the window, which is the thread's own."""
        self._window: int | None = None
        self._on = False
        """Whether play goes on until it is paused."""
        self._frame = Frame(0, "working")
        self._painted, self._heard = 0, time.monotonic()
        self._going = threading.Event()
        self._news = threading.Condition()
        self._tasks: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._publishing = threading.RLock()
        self.pace = 5.0
        """Windows a second, `AS_DRAWN` or `AS_PLAYED`."""
        self._thread = threading.Thread(target=self._work, daemon=True, name=CLOCK)
        self._thread.start()
        self.reset(asked)

    # What the page asks for; every call returns at once.

    def reset(self, asked: Any) -> None:
        """Begin again with what is asked for."""
        self.pause()
        self._asked += 1
        number = self._asked
        self._tasks.put(lambda: self._reset(asked, number))

    def play(self) -> None:
        """Play until it ends or is paused."""
        self._start(lambda playing: playing.windows, "playing")

    def day(self) -> None:
        """Play to the end of the day."""
        self._start(_end_of_day, "playing")

    def step(self) -> None:
        """Play a window."""
        self._start(lambda playing: playing.played + 1, "paused")

    def pause(self) -> None:
        """Stop after the window that is being played."""
        self._going.clear()
        with self._news:
            self._news.notify_all()

    def seek(self, window: int) -> None:
        """Look at a window; play pauses."""
        self.pause()
        self._tasks.put(lambda: self._seek(window))

    def look(self, **changes: Any) -> None:
        """Look at something else: some of the ledger, or another community."""
        self._look = replace(self._look, **changes)
        self._tasks.put(self._publish)

    def order(self, bids: dict[int, tuple[int, ...]]) -> None:
        """Take down what a person bids, and play the window."""
        self._tasks.put(lambda: self._order(bids))
        self.step()

    def painted(self, number: int) -> None:
        """Hear that the browser has drawn a frame."""
        with self._news:
            self._painted, self._heard = max(self._painted, number), time.monotonic()
            self._news.notify_all()

    def call(self, work: Callable[[Playing], None]) -> None:
        """Have something done with what is played, between windows."""
        self._tasks.put(lambda: None if self._playing is None else work(self._playing))

    def close(self) -> None:
        """End the thread, and let go of what was played."""
        self.pause()
        self._asked += 1
        self._show = _nobody
        self._tasks.put(None)

    # What the thread does.

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception as error:  # noqa: BLE001  a strategy may raise anything
                _log.exception("the page's thread")
                self._fail(error)
        self._let_go()

    def _reset(self, asked: Any, number: int) -> None:
        if number < self._asked:
            return
        self._let_go()
        self._look, self._window = Look(), None
        self._publish("working", None)
        self._playing = self._make(asked)
        self._publish("paused", None)

    def _let_go(self) -> None:
        if self._playing is not None:
            self._playing.close()
        self._playing = None

    def _seek(self, window: int) -> None:
        self._window = window
        self._publish()

    def _order(self, bids: dict[int, tuple[int, ...]]) -> None:
        if isinstance(self._playing, Live):
            self._playing.order(bids)

    def _start(self, until: Callable[[Playing], int], status: Status) -> None:
        if self._frame.status == "playing":
            return
        self._going.set()
        self._tasks.put(lambda: self._run(until, status))

    def _run(self, until: Callable[[Playing], int], status: Status) -> None:
        playing = self._playing
        if playing is None or self._frame.status == "stopped":
            return
        self._window = None
        self._heard = time.monotonic()
        self._on = status == "playing"
        end = min(until(playing), playing.windows)
        while playing.played < end and self._going.is_set():
            begun = time.monotonic()
            self._step(playing)
            if playing.played < end:
                self._pace(begun, status)
        if self._on:
            self._going.clear()
        self._on = False
        self._publish("paused")

    def _step(self, playing: Playing) -> None:
        """Play a window, and say so if it takes long."""
        slow = threading.Timer(SLOW_S, self._publish, ("working",))
        slow.daemon = True
        slow.start()
        try:
            playing.step()
        finally:
            slow.cancel()

    def _pace(self, begun: float, status: Status) -> None:
        """Show a window if the browser can take it, and wait as long as the pace asks."""
        if self.pace == AS_PLAYED:
            if self._frame.number <= self._painted:
                self._publish(status)
            if time.monotonic() - self._heard > PATIENCE_S:
                self._going.clear()
            return
        self._publish(status)
        if not self._wait(lambda: self._frame.number - self._painted < AHEAD, PATIENCE_S):
            self._going.clear()
        if self.pace != AS_DRAWN:
            left = 1.0 / self.pace - (time.monotonic() - begun)
            self._wait(lambda: not self._going.is_set(), left)

    def _wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds or play is paused; return whether it came in time."""
        with self._news:
            return self._news.wait_for(
                lambda: until() or not self._going.is_set(), max(seconds, 0.0)
            )

    def _fail(self, error: Exception) -> None:
        known = isinstance(error, KNOWN)
        words = str(error) if known else f"{type(error).__name__}: {error}"
        window = None if self._playing is None else self._playing.played + 1
        trace = "".join(traceback.format_exception(error))
        self._going.clear()
        self._on = False
        failure = Failure(words, window, trace)
        try:
            self._publish("stopped", failure)
        except Exception:  # what failed may be to look  # noqa: BLE001
            self._publish("stopped", failure, afresh=False)

    def _publish(
        self,
        status: Status | None = None,
        failure: Failure | Literal["same"] | None = "same",
        *,
        afresh: bool = True,
    ) -> None:
        """Show where things stand, afresh or as they were last seen."""
        with self._publishing:
            last, playing = self._frame, self._playing
            snapshot = last.snapshot
            if playing is None:
                snapshot = None
            elif afresh and threading.current_thread() is self._thread:
                snapshot = playing.look(replace(self._look, window=self._window))
            self._frame = Frame(
                number=last.number + 1,
                status=self._status(status or last.status),
                going=self._on and self._going.is_set(),
                snapshot=snapshot,
                failure=last.failure if failure == "same" else failure,
            )
            self._show(self._frame)

    def _status(self, status: Status) -> Status:
        """Tell paused from finished, which a look back at a replay changes."""
        playing = self._playing
        if status not in {"paused", "finished"} or playing is None:
            return status
        return "finished" if playing.played == playing.windows else "paused"


def _end_of_day(playing: Playing) -> int:
    return (playing.played // playing.day + 1) * playing.day


def _nobody(frame: Frame) -> None:
    """Show nobody."""
