"""What deploying, operating and reading a community's contract give, and what they refuse."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from chain.accounts import account
from chain.agreement import read_agreement
from chain.market_agreement import read_contract
from chain.trades import pack_orders
from experiments.cli import OneLineErrors
from experiments.commands.deploy import deploy
from experiments.commands.operator import operator
from experiments.commands.trades import trades
from experiments.community.play import play_days
from experiments.community.world import world
from experiments.errors import InputRefused, ScenarioRefused
from experiments.operator.plans import community_world, days_ahead
from experiments.scenario import read_scenario
from market.trading.orders import Order
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms
from tests.chain.anvil import anvil

SCENARIO = "three-households"
WHO = [f"--party={account(seat).address}" for seat in range(3)]
METER = f"--meter={account(3).address}"
TERMS = MarketTerms(parties=3, tariff=Tariff(2500, 500), penalty=500, horizon=16, period=60)
RICH = 10**9

app = typer.Typer(cls=OneLineErrors)
app.command()(deploy)
app.command()(operator)
app.command()(trades)


@pytest.fixture(scope="module")
def chain():
    """Start a node that mines at once."""
    with anvil(accounts=5) as running:
        yield running


def run(chain, *arguments, index=4):
    variables = {"GRIDPACT_KEY": account(index).key.hex(), "GRIDPACT_RPC_URL": chain.url}
    return CliRunner().invoke(app, [*map(str, arguments)], env=variables)


def refused(answer):
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    return answer.stderr


def deployed(chain, *options):
    answer = run(chain, "deploy", SCENARIO, *WHO, METER, "--json", *options)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)["contract"]


def test_a_community_is_deployed_with_a_day_to_a_session(chain):
    agreed = read_contract(chain.node(), deployed(chain))

    assert agreed.terms == replace(TERMS, horizon=48, period=1800)


def test_rule_horizon_and_period_may_be_chosen(chain):
    options = "--mechanism=bill-sharing", "--horizon=16", "--period=60"

    agreed = read_contract(chain.node(), deployed(chain, *options))

    assert agreed.terms == replace(TERMS, trading="bill-sharing")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--horizon=5"], "--horizon is 5, wanted a whole part of a day's 48"),
        (["--horizon=0"], "--horizon is 0"),
        (["--mechanism=hco"], "unknown trading rule 'hco', wanted one of uniform-price"),
        (["--revealing=0"], "--revealing and --fee-cap are for links"),
        (["--fee-cap=9"], "--revealing and --fee-cap are for links"),
        ([WHO[0]], "has 3 parties, and --party names 4"),
        (["--period=0"], "period is 0"),
    ],
)
def test_a_community_that_cannot_be_deployed_is_one_line(chain, options, reason):
    assert reason in refused(run(chain, "deploy", SCENARIO, *WHO, METER, *options))


def test_an_operator_of_a_community_says_in_one_line_what_it_wants(chain, tmp_path):
    contract = deployed(chain, "--horizon=16", "--period=60")
    household = ["operator", contract, "--scenario", SCENARIO]

    def line(*options, index=0):
        journal = "--journal", tmp_path / "journal"
        return refused(run(chain, *household, *options, *journal, index=index))

    assert "a household plans by --scenario" in line("--bids", tmp_path / "bids.json")
    assert "a household plans by" in refused(run(chain, "operator", contract, index=0))
    assert "has no seat" in line(index=4)
    assert "'hedge' is not for prosumers" in line("--strategy", "hedge")
    assert "exp3: learns from what happens" in line("--strategy", "exp3")
    assert "unknown strategy 'trutful'" in line("--strategy", "trutful")
    assert "is not the registered meter" in line("--meter")
    other = "--scenario", "community"
    assert "has 39 at 2500 and 500, and the contract 3 parties" in line(*other)
    assert "has no community that trades" in line("--scenario", "anglesey")
    meters = tmp_path / "meters.jsonl"
    meters.write_text("{}\n")
    assert "line 1 has no key 'seat'" in line("--meter", "--readings", meters, index=3)


def test_a_link_takes_readings_for_its_meter_alone(chain, tmp_path):
    parties = "--party", account(0).address, "--party", account(1).address
    answer = run(chain, "deploy", "anglesey", *parties, METER, "--json")
    contract = json.loads(answer.stdout)["contract"]
    assert read_agreement(chain.node(), contract).terms.revealing == 300

    options = "--scenario", "anglesey", "--readings", tmp_path / "file"
    told = refused(run(chain, "operator", contract, *options, index=0))

    assert "--readings is for --meter, and for households" in told
    assert "is about a link" in refused(run(chain, "trades", contract, SCENARIO))


def test_a_household_orders_once_and_says_so_of_its_day(chain, tmp_path):
    contract = deployed(chain, "--horizon=16", "--period=60")
    options = "--scenario", SCENARIO, "--journal", tmp_path / "journal", "--once"

    for _ in range(2):
        answer = run(chain, "operator", contract, *options, index=1)
        assert answer.exit_code == 0, answer.output

    node = chain.node()
    agreed = read_contract(node, contract)
    view = node.view(contract, agreed.interface.call("freeDeposits"))
    (free,) = agreed.interface.answer("freeDeposits", view)
    entry = json.loads((tmp_path / "journal").read_text())
    assert list(free) == [0, RICH - entry["locks"], 0]
    orders = days_ahead(read_scenario(SCENARIO), None, TERMS, 1, RICH).orders(0)
    assert bytes.fromhex(entry["bids"]) == pack_orders(orders)


def test_no_trade_yet_is_said_so(chain):
    contract = deployed(chain)

    answer = run(chain, "trades", contract, SCENARIO)
    totals = run(chain, "trades", contract, SCENARIO, "--json")

    assert answer.exit_code == 0, answer.output
    assert answer.stdout.endswith("No whole day was cleared yet.\n")
    assert json.loads(totals.stdout)["traded_kwh"] == 0


def test_a_day_by_hand_is_shown_with_what_the_feeder_makes_of_it(chain, tmp_path):
    contract = deployed(chain, "--period=600")
    node = chain.node(moves_time=True)
    agreed = read_contract(node, contract)
    meters = "--readings", tmp_path / "meters.jsonl"

    def once(index, *options):
        options = *options, "--once", "--journal", tmp_path / f"{index}.jsonl"
        answer = run(chain, "operator", contract, *meters, *options, index=index)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    for seat in range(3):
        once(seat, "--scenario", SCENARIO)
    node.wait_until(agreed.opening + 2 * agreed.terms.period)
    said = [once(seat, "--scenario", SCENARIO) for seat in range(3)]
    again = once(0, "--scenario", SCENARIO)
    before = run(chain, "trades", contract, SCENARIO).stdout
    unseen = json.loads(run(chain, "trades", contract, SCENARIO, "--json").stdout)
    once(3, "--meter")
    once(0, "--scenario", SCENARIO)

    assert unseen["windows_metered"] == 0
    assert "No meter has reported 48 of 48 half-hours" in before
    assert all("Wh went through the meter, 48 readings written" in text for text in said)
    assert again == "", "a meter shows a session once"
    totals = json.loads(run(chain, "trades", contract, SCENARIO, "--json").stdout)
    shown = run(chain, "trades", contract, SCENARIO).stdout.splitlines()
    assert len(shown) == 1 + 48 + 3
    assert f"traded {totals['traded_kwh']:.3f} kWh in 1 day." in shown[-3]
    assert totals["traded_kwh"] > 0
    assert totals["windows_changed"] > 0
    assert totals["windows_metered"] == 48
    balance = totals["metered_kwh"] + totals["losses_kwh"] - totals["exchange_kwh"]
    assert abs(balance) < 0.002, "but for rounding"


# Plans.


def test_the_world_of_a_household_is_that_of_the_simulator_but_for_the_feeder():
    scenario = read_scenario(SCENARIO)
    own, whole = community_world(scenario), world(scenario)

    assert np.array_equal(own.base_wh(0), whole.base_wh(0))
    assert np.array_equal(own.foreseen_wh(0), whole.foreseen_wh(0))


def test_days_ahead_are_those_of_the_simulator_whoever_it_is():
    scenario = read_scenario(SCENARIO).with_changes("grid", days=2)
    names = np.array([["cooperative", "cooperative", "shaded"]])
    days = list(play_days(world(scenario), "uniform-price", names, np.zeros(1, int), 4))

    ahead = days_ahead(scenario, "shaded", TERMS, 2, RICH)

    assert ahead.sessions == 6
    for session in range(6):
        day, part = days[session // 3], slice(session % 3 * 16, session % 3 * 16 + 16)
        quantities = [order.quantity_wh if order else 0 for order in ahead.orders(session)]
        assert quantities == day.placed.orders.quantity_wh[0, 2, part].tolist()
        nothing = pack_orders([None] * 48)
        assert ahead.metered_wh(session, nothing) == day.metered_wh[0, 2, part].tolist()
    assert ahead.orders(6) == (None,) * 16


def test_one_that_does_not_deliver_cuts_itself_off_where_trade_is_worse_than_none():
    scenario = read_scenario(SCENARIO)
    names = np.array([["withholder", "cooperative", "cooperative"]])
    terms = replace(TERMS, trading="bill-sharing")
    day = next(play_days(world(scenario), terms.trading, names, np.zeros(1, int), 4))
    ahead = days_ahead(scenario, "withholder", terms, 0, RICH)
    placed = day.placed.orders
    orders = np.stack([placed.quantity_wh[0], placed.limit[0]], -1).tolist()

    shown = []
    for session in range(3):
        part = slice(session * 16, session * 16 + 16)
        sent = [pack_orders([Order(*one) for one in row[part]]) for row in orders]
        shown += ahead.metered_wh(session, b"".join(sent))

    assert day.blocked[0, 0].any()
    assert shown == day.metered_wh[0, 0].tolist()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"prosumers": 80}, "has 3 communities, wanted as many prosumers as"),
        ({"prosumers": 2}, "community.prosumers is 2, wanted 3 to 10,000"),
    ],
)
def test_a_contract_is_of_one_community(changes, reason):
    scenario = read_scenario(SCENARIO).with_changes("community", **changes)

    with pytest.raises(ScenarioRefused, match=reason):
        community_world(scenario)


def test_sessions_that_make_up_no_day_are_refused():
    with pytest.raises(InputRefused, match="days of 48 windows, which sessions of 7 do not"):
        days_ahead(read_scenario(SCENARIO), None, replace(TERMS, horizon=7), 0, RICH)


# The manual.


def readme_commands():
    """Return the calls of gridpact in the README's section, as shells read them."""
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = text.split("## Three households on one chain\n")[1].split("\n## ")[0]
    script = section.split("```bash\n")[1].split("```")[0].replace("\\\n", " ")
    calls = re.findall(r"gridpact ((?:\$\([a-z]+ \d\)|[^\n&)])*)", script.split("\n\n")[1])
    return [shlex.split(re.sub(r"\$\([a-z]+ (\d)\)", r"<\1>", call)) for call in calls]


def test_the_commands_in_the_readme_are_those_of_a_day_by_hand(monkeypatch):
    monkeypatch.setenv("GRIDPACT_RPC_URL", "http://127.0.0.1:8545")
    called = readme_commands()

    assert [name for name, *_ in called] == ["deploy", "operator", "operator", "trades"]
    for name, *arguments in called:
        command = get_command(app).commands[name]
        values = command.make_context(name, arguments, resilient_parsing=False).params
        assert values.get("scenario") in {SCENARIO, None}
