"""The model: windows in sequence, on any venue, without making or losing money."""

import numpy as np
import pytest

from agents.model import WORKING_TICKS, Negotiation
from agents.strategies import STRATEGIES
from chain.venue import EVMS
from market.local import LocalVenue
from market.mechanisms import MECHANISMS
from market.terms import Terms

OPTIONS = tuple((5000 * o - 10_000, 5000 * o - 5000) for o in range(4))
COSTS = np.random.default_rng(1).uniform(-20, 20, (2, 6, 4)).round(2)
"""GBP, shape (party, window, option)."""


def terms(parties=2, **agreed):
    sealed = {"revealing": 300} if agreed.get("mechanism") == "rps-random" else {}
    return Terms(parties=parties, options=OPTIONS, **sealed | agreed)


def model(*names, venue=None, costs=COSTS, **options):
    strategies = [STRATEGIES[name]() for name in names]
    held = venue or LocalVenue(terms(len(strategies)))
    return Negotiation(held, costs, strategies, **options)


def stages(venue):
    return [(call.stage, call.session, call.seat) for call in venue.calls]


def test_a_step_takes_a_window_through_all_six_stages():
    venue = LocalVenue(terms())
    venue.deposit(0, 3 * WORKING_TICKS)
    run = model("truthful", "truthful", venue=venue)

    run.step()

    assert stages(venue)[1:] == [
        ("deposit", None, 1),
        ("submit", 0, 0),
        ("submit", 0, 1),
        ("decide", 0, None),
        ("report", 0, None),
        ("withdraw", None, 0),
    ]


def test_a_run_plays_every_window_once_and_stops():
    run = model("truthful", "random")
    run.step()

    run.run()

    frame = run.datacollector.get_model_vars_dataframe()
    assert frame["window"].tolist() == list(range(6))
    assert not run.running


def test_the_data_collector_has_a_row_a_window_and_one_a_party():
    run = model("truthful", "shaded")
    run.run()

    of_model = run.datacollector.get_model_vars_dataframe()
    of_parties = run.datacollector.get_agent_vars_dataframe()

    assert list(of_model.columns) == [
        "window",
        "option",
        "set_point",
        "authority",
        "authority_used",
        "stopped",
        "gas",
    ]
    assert list(of_parties.columns) == ["seat", "cost_gbp", "paid_ticks"]
    assert len(of_parties) == 2 * len(of_model) == 12
    options = of_model["option"].tolist()
    for seat in (0, 1):
        costs = of_parties[of_parties["seat"] == seat]["cost_gbp"].tolist()
        assert costs == [COSTS[seat, window, option] for window, option in enumerate(options)]


@pytest.mark.parametrize("name", ["local", *EVMS])
def test_no_money_is_made_or_lost_over_a_run(open_venue, name):
    venue = open_venue(name, terms(bond=50))
    run = model("inflated", "random", venue=venue, working_ticks=5000)

    run.run()

    payments = run.datacollector.get_agent_vars_dataframe()["paid_ticks"]
    assert (payments.groupby(level="Step").sum() == 0).all()
    assert (payments != 0).any()
    if name != "local":
        assert venue.balance_wei == sum(venue.free) * venue.tick_wei


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("name", EVMS)
def test_a_run_is_the_same_on_a_chain_but_for_gas(open_venue, name, mechanism):
    agreed = terms(mechanism=mechanism, bond=7, revealing=60, horizon=2)

    frames = []
    for venue in (open_venue("local", agreed), open_venue(name, agreed)):
        run = model("truthful", "random", venue=venue, working_ticks=4500, rng=3)
        run.run()
        frames.append(
            (
                run.datacollector.get_model_vars_dataframe(),
                run.datacollector.get_agent_vars_dataframe(),
                venue.free,
            )
        )

    (here, parties_here, free_here), (there, parties_there, free_there) = frames
    assert here.drop(columns="gas").equals(there.drop(columns="gas"))
    assert parties_here.equals(parties_there)
    assert free_here == free_there
    assert (here["gas"] == 0).all()
    assert (there["gas"][::2] > 2 * 21_000).all(), "decision and report at least"
    assert (there["gas"][1::2] == 0).all(), "a session's gas counts with its first window"


def test_three_parties_share_an_element():
    costs = np.random.default_rng(2).uniform(0, 9, (3, 5, 4)).round(2)
    run = model("truthful", "shaded", "random", costs=costs)

    run.run()

    paid = run.datacollector.get_agent_vars_dataframe()["paid_ticks"]
    assert (paid.groupby(level="Step").sum() == 0).all()


def test_truthful_parties_under_offers_reach_the_least_total_cost_within_a_tick():
    run = model("truthful", "truthful")
    run.run()

    options = run.datacollector.get_model_vars_dataframe()["option"].tolist()

    total = COSTS.sum(0)
    chosen = total[np.arange(6), options]
    assert (chosen <= total.min(-1) + 0.02).all()


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    def options_and_payments(seed):
        run = model("random", "random", rng=seed)
        run.run()
        return run.datacollector.get_agent_vars_dataframe()

    assert options_and_payments(5).equals(options_and_payments(5))
    assert not options_and_payments(5).equals(options_and_payments(6))


class Recorder(LocalVenue):
    """A venue that keeps what was bid."""

    def __init__(self, agreed):
        super().__init__(agreed)
        self.bids, self.salts = [], []

    def submit(self, session, seat, bids, salt=bytes(32), caps=None):
        super().submit(session, seat, bids, salt, caps)
        self.salts.append(salt)
        self.bids.append((session, seat, tuple(bid.numbers for bid in bids)))


