"""Where a network's buses are drawn, and what flows on a day: what the map shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import shortest_path

from grid.batch import drawn_mva
from grid.case import Case
from grid.feeder.feeder import Feeder
from grid.load_flow import Asked, solve
from grid.model import Model, build_model
from grid.scores import branch_loading
from market.types import Floats, Mask, Options

ROUNDS = 300
"""How often buses are moved towards where they should be."""

FAR = 3.0
"""How far the link's other end is, in lines."""

PULL = 0.3
"""How much it matters that it is as far from every bus as it should be."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A network on paper: every bus but the supply point, from 0 to 1 both ways."""

    name: str
    buses: tuple[str, ...]
    xy: Floats
    """Shape (bus, 2)."""

    terminal: int
    """The bus where the link ends."""

    share: float
    """What comes in there for each MW of set-point; it goes out if negative."""

    lines: tuple[tuple[int, int], ...]
    """The ends of every branch between buses."""

    supplies: tuple[int, ...]
    """The bus of every branch that comes from the supply point."""

    shown: Options
    """The place of each bus in the load flow, shape (bus,)."""

    order: Options
    """The place of lines, then of supplies, among branches, shape (branch,)."""

    known: Mask
    """Whether something is known of each bus, shape (bus,)."""

    transformers: Mask
    """Whether each of lines, then of supplies, is a transformer, shape (branch,)."""


@dataclass(frozen=True, eq=False)
class DayFlows:
    """What flows in a network on a day; the last option is no link at all."""

    vm_pu: Floats
    """Shape (window, option, bus)."""

    loading: Floats
    """Current over rated current, shape (window, option, branch): lines, then supplies."""

    load_mw: Floats
    """Shape (window, bus)."""

    generation_mw: Floats
    """Shape (window, bus)."""


def draw(case: Case, seat: int) -> tuple[Plan, Model]:
    """Return how a network of a case is drawn, and its model."""
    network = case.networks[seat]
    model = build_model(network, case.controls)
    shown = model.scored
    plan = lay_out(
        network.name,
        buses=[model.bus_names[bus] for bus in shown],
        shown=shown,
        ends=model.ends,
        slack=model.slack,
        terminal=model.terminal,
        share=network.link_share,
        faces_right=seat == 0,
    )
    return plan, model


def draw_feeder(feeder: Feeder) -> Plan:
    """Return how a feeder is drawn, its head on the left; known are connection points."""
    names = dict(zip(feeder.points.tolist(), feeder.point_names, strict=True))
    shown = np.flatnonzero(np.arange(len(feeder.bus_kv)) != feeder.slack)
    transformers = np.arange(len(feeder.ends)) >= feeder.lines
    at_head = feeder.ends[(feeder.ends == feeder.slack).any(-1)][0]
    return lay_out(
        feeder.name,
        buses=[names.get(bus, "") or f"bus {bus}" for bus in shown.tolist()],
        shown=shown,
        ends=feeder.ends,
        slack=feeder.slack,
        terminal=int(at_head[at_head != feeder.slack][0]),
        radial=True,
        known=np.isin(shown, feeder.points),
        transformers=transformers,
    )


def lay_out(
    name: str,
    *,
    buses: Sequence[str],
    shown: Options,
    ends: Options,
    slack: int,
    terminal: int,
    share: float = 1.0,
    faces_right: bool = False,
    radial: bool = False,
    known: Mask | None = None,
    transformers: Mask | None = None,
) -> Plan:
    """Return a plan of buses and branches.

    Parameters
    ----------
    name : str
        Of the network.
    buses : sequence of str
        Names of the buses that are shown.
    shown : ndarray of int64, shape (bus,)
        Their places in the load flow.
    ends : ndarray of int64, shape (branch, 2)
        The buses that branches connect; those at ``slack`` come from the supply point.
    slack, terminal : int
        The bus of the supply point, and that from which all else extends.
    share : float
        As of `Plan`.
    faces_right : bool
        Whether the terminal is on the right.
    radial : bool
        Whether to draw a tree, if it is one, with the terminal on the left.
    known, transformers : ndarray of bool, optional
        Of which buses something is known, shape (bus,), and which branches are transformers,
        shape (branch,); all buses, and what comes from the supply point, unless given.
    """
    place = {int(bus): i for i, bus in enumerate(shown)}
    pairs = ends.tolist()
    outside = [slack in pair for pair in pairs]
    lines = [i for i, out in enumerate(outside) if not out]
    supplies = [i for i, out in enumerate(outside) if out]
    fed = [place[next(bus for bus in pairs[i] if bus != slack)] for i in supplies]
    joined = [(place[pairs[i][0]], place[pairs[i][1]]) for i in lines]
    order = np.array(lines + supplies, np.int64)
    xy = tree(len(shown), joined, place[terminal]) if radial else None
    if xy is None:
        xy = positions(len(shown), joined, place[terminal], faces_right=faces_right)
    return Plan(
        name=name,
        buses=tuple(buses),
        xy=xy,
        terminal=place[terminal],
        share=share,
        lines=tuple(joined),
        supplies=tuple(fed),
        shown=shown,
        order=order,
        known=np.ones(len(shown), bool) if known is None else known,
        transformers=np.array(outside if transformers is None else transformers)[order],
    )


