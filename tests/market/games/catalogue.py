"""Games with known answers, from the literature; payoffs of several players as functions."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from market.types import Floats

Profile = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, eq=False)
class NamedGame:
    """A game, and what is known of it."""

    name: str
    payoffs: Floats

    count: int
    """Of two players: extreme equilibria; of more: all equilibria if `whole`, else a few."""

    some: tuple[Profile, ...] = ()
    """Equilibria that must be among those found."""

    components: int | None = None
    """How many connected sets of equilibria there are, of two players."""

    whole: bool = True


def bimatrix(first: object, second: object) -> Floats:
    return np.array([first, second], dtype=float)


def zero_sum(first: object) -> Floats:
    return bimatrix(first, -np.array(first, dtype=float))


def symmetric(own: object) -> Floats:
    return bimatrix(own, np.array(own).T)


def played(counts: tuple[int, ...], pay: Callable[[tuple[int, ...]], object]) -> Floats:
    """Return the game where `pay` says what everybody earns in a profile."""
    payoffs = np.zeros((len(counts), *counts))
    for actions in product(*map(range, counts)):
        payoffs[(slice(None), *actions)] = pay(actions)
    return payoffs


def first_fastest(counts: tuple[int, ...], flat: list[float]) -> Floats:
    return np.array(flat, dtype=float).reshape((len(counts), *counts), order="F")


def pure(*actions: int, of: tuple[int, ...] = (2, 2)) -> Profile:
    return tuple(
        tuple(float(a == other) for other in range(n)) for a, n in zip(actions, of, strict=True)
    )


HALF, THIRD = (1 / 2, 1 / 2), (1 / 3,) * 3
CYCLE = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
LONG_PATHS = bimatrix(
    [
        [-180, 72, -333, 297, -153, 270],
        [-30, 17, -33, 42, -3, 20],
        [-81, 36, -126, 126, -36, 90],
        [90, -36, 126, -126, 36, -81],
        [20, -3, 42, -33, 17, -30],
        [270, -153, 297, -333, 72, -180],
    ],
    [
        [72, 36, 17, -3, -36, -153],
        [-180, -81, -30, 20, 90, 270],
        [297, 126, 42, -33, -126, -333],
        [-333, -126, -33, 42, 126, 297],
        [270, 90, 20, -30, -81, -180],
        [-153, -36, -3, 17, 36, 72],
    ],
)
BEATS = [
    [0, -1, 1, 1, -1],
    [1, 0, -1, -1, 1],
    [-1, 1, 0, 1, -1],
    [-1, 1, -1, 0, 1],
    [1, -1, 1, -1, 0],
]
THREE, FOUR = (2, 2, 2), (2, 2, 2, 2)


def public_good(actions: tuple[int, ...], worth: float = 0.5) -> list[float]:
    """Pay 1 for each who gives (action 1), worth that share to everybody."""
    return [worth * sum(actions) - given for given in actions]


def volunteers(actions: tuple[int, ...]) -> list[float]:
    """Somebody must do it (action 1) at a cost of 1; all have 2 if anybody does."""
    return [2.0 * any(actions) - given for given in actions]


def rarest(actions: tuple[int, ...]) -> list[float]:
    """Safe 1 by action 0; 2 by action 1 for one who takes it alone."""
    return [float(1 if a == 0 else 2 * (sum(actions) == 1)) for a in actions]


def least_effort(actions: tuple[int, ...]) -> list[float]:
    return [2.0 * min(actions) - own for own in actions]


def majority(actions: tuple[int, ...]) -> list[float]:
    return [float(2 * sum(actions) > len(actions))] * len(actions)


def odd_one(actions: tuple[int, ...]) -> list[float]:
    """Each likes to match the next, but the last to differ from the first (Jordan 1993)."""
    n = len(actions)
    alike = [actions[i] == actions[(i + 1) % n] for i in range(n)]
    return [float(same != (i == n - 1)) for i, same in enumerate(alike)]


def traveller(claims: tuple[int, ...]) -> list[float]:
    """Both have the lower claim; whoever made it has 2 more, the other 2 less."""
    least = min(claims) + 2.0
    if claims[0] == claims[1]:
        return [least, least]
    return [least + (2 if own == min(claims) else -2) for own in claims]


SMALL = (
    NamedGame("prisoner's dilemma", symmetric([[3, 0], [5, 1]]), 1, (pure(1, 1),)),
    NamedGame("matching pennies", zero_sum([[1, -1], [-1, 1]]), 1, ((HALF, HALF),)),
    NamedGame(
        "battle of the sexes",
        bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]]),
        3,
        (pure(0, 0), pure(1, 1), ((0.6, 0.4), (0.4, 0.6))),
    ),
    NamedGame(
        "chicken",
        symmetric([[6, 2], [7, 0]]),
        3,
        (pure(0, 1), ((2 / 3, 1 / 3), (2 / 3, 1 / 3))),
    ),
    NamedGame("hawk and dove", symmetric([[-1, 2], [0, 1]]), 3, ((HALF, HALF),)),
    NamedGame("stag hunt", symmetric([[4, 0], [3, 2]]), 3, (((2 / 3, 1 / 3), (2 / 3, 1 / 3)),)),
    NamedGame("deadlock", symmetric([[1, 0], [3, 2]]), 1, (pure(1, 1),)),
    NamedGame("rock, paper, scissors", zero_sum(CYCLE), 1, ((THIRD, THIRD),)),
    NamedGame("five gestures", zero_sum(BEATS), 1, (((0.2,) * 5, (0.2,) * 5),)),
    NamedGame(
        "Shapley 1964",
        bimatrix(np.eye(3), [[0, 1, 0], [0, 0, 1], [1, 0, 0]]),
        1,
        ((THIRD, THIRD),),
    ),
    NamedGame("meet at one of three places", symmetric(np.eye(3)), 7, ((THIRD, THIRD),)),
    NamedGame("meet at one of four places", symmetric(np.eye(4)), 15),
    NamedGame("nothing matters", np.zeros((2, 2, 2)), 4, components=1),
    NamedGame(
        "nothing matters to the second",
        bimatrix([[1, 0], [0, 1]], np.zeros((2, 2))),
        4,
        components=1,
    ),
    NamedGame(
        "Selten 1975, figure 2",
        first_fastest((3, 2), [1, 1, 0, 2, 0, 2, 1, 1, 0, 3, 2, 0]),
        2,
        (pure(0, 0, of=(3, 2)), ((1.0, 0.0, 0.0), HALF)),
        components=1,
    ),
    NamedGame(
        "von Stengel 2007, (3.3)",
        bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]),
        3,
        (((0.8, 0.2, 0.0), (2 / 3, 1 / 3)), ((0.0, 1 / 3, 2 / 3), (1 / 3, 2 / 3))),
    ),
    NamedGame(
        "von Stengel 2007, degenerate",
        bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]),
        3,
        (pure(0, 0, of=(3, 2)),),
        components=2,
    ),
    NamedGame(
        "entry deterred",
        bimatrix([[0, 2], [1, 1]], [[0, 2], [4, 4]]),
        3,
        (pure(0, 1),),
        components=2,
    ),
    NamedGame(
        "two-finger Morra",
        zero_sum([[0, 2, -3, 0], [-2, 0, 0, 3], [3, 0, 0, -4], [0, -3, 4, 0]]),
        4,
        (((0.0, 4 / 7, 3 / 7, 0.0), (0.0, 0.6, 0.4, 0.0)),),
        components=1,
    ),
    NamedGame("traveller's dilemma", played((4, 4), traveller), 1, (pure(0, 0, of=(4, 4)),)),
    NamedGame(
        "inspection",
        bimatrix([[0, -10], [-1, -1]], [[0, 10], [0, -10]]),
        1,
        ((HALF, (0.9, 0.1)),),
    ),
    NamedGame("penalty kick", zero_sum([[58, 95], [93, 70]]), 1),
    NamedGame("long paths (Savani, von Stengel)", LONG_PATHS, 1),
    NamedGame("a decision", np.array([[1.0, 3.0, 2.0]]), 1, (((0.0, 1.0, 0.0),),)),
    NamedGame("an indifferent decision", np.array([[1.0, 3.0, 3.0]]), 2, components=1),
    NamedGame("one of two decides", bimatrix([[1, 2, 0]], [[3, 5, 5]]), 2, components=1),
    NamedGame("a bystander", played((2, 1, 2), lambda a: [a[0] == a[2], 7, a[0] == a[2]]), 3),
)

LARGE = (
    NamedGame(
        "public good of three", played(THREE, public_good), 1, (pure(0, 0, 0, of=THREE),)
    ),
    NamedGame(
        "public good of four", played(FOUR, public_good), 1, (pure(0, 0, 0, 0, of=FOUR),)
    ),
    NamedGame("Jordan's pennies", played(THREE, odd_one), 1, ((HALF,) * 3,)),
    NamedGame(
        "volunteers of three",
        played(THREE, volunteers),
        7,
        (pure(1, 0, 0, of=THREE), ((2**-0.5, 1 - 2**-0.5),) * 3),
    ),
    NamedGame(
        "volunteers of four",
        played(FOUR, volunteers),
        15,
        (((2 ** (-1 / 3), 1 - 2 ** (-1 / 3)),) * 4,),
    ),
    NamedGame("take the rare one", played(THREE, rarest), 7, (((2**-0.5, 1 - 2**-0.5),) * 3,)),
    NamedGame(
        "least effort of three",
        played(THREE, least_effort),
        3,
        (((1 - 2**-0.5, 2**-0.5),) * 3,),
    ),
    NamedGame("least effort of four", played(FOUR, least_effort), 3),
    NamedGame(
        "majority of three", played(THREE, majority), 5, (pure(1, 1, 1, of=THREE),), whole=False
    ),
    NamedGame(
        "McKelvey, McLennan: two totally mixed",
        first_fastest(
            THREE, [9, 8, 12, *[0] * 6, 9, 8, 2, *[0] * 3, 3, 4, 6, 3, 4, 6, *[0] * 3]
        ),
        9,
        (((0.4, 0.6), HALF, (1 / 3, 2 / 3)), (HALF, (0.4, 0.6), (0.25, 0.75))),
    ),
)

GAMES = SMALL + LARGE
