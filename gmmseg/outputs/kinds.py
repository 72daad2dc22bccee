"""The kinds of output, and the names of their files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from gmmseg.choosing import chosen_kinds


@dataclass(frozen=True)
class Kind:
    """What one kind of output is called.

    Attributes
    ----------
    about : str
        One line for people who choose.
    name : str
        What stands behind the picture's own name.
    suffixes : tuple of str
        Of its files; the first is the usual one.
    many : bool
        Whether it is a folder with a file for each segment.
    """

    about: str
    name: str
    suffixes: tuple[str, ...]
    many: bool = False

    def path(self, folder: str | PathLike[str], stem: str, suffix: str | None = None) -> Path:
        """Where it goes; `suffix` if not the usual one."""
        name = f"{stem}-{self.name}" if stem else self.name
        return Path(folder) / (name if self.many else name + (suffix or self.suffixes[0]))

    def is_there(self, folder: str | PathLike[str], stem: str) -> bool:
        """Whether it has been written."""
        if self.many:
            place = self.path(folder, stem)
            return place.is_dir() and any(
                entry.stem.isdigit() and entry.suffix in self.suffixes for entry in place.iterdir()
            )
        return any(self.path(folder, stem, suffix).is_file() for suffix in self.suffixes)


@dataclass(frozen=True)
class Catalogue:
    """Kinds of output that can be asked for together.

    Attributes
    ----------
    table : dict
        Kinds by name.
    usual : tuple of str
        The names of those that are written where nobody says which.
    """

    table: dict[str, Kind]
    usual: tuple[str, ...]

    def chosen(self, kinds: str | Iterable[str] | None) -> tuple[str, ...]:
        """The kinds that are meant, each once."""
        return chosen_kinds(kinds, self.table, self.usual)

    def planned(self, kinds: str | Iterable[str] | None, folder: str | PathLike[str], stem: str) -> tuple[Path, ...]:
        """Where outputs of these kinds usually go; for masks and cut-outs, their folders."""
        return tuple(self.table[name].path(folder, stem) for name in self.chosen(kinds))

    def present(self, kinds: str | Iterable[str] | None, folder: str | PathLike[str], stem: str) -> bool:
        """Whether outputs of all these kinds are there."""
        return all(self.table[name].is_there(folder, stem) for name in self.chosen(kinds))


TABLE: dict[str, Kind] = {
    "labels": Kind("segment numbers as an indexed PNG; GeoTIFF for geographic pictures", "labels", (".png", ".tif")),
    "overlay": Kind("the photo tinted by segment, with thin borders", "overlay", (".jpg", ".png")),
    "csv": Kind("a table with area, colour, place and certainty of each segment", "segments", (".csv",)),
    "json": Kind("the same as JSON, with settings, versions and the course of the fit", "segments", (".json",)),
    "regions": Kind("numbers of the connected regions, as for labels", "regions", (".png", ".tif")),
    "contours": Kind("the photo with the borders of its regions", "contours", (".jpg", ".png")),
    "posterised": Kind("each segment in its mean colour", "posterised", (".png",)),
    "uncertainty": Kind("how unsure each pixel is, dark to bright", "uncertainty", (".png",)),
    "masks": Kind("a soft greyscale mask for each segment", "masks", (".png", ".tif"), many=True),
    "cutouts": Kind(
        "the picture's own pixels of each segment, softly transparent", "cutouts", (".png", ".tif"), many=True
    ),
    "probabilities": Kind("how much each pixel belongs to each segment, for NumPy", "probabilities", (".npz",)),
    "probabilities-tiff": Kind("the same as a TIFF with a float page for each segment", "probabilities", (".tif",)),
    "coco": Kind("COCO JSON, a run-length mask for each segment", "coco", (".json",)),
    "coco-polygons": Kind("COCO JSON, polygons of each connected piece", "coco-polygons", (".json",)),
    "model": Kind("the model, to segment other pictures alike", "model", (".npz",)),
    "report": Kind("one HTML page to look at everything", "report", (".html",)),
}

KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
USUAL = ("labels", "overlay", "csv")
CATALOGUE = Catalogue(TABLE, USUAL)
chosen, planned, present = CATALOGUE.chosen, CATALOGUE.planned, CATALOGUE.present
