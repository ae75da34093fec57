"""How equilibria are looked for: methods, time limits, sizes, notes."""

from multiprocessing import Pipe

import numpy as np
import pytest

from market.games import mixed
from market.games.extreme import extreme_equilibria
from market.games.gambit import GambitMissing, gambit, solve_and_send
from market.games.lemke_howson import lemke_howson
from market.games.mclennan_tourky import mclennan_tourky
from market.games.mixed import METHODS, nash_equilibria
from market.games.scaling import rescaled, whole_payoffs
from market.games.solution import Solution
from market.games.supports import MOST, support_equilibria
from market.games.time_limit import Deadline, TimeUp, deadline
from market.games.vertices import vertices
from tests.market.games.catalogue import bimatrix, played, volunteers, zero_sum
from tests.market.games.oracle import among, gains_by_hand

PENNIES = zero_sum([[1, -1], [-1, 1]])
BATTLE = bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]])
PAST = Deadline(0.0)


def random_game(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=(len(shape), *shape))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("payoffs", [PENNIES, BATTLE], ids=["pennies", "battle"])
def test_every_method_reports_equilibria_or_the_nearest_profile(method, payoffs):
    found = nash_equilibria(payoffs, method, time_limit=60)

    assert found.method == ("enumerate" if method == "auto" else method)
    assert found.parameters == {"time_limit_s": 60}
    assert not found.time_up
    for one in found.equilibria:
        assert max(gains_by_hand(payoffs, one.profile)) < 1e-9
        assert among(one.profile, [e.profile for e in nash_equilibria(payoffs).equilibria])
    if found.equilibria:
        assert found.nearest in found.equilibria
    else:
        assert (method, found.nearest.epsilon) == ("pure", 2.0)


def test_an_empty_list_comes_with_the_nearest_profile_in_words():
    found = nash_equilibria(PENNIES, "pure")

    assert found.equilibria == ()
    assert found.notes == (
        "mixed equilibria were not sought",
        "no equilibrium was found; nearest to one is [[1.0, 0.0], [1.0, 0.0]], "
        "which nobody gains more than 2 by leaving",
    )


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1e3, 1e200])
@pytest.mark.parametrize("method", ["auto", "lemke-howson", "mclennan-tourky"])
def test_neither_large_nor_small_money_changes_an_answer(method, scale):
    shifted = BATTLE * scale + np.array([7.0, -5.0])[:, None, None] * scale

    ours = nash_equilibria(shifted, method).equilibria

    plain = nash_equilibria(BATTLE, method).equilibria
    assert len(ours) == len(plain)
    assert all(among(one.profile, [e.profile for e in plain], 1e-9) for one in ours)


def test_sums_in_another_order_do_not_break_ties():
    noise = np.array([[[0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]], [[0.3, 0.3], [0.6 - 0.3, 0.3]]])

    assert len(nash_equilibria(noise).equilibria) == 4


def test_a_dominated_action_is_left_out_and_named():
    game = bimatrix([[3, 0, 5], [0, 2, 5]], [[2, 0, -1], [0, 3, -1]])

    found = nash_equilibria(game)

    assert len(found.equilibria) == 3
    assert all(one.profile[1][2] == 0 for one in found.equilibria)
    assert "strictly dominated actions left out: 1" in found.notes


@pytest.mark.parametrize("method", [m for m in METHODS if m != "gambit"])
def test_what_dominance_solves_is_complete_whatever_the_method(method):
    dilemma = bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])

    found = nash_equilibria(dilemma, method)

    assert found.complete
    assert [one.profile for one in found.equilibria] == [((0.0, 1.0), (0.0, 1.0))]
    assert found.notes == ("strictly dominated actions left out: 2",)


def test_sets_of_equilibria_are_named():
    found = nash_equilibria(np.zeros((2, 2, 2)))

    assert found.notes == (
        "equilibria 1, 2, 3, 4 are the corners of one connected set of equilibria",
    )


def test_maximal_nash_subsets_overlap_within_a_component():
    game = bimatrix([[1, 0], [0, 1]], np.zeros((2, 2)))
    found = extreme_equilibria(game)

    told = nash_equilibria(game)
    assert told.subsets == found.subsets
    assert told.notes[0].endswith("one connected set of equilibria, in 3 convex parts")

    assert found.components == ((0, 1, 2, 3),)
    assert found.subsets == ((0, 1), (1, 2), (2, 3))


@pytest.mark.parametrize("method", ["auto", "enumerate"])
def test_with_no_time_left_pure_equilibria_remain(method, monkeypatch):
    monkeypatch.setattr(mixed, "deadline", lambda _: PAST)

    found = nash_equilibria(BATTLE, method, time_limit=1)

    assert found.time_up
    assert not found.complete
    assert [one.pure for one in found.equilibria] == [True, True]
    assert "the time limit was hit" in found.notes


def test_with_no_time_left_several_players_have_something_too(monkeypatch):
    monkeypatch.setattr(mixed, "deadline", lambda _: PAST)
    alone = played((2, 2, 2), lambda a: [a[0] == a[1], a[1] == a[2], a[2] != a[0]])

    found = nash_equilibria(alone, time_limit=1)

    assert found.time_up
    assert found.equilibria == ()
    assert found.nearest.epsilon == 1.0
    assert "only the 0 smallest supports were looked at" in found.notes


def test_a_large_game_of_two_is_answered_in_part():
    payoffs = random_game(40, 40)

    found = nash_equilibria(payoffs, time_limit=60)

    assert (found.method, found.complete, found.time_up) == ("lemke-howson", False, False)
    assert found.equilibria
    assert all(max(one.gains) < 1e-9 for one in found.equilibria)
    assert "more than 63 actions: mixed equilibria were not sought" in found.notes


