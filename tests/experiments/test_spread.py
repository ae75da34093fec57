"""Work that is spread over processes, and the errors that come back from it."""

import pytest

from chain.errors import EngineMissing
from experiments.errors import CheckFailed, ExperimentError, InputRefused
from experiments.tournament.workers import spread


class Odd(Exception):
    """An error that a worker cannot send as it is."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def double(number):
    return 2 * number


def fail(error):
    kind, *words = error
    raise kind(*words)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_comes_of_items_comes_in_order(workers):
    assert list(spread(double, [3, 1, 2], workers)) == [6, 2, 4]


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ((EngineMissing, "revm", "pyrevm"), ExperimentError, "needs the package pyrevm"),
        ((InputRefused, "bids.json", "is empty"), ExperimentError, "bids.json: is empty"),
        ((CheckFailed, "differs"), CheckFailed, "differs"),
        ((ValueError, "odd"), ValueError, "odd"),
        ((Odd, "this", "that"), RuntimeError, "Odd: this and that"),
    ],
)
def test_an_error_of_a_worker_keeps_its_words(error, kind, words):
    with pytest.raises(kind, match=words):
        list(spread(fail, [error, error], 2))
