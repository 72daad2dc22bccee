"""Clustered patches as files: the outputs of a segmentation, and pictures of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from gmmseg import outputs
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.files import folder as folder_at
from gmmseg.files import write_picture
from gmmseg.outputs.saving import each_saved
from gmmseg.outputs.wishes import Wishes
from gmmseg.patchwork.clusters import Patches
from gmmseg.patchwork.comparison import Comparison
from gmmseg.patchwork.drawing import beside, drawn_dictionary
from gmmseg.patchwork.kinds import CATALOGUE, OWN
from gmmseg.patchwork.restored import restored_suffix, write_restored

_SHEET = "side-by-side"
SHARED = (_SHEET, "restored")  # what there is but one of, whatever the number of clusters

_PICTURES: dict[str, Callable[[Patches, Wishes], Bytes]] = {
    "side-by-side": lambda patches, wishes: beside([patches], wishes.palette),
    "dictionary": lambda patches, wishes: drawn_dictionary(patches, wishes.palette),
}


def save(
    patches: Patches,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    palette: str = "distinct",
    command: str = "",
    depth: int = 8,
) -> tuple[Path, ...]:
    """Write outputs of several kinds into a folder.

    kinds : names of `gmmseg.patchwork.KINDS`; by default labels, side-by-side and dictionary. The other options, and
    what comes back, are those of `gmmseg.outputs.save`.
    """
    names = CATALOGUE.chosen(kinds)
    wishes = Wishes(palette, command, depth)
    seg = patches.segmentation
    stem = Path(seg.image.name).stem if stem is None else stem

    def one(name: str) -> tuple[Path, ...]:
        if name not in OWN:
            return outputs.save(seg, folder, name, stem=stem, palette=palette, command=command, depth=depth)
        if name == "restored":
            return (_restored(patches, OWN[name].path(folder, stem, restored_suffix(patches.restored))),)
        return (_drawn(_PICTURES[name](patches, wishes), OWN[name].path(folder, stem), patches),)

    return each_saved(names, one)


def save_several(
    comparison: Comparison,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    palette: str = "distinct",
    command: str = "",
    depth: int = 8,
) -> tuple[Path, ...]:
    """Write outputs of all numbers of clusters, those of k = 5 under names with k5; of what they share, one.

    Of a single number they are what `save` writes. The options are those of `save`.
    """
    first, *more = comparison.several
    if not more:
        return save(first, folder, kinds, stem=stem, palette=palette, command=command, depth=depth)
    stem = Path(first.segmentation.image.name).stem if stem is None else stem
    names = CATALOGUE.chosen(kinds)
    written: list[Path] = []
    if _SHEET in names:
        written.append(_drawn(beside(comparison.several, palette), OWN[_SHEET].path(folder, stem), first))
    if "restored" in names:
        written += save(first, folder, "restored", stem=stem)
    rest = [name for name in names if name not in SHARED]
    for one in comparison.several if rest else ():
        own = several_stem(stem, one.k)
        written += save(one, folder, rest, stem=own, palette=palette, command=command, depth=depth)
    return tuple(written)


def present(kinds: str | Iterable[str] | None, folder: str | PathLike[str], stem: str, ks: Sequence[int | str]) -> bool:
    """Whether all outputs of these numbers of clusters are there; of "auto" among several nobody knows."""
    if len(ks) == 1:
        return CATALOGUE.present(kinds, folder, stem)
    names = CATALOGUE.chosen(kinds)
    shared = [name for name in names if name in SHARED]
    rest = [name for name in names if name not in SHARED]
    if "auto" in ks or (shared and not CATALOGUE.present(shared, folder, stem)):
        return False
    return all(CATALOGUE.present(rest, folder, several_stem(stem, k)) for k in ks) if rest else True


def several_stem(stem: str, k: int | str) -> str:
    """What names begin with where there are several numbers of clusters."""
    return f"{stem}-k{k}" if stem else f"k{k}"


def write(comparison: Comparison, kind: str, target: str | PathLike[str] | BinaryIO, **options: object) -> None:
    """Write an output that is one file to a path, or into a file that is open for bytes."""
    names = CATALOGUE.chosen(kind)
    alone = len(names) == 1 and (len(comparison.several) == 1 or names[0] in SHARED)
    if not alone:
        raise InputError(f"expected a kind of output that is one file; got {kind!r} of {len(comparison.several)} k")
    first = comparison.several[0]
    if names[0] not in OWN:
        outputs.write(first.segmentation, names[0], target, **options)  # type: ignore[arg-type]
        return
    if names[0] == "restored":
        write_restored(target, first.restored)
        return
    wishes = Wishes(**options)  # type: ignore[arg-type]
    several = comparison.several
    pixels = beside(several, wishes.palette) if names[0] == _SHEET else _PICTURES[names[0]](first, wishes)
    write_picture(target, pixels, format=".png")


def _drawn(pixels: Bytes, path: Path, patches: Patches) -> Path:
    folder_at(path.parent)
    write_picture(path, pixels, resolution=patches.segmentation.image.resolution)
    return path


def _restored(patches: Patches, path: Path) -> Path:
    folder_at(path.parent)
    write_restored(path, patches.restored)
    return path
