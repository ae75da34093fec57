"""What a party knows in a test: a match or more, one session of one window or more."""

import numpy as np

from agents.draws import Draws
from agents.strategies.base import Experience, Knowledge, Setting
from market.mechanisms import MECHANISMS


def a_setting(mechanism="hco", seat=0, parties=2, options=3, **more):
    """Return what all know; set-points are 5 MW apart, the middle one nought."""
    points = 5.0 * (np.arange(options) - options // 2)
    rule = MECHANISMS[mechanism]("difference")
    return Setting(rule=rule, seat=seat, parties=parties, set_points=points, **more)


def known(values_gbp, strategy=None, *, first=0, authority=0, free=10**6, **setting):
    """Return what a party knows of a session; values may lack the axes of match and window.

    Its memory is that with which `strategy` starts.
    """
    values = np.asarray(values_gbp, float)
    values = values.reshape((1,) * (3 - values.ndim) + values.shape)
    matches, windows, options = values.shape
    of = a_setting(options=options, matches=matches, **setting)
    holder = np.full((matches, windows), -1)
    holder[:, 0] = authority
    return Knowledge(
        setting=of,
        windows=first + np.arange(windows),
        values_gbp=values,
        authority=holder,
        free=np.full(matches, free),
        memory=None if strategy is None else strategy.start(of),
    )


def happened(knowledge, bids, option, *, payments=None, present=None, earned_gbp=0.0, **more):
    """Return what became of a session; arrays may lack the axes of match and window."""
    parties = knowledge.setting.parties
    matches, windows, options = knowledge.values_gbp.shape
    shape = matches, parties, windows
    numbers = np.asarray(bids, np.int64)
    if numbers.ndim == 2:  # (party, option), the same in all matches and windows
        numbers = np.broadcast_to(numbers[:, np.newaxis], (matches, parties, windows, options))
    nothing = np.zeros(shape, np.int64)
    return Experience(
        **{
            "knowledge": knowledge,
            "bids": numbers,
            "present": np.ones(shape, bool) if present is None else present,
            "blocked": np.zeros(shape, bool),
            "option": np.broadcast_to(option, (matches, windows)),
            "authority": np.zeros((matches, windows), np.int64),
            "payments": nothing if payments is None else payments,
            "penalties": nothing[..., 0],
            "earned_gbp": np.broadcast_to(earned_gbp, (matches, windows)).astype(float),
        }
        | more
    )


def some_draws(seed=0, matches=1):
    """Return draws for so many matches."""
    return Draws(np.random.SeedSequence(seed).spawn(matches))
