"""The mixture in a model of any kind, or in its file, and what its columns mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from os import PathLike, fsdecode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.archives import require_kind
from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.features.axes import axes_for
from gmmseg.features.imagery import swatches_of
from gmmseg.mixture import Mixture

_KIND = "gmmseg model that has a mixture"


@dataclass(frozen=True, eq=False)
class Opened:
    """A mixture that was found somewhere.

    Attributes
    ----------
    mixture : Mixture
    names : (d,) tuple of str
        Of its columns.
    own_units : bool
        Whether each column has a unit of its own.
    tiles : callable
        Rows : (n, d), as small pictures : (n, s, s, 3) uint8, or None where they show nothing.
    """

    mixture: Mixture
    names: tuple[str, ...]
    own_units: bool
    tiles: Callable[[Doubles], NDArray[np.uint8] | None]


def mixture_of(model: Any) -> Opened:
    """The mixture of a model file, a `Model`, a `Mixture` or what else has a mixture."""
    if isinstance(model, str | PathLike):
        path = fsdecode(model)
        return mixture_of(_LOADERS[require_kind(path, _KIND, _LOADERS)](path))
    mixture = model if isinstance(model, Mixture) else getattr(model, "mixture", None)
    if not isinstance(mixture, Mixture):
        raise InputError(f"expected a model, a mixture or a model file; got {type(model).__name__}")
    spec = getattr(model, "spec", None)
    if isinstance(spec, FeatureSpec):
        return Opened(mixture, axes_for(spec, mixture.d) or _numbered(mixture.d), False, partial(_swatches, spec))
    from gmmseg.albums import CollectionModel

    if isinstance(model, CollectionModel):
        return Opened(mixture, model.columns or _numbered(mixture.d), False, model.swatches)
    columns = tuple(map(str, getattr(model, "columns", ())))
    names = columns if len(columns) == mixture.d else _numbered(mixture.d)
    return Opened(mixture, names, True, lambda _rows: None)


def _swatches(spec: FeatureSpec, rows: Doubles) -> NDArray[np.uint8] | None:
    return swatches_of(rows, spec)


def _numbered(d: int) -> tuple[str, ...]:
    return tuple(f"x{c + 1}" for c in range(d))


def _anomalies(path: str) -> Any:
    from gmmseg.anomalies import AnomalyModel

    return AnomalyModel.load(path)


def _collection(path: str) -> Any:
    from gmmseg.albums import CollectionModel

    return CollectionModel.load(path)


def _segments(path: str) -> Any:
    from gmmseg.segmentation import Model

    return Model.load(path)


def _table(path: str) -> Any:
    from gmmseg.tables import TableModel

    return TableModel.load(path)


_LOADERS: dict[str, Callable[[str], Any]] = {
    "gmmseg anomaly model": _anomalies,
    "gmmseg collection model": _collection,
    "gmmseg mixture": Mixture.load,
    "gmmseg model": _segments,
    "gmmseg table model": _table,
}
