"""The kinds of output of a tree of regions: its own, and those of the segmentation that a cut of it is.

A cut's regions are its segments, so there is no kind for connected parts of segments. Nor is there a model: one that
knows colours alone would not find these regions in another picture. Each region in its mean colour is here called mean,
and the photo with borders is called borders, for the contours are those of the whole tree.
"""

from __future__ import annotations

from dataclasses import replace

from gmmseg.outputs import kinds
from gmmseg.outputs.kinds import Catalogue, Kind

_OTHERWISE = {"regions", "contours", "posterised", "model"}

# What needs no soft masks: what is drawn of one cut, and what tells of all cuts.
HARD: dict[str, Kind] = {
    "labels": Kind("region numbers as an indexed PNG; GeoTIFF for geographic pictures", "labels", (".png", ".tif")),
    "overlay": Kind("the photo tinted by region, with thin borders", "overlay", (".jpg", ".png")),
    "mean": Kind("each region in its mean colour", "mean", (".png",)),
    "borders": Kind("the photo with the borders of its regions", "borders", (".jpg", ".png")),
    "contours": Kind("how strong the borders are at every detail, as 16 bits of grey", "contours", (".png", ".tif")),
    "tree": Kind("the whole tree, to be cut again", "tree", (".npz",)),
}
_ABOUT = {
    "json": "the same as JSON, with settings and versions",
    "report": "one HTML page to look at everything, with a slider for the detail",
}
_SOFT = {
    name: replace(kind, about=_ABOUT.get(name, kind.about.replace("segment", "region")))
    for name, kind in kinds.TABLE.items()
    if name not in {*HARD, *_OTHERWISE}
}

CATALOGUE = Catalogue({**HARD, **_SOFT}, ("labels", "overlay", "mean"))
TABLE, USUAL = CATALOGUE.table, CATALOGUE.usual
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