@pytest.mark.parametrize("other", ["truthful", "random"])
def test_what_a_party_draws_does_not_depend_on_the_other(other):
    venue, yardstick = Recorder(terms()), Recorder(terms())

    model("random", other, venue=venue, rng=1).run()
    model("random", "indifferent", venue=yardstick, rng=1).run()

    first, expected = ([bid for bid in v.bids if bid[1] == 0] for v in (venue, yardstick))
    assert first == expected
    assert len(first) == 6


def test_each_party_draws_from_a_stream_of_its_own():
    venue = Recorder(terms())
    model("random", "random", venue=venue, costs=np.stack([COSTS[0]] * 2)).run()

    first, second = ([bid[2] for bid in venue.bids if bid[1] == seat] for seat in (0, 1))
    assert first != second


def test_a_strategy_for_each_seat_is_wanted():
    with pytest.raises(ValueError, match="zip"):
        Negotiation(LocalVenue(terms()), COSTS, [STRATEGIES["truthful"]()])


class Waits(LocalVenue):
    """A venue that keeps what it was asked to wait for."""

    def __init__(self, agreed):
        super().__init__(agreed)
        self.waits = []

    def wait_until(self, seconds):
        super().wait_until(seconds)
        self.waits.append(seconds)


def test_every_salt_is_another():
    venue = Recorder(terms(mechanism="rps-random"))
    model("truthful", "truthful", venue=venue).run()

    assert len(set(venue.salts)) == 12
    assert {len(salt) for salt in venue.salts} == {32}


def seen_of(run):
    """Return what a run collected, but for gas."""
    windows = run.datacollector.get_model_vars_dataframe().drop(columns="gas")
    return windows, run.datacollector.get_agent_vars_dataframe()


@pytest.mark.parametrize("horizon", [1, 6])
@pytest.mark.parametrize("mechanism", ["hco", "rps", "rps-pareto"])
def test_sealing_changes_no_outcome_since_salts_have_a_stream_of_their_own(mechanism, horizon):
    runs = []
    for revealing in (0, 300):
        agreed = terms(mechanism=mechanism, horizon=horizon, revealing=revealing, bond=3)
        runs.append(model("random", "shaded", venue=LocalVenue(agreed), rng=4))
        runs[-1].run()

    for opened, sealed in zip(*map(seen_of, runs), strict=True):
        assert opened.equals(sealed)
    assert runs[0].venue.free == runs[1].venue.free


def test_a_sealed_session_is_committed_and_revealed_by_every_party():
    run = model("truthful", "truthful", venue=LocalVenue(terms(revealing=300)))

    run.step()

    assert stages(run.venue)[2:] == [
        ("commit", 0, 0),
        ("commit", 0, 1),
        ("reveal", 0, 0),
        ("reveal", 0, 1),
        ("decide", 0, None),
        ("report", 0, None),
    ]


def test_who_stays_out_of_a_sealed_session_reveals_nothing():
    run = model("truthful", "truthful", venue=LocalVenue(terms(revealing=300)), working_ticks=1)

    run.step()

    assert [stage for stage, _, _ in stages(run.venue)] == [
        "deposit", "deposit", "decide", "report",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["local", *EVMS])
def test_a_day_ahead_is_one_session_whose_windows_are_read_one_a_step(open_venue, name):
    agreed = terms(horizon=4, revealing=300)
    run = model("truthful", "shaded", venue=open_venue(name, agreed))

    run.step()
    after_one = len(run.venue.calls)
    run.run()

    windows, parties = seen_of(run)
    assert after_one == len(run.venue.calls) - 6, "nothing is sent in windows 1 to 3, and 5"
    assert windows["window"].tolist() == list(range(6)), "the second session is cut short"
    assert len(parties) == 12
    sessions = [call.session for call in run.venue.calls if call.stage == "decide"]
    assert sessions == [0, 1]
    gas = run.datacollector.get_model_vars_dataframe()["gas"]
    assert (gas[[1, 2, 3, 5]] == 0).all()
    assert (gas[[0, 4]] > 0).all() == (name != "local")


def test_the_windows_of_a_day_are_those_of_single_sessions_but_for_deposits():
    runs = [model("random", "inflated", venue=LocalVenue(terms(horizon=h))) for h in (1, 3, 6)]
    for run in runs:
        run.run()

    windows, parties = seen_of(runs[0])
    for run in runs[1:]:
        assert seen_of(run)[0].equals(windows)
        assert seen_of(run)[1].equals(parties)


def test_penalties_of_a_day_are_paid_with_its_last_window():
    venue = LocalVenue(terms(horizon=6, bond=100))
    settled = venue.report
    venue.report = lambda session, flows, _: settled(session, flows, [(0,), *[()] * 4, (0,)])
    run = model("indifferent", "indifferent", venue=venue)

    run.run()

    paid = run.datacollector.get_agent_vars_dataframe()["paid_ticks"].to_numpy()
    assert paid.reshape(6, 2).tolist() == [[0, 0]] * 5 + [[200, -200]]


@pytest.mark.parametrize(("working_ticks", "waits"), [(WORKING_TICKS, []), (1, [1800, 3600])])
def test_a_window_waits_for_its_bids_to_close_only_if_a_party_stays_out(working_ticks, waits):
    venue = Waits(terms())
    run = model("truthful", "truthful", venue=venue, working_ticks=working_ticks)

    run.step()
    run.step()

    assert venue.waits == waits
