"""What a clip becomes, and the names of the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from gmmseg.choosing import chosen_kinds
from gmmseg.errors import InputError

FORMATS = ("mkv", "mp4", "png", "gif", "webp")


@dataclass(frozen=True)
class Kind:
    """One kind of output.

    Attributes
    ----------
    about : str
        One line for people who choose.
    name : str
        What stands behind the clip's own name.
    suffix : str
        Of its file; of a clip, the usual format.
    clip : bool
        Whether it is a clip itself, for which there is a choice of formats; png is a folder of frames.
    """

    about: str
    name: str
    suffix: str
    clip: bool = False

    def path(self, folder: str | PathLike[str], stem: str, suffix: str = "") -> Path:
        """Where it goes; `suffix` if not the usual one."""
        chosen = suffix or self.suffix
        name = f"{stem}.{self.name}" if stem else self.name
        return Path(folder) / (name if self.clip and chosen == "png" else f"{name}.{chosen}")


TABLE: dict[str, Kind] = {
    "mask": Kind("the foreground as a clip, white on black; lossless in mkv and png", "mask", "mkv", clip=True),
    "overlay": Kind("the clip with its foreground tinted and outlined, and its sound", "overlay", "mp4", clip=True),
    "foreground": Kind("the foreground as it is, on black", "foreground", "mp4", clip=True),
    "probability": Kind("how likely each pixel is foreground, as a grey clip", "probability", "mkv", clip=True),
    "background": Kind("a picture of the background", "background", "png"),
    "boxes": Kind("a table with place, area and probability of every blob of every frame", "boxes", "csv"),
    "coco": Kind("COCO JSON, an annotation with a run-length mask for every blob", "coco", "json"),
    "csv": Kind("a table with foreground, shadow and blobs of every frame", "frames", "csv"),
    "report": Kind("one HTML page to look at everything", "report", "html"),
    "state": Kind("what was learnt, to start other clips of the same scene from", "state", "npz"),
}
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
USUAL = ("mask", "overlay")


def chosen(kinds: str | Iterable[str] | None) -> tuple[str, ...]:
    """The kinds that are meant, each once."""
    return chosen_kinds(kinds, TABLE, USUAL)


def formats_of(given: str | Mapping[str, str] | None) -> dict[str, str]:
    """The format of each kind that is a clip: the usual ones, but for those given; one word is meant for all."""
    clips = {name: kind.suffix for name, kind in TABLE.items() if kind.clip}
    wished = dict.fromkeys(clips, given) if isinstance(given, str) else dict(given or {})
    for name, suffix in wished.items():
        if name not in clips:
            raise InputError(f"expected formats of {', '.join(clips)}; got one of {name!r}, which is no clip")
        if suffix not in FORMATS:
            raise InputError(f"expected a format among {', '.join(FORMATS)}; got {suffix!r}")
    return clips | wished


def planned(
    kinds: str | Iterable[str] | None,
    folder: str | PathLike[str],
    stem: str,
    formats: str | Mapping[str, str] | None = None,
) -> dict[str, Path]:
    """Where outputs of these kinds go."""
    suffixes = formats_of(formats)
    return {name: TABLE[name].path(folder, stem, suffixes.get(name, "")) for name in chosen(kinds)}


def part_of(path: Path) -> Path:
    """What a file that is not finished yet is called."""
    return path.with_name(f"{path.stem}.part{path.suffix}")
