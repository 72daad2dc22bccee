"""What is in a model file of any kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gmmseg.files import Source

_ZIP = b"PK"


@dataclass(frozen=True)
class Contents:
    """What is told of a file.

    Attributes
    ----------
    record : dict
        What it is, and its settings.
    columns : tuple of str
        Of the components' means.
    components : list of dict
        One record a component, if it has a mixture.
    """

    record: dict[str, Any]
    columns: tuple[str, ...] = ()
    components: list[dict[str, Any]] = field(default_factory=list)

    def whole(self) -> dict[str, Any]:
        """All of it as one record."""
        columns = {"columns": list(self.columns)} if self.columns else {}
        return {**self.record, **columns, **({"components": self.components} if self.components else {})}


def is_archive(source: Source) -> bool:
    """Whether a file begins as our own files do, rather than as a picture."""
    try:
        if source.problem or not source.path.is_file():
            return False
        with source.path.open("rb") as file:
            return file.read(2) == _ZIP
    except OSError:  # reading it as a picture says why
        return False


def contents_of(path: Path) -> Contents:
    """What a model file holds: its kind, its settings, and its components."""
    from gmmseg.archives import require_kind

    return _TOLD[require_kind(path, "gmmseg model", _TOLD)](path)


def _of_mixture(path: Path) -> Contents:
    from gmmseg.mixture import Mixture

    return _with_mixture(Mixture.load(path), "mixture", {}, {})


def _of_model(path: Path) -> Contents:
    from gmmseg.segmentation import Model

    model = Model.load(path)
    space = model.space
    after = {"smooth": space.smooth, "min_area": space.min_area, "join": space.join}
    return _with_mixture(model, "model", {"features": str(model.spec)}, after, _hex_codes(model.colors))


def _of_collection(path: Path) -> Contents:
    from gmmseg.albums import CollectionModel

    model = CollectionModel.load(path)
    return _with_mixture(model, "model of a collection", {"features": model.features}, {}, _hex_codes(model.colors))


def _of_table(path: Path) -> Contents:
    from gmmseg.tables import TableModel

    model = TableModel.load(path)
    return _with_mixture(model, "model of a table", {}, {"missing": model.missing})


def _of_anomalies(path: Path) -> Contents:
    from gmmseg.anomalies import AnomalyModel

    model = AnomalyModel.load(path)
    after = {"smooth": model.smooth, "pictures": model.pictures}
    return _with_mixture(model, "model of anomalies", {"features": str(model.spec)}, after)


def _of_tree(path: Path) -> Contents:
    from gmmseg.parts import RegionTree
    from gmmseg.parts.cut import cut_of

    tree = RegionTree.load(path)
    return Contents(
        {
            "kind": "tree of regions",
            "picture": tree.image.name,
            "width": tree.width,
            "height": tree.height,
            "crumbs": len(tree.merges) + 1,
            "regions": cut_of(tree).k,
            "resolution": tree.image.resolution and [round(dots, 2) for dots in tree.image.resolution],
            "geo": bool(tree.image.geo),
            "valid": float(tree.image.valid.mean()),
        }
    )


def _of_background(path: Path) -> Contents:
    from gmmseg.footage.state import is_unfinished
    from gmmseg.video import BackgroundModel

    with BackgroundModel.load(path, threads=1) as model:
        height, width = (None, None) if model.shape is None else model.shape[:2]
        return Contents(
            {
                "kind": "model of a background",
                "preset": model.preset,
                "frames": model.frames,
                "width": width,
                "height": height,
                "colour": None if model.shape is None else "rgb" if len(model.shape) == 3 else "grey",
                "levels": None if model.levels is None else list(model.levels),
                "frozen": model.frozen,
                "region": model.region is not None,
                "unfinished": is_unfinished(path),
            }
        )


def _with_mixture(
    model: Any, kind: str, before: dict[str, Any], after: dict[str, Any], colors: Sequence[str] = ()
) -> Contents:
    from gmmseg.lessons.models import mixture_of

    found = mixture_of(model)
    mixture = found.mixture
    size = {"covariance": mixture.covariance, "k": mixture.k, "dimensions": mixture.d}
    components = [
        {
            "component": i,
            **({"color": colors[i]} if colors else {}),
            "weight": float(mixture.weights[i]),
            "mean": mixture.means[i].tolist(),
        }
        for i in range(mixture.k)
    ]
    return Contents({"kind": kind, **before, **size, **after}, found.names, components)


def _hex_codes(colors: Any) -> Sequence[str]:
    from gmmseg.outputs.palettes import hex_codes

    return hex_codes(colors)


_TOLD: dict[str, Callable[[Path], Contents]] = {
    "gmmseg anomaly model": _of_anomalies,
    "gmmseg background model": _of_background,
    "gmmseg collection model": _of_collection,
    "gmmseg mixture": _of_mixture,
    "gmmseg model": _of_model,
    "gmmseg region tree": _of_tree,
    "gmmseg table model": _of_table,
}
