"""The paper's case, appraised once for all tests."""

import numpy as np
import pytest

from grid.anglesey import anglesey
from grid.appraisal import appraise


@pytest.fixture(scope="session")
def case():
    return anglesey()


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def appraisal(case, cache):
    return appraise(case, cache)


@pytest.fixture
def rng():
    return np.random.default_rng(0)
