"""The report in a browser: it reacts, fits on the screen, and complains about nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from sample_pages import page

from gmmseg.figures.report import Page, report_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra dev, is not installed")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on the path")

WIDTHS = {"desk": (1280, 900), "phone": (375, 812)}
# A container's root needs the first; the others keep the browser from asking the network for anything of its own.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

ROW = "document.getElementById('{}').getContext('2d').getImageData(0, 50, 120, 1).data"

Opening = Callable[[Page, str], AbstractContextManager["Tab"]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=FLAGS, env={**os.environ})
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Opening:
    """Opens a report from a file; at the end nothing may have been complained about, asked for, or too wide."""

    @contextmanager
    def opening(shown: Page, width: str, scheme: Literal["light", "dark"] = "light") -> Iterator[Tab]:
        file = tmp_path / "report.html"
        file.write_text(report_page(shown), encoding="utf-8")
        across, down = WIDTHS[width]
        context = browser.new_context(viewport={"width": across, "height": down}, color_scheme=scheme)
        troubles: list[str] = []
        try:
            tab = context.new_page()
            tab.set_default_timeout(20_000)
            tab.on("console", lambda message: troubles.append(message.text))
            tab.on("pageerror", lambda error: troubles.append(str(error)))
            tab.on("request", lambda request: troubles.append(request.url) if "http" in request.url[:5] else None)
            tab.goto(file.as_uri())
            tab.wait_for_selector("body[data-ready=yes]")
            yield tab
            assert tab.evaluate("document.documentElement.scrollWidth") <= across
        finally:
            context.close()
        assert troubles == []

    return opening


@pytest.mark.parametrize("width", WIDTHS)
def test_legend_highlights_a_segment(opened: Opening, width: str) -> None:
    """A click in the legend marks the entry, dims the rest of the picture, and tells the segment's numbers."""
    with opened(page(), width) as tab:
        before = tab.locator("#picture").screenshot()
        tab.locator(".entry").nth(1).click()
        tab.mouse.move(1, 1)
        tab.wait_for_selector("body[data-chosen='1']")
        tab.wait_for_selector("#focus[data-segment='1']")
        pressed = [entry.get_attribute("aria-pressed") for entry in tab.locator(".entry").all()]
        assert pressed == ["false", "true", "false"]
        assert tab.locator("#picture").screenshot() != before
        alpha = tab.evaluate(f"[...{ROW.format('focus')}]")[3::4]
        assert min(alpha[:38] + alpha[82:]) > 100
        assert max(alpha[42:78]) == 0
        assert "Segment s1" in tab.locator("#detail").inner_text()
        assert tab.locator("#detail img").count() == 1
        assert tab.locator("tr.on").count() == 2
        tab.keyboard.press("Escape")
        tab.wait_for_selector("body[data-chosen='-1']")
        tab.wait_for_selector("#focus[data-segment='-1']")


@pytest.mark.parametrize("width", WIDTHS)
def test_picture_highlights_a_segment(opened: Opening, width: str) -> None:
    """A click in the picture chooses the segment there; a second one lets it go; left-out ground chooses nothing."""
    with opened(page(), width) as tab:
        box = tab.locator("#picture").bounding_box()
        assert box is not None
        for x, segment in ((0.9, 2), (0.2, 0), (0.2, -1), (0.02, -1)):
            tab.locator("#picture").click(position={"x": x * box["width"], "y": 0.03 * box["height"]})
            tab.wait_for_selector(f"body[data-chosen='{segment}']")
            tab.wait_for_selector(f"#focus[data-segment='{segment}']")
        assert tab.locator(".entry[aria-pressed=true]").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_views_can_be_changed(opened: Opening, width: str) -> None:
    """Each view is another picture, and its button alone is pressed."""
    with opened(page(), width) as tab:
        pictures = set()
        for view in ("segments", "overlay", "borders", "soft", "uncertainty"):
            tab.locator(f"button[data-view={view}]").click()
            tab.wait_for_selector(f"body[data-view={view}]")
            tab.wait_for_timeout(150)
            assert tab.locator("button[data-view][aria-pressed=true]").get_attribute("data-view") == view
            pictures.add(tab.locator("#picture").screenshot())
        assert len(pictures) == 5


