"""The scikit-learn face: `GaussianMixture`, with scikit-learn's parameters, attributes and methods, on this engine.

Nothing else in gmmseg imports scikit-learn; it comes with the extra `gmmseg[sklearn]`.
"""

from __future__ import annotations

try:
    from gmmseg.sklearn.estimator import GaussianMixture
except ImportError as error:
    if (error.name or "").partition(".")[0] != "sklearn":
        raise
    raise ImportError(
        "gmmseg.sklearn needs scikit-learn 1.6 or newer, which is not there; pip install 'gmmseg[sklearn]'"
    ) from error

__all__ = ["GaussianMixture"]
