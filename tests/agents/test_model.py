"""The model: windows in sequence, on any venue, without making or losing money."""

import numpy as np
import pytest

from agents.model import WORKING_TICKS, Negotiation
from agents.strategies import STRATEGIES
from chain.venue import EVMS
from market.bids import Bid
from market.local import LocalVenue
from market.mechanisms import MECHANISMS
from market.terms import Terms

OPTIONS = tuple((5000 * o - 10_000, 5000 * o - 5000) for o in range(4))
COSTS = np.random.default_rng(1).uniform(-20, 20, (2, 6, 4)).round(2)
"""GBP, shape (party, window, option)."""


def terms(parties=2, **agreed):
    return Terms(parties=parties, options=OPTIONS, **agreed)


def model(*names, venue=None, costs=COSTS, **options):
    strategies = [STRATEGIES[name]() for name in names]
    held = venue or LocalVenue(terms(len(strategies)))
    return Negotiation(held, costs, strategies, **options)


def stages(venue):
    return [(call.stage, call.window, call.seat) for call in venue.calls]


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
    agreed = terms(mechanism=mechanism, bond=7)

    frames = []
    for venue in (open_venue("local", agreed), open_venue(name, agreed)):
        run = model("truthful", "random", venue=venue, working_ticks=1500, rng=3)
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
    assert (there["gas"] > 2 * 21_000).all(), "decision and report at least"


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
        self.bids = []

    def submit(self, window, seat, bid: Bid):
        super().submit(window, seat, bid)
        self.bids.append((window, seat, bid.numbers))


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
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        Negotiation(LocalVenue(terms()), COSTS, [STRATEGIES["truthful"]()])


class Waits(LocalVenue):
    """A venue that keeps what it was asked to wait for."""

    def __init__(self, agreed):
        super().__init__(agreed)
        self.waits = []

    def wait_until(self, seconds):
        super().wait_until(seconds)
        self.waits.append(seconds)


@pytest.mark.parametrize(("working_ticks", "waits"), [(WORKING_TICKS, []), (1, [1800, 3600])])
def test_a_window_waits_for_its_bids_to_close_only_if_a_party_stays_out(working_ticks, waits):
    venue = Waits(terms())
    run = model("truthful", "truthful", venue=venue, working_ticks=working_ticks)

    run.step()
    run.step()

    assert venue.waits == waits
