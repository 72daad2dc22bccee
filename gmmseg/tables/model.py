"""A model: what assigns rows of other tables to the same clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.archives import damaged, encoded, opened
from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.files.targets import Target, writing
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from gmmseg.tables.clustering import TableClustering

FORMAT = "gmmseg table model"
_VERSION = 1
_ARRAYS = ("weights", "means", "covariances", "columns", "usual")


@dataclass(frozen=True, eq=False)
class TableModel:
    """A mixture and the columns it is about.

    Attributes
    ----------
    mixture : Mixture
        In the units of the columns.
    columns : (d,) tuple of str
    usual : (d,) float64
        What stands for a missing value.
    missing : {"skip", "mean"}
    """

    mixture: Mixture
    columns: tuple[str, ...] = field(repr=False)
    usual: Doubles = field(repr=False)
    missing: str = "skip"

    def apply(self, source: Any, *, row_names: str | None = None, threads: int | None = None) -> TableClustering:
        """Assign the rows of another table with columns of the same names; sources are those of `gmmseg.table`."""
        from gmmseg.tables.clustered import applied

        return applied(self, source, row_names, threads)

    def save(self, target: Target) -> None:
        """Write the model to an npz file (a path or a binary file), whole or not at all: arrays and a JSON header."""
        mixture = self.mixture
        header = encoded(
            {"format": FORMAT, "version": _VERSION, "covariance": mixture.covariance, "missing": self.missing}
        )
        with writing(target) as file:
            np.savez(
                file,
                header=header,
                weights=mixture.weights,
                means=mixture.means,
                covariances=mixture.covariances,
                columns=np.array(self.columns),
                usual=self.usual,
            )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> TableModel:
        """Read a model that `save` wrote."""
        header, arrays = opened(path, FORMAT, _VERSION, _ARRAYS)
        weights, means, covariances, columns, usual = (arrays[name] for name in _ARRAYS)
        try:
            mixture = Mixture(weights, means, covariances, header["covariance"])
            missing = str(header["missing"])
        except (KeyError, TypeError, InputError, np.linalg.LinAlgError) as error:
            raise damaged(path, FORMAT, f"its contents do not fit together ({error})") from None
        fits = columns.shape == usual.shape == (mixture.d,) and columns.dtype.kind == "U" and usual.dtype == np.float64
        if not fits:
            raise damaged(path, FORMAT, f"its columns are {columns.dtype} {columns.shape}")
        return cls(mixture, tuple(columns.tolist()), usual, missing)
