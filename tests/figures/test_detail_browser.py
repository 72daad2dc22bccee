"""The slider of a report in a browser: it cuts as the tree says, quickly, by pointer and by keys."""

from __future__ import annotations

import os
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from PIL import Image
from sample_hierarchy import bare_page, chain, cut, hierarchy

from gmmseg.figures.report import Hierarchy, report_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra dev, is not installed")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on the path")

WIDTHS = {"desk": (1280, 900), "phone": (375, 812)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PAINTED = "document.getElementById('cut').toDataURL()"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=FLAGS, env={**os.environ})
        yield found
        found.close()


@contextmanager
def opened(
    browser: Browser, folder: Path, tree: Hierarchy, width: str = "desk", scheme: Literal["light", "dark"] = "light"
) -> Iterator[Tab]:
    """A report with this tree; at the end nothing may have been complained about, asked for, or too wide."""
    file = folder / "report.html"
    file.write_text(report_page(bare_page(tree)), encoding="utf-8")
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


def set_detail(tab: Tab, tree: Hierarchy, detail: float) -> None:
    """Move the slider and wait for the cut."""
    tab.locator("#detail-slider").fill(f"{detail:g}")
    tab.wait_for_selector(f"#detail-section[data-regions='{len(np.unique(cut(tree, detail)))}']")


def painted(tab: Tab, tree: Hierarchy) -> np.ndarray:
    """What is on the canvas : (h, w, 4)."""
    uri: str = tab.evaluate(PAINTED)
    with Image.open(BytesIO(b64decode(uri.split(",", 1)[1]))) as image:
        shown = np.asarray(image.convert("RGBA"))
    assert shown.shape[:2] == tree.crumbs.shape
    return shown


@pytest.mark.parametrize("width", WIDTHS)
def test_slider_cuts_as_the_tree_says(browser: Browser, tmp_path: Path, width: str) -> None:
    """At every detail the number of regions is told, and their mean colours are those of their pixels."""
    tree = hierarchy()
    areas = np.bincount(tree.crumbs[tree.crumbs >= 0], minlength=len(tree.colors))
    with opened(browser, tmp_path, tree, width) as tab:
        assert tab.locator("#detail-slider").input_value() == "0.5"
        tab.locator("button[data-cut=colours]").click()
        for detail in (0.5, 0.0, 0.27, 0.9, 1.0):
            set_detail(tab, tree, detail)
            tab.wait_for_selector("#detail-section[data-cut=colours]")
            names, inverse = np.unique(cut(tree, detail), return_inverse=True)
            assert f"Detail {detail:.2f}: {len(names)} region" in tab.locator("#detail-told").inner_text()
            total = np.bincount(inverse, areas)
            means = [np.bincount(inverse, areas * tree.colors[:, c]) / total for c in range(3)]
            expected = np.stack(means, axis=1)[inverse][np.maximum(tree.crumbs, 0)]
            shown = painted(tab, tree)
            inside = tree.crumbs >= 0
            np.testing.assert_allclose(shown[inside][:, :3], expected[inside], atol=0.51)
            assert (shown[~inside] == 0).all()


def test_a_page_begins_with_the_cut_it_is_about(browser: Browser, tmp_path: Path) -> None:
    """A detail between two places of the slider, or a count that no detail makes, is what is shown until it moves."""
    tree = hierarchy(detail=0.1234, regions=7)
    told = tab_words(browser, tmp_path, tree)
    assert told == ["7 regions.", f"Detail 0.13: {len(np.unique(cut(tree, 0.13)))} regions."]
    regions = len(np.unique(cut(tree, 0.6543)))
    assert tab_words(browser, tmp_path, hierarchy(detail=0.6543, regions=regions))[0] == (
        f"Detail 0.6543: {regions} regions."
    )


def tab_words(browser: Browser, folder: Path, tree: Hierarchy) -> list[str]:
    """What is told of the cut at first, and after a step."""
    with opened(browser, folder, tree) as tab:
        words = [tab.locator("#detail-told").inner_text()]
        tab.locator("#detail-slider").focus()
        tab.keyboard.press("ArrowRight")
        tab.wait_for_function("before => document.getElementById('detail-told').innerText !== before", arg=words[0])
        return [*words, tab.locator("#detail-told").inner_text()]


