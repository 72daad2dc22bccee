"""Names for the array types that flow through gmmseg."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Doubles = NDArray[np.float64]
Labels = NDArray[np.intp]
Flags = NDArray[np.bool_]
