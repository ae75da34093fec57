"""SimBench's feeder, read once for all tests."""

import numpy as np
import pytest

from grid.feeder.feeder import read_feeder


@pytest.fixture(scope="session")
def feeder():
    return read_feeder()


@pytest.fixture(scope="session")
def powers():
    """Active and reactive power of 40 cases at 13 points, drawn and given."""
    rng = np.random.default_rng(1)
    p_kw = rng.uniform(-8, 12, (40, 13)) * rng.uniform(0, 2, (40, 1))
    return p_kw, rng.uniform(-0.3, 0.4, (40, 13)) * np.abs(p_kw)
