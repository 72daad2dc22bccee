"""The report of a clip: whole, plain about what went wrong, and fit for any screen."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.figures.report.clip_page import ClipPage, Still, clip_report_page, thinned
from gmmseg.figures.report.wording import clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def page(n: int = 300, h: int = 90, w: int = 160, **fields: Any) -> ClipPage:
    random = np.random.default_rng(0)
    times = np.arange(n) / 25
    shares = np.clip(np.sin(times) * 0.1, 0, 1)
    still = Still(50, 2.0, 0.1, random.integers(0, 256, (h, w, 3), np.uint8), np.zeros((h, w), np.uint8))
    given: dict[str, Any] = {
        "title": "walk.mp4",
        "background": random.integers(0, 256, (h, w, 3), np.uint8),
        "times": times,
        "shares": shares,
        "activity": random.random((h, w)) ** 4,
        "stills": [still] * 5,
        "blobs": 1234,
        "settings": {"every": 1},
        "command": "gmmseg background walk.mp4",
        "seconds": 12.5,
    }
    return ClipPage(**(given | fields))


ODD = {
    "usual": page(),
    "pixel": page(1, 1, 1, stills=[]),
    "still": page(shares=np.zeros(300), activity=np.zeros((90, 160)), stills=[]),
    "tall": page(h=700, w=20),
    "flat": page(h=9, w=900),
    "long": page(n=200_000),
    "hostile": page(title="<script>alert(1)</script>", notes=("<img src=x onerror=alert(1)>",) * 2),
    "name": page(title="a-name-without-a-single-space-" * 8 + ".mp4"),
    "bare": page(settings={}, command="", seconds=None),
}


@pytest.mark.parametrize("odd", ODD)
def test_page_is_whole(odd: str) -> None:
    """Every page closes what it opens, refers to nothing outside, and has no place left to fill in."""
    text = clip_report_page(ODD[odd])
    for tag in ("div", "figure", "section", "p", "ul", "li", "dl", "svg", "main", "b", "span", "figcaption"):
        assert len(re.findall(rf"<{tag}[ >]", text)) == text.count(f"</{tag}>"), tag
    assert not re.search(r"""(src|href)=["'](?!data:)""", text)
    assert "{{" not in text
    assert "<script" not in text
    assert len(text) < 3_000_000


def test_what_went_wrong_is_told() -> None:
    """Notes stand at the top of the page."""
    text = clip_report_page(page(notes=("Interrupted after 7 frames.",)))
    assert text.index("Interrupted after 7 frames.") < text.index("<main>")


def test_thinning_keeps_the_peaks() -> None:
    """A curve of many points keeps its highest and lowest values."""
    values = np.random.default_rng(1).random(100_000)
    values[54_321], values[77_777] = 9, -9
    times, left = thinned(np.arange(100_000.0), values, 900)
    assert len(left) <= 900
    assert (left.max(), left.min()) == (9, -9)
    assert np.all(np.diff(times) > 0)
    assert times[left.argmax()] == 54_321
    assert thinned(times, left, 900)[1] is left


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.0"), (7.26, "0:07.3"), (9.97, "0:10"), (59.7, "1:00"), (754, "12:34"), (3723.2, "1:02:03")],
)
def test_clock(seconds: float, text: str) -> None:
    """Times are written as players write them."""
    assert clock(seconds) == text


def test_what_does_not_fit_is_refused() -> None:
    """Times and shares of different numbers, no frame at all, and activity of another size are refused."""
    for wrong in (
        {"shares": np.zeros(3)},
        {"times": np.zeros(0), "shares": np.zeros(0)},
        {"activity": np.zeros((2, 2))},
    ):
        with pytest.raises(InputError, match="expected"):
            page(**wrong)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra dev, is not installed")
    if BROWSER is None:
        pytest.skip("no chromium or chrome on the path")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=flags, env={**os.environ})
        yield found
        found.close()


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("odd", ODD)
def test_page_fits_the_screen(browser: Browser, tmp_path: Path, odd: str, width: int) -> None:
    """Nothing is wider than a desk's or a phone's screen, complains, or asks the network for anything."""
    file = tmp_path / "report.html"
    file.write_text(clip_report_page(ODD[odd]), encoding="utf-8")
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        tab = context.new_page()
        tab.on("console", lambda message: troubles.append(message.text))
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("request", lambda request: troubles.append(request.url) if "http" in request.url[:5] else None)
        tab.goto(file.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        shown = [chart.is_visible() for chart in tab.locator(".course svg").all()]
        assert shown == [width > 700, width <= 700]
        broken = "[...document.images].filter(i => !i.complete || !i.naturalWidth).length"
        assert tab.evaluate(broken) == 0
    finally:
        context.close()
    assert troubles == []
