"""Disposition as a dial: how a party weighs the others' payoffs beside its own."""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final


@dataclass(frozen=True)
class Disposition:
    """An angle of social value orientation [1]_.

    A party maximises ``cos(angle) * own + sin(angle) * others'``.

    References
    ----------
    .. [1] R. O. Murphy, K. A. Ackermann and M. J. J. Handgraaf, "Measuring social value
       orientation", Judgment and Decision Making 6(8), 2011.

    Examples
    --------
    >>> own, others = Disposition(45.0).weights
    >>> own == others
    True
    >>> Disposition(-45.0).name, Disposition(30.0).name
    ('adversarial', '30°')
    """

    degrees: float = 0.0

    @property
    def weights(self) -> tuple[float, float]:
        """What a pound of its own is worth to the party, and a pound of the others'."""
        angle = radians(self.degrees)
        return round(cos(angle), 12), round(sin(angle), 12)

    @property
    def candour(self) -> float:
        """How much of the truth it tells where that costs it nothing, from 0 to 1.

        Its care for the others over that for itself: a cooperative party tells all, one that
        looks to itself nothing.

        >>> [Disposition(degrees).candour for degrees in (-45.0, 0.0, 45.0, 90.0)]
        [0.0, 0.0, 1.0, 1.0]
        """
        own, others = self.weights
        return 0.0 if others <= 0 else min(1.0, others / max(own, others))

    @property
    def name(self) -> str:
        """The name of the preset, or the angle."""
        names = {preset.degrees: name for name, preset in DISPOSITIONS.items()}
        return names.get(self.degrees, f"{self.degrees:g}°")


DISPOSITIONS: Final[dict[str, Disposition]] = {
    "altruistic": Disposition(90.0),
    "cooperative": Disposition(45.0),
    "individualistic": Disposition(0.0),
    "adversarial": Disposition(-45.0),
}
"""Named angles. *Indifferent*, the third of the paper's, is off the dial: see
`agents.strategies.indifferent`."""
