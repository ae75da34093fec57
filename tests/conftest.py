"""Venues by name, on chains that last a session."""

import os

import pytest
from hypothesis import settings

from chain.errors import EngineMissing
from chain.venue import EVMS, ContractVenue
from market.local import LocalVenue

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

NO_SKIPS = "GRIDPACT_NO_SKIPS"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Make a skipped real component a failure where the environment asks for it."""
    report = yield
    if report.skipped and os.environ.get(NO_SKIPS) and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and {NO_SKIPS} is set: {report.longrepr}"
    return report


VENUE_NAMES = ("local", *EVMS)


@pytest.fixture(scope="session")
def chains():
    """Return a function from the name of a venue to its chain, started once."""
    started = {}

    def chain(name):
        if name not in started:
            try:
                started[name] = EVMS[name]()
            except EngineMissing as missing:
                pytest.skip(str(missing))
        return started[name]

    return chain


@pytest.fixture(scope="session")
def open_venue(chains):
    """Return a function that opens a venue by its name: a fresh contract, not a fresh chain."""

    def opened(name, terms):
        if name == "local":
            return LocalVenue(terms)
        return ContractVenue(terms, chains(name))

    return opened


@pytest.fixture(params=VENUE_NAMES)
def open_here(request, open_venue):
    """Return a function from terms to a venue, for each kind of venue."""
    return lambda terms: open_venue(request.param, terms)
