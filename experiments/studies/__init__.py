"""Studies that come with the package: sweeps, and what is said of their results."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

from experiments.errors import Unknown

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweep.plan import Sweep

FINDINGS: Final[Mapping[str, str]] = {
    name: f"experiments.studies.{name}"
    for name in (
        "bins",
        "feasibility",
        "cooperation",
        "forecasts",
        "robustness",
        "size",
        "adversaries",
    )
}
"""What a sweep calls its findings: a module with ``paragraphs(sweep, table)``."""


def known_findings(name: str) -> None:
    """Refuse findings that nobody knows."""
    if name and name not in FINDINGS:
        raise Unknown("findings", name, FINDINGS)


def findings_of(sweep: "Sweep", table: "pd.DataFrame") -> str:
    """Return what a whole sweep found, in paragraphs; nothing if it asks for none.

    Parameters
    ----------
    sweep : Sweep
        Its `findings`.
    table : DataFrame
        As `experiments.sweep.table.sweep_table` returns it.
    """
    if not sweep.findings:
        return ""
    paragraphs = import_module(FINDINGS[sweep.findings]).paragraphs(sweep, table)
    return "\n\n".join(paragraphs) + "\n"
