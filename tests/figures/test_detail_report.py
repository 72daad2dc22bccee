"""The slider of a report as data: what is embedded says what the tree says."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sample_hierarchy import bare_page, hierarchy
from sample_pages import page

from gmmseg import InputError
from gmmseg.figures.report import Hierarchy, report_page


def embedded(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))["hierarchy"]
    return data


def unpacked(data: dict[str, Any]) -> np.ndarray:
    """The crumbs as the script makes them."""
    w, h, wide = data["width"], data["height"], data["wide"]
    planes = np.frombuffer(zlib.decompress(b64decode(data["crumbs"])), np.uint8).reshape(wide, h, w)
    steps = sum(planes[i].astype(np.int64) << 8 * i for i in range(wide))
    found = np.zeros((h + 1, w + 1), np.int64)
    for y in range(h):
        for x in range(w):
            left, up, corner = found[y + 1, x], found[y, x + 1], found[y, x]
            found[y + 1, x + 1] = ((up if left == corner else left) + steps[y, x]) % 256**wide
    return found[1:, 1:] - 1


@pytest.mark.parametrize("side", [40, 3])
def test_crumbs_and_tree_are_embedded_exactly(side: int) -> None:
    """Numbers of few crumbs and of many, heights, merges, colours and areas come back as they were."""
    tree = hierarchy(side=side)
    data = embedded(report_page(bare_page(tree)))
    np.testing.assert_array_equal(unpacked(data), tree.crumbs)
    raw = zlib.decompress(b64decode(data["tree"]))
    n = len(tree.colors)
    np.testing.assert_array_equal(np.frombuffer(raw, "<f8", n - 1), tree.heights)
    np.testing.assert_array_equal(np.frombuffer(raw, "<i4", 2 * n - 2, 8 * (n - 1)).reshape(-1, 2), tree.merges)
    leaves = np.frombuffer(raw, np.uint8, offset=16 * (n - 1)).reshape(n, 7)
    np.testing.assert_array_equal(leaves[:, :3], tree.colors)
    areas = np.ascontiguousarray(leaves[:, 3:]).view("<u4")[:, 0]
    np.testing.assert_array_equal(areas, np.bincount(tree.crumbs[tree.crumbs >= 0], minlength=n))


def test_large_pictures_are_reduced() -> None:
    """A wide picture is embedded at 1000 pixels, in few bytes."""
    tree = hierarchy(600, 2400, side=40)
    data = embedded(report_page(bare_page(tree)))
    assert (data["width"], data["height"]) == (1000, 250)
    assert len(data["crumbs"]) < 20_000


def test_segments_may_be_called_regions() -> None:
    """A page speaks of regions where it is told to, and not of segments."""
    html = report_page(replace(bare_page(hierarchy()), noun="region"))
    told = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    assert "egment" not in told
    assert "Choose a region here" in told
    assert "1 region" in told


def test_a_page_without_a_tree_has_no_slider() -> None:
    """Nothing of the section or its script is there."""
    html = report_page(page())
    assert "detail-slider" not in html
    assert "const detailSlider" not in html
    assert embedded(html) is None


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "merges": ({"merges": np.zeros((3, 2), np.int32)}, "merges and heights"),
    "twice": ({"merges": np.zeros((46, 2), np.int32)}, "each once"),
    "heights": ({"heights": np.linspace(1, 0, 46)}, "never fall"),
    "NaN": ({"heights": np.full(46, np.nan)}, "never fall"),
    "detail": ({"detail": 2.0}, "from 0 to 1"),
    "none": ({"regions": 0}, "1 to 47 regions to begin with; got 0"),
    "many": ({"regions": 48}, "1 to 47 regions to begin with; got 48"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_tree_is_refused(case: str) -> None:
    """Merges of the wrong number or of a node twice, heights that fall, and wrong details are refused in a line."""
    tree = hierarchy()
    fields, words = WRONG[case]
    given = {name: getattr(tree, name) for name in ("crumbs", "merges", "heights", "colors")} | fields
    with pytest.raises(InputError, match=words):
        Hierarchy(**given)


def test_a_tree_of_another_picture_is_refused() -> None:
    """Crumbs of another shape than the labels are refused."""
    with pytest.raises(InputError, match="expected crumbs of shape"):
        page(hierarchy=hierarchy(30, 40))
