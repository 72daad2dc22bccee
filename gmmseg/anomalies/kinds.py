"""The kinds of output of an anomaly, and the names of their files."""

from __future__ import annotations

from gmmseg.outputs.kinds import Catalogue, Kind

TABLE: dict[str, Kind] = {
    "heat": Kind("the heat map, dark to bright, with a legend that marks the threshold", "heat", (".png",)),
    "mask": Kind("white where something is odd", "mask", (".png", ".tif")),
    "overlay": Kind("the photo, dark and grey where it is normal, with numbered boxes", "overlay", (".jpg", ".png")),
    "csv": Kind("a table with place, area and scores of each odd piece", "boxes", (".csv",)),
    "json": Kind("the same as JSON, with threshold, settings and versions", "boxes", (".json",)),
    "score": Kind("−log density in nats of each pixel, a TIFF of floats", "score", (".tif",)),
    "npz": Kind("score, mask and rate of each pixel, for NumPy", "score", (".npz",)),
    "model": Kind("the model, to hold other pictures against", "model", (".npz",)),
}
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
CATALOGUE = Catalogue(TABLE, ("heat", "mask", "overlay", "csv"))
