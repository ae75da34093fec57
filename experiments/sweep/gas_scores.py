"""Gas of sessions on the contract, measured once for each layout."""

from functools import cache

from experiments.gas_table import Layout, measure


@cache
def session_gas(
    mechanism: str, sealed: bool, windows: int, parties: int = 2, options: int = 13
) -> int:
    """Return the gas of a whole session in steady state, the meter's report included."""
    layout = Layout(mechanism, sealed, windows, parties, options)
    return sum(measure(layout).by_stage.values())
