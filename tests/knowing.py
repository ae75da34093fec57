"""What a party knows in a test, of one session; and whole plays, with a match a case."""

import numpy as np

from agents.draws import Draws, chances
from agents.play import Costs, Play
from agents.player import Player
from agents.strategies.base import Experience, Knowledge, Setting, setting
from market.floor import Salts
from market.local_floor import LocalFloor
from market.mechanisms import MECHANISMS
from market.terms import Terms
from market.venue_floor import VenueFloor


def a_setting(mechanism="hco", seat=0, parties=2, options=3, **more):
    """Return what all know; set-points are 5 MW apart, the middle one nought."""
    points = {"set_points": 5.0 * (np.arange(options) - options // 2)}
    rule = MECHANISMS[mechanism]("difference")
    return Setting(rule=rule, seat=seat, parties=parties, **points | more)


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


def agreed(options=4, **more):
    """Return terms, sealed where they must be, with set-points 5 MW apart about nought."""
    middles = 5000 * (np.arange(options) - options // 2)
    lottery = MECHANISMS[more.get("mechanism", "hco")]("none").lottery
    ranges = tuple((middle, middle) for middle in middles.tolist())
    return Terms(**{"parties": 2, "options": ranges, "revealing": 300 * lottery} | more)


def some_costs(matches=1, windows=4, parties=2, options=4, seed=0):
    """Return random costs in whole pence, shape (match, party, window, option)."""
    shape = matches, parties, windows, options
    return np.random.default_rng(seed).integers(0, 2000, shape) / 100


def a_play(strategies, terms, costs_gbp, *, venue=None, seeds=None, working_ticks=10**5):
    """Return a play of as many matches as there are cases of costs, each with a seed.

    On a venue, if one is given, or else in memory.
    """
    matches = len(costs_gbp)
    drawn = [chances(seed, terms.parties) for seed in seeds or range(matches)]
    salts = Salts([secrets for _, secrets in drawn])
    players = [
        Player(
            strategy,
            setting(terms, seat, matches=matches),
            Draws([streams[seat] for streams, _ in drawn]),
        )
        for seat, strategy in enumerate(strategies)
    ]
    floor = LocalFloor(terms, salts) if venue is None else VenueFloor(venue, salts)
    return Play(floor, Costs(costs_gbp, case=np.arange(matches)), players, working_ticks)


def sessions(play):
    """Hold every session of a play, and return them."""
    held = []
    while play.window < play.windows:
        held.append(play.hold())
    return held