def test_segments_have_exactly_their_colours(opened: Opening) -> None:
    """What the browser paints is the palette's colour, to the last bit."""
    shown = page(k=120)
    with opened(shown, "desk") as tab:
        row = tab.evaluate(f"[...{ROW.format('layer')}]")
        painted = np.array(row).reshape(-1, 4)[:, :3]
        np.testing.assert_array_equal(painted, shown.colors[shown.labels[50]])


def test_everything_works_from_the_keyboard(opened: Opening) -> None:
    """Buttons, slider and the cloud of colours take keys, and what has the focus is outlined."""
    with opened(page(), "desk") as tab:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.dataset.view") == "segments"
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("body[data-view=overlay]")
        tab.locator("#split").focus()
        tab.keyboard.press("Home")
        tab.wait_for_timeout(100)
        assert tab.evaluate("document.getElementById('layer').style.clipPath") in {
            "inset(0px 0px 0px 0%)",
            "inset(0px)",
        }
        tab.locator(".entry").nth(2).focus()
        tab.keyboard.press("Space")
        tab.wait_for_selector("body[data-chosen='2']")
        cloud = tab.locator("#cloud")
        cloud.focus()
        before = cloud.screenshot()
        tab.keyboard.press("ArrowLeft")
        tab.wait_for_timeout(150)
        assert cloud.screenshot() != before


def test_divider_and_cloud_can_be_dragged(opened: Opening) -> None:
    """Dragging moves the divider, and turns the colours."""
    with opened(page(), "desk") as tab:
        divider = tab.locator("#divider").bounding_box()
        assert divider is not None
        x, y = divider["x"] + divider["width"] / 2, divider["y"] + divider["height"] / 2
        tab.mouse.move(x, y)
        tab.mouse.down()
        tab.mouse.move(x + 150, y, steps=4)
        tab.mouse.up()
        tab.wait_for_timeout(100)
        assert int(tab.locator("#split").input_value()) > 60
        assert tab.evaluate("document.body.dataset.chosen") == "-1"
        cloud = tab.locator("#cloud")
        before = cloud.screenshot()
        box = cloud.bounding_box()
        assert box is not None
        tab.mouse.move(box["x"] + 100, box["y"] + 100)
        tab.mouse.down()
        tab.mouse.move(box["x"] + 200, box["y"] + 130, steps=4)
        tab.mouse.up()
        tab.wait_for_timeout(100)
        assert cloud.screenshot() != before


def test_codes_can_be_copied(opened: Opening) -> None:
    """A tile of the palette says what it has copied, and the command does."""
    shown = page()
    with opened(shown, "desk") as tab:
        tab.locator(".tile").first.click()
        tab.wait_for_selector("#toast.up")
        assert tab.locator("#toast").inner_text() == "Copied " + tab.locator(".tile code").first.inner_text()
        tab.locator("#settings button").click()
        tab.wait_for_timeout(100)
        assert shown.command in tab.locator("#toast").inner_text()


ODD = {
    "pixel": page(1, 1, 1),
    "line": page(1, 900, 2),
    "tall": page(900, 12, 2),
    "thirty": page(k=30, title="a-name-without-a-single-space-" * 8 + ".jpg"),
    "grey": page(rows=(), soft=(), uncertainty=None, mixture=None, rgb=None, trace=(), curve=(), settings={}),
    "script": page(title="<script>alert(1)</script>.jpg", notes=("<img src=x onerror=alert(1)>",) * 2),
    "empty": Page("empty", np.zeros((9, 9, 3), np.uint8), np.full((9, 9), -1, np.int16), np.zeros((2, 3), np.uint8)),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("odd", ODD)
def test_odd_pages_work(opened: Opening, odd: str, width: str) -> None:
    """Tiny, long, crowded, bare and hostile pages open, react and fit on the screen."""
    with opened(ODD[odd], width) as tab:
        tab.locator(".entry").last.click()
        tab.wait_for_selector(f"body[data-chosen='{ODD[odd].k - 1}']")
        for button in tab.locator("button[data-view]").all():
            button.click()
            tab.wait_for_timeout(30)


def test_dark_scheme_is_dark(opened: Callable[..., AbstractContextManager[Tab]]) -> None:
    """Where the system is dark, so is the page, and light where it is light."""
    grounds = {}
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        with opened(page(), "desk", scheme) as tab:
            color = tab.evaluate("getComputedStyle(document.body).backgroundColor")
            grounds[scheme] = int(color.split("(")[1].split(",")[0])
    assert grounds["dark"] < 60
    assert grounds["light"] > 200
