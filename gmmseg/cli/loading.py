"""Libraries loaded as a command wants them: Numba quickly, matplotlib without a word."""

from __future__ import annotations

import logging
import sys


def load_numba() -> None:
    """Load Numba without SciPy's linear algebra, an eighth of a second that a command need not wait for.

    Numba looks for it in case a kernel has matrix products, which those here leave to NumPy. Only a command may do
    this: in a process of somebody else, kernels of somebody else might want them.
    """
    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        import numba.np.arraymath  # noqa: F401 - which looks for it, once
    finally:
        del sys.modules["scipy.linalg"]


def quiet_matplotlib() -> None:
    """Keep matplotlib from telling of its caches, which would stand among our own lines."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
