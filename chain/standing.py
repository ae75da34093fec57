"""Where a market stands, folded from the events of its contract."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eth_utils.abi import event_abi_to_log_topic

from chain.codec import Interface, Log
from chain.packing import Packed


@dataclass(frozen=True)
class Held:
    """A session between its first call and its settlement."""

    dear: bool | None = None
    """Whether it opened above the fee cap; None if nobody opened it."""

    sent: Mapping[int, Packed] = field(default_factory=dict)
    """What each seat sent, as it is presented to the decision."""

    revealed: frozenset[int] = frozenset()
    """The seats whose sealed bids are in the open."""

    outcome: bytes = b""
    """What was decided, or cleared, if it was."""

    def hidden(self, sealed: bool) -> bool:
        """Return whether a bid is still sealed."""
        return sealed and len(self.revealed) < len(self.sent)


@dataclass(frozen=True)
class Standing:
    """A market at a block."""

    decided: int = 0
    """How many sessions are decided: the next one's number."""

    deposited: Mapping[int, int] = field(default_factory=dict)
    """What each seat ever paid in, in ticks."""

    sessions: Mapping[int, Held] = field(default_factory=dict)
    """Those that are not settled and not untouched."""

    free: tuple[int, ...] = ()
    """What each seat could withdraw, in ticks; asked, not folded."""

    def held(self, session: int) -> Held:
        """Return a session, settled and untouched ones as new."""
        return self.sessions.get(session, Held())

    def unsettled(self) -> tuple[int, ...]:
        """Return the sessions that are decided and not settled, oldest first."""
        return tuple(sorted(s for s, held in self.sessions.items() if held.outcome))


def fold(standing: Standing, interface: Interface, logs: Iterable[Log]) -> Standing:
    """Return where a market stands after more events, oldest first."""
    names = {
        event_abi_to_log_topic(entry): entry["name"]  # type: ignore[arg-type]
        for entry in interface.abi
        if entry["type"] == "event"
    }
    for log in logs:
        name = names.get(log.topics[0], "")
        if name in _FOLDS:
            standing = _FOLDS[name](standing, interface.event(name, [log]))
    return standing


def _changed(standing: Standing, session: int, **changes: Any) -> Standing:
    held = replace(standing.held(session), **changes)
    return replace(standing, sessions={**standing.sessions, session: held})


def _sent(standing: Standing, said: dict[str, Any], packed: Packed) -> Standing:
    sent = {**standing.held(said["session"]).sent, said["seat"]: packed}
    return _changed(standing, said["session"], sent=sent)


def _deposited(standing: Standing, said: dict[str, Any]) -> Standing:
    seat = said["seat"]
    paid = {**standing.deposited, seat: standing.deposited.get(seat, 0) + said["ticks"]}
    return replace(standing, deposited=paid)


def _opened(standing: Standing, said: dict[str, Any]) -> Standing:
    return _changed(standing, said["session"], dear=said["dear"])


def _recorded(standing: Standing, said: dict[str, Any]) -> Standing:
    return _sent(standing, said, Packed(said["covered"], b"", said["bids"]))


def _ordered(standing: Standing, said: dict[str, Any]) -> Standing:
    return _sent(standing, said, Packed(bids=said["orders"]))


def _committed(standing: Standing, said: dict[str, Any]) -> Standing:
    return _sent(standing, said, Packed(said["covered"], said["caps"], b"", said["seal"]))


def _revealed(standing: Standing, said: dict[str, Any]) -> Standing:
    session, seat = said["session"], said["seat"]
    held = standing.held(session)
    packed = replace(held.sent[seat], bids=said["bids"], salt=said["salt"])
    return _changed(
        standing,
        session,
        sent={**held.sent, seat: packed},
        revealed=held.revealed | {seat},
    )


def _decided(standing: Standing, said: dict[str, Any]) -> Standing:
    after = _changed(standing, said["session"], outcome=said["outcome"])
    return replace(after, decided=said["session"] + 1)


def _paid(standing: Standing, said: dict[str, Any]) -> Standing:
    left = {s: held for s, held in standing.sessions.items() if s != said["session"]}
    return replace(standing, sessions=left)


_FOLDS: Final[dict[str, Callable[[Standing, dict[str, Any]], Standing]]] = {
    "Deposited": _deposited,
    "SessionOpened": _opened,
    "BidRecorded": _recorded,
    "BidCommitted": _committed,
    "BidRevealed": _revealed,
    "SessionDecided": _decided,
    "SessionPaid": _paid,
    "OrdersRecorded": _ordered,
    "SessionCleared": _decided,
}