def test_a_time_limit_is_kept_in_a_game_that_takes_for_ever():
    found = nash_equilibria(random_game(28, 28), time_limit=1.0)

    assert found.method == "lemke-howson"
    assert found.time_up
    assert not found.complete


def test_supports_are_looked_at_up_to_a_number(monkeypatch):
    monkeypatch.setattr("market.games.supports.MOST", 1)

    found = support_equilibria(rescaled(played((2, 2, 2), volunteers)))

    assert MOST > 1
    assert not found.time_up
    assert "only the 1 smallest supports were looked at" in found.notes


def test_a_continuum_of_several_players_has_one_point_shown():
    nobody_cares = played((2, 2, 2), lambda a: [a[1] == a[2], a[0] != a[2], a[0] == a[1]])

    found = nash_equilibria(nobody_cares)

    assert found.equilibria
    assert any("weak" in note for note in found.notes)


def test_mclennan_and_tourky_stop_in_time_and_say_so():
    found = mclennan_tourky(rescaled(random_game(5, 5, 5)), PAST)

    assert found.time_up
    assert len(found.profiles) == 1


def test_mclennan_and_tourky_find_pure_equilibria_exactly():
    found = mclennan_tourky(rescaled(played((2, 2, 2), lambda a: [-x for x in a])))

    assert found.profiles == (((1.0, 0.0),) * 3,)


def test_mclennan_and_tourky_are_polished():
    payoffs = random_game(3, 3, 3, seed=5)

    found = nash_equilibria(payoffs, "mclennan-tourky")

    assert found.nearest.epsilon < 1e-12
    assert len(found.equilibria) == 1


def test_lemke_and_howsons_paths_stop_in_time():
    assert lemke_howson(rescaled(PENNIES), PAST).time_up


def test_a_path_that_does_not_end_is_left_out(monkeypatch):
    monkeypatch.setattr("market.games.lemke_howson.PIVOTS", 1)

    assert lemke_howson(rescaled(PENNIES)).profiles == ()


def test_lemke_howson_is_for_two_who_have_a_choice():
    with pytest.raises(ValueError, match="solves two players, not 3"):
        nash_equilibria(played((2, 2, 2), volunteers), "lemke-howson")


def test_payoffs_whose_differences_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="wanted a smaller unit"):
        nash_equilibria(PENNIES * 1e308)
    with pytest.raises(ValueError, match="is no number"):
        nash_equilibria(PENNIES * np.nan)
    assert len(nash_equilibria(PENNIES * 1e300).equilibria) == 1


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="unknown method 'best', wanted one of auto, pure"):
        nash_equilibria(PENNIES, "best")


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(ValueError, match="wanted more than 0"):
        nash_equilibria(PENNIES, time_limit=limit)


def test_vertices_stop_in_time():
    with pytest.raises(TimeUp):
        vertices(np.ones((2, 2), dtype=object), PAST)


def test_deadlines_leave_less_and_less():
    whole = deadline(100.0)

    assert 49 < whole.part(0.5).left < 50
    assert deadline(None).part(0.5).left == float("inf")


def test_gambit_solves_several_players_and_knows_its_limits():
    found = gambit(played((2, 2, 2), volunteers))

    assert len(found.profiles) == 7
    assert not found.complete
    assert found.notes == (
        "Gambit finds isolated equilibria of three or more players, no others",
    )


def test_gambit_is_stopped():
    found = nash_equilibria(random_game(9, 9, 9), "gambit", time_limit=0.2)

    assert found.time_up
    assert any("Gambit was stopped" in note for note in found.notes)


def test_gambit_that_is_not_installed_is_asked_for(monkeypatch):
    monkeypatch.setattr("market.games.gambit.find_spec", lambda _: None)

    with pytest.raises(GambitMissing, match="pip install"):
        nash_equilibria(PENNIES, "gambit")


def test_a_solver_that_errs_is_not_believed(monkeypatch):
    wrong = Solution("pure", (((1.0, 0.0), (1.0, 0.0)),))
    monkeypatch.setattr(mixed, "METHODS", {"pure": lambda *_: wrong})

    found = nash_equilibria(PENNIES, "pure")

    assert found.equilibria == ()
    assert found.nearest.epsilon == 2.0


def test_a_pure_equilibrium_is_shown_where_a_solver_found_none(monkeypatch):
    monkeypatch.setattr(mixed, "METHODS", {"pure": lambda *_: Solution("pure", ())})

    assert nash_equilibria(BATTLE, "pure").equilibria[0].profile == ((1.0, 0.0), (1.0, 0.0))


def test_what_gambits_process_sends_is_what_it_finds():
    here, there = Pipe(duplex=False)

    solve_and_send([whole_payoffs(own) for own in BATTLE], there)

    pure, every = here.recv(), here.recv()
    assert pure == [((1.0, 0.0), (1.0, 0.0)), ((0.0, 1.0), (0.0, 1.0))]
    assert len(every) == 3


def test_what_rounding_leaves_below_zero_is_no_probability():
    """In this game a path ends with a probability of -6e-16."""
    rng = np.random.default_rng(11)
    size = rng.integers(4, 9)
    game = rescaled(rng.integers(0, 4, (2, size, size)).astype(float))

    found = lemke_howson(game).profiles

    assert found
    assert min(share for profile in found for own in profile for share in own) == 0.0


def test_no_path_is_followed_once_there_are_enough_equilibria():
    assert lemke_howson(rescaled(BATTLE), PAST).time_up
    assert not lemke_howson(rescaled(BATTLE), PAST, enough=2).time_up
