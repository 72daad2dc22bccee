"""What makes a tree one, for those that come from files."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled
from gmmseg.errors import InputError


def require_tree(crumbs: NDArray[Any], merges: NDArray[Any], heights: NDArray[Any]) -> None:
    """Refuse what no tree can be made of; shapes, types and meanings are those of `RegionTree`."""
    n = len(merges) + 1
    if merges.dtype != np.int32 or merges.shape != (n - 1, 2):
        raise InputError(f"expected merges as int32 (n − 1, 2); got {merges.dtype} {merges.shape}")
    if heights.dtype != np.float64 or heights.shape != (n - 1,):
        raise InputError(f"expected heights as float64 ({n - 1},); got {heights.dtype} {heights.shape}")
    if not (np.isfinite(heights).all() and (heights >= 0).all() and (heights <= 1).all()):
        raise InputError("expected heights from 0 to 1; got others")
    if (np.diff(heights) < 0).any():
        raise InputError("expected heights that never fall; got some that do")
    # Each node but the last goes into one merge, of those that come after it.
    made = n + np.arange(n - 1)
    if (merges < 0).any() or (merges >= made[:, None]).any() or np.unique(merges).size != 2 * (n - 1):
        raise InputError("expected merges that make a tree; got others")
    if crumbs.dtype != np.int32 or crumbs.ndim != 2 or crumbs.size == 0:
        raise InputError(f"expected crumbs as int32 (h, w); got {crumbs.dtype} {crumbs.shape}")
    if _numbered(np.ascontiguousarray(crumbs)) != n:
        raise InputError(f"expected {n} crumbs, numbered in reading order; got others")


@compiled
def _numbered(crumbs: Any) -> Any:
    """How many crumbs there are; −1 where they are not numbered from 0 in reading order."""
    found = 0
    for y in range(crumbs.shape[0]):
        for x in range(crumbs.shape[1]):
            crumb = crumbs[y, x]
            if crumb > found or crumb < -1:
                return -1
            if crumb == found:
                found += 1
    return found
