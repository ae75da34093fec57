"""What the page shows of communities is what reports of them say."""

import csv
import io
import json
import queue
import time
import weakref
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.community.coupling import couple
from experiments.community.simulate import simulate_communities
from experiments.errors import CheckFailed, InputRefused, ScenarioRefused, Unknown
from experiments.results import manifest, write_json
from experiments.scenario import Scenario, read_scenario
from experiments.visualiser.communities.controls import MIXED, with_community
from experiments.visualiser.communities.live import Communal, communal, parameters
from experiments.visualiser.communities.neighbours import FLOWS_KEPT, Neighbours
from experiments.visualiser.communities.replay import CommunalReplay
from experiments.visualiser.communities.told_market import ToldMarket
from experiments.visualiser.controls import Choice
from experiments.visualiser.downloads import trades_csv
from experiments.visualiser.drawing import draw_feeder, tree
from experiments.visualiser.opening import Opening
from experiments.visualiser.playing import Live
from experiments.visualiser.replay import read_scenario_of
from experiments.visualiser.scene import scene
from experiments.visualiser.session import Session
from experiments.visualiser.snapshot import Look
from experiments.visualiser.spec import defaults
from experiments.visualiser.toml_file import to_toml
from experiments.visualiser.world import world
from grid.feeder.feeder import read_feeder
from market.trading.rules import TRADING_RULES
from tests.experiments.community.small import silent, small_scenario, small_world

MIX = {"cooperative": 2 / 3, "adversarial": 1 / 3}


def scenario(**community):
    """Return two days of six households under one rule, a third of them adversarial."""
    return small_scenario(days=2, **{"rules": ("uniform-price",), "mix": MIX, **community})


@pytest.fixture
def played():
    """Return communities of which both days were played."""
    found = Communal(scenario(), "local")
    for _ in range(found.windows):
        found.step()
    return found


def test_so_much_is_traded_paid_saved_and_balanced_as_the_report_says(played):
    run = simulate_communities(scenario(), small_world(days=2), silent)
    own = run.days[(run.days["rule"] == "uniform-price")]
    own = own[own["neighbours"] == "a third adversarial"]
    alone = run.days[run.days["neighbours"] == "each alone"]

    totals = played.look(Look()).community["totals"]

    assert totals["saved_gbp"] == pytest.approx(own["saved_gbp"].sum(), abs=0.006)
    balance = own["balance_kwh"].sum() / alone["balance_kwh"].sum()
    assert totals["balance"] == pytest.approx(balance, abs=1e-6)
    assert totals["breaches"] == own["breaches"].sum()


def test_rows_tell_of_each_strategy(played):
    run = simulate_communities(scenario(), small_world(days=2), silent)
    homes = run.households[run.households["neighbours"] == "a third adversarial"]
    each = homes.groupby("strategy")[["bill_gbp", "alone_gbp", "traded_kwh"]].sum()

    seen = played.look(Look()).community
    rows = {row["strategy"]: row for row in seen["rows"]}

    assert {name: row["households"] for name, row in rows.items()} == {
        "cooperative": 4,
        "adversarial": 2,
    }
    for name, row in rows.items():
        mean = each.loc[name, "bill_gbp"] / row["households"]
        assert row["bill_gbp"] == pytest.approx(mean, abs=0.006)
        assert row["traded_kwh"] == pytest.approx(each.loc[name, "traded_kwh"], abs=0.06)
        saved = each.loc[name, "alone_gbp"] / row["households"] - mean
        assert row["saved_gbp"] == pytest.approx(saved, abs=0.006)
        assert seen["saved"]["lines"][name][-1] == pytest.approx(saved, abs=0.001)
    assert run.days["charged_gbp"].sum() > 0, "so that charges are part of it"


