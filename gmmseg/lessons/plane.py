"""Where rows are drawn: along a line or in a plane, by an affine map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.figures.plots.ellipses import projected
from gmmseg.figures.plots.scatter import Window
from gmmseg.mixture import Mixture

_REACH = 2.0  # standard deviations of an ellipse
_WIDER = 0.15  # of the rows' spread, for ellipses


@dataclass(frozen=True, eq=False)
class Plane:
    """y = P x + o.

    Attributes
    ----------
    directions : (p, d) float64
        P, with p of 1 or 2.
    offset : (p,) float64
        o.
    shares : (p,) float64 or None
        Of the rows' variance along each direction, where they are principal ones.
    """

    directions: Doubles
    offset: Doubles
    shares: Doubles | None = None

    @classmethod
    def of_columns(cls, scale: Doubles, offset: Doubles) -> Plane:
        """Rows of one or two columns in their own units again: y = scale · x + offset, all (p,)."""
        return cls(np.diag(scale), offset)

    @classmethod
    def principal(cls, rows: Floats) -> Plane:
        """The two directions along which the rows vary most, about their mean."""
        mean = rows.mean(axis=0, dtype=np.float64)
        apart = rows - mean
        variances, vectors = np.linalg.eigh(apart.T @ apart / len(rows))
        directions = vectors[:, ::-1].T[:2].copy()
        # LAPACK leaves the sign open; the same rows should lie the same way everywhere.
        longest = np.abs(directions).argmax(axis=1)
        directions *= np.sign(directions[np.arange(len(directions)), longest])[:, None]
        total = float(variances.sum())
        return cls(directions, -directions @ mean, variances[::-1][:2] / total if total > 0 else np.zeros(2))

    def seen(self, rows: Floats) -> Doubles:
        """Places of rows or centres : (n, d) to (n, p)."""
        places: Doubles = rows.astype(np.float64) @ self.directions.T + self.offset
        return places

    def projected(self, mixture: Mixture) -> Mixture:
        """The mixture as it is drawn."""
        return projected(mixture, self.directions, self.offset)

    @property
    def whole(self) -> bool:
        """Whether nothing is lost, so that places have rows."""
        return bool(self.directions.shape[0] == self.directions.shape[1])

    def rows_at(self, places: Doubles) -> Doubles:
        """The way back, where nothing is lost : (n, p) to (n, d)."""
        rows = np.linalg.solve(self.directions, (places - self.offset).T).T
        return rows.astype(np.float64)

    def window(self, rows: Floats, mixtures: Sequence[Mixture] = ()) -> Window:
        """What to show: all rows, and as much of these mixtures' ellipses as does not make the rows small.

        One unit of the rows is as long along as across, so that round looks round.
        """
        unit = np.broadcast_to(np.linalg.norm(self.directions, axis=1), 2)
        places = self.seen(rows)
        if places.shape[1] == 1:
            places = np.repeat(places, 2, axis=1)
        low, high = places.min(axis=0), places.max(axis=0)
        corners: list[Doubles] = [low, high]
        beyond = _WIDER * (high - low)
        for mixture in map(self.projected, mixtures):
            reach = _REACH * np.sqrt(np.diagonal(_matrices(mixture), axis1=1, axis2=2))
            corners += [
                np.maximum(mixture.means - reach, low - beyond),
                np.minimum(mixture.means + reach, high + beyond),
            ]
        even = Window.around(np.vstack(corners) / unit, square=True)
        across, up = float(unit[0]), float(unit[1])
        return Window(even.left * across, even.right * across, even.bottom * up, even.top * up)


def _matrices(mixture: Mixture) -> Doubles:
    return mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
