"""Where on earth an output lies: the tags of the picture it was made from, and a no-data value of its own."""

from __future__ import annotations

from collections.abc import Sequence

from gmmseg.files import GeoTag

_ASCII = 2
_METADATA, _NO_DATA = 42112, 42113  # GDAL's: statistics and scales of bands, and the sample that means nothing


def placed(geo: Sequence[GeoTag], no_data: int | None = None) -> tuple[GeoTag, ...]:
    """The tags for an output with other samples than the picture's."""
    tags = tuple(tag for tag in geo if tag.code not in {_METADATA, _NO_DATA})
    return tags if no_data is None else (*tags, GeoTag(_NO_DATA, _ASCII, 0, str(no_data)))