def tree(buses: int, lines: list[tuple[int, int]], root: int) -> Floats | None:
    """Return where buses of a tree stand, from 0 to 1: by depth across, a row to each leaf.

    None if lines make a ring, or do not join all buses.

    Examples
    --------
    >>> tree(4, [(0, 1), (1, 2), (0, 3)], root=0).tolist()
    [[0.0, 0.0], [0.5, 0.0], [1.0, 0.0], [0.5, 1.0]]
    """
    joined: list[list[int]] = [[] for _ in range(buses)]
    for one, other in lines:
        joined[one].append(other)
        joined[other].append(one)
    depth, row, rows = {root: 0}, dict[int, int](), 0
    waiting = [root]
    while waiting:
        bus = waiting.pop()
        further = [other for other in joined[bus] if other not in depth]
        depth.update(dict.fromkeys(further, depth[bus] + 1))
        row[bus] = rows
        rows += not further
        waiting += reversed(further)
    if len(lines) != buses - 1 or len(depth) < buses:
        return None
    xy = np.array([[depth[bus], row[bus]] for bus in range(buses)], float)
    return xy / np.maximum(xy.max(0), 1)


def positions(
    buses: int, lines: list[tuple[int, int]], terminal: int, faces_right: bool
) -> Floats:
    """Return where buses stand, from 0 to 1, so that lines are about equally long.

    Distances on paper are brought near those along the lines, by stress majorisation [1]_;
    with the link's far end one of the buses; then the network is turned so that it is on the
    side of the link.

    References
    ----------
    .. [1] E. R. Gansner, Y. Koren, S. North, "Graph drawing by stress majorization",
       Graph Drawing 2004.

    Examples
    --------
    >>> xy = positions(3, [(0, 1), (1, 2)], terminal=2, faces_right=True)
    >>> bool(xy[0, 0] < xy[1, 0] < xy[2, 0])
    True
    """
    joined = np.zeros((buses + 1, buses + 1))
    for one, other in lines:
        joined[one, other] = joined[other, one] = 1.0
    joined[terminal, buses] = joined[buses, terminal] = FAR
    wanted = shortest_path(joined, directed=False)
    wanted[np.isinf(wanted)] = buses / 2
    angle = np.arange(buses + 1) * 2 * np.pi / (buses + 1)
    xy = buses / 4 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    np.fill_diagonal(wanted, 1.0)
    weight = wanted**-2.0
    weight[-1] = weight[:, -1] = PULL
    np.fill_diagonal(weight, 0.0)
    inverse = np.linalg.pinv(np.diag(weight.sum(0)) - weight)
    for _ in range(ROUNDS):
        apart = np.linalg.norm(xy[:, np.newaxis] - xy, axis=-1)
        np.fill_diagonal(apart, 1.0)
        pull = -weight * wanted / np.maximum(apart, 1e-9)
        np.fill_diagonal(pull, 0.0)
        np.fill_diagonal(pull, -pull.sum(1))
        xy = inverse @ (pull @ xy)
    return _turned(xy[:-1], xy[-1], faces_right)


def _turned(xy: Floats, far: Floats, faces_right: bool) -> Floats:
    """Turn the link to one side, and stretch to the unit square."""
    x, y = far - xy.mean(0)
    turn = -np.arctan2(y, x) + (0.0 if faces_right else np.pi)
    cos, sin = np.cos(turn), np.sin(turn)
    xy = (xy - xy.mean(0)) @ np.array([[cos, sin], [-sin, cos]])
    low, high = xy.min(0), xy.max(0)
    wide = high - low
    return np.where(wide > 1e-6, (xy - low) / np.where(wide > 1e-6, wide, 1.0), 0.5)


def day_flows(case: Case, model: Model, plan: Plan, place: tuple[int, int, int]) -> DayFlows:
    """Return what flows at every option of every window of a day, and without the link.

    Parameters
    ----------
    case, model, plan
        The case; a network's model and drawing.
    place : tuple of int
        The network, the scenario and the day.
    """
    seat, scenario, day = place
    points = np.append(case.middles_mw, np.nan)
    window = np.repeat(np.arange(case.windows), len(points))
    at, on = np.full_like(window, scenario), np.full_like(window, day)
    drawn = drawn_mva(case, model, seat, at, on, window)
    set_point = np.tile(points, case.windows)
    linked = ~np.isnan(set_point)
    share = case.networks[seat].link_share
    link_mw = np.where(linked, set_point, 0.0) * share
    flows = solve(model, Asked(drawn, link_mw, linked), case.controls)
    loading = branch_loading(
        flows.voltage, flows.flow, model.ends, model.bus_kv, model.rating_ka
    )
    shape = case.windows, len(points), -1
    load, generation = list(case.scenarios.values())[scenario]
    profiles = case.networks[seat]
    return DayFlows(
        vm_pu=np.abs(flows.voltage[:, plan.shown]).reshape(shape),
        loading=loading[:, plan.order].reshape(shape),
        load_mw=(load * profiles.demand[day] @ model.load.real)[:, plan.shown],
        generation_mw=(generation * profiles.generation[day] @ model.sgen.real)[:, plan.shown],
    )
