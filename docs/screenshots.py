"""Take the pictures of the page: ``python -m docs.screenshots``.

A day of the Anglesey case with high generation on one side and high demand on the other, in a
contract: wide in light and in dark, as a telephone shows it, with a person's seat, and two
mechanisms side by side; and half a day of a community, a third of it adversarial.
"""

import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.experiments.visualiser.browsing import ARGUMENTS, CHROMIUM, Visitor, serving

HERE: Final = Path(__file__).parent

SHOWN: Final = {"link": "anglesey", "community": "community"}

WIDE: Final = {"width": 1400, "height": 2100}
"""So high that the column of controls, which scrolls by itself, is whole."""

LOW: Final = {"width": 1400, "height": 1400}
"""As high as the page of a community."""

NARROW: Final = {"width": 390, "height": 844}


def main() -> None:
    """Take every picture anew."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with tempfile.TemporaryDirectory() as logs, serving(Path(logs), **SHOWN) as servers:
            url = servers["link"].url
            for theme in ("light", "dark"):
                page = _played(browser, url, theme, WIDE)
                page.page.screenshot(path=HERE / f"page-{theme}.png", full_page=True)
            page = _played(browser, url, "light", NARROW)
            page.page.screenshot(path=HERE / "page-narrow.png", full_page=True)
            _seat_and_rival(browser, url)
            _community(browser, servers["community"].url)
        browser.close()


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


def _community(browser: Browser, url: str) -> None:
    """Take a picture of a community that trades on a summer's day."""
    page = browser.new_page(viewport=LOW, color_scheme="light", reduced_motion="reduce")
    visitor = Visitor(page, url)
    for label, value in {"Venue": "revm", "Others, in a hundred": 33}.items():
        visitor.choose(label, value)
    visitor.pace("as fast as played")
    visitor.press("Day")
    visitor.waits(48)
    visitor.step(20)
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / "page-community.png", full_page=True)


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
