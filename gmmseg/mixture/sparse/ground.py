"""What EM climbs on compressed rows, and how narrow a component may become there.

In thousands of columns that are nearly all zeros the likelihood alone is a poor guide. A component that lacks a word
has no variance in its column, so one entry there outweighs everything else a document says: steps of EM change
nothing any more, and a new document goes to whichever component happens to have had its rarest word. So a column's
variance is bounded from below by a share of the mean square of the entries that are there, times the share of rows
where it has none. At a tenth, a word that a component does not know costs about 1 / (2 · 0.1) = 5 nats, about what it
would cost under a model of words. Measured on made documents of known topics that overlap, 2,500 to learn from and
2,500 new ones: with shares of 0.002, 0.02, 0.05, 0.1, 0.2 and 0.5, 25, 88, 95, 95, 95 and 70 of 100 new ones find
their topic.
A column without zeros has no such bound, so dense rows are treated as they are when they come uncompressed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.mixture.families import Family
from gmmseg.mixture.maximisation import maximise
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.rows import scale_of
from gmmseg.mixture.sparse.expectation import moments
from gmmseg.mixture.sparse.rows import SparseRows

_SHARE = 0.1  # of the mean square of an entry, the least variance in a column of zeros


@dataclass(frozen=True, eq=False)
class Ground:
    """Compressed rows under a family, with what bounds it, and by whom it is climbed.

    Attributes
    ----------
    rows : SparseRows
    family : Family
    scale : (d,) float64
        The unit of each column, its standard deviation.
    least : (d,) float64
        The least standard deviation of a component.
    crew : Crew
    """

    rows: SparseRows
    family: Family
    scale: Doubles
    least: Doubles
    crew: Crew

    def expected(self, mixture: Mixture) -> Moments:
        """The moments of the rows under a mixture."""
        return moments(self.rows, mixture, self.crew)

    def maximised(self, sums: Moments) -> Mixture:
        """The mixture that follows from moments."""
        return maximise(sums, self.family, self.least, None)[0]


def surveyed(rows: SparseRows, family: Family, floor: float, resolution: Doubles | None, crew: Crew) -> Ground:
    """The ground of these rows.

    floor : the least variance of a component, as a share of the data's own.
    resolution : (d,), the least standard deviation, in place of the bound from the entries' mean square.
    """
    values = rows.values
    share = np.broadcast_to(rows.weights / rows.total, rows.n)
    each = np.repeat(share, np.diff(values.indptr))
    mean, square, present = (
        np.bincount(values.indices, each * part, minlength=rows.d) for part in (values.data, values.data**2, 1.0)
    )
    scale = scale_of(np.maximum(square - mean**2, 0))
    if resolution is None:
        usual = float(square.sum() / max(present.sum(), 1e-300))
        resolution = np.sqrt(_SHARE * usual * np.maximum(1 - present, 0))
    return Ground(rows, family, scale, np.maximum(np.sqrt(floor) * scale, resolution), crew)
