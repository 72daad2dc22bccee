"""Contact sheets: what is where, whatever the pictures' shapes and names."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.figures.contact_sheet import TILE, Group, Section, Tile, contact_sheet, percentage

RED, BLUE = (200, 30, 30), (20, 40, 210)


def flat(colour: tuple[int, int, int], height: int = 96, width: int = 128) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def group(tiles: list[Tile], heading: str = "", title: str = "Cluster 0") -> Group:
    return Group(title, "two lines", (0, 158, 115), (120, 120, 10), [Section(heading, tiles)])


def share(sheet: np.ndarray, colour: tuple[int, int, int]) -> float:
    """How much of the sheet is of this very colour."""
    return float((sheet == colour).all(axis=2).mean())


def test_every_picture_is_there() -> None:
    """Each picture covers its tile, in its own colours."""
    sheet = contact_sheet([group([Tile(flat(RED), "a", 1.0), *(Tile(flat(BLUE), "b", 0.5) for _ in range(11))])], 4)
    area = sheet.shape[0] * sheet.shape[1]
    assert share(sheet, RED) * area == TILE * 96
    assert share(sheet, BLUE) * area == 11 * TILE * 96
    columns = (sheet == BLUE).all(axis=2).any(axis=0)
    assert np.count_nonzero(np.diff(columns.astype(int)) == 1) == 4


def test_bars_show_probabilities() -> None:
    """The bar below a picture is as long as its probability."""
    for probability in (0.0, 0.25, 1.0):
        sheet = contact_sheet([group([Tile(flat(RED), "a", probability)])])
        rows = (sheet[100:] == (0, 158, 115)).all(axis=2).sum(axis=1)
        assert rows.max() == round(TILE * probability)


def test_shapes_of_all_kinds() -> None:
    """Tall, wide, tiny and large pictures keep their proportions within their tiles."""
    shapes = [(128, 40), (10, 128), (3, 3), (900, 1200)]
    sheet = contact_sheet([group([Tile(flat(RED, *shape), "a", 1.0) for shape in shapes])])
    covered = (sheet == RED).all(axis=2)
    assert covered[:, 30 : 30 + TILE].any()
    assert sheet.dtype == np.uint8
    assert 0.25 * TILE**2 < covered.sum() < 2 * TILE**2


def test_names_of_all_kinds() -> None:
    """Long, empty, foreign and broken names do not leave their tiles or fail."""
    names = ["x" * 300, "", "日本の写真.jpg", "a\nb\tc\0", "bad\udcff", "naïve café.png"]
    sheet = contact_sheet([group([Tile(flat(RED), name, 0.123) for name in names])], 1)
    left, right = sheet[:, :30], sheet[:, -30:]
    paper = sheet[0, 0]
    assert (left[90:] == paper).all()
    assert (right[90:] == paper).all()


def test_groups_stand_below_each_other() -> None:
    """Groups and sections with headings make the sheet longer, never wider."""
    tiles = [Tile(flat(RED), "a", 1.0)] * 8
    one, two = contact_sheet([group(tiles)], 8), contact_sheet([group(tiles), group(tiles, "the rest")], 8)
    assert one.shape[1] == two.shape[1]
    assert two.shape[0] > 2 * one.shape[0] - 60


def test_the_same_sheet_again() -> None:
    """The same pictures give the same bytes."""
    groups = [group([Tile(flat(RED), "a", 0.7)] * 3)]
    assert np.array_equal(contact_sheet(groups), contact_sheet(groups))


def test_percentages() -> None:
    """A hundred percent is what rounds to it; what is less is said to a tenth."""
    assert [percentage(p) for p in (1.0, 0.9996, 0.9994, 0.5, 0.0)] == ["100 %", "100 %", "99.9 %", "50.0 %", "0.0 %"]


def test_what_is_no_sheet() -> None:
    """A sheet needs pictures, and columns."""
    with pytest.raises(InputError, match="at least one picture"):
        contact_sheet([group([])])
    with pytest.raises(InputError, match="columns"):
        contact_sheet([group([Tile(flat(RED), "a", 1.0)])], 0)
    with pytest.raises(InputError, match="uint8"):
        contact_sheet([group([Tile(np.zeros((3, 3)), "a", 1.0)])])  # type: ignore[arg-type]
