"""One run of the Mesa model: its files, its money, its end by Ctrl-C."""

import json
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from agents.draws import Draws
from agents.strategies import STRATEGIES
from agents.strategies.base import Knowledge
from agents.strategies.truthful import Truthful
from chain.revm import Revm
from chain.venue import ContractVenue
from experiments.cli import app
from experiments.errors import CheckFailed
from experiments.scenario import read_scenario
from experiments.simulation.ledger import ledger
from experiments.simulation.recorded import RecordedVenue
from experiments.wiring import study
from market.bids import Bid
from market.errors import DepositTooSmall
from market.local import LocalVenue
from market.terms import Terms
from market.types import Bids

TERMS = Terms(parties=2, options=((0, 0), (0, 1000)))
Simulate = Callable[..., dict[str, Any]]


@pytest.fixture
def simulate(tmp_path) -> Simulate:
    """Return what a simulation prints as JSON; its results stand in `tmp_path / "run"`."""

    def run(*options: str, exit_code: int = 0) -> dict[str, Any]:
        command = ["simulate", *options, "--out", str(tmp_path / "run"), "--json"]
        answer = CliRunner().invoke(app, command)
        assert answer.exit_code == exit_code, answer.stderr
        return json.loads(answer.stdout)

    return run


def test_a_day_in_memory_costs_what_the_study_says(simulate, tmp_path):
    totals = simulate("--venue", "local", "--pair", "N,D", "--seats", "truthful,shaded")

    seen = study(read_scenario("anglesey"))
    windows = pd.read_parquet(tmp_path / "run" / "windows.parquet")
    costs = seen.costs_gbp(("N", "D"), 0)
    chosen = np.take_along_axis(costs, windows["option"].to_numpy()[None, :, None], -1)[..., 0]
    assert totals["windows"] == len(windows) == 48
    for seat, party in enumerate(totals["parties"]):
        assert party["cost_gbp"] == pytest.approx(chosen[seat].sum())
        assert party["no_link_gbp"] == pytest.approx(
            seen.no_link_gbp[seat, seen.places(("N", "D"))[seat], 0].sum()
        )
    assert sum(party["payments_gbp"] for party in totals["parties"]) == pytest.approx(0)
    assert [party["strategy"] for party in totals["parties"]] == ["truthful", "shaded"]
    assert (totals["fee_gbp"], totals["gas"]["decide"]) == (0, 0)
    assert windows["half_hour"].tolist() == list(range(48))


def test_the_balance_score_is_exchange_over_exchange_without_the_link(simulate, tmp_path):
    totals = simulate("--venue", "local", "--windows", "5")

    seen = study(read_scenario("anglesey"))
    option = pd.read_parquet(tmp_path / "run" / "windows.parquet")["option"].to_numpy()
    link = np.abs(seen.appraisal.exchange_mw[:, 0, 0, np.arange(5), option]).sum()
    without = np.abs(seen.appraisal.no_link.exchange_mw[:, 0, 0, :5]).sum()
    assert totals["physics"]["balance"] == pytest.approx(link / without)
    assert sum(totals["physics"]["no_link"]["exchange_mwh"]) == pytest.approx(without / 2)


def test_truth_is_no_dearer_in_sum_than_no_link(simulate):
    parties = simulate("--venue", "local")["parties"]

    cost, no_link = (
        sum(party[key] for party in parties) for key in ("cost_gbp", "no_link_gbp")
    )
    assert cost < no_link


def test_every_transaction_is_listed_with_hash_block_and_gas(simulate, tmp_path):
    totals = simulate("--venue", "eth-tester", "--windows", "3")

    calls = totals["calls"]
    assert [call["stage"] for call in calls] == (
        ["deploy", "deposit", "deposit"] + ["submit", "submit", "decide", "report"] * 3
    )
    assert len({call["transaction"] for call in calls}) == len(calls)
    assert [call["block"] for call in calls] == sorted({call["block"] for call in calls})
    assert sum(totals["gas"].values()) == sum(call["gas"] for call in calls)
    kept = pd.read_parquet(tmp_path / "run" / "calls.parquet")
    assert kept["transaction"].tolist() == [call["transaction"] for call in calls]
    assert kept["session"].isna().sum() == 3


def test_fees_are_gas_at_the_prices_of_the_scenario_and_the_contract_holds_the_money(simulate):
    totals = simulate("--venue", "revm", "--windows", "3", "--mechanism", "rps", "--calls")

    gas = sum(totals["gas"].values())
    assert totals["fee_gbp"] == pytest.approx(gas * 20e-9 * 2000)
    fees = sum(party["fees_gbp"] for party in totals["parties"])
    assert fees == pytest.approx((gas - totals["gas"]["deploy"]) * 20e-9 * 2000)
    assert totals["mechanism"] == "rps"
    assert totals["calls"][0]["transaction"] is None
    money = totals["money"]
    assert money["paid_in"] == money["free"] == 2_000_000
    assert money["balance_wei"] == 2_000_000 * 10**12


