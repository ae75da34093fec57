"""The page in a real browser, as a visitor uses it."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from experiments.scenario import make_scenario, read_scenario
from experiments.simulation.simulate import payments_table, simulate
from experiments.wiring import study
from tests.experiments.visualiser.browsing import Visitor, serving

SCENARIO = """
schema = 1
name = "page"
[grid]
case = "anglesey"
days = 2
[chain]
venue = "local"
[play]
strategies = ["truthful", "odd.py:Broken", "odd.py:Slow"]
"""

ODD = '''
import time
from dataclasses import dataclass
from typing import ClassVar
from agents.strategies.base import Strategy

@dataclass(frozen=True)
class Broken(Strategy):
    """Fail in the third window."""
    meaning: ClassVar[str] = "fails in the third window"
    def bid(self, knowledge, draws):
        if knowledge.windows[0] == 2:
            raise ValueError("nothing comes to mind")
        return knowledge.bid(knowledge.values_gbp)

@dataclass(frozen=True)
class Slow(Strategy):
    """Take a second."""
    meaning: ClassVar[str] = "takes a second"
    def bid(self, knowledge, draws):
        if knowledge.windows[0] < 2:
            time.sleep(1.5)
        return knowledge.bid(knowledge.values_gbp)
'''


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.toml").write_text(SCENARIO)
    (folder / "odd.py").write_text(ODD)
    return folder


@pytest.fixture(scope="module")
def servers(place):
    from experiments.cli import app

    run = ["simulate", str(place / "page.toml"), "--windows", "50", "--venue", "revm"]
    assert CliRunner().invoke(app, [*run, "--out", str(place / "run")]).exit_code == 0
    with serving(place, live=place / "page.toml", replay=place / "run") as servers:
        yield servers


@pytest.fixture
def visitor(page, servers):
    found = Visitor(page, servers["live"].url)
    yield found
    assert found.problems == []


@pytest.fixture(scope="module")
def played(place):
    """Return a function that plays windows of the scenario as the command line does."""
    scenario = read_scenario(str(place / "page.toml"))
    seen = study(scenario)

    def play(windows, asked=scenario):
        return simulate(asked, seen, windows, _quiet, lambda: False)

    return play


def test_opens_with_every_panel_and_nothing_played(visitor):
    expect(visitor.page).to_have_title("gridpact")
    for heading in ("Networks and link", "Offers by option and half-hour", "Ledger"):
        expect(visitor.page.get_by_role("heading", name=heading)).to_be_visible()
    assert visitor.cells() == 0
    assert (
        visitor.find("map").get_attribute("aria-label").startswith("2 networks and their link")
    )


def test_figures_on_the_page_are_those_of_the_model(visitor, played):
    visitor.step(3)

    run = played(3)
    table = payments_table(run)
    totals = table.groupby("party")[["cost_gbp", "paid_gbp"]].sum()
    assert visitor.number("set-point") == run.model.award.set_point / 1000
    assert visitor.number("cost") == pytest.approx(table["cost_gbp"].sum(), abs=0.006)
    saved = (table["no_link_gbp"] - table["cost_gbp"]).sum()
    assert visitor.number("saved") == pytest.approx(saved, abs=0.006)
    for seat, party in enumerate(run.seen.parties):
        assert visitor.number(f"cost-{party}") == pytest.approx(
            totals.loc[party, "cost_gbp"], abs=0.006
        )
        assert visitor.number(f"paid-{party}") == pytest.approx(totals.loc[party, "paid_gbp"])
        assert visitor.number(f"free-{party}") == pytest.approx(run.venue.free[seat] * 0.01)
    assert int(visitor.find("calls").get_attribute("data-total")) == len(run.venue.calls)
    assert visitor.cells() == 3 * 2 * 13
    assert float(visitor.find("link").get_attribute("data-mw")) == visitor.number("set-point")


def test_plays_a_day_pauses_looks_back_and_resets(visitor):
    visitor.pace("20 a second")
    visitor.press("Play")
    visitor.page.wait_for_function(
        "+document.querySelector('[data-testid=status]').dataset.window >= 4"
    )
    visitor.press("Pause")
    expect(visitor.find("status")).to_have_attribute("data-status", "paused")
    stopped = visitor.window()
    visitor.page.wait_for_timeout(300)
    assert visitor.window() == stopped
    visitor.pace("as fast as played")
    visitor.press("Day")
    visitor.waits(48)
    cost = visitor.number("cost")
    visitor.page.locator(".gp-column").nth(9).click()
    visitor.waits(10)
    assert visitor.number("cost") < cost
    visitor.press("Step")
    visitor.waits(49)
    visitor.press("Reset")
    visitor.waits(0)
    assert visitor.cells() == 0
    expect(visitor.find("calls")).to_have_attribute("data-total", "0")


CHANGES = {
    "Loading of network-1": ("D", "text=D"),
    "Loading of network-2": ("G", "text=G"),
    "Mechanism": ("rps", "text=Ranks by option and half-hour"),
    "Bids": ("sealed", "text=commit"),
    "Strategy of network-1": ("hedge", "text=network-1, regret"),
    "Strategy of network-2": ("best-response(disposition=adversarial)", "text=adversarial"),
    "Compare with": ("rps-pareto", "text=beside rps-pareto"),
    "One bid for each": ("day", "text=and 47 more windows"),
    "Venue": ("revm", "text=deploy"),
    "Days": (1, "text=of 48 — paused"),
    "Seed": (7, "text=of 96 — paused"),
    "Your seat": ("network-2", "text=Your seat: network-2"),
}


def test_every_control_begins_again_and_shows_its_effect(visitor):
    fields = visitor.page.locator("fieldset .gp-field [id^=gp-]").count()
    assert fields == len(CHANGES) + 2  # and the pace, and looking back
    kept = {
        "Mechanism": "hco",
        "Bids": "open",
        "One bid for each": "half-hour",
        "Venue": "local",
    }
    kept |= {"Compare with": "nothing", "Days": 2, "Strategy of network-1": "truthful"}
    for label, (value, sign) in CHANGES.items():
        visitor.choose(label, value)
        visitor.waits(0)
        visitor.press("Step")
        visitor.waits(1)
        expect(visitor.page.locator(sign).first).to_be_attached()
        if label in kept:
            visitor.choose(label, kept[label])
    assert visitor.window() == 1


def test_an_error_is_told_in_words_and_the_page_goes_on(visitor):
    visitor.choose("Strategy of network-1", visitor_option(visitor, "Broken"))
    visitor.step(2)
    visitor.press("Step")
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_contain_text("Play stopped in window 3")
    expect(alert).to_contain_text("nothing comes to mind")
    visitor.press("Reset")
    visitor.waits(0)
    visitor.press("Play")
    expect(alert).to_contain_text("nothing comes to mind")
    visitor.choose("Strategy of network-1", "truthful")
    visitor.waits(0)
    visitor.step(3)
    expect(alert).to_have_count(0)


def test_a_refused_parameter_is_told_in_words(visitor):
    visitor.choose("Mechanism", "rps-random")
    expect(visitor.page.get_by_role("alert")).to_contain_text("wanted true for rps-random")
    visitor.choose("Bids", "sealed")
    visitor.step()


def test_a_long_step_does_not_freeze_the_page(visitor):
    visitor.choose("Strategy of network-1", visitor_option(visitor, "Slow"))
    visitor.press("Step")
    expect(visitor.find("status")).to_have_attribute("data-status", "working")
    visitor.page.get_by_role("button", name="Theme: auto").click(timeout=1000)
    expect(visitor.page.get_by_role("button", name="Theme: light")).to_be_visible(timeout=1000)
    visitor.waits(1)


def test_two_visitors_have_two_models(visitor, browser, servers, browser_context_args):
    visitor.step(2)
    context = browser.new_context(**browser_context_args)
    other = Visitor(context.new_page(), servers["live"].url)
    other.choose("Mechanism", "rps")
    other.step()
    assert (visitor.window(), other.window()) == (2, 1)
    expect(visitor.page.locator("text=Offers by option")).to_be_visible()
    assert other.problems == []
    context.close()


def test_goes_by_keys_alone(visitor):
    visitor.page.keyboard.press("s")
    visitor.waits(1)
    visitor.page.get_by_role("button", name="Step", exact=True).focus()
    visitor.page.keyboard.press("Enter")
    visitor.waits(2)
    visitor.page.keyboard.press("p")
    expect(visitor.find("status")).to_have_attribute("data-status", "playing")
    visitor.page.keyboard.press("p")
    expect(visitor.find("status")).to_have_attribute("data-status", "paused")
    visitor.page.keyboard.press("r")
    visitor.waits(0)


def test_hands_out_drawings_tables_and_a_scenario_that_plays_the_same(
    visitor, played, tmp_path
):
    visitor.choose("Strategy of network-2", "shaded")
    visitor.step(4)
    cost = visitor.number("cost")

    assert visitor.saved("Save the map as SVG", tmp_path).read_text().startswith("<svg")
    assert visitor.saved("Save the map as PNG", tmp_path).read_bytes().startswith(b"\x89PNG")
    windows = pd.read_csv(visitor.saved("Windows (CSV)", tmp_path))
    assert windows["cost_gbp"].sum() == pytest.approx(cost, abs=0.006)
    assert len(pd.read_csv(visitor.saved("Bids (CSV)", tmp_path))) == 4 * 2 * 13
    assert set(pd.read_csv(visitor.saved("Calls (CSV)", tmp_path))["stage"]) >= {
        "submit",
        "decide",
        "report",
    }
    path = visitor.saved("Scenario (TOML)", tmp_path)
    again = make_scenario(
        {k: v for k, v in tomllib.loads(path.read_text()).items() if k != "schema"}, Path(), "x"
    )
    assert "--windows 4" in path.read_text()
    assert payments_table(played(4, again))["cost_gbp"].sum() == pytest.approx(cost, abs=0.006)


def test_a_person_bids_by_dragging_bars_and_hears_its_regret(visitor, played):
    visitor.choose("Days", 1)
    visitor.choose("Your seat", "network-1")
    bar = visitor.find("bar-6").locator(".gp-bar-space")
    box = bar.bounding_box()
    visitor.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    visitor.page.mouse.up()
    offered = float(visitor.find("bar-6").get_attribute("aria-valuenow"))
    visitor.press("Send bid and step")
    visitor.waits(1)
    sent = visitor.page.locator("tbody tr", has_text="submit").filter(has_text="network-1")
    numbers = sent.first.locator("td").nth(4).inner_text().split()
    assert int(numbers[6]) == round(offered * 100)
    truth = played(1).venue.sent[0].bids[0].numbers
    assert [int(n) for i, n in enumerate(numbers) if i != 6] == [
        n for i, n in enumerate(truth) if i != 6
    ]
    visitor.find("bar-0").focus()
    visitor.page.keyboard.press("ArrowUp")
    visitor.pace("as fast as played")
    visitor.press("Play")
    visitor.waits(48, "finished")
    expect(visitor.find("verdict")).to_contain_text("Your regret is £")
    regret = float(visitor.find("chair-score").get_attribute("data-regret"))
    shown = visitor.page.locator("[data-line=network-1]").get_attribute("data-value")
    assert regret == pytest.approx(float(shown), abs=0.02)


def test_a_person_ranks_by_ordering_options(visitor):
    visitor.choose("Mechanism", "rps")
    visitor.choose("Your seat", "network-2")
    first = visitor.find("order").locator("li").first
    best = first.locator("span").first.inner_text()
    visitor.press(f"Move {best} down")
    assert first.locator("span").first.inner_text() != best
    visitor.press("Send bid and step")
    visitor.waits(1)


def test_two_mechanisms_stand_side_by_side(visitor, played):
    visitor.choose("Compare with", "rps")
    visitor.step(3)
    scenario = played(1).scenario
    runs = [
        played(3, replace(scenario, market=replace(scenario.market, mechanisms=(name,))))
        for name in ("hco", "rps")
    ]
    same = sum(int(one == two) for one, two in zip(*(run.option for run in runs), strict=True))
    expect(visitor.find("same")).to_have_text(str(same))
    row = visitor.page.locator("tr", has_text="Cost of all, GBP").locator("td")
    shown = [float(row.nth(i).get_attribute("data-value")) for i in (0, 1)]
    assert shown == pytest.approx(
        [payments_table(run)["cost_gbp"].sum() for run in runs], abs=0.006
    )


def test_a_finished_run_is_looked_through(page, servers, place):
    visitor = Visitor(page, servers["replay"].url)
    visitor.step(2)
    page.get_by_label("Go to window").fill("50")
    visitor.waits(50, "finished")
    paid = pd.read_parquet(place / "run" / "payments.parquet")
    assert visitor.number("cost") == pytest.approx(paid["cost_gbp"].sum(), abs=0.006)
    calls = pd.read_parquet(place / "run" / "calls.parquet")
    assert int(visitor.find("calls").get_attribute("data-total")) == len(calls)
    assert int(visitor.find("calls").get_attribute("data-gas")) == calls["gas"].sum()
    page.get_by_label("Go to window").fill("7")
    visitor.waits(7)
    windows = pd.read_parquet(place / "run" / "windows.parquet")
    assert visitor.number("set-point") == windows["set_point_mw"][6]
    assert visitor.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_shuts_anybody_out(visitor, theme):
    while visitor.page.get_by_role("button", name=re.compile("Theme")).inner_text() != (
        f"Theme: {theme}"
    ):
        visitor.page.get_by_role("button", name=re.compile("Theme")).click()
    visitor.choose("Compare with", "rps")
    visitor.choose("Your seat", "network-1")
    visitor.step(2)
    assert visitor.barriers() == []


def test_a_phone_shows_all_without_scrolling_sideways(visitor):
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    visitor.step()
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def _quiet(_done, _total):
    """Show no progress."""


def visitor_option(visitor, name):
    """Return the value of a strategy of the scenario's own."""
    return visitor.page.locator("#gp-strategy_1 option", has_text=name).get_attribute("value")
