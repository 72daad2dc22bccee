"""gmmseg info: what is in pictures, clips and model files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options
from gmmseg.cli.batch import in_order, usual_jobs
from gmmseg.cli.failing import Failed
from gmmseg.cli.messages import Reporter
from gmmseg.errors import FileError, GmmsegError

if TYPE_CHECKING:
    from gmmseg.files import Source

_EPILOG = """\
\b
Examples:
  gmmseg info photo.jpg scan.tif
  gmmseg info clip.mp4
  gmmseg info model.npz --json
"""
_ZIP = b"PK"


@click.command(epilog=_EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...")
@options.page
@options.max_pixels
@options.recursive
@options.as_json
def info(inputs: tuple[str, ...], page: int, max_pixels: int, recursive: bool, as_json: bool) -> int:
    """Tell what is in FILE: a picture, a clip, or a model that `fit` wrote; what `segment` takes is taken here."""
    from gmmseg.files import inspected_clip, listed
    from gmmseg.files.clips.inspecting import SUFFIXES as CLIPS
    from gmmseg.files.sources import shown

    sources = listed(inputs, recursive=recursive)
    told = Reporter(len(sources), as_json=as_json)

    def work(source: Source, _gate: object) -> tuple[Path, dict[str, Any], list[dict[str, Any]]] | Failed:
        try:
            if _is_archive(source):
                return source.path, *_of_model(source.path)
            if source.path.suffix.lower() in CLIPS:
                return source.path, {"kind": "clip", **inspected_clip(str(source.path)).record()}, []
            return source.path, _of_picture(source, page, max_pixels), []
        except (GmmsegError, MemoryError) as error:
            return Failed(error, source.path)

    def tell(known: tuple[Path, dict[str, Any], list[dict[str, Any]]] | Failed) -> None:
        if isinstance(known, Failed):
            told.failure(known.reason, {"file": str(known.path), "error": known.reason})
            return
        path, record, components = known
        whole = {"file": str(path), **record, **({"components": components} if components else {})}
        told.result("\n".join([shown(str(path)), *_lines(record, components)]), whole)

    in_order(sources, work, usual_jobs(len(sources)), tell, told.progress)
    return 1 if told.failures else 0


def _is_archive(source: Source) -> bool:
    try:
        if source.problem or not source.path.is_file():
            return False
        with source.path.open("rb") as file:
            return file.read(2) == _ZIP
    except OSError:  # reading it as a picture says why
        return False


def _of_picture(source: Source, page: int, max_pixels: int) -> dict[str, Any]:
    from gmmseg.files import inspected

    if source.problem:
        raise FileError(source.problem)
    return {"kind": "picture", **inspected(source.path, page=page, max_pixels=max_pixels).record()}


def _of_model(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a model file holds, and its components: a model of pictures, or a mixture alone."""
    from gmmseg.archives import kind_of
    from gmmseg.mixture import Mixture
    from gmmseg.outputs.palettes import hex_codes
    from gmmseg.segmentation import Model

    if kind_of(path) == "gmmseg collection model":
        return _of_collection(path)
    try:
        model = Model.load(path)
    except FileError as refusal:
        try:
            mixture = Mixture.load(path)
        except FileError:
            raise refusal from None
        record = {"kind": "mixture", "covariance": mixture.covariance, "k": mixture.k, "dimensions": mixture.d}
        return record, _components(mixture, None)
    mixture, space = model.mixture, model.space
    record = {
        "kind": "model",
        "features": str(model.spec),
        "covariance": mixture.covariance,
        "k": mixture.k,
        "dimensions": mixture.d,
        "smooth": space.smooth,
        "min_area": space.min_area,
        "join": space.join,
    }
    return record, _components(mixture, hex_codes(model.colors))


def _of_collection(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    from gmmseg.albums import CollectionModel
    from gmmseg.outputs.palettes import hex_codes

    model = CollectionModel.load(path)
    mixture = model.mixture
    record = {
        "kind": "model of a collection",
        "features": model.features,
        "covariance": mixture.covariance,
        "k": mixture.k,
        "dimensions": mixture.d,
    }
    return record, _components(mixture, hex_codes(model.colors))


def _components(mixture: Any, colors: Sequence[str] | None) -> list[dict[str, Any]]:
    return [
        {
            "component": i,
            **({"color": colors[i]} if colors else {}),
            "weight": float(mixture.weights[i]),
            "mean": mixture.means[i].tolist(),
        }
        for i in range(mixture.k)
    ]


def _lines(record: dict[str, Any], components: Sequence[dict[str, Any]]) -> list[str]:
    lines = [f"  {name:<12} {_word(value)}" for name, value in record.items()]
    if components:
        from gmmseg.evaluate import text_table

        rows = [{**row, "mean": "  ".join(f"{number:8.4g}" for number in row["mean"])} for row in components]
        lines += ["", *(f"  {line}" for line in text_table(rows).splitlines())]
    return lines


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "-"
    if isinstance(value, list):
        return " × ".join(f"{number:g}" for number in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
