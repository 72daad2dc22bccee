"""The kinds of output of a cut-out, and the names of their files."""

from __future__ import annotations

from gmmseg.outputs.kinds import Catalogue, Kind

TABLE: dict[str, Kind] = {
    "cutout": Kind("the subject's own pixels, softly transparent around it", "cutout", (".png", ".tif")),
    "alpha": Kind("how much of each pixel is the subject, as grey", "alpha", (".png", ".tif")),
    "overlay": Kind("the photo, dark and grey where the subject is not", "overlay", (".jpg", ".png")),
    "labels": Kind("1 for the subject and 0 for the ground, as an indexed PNG", "labels", (".png", ".tif")),
    "json": Kind("box, area, marks and the colours of both sides", "subject", (".json",)),
}
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
CATALOGUE = Catalogue(TABLE, ("cutout", "alpha", "overlay"))
USUAL = CATALOGUE.usual
