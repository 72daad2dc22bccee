"""The contact sheets of a collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gmmseg.arrays import Labels
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.contact_sheet import Group, Section, Tile, contact_sheet, percentage

if TYPE_CHECKING:
    from gmmseg.albums.album import Collection

COLUMNS = 10
_MOST = 80  # pictures of a cluster that a sheet shows
_UNSURE = 20  # of them the least certain, where there are more
_GLANCE = 10  # pictures of a cluster in the overview


def sheet(found: Collection, cluster: int) -> Bytes:
    """All pictures of a cluster : (h, w, 3) uint8; of a large one the most and the least certain."""
    own = found.ranked(cluster)
    if len(own) <= _MOST:
        sections = [_section(found, "", own)]
    else:
        sections = [
            _section(found, f"the {_MOST - _UNSURE} most certain", own[: _MOST - _UNSURE]),
            _section(found, f"the {_UNSURE} least certain", own[-_UNSURE:]),
        ]
    return contact_sheet([_group(found, cluster, sections)], COLUMNS)


def overview(found: Collection) -> Bytes:
    """The most certain pictures of every cluster : (h, w, 3) uint8."""
    groups = [
        _group(found, cluster, [_section(found, "", found.ranked(cluster)[:_GLANCE])])
        for cluster in range(found.k)
        if found.counts[cluster]
    ]
    return contact_sheet(groups, COLUMNS)


def _group(found: Collection, cluster: int, sections: Sequence[Section]) -> Group:
    count = int(found.counts[cluster])
    pictures = "1 picture" if count == 1 else f"{count:,} pictures"
    sure = float(found.certainty[found.labels == cluster].mean(dtype=float))
    share = f"{100 * found.shares[cluster]:.1f} % of the collection"
    return Group(
        f"Cluster {cluster}",
        f"{pictures}  ·  {share}  ·  {percentage(sure)} certain on average",
        found.marks[cluster],
        found.colors[cluster],
        sections,
    )


def _section(found: Collection, heading: str, pictures: Labels) -> Section:
    tiles = [Tile(found.thumbnail(i), found.files[i].stem, float(found.certainty[i])) for i in pictures.tolist()]
    return Section(heading, tiles)