def test_a_half_hour_is_that_of_the_day(played):
    seen = played.look(Look(window=48 + 25)).community
    day, both = played.neighbours.day(1), played.neighbours.feeder_day(1, 0)
    flows = both.played

    assert seen["kw"] == pytest.approx(day.metered_wh[0, :, 24] / 500, abs=0.001)
    assert seen["traded_kw"] == pytest.approx(day.traded_wh[0, :, 24] / 500, abs=0.001)
    assert seen["now"]["head_kw"] == pytest.approx(flows.head_kw[24], abs=0.01)
    shown = [volts for volts in seen["volts"] if volts is not None]
    assert (min(shown), max(shown)) == (seen["now"]["lowest_v"], seen["now"]["highest_v"])
    assert len(seen["exchange"]["market"]) == 25
    assert seen["exchange"]["market"][-1] == seen["now"]["head_kw"]
    assert seen["exchange"]["alone"] == pytest.approx(both.alone.head_kw[:25], abs=0.01)
    loading = [*flows.line_loading[24], *flows.transformer_loading[24]]
    assert seen["loading"] == pytest.approx(100 * np.array(loading), abs=0.06)
    assert played.neighbours.plan.transformers.tolist() == [False] * 13 + [True]


def test_before_the_first_half_hour_each_is_as_alone():
    fresh = Communal(scenario(), "local")
    seen = fresh.look(Look())

    assert (seen.shown, seen.played, seen.windows) == (0, 0, 96)
    assert seen.community["kw"] == pytest.approx(
        fresh.neighbours.day(0).alone_wh[0, :, 0] / 500, abs=0.001
    )
    assert not any(seen.community["traded_kw"])
    assert seen.community["now"]["price_pence"] is None
    assert seen.community["totals"]["balance"] is None
    assert seen.ledger["total"] == 0


def test_looking_back_shows_what_was_there_then(played):
    before = Communal(scenario(), "local")
    for _ in range(30):
        before.step()

    then = asdict(played.look(Look(window=30)))

    assert then == asdict(before.look(Look())) | {"played": 96}


def test_a_snapshot_is_json_and_does_not_grow_without_end():
    long = Communal(scenario().with_changes("grid", days=12), "local")
    sizes = []
    for _ in range(2):
        for _ in range(6 * 48):
            long.step()
        sizes.append(len(json.dumps(asdict(long.look(Look())), allow_nan=False)))

    assert sizes[1] < 1.1 * sizes[0]


def test_a_household_has_what_its_kit_says():
    found = Communal(scenario(prosumers=39, heat_pumps=0.4), "local")
    homes, words = found.neighbours.world.homes, found.look(Look()).community["kit"]

    for name, size in {"car": homes.car_kw, "heat pump": homes.heat_kw}.items():
        assert [name in text for text in words] == (size[0] > 0).tolist()
    owner = int(homes.sun_kwp[0].argmax())
    assert f"panels of {homes.sun_kwp[0, owner]:.1f} kWp" in words[owner]
    assert len({bool(size) for size in homes.heat_kw[0]}) == 2


def test_a_day_that_failed_fails_again():
    class Odd(ValueError):
        pass

    def days():
        raise Odd("nothing comes to mind")
        yield

    broken = Neighbours(scenario(), small_world(days=2), days())
    for _ in range(2):
        with pytest.raises(Odd):
            broken.day(0)


def test_flows_of_few_days_are_kept_and_exchanges_of_all(played):
    neighbours = played.neighbours
    first, flows = neighbours.exchange(0, 0), neighbours.feeder_day(0, 0)
    assert neighbours.feeder_day(0, 0) is flows
    assert first.head_kw == pytest.approx(flows.played.head_kw)
    many = Communal(scenario().with_changes("grid", days=FLOWS_KEPT + 1), "local").neighbours
    kept = [many.feeder_day(day, 0) for day in range(FLOWS_KEPT + 1)]
    assert many.feeder_day(FLOWS_KEPT, 0) is kept[-1]
    assert many.feeder_day(0, 0) is not kept[0]


