"""Parties that do not keep to the contract: each fails at another of its stages."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.ranges import ranged
from agents.strategies.base import Conduct, Knowledge
from agents.strategies.truthful import Truthful
from market.mechanisms.entries import at
from market.types import Mask, Options


@dataclass(frozen=True)
class Withholder(Truthful):
    """Bid the truth, but isolate its busbar where no transfer is better for it.

    The paper asks what stops it, and answers with a penalty that the meter triggers [1]_.
    It breaks the contract even where the bond is dearer than what it saves; one that
    weighs the two breaks it only where that is cheaper [2]_. As its view of isolation
    it takes what the set-point nearest zero is worth to it.

    References
    ----------
    .. [1] L. Thomas et al., "A general form of smart contract for decentralised energy
       systems management", Nature Energy 4, 2019, "Discussion".
    .. [2] C. J. Goetz and R. E. Scott, "Liquidated damages, penalties and the just
       compensation principle", Columbia Law Review 77(4), 1977.
    """

    meaning: ClassVar[str] = "isolates its busbar when what was chosen is worse than nothing"

    def blocks(self, knowledge: Knowledge, option: Options) -> Mask:
        """Block what is worth less than no transfer."""
        values = knowledge.values_gbp
        isolated = values[..., np.abs(knowledge.setting.set_points).argmin()]
        chosen = at(values, option)
        return np.asarray(chosen < isolated)


@dataclass(frozen=True)
class DepositStarver(Truthful):
    """Bid the truth, but keep so little in its account that it often does not cover it.

    A deposit is what makes a bid binding [1]_; who saves on it is left out whenever it
    wants much. On Anglesey it keeps GBP 40, where a network's best option is worth up to 48.

    References
    ----------
    .. [1] K. Waehrer, "A model of auction contracts with liquidated damages", Journal of
       Economic Theory 67(2), 1995.
    """

    meaning: ClassVar[str] = "keeps so little in its account that its bids are often refused"

    share: float = ranged(0.004)
    """Of the usual working balance."""

    @property
    def conduct(self) -> Conduct:
        """Keep little."""
        return Conduct(deposit=self.share)


@dataclass(frozen=True)
class LateBidder(Truthful):
    """Send true bids when it is too late.

    Where bids close at a fixed time, those who wait for the last moment are sometimes not
    heard [1]_; this one never is.

    References
    ----------
    .. [1] A. E. Roth and A. Ockenfels, "Last-minute bidding and the rules for ending
       second-price auctions", American Economic Review 92(4), 2002.
    """

    meaning: ClassVar[str] = "sends its bids when they have closed"

    @property
    def conduct(self) -> Conduct:
        """Come late."""
        return Conduct(sends="late")


@dataclass(frozen=True)
class Unrevealed(Truthful):
    """Commit to true bids, and never reveal them.

    Who reveals last knows what the others bid, and by silence takes its own bid back: each
    scheme of commitments has to make that dear, here by the bond [1]_. Where bids are open
    there is nothing to reveal, and it is truthful.

    References
    ----------
    .. [1] B. Bünz, S. Goldfeder and J. Bonneau, "Proofs-of-delay and randomness beacons in
       Ethereum", IEEE Security & Privacy on the Blockchain, 2017.
    """

    meaning: ClassVar[str] = "seals its bids, and does not reveal them"

    @property
    def conduct(self) -> Conduct:
        """Keep silent."""
        return Conduct(reveals=False)
