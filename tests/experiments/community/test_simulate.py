"""A run of communities: its tables, its findings, its page."""

import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.community.baselines import METERED, PERFECT
from experiments.community.comparison import groups, lost, people, ways
from experiments.community.files import analyse, write
from experiments.community.findings import answer, blame, meters, of_rule, plants
from experiments.community.indexes import INDEXES
from experiments.community.simulate import MIX, neighbours_of, simulate_communities
from experiments.figures.community import loading_says
from experiments.identity import file_sha256
from tests.experiments.community.small import RULES, silent, small_scenario, small_world

SCENARIO = """
name = "small"
[grid]
case = "community"
days = 2
[community]
prosumers = 7
per_feeder = 4
photovoltaics = 0.8
batteries = 0.6
mix = { truthful = 1.5, "mine.py:Mine(share=0.7)" = 0.5 }
"""


def write_small(folder):
    (folder / "small.toml").write_text(SCENARIO)
    (folder / "mine.py").write_text("from agents.strategies.scaled import Shaded as Mine\n")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return a folder in which a small scenario was simulated, and what was printed."""
    folder = tmp_path_factory.mktemp("small")
    write_small(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        answer = CliRunner().invoke(app, ["simulate", "small.toml"])
    assert answer.exit_code == 0, answer.stderr
    return folder / "results" / "small-simulation", answer.stdout


@pytest.fixture(scope="module")
def crowded():
    """Return a winter's day of a feeder that is overloaded, with adversaries."""
    homes = {"prosumers": 80, "per_feeder": 80, "first_day": 20, "cars": 0.8, "heat_pumps": 0.9}
    homes |= {"rules": ("mid-market-rate",)}
    scenario = small_scenario(**homes)
    run = simulate_communities(scenario, small_world(**homes), silent)
    return analyse(run)


def table(folder, name):
    return pd.read_parquet(folder / f"{name}.parquet")


def test_every_way_has_a_row_for_each_day_and_community(printed):
    days = table(printed[0], "days")

    assert (days.groupby(["rule", "neighbours"]).size() == 4).all()
    assert set(days["rule"]) == {"", *RULES}
    assert days.loc[days["rule"] != "", "converged"].notna().all()


def test_tables_agree_with_each_other(printed):
    days, homes, trades = (table(printed[0], name) for name in ("days", "households", "trades"))

    keys = ["rule", "neighbours", "day", "community"]
    summed = homes.groupby(keys)["bill_gbp"].sum()
    bills = days.set_index(keys)["bill_gbp"].loc[summed.index]
    np.testing.assert_allclose(summed, bills)
    by_window = trades.groupby(["rule", "day", "community", "window"])
    assert (by_window["traded_wh"].sum() == 0).all()
    assert (by_window["paid_ticks"].sum() == 0).all()
    assert len(trades) == 5 * 2 * 7 * 48
    assert (days["energy_error_wh"].fillna(0) == 0).all()
    assert (days["money_error_ticks"].fillna(0) == 0).all()


def test_indexes_are_one_at_best_and_self_sufficiency_agrees_with_the_meters(printed):
    indexes = table(printed[0], "indexes")

    assert (indexes[list(INDEXES)] <= 1 + 1e-9).all(axis=None)
    days = table(printed[0], "days").query("rule != ''")
    keys = ["rule", "neighbours", "day", "community"]
    both = indexes.set_index(keys).join(days.set_index(keys)["balance_kwh"])
    assert np.corrcoef(both["energy_balance"], both["balance_kwh"])[0, 1] < 0


def test_exchange_is_what_meters_of_the_mean_community_show(printed):
    exchange, trades = (table(printed[0], name) for name in ("exchange", "trades"))

    means = trades.groupby(["rule", "day", "window"])["metered_wh"].sum() / 2 / 500
    own = exchange[exchange["neighbours"] == MIX].set_index(["rule", "day", "window"])
    np.testing.assert_allclose(own["exchange_kw"].loc[means.index], means)


def test_planning_never_raises_a_potential(printed):
    descent = table(printed[0], "descent").dropna(subset="potential_gbp")

    steps = descent.groupby(["rule", "neighbours", "community"])["potential_gbp"].diff()
    assert set(descent["neighbours"]) >= {"all cooperative"}
    assert (steps.dropna() <= 1e-9).all()


