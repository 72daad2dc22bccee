"""A table and its clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles, Floats, Labels
from gmmseg.files.records import Records
from gmmseg.mixture import Fit, Mixture, Selection
from gmmseg.tables.model import TableModel


@dataclass(frozen=True, eq=False)
class TableClustering:
    """The clusters of a table's rows.

    Attributes
    ----------
    records : Records
        The table as it was read: `columns`, `values` and `ids`.
    mixture : Mixture
        In the table's own units. Clusters are numbered by their means in one dimension, from the least; else by their
        weights, from the largest.
    memberships : (n, k) float32
        How probable each cluster is, for each row that was read; NaN where a row was left out.
    labels : (n,) intp
        The most probable cluster of each row; −1 where it was left out.
    fit : Fit, optional
        How the mixture came about; None where it was given.
    selection : Selection, optional
        What was tried, if there was a choice of k or of covariances.
    usual : (d,) float64
        The mean of each column, which stands for missing values if they are filled in.
    missing : {"skip", "mean"}
    seconds : float
    notes : tuple of str
        What a reader should know.
    """

    records: Records
    mixture: Mixture
    memberships: Floats = field(repr=False)
    labels: Labels = field(repr=False)
    fit: Fit | None = field(repr=False)
    selection: Selection | None = field(repr=False)
    usual: Doubles = field(repr=False)
    missing: str = "skip"
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of clusters."""
        return self.mixture.k

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that were worked on."""
        return self.records.columns

    @property
    def skipped(self) -> int:
        """How many rows were left out because they lack values."""
        return int(np.count_nonzero(self.labels < 0))

    @property
    def certainty(self) -> Floats:
        """The probability of each row's own cluster : (n,) float32; NaN where a row was left out."""
        best: Floats = self.memberships.max(axis=1)
        return best

    @property
    def model(self) -> TableModel:
        """What assigns other rows to the same clusters."""
        return TableModel(self.mixture, self.columns, self.usual, self.missing)

    def table(self) -> list[dict[str, Any]]:
        """One record a cluster: weight, rows, certainty; mean and sd of each column, or what it stands out by."""
        from gmmseg.tables.parameters import parameters

        return parameters(self)

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, *, stem: str | None = None
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder.

        Parameters
        ----------
        folder : path
            Made if it is not there.
        kinds : str or iterable of str, optional
            Names of `gmmseg.tables.KINDS`, or text with commas between them; by default memberships, parameters and
            picture.
        stem : str, optional
            What names begin with; by default the table's own name without its suffix, or "table".

        Returns
        -------
        tuple of Path
            What was written, each file whole or not at all.
        """
        from gmmseg.tables.saving import save

        return save(self, folder, kinds, stem)
