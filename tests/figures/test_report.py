"""The report as text."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sample_pages import page

from gmmseg import InputError
from gmmseg.figures.report import Candidate, Components, Page, reduced_shape, report_page
from gmmseg.figures.report.charts import line_chart, ticks
from gmmseg.figures.report.wording import number, percent

VOID = {"meta", "link", "img", "input", "br"}


class Checker(HTMLParser):
    """Follows the elements, and notes what is opened, closed and referred to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element and its attributes."""
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "srcset", "action", "data"}:
                self.references.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The same for an element of SVG that has no end."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """What ends is what was opened last."""
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.texts.append(data)


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    assert len(set(checker.ids)) == len(checker.ids)
    return checker


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def picture_of(uri: str) -> np.ndarray:
    with Image.open(BytesIO(b64decode(uri.split(",", 1)[1]))) as image:
        return np.asarray(image)


def test_page_is_whole_and_refers_to_nothing_outside() -> None:
    """Elements are closed in order, and every reference is a data URI."""
    html = report_page(page())
    assert checked(html).references
    assert all(reference.startswith("data:") for reference in checked(html).references)
    assert not re.search(r"https?:|//\w+\.\w|@import|url\(", html)
    assert "{{" not in re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.jpg", '"><img src=x onerror=alert(1)>', "</script>", "{{data}}", "a & b"]
)
def test_names_are_harmless(name: str) -> None:
    """A name of any kind is shown as it is and starts nothing, wherever it stands."""
    rows = [{"segment": name, name: name} for _ in range(3)]
    axes = (name, "a", "b")
    mixture = Components(np.ones(3) / 3, np.zeros((3, 3)), np.stack([np.eye(3)] * 3), axes)
    settings = {name: name}
    shown = page(title=name, rows=rows, settings=settings, command=name, notes=(name,), choice=name, mixture=mixture)
    html = report_page(shown)
    checker = checked(html)
    assert checker.texts.count(name) >= 6
    assert html.count("<script") == 2
    assert html.lower().count("<img") == 1
    assert data_of(html)["segments"][0]["name"] == name


def test_labels_come_back_from_the_page() -> None:
    """The embedded map holds the labels of a small picture exactly, for few and for many segments."""
    for k in (1, 2, 7, 120):
        shown = page(k=k)
        levels = picture_of(data_of(report_page(shown))["labels"]).astype(float)
        np.testing.assert_array_equal(np.rint(levels * k / 255) - 1, shown.labels)


def test_masks_are_reduced_by_averaging() -> None:
    """A mask larger than its place is made smaller by means of blocks."""
    random = np.random.default_rng(1)
    h, w = 1400, 2800
    soft = np.repeat(np.repeat(random.random((100, 200)).astype(np.float32), 14, 0), 14, 1)
    shown = page(h, w, 1, soft=iter([soft]), uncertainty=None)
    mask = picture_of(data_of(report_page(shown))["masks"][0])
    assert max(mask.shape[:2]) <= 700
    grey = mask if mask.ndim == 2 else mask[..., 0]
    assert abs(grey.mean() / 255 - soft.mean()) < 0.01


def test_large_photo_makes_a_small_page() -> None:
    """A page for twelve megapixels stays under three megabytes."""
    h, w = 3000, 4000
    y, x = np.mgrid[:h, :w].astype(np.float32)
    waves = np.sin(x / 90) + np.cos(y / 70) + np.random.default_rng(0).normal(0, 0.3, (h, w)).astype(np.float32)
    labels = np.digitize(waves, [-1, -0.3, 0.3, 1]).astype(np.int16)
    colors = np.array([[40 * i, 200 - 30 * i, 90] for i in range(5)], np.uint8)
    soft = ((labels == c).astype(np.float32) for c in range(5))
    html = report_page(Page("large.jpg", colors[labels], labels, colors, soft))
    assert len(html.encode()) < 3e6


@pytest.mark.parametrize(
    "shown",
    [
        page(1, 1, 1),
        page(1, 400, 2),
        page(k=30),
        page(h=12, w=12, k=1, trace=(1.0,), curve=[Candidate(1, float("nan"), float("inf"))]),
        page(trace=(float("nan"), float("-inf"), -3.0), seconds=None, regions=None),
        page(rgb=Components(np.ones(1), np.full((1, 3), np.nan), np.full((1, 3, 3), np.inf))),
        page(uncertainty=np.full((90, 120), np.nan, np.float32), soft=np.full((90, 120, 3), np.nan, np.float32)),
        page(histograms=np.zeros((3, 64)), points=np.zeros((0, 3), np.uint8), point_segments=np.zeros(0, int)),
        Page("bare", np.zeros((3, 3, 3), np.uint8), np.zeros((3, 3), np.int16), np.zeros((1, 3), np.uint8)),
        Page("none", np.zeros((3, 3, 3), np.uint8), np.full((3, 3), -1, np.int16), np.zeros((2, 3), np.uint8)),
    ],
    ids=["pixel", "line", "thirty", "lone", "trace", "nowhere", "unknown", "blank", "bare", "empty"],
)
def test_odd_pages_are_whole(shown: Page) -> None:
    """Pages with little, with much, and with numbers that are none, are whole and show no such numbers."""
    html = report_page(shown)
    checker = checked(html)
    data_of(html)
    drawn = re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL)
    assert not re.search(r'(?:d|cx|cy|x|y)="[^"]*(?:nan|inf)', drawn)
    assert not re.search(r"\bnan\b", " ".join(checker.texts[:-2]))


def test_all_but_one_pixel_left_out() -> None:
    """A page on a single pixel shows that pixel's segment with the whole share."""
    labels = np.full((20, 30), -1, np.int16)
    labels[4, 5] = 1
    html = report_page(Page("one", np.zeros((20, 30, 3), np.uint8), labels, np.zeros((2, 3), np.uint8)))
    data = data_of(html)
    assert [segment["share"] for segment in data["segments"]] == ["0.0%", "100.0%"]
    assert len(b64decode(data["owners"])) == 1