def test_the_command_prints_a_table_and_what_was_found(printed):
    folder, text = printed

    assert "The ledger improves balancing by" in text
    assert "A third of adversarial households takes away" in text
    assert "Batteries that follow the meter of their own household" in text
    assert "cleared and settled again on the contract's bytecode" in text
    assert "A battery in equal shares" in text
    assert text.strip().endswith("report: results/small-simulation/report.html")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["command"], manifest["households"], manifest["days"]) == ("simulate", 7, 2)
    for name in ("days", "households", "trades", "descent", "indexes", "battery"):
        assert f"{name}.parquet" in manifest["files"]
    mine = file_sha256(folder.parents[1] / "mine.py")
    assert manifest["plugins_sha256"] == {"mine.py": mine}


def test_json_says_the_same_and_the_same_seed_gives_it_again(printed, tmp_path, monkeypatch):
    write_small(tmp_path)
    monkeypatch.chdir(tmp_path)

    answer = CliRunner().invoke(app, ["simulate", "small.toml", "--json", "--out", "again"])

    said = json.loads(answer.stdout)
    before = json.loads((printed[0] / "summary.json").read_text())
    for key in ("findings", "rules", "ways", "people", "groups", "batteries", "replays"):
        assert said[key] == before[key], key
    assert said["results"] == "again"


