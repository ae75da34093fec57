"""Take the pictures of the page: ``python -m docs.screenshots``.

A day of the Anglesey case with high generation on one side and high demand on the other, in a
contract: wide in light and in dark, as a telephone shows it, with a person's seat, and two
mechanisms side by side.
"""

import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from experiments.visualiser.server import free_port
from tests.experiments.visualiser.browsing import ARGUMENTS, CHROMIUM, Server, Visitor

HERE: Final = Path(__file__).parent

WIDE: Final = {"width": 1400, "height": 2100}
"""So high that the column of controls, which scrolls by itself, is whole."""

NARROW: Final = {"width": 390, "height": 844}


def main() -> None:
    """Take every picture anew."""
    with tempfile.TemporaryDirectory() as place:
        server = Server("anglesey", free_port("127.0.0.1"), Path(place) / "log")
        try:
            server.wait()
            with sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                for theme in ("light", "dark"):
                    page = _played(browser, server.url, theme, WIDE)
                    page.page.screenshot(path=HERE / f"page-{theme}.png", full_page=True)
                page = _played(browser, server.url, "light", NARROW)
                page.page.screenshot(path=HERE / "page-narrow.png", full_page=True)
                _seat_and_rival(browser, server.url)
                browser.close()
        finally:
            server.stop()


def _played(browser: Browser, url: str, theme: str, size: dict[str, int]) -> Visitor:
    """Return a page on which most of a day was played."""
    page = browser.new_page(viewport=size, color_scheme=theme, reduced_motion="reduce")
    visitor = Visitor(page, url)
    visitor.unfold()
    for label, value in {
        "Venue": "revm",
        "Loading of network-1": "G",
        "Loading of network-2": "D",
        "Strategy of network-1": "hedge",
    }.items():
        visitor.choose(label, value)
    visitor.fold()
    visitor.pace("as fast as played")
    visitor.press("Day")
    visitor.waits(48)
    page.wait_for_timeout(500)
    return visitor


def _seat_and_rival(browser: Browser, url: str) -> None:
    """Take a picture of the seat, and of the comparison, by themselves."""
    visitor = _played(browser, url, "light", WIDE)
    visitor.choose("Compare with", "rps")
    visitor.pace("as fast as played")
    visitor.press("Day")
    visitor.waits(48)
    panel = visitor.page.get_by_label("Two mechanisms side by side", exact=True)
    panel.screenshot(path=HERE / "page-compare.png")
    visitor.choose("Your seat", "network-1")
    visitor.step(3)
    panel = visitor.page.get_by_label("Your seat", exact=True).and_(
        visitor.page.locator("section")
    )
    panel.screenshot(path=HERE / "page-seat.png")


if __name__ == "__main__":
    main()