def test_bids_and_payments_are_kept_for_every_party(simulate, tmp_path):
    simulate("--venue", "local", "--windows", "2", "--seed", "3")

    bids = pd.read_parquet(tmp_path / "run" / "bids.parquet")
    payments = pd.read_parquet(tmp_path / "run" / "payments.parquet")
    windows = pd.read_parquet(tmp_path / "run" / "windows.parquet")
    assert list(bids.columns) == ["window", "party", "option", "number", "covered"]
    assert len(bids) == 2 * 2 * 13
    sums = bids.groupby(["window", "option"])["number"].sum().unstack()
    assert sums.to_numpy().argmax(-1).tolist() == windows["option"].tolist()
    assert payments.groupby("window")["paid_ticks"].sum().tolist() == [0, 0]
    assert payments["party"].tolist() == ["network-1", "network-2"] * 2
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["command"], manifest["complete"]) == ("simulate", True)
    assert manifest["scenario"]["seed"] == 3
    assert "bids.parquet" in manifest["files"]


def test_people_read_tables_and_that_money_is_conserved(tmp_path):
    command = ["simulate", "--venue", "eth-tester", "--windows", "1", "--out", str(tmp_path)]

    shown = CliRunner().invoke(app, command).stdout

    assert "anglesey N-N: truthful against truthful, 1 windows of hco on eth-tester" in shown
    assert shown.count("0x") == 7
    assert "balance score" in shown
    assert "Money is conserved: 2000000 ticks paid in - 0 withdrawn = 2000000 free" in shown
    assert f"the contract holds {2 * 10**18} wei" in shown


def test_a_table_of_costs_has_no_physics_to_show(tmp_path):
    rows = "\n".join(f"{n},N,{w},{o},{o * w}" for n in "xy" for w in range(3) for o in range(3))
    (tmp_path / "c.csv").write_text(
        f"network,scenario,window,option,cost_gbp\n{rows}\n", encoding="utf-8"
    )
    scenario = tmp_path / "s.toml"
    scenario.write_text('name = "t"\ngrid.costs = "c.csv"', encoding="utf-8")
    out = tmp_path / "out"
    command = ["simulate", str(scenario), "--venue", "local", "--out", str(out)]

    shown = CliRunner().invoke(app, command)

    assert shown.exit_code == 0, shown.stderr
    assert "3 windows of hco on local" in shown.stdout
    assert "balance" not in shown.stdout
    assert "wei" not in shown.stdout
    assert pd.read_parquet(out / "payments.parquet")["no_link_gbp"].isna().all()


@pytest.fixture
def two_days(tmp_path):
    """Return a scenario of two days of 50 windows."""
    rows = "\n".join(
        f"{n},N,{d},{w},{o},{o}"
        for n in "xy" for d in range(2) for w in range(50) for o in range(3)
    )  # fmt: skip
    header = "network,scenario,day,window,option,cost_gbp"
    (tmp_path / "c.csv").write_text(f"{header}\n{rows}\n", encoding="utf-8")
    scenario = tmp_path / "s.toml"
    scenario.write_text('name = "t"\ngrid.costs = "c.csv"\ngrid.days = 2', encoding="utf-8")
    return str(scenario)


def test_days_of_50_windows_follow_each_other_if_all_are_asked_for(
    simulate, two_days, tmp_path
):
    simulate(two_days, "--venue", "local", "--windows", "100")

    windows = table_of(tmp_path, "windows")
    assert windows["day"].tolist() == [0] * 50 + [1] * 50
    assert windows["half_hour"].tolist() == [*range(50), *range(50)]


def test_the_first_day_is_played_unless_more_is_asked_for(simulate, two_days, tmp_path):
    assert simulate(two_days, "--venue", "local")["windows"] == 50
    assert set(table_of(tmp_path, "windows")["day"]) == {0}
    assert simulate("--venue", "local", "--mechanism", "rps")["windows"] == 48


def test_every_window_of_a_shipped_week_can_be_played(simulate, tmp_path):
    totals = simulate("--venue", "local", "--windows", "336", "--seats", "indifferent,flat")

    windows = table_of(tmp_path, "windows")
    assert (totals["windows"], totals["complete"]) == (336, True)
    assert windows["day"].tolist() == [day for day in range(7) for _ in range(48)]


