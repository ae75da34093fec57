"""Communities on the page, by themselves and on a bus of network 1, in a real browser."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from experiments.community.simulate import simulate_communities
from experiments.community.world import world
from experiments.scenario import make_scenario, read_scenario
from tests.experiments.community.small import silent
from tests.experiments.visualiser.browsing import Visitor, serving

ALONE = """
schema = 1
name = "homes"
[grid]
case = "community"
days = 2
[chain]
venue = "local"
[community]
prosumers = 12
rules = ["mid-market-rate"]
mix = { cooperative = 2.0, adversarial = 1.0 }
"""

COUPLED = """
schema = 1
name = "both"
[grid]
case = "anglesey"
days = 2
options = 5
[chain]
venue = "local"
[community]
prosumers = 60
copies = 100
rules = ["mid-market-rate"]
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    place = tmp_path_factory.mktemp("homes")
    alone, coupled = place / "alone.toml", place / "coupled.toml"
    alone.write_text(ALONE)
    coupled.write_text(COUPLED)
    with serving(place, alone=alone, coupled=coupled) as servers:
        yield servers


@pytest.fixture
def visitor(page, servers):
    found = Visitor(page, servers["alone"].url)
    yield found
    assert found.problems == []


@pytest.fixture
def at_both(page, servers):
    found = Visitor(page, servers["coupled"].url)
    yield found
    assert found.problems == []


def homes(visitor, strategy):
    return visitor.page.locator(f"[data-home][data-strategy={strategy}]").count()


def test_a_day_on_the_page_is_the_day_of_the_report(visitor, tmp_path):
    (tmp_path / "homes.toml").write_text(ALONE)
    scenario = read_scenario(str(tmp_path / "homes.toml"))
    run = simulate_communities(scenario, world(scenario), silent)
    first = run.days[run.days["day"] == 0]
    own = first[(first["rule"] != "") & (first["neighbours"] == "the scenario's mix")]
    alone = first[first["neighbours"] == "each alone"]

    visitor.pace("as fast as played")
    visitor.press("Day")
    visitor.waits(48)

    assert visitor.number("community-saved") == pytest.approx(own["saved_gbp"].sum(), abs=0.006)
    balance = own["balance_kwh"].sum() / alone["balance_kwh"].sum()
    assert visitor.number("community-balance") == pytest.approx(balance, abs=1e-5)
    assert (homes(visitor, "cooperative"), homes(visitor, "adversarial")) == (8, 4)
    shown = visitor.page.locator("[data-line='with the market']").get_attribute("data-value")
    assert float(shown) == pytest.approx(visitor.number("head"), abs=0.01)
    visitor.page.get_by_label("Look back to window").fill("20")
    visitor.waits(20)
    expect(visitor.page.locator("text=09:30")).to_be_visible()


CHANGES = {
    "Households": (24, lambda visitor: homes(visitor, "cooperative") == 16),
    "Trading rule": ("pay-as-bid", "text=Price by pay-as-bid"),
    "Most households": ("truthful", "[data-strategy=truthful]"),
    "Other households": ("indifferent", "[data-strategy=indifferent]"),
    "Others, in a hundred": (50, lambda visitor: homes(visitor, "indifferent") == 12),
    "Venue": ("revm", "text=deploy"),
    "Days": (1, "text=of 48 — paused"),
    "Seed": (7, "text=of 48 — paused"),
}


def test_every_control_begins_again_and_shows_its_effect(visitor):
    fields = visitor.page.locator("fieldset .gp-field [id^=gp-]").count()
    assert fields == len(CHANGES) + 2  # and the pace, and looking back
    for label, (value, sign) in CHANGES.items():
        visitor.choose(label, value)
        visitor.waits(0)
        visitor.press("Step")
        visitor.waits(1)
        if callable(sign):
            assert sign(visitor), label
        else:
            expect(visitor.page.locator(sign).first).to_be_attached()
    assert int(visitor.find("calls").get_attribute("data-gas")) > 24 * 100_000


def test_what_cannot_be_is_told_in_words(visitor):
    visitor.choose("Seed", "-3")
    expect(visitor.page.get_by_role("alert")).to_contain_text("wanted a whole number")
    visitor.choose("Seed", "3")
    visitor.step()


def test_trades_and_the_scenario_go_home(visitor, tmp_path):
    visitor.step(3)

    assert len(pd.read_csv(visitor.saved("Trades (CSV)", tmp_path))) == 3 * 12
    text = visitor.saved("Scenario (TOML)", tmp_path).read_text()
    table = {key: value for key, value in tomllib.loads(text).items() if key != "schema"}
    assert make_scenario(table, Path(), "x").community.prosumers == 12
    assert visitor.saved("Save the feeder as SVG", tmp_path).read_text().startswith("<svg")


def test_each_household_can_be_read_without_a_mouse(visitor):
    visitor.step()
    visitor.page.get_by_role("button", name="Each household now").press("Enter")
    rows = visitor.page.get_by_role("region", name="Table of households").locator("tbody tr")
    expect(rows).to_have_count(12)
    drawn = [
        float(visitor.page.locator(f"[data-home='{i}']").get_attribute("data-kw"))
        for i in (0, 5)
    ]
    shown = [
        float(rows.nth(i).locator("td").nth(2).inner_text().replace("\N{MINUS SIGN}", "-"))
        for i in (0, 5)
    ]
    assert shown == pytest.approx(drawn, abs=0.006)
    assert visitor.barriers() == []


def test_the_same_file_goes_home_twice(visitor):
    for _ in range(2):
        with visitor.page.expect_download() as found:
            visitor.press("Scenario (TOML)")
        assert found.value.suggested_filename == "gridpact-homes-scenario.toml"


def test_networks_and_the_communities_that_they_feed_are_on_one_page(at_both):
    expect(at_both.page.locator("text=LG with communities")).to_be_visible()
    at_both.step(2)
    first = at_both.page.locator("[data-home='0']").get_attribute("data-kw")
    at_both.find("community").select_option("1")
    at_both.page.wait_for_function(
        "kw => document.querySelector('[data-home=\"0\"]').dataset.kw !== kw", arg=first
    )
    assert at_both.window() == 2
    paid = at_both.number("paid-network-1")
    at_both.choose("Households", 1000)
    at_both.waits(0)
    at_both.step(2)
    assert at_both.number("paid-network-1") != paid
    expect(at_both.find("community").locator("option")).to_have_count(26)


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_shuts_anybody_out(visitor, dark):
    visitor.press("Theme: auto")
    if dark:
        visitor.press("Theme: light")
    visitor.step(2)
    assert visitor.barriers() == []


def test_a_phone_shows_all_without_scrolling_sideways(visitor):
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    visitor.step()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