class Page(HTMLParser):
    """What a browser fetches, and the tags that stay open."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [(tag, *pair) for pair in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_report_is_one_page_that_fetches_nothing(printed):
    text = (printed[0] / "report.html").read_text()
    page = Page(text)

    assert page.open == []
    for tag, name, value in page.found:
        assert tag not in {"script", "link", "iframe", "img"}
        assert name != "src"
        if name.endswith("href"):
            assert value.startswith(("#", "data:")), value[:40]
        assert "//" not in (value or "") or name.startswith("xmlns") or "data:" in value
    assert re.findall(r"url\((?!#)", text) == []


def test_the_report_answers_first_and_says_what_it_rests_on_and_is_not_for(printed):
    text = (printed[0] / "report.html").read_text()

    order = [
        text.index(part)
        for part in ("<h2>Answer", "<b>The ledger improves", "<figure", "<h2>What was assumed",
                     "<h2>What this is not for", "<h2>Every way", "<h2>Six indexes",
                     "<h2>A battery")
    ]  # fmt: skip
    assert order == sorted(order)
    assert "SimBench" in text
    assert "what cars and heat pumps need is known" in text
    assert "In every other way plans are kept as they were made" in text
    assert text.count("<figure>") == 4


def test_a_mix_that_is_one_of_the_kinds_goes_by_its_name():
    assert next(iter(neighbours_of(small_scenario()))) == "all cooperative"
    third = small_scenario(mix={"truthful": 0.5, "cooperative": 0.5})
    assert next(iter(neighbours_of(third))) == MIX
    assert len(neighbours_of(third)) == len(neighbours_of(small_scenario())) + 1


def test_shares_of_a_mix_are_relative_to_their_sum(printed):
    page = (printed[0] / "report.html").read_text(encoding="utf-8")
    homes = table(printed[0], "households").query("neighbours == @MIX")
    assert f"{escape(MIX)} (75% truthful, 25% mine.py:Mine(share=0.7))" in page
    assert (homes["strategy"] == "truthful").mean() == pytest.approx(5 / 7)


def test_breaches_are_laid_to_strategies_and_an_overload_is_drawn(crowded, tmp_path):
    found, shared = crowded

    said = " ".join(answer(found))
    assert re.search(
        r"Limits of the feeder are breached [\d.,]+ times a day if each is alone", said
    )
    assert any("by the 27 who are adversarial" in sentence for sentence in blame(found))
    assert loading_says(found.run.days)
    write(tmp_path, found, shared)
    assert (tmp_path / "figures" / "loading.svg").exists()
    caused = found.run.households.groupby("neighbours")["breaches_caused"].sum()
    counted = found.run.days.groupby("neighbours")["breaches"].sum()
    assert (caused <= counted.loc[caused.index] + 1e-6).all()


def test_one_day_of_one_community_has_no_intervals(crowded):
    found, _ = crowded

    assert " to " not in found.way("mid-market-rate", found.own).balance.percent()
    assert all(sentence.endswith(".") for sentence in of_rule(found, "mid-market-rate"))


def test_where_nobody_owns_anything_it_is_said_that_nothing_can_be_shifted_or_traded():
    bare = dict.fromkeys(("photovoltaics", "batteries", "cars", "heat_pumps"), 0.0)
    bare |= {"rules": ("uniform-price", "bill-sharing")}
    found, _ = analyse(
        simulate_communities(small_scenario(**bare), small_world(**bare), silent)
    )

    first, *rest = answer(found)
    assert first.startswith("Nothing can be shifted or traded: no household has panels, a batt")
    assert not any("ledger" in sentence for sentence in rest)
    assert "not known" not in " ".join((first, *rest, plants(found)))


def test_of_one_community_or_one_day_it_is_said_that_others_differ(crowded, printed):
    said = answer(crowded[0])

    assert any("one community, drawn by seed 0: others differ" in one for one in said)
    assert any("All this is of one day" in one for one in said)
    assert "All this is of one" not in printed[1], "two communities and two days"


def test_what_adversaries_take_is_the_difference_of_improvements(crowded):
    run = crowded[0].run
    taken = lost(
        run, "mid-market-rate", "all cooperative", "a third adversarial", "balance_kwh"
    )
    improved = {way.neighbours: way.balance.value for way in ways(run) if way.rule}

    difference = improved["all cooperative"] - improved["a third adversarial"]
    assert taken.value == pytest.approx(difference)


def test_households_alike_share_alike():
    """Of two households, one that saves and one that loses as much: Gini is a half."""
    run = simulate_communities(
        small_scenario(rules=("bill-sharing",)), small_world(rules=("bill-sharing",)), silent
    )
    homes = run.households[run.households["neighbours"] == "a third adversarial"].head(2)
    told = homes.assign(household=[0, 1], bill_gbp=[0.0, 2.0], alone_gbp=[1.0, 1.0])
    made = replace(run, households=told.assign(strategy=["one", "two"]))

    (one,) = people(made)
    assert (one.gini, one.jain, one.better_off, one.worst_off_gbp) == (0.5, 0.5, 0.5, -1.0)
    saved = {group.strategy: group.saved_gbp.value for group in groups(made)}
    assert saved == {"one": 1.0, "two": -1.0}


def test_the_perfect_controller_is_at_1_and_each_alone_at_0(crowded):
    found, _ = crowded

    assert found.way("", PERFECT).between_perfect.value == pytest.approx(1.0)
    assert found.way("", "each alone").between.value == pytest.approx(0.0)


def test_a_way_saves_what_it_costs_less_than_each_alone_and_tells_its_worst_day(crowded):
    run = crowded[0].run
    worse = run.days.assign(day=1, epsilon_gbp=run.days["epsilon_gbp"] + 1.0)
    both = ways(replace(run, days=pd.concat([run.days, worse])))

    once = ways(run)
    alone = next(way for way in once if way.neighbours == "each alone")
    metered = next(way for way in once if way.neighbours == METERED)
    for way, over_both in zip(once, both, strict=True):
        less = alone.bill_gbp.value - way.bill_gbp.value
        assert way.saved_gbp.value == pytest.approx(less), way.neighbours
        beyond = metered.bill_gbp.value - way.bill_gbp.value
        assert way.saved_metered_gbp.value == pytest.approx(beyond)
        share = way.exchange_kwh.value / metered.exchange_kwh.value
        assert way.balance_metered.value == pytest.approx(1 - share)
        if way.rule:
            assert over_both.epsilon_gbp == pytest.approx(way.epsilon_gbp + 1.0)
    assert any(abs(way.saved_gbp.value) > 1e-4 for way in once)
    (own,) = (way for way in once if way.rule and way.neighbours == crowded[0].own)
    told = own.balance_metered.percent(), own.saved_metered_gbp.words()
    assert all(f"{number} under mid-market-rate" in meters(crowded[0]) for number in told)
