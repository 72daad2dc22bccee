"""The report of a segmentation."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from made_segments import KINDS_OF_PICTURE, chosen, crop, crowded, holed, of_kind

from gmmseg import InputError, Segmentation
from gmmseg.figures.report import reduced_shape
from gmmseg.outputs import save
from gmmseg.outputs.reducing import reduced_shares
from gmmseg.outputs.report import page_of

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def test_small_planes_are_the_probabilities() -> None:
    """At full size nothing is averaged."""
    seg = holed()
    soft, unsure = reduced_shares(seg, *seg.labels.shape)
    np.testing.assert_array_equal(np.moveaxis(soft, 0, 2), seg.probabilities)
    np.testing.assert_allclose(unsure, seg.uncertainty, atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(45, 60), (7, 11), (1, 1), (90, 1)])
def test_reduced_planes_are_means(height: int, width: int) -> None:
    """Each value is the mean over the valid pixels of its box."""
    seg = holed()
    soft, unsure = reduced_shares(seg, height, width)
    assert soft.shape == (seg.k, height, width)
    h, w = seg.labels.shape
    box = (np.arange(h) * height // h == height - 1)[:, None] & (np.arange(w) * width // w == width - 1)
    box &= seg.image.valid
    np.testing.assert_allclose(soft[:, -1, -1], seg.probabilities[box].mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(unsure[-1, -1], seg.uncertainty[box].mean(), atol=1e-5)


def test_page_of_a_chosen_number() -> None:
    """The page has everything that is known."""
    seg = chosen()
    page = page_of(seg, "gmmseg photo coffee.jpg")
    assert page.title == "coffee.jpg"
    assert page.command == "gmmseg photo coffee.jpg"
    assert [candidate.k for candidate in page.curve if candidate.chosen] == [seg.k]
    assert "ICL" in page.choice
    assert page.mixture is not None
    assert page.mixture.axes == ("L*", "a*", "b*")
    assert page.rgb is not None
    assert page.linked
    assert page.regions == seg.regions.max() + 1
    assert len(page.trace) == len(seg.history.fit.trace) if seg.history else False
    assert {"features", "covariance", "gmmseg"} <= set(page.settings)
    assert [row["share"] for row in page.rows] == [row["share"] for row in seg.table()]


def test_page_of_an_applied_model() -> None:
    """A model that was applied has no fit to show, and the page says where it comes from."""
    page = page_of(holed().model.apply(crop()))
    assert page.curve == ()
    assert page.trace == ()
    assert "applied" in page.choice


@pytest.mark.parametrize("covariance", ["full", "diag", "tied", "spherical"])
def test_page_of_every_family(covariance: str) -> None:
    """Covariances of all families are shown as matrices."""
    from made_segments import cut

    from gmmseg import segment

    seg = segment(cut(), 3, covariance=covariance)
    mixture = page_of(seg).mixture
    assert mixture is not None
    assert mixture.covariances.shape == (3, 3, 3)


def test_too_many_segments_for_a_report(tmp_path: Path) -> None:
    """A report of hundreds of segments is refused by name."""
    with pytest.raises(InputError, match="at most 255 segments"):
        save(crowded(), tmp_path, "report")
    assert list(tmp_path.iterdir()) == []


def test_reduced_shape_keeps_small_pictures() -> None:
    """Pictures up to 700 pixels stay as they are, and larger ones keep their proportions."""
    assert reduced_shape((300, 700)) == (300, 700)
    assert reduced_shape((3000, 4000, 3)) == (525, 700)
    assert reduced_shape((1, 9000)) == (1, 700)


REPORTS = ["chosen", *KINDS_OF_PICTURE]


def seg_of(name: str) -> Segmentation:
    return chosen() if name == "chosen" else of_kind(name)


@pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on the path")
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", REPORTS)
def test_report_opens_and_answers(tmp_path: Path, name: str, width: int) -> None:
    """The page opens, a click on a segment highlights it, all views show, and nothing is complained about."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra dev, is not installed")
    (path,) = save(seg_of(name), tmp_path, "report", command="gmmseg photo a.jpg")
    troubles: list[str] = []
    with sync_api.sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=BROWSER, args=flags, env={**os.environ})
        tab = browser.new_page(viewport={"width": width, "height": 850})
        tab.set_default_timeout(20_000)
        tab.on("console", lambda message: troubles.append(message.text))
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.goto(path.as_uri())
        tab.wait_for_selector("body[data-ready=yes]")
        last = seg_of(name).k - 1
        tab.locator(".entry").last.click()
        tab.wait_for_selector(f"#focus[data-segment='{last}']")
        assert tab.locator(".entry[aria-pressed=true]").count() == 1
        for view in ("overlay", "borders", "soft", "uncertainty"):
            tab.locator(f"button[data-view={view}]").click()
            tab.wait_for_selector(f"body[data-view={view}]")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert troubles == []
