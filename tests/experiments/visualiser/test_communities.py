"""What the page shows of communities is what reports of them say."""

import csv
import io
import json
import queue
import time
import weakref
from dataclasses import asdict

import numpy as np
import pytest

from experiments.community.simulate import simulate_communities
from experiments.visualiser.communities.live import Communal
from experiments.visualiser.communities.neighbours import FLOWS_KEPT, Neighbours
from experiments.visualiser.downloads import trades_csv
from experiments.visualiser.drawing import draw_feeder, tree
from experiments.visualiser.opening import Opening
from experiments.visualiser.scene import scene
from experiments.visualiser.session import Session
from experiments.visualiser.snapshot import Look
from grid.feeder.feeder import read_feeder
from tests.experiments.community.small import silent, small_world
from tests.experiments.visualiser.small import MIX, homes


@pytest.fixture
def played():
    """Return communities of which both days were played."""
    found = Communal(homes(), "local")
    for _ in range(found.windows):
        found.step()
    return found


def test_so_much_is_traded_paid_saved_and_balanced_as_the_report_says(played):
    run = simulate_communities(homes(), small_world(days=2), silent)
    own = run.days[(run.days["rule"] == "uniform-price")]
    own = own[own["neighbours"] == "a third adversarial"]
    alone = run.days[run.days["neighbours"] == "each alone"]

    totals = played.look(Look()).community["totals"]

    assert totals["saved_gbp"] == pytest.approx(own["saved_gbp"].sum(), abs=0.006)
    balance = own["balance_kwh"].sum() / alone["balance_kwh"].sum()
    assert totals["balance"] == pytest.approx(balance, abs=1e-6)
    assert totals["breaches"] == own["breaches"].sum()


def test_rows_tell_of_each_strategy(played):
    run = simulate_communities(homes(), small_world(days=2), silent)
    own = run.households[run.households["neighbours"] == "a third adversarial"]
    each = own.groupby("strategy")[["bill_gbp", "alone_gbp", "traded_kwh"]].sum()

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
    fresh = Communal(homes(), "local")
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
    before = Communal(homes(), "local")
    for _ in range(30):
        before.step()

    then = asdict(played.look(Look(window=30)))

    assert then == asdict(before.look(Look())) | {"played": 96}


def test_a_snapshot_is_json_and_does_not_grow_without_end():
    long = Communal(homes().with_changes("grid", days=12), "local")
    sizes = []
    for _ in range(2):
        for _ in range(6 * 48):
            long.step()
        sizes.append(len(json.dumps(asdict(long.look(Look())), allow_nan=False)))

    assert sizes[1] < 1.1 * sizes[0]


def test_a_household_has_what_its_kit_says():
    found = Communal(homes(prosumers=39, heat_pumps=0.4), "local")
    there, words = found.neighbours.world.homes, found.look(Look()).community["kit"]

    for name, size in {"car": there.car_kw, "heat pump": there.heat_kw}.items():
        assert [name in text for text in words] == (size[0] > 0).tolist()
    owner = int(there.sun_kwp[0].argmax())
    assert f"panels of {there.sun_kwp[0, owner]:.1f} kWp" in words[owner]
    assert len({bool(size) for size in there.heat_kw[0]}) == 2


def test_a_day_that_failed_fails_again():
    class Odd(ValueError):
        pass

    def days():
        raise Odd("nothing comes to mind")
        yield

    broken = Neighbours(homes(), small_world(days=2), days())
    for _ in range(2):
        with pytest.raises(Odd):
            broken.day(0)


def test_flows_of_few_days_are_kept_and_exchanges_of_all(played):
    neighbours = played.neighbours
    first, flows = neighbours.exchange(0, 0), neighbours.feeder_day(0, 0)
    assert neighbours.feeder_day(0, 0) is flows
    assert first.head_kw == pytest.approx(flows.played.head_kw)
    many = Communal(homes().with_changes("grid", days=FLOWS_KEPT + 1), "local").neighbours
    kept = [many.feeder_day(day, 0) for day in range(FLOWS_KEPT + 1)]
    assert many.feeder_day(FLOWS_KEPT, 0) is kept[-1]
    assert many.feeder_day(0, 0) is not kept[0]


def test_what_was_played_is_let_go_with_its_visitor():
    session = Session(Opening(homes()), lambda _: None)
    made = queue.Queue()
    session.controller.call(lambda playing: made.put(weakref.ref(playing)))
    there = made.get(timeout=20)
    session.close()
    end = time.monotonic() + 10
    while there() is not None and time.monotonic() < end:
        time.sleep(0.05)
    assert there() is None


def test_every_community_can_be_looked_at():
    several = Communal(homes(prosumers=10, per_feeder=6), "local")
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


def test_trades_go_home_up_to_the_half_hour_shown(played):
    rows = list(csv.DictReader(io.StringIO(trades_csv(played.neighbours, 50))))

    assert len(rows) == 50 * 6
    assert {row["strategy"] for row in rows} == set(MIX)
    last = [row for row in rows if (row["day"], row["window"]) == ("1", "1")]
    metered = played.neighbours.day(1).metered_wh[0, :, 1]
    assert [int(row["metered_wh"]) for row in last] == metered.tolist()
    assert trades_csv(played.neighbours, 0) == ""


def test_what_can_be_taken_home_is_what_is_offered(played):
    offered = scene(Opening(homes())).files
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
