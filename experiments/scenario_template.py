"""A commented scenario for a user's own networks, to be edited."""

import ast
import json
from collections.abc import Iterator, Mapping
from inspect import getsource
from itertools import pairwise
from pathlib import Path
from textwrap import dedent, wrap
from typing import Any, Final

from experiments.errors import OutputRefused
from experiments.scenario import CommunityPart

TEMPLATE: Final = """\
# A scenario of your own: gridpact simulate THIS_FILE, gridpact tournament THIS_FILE.
# Paths are relative to this file. A key that is left out has the value shown here, if not
# said otherwise; an unknown key is refused.
schema = 1
name = "my-networks"      # what results are called
seed = 0                  # same seed, same results

[grid]
case = "own"              # "own" for the files below, "anglesey" for the paper's case,
                          # "community" for the households of [community] alone
# One pandapower network for each party, as pandapower.to_json writes it, in seat order.
networks = ["network-1.json", "network-2.json"]
# The bus of each, by name, where the link ends.
terminals = ["terminal-1", "terminal-2"]
# What each terminal receives for a MW of set-point: the link takes from party 0, gives to 1.
shares = [-1.0, 1.0]
# CSV with the columns day, window, demand, generation (or load:NAME, sgen:NAME, a type such
# as wind): shares of full size, for 46, 48 or 50 half-hours a day.
profiles = "profiles.csv"
days = 1                  # how many days of the profiles, from the first
options = 13              # set-point options over -30 ... +30 MW: odd, 0 MW among them
# For a tournament: a loading for each network, for every run. All nine unless given.
pairs = [["N", "N"], ["N", "D"], ["D", "N"]]
# In place of networks, terminals and profiles, a table of your own costs, as CSV with the
# columns network, scenario, day, window, option, cost_gbp (its scenarios are the loadings):
# costs = "costs.csv"

[grid.scenarios]          # loadings: name = [factor on demand, factor on generation]
N = [1.0, 1.0]
D = [3.0, 1.0]
G = [1.0, 3.0]

[market]
mechanisms = ["hco", "rps"]   # or "rps-pareto"; a simulation uses the first
payment = "difference"        # or "equal-split", "none"; ranks are never paid for
bond_gbp = 0.0                # what a party forfeits for blocking the transfer
tick_gbp = 0.01               # what a tick is worth
deposit_gbp = 10000.0         # what a party keeps in its account

[chain]
venue = "revm"                # or "local" (no contract), "eth-tester" (blocks, receipts)
gas_price_gwei = 20.0
ether_price_gbp = 2000.0

[play]
strategies = ["truthful", "shaded", "inflated", "indifferent", "random"]  # of a tournament
seats = ["truthful", "truthful"]                                          # of a simulation
pair = ["N", "N"]                                                         # its loadings
replicates = 1            # how often a tournament plays every profile, with other chances
settle = 0                # with more than 5 replicates: stop once the order of so many is sure

[community]               # households on feeders under network 1, or alone: see grid.case
"""

WIDE: Final = 94
"""Columns of a remark."""


def template() -> str:
    """Return the template, with every key of ``[community]`` as its dataclass has it."""
    return TEMPLATE + "".join(f"{line}\n" for line in _documented(CommunityPart()))


def _documented(part: Any) -> Iterator[str]:
    """Yield the fields of a part as keys with their values, under what their source says."""
    (tree,) = ast.parse(dedent(getsource(type(part)))).body
    assert isinstance(tree, ast.ClassDef)
    for field, said in pairwise(tree.body):
        match field, said:
            case (
                ast.AnnAssign(target=ast.Name(key)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                plain = " ".join(text.split()).replace("``", '"')
                yield from (f"# {line}" for line in wrap(plain, WIDE))
                yield f"{key} = {_toml(getattr(part, key))}"


def _toml(value: Any) -> str:
    """Return a value as TOML has it, a table in one line.

    >>> _toml({"shaded(share=0.7)": 0.5}), _toml(("hco", "rps")), _toml(0.5)
    ('{ "shaded(share=0.7)" = 0.5 }', '["hco", "rps"]', '0.5')
    """
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{json.dumps(k)} = {_toml(v)}' for k, v in value.items())} }}"
    return json.dumps(value)


def write_template(path: Path) -> None:
    """Write the template to a place where nothing is.

    Raises
    ------
    OutputRefused
        If something is there, or it cannot be written to.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template())
    except FileExistsError:
        raise OutputRefused(path, "is there already, wanted a new file") from None
    except OSError as error:
        raise OutputRefused(path, f"cannot be written to: {error.strerror}") from error
