"""Communities that cannot be are refused, naming the key; so are commands that need a link."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.errors import ScenarioRefused
from experiments.scenario import SHIPPED, make_scenario, read_scenario
from experiments.validation import check, check_community
from experiments.wiring import VENUES

BAD = {
    "prosumers is 2, wanted 3 to 10,000": {"prosumers": 2},
    "prosumers is 10001, wanted 3 to 10,000": {"prosumers": 10_001},
    "per_feeder is 1, wanted 2 to 255": {"per_feeder": 1},
    "photovoltaics is 1.5, wanted 0 to 1": {"photovoltaics": 1.5},
    "batteries is -0.1, wanted 0 to 1": {"batteries": -0.1},
    "cars is 2.0": {"cars": 2.0},
    "heat_pumps is -1.0": {"heat_pumps": -1.0},
    "rules[1] is 'hco', wanted one of uniform-price": {"rules": ["pay-as-bid", "hco"]},
    "rules is [], wanted one or more": {"rules": []},
    "rules is ['pay-as-bid', 'pay-as-bid'], wanted one or more, each once": {
        "rules": ["pay-as-bid", "pay-as-bid"]
    },
    "mix is empty": {"mix": {}},
    "mix.truthful is 0.0, wanted more than 0": {"mix": {"truthful": 0.0}},
    "mix: 'hedge' is not for prosumers": {"mix": {"hedge": 1.0}},
    "mix is 'trutful', did you mean 'truthful'": {"mix": {"trutful": 1.0}},
    "mix: share of shaded is 'x', wanted a number": {"mix": {"shaded(share=x)": 1.0}},
    "mix: unknown strategy 'noone'": {"mix": {"noise(noone)": 1.0}},
    "strategies[0]: 'best-response' is not for prosumers": {"strategies": ["best-response"]},
    "strategies[0] is 'bids.json', bids for one seat": {"strategies": ["bids.json"]},
    "sell_pence is 26.0, wanted at most community.buy_pence": {"sell_pence": 26.0},
    "buy_pence is -1.0, wanted 0 to 655.35": {"buy_pence": -1.0, "sell_pence": -2.0},
    "penalty_pence is 700.0": {"penalty_pence": 700.0},
    "forecast is 'perfekt', did you mean 'perfect'": {"forecast": "perfekt"},
    "groups is 1, wanted 2 or more": {"groups": 1},
    "copies is 0, wanted 1 or more": {"copies": 0},
    "first_day is 6, wanted 7 to 365": {"first_day": 6},
    "feeder: no file": {"feeder": "none.json"},
}


def scenario_of(tmp_path, days=2, case="community", **community):
    (tmp_path / "bids.json").write_text(json.dumps({"bids": [[1, 2]]}))
    table = {"grid": {"case": case, "days": days}, "community": {"prosumers": 39} | community}
    return make_scenario(table, tmp_path, "mine.toml")


@pytest.mark.parametrize(("said", "community"), BAD.items(), ids=BAD)
def test_a_key_out_of_range_is_named(tmp_path, said, community):
    with pytest.raises(ScenarioRefused) as refused:
        check_community(scenario_of(tmp_path, **community), VENUES)

    assert f"community.{said}" in str(refused.value).replace(f"{tmp_path}/", "")


def test_communities_beside_networks_are_checked_too(tmp_path):
    with pytest.raises(ScenarioRefused, match=r"community\.cars is 3\.0, wanted 0 to 1"):
        check(scenario_of(tmp_path, case="anglesey", cars=3.0), VENUES)
    check(scenario_of(tmp_path, case="anglesey", prosumers=0, cars=3.0), VENUES)


def test_communities_need_networks_and_no_table_of_costs(tmp_path):
    (tmp_path / "costs.csv").touch()
    both = scenario_of(tmp_path, case="anglesey").with_changes("grid", costs="costs.csv")
    with pytest.raises(ScenarioRefused, match=r"grid\.costs is 'costs.csv', wanted none"):
        check(both, VENUES)
    check(both.with_changes("community", prosumers=0), VENUES)


def test_days_must_be_within_the_profiles(tmp_path):
    check_community(scenario_of(tmp_path, days=10, first_day=356), VENUES)

    with pytest.raises(ScenarioRefused, match=r"grid\.days is 11, wanted 1 to 10"):
        check_community(scenario_of(tmp_path, days=11, first_day=356), VENUES)


def test_what_is_shipped_holds():
    for path in SHIPPED.glob("*.toml"):
        scenario = read_scenario(path.stem)
        (check_community if scenario.grid.case == "community" else check)(scenario, VENUES)


@pytest.mark.parametrize("command", ["audit", "dispositions"])
def test_a_command_that_needs_a_link_says_so_in_a_line(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)

    answer = CliRunner().invoke(app, [command, "community"])

    assert answer.exit_code == 2
    assert answer.stderr.count("\n") == 1
    assert "grid.case is 'community', which has no link" in answer.stderr


@pytest.mark.parametrize(
    "option",
    [("--mechanism", "hco"), ("--seats", "truthful,truthful"), ("--pair", "N,D"),
     ("--windows", "3"), ("--venue", "revm"), ("--calls",), ("--rpc-url", "http://x")],
)  # fmt: skip
def test_options_of_a_link_are_refused_in_a_line(tmp_path, monkeypatch, option):
    monkeypatch.chdir(tmp_path)

    answer = CliRunner().invoke(app, ["simulate", "community", *option])

    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"gridpact: {option[0]}: a community has none")
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mix = { hedge = 1.0 }", "'hedge' is not for prosumers"),
        ("prosumers = 1", "prosumers is 1, wanted 3 to 10,000"),
        ('feeder = "broken.json"', "broken.json"),
        ('mix = { "broken.py:Mine" = 1.0 }', "raised ZeroDivisionError"),
    ],
)
def test_bad_input_ends_in_a_line_and_leaves_nothing(tmp_path, monkeypatch, line, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "broken.py").write_text("1 / 0")
    prosumers = "" if "prosumers" in line else "prosumers = 6\n"
    text = f'[grid]\ncase = "community"\n[community]\n{prosumers}{line}\n'
    (tmp_path / "bad.toml").write_text(text)

    answer = CliRunner().invoke(app, ["simulate", "bad.toml"])

    assert answer.exit_code == 2, answer.exception
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not list(tmp_path.glob("results/*"))


def test_a_scenario_without_prosumers_is_refused(tmp_path):
    bare = replace(read_scenario("anglesey"), folder=tmp_path)

    with pytest.raises(ScenarioRefused, match=r"community\.prosumers is 0, wanted 3"):
        check_community(bare.with_changes("grid", case="community"), VENUES)
