"""Debian's Chromium, for the tests of the page."""

import pytest

from tests.experiments.visualiser.browsing import ARGUMENTS, CHROMIUM


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        pytest.fail("no chromium: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    size = {"width": 1400, "height": 1000}
    return {
        **browser_context_args,
        "viewport": size,
        "reduced_motion": "reduce",
        "locale": "en-GB",
    }