def test_what_was_played_is_let_go_with_its_visitor():
    session = Session(Opening(scenario()), lambda _: None)
    made = queue.Queue()
    session.controller.call(lambda playing: made.put(weakref.ref(playing)))
    there = made.get(timeout=20)
    session.close()
    end = time.monotonic() + 10
    while there() is not None and time.monotonic() < end:
        time.sleep(0.05)
    assert there() is None


def test_every_community_can_be_looked_at():
    several = Communal(scenario(prosumers=10, per_feeder=6), "local")
    for _ in range(20):
        several.step()

    one, two = (several.look(Look(feeder=k)).community for k in (0, 1))

    traded = np.maximum(several.neighbours.day(0).traded_wh, 0).sum(1)[:, 19]
    prices = several.neighbours.day(0).price[:, 19] / 100
    assert [seen["now"]["price_pence"] for seen in (one, two)] == [
        price if wh else None for price, wh in zip(prices, traded, strict=True)
    ]
    assert prices[0] != prices[1]

    assert (one["feeder"], two["feeder"], two["feeders"]) == (0, 1, 2)
    assert one["kw"] != two["kw"]
    assert [kind >= 0 for kind in two["kinds"]].count(True) == 5
    assert several.look(Look(feeder=7)).community == two


@pytest.mark.parametrize("rule", TRADING_RULES)
def test_a_contract_holds_the_market_and_its_calls_are_told(rule):
    held = Communal(scenario(rules=(rule,)), "revm")
    for _ in range(48):
        held.step()

    ledger = held.look(Look()).ledger

    stages = [row[2] for row in reversed(ledger["rows"])]
    assert stages[0] == "deploy"
    assert stages[-8:] == ["submit"] * 6 + ["clear", "report"]
    assert all(row[5] > 0 for row in ledger["rows"])
    day = held.neighbours.day(0).played
    traded = np.maximum(day.cleared.traded_wh, 0).sum() / 1000
    assert f"{traded:.2f} kWh traded at" in ledger["rows"][1][4]
    only = held.look(Look(who="household 3", stage="submit")).ledger["rows"]
    assert [row[3] for row in only] == ["household 3"]


def test_a_market_that_clears_otherwise_is_told(played):
    market = ToldMarket(played.neighbours.world, "uniform-price", "local")
    beside = played.neighbours.day(0)
    day = beside.played
    other = replace(day.cleared, price=day.cleared.price + 1)

    with pytest.raises(CheckFailed, match="price differs"):
        market.step(0, replace(beside, played=replace(day, cleared=other)))
    with pytest.raises(ValueError, match="wanted one that was played"):
        market.step(0, replace(beside, played=None))


def test_a_day_of_many_is_held_in_sessions_that_a_transaction_can_hold():
    many = Communal(scenario(prosumers=60, per_feeder=60), "local")
    for _ in range(60):
        many.step()

    calls = many.market.told

    cleared = [call.window for call in calls if call.stage == "clear"]
    assert cleared == [0, 24, 48]
    assert [call.window for call in calls if call.stage == "report"] == [23, 47]
    halves = [
        many.neighbours.day(0).traded_wh[0, :, part] for part in (slice(24), slice(24, 48))
    ]
    traded = [f"{np.maximum(wh, 0).sum() / 1000:.2f} kWh traded" for wh in halves]
    told = [call.arguments for call in calls if call.stage == "clear"]
    assert [words.split(" at ")[0] for words in told[:2]] == traded
    assert traded[0] != traded[1]
    assert len(calls) == many.market.called[-1]


def test_parameters_make_the_scenario_that_they_say():
    values = defaults(parameters(scenario()))
    assert (values["residents"], values["others"], values["share"]) == (
        "cooperative",
        "adversarial",
        33,
    )
    assert communal(scenario(), values).scenario == scenario()
    values |= {"prosumers": 9, "trading": "pay-as-bid", "share": 20, "days": 1, "seed": "4"}

    values |= {"venue": "revm"}
    found = communal(scenario(), values).scenario

    assert found.community.prosumers == 9
    assert found.community.rules == ("pay-as-bid",)
    assert found.community.mix == {"cooperative": 0.8, "adversarial": 0.2}
    assert (found.grid.days, found.seed, found.chain.venue) == (1, 4, "revm")


