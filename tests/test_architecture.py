"""The packages are layered, the registries complete, and the tests where they belong."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import market.mechanisms
from chain.artifacts import CONTRACTS, FOLDER
from chain.deploy import CONTRACT_OF, MARKET_OF
from chain.venue import EVMS
from experiments.wiring import VENUES
from market import payments
from market.mechanisms import MECHANISMS
from market.mechanisms.base import Mechanism
from market.payments import PAYMENT_RULES
from market.trading.rules import TRADING_RULES

ROOT = Path(__file__).parent.parent


def test_imports_point_down_only(monkeypatch):
    monkeypatch.chdir(ROOT)

    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_every_mechanism_in_the_package_is_listed():
    modules = [
        importlib.import_module(f"market.mechanisms.{found.name}")
        for found in pkgutil.iter_modules(market.mechanisms.__path__)
    ]
    classes = {
        thing
        for module in modules
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if hasattr(thing, "candidates")
    }

    assert classes - {Mechanism} == set(MECHANISMS.values())


def test_every_payment_rule_is_listed_in_the_order_of_the_contract():
    functions = [
        thing
        for name, thing in inspect.getmembers(payments, inspect.isfunction)
        if not name.startswith("_")
    ]
    source = (ROOT / "chain/contracts/src/HighestCombinedOffer.sol").read_text(encoding="utf-8")
    members = source.split("enum Payment {")[1].split("}")[0].replace(",", "").split()

    assert set(functions) == set(PAYMENT_RULES.values())
    assert [name.replace("-", "") for name in PAYMENT_RULES] == [m.lower() for m in members]


def test_every_rule_has_a_contract_and_every_contract_an_artifact():
    trading = {contract for contract, _ in MARKET_OF.values()}

    assert CONTRACT_OF.keys() == MECHANISMS.keys()
    assert MARKET_OF.keys() == TRADING_RULES.keys()
    assert {*CONTRACT_OF.values(), *trading} == set(CONTRACTS)
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CONTRACTS)


@pytest.mark.parametrize(("name", "kind"), MECHANISMS.items())
def test_twins_have_the_same_name(name, kind):
    assert CONTRACT_OF[name] == kind.__name__


def test_every_venue_can_be_asked_for():
    assert {"local", *EVMS} <= set(VENUES)


def test_no_folder_of_tests_is_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py")), "it would shadow what it tests"
