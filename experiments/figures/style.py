"""One look for all figures: type, colours that a colour-blind reader tells apart, files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

COLOURS: Final = MappingProxyType(
    {
        "black": "#000000",
        "blue": "#0072B2",
        "orange": "#E69F00",
        "green": "#009E73",
        "red": "#D55E00",
        "purple": "#CC79A7",
        "sky": "#56B4E9",
        "grey": "#777777",
    }
)
"""Colours that stay apart for every kind of colour vision, in order of use [1]_, and grey.

.. [1] M. Okabe and K. Ito, "Color Universal Design", 2008.
"""

MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "*")
"""A second sign beside colour, in order of use."""

MAP: Final = "cividis"
"""For quantities; the same to every kind of colour vision."""

WIDE: Final = (9.0, 4.5)
"""Size of a figure that spans a page, in inches."""

_LOOK: Final[Any] = {  # matplotlib types the name of every key
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": cycler(
        color=[COLOURS[c] for c in COLOURS if c not in {"black", "grey"}]
    ),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that every machine has it
    "font.size": 9,
    "grid.color": "#dddddd",
    "legend.frameon": False,
    "savefig.dpi": 150,
    "text.parse_math": False,  # a name may hold a dollar sign
    "svg.fonttype": "path",
    "svg.hashsalt": "gridpact",  # the same picture is the same bytes
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the common style, whatever the user has set, and without a screen.

    Examples
    --------
    >>> with style():
    ...     figure = new_figure()
    >>> figure.get_layout_engine().__class__.__name__
    'ConstrainedLayoutEngine'
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        yield


def new_figure(size: tuple[float, float] = WIDE) -> Figure:
    """Return an empty figure, size in inches; to be called within `style`.

    Not through pyplot, which would keep every figure in memory and look for a screen.
    """
    return Figure(figsize=size)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG without dates, so that like runs have like files.

    To be called within `style`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    figure.savefig(paths[0], metadata={"Date": None, "Creator": None})
    figure.savefig(paths[1], metadata={"Software": None})
    return paths