def test_one_kind_is_all_there_is_where_there_are_no_others():
    values = defaults(parameters(scenario())) | {"residents": "indifferent", "share": 0}
    assert with_community(scenario(), values).community.mix == {"indifferent": 1.0}


def test_a_mix_of_many_stays_until_somebody_chooses_another():
    many = scenario(mix={"cooperative": 0.4, "truthful": 0.4, "indifferent": 0.2})
    values = defaults(parameters(many))

    assert values["residents"] == MIXED
    assert with_community(many, values) == many
    one = with_community(many, values | {"residents": "truthful"})
    assert one.community.mix == {"truthful": 1.0}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"prosumers": 2}, ScenarioRefused),
        ({"prosumers": "many"}, InputRefused),
        ({"residents": "hedge"}, ScenarioRefused),
        ({"trading": "barter"}, Unknown),
        ({"venue": "eth-tester"}, Unknown),
        ({"days": 3}, InputRefused),
    ],
)
def test_what_cannot_be_is_refused(change, error):
    with pytest.raises(error):
        communal(scenario(), defaults(parameters(scenario())) | change)


def test_trades_go_home_up_to_the_half_hour_shown(played):
    rows = list(csv.DictReader(io.StringIO(trades_csv(played.neighbours, 50))))

    assert len(rows) == 50 * 6
    assert {row["strategy"] for row in rows} == set(MIX)
    last = [row for row in rows if (row["day"], row["window"]) == ("1", "1")]
    metered = played.neighbours.day(1).metered_wh[0, :, 1]
    assert [int(row["metered_wh"]) for row in last] == metered.tolist()
    assert trades_csv(played.neighbours, 0) == ""


def test_what_can_be_taken_home_is_what_is_offered(played):
    offered = scene(Opening(scenario())).files
    assert tuple(played.files) == offered
    assert "gridpact simulate THIS_FILE" in played.files["scenario.toml"]()


def test_a_feeder_is_a_tree_with_its_busbar_on_the_left():
    plan = draw_feeder(read_feeder())

    assert plan.xy[plan.terminal].tolist() == [0.0, 0.0]
    assert np.unique(plan.xy, axis=0).shape == plan.xy.shape
    for one, other in plan.lines:
        assert plan.xy[one, 0] != plan.xy[other, 0]
    assert not plan.known[plan.terminal]
    assert plan.known.sum() == 13
    assert all(plan.buses)


@pytest.mark.parametrize("lines", [[(0, 1), (1, 2), (2, 0)], [(0, 1), (0, 1)], [(0, 1)]])
def test_what_is_no_tree_is_drawn_otherwise(lines):
    assert tree(3, lines, root=0) is None


@pytest.fixture(scope="module")
def coupled():
    """Return networks that feed six households, each standing for 500."""
    shipped = read_scenario("anglesey-with-communities")
    few = shipped.with_changes("community", prosumers=6, copies=500)
    return few.with_changes("grid", days=2, options=3)


def test_networks_pay_what_the_report_says_with_communities(coupled):
    live = Live(Choice(coupled, days=2, chair=None, rival=None), world(coupled))
    for _ in range(live.windows):
        live.step()
    costs = couple(coupled, live.world.neighbours.world, silent).costs
    way = costs[(costs["way"] == "mid-market-rate, all cooperative")]
    way = way[way["mechanism"] == "hco"].groupby("party")[["net_cost_gbp", "operating_gbp"]]

    seen = live.look(Look())

    for row in seen.accounts:
        said = way.sum().loc[row["party"]]
        assert row["cost_gbp"] == pytest.approx(said["operating_gbp"], abs=0.006)
        net = row["cost_gbp"] + row["paid_gbp"]
        assert net == pytest.approx(said["net_cost_gbp"], abs=0.011)
    assert seen.community["rule"] == "mid-market-rate"
    assert seen.community["rows"][0]["traded_kwh"] > 0