def test_small_planes_will_do() -> None:
    """Soft masks and uncertainty that come at the size of the report give the same page as large ones."""
    large = page(1401, 2100, 2)
    shape = reduced_shape(large.labels.shape)
    assert isinstance(large.soft, np.ndarray)
    assert large.uncertainty is not None
    soft = [plane.reshape(shape[0], 3, shape[1], 3).mean(axis=(1, 3)) for plane in np.moveaxis(large.soft, 2, 0)]
    unsure = large.uncertainty.reshape(shape[0], 3, shape[1], 3).mean(axis=(1, 3))
    small = page(1401, 2100, 2, soft=soft, uncertainty=unsure)
    found, expected = data_of(report_page(small)), data_of(report_page(large))
    assert found["masks"] == expected["masks"]
    assert len(found["uncertainty"]) == pytest.approx(len(expected["uncertainty"]), rel=0.02)


@pytest.mark.parametrize(
    "fields",
    [
        {"soft": [np.zeros((90, 120))]},
        {"soft": [np.zeros((9, 12))] * 3},
        {"soft": np.zeros((3, 90, 120), np.float32)},
        {"rows": [{}]},
        {"uncertainty": np.zeros((9, 12), np.float32)},
        {"points": np.zeros((4, 3), np.uint8)},
        {"points": np.zeros((4, 3), np.uint8), "point_segments": np.zeros(5, int)},
        {"histograms": np.zeros((4, 64))},
        {"rgb": Components(np.ones(1), np.zeros((1, 2)), np.eye(2)[None], ("x", "y"))},
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any]) -> None:
    """Masks, rows, points and histograms that do not belong to the labels are refused."""
    with pytest.raises(InputError, match="expected"):
        report_page(page(**fields))


def test_too_many_segments_are_refused() -> None:
    """More segments than a byte can count are refused."""
    with pytest.raises(InputError, match="at most 255"):
        page(k=256)


def test_ticks_are_round_and_inside() -> None:
    """Ticks lie within the range, evenly, at ones, twos or fives."""
    for low, high in [(0, 1), (-2.389e6, -2.388e6), (1e-7, 3e-7), (-5, 1200)]:
        marks = ticks(low, high)
        assert 2 <= len(marks) <= 7
        assert low - 1e-9 * abs(low) <= marks[0] <= marks[-1] <= high + 1e-9 * abs(high)
        np.testing.assert_allclose(np.diff(marks), marks[1] - marks[0], rtol=1e-6)
    assert ticks(3, 3) == [3]


def test_nothing_to_draw_is_no_chart() -> None:
    """A line of no finite values is left out; one of a single value is a dot."""
    assert line_chart("none", [], [], "k") == ""
    assert line_chart("none", [1, 2], [float("nan"), float("inf")], "k") == ""
    assert line_chart("one", [1], [5.0], "k").count("<circle") == 1


def test_numbers_read_well() -> None:
    """Digits are grouped, minus is a minus, little is not nothing, and what is no number is a dash."""
    assert number(12_000_000) == "12\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000"
    assert number(-0.012345) == "\N{MINUS SIGN}0.01235"
    assert number(float("nan")) == "–"
    assert percent(0.0001) == "< 0.1%"
    assert percent(0.123) == "12.3%"
