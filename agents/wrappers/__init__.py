"""The registry of wrappers: what can go wrong with any strategy, or hold it back."""

from collections.abc import Callable
from typing import Final

from agents.wrappers.base import Wrapper
from agents.wrappers.forecasts import Delay, ForecastError
from agents.wrappers.limits import Budget, Forgetful
from agents.wrappers.mistakes import Noise, Tremble

WRAPPERS: Final[dict[str, Callable[..., Wrapper]]] = {
    "noise": Noise,
    "tremble": Tremble,
    "delay": Delay,
    "budget": Budget,
    "forecast-error": ForecastError,
    "forgetful": Forgetful,
}
"""Name to class; every one works with a strategy as its only argument."""
