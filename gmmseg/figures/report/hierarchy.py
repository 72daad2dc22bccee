"""A tree of regions as a report shows it: cut at any detail, by the reader."""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, Integers, colors_of, labels_of
from gmmseg.figures.report.sizes import fitted

_LONGEST = 1000  # pixels on the long side of what the reader cuts


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Regions that merge two by two, from n crumbs to one.

    Attributes
    ----------
    crumbs : (h, w) integers
        The finest regions, below n; −1 means left out.
    merges : (n − 1, 2) integers
        The two nodes that become node n + t; crumbs are the nodes below n.
    heights : (n − 1,) float64
        How strong the border was that each merge took away, 0 to 1, never falling. At detail d borders above 1 − d
        are shown, both in 32 bits.
    colors : (n, 3) uint8
        The mean colour of each crumb.
    detail : float
        Where the slider begins.
    regions : int, optional
        How many regions are shown before the slider moves; what the detail makes, if not given. So a page may begin
        with a cut that no place of the slider has, such as one of so many regions.
    """

    crumbs: Integers
    merges: Integers
    heights: Doubles
    colors: Bytes
    detail: float = 0.5
    regions: int | None = None

    def __post_init__(self) -> None:
        crumbs = labels_of(self.crumbs)
        colors = colors_of(self.colors, max(1, int(crumbs.max()) + 1))
        merges, heights = np.asarray(self.merges, np.int32), np.asarray(self.heights, np.float64)
        n = len(colors)
        if merges.shape != (n - 1, 2) or heights.shape != (n - 1,):
            raise InputError(
                f"expected {n - 1} merges and heights, as there are {n} colors; got {merges.shape} and {heights.shape}"
            )
        if (np.sort(merges, axis=None) != np.arange(2 * n - 2)).any() or (
            merges >= n + np.arange(n - 1)[:, None]
        ).any():
            raise InputError("expected merges of nodes that are there, each once; got others")
        if (np.diff(heights) < 0).any() or not np.isfinite(heights).all():
            raise InputError("expected heights that never fall; got others")
        if not 0 <= self.detail <= 1:
            raise InputError(f"expected a detail from 0 to 1; got {self.detail!r}")
        if self.regions is not None and not 1 <= self.regions <= n:
            raise InputError(f"expected 1 to {n} regions to begin with; got {self.regions!r}")
        for name, array in (("crumbs", crumbs), ("merges", merges), ("heights", heights), ("colors", colors)):
            object.__setattr__(self, name, array)


def hierarchy_data(hierarchy: Hierarchy) -> dict[str, object]:
    """What the script unpacks: numbers of crumbs at a reduced size and the tree, deflated, as base64."""
    width, height = fitted(hierarchy.crumbs.shape, _LONGEST)
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for new, old in zip((height, width), hierarchy.crumbs.shape, strict=True)
    )
    count = len(hierarchy.colors)
    wide = 1 if count < 1 << 8 else 2 if count < 1 << 16 else 4
    numbers = (hierarchy.crumbs[np.ix_(rows, columns)] + 1).astype(f"<u{wide}")
    areas = np.bincount(hierarchy.crumbs[hierarchy.crumbs >= 0].astype(np.int64), minlength=count)
    leaves = np.concatenate([hierarchy.colors, areas.astype("<u4")[:, None].view(np.uint8)], axis=1)
    tree = hierarchy.heights.astype("<f8").tobytes() + hierarchy.merges.astype("<i4").tobytes() + leaves.tobytes()
    return {
        "width": width,
        "height": height,
        "count": count,
        "wide": wide,
        "detail": hierarchy.detail,
        "regions": hierarchy.regions,
        "crumbs": _deflated(_steps(numbers).view(np.uint8).reshape(-1, wide).T.tobytes()),
        "tree": _deflated(tree),
    }


def _steps(numbers: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """Differences from the number above where the two before are alike, else from that before, modulo the type's range.

    So nearly all are 0 but where borders turn, as in PNG's Paeth filter.
    """
    padded = np.pad(numbers, ((1, 0), (1, 0)))
    left, up, corner = padded[1:, :-1], padded[:-1, 1:], padded[:-1, :-1]
    return np.ascontiguousarray(numbers - np.where(left == corner, up, left))


def _deflated(data: bytes) -> str:
    return b64encode(zlib.compress(data, 9)).decode()


def detail_section(hierarchy: Hierarchy | None, ratio: str) -> str:
    """The section with the slider, hidden until the script has unpacked the tree; nothing without a hierarchy."""
    if hierarchy is None:
        return ""
    width, height = fitted(hierarchy.crumbs.shape, _LONGEST)
    names = (("borders", "Borders"), ("overlay", "Overlay"), ("colours", "Colours"), ("strengths", "Strength"))
    buttons = "".join(
        f'<button type="button" data-cut="{cut}" aria-pressed="{str(cut == "borders").lower()}">{name}</button>'
        for cut, name in names
    )
    coarse = "" if max(width, height) > 200 else " coarse"
    return (
        '<section id="detail-section" aria-labelledby="detail-name" hidden><h2 id="detail-name">Detail</h2>'
        '<p class="lead">The picture is a tree of regions. The slider cuts it, from the whole to the finest parts; '
        "the rest of this page tells of the cut it begins with.</p>"
        f'<div class="stage"><div class="views" role="group" aria-label="How to show the regions">{buttons}</div>'
        f'<div class="frame"><div class="picture cut{coarse}" style="--ratio:{ratio}">'
        f'<img id="cut-photo" alt="The photo"><canvas id="cut" width="{width}" height="{height}" '
        'role="img" aria-label="The regions at this detail"></canvas>'
        '</div></div><div class="slide"><span aria-hidden="true">coarse</span>'
        f'<input type="range" id="detail-slider" min="0" max="1" step="0.01" value="{hierarchy.detail:g}" '
        'aria-label="Detail"><span aria-hidden="true">fine</span></div>'
        '<p class="caption"><b id="detail-told"></b><span id="detail-caption"></span></p></div></section>'
    )
