"""The mixture of a table: which family, how many components, in which units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gmmseg.arguments import generator, require_count
from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture import Fit, Selection, Tolerance
from gmmseg.mixture.fitting import Settings, fitted
from gmmseg.mixture.rows import Rows, checked
from gmmseg.mixture.selection import chosen
from gmmseg.mixture.sparse.choosing import HELD_OUT, held_out
from gmmseg.mixture.sparse.rows import SparseRows
from gmmseg.tables.grain import grain
from gmmseg.tables.units import units_of

AUTO = "auto"
_MOST = 20  # components that "auto" goes up to
_PATIENCE = 3  # sizes that may fail to better the score before a family is given up
_MOST_COLUMNS = 2_000  # of a dense table: matrices of so many rows and columns take a minute in all
_WIDE = 32  # columns up to which a covariance for each component competes
_WIDEST = 512  # up to which one for all does, if there are more rows: of fewer it is singular


@dataclass(frozen=True)
class Wishes:
    """How a table is to be fitted; the fields are those of `gmmseg.table`."""

    k: int | str | Sequence[int]
    covariance: str
    standardise: bool | str
    criterion: str | None
    seed: int
    threads: int | None

    def __post_init__(self) -> None:
        if not isinstance(self.standardise, bool) and self.standardise != AUTO:
            raise InputError(f'expected standardise as True, False or "auto"; got {self.standardise!r}')

    @property
    def sizes(self) -> list[int] | None:
        """The numbers of components to try; None for those that the table suggests."""
        if isinstance(self.k, str):
            if self.k == AUTO:
                return None
            raise InputError(f'expected k as a whole number, several, or "auto"; got {self.k!r}')
        several = self.k if isinstance(self.k, Iterable) else [self.k]
        sizes = sorted({require_count("k", k) for k in several})
        if not sizes:
            raise InputError("expected at least one k to choose among; got none")
        return sizes


def fitted_table(values: Any, wishes: Wishes) -> tuple[Fit, Selection | None]:
    """The best mixture of rows, dense or sparse, in their own units; and all that were tried, if there was a choice."""
    dense = isinstance(values, np.ndarray)
    if dense and values.shape[1] > _MOST_COLUMNS:
        raise InputError(
            f"expected at most {_MOST_COLUMNS:,} columns in a dense table; got {values.shape[1]:,}; choose some, or "
            "save it by scipy.sparse.save_npz"
        )
    families = _families(wishes.covariance, values.shape, dense=dense)
    scaled = wishes.standardise is True or (wishes.standardise == AUTO and dense and families == ["spherical"])
    units = units_of(values) if scaled else None
    rows = checked(values if units is None else units.standard(values))
    least = grain(values) if dense else None
    if least is not None and units is not None:
        least = least / units.unit
    settings = [_settings(family, least) for family in families]
    with Crew(wishes.threads) as crew:
        fit, selection = _searched(rows, wishes, settings, crew)
    if units is None:
        return fit, selection
    if selection is not None:
        candidates = tuple(replace(c, fit=units.restored(c.fit, rows.total)) for c in selection.candidates)
        selection = replace(selection, candidates=candidates)
    return units.restored(fit, rows.total), selection


def _families(covariance: str, shape: tuple[int, int], *, dense: bool) -> list[str]:
    """The families that compete, for rows of this shape."""
    n, d = shape
    if covariance != AUTO:
        return [covariance]
    if not dense:
        return ["diag"]
    if d == 1:
        return ["full"]
    if d <= _WIDE:
        return ["full", "tied", "diag"]
    return ["tied", "diag"] if d < n and d <= _WIDEST else ["diag"]


def _settings(family: str, least: Doubles | None) -> Settings:
    return Settings(family, AUTO, None, 1e-6, Tolerance(1e-5), 10_000, least)


def _searched(rows: Rows, wishes: Wishes, settings: list[Settings], crew: Crew) -> tuple[Fit, Selection | None]:
    sizes, seed = wishes.sizes, wishes.seed
    if sizes is not None and len(sizes) == 1 and len(settings) == 1:
        return fitted(rows, sizes[0], settings[0], generator(seed), crew), None
    criterion = wishes.criterion
    if isinstance(rows, SparseRows) and criterion in {None, HELD_OUT}:
        selection = held_out(rows, settings[0], seed, crew, sizes)
        return fitted(rows, selection.best.k, settings[0], generator(seed), crew), selection
    if criterion == HELD_OUT:
        raise InputError(
            "expected a criterion among bic, icl, aic for dense rows; got held-out, which is for sparse ones"
        )
    patience = _PATIENCE if sizes is None else None
    selection = chosen(rows, sizes or range(1, _MOST + 1), criterion or "bic", settings, seed, crew, patience=patience)
    return selection.best.fit, selection