def test_borders_stand_between_regions(browser: Browser, tmp_path: Path) -> None:
    """White lines are where neighbours are parts of different regions, and nowhere else."""
    tree = hierarchy()
    with opened(browser, tmp_path, tree) as tab:
        for detail in (0.3, 0.8):
            set_detail(tab, tree, detail)
            tab.wait_for_timeout(60)
            names = np.append(cut(tree, detail), -1)[tree.crumbs]
            edges = np.zeros(names.shape, np.bool_)
            both = (names[:, 1:] >= 0) & (names[:, :-1] >= 0)
            edges[:, :-1] |= (names[:, 1:] != names[:, :-1]) & both
            both = (names[1:] >= 0) & (names[:-1] >= 0)
            edges[:-1] |= (names[1:] != names[:-1]) & both
            np.testing.assert_array_equal((painted(tab, tree) == 255).all(axis=2), edges)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_views_differ(browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]) -> None:
    """Each way to show the regions is another picture, and its button alone is pressed."""
    pictures = set()
    with opened(browser, tmp_path, hierarchy(), "phone", scheme) as tab:
        for view in ("borders", "overlay", "colours", "strengths"):
            tab.locator(f"button[data-cut={view}]").click()
            tab.wait_for_selector(f"#detail-section[data-cut={view}]")
            assert tab.locator("button[data-cut][aria-pressed=true]").get_attribute("data-cut") == view
            pictures.add(tab.locator(".picture.cut").screenshot())
        # The views of the segments are buttons of their own.
        assert tab.locator("button[data-view][aria-pressed=true]").count() == 1
    assert len(pictures) == 4


def test_slider_takes_keys(browser: Browser, tmp_path: Path) -> None:
    """Arrows, Home and End move the cut, and what is read aloud is the number of regions."""
    tree = hierarchy()
    with opened(browser, tmp_path, tree) as tab:
        slider = tab.locator("#detail-slider")
        slider.focus()
        for key, detail in (("ArrowRight", 0.51), ("End", 1.0), ("Home", 0.0)):
            tab.keyboard.press(key)
            regions = len(np.unique(cut(tree, detail)))
            tab.wait_for_selector(f"#detail-section[data-regions='{regions}']")
            words = slider.get_attribute("aria-valuetext")
            assert words is not None
            assert words.startswith(f"{detail:.2f}, {regions} region")


def test_thousands_of_crumbs_are_cut_quickly(browser: Browser, tmp_path: Path) -> None:
    """A picture 1000 pixels wide with 3,000 crumbs, merged in the deepest tree, is cut anew at once."""
    tree = chain(750, 1000, 3000)
    with opened(browser, tmp_path, tree) as tab:
        taken = []
        for view in ("borders", "overlay", "colours", "strengths"):
            tab.locator(f"button[data-cut={view}]").click()
            for detail in (0.3, 0.6, 0.9):
                set_detail(tab, tree, detail)
                tab.wait_for_selector(f"#detail-section[data-cut={view}]")
                taken.append(int(tab.locator("#detail-section").get_attribute("data-milliseconds") or 0))
        # 15 ms on a quiet machine.
        assert np.median(taken) < 100


ODD = {
    "pixel": Hierarchy(np.zeros((1, 1), np.int32), np.zeros((0, 2), np.int32), np.zeros(0), np.zeros((1, 3), np.uint8)),
    "line": hierarchy(1, 900),
    "tall": hierarchy(900, 4, side=2),
    "two": hierarchy(60, 180, side=60),
    "empty": Hierarchy(
        np.full((9, 9), -1, np.int32), np.zeros((0, 2), np.int32), np.zeros(0), np.zeros((1, 3), np.uint8)
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_trees_work(browser: Browser, tmp_path: Path, odd: str) -> None:
    """One pixel, one line, one region and nothing at all can be cut."""
    with opened(browser, tmp_path, ODD[odd], "phone") as tab:
        for view in ("borders", "overlay", "colours", "strengths"):
            tab.locator(f"button[data-cut={view}]").click()
            set_detail(tab, ODD[odd], 1.0)
            set_detail(tab, ODD[odd], 0.0)
