"""The mixture in a model file of any kind, and what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike, fsdecode
from typing import Any

from gmmseg.archives import damaged, peeked
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.features.colour import AXES
from gmmseg.mixture import Mixture
from gmmseg.mixture.storage import FORMAT as MIXTURE
from gmmseg.segmentation import Model
from gmmseg.segmentation.model import FORMAT as MODEL

_KIND = "gmmseg model that has a mixture"
_ARRAYS = ("weights", "means", "covariances")
_COLUMNS = "columns"


@dataclass(frozen=True, eq=False)
class Opened:
    """A mixture that was found somewhere.

    Attributes
    ----------
    mixture : Mixture
    names : (d,) tuple of str
        Of its columns.
    spec : FeatureSpec or None
        What pixels are described by, where it is a mixture of pictures.
    """

    mixture: Mixture
    names: tuple[str, ...]
    spec: FeatureSpec | None = None


def mixture_of(model: Any) -> Opened:
    """The mixture of a model file, a `Model`, a `Mixture` or what else has a mixture."""
    if isinstance(model, str | PathLike):
        return _loaded(fsdecode(model))
    if isinstance(model, Mixture):
        return Opened(model, _numbered(model.d))
    mixture = getattr(model, "mixture", None)
    if not isinstance(mixture, Mixture):
        raise InputError(f"expected a model, a mixture or a model file; got {type(model).__name__}")
    spec = getattr(model, "spec", None)
    columns = tuple(map(str, getattr(model, "columns", ())))
    return _described(mixture, spec if isinstance(spec, FeatureSpec) else None, columns)


def _loaded(path: str) -> Opened:
    """The mixture in any file of ours that has one: all of them call its arrays alike."""
    header, arrays = peeked(path, _KIND, _ARRAYS, (_COLUMNS,))
    if header.get("format") == MODEL:  # its own reader knows its versions
        return mixture_of(Model.load(path))
    if header.get("format") == MIXTURE:
        return mixture_of(Mixture.load(path))
    try:
        weights, means, covariances = (arrays[name] for name in _ARRAYS)
        mixture = Mixture(weights, means, covariances, str(header.get("covariance")))
        features = header.get("features")
        spec = FeatureSpec.parse(features) if isinstance(features, str) else None
    except InputError as error:
        raise damaged(path, _KIND, f"its contents do not fit together ({error})") from None
    return _described(mixture, spec, tuple(map(str, arrays[_COLUMNS])) if _COLUMNS in arrays else ())


def _described(mixture: Mixture, spec: FeatureSpec | None, columns: tuple[str, ...]) -> Opened:
    names = columns if spec is None else tuple(_axis for part in spec.parts for _axis in _axes(part.name))
    return Opened(mixture, names if len(names) == mixture.d else _numbered(mixture.d), spec)


def _axes(name: str) -> tuple[str, ...]:
    return ("x", "y") if name == "xy" else AXES.get(name, (name,))


def _numbered(d: int) -> tuple[str, ...]:
    return tuple(f"x{c + 1}" for c in range(d))
