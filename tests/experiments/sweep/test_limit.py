import threading
import time

import pytest

from experiments.sweep import limit
from experiments.sweep.cell import play_cell
from experiments.sweep.limit import TooLong, within
from experiments.sweep.reading import read_sweep
from tests.experiments.sweep.kit import write_sweep

LONG_S = 3.0


def busy():
    end = time.monotonic() + LONG_S
    while time.monotonic() < end:
        pass


def stubborn():
    end = time.monotonic() + LONG_S
    while time.monotonic() < end:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: BLE001
            continue


def asleep():
    time.sleep(1e6)


def on_a_thread(call):
    found = []

    def run():
        try:
            found.append(call())
        except BaseException as error:  # noqa: BLE001
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found[0]


@pytest.mark.parametrize("work", [busy, asleep, stubborn])
def test_work_ends_at_its_limit_whatever_it_does(work):
    with pytest.raises(TooLong):
        within(0.1, work)


@pytest.mark.parametrize("work", [busy, asleep, stubborn])
def test_so_it_does_on_a_thread_of_a_cluster(work, monkeypatch):
    monkeypatch.setattr(limit, "GRACE_S", 0.1)
    for _ in range(2):
        assert isinstance(on_a_thread(lambda: within(0.1, work)), TooLong)


def test_work_within_its_limit_is_left_alone():
    assert within(5.0, lambda: 3) == 3
    assert within(0.0, lambda: 3) == 3
    assert on_a_thread(lambda: within(5.0, lambda: 3)) == 3
    assert isinstance(on_a_thread(lambda: within(5.0, lambda: 1 / 0)), ZeroDivisionError)
    time.sleep(0.01)


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ("texts", "ValueError: could not convert"),
        ("nothing", "returned NoneType, wanted numbers by name"),
        ("taken", "returned 'x', which is another column's name"),
    ],
)
def test_an_answer_that_is_none_is_a_row_with_its_error(tmp_path, scores, told):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [1]", scores))
    assert told in play_cell(sweep, sweep.cells()[0])["error"]


@pytest.mark.parametrize("x", [1, 2, 3, 5])
def test_a_cell_in_trouble_is_a_row_with_its_error(tmp_path, x):
    text = f"time_limit_s = 0.2\nfactors.x = [{x}]"
    sweep = read_sweep(write_sweep(tmp_path, text, "trouble"))
    late = "took longer than 0.2 s"
    wanted = {1: "ValueError: no such thing", 2: late, 3: late, 5: "SystemExit: 1"}
    assert play_cell(sweep, sweep.cells()[0]) == {"error": wanted[x]}
