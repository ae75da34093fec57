"""One cell: its scenario, what is asked of it, and an error as a result like any other."""

from experiments.errors import ExperimentError
from experiments.sweep.limit import TooLong, within
from experiments.sweep.plan import Cell, Sweep
from experiments.sweep.scores import score
from experiments.sweep.store import Result


def play_cell(sweep: Sweep, cell: Cell) -> Result:
    """Return the scores of a cell, or why there are none."""

    def asked() -> Result:
        return {"scores": score(sweep.scores, sweep.home, sweep.question(cell))}

    try:
        return within(sweep.time_limit_s, asked)
    except TooLong:
        return {"error": f"took longer than {sweep.time_limit_s:g} s"}
    except SystemExit as error:
        return {"error": f"SystemExit: {error}"}
    except Exception as error:  # noqa: BLE001  a cell that fails is a row with its error
        said = " ".join(str(error).split())
        expected = isinstance(error, ExperimentError)
        return {"error": said if expected else f"{type(error).__name__}: {said}"}