def test_what_was_earned_and_might_have_been_is_kept_and_drawn(simulate, tmp_path):
    totals = simulate("--venue", "local", "--seats", "hedge,truthful", "--windows", "6")

    learning = table_of(tmp_path, "learning")
    payments = table_of(tmp_path, "payments")
    assert learning["window"].tolist() == [w for w in range(6) for _ in range(2)]
    assert learning["party"].tolist() == ["network-1", "network-2"] * 6
    costs = study(read_scenario("anglesey")).costs_gbp(("N", "N"), 0)[:, :6].max(-1)
    net = payments["cost_gbp"] + payments["paid_gbp"]
    assert learning["payoff_gbp"].tolist() == pytest.approx(costs.T.ravel() - net)
    assert (learning["gain_gbp"] >= 0).all()
    learner = learning["strategy"] == "hedge"
    assert learning.loc[learner, "regret_gbp"].notna().all()
    assert learning.loc[~learner, "regret_gbp"].isna().all()
    assert learning.loc[~learner, "action"].isna().all()
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    wanted = {"learning.parquet", "figures/learning.svg", "figures/learning.png"}
    assert wanted <= set(manifest["files"])
    assert totals["windows"] == 6


@dataclass(frozen=True)
class _Impatient(Truthful):
    """Press Ctrl-C in the third window."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        if 2 in knowledge.windows:
            signal.raise_signal(signal.SIGINT)
        return super().bid(knowledge, draws)


def test_ctrl_c_keeps_the_windows_that_were_played(simulate, tmp_path, monkeypatch):
    monkeypatch.setitem(STRATEGIES, "impatient", _Impatient)

    totals = simulate("--venue", "local", "--seats", "impatient,shaded", exit_code=130)

    assert (totals["windows"], totals["complete"]) == (3, False)
    assert len(pd.read_parquet(tmp_path / "run" / "windows.parquet")) == 3
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["complete"] is False
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@dataclass(frozen=True)
class _Furious(Truthful):
    """Press Ctrl-C twice."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return super().bid(knowledge, draws)


