"""Questions to an Ethereum node by JSON-RPC, asked again while it does not answer."""

import time
from typing import Any, Final
from urllib.parse import urlsplit

from chain.errors import NodeRefused, NodeUnreachable

TIMEOUT_S: Final = 10.0  # of one question
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 5.0
BUSY: Final = 429  # the answer of a server that wants to be asked later


class Rpc:
    """One node, by its URL.

    Parameters
    ----------
    url : str
        With ``http`` or ``https``. It may hold a secret, so that messages name its host alone.
    patience_s : float
        How long a question is repeated, less and less often, before `NodeUnreachable`.
    """

    def __init__(self, url: str, patience_s: float) -> None:
        from web3 import HTTPProvider

        self._host = urlsplit(url).netloc.rpartition("@")[2] or "that URL"
        self._patience_s = patience_s
        self._provider = HTTPProvider(
            url, {"timeout": TIMEOUT_S}, exception_retry_configuration=None
        )

    def ask(self, method: str, *parameters: Any) -> Any:
        """Return the result of a call.

        Raises
        ------
        NodeRefused
            If the node answered with an error.
        NodeUnreachable
            If it did not answer.
        """
        answer = self._answer(method, parameters)
        if not isinstance(answer, dict):
            raise NodeUnreachable(self._host, "what it says is not JSON-RPC")
        if answer.get("error") is None:
            return answer.get("result")
        error = answer["error"]
        if not isinstance(error, dict):
            raise NodeRefused(method, str(error))
        data = error.get("data")
        data = data.get("data") if isinstance(data, dict) else data
        raise NodeRefused(
            method, str(error.get("message")), int(error.get("code", 0)), str(data or "")
        )

    def _answer(self, method: Any, parameters: tuple[Any, ...]) -> Any:
        end, pause_s = time.monotonic() + self._patience_s, FIRST_PAUSE_S
        while True:
            try:
                return self._provider.make_request(method, list(parameters))
            except (
                OSError,
                ValueError,
            ) as failure:  # OSError: the root of what requests raises
                if not _may_pass(failure) or time.monotonic() + pause_s > end:
                    raise NodeUnreachable(self._host, _reason(failure)) from failure
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def _may_pass(failure: Exception) -> bool:
    """Return whether asking again may help: not for a bad URL, nor for a missing page."""
    response = getattr(failure, "response", None)
    if response is not None:
        return response.status_code == BUSY or response.status_code >= 500
    return not isinstance(failure, ValueError)


def _reason(failure: Exception) -> str:
    """Return what happened in a few words, without the URL."""
    response = getattr(failure, "response", None)
    if response is not None:
        return f"HTTP {response.status_code}"
    return type(failure).__name__
