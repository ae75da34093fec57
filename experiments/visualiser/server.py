"""The server of the page: on this machine, from files of this package, telling nobody."""

import errno
import os
import socket
import threading
import time
import warnings
import webbrowser
from typing import TYPE_CHECKING, Final

from experiments.errors import InputRefused
from experiments.visualiser.vendor import ASSETS

if TYPE_CHECKING:
    from uvicorn import Server

APP: Final = "experiments.visualiser.app:Page"
"""Where Solara finds the page."""

SETTINGS: Final = {
    "SOLARA_APP": APP,
    "SOLARA_ASSETS_PROXY_CACHE_DIR": str(ASSETS),
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "gridpact",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
}
"""Read by Solara when it is imported."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that visitors can come to.

    Parameters
    ----------
    host : str
        An address of this machine.
    port : int
        Any free one if 0.

    Raises
    ------
    InputRefused
        If the port is taken, or the host is not this machine's.
    """
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError, UnicodeError) as error:
        made.close()
        raise InputRefused(f"{host}:{port}", f"cannot listen there: {_told(error)}") from error
    return made


def _told(error: Exception) -> str:
    """Say why nothing can be listened to, and which option would cure it."""
    reason = getattr(error, "strerror", None) or str(error)
    foreign = getattr(error, "errno", None) == errno.EADDRNOTAVAIL
    if foreign or isinstance(error, socket.gaierror | UnicodeError):
        return f"{reason}, wanted an address of this machine: --host"
    return f"{reason}, wanted a free one: --port"


def address(listening: socket.socket) -> str:
    """Return what to type into a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


def serve(listening: socket.socket, show: bool) -> None:
    """Serve the page until Ctrl-C, and open a browser if that is wanted."""
    os.environ.update(SETTINGS)
    import uvicorn

    warnings.filterwarnings("ignore", message="Cookies with samesite")  # it is as we want it
    config = uvicorn.Config("solara.server.starlette:app", log_level="error", access_log=False)
    server = uvicorn.Server(config)
    if show:
        threading.Thread(target=_open, args=(server, address(listening)), daemon=True).start()
    server.run(sockets=[listening])


def free_port(host: str) -> int:
    """Return a port that nobody listens on now."""
    with listen(host, 0) as found:
        return int(found.getsockname()[1])


def _open(server: "Server", url: str) -> None:
    """Open a browser as soon as there is something to see."""
    while not server.started:
        time.sleep(0.1)
    webbrowser.open(url)
