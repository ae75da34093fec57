"""Array types of the rules: money in integer ticks, axes ``(…, party, window, option)``."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ticks: TypeAlias = NDArray[np.int64]
"""Money in ticks (GBP 0.01 unless a scenario says otherwise)."""

Bids: TypeAlias = NDArray[np.int64]
"""Offers in ticks, or ranks with 1 best, shape ``(…, party, option)``."""

Seats: TypeAlias = NDArray[np.int64]
"""Indices of parties."""

Options: TypeAlias = NDArray[np.int64]
"""Indices of options."""

Mask: TypeAlias = NDArray[np.bool_]
"""Which of something."""

Floats: TypeAlias = NDArray[np.float64]
"""Physical quantities and GBP; the unit is in the name."""

WattHours: TypeAlias = NDArray[np.int64]
"""Energy in whole watt-hours, positive where a party takes it."""

Prices: TypeAlias = NDArray[np.int64]
"""Whole ticks for a watt-hour."""
