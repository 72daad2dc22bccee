"""Between a Mixture and the attributes in which scikit-learn's mixtures keep their parameters.

scikit-learn holds each precision as U Uᵀ with U upper triangular; the engine as LᵀL with L lower, so U = Lᵀ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from gmmseg.arrays import Doubles


def mixture_of(model: Any) -> Mixture:
    """The mixture that `weights_`, `means_` and `precisions_cholesky_` of a model say, as scikit-learn predicts by.

    The precision's root, and not the covariance, since in float32 only the root is positive definite for certain.
    """
    upper = np.asarray(model.precisions_cholesky_, np.float64)
    if model.covariance_type in ("diag", "spherical"):
        covariances = upper**-2.0
    else:
        root = np.linalg.inv(upper)
        covariances = np.swapaxes(root, -1, -2) @ root
    weights = np.asarray(model.weights_, np.float64)
    return Mixture(weights / weights.sum(), model.means_, covariances, model.covariance_type)


def covariances_of(precisions: Doubles, kind: str) -> Doubles:
    """The covariances with these precisions, both in the shape of the family."""
    inverse = 1 / precisions if kind in ("diag", "spherical") else np.linalg.inv(precisions)
    return np.asarray(inverse, np.float64)


def attributes_of(mixture: Mixture, dtype: Any) -> dict[str, Any]:
    """The attributes that hold a mixture, by name, as arrays of `dtype` in scikit-learn's shapes."""
    upper = mixture.factors if mixture.family.diagonal else np.swapaxes(mixture.factors, -1, -2)
    if mixture.covariance == "tied":
        upper = upper[0]
    elif mixture.covariance == "spherical":
        upper = upper[:, 0]
    precisions = upper**2 if mixture.family.diagonal else upper @ np.swapaxes(upper, -1, -2)
    arrays = {
        "weights_": mixture.weights,
        "means_": mixture.means,
        "covariances_": mixture.covariances,
        "precisions_": precisions,
        "precisions_cholesky_": upper,
    }
    return {name: np.array(array, dtype) for name, array in arrays.items()}
