"""A Solidity error and its Python twin have the same name and the same arguments."""

import inspect

import pytest

from chain.artifacts import CONTRACTS, read_artifact
from market import errors

FOR_PYTHON_ALONE = {
    "BidMalformed",  # each of these is found before anything is sent
    "OfferOutOfRange",
    "RanksMalformed",
    "PointOutsideOption",
    "OrdersMalformed",
    "QuantityOutOfRange",
    "LimitOutOfRange",
}
FOR_SOLIDITY_ALONE = {
    "InvalidShortString",  # OpenZeppelin: the name of the contract is short
    "StringTooLong",  # OpenZeppelin: likewise
    "TermsRefused",  # `Terms` refuses them first, with a ValueError
    "FailedCall",  # OpenZeppelin: who withdrew does not take ether
    "InsufficientBalance",  # OpenZeppelin: cannot happen, by the invariant on balances
    "SafeCastOverflowedUintDowncast",  # OpenZeppelin: more ticks than there is ether
}


def in_solidity():
    """Return names of arguments by name of error, over all contracts."""
    return {
        entry["name"]: [argument["name"] for argument in entry["inputs"]]
        for contract in CONTRACTS
        for entry in read_artifact(contract).abi
        if entry["type"] == "error"
    }


def in_python():
    """Return names of arguments by name of error, of the leaves of the tree."""
    return {
        name: list(inspect.signature(kind).parameters)
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if not kind.__subclasses__()
    }


def test_no_error_lacks_its_twin():
    assert in_solidity().keys() - in_python().keys() == FOR_SOLIDITY_ALONE
    assert in_python().keys() - in_solidity().keys() == FOR_PYTHON_ALONE


@pytest.mark.parametrize("name", sorted(in_solidity().keys() & in_python().keys()))
def test_twins_have_the_same_arguments_in_the_same_order(name):
    assert in_solidity()[name] == in_python()[name]


@pytest.mark.parametrize("name", sorted(in_python()))
def test_an_error_keeps_its_facts_as_attributes(name):
    arguments = in_python()[name]

    raised = getattr(errors, name)(*range(len(arguments)))

    assert vars(raised) == {argument: index for index, argument in enumerate(arguments)}
    assert str(raised)
