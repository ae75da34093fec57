"""A server of the page, and the page in the words of who uses it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from experiments.visualiser.server import free_port

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
WAIT_MS = 20_000


class Server:
    """``gridpact visualise`` in a process of its own."""

    def __init__(self, asked, port, log):
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        command = [sys.executable, "-m", "experiments", "visualise", str(asked)]
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [*command, "--no-open", "--port", str(port)],
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def wait(self):
        """Return once it answers."""
        end = time.monotonic() + 120
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=1).read()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def stop(self):
        """End the processes of the group that was started here."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@contextmanager
def serving(place, **asked):
    """Serve a page for each thing asked for, by name; logs stand in a folder."""
    started = {
        name: Server(what, free_port("127.0.0.1"), place / f"{name}.log")
        for name, what in asked.items()
    }
    try:
        yield {name: server.wait() for name, server in started.items()}
    finally:
        for server in started.values():
            server.stop()


class Visitor:
    """A page that somebody uses, and everything that went wrong in it."""

    def __init__(self, page, url):
        self.page, self.problems = page, []
        page.set_default_timeout(WAIT_MS)
        home = url.split("//", 1)[1]
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("console", self._hear)
        page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        page.on("response", self._answer)
        page.on("request", lambda request: self._ask(request.url, home))
        page.on("websocket", lambda socket: self._ask(socket.url, home))
        page.goto(url)
        self.waits(0)

    def _hear(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _answer(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def _ask(self, url, home):
        if url.startswith(("http", "ws")) and url.split("//", 1)[1].split("/")[0] != home:
            self.problems.append(f"off the machine: {url}")

    def find(self, name):
        """Return what has a test id."""
        return self.page.get_by_test_id(name)

    def press(self, name):
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label, value):
        """Set a parameter, and wait until all begins again."""
        before = int(self.find("frame").get_attribute("data-frame"))
        field = self.page.get_by_label(label, exact=True)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.evaluate(
                "(field, value) => { field.value = value; "
                "field.dispatchEvent(new Event('change')); }",
                str(value),
            )
        self.page.wait_for_function(
            "n => +document.querySelector('[data-testid=frame]').dataset.frame > n + 1",
            arg=before,
        )

    def unfold(self):
        """Have the parameters shown, as they are at first where there is room."""
        self.page.locator("fieldset details").evaluate("found => { found.open = true; }")

    def fold(self):
        """Have the parameters hidden where there is little room."""
        wide = self.page.viewport_size["width"] > 800
        self.page.locator("fieldset details").evaluate(
            "(found, wide) => { found.open = wide; }", wide
        )

    def pace(self, name):
        """Set how many windows are played a second."""
        self.page.get_by_label("Windows", exact=True).select_option(name)

    def waits(self, window, status="paused"):
        """Wait until a window is shown, down to the last part of the frame."""
        for name in ("status", "frame"):
            both = f"[data-status={status}][data-window='{window}']"
            found = self.page.locator(f"[data-testid={name}]{both}")
            expect(found).to_be_attached(timeout=WAIT_MS)

    def window(self):
        """Return how many windows are shown."""
        return int(self.find("status").get_attribute("data-window"))

    def step(self, times=1):
        """Press Step so many times, one after another."""
        for _ in range(times):
            at = self.window()
            self.press("Step")
            self.waits(at + 1)

    def number(self, name):
        """Return the number behind what is shown."""
        return float(self.find(name).get_attribute("data-value"))

    def saved(self, button, folder):
        """Press a button that hands out a file, and return where it was saved."""
        with self.page.expect_download() as found:
            self.press(button)
        path = folder / found.value.suggested_filename
        found.value.save_as(path)
        return path

    def barriers(self):
        """Return what axe-core finds that shuts somebody out, each with its first place."""
        found = Axe().run(self.page).response["violations"]
        return [(one["id"], one["nodes"][0]["html"]) for one in found]

    def cells(self):
        """Return how many bids the heat maps draw."""
        return self.page.locator(".gp-column rect").count()
