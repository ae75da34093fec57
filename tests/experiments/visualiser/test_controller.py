"""The clock of a visitor: it plays, waits for the browser, and survives what goes wrong."""

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from experiments.errors import InputRefused
from experiments.visualiser import controller as module
from experiments.visualiser.controller import AS_DRAWN, AS_PLAYED, Controller
from experiments.visualiser.snapshot import Look


class Counting:
    """Something that is played by counting, and fails where it is told to."""

    day = 4

    def __init__(self, windows=12, fails=None, slow=0.0):
        self.windows, self.fails, self.slow, self.played = windows, fails, slow, 0
        self.looks = []

    def step(self):
        time.sleep(self.slow)
        if self.fails == self.played:
            raise ValueError("nothing comes to mind")
        self.played += 1

    def look(self, at):
        self.looks.append(at)
        return SimpleNamespace(shown=self.played if at.window is None else at.window)

    def close(self):
        """Let go of nothing."""


class Rewound(Counting):
    """A replay, which goes to the window that is looked at."""

    def look(self, at):
        if at.window is not None:
            self.played = at.window
        return super().look(replace(at, window=None))


class Visitor:
    """A browser that paints at once, unless told not to."""

    def __init__(self, make, paints=True):
        self.frames, self.paints = [], paints
        self.clock = Controller(make, "asked", self.show)

    def show(self, frame):
        self.frames.append(frame)
        if self.paints and hasattr(self, "clock"):
            self.clock.painted(frame.number)

    def wait(self, until, seconds=5.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.frames and until(self.frames[-1]):
                return self.frames[-1]
            time.sleep(0.005)
        raise AssertionError(self.frames[-3:])

    def waits(self, status, shown=None):
        return self.wait(
            lambda frame: (
                frame.status == status and (shown is None or frame.snapshot.shown == shown)
            )
        )


@pytest.fixture
def visiting():
    """Return a function that lets a visitor in; all have gone by the end."""
    visitors = []

    def visit(make, **how):
        visitors.append(Visitor(make, **how))
        visitors[-1].waits("paused") if "stops" not in how else None
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.clock.close()
        visitor.clock._thread.join(5)
        assert not visitor.clock._thread.is_alive()


def test_steps_play_one_window_each(visiting):
    visitor = visiting(lambda _: Counting())
    visitor.clock.step()
    visitor.clock.step()

    visitor.waits("paused", 2)


def test_a_day_ends_where_the_day_does(visiting):
    visitor = visiting(lambda _: Counting())
    visitor.clock.pace = AS_PLAYED
    visitor.clock.step()
    visitor.waits("paused", 1)
    visitor.clock.day()
    visitor.waits("paused", 4)
    visitor.clock.day()
    visitor.waits("paused", 8)


def test_every_window_is_shown_as_it_is_drawn_until_all_are_played(visiting):
    visitor = visiting(lambda _: Counting())
    visitor.clock.pace = AS_DRAWN
    visitor.clock.play()
    visitor.waits("finished", 12)

    shown = [f.snapshot.shown for f in visitor.frames if f.status in {"playing", "finished"}]
    assert shown == list(range(1, 13))
    visitor.clock.step()
    time.sleep(0.05)
    assert visitor.frames[-1].snapshot.shown == 12


def test_play_pauses_and_goes_on(visiting):
    visitor = visiting(lambda _: Counting(windows=10_000))
    visitor.clock.pace = 200.0
    visitor.clock.play()
    visitor.wait(lambda frame: frame.snapshot.shown >= 3)
    visitor.clock.pause()
    stopped = visitor.waits("paused").snapshot.shown
    time.sleep(0.05)
    assert visitor.frames[-1].snapshot.shown == stopped


def test_play_waits_for_a_browser_and_pauses_when_it_is_gone(visiting, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    visitor = visiting(lambda _: Counting(windows=10_000))
    for pace in (AS_DRAWN, AS_PLAYED):
        visitor.paints = True
        visitor.clock.reset("again")
        visitor.waits("paused", 0)
        visitor.clock.pace, visitor.paints = pace, False
        visitor.clock.play()
        visitor.waits("playing")
        visitor.waits("paused")


def test_an_error_stops_play_in_words_and_reset_recovers(visiting):
    visitor = visiting(lambda asked: Counting(fails=2 if asked == "asked" else None))
    visitor.clock.pace = AS_DRAWN
    visitor.clock.play()
    frame = visitor.waits("stopped")

    assert frame.failure.words == "ValueError: nothing comes to mind"
    assert frame.failure.window == 3
    assert "Traceback" in frame.failure.details
    visitor.clock.step()
    visitor.clock.reset("better")
    assert visitor.waits("paused", 0).failure is None
    visitor.clock.step()
    visitor.waits("paused", 1)


def test_what_cannot_be_made_is_told(visiting):
    def make(asked):
        if asked == "worse":
            raise InputRefused("seed", "is 'much', wanted a whole number")
        return Counting()

    visitor = visiting(make)
    visitor.clock.reset("worse")
    frame = visitor.waits("stopped")

    assert frame.failure.words == "seed: is 'much', wanted a whole number"
    assert frame.failure.window is None
    assert frame.snapshot is None


def test_a_long_step_is_announced_and_reset_waits_for_it(visiting):
    visitor = visiting(lambda _: Counting(slow=0.4))
    visitor.clock.step()
    visitor.waits("working")
    visitor.clock.reset("asked")
    visitor.waits("paused", 0)


def test_looking_elsewhere_plays_nothing(visiting):
    made = []
    visitor = visiting(lambda _: made.append(Counting()) or made[-1])
    visitor.clock.step()
    visitor.waits("paused", 1)
    visitor.clock.look(stage="submit")
    visitor.clock.seek(0)
    visitor.waits("paused", 0)
    assert made[0].looks[-1].stage == "submit"
    visitor.clock.step()
    visitor.waits("paused", 2)


def test_looking_back_pauses_play(visiting):
    visitor = visiting(lambda _: Counting(windows=10_000))
    visitor.clock.pace = AS_PLAYED
    visitor.clock.play()
    visitor.wait(lambda frame: frame.going and frame.snapshot.shown >= 3)
    visitor.clock.seek(2)
    frame = visitor.waits("paused", 2)
    assert not frame.going
    visitor.clock.step()
    assert visitor.wait(lambda frame: frame.snapshot.shown > 3).status == "paused"


def test_the_ledger_can_be_filtered_while_windows_are_played(visiting):
    made = []
    visitor = visiting(lambda _: made.append(Counting(windows=10_000)) or made[-1])
    visitor.clock.pace = AS_DRAWN
    visitor.clock.play()
    visitor.wait(lambda frame: frame.snapshot.shown >= 3)
    visitor.clock.look(stage="submit")
    visitor.wait(lambda _: made[0].looks[-1].stage == "submit")
    assert visitor.frames[-1].going
    visitor.clock.reset("again")
    visitor.waits("paused", 0)
    assert made[1].looks[-1] == Look()


def test_what_was_looked_through_can_be_played_again_after_looking_back(visiting):
    visitor = visiting(lambda _: Rewound(windows=4))
    visitor.clock.pace = AS_PLAYED
    visitor.clock.play()
    visitor.waits("finished", 4)
    visitor.clock.seek(1)
    visitor.waits("paused", 1)
    visitor.clock.play()
    visitor.waits("finished", 4)


def test_play_goes_on_after_a_long_pause(visiting, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    visitor = visiting(lambda _: Counting(windows=50, slow=0.002), paints=True)
    visitor.clock.pace = AS_PLAYED
    time.sleep(0.3)
    visitor.paints = False
    visitor.clock.play()
    assert visitor.waits("finished").snapshot.shown == 50


def test_a_failure_to_look_is_told_and_the_clock_goes_on(visiting):
    class Blind(Counting):
        def look(self, at):
            if self.played:
                raise ValueError("nothing to be seen")
            return super().look(at)

    visitor = visiting(lambda asked: Blind() if asked == "asked" else Counting())
    visitor.clock.step()
    frame = visitor.waits("stopped", 0)
    assert frame.failure.words == "ValueError: nothing to be seen"
    visitor.clock.reset("better")
    visitor.waits("paused", 0)


def test_of_many_beginnings_the_last_is_made(visiting):
    made, held = [], threading.Event()

    def make(asked):
        made.append(asked)
        held.wait(5) if asked == "first" else None
        return Counting()

    visitor = visiting(make)
    for asked in ("first", "second", "third", "last"):
        visitor.clock.reset(asked)
        time.sleep(0.05)
    held.set()
    visitor.wait(lambda frame: frame.status == "paused" and "last" in made)
    assert made == ["asked", "first", "last"]


def test_pause_is_offered_while_a_long_step_is_worked_on(visiting):
    visitor = visiting(lambda _: Counting(slow=0.3))
    visitor.clock.pace = AS_DRAWN
    visitor.clock.play()
    assert visitor.waits("working").going
    visitor.clock.pause()
    assert not visitor.waits("paused").going


def test_work_is_done_between_windows(visiting):
    visitor = visiting(lambda _: Counting())
    done = threading.Event()
    visitor.clock.call(lambda playing: playing.played == 0 and done.set())
    assert done.wait(5)


def test_who_has_gone_is_shown_nothing(visiting):
    visitor = visiting(lambda _: Counting())
    visitor.clock.close()
    frames = len(visitor.frames)
    visitor.clock.step()
    time.sleep(0.05)
    assert len(visitor.frames) == frames