def test_a_second_ctrl_c_ends_at_once_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setitem(STRATEGIES, "furious", _Furious)
    command = ["simulate", "--venue", "local", "--seats", "furious,shaded"]

    answer = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "run")])

    assert answer.exit_code == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--windows", "337"], "anglesey: 337 windows asked for, wanted 1 to 336"),
        (["--windows", "0"], "anglesey: 0 windows asked for, wanted 1 to 336"),
        (["--mechanism", "hoc"], "anglesey: market.mechanisms[0] is 'hoc', did you mean"),
        (["--seats", "truthful"], "anglesey: play.seats has length 1, wanted 2"),
        (["--seats", "truthful,shadd"], "play.seats[1] is 'shadd', did you mean 'shaded'?"),
        (["--pair", "N,X"], "anglesey: play.pair[1] is 'X', wanted one of N, D, G"),
        (["--venue", "rvm"], "anglesey: chain.venue is 'rvm', did you mean 'revm'?"),
        (["--seed", "-1"], "anglesey: seed is -1, wanted 0 or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_one_line_and_nothing_is_written(options, reason, tmp_path):
    answer = CliRunner().invoke(app, ["simulate", *options, "--out", str(tmp_path / "run")])

    assert answer.exit_code == 2
    assert reason in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    answer = CliRunner().invoke(app, ["simulate", "--out", str(tmp_path)])

    assert answer.exit_code == 2
    assert "holds notes.txt, wanted an empty folder or an old run" in answer.stderr


def test_a_simulation_does_not_stand_in_the_place_of_a_tournament(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    CliRunner().invoke(app, ["simulate", "--venue", "local", "--windows", "1"])

    assert (tmp_path / "results" / "anglesey-simulation" / "summary.json").exists()


def test_open_locks_count_as_money_that_is_there():
    venue = RecordedVenue(LocalVenue(TERMS))
    for seat in (0, 1):
        venue.deposit(seat, 100)
    venue.submit(0, 0, [Bid((30, 0))])
    with pytest.raises(DepositTooSmall):
        venue.submit(0, 1, [Bid((101, 0))])
    venue.withdraw(1, 40)

    found = ledger(venue)

    assert (found.paid_in, found.withdrawn, found.free, found.locked) == (200, 40, 130, 30)
    found.check()
    assert [sent.covered for sent in venue.sent] == [True, False]
    venue.wait_until(TERMS.bids_close(0))
    assert venue.decide(0)[0].option == 0
    venue.wait_until(TERMS.meter_deadline(0))
    venue.settle(0)
    assert ledger(venue).locked == 0
    assert venue.authority == 0


def test_what_is_locked_in_a_sealed_day_is_its_caps_and_bonds():
    venue = RecordedVenue(LocalVenue(replace(TERMS, horizon=3, revealing=60, bond=5)))
    venue.deposit(0, 100)

    venue.submit(0, 0, [Bid((30, 0)), None, Bid((0, 1))], caps=[40, 2])

    found = ledger(venue)
    assert (found.free, found.locked) == (100 - 52, 52)
    found.check()


SEALED_DAY = """\
name = "day"
market.sealed = true
market.horizon = {horizon}
market.mechanisms = ["{mechanism}"]
"""


@pytest.fixture
def scenario(tmp_path):
    """Return a function that writes a scenario of Anglesey with sealed bids."""

    def write(mechanism: str = "hco", horizon: int = 48) -> str:
        path = tmp_path / f"{mechanism}-{horizon}.toml"
        text = SEALED_DAY.format(mechanism=mechanism, horizon=horizon)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def table_of(folder, name):
    return pd.read_parquet(folder / "run" / f"{name}.parquet")


@pytest.mark.parametrize("mechanism", ["hco", "rps", "rps-random"])
def test_a_sealed_day_ahead_is_the_same_in_memory_and_on_a_chain(
    simulate, scenario, tmp_path, mechanism
):
    seen = []
    for venue in ("local", "revm"):
        totals = simulate(scenario(mechanism), "--venue", venue, "--seats", "random,shaded")
        windows = table_of(tmp_path, "windows").drop(columns="gas")
        seen.append((windows, table_of(tmp_path, "payments"), table_of(tmp_path, "bids")))

    for here, there in zip(*seen, strict=True):
        assert here.equals(there)
    stages = ["commit", "commit", "reveal", "reveal", "decide", "report"]
    assert table_of(tmp_path, "calls")["stage"].tolist()[3:] == stages
    assert (totals["windows"], len(seen[0][0])) == (48, 48)


def test_what_is_sealed_or_a_day_ahead_has_the_outcome_of_open_single_windows(
    simulate, scenario, tmp_path
):
    seats = ("--venue", "local", "--seats", "random,inflated")
    simulate(*seats)
    single = table_of(tmp_path, "windows")
    for horizon in (1, 48, 20):
        simulate(scenario(horizon=horizon), *seats)

        assert table_of(tmp_path, "windows").equals(single)


def test_a_day_may_be_cut_short_and_its_physics_is_of_the_windows_played(simulate, scenario):
    totals = simulate(scenario(), "--venue", "local", "--windows", "5")

    alone = simulate("--venue", "local", "--windows", "5")
    assert totals["windows"] == 5
    assert totals["physics"] == alone["physics"]
    assert totals["parties"] == alone["parties"]


def test_ctrl_c_in_a_day_ahead_keeps_the_whole_session(
    simulate, scenario, tmp_path, monkeypatch
):
    monkeypatch.setitem(STRATEGIES, "impatient", _Impatient)

    totals = simulate(
        scenario(horizon=4), "--venue", "local", "--seats", "impatient,shaded", exit_code=130
    )

    assert totals["windows"] == 1, "it was pressed while the first session was bid for"
    assert len(table_of(tmp_path, "windows")) == 1
    assert totals["complete"] is False


def test_money_that_came_from_nowhere_fails_the_check_with_both_numbers():
    venue = RecordedVenue(LocalVenue(TERMS))
    venue.deposit(0, 100)
    venue.venue.deposit(1, 1)

    with pytest.raises(CheckFailed, match="100 ticks went in and stayed, 101 are there"):
        ledger(venue).check()


def test_a_contract_that_holds_other_than_it_owes_fails_the_check():
    evm = Revm()
    venue = RecordedVenue(ContractVenue(TERMS, evm, tick_wei=10))
    venue.deposit(0, 100)
    ledger(venue).check()

    evm._machine.set_balance(venue.venue._address, 999)

    with pytest.raises(CheckFailed, match="the contract owes 1000 wei, and holds 999"):
        ledger(venue).check()


def test_a_failed_check_of_a_run_is_exit_code_1(tmp_path, monkeypatch):
    class Leaky(LocalVenue):
        def report(self, session, flows, blocked=()) -> None:
            super().report(session, flows, blocked)
            self._free[0] -= 1

    monkeypatch.setattr("experiments.wiring.LocalVenue", Leaky)
    command = ["simulate", "--venue", "local", "--windows", "2", "--out", str(tmp_path / "run")]

    answer = CliRunner().invoke(app, command)

    assert answer.exit_code == 1
    assert "2000000 ticks went in and stayed, 1999998 are there" in answer.stderr
    assert (tmp_path / "run" / "summary.json").exists()
