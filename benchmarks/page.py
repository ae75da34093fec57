"""The page in a browser: windows a second, click to paint, memory, and Mesa's own beside it."""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.machine import machine
from experiments.visualiser.server import SETTINGS, free_port
from tests.experiments.visualiser.browsing import ARGUMENTS, CHROMIUM, Server, Visitor

WINDOWS: Final = 500
CLICKS: Final = 20
SCENARIO: Final = """
schema = 1
name = "anglesey-for-weeks"
[grid]
case = "anglesey"
days = 12
[chain]
venue = "{venue}"
"""
COMMUNITIES: Final = """
[community]
prosumers = 1000
copies = 8
rules = ["mid-market-rate"]
"""
ASKED: Final = {
    "local": SCENARIO.format(venue="local"),
    "revm": SCENARIO.format(venue="revm"),
    "revm, and 1,000 households": SCENARIO.format(venue="revm") + COMMUNITIES,
}
"""What is measured, all panels on."""
PAINTED: Final = """
() => new Promise(done => {
  const named = button => /^\\s*step\\s*$/i.test(button.innerText);
  const step = [...document.querySelectorAll('button')].find(named);
  const begun = performance.now();
  const seen = new MutationObserver(found => {
    if (!found.some(change => !step.contains(change.target))) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun), 0));
  });
  const all = {subtree: true, childList: true, attributes: true, characterData: true};
  seen.observe(document.querySelector('%s'), all);
  step.click();
})
"""


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    with tempfile.TemporaryDirectory() as place, sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, "--enable-precise-memory-info"]
        )
        for name, text in ASKED.items():
            path = Path(place) / "asked.toml"
            path.write_text(text, encoding="utf-8")
            server = Server(path, free_port("127.0.0.1"), Path(place) / "log")
            try:
                server.wait()
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                _measure(name, page, server)
                page.close()
            finally:
                server.stop()
        with _plain(Path(place)) as url:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            _measure_plain(page, url)
        browser.close()


def _measure(name: str, page: Page, server: Server) -> None:
    begun = time.perf_counter()
    visitor = Visitor(page, server.url)
    first = time.perf_counter() - begun
    clicks = []
    for _ in range(CLICKS):
        at = visitor.window()
        clicks.append(page.evaluate(PAINTED % "[data-testid=status]"))
        visitor.waits(at + 1)
    visitor.pace("as fast as drawn")
    resident, heap = _resident_mb(server.process.pid), _heap_mb(page)
    at = visitor.window()
    begun = time.perf_counter()
    visitor.press("Play")
    page.wait_for_function(
        f"+document.querySelector('[data-testid=status]').dataset.window >= {at + WINDOWS}",
        timeout=300_000,
    )
    rate = WINDOWS / (time.perf_counter() - begun)
    visitor.press("Pause")
    page.wait_for_timeout(500)
    print(f"{name}: {rate:.1f} windows a second shown, wanted 15")
    print(
        f"{name}: {statistics.median(clicks):.0f} ms from a click on Step to paint, wanted 100"
    )
    server_mb = _resident_mb(server.process.pid) - resident
    print(f"{name}: server +{server_mb:.1f} MB over {WINDOWS} windows, wanted 20")
    print(f"{name}: browser +{_heap_mb(page) - heap:.1f} MB over {WINDOWS} windows, wanted 50")
    print(f"{name}: first paint in {first:.2f} s, wanted 3")


def _measure_plain(page: Page, url: str) -> None:
    """Measure Mesa's own page with two small drawings."""
    page.goto(url)
    step = page.get_by_role("button", name=re.compile("^step$", re.IGNORECASE))
    step.wait_for(timeout=60_000)
    clicks = []
    for _ in range(CLICKS):
        clicks.append(page.evaluate(PAINTED % ".v-application"))
        page.wait_for_timeout(700)
    heap, begun = _heap_mb(page), time.perf_counter()
    at = _plain_step(page)
    page.get_by_role("button", name=re.compile("^(play|▶)$", re.IGNORECASE)).click()
    page.wait_for_timeout(10_000)
    rate = (_plain_step(page) - at) / (time.perf_counter() - begun)
    print(f"plain Mesa, two small drawings: {rate:.1f} windows a second shown")
    print(
        f"plain Mesa: {statistics.median(clicks):.0f} ms from a click on Step to first change"
    )
    print(f"plain Mesa: browser {_heap_mb(page) - heap:+.1f} MB over ten seconds")


def _plain_step(page: Page) -> int:
    found = re.search(r"Step:\s*(\d+)", page.locator("body").inner_text())
    return int(found[1]) if found else 0


@contextmanager
def _plain(place: Path) -> Iterator[str]:
    """Serve the page of plain Mesa."""
    port = free_port("127.0.0.1")
    assets: dict[str, Any] = {k: v for k, v in SETTINGS.items() if k != "SOLARA_APP"}
    command = [sys.executable, "-m", "solara", "run", "docs/plain_mesa.py", "--production"]
    server = Server.__new__(Server)
    server.url, server.log = f"http://127.0.0.1:{port}", place / "plain"
    with server.log.open("w") as out:
        server.process = subprocess.Popen(
            [*command, "--no-open", "--host", "127.0.0.1", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **assets, "PYTHONPATH": str(Path.cwd())},
        )
    try:
        yield server.wait().url
    finally:
        server.stop()


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else float("nan")


def _heap_mb(page: Page) -> float:
    """Return what is in use once the rest was let go."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    found = page.evaluate("performance.memory.usedJSHeapSize")
    session.detach()
    return found / 1e6


if __name__ == "__main__":
    main()
