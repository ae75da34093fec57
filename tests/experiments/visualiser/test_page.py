"""The page without a browser: its map, its files, its server, and its components."""

import gc
import queue
import socket
import threading
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest
import solara
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import CheckFailed, InputRefused
from experiments.scenario import read_scenario
from experiments.visualiser import vendor
from experiments.visualiser.controller import CLOCK
from experiments.visualiser.drawing import positions
from experiments.visualiser.opening import Opening, open_with, opening
from experiments.visualiser.server import SETTINGS, free_port, listen
from experiments.visualiser.session import Session
from experiments.visualiser.world import open_world, world


@pytest.fixture(scope="module")
def anglesey():
    return world(read_scenario("anglesey"))


def test_the_map_shows_what_the_appraisal_knows(anglesey):
    """The same voltages and highest loadings as those that options are priced by."""
    known = anglesey.seen.appraisal
    for seat, flows in enumerate(anglesey.flows(("D", "G"), 0)):
        place = anglesey.seen.places(("D", "G"))[seat]
        lowest = known.vm_min_pu[seat, place, 0]
        assert np.allclose(flows.vm_pu[:, :-1].min(-1), lowest)
        assert np.allclose(flows.loading[:, :-1].max(-1), known.loading_max[seat, place, 0])
        alone = known.no_link.loading_max[seat, place, 0]
        assert np.allclose(flows.loading[:, -1].max(-1), alone)


def test_days_are_solved_once_and_few_are_kept(anglesey):
    first = anglesey.flows(("N", "N"), 0)
    assert anglesey.flows(("N", "N"), 0) is first
    for day in range(1, 6):
        anglesey.flows(("N", "N"), day)
    assert anglesey.flows(("N", "N"), 0) is not first


def test_like_scenarios_share_a_world(anglesey):
    again = read_scenario("anglesey").with_changes("market", sealed=True)
    assert world(again) is anglesey
    assert world(again.with_changes("grid", days=1)) is not anglesey


def test_worlds_of_other_communities_differ():
    few = read_scenario("anglesey-with-communities").with_changes("grid", days=1, options=3)
    few = few.with_changes("community", prosumers=4)
    assert world(few) is world(few.with_changes("market", sealed=True))
    for change in ({"mix": {"indifferent": 1.0}}, {"rules": ("bill-sharing",)}, {"copies": 9}):
        assert world(few.with_changes("community", **change)) is not world(few)


def test_the_world_of_the_opening_is_never_forgotten():
    few = read_scenario("anglesey").with_changes("grid", days=1, options=3)
    opened = open_world(few)
    for seed in range(1, 5):
        world(replace(few, seed=seed))
    assert world(few) is opened


def test_the_terminal_is_on_the_side_of_the_link(anglesey):
    for plan, right in zip(anglesey.plans, (True, False), strict=True):
        x = plan.xy[plan.terminal, 0]
        assert (x > 0.5) == right
        assert plan.xy.min() == 0.0
        assert plan.xy.max() == 1.0


def test_a_network_in_pieces_is_drawn_too():
    xy = positions(4, [(0, 1)], terminal=0, faces_right=False)
    assert np.isfinite(xy).all()


def test_vendored_files_are_those_listed(tmp_path):
    vendor.check(vendor.ASSETS)
    (tmp_path / vendor.LIST).write_text("")
    (tmp_path / "more.js").write_text("")
    with pytest.raises(CheckFailed, match=r"more\.js"):
        vendor.check(tmp_path)


def test_licences_stand_beside_what_was_vendored():
    text = (vendor.ASSETS / vendor.LICENCES).read_text(encoding="utf-8")
    for package in vendor.PACKAGES:
        assert f"{package}: " in text
    assert "not stated" not in text


def test_nobody_is_told_and_nothing_is_fetched():
    assert SETTINGS["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert SETTINGS["SOLARA_ASSETS_PROXY_CACHE_DIR"] == str(vendor.ASSETS)


def test_a_taken_port_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputRefused, match="in use, wanted a free one: --port"):
            listen("127.0.0.1", taken.getsockname()[1])
    assert free_port("127.0.0.1") > 0


@pytest.mark.parametrize("host", ["nosuch.invalid", "192.0.2.1", "a..b"])
def test_a_host_that_is_not_this_machine_is_refused_by_its_option(host):
    with pytest.raises(InputRefused, match="wanted an address of this machine: --host") as told:
        listen(host, 0)
    assert told.value.place == f"{host}:0"


def test_the_command_serves_what_it_was_asked_for(monkeypatch):
    served = []
    monkeypatch.setattr(
        "experiments.visualiser.server.serve", lambda *asked: served.append(asked)
    )
    result = CliRunner().invoke(app, ["visualise", "anglesey", "--no-open", "--port", "0"])
    assert result.exit_code == 0, result.output
    listening, show = served[0]
    assert not show
    assert f"http://127.0.0.1:{listening.getsockname()[1]}" in result.output
    listening.close()
    assert opening().scenario.name == "anglesey"


def test_the_command_refuses_what_is_no_scenario():
    result = CliRunner().invoke(app, ["visualise", "nowhere"])
    assert result.exit_code == 2


def test_the_command_refuses_what_no_visitor_could_be_shown(tmp_path):
    (tmp_path / "feeder.json").write_text("{}")
    (tmp_path / "homes.toml").write_text(
        '[grid]\ncase = "community"\n[community]\nprosumers = 3\nfeeder = "feeder.json"\n'
    )
    result = CliRunner().invoke(app, ["visualise", str(tmp_path / "homes.toml"), "--port", "0"])
    assert result.exit_code == 2
    assert "feeder.json" in result.stderr
    result = CliRunner().invoke(app, ["visualise", str(tmp_path), "--seed", "7"])
    assert result.exit_code == 2
    assert "--seed: is given for a run that has its own" in result.stderr


def test_the_page_renders_with_a_session_of_its_own(anglesey):
    from experiments.visualiser.app import Page

    open_with(Opening(anglesey.scenario))
    _, rendered = solara.render(Page(), handle_error=False)
    clocks = [thread for thread in threading.enumerate() if thread.name == CLOCK]
    rendered.close()
    for clock in clocks:
        clock.join(10)
    assert [clock.is_alive() for clock in clocks] == [False]


def test_what_was_played_is_let_go_with_its_visitor(anglesey):
    session = Session(Opening(anglesey.scenario), lambda _: None)
    made = queue.Queue()
    session.controller.call(lambda playing: made.put(weakref.ref(playing.matches[0].model)))
    model = made.get(timeout=20)
    assert model() is not None
    session.close()
    end = time.monotonic() + 10
    while model() is not None and time.monotonic() < end:
        gc.collect()
        time.sleep(0.05)
    assert model() is None