def test_communities_are_part_of_what_the_map_shows(coupled):
    bare = world(coupled.with_changes("community", prosumers=0))
    fed = world(coupled)
    at = fed.plans[0].buses.index("LG")

    with_them, without = (there.flows(("N", "N"), 0) for there in (fed, bare))

    added = fed.neighbours.added_mw(500)[0]
    change = with_them[0].load_mw[:, at] - without[0].load_mw[:, at]
    assert change == pytest.approx(added)
    assert np.abs(added).max() > 0.1
    assert np.array_equal(with_them[1].load_mw, without[1].load_mw)
    assert scene(Opening(coupled)).fed == "LG"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of a run of two rules, its households on two feeders."""
    place = tmp_path_factory.mktemp("homes")
    asked = scenario(prosumers=10, per_feeder=6, rules=("uniform-price", "bill-sharing"))
    (place / "homes.toml").write_text(to_toml(asked), encoding="utf-8")
    told = CliRunner().invoke(
        app, ["simulate", str(place / "homes.toml"), "--out", str(place / "run")]
    )
    assert told.exit_code == 0, told.output
    return place / "run"


@pytest.mark.parametrize("rule", ["uniform-price", "bill-sharing"])
def test_a_run_is_replayed_as_it_was_played(run, rule):
    found = scene(Opening(read_scenario_of(run), run))
    replay = found.make({"trading": rule})
    asked = scenario(prosumers=10, per_feeder=6, rules=(rule,))
    live = Communal(asked, "local")
    for _ in range(60):
        live.step()

    for look in (Look(window=0), Look(window=49, feeder=1), Look(window=60)):
        there, then = asdict(replay.look(look)), asdict(live.look(look))
        assert there["community"] == then["community"]
        assert there["shown"] == then["shown"]
    assert replay.look(Look()).ledger is None
    rows = list(csv.DictReader(io.StringIO(replay.files["trades.csv"]())))
    again = list(csv.DictReader(io.StringIO(trades_csv(live.neighbours, 60))))
    assert rows == again
    replay.step()
    assert (replay.played, replay.windows, found.files) == (61, 96, tuple(replay.files))


def test_what_is_no_run_of_communities_is_refused(run, tmp_path):
    asked = read_scenario_of(run)
    with pytest.raises(InputRefused, match="cannot be read as a run"):
        CommunalReplay(tmp_path, asked)
    trades = pd.read_parquet(run / "trades.parquet")
    trades.drop(columns="cut").to_parquet(tmp_path / "trades.parquet")
    with pytest.raises(InputRefused, match="cut"):
        CommunalReplay(tmp_path, asked)
    trades[1:].to_parquet(tmp_path / "trades.parquet")
    with pytest.raises(InputRefused, match="479 rows of a day, wanted 480"):
        CommunalReplay(tmp_path, asked)
    with pytest.raises(Unknown):
        scene(Opening(asked, run)).make({"trading": "pay-as-bid"})


def test_a_run_of_both_levels_is_refused_in_words(tmp_path, coupled):
    write_json(tmp_path / "manifest.json", manifest("simulate", coupled))
    with pytest.raises(InputRefused, match="wanted networks or communities, not both"):
        read_scenario_of(tmp_path)


def test_files_beside_a_scenario_are_found_again_from_anywhere(tmp_path, monkeypatch):
    own = replace(Scenario().with_changes("grid", costs="costs.csv"), folder=tmp_path)
    write_json(tmp_path / "manifest.json", manifest("simulate", own))
    monkeypatch.chdir("/")
    assert read_scenario_of(tmp_path).folder == tmp_path
