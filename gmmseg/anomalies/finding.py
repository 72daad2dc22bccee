"""`anomaly`: a picture in, what does not belong in it out."""

from __future__ import annotations

from typing import Any

from gmmseg.anomalies.found import Anomaly
from gmmseg.anomalies.model import FALSE_ALARMS, SMOOTH, AnomalyModel, K
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec


def anomaly(
    source: Any,
    *,
    normal: Any = None,
    model: AnomalyModel | None = None,
    features: str | FeatureSpec | None = None,
    k: int = K,
    covariance: str = "full",
    smooth: float = SMOOTH,
    false_alarms: float = FALSE_ALARMS,
    min_area: int = 1,
    seed: int = 0,
    mask: Any = None,
    page: int = 1,
) -> Anomaly:
    """Find what does not belong in a picture.

    A Gaussian mixture is fitted to what is normal; a pixel's score is the −log of the density of its features. Where
    the score is above what all but the share `false_alarms` of normal pixels have, something is odd.

    Parameters
    ----------
    source : path, array, Image, Pillow image, bytes or binary file
        The picture, as `gmmseg.read` takes it.
    normal : what `source` may be, or a list of such, optional
        Pictures of the same kind in which nothing is odd; four or more know how one differs from the next, fewer give
        more false alarms than asked for, or a high threshold, where light or shade differ. Without
        any, and without a model, the bulk of the picture itself is what is normal: up to a twentieth may be odd.
    model : AnomalyModel, optional
        Fitted before, in place of `normal`.
    features : str, optional
        As in `gmmseg.segment`. By default "lab,tone,grain" for colour pictures, "grey,tone,grain" for grey ones,
        "bands,tone,grain" for others: a pixel's colour, the colour around it, and the detail by direction and scale,
        there and around.
        Smooth spots in a rough surface are rare in these; of patches alone they are among the densest.
    k : int
        Number of components; fewer where there are fewer different rows.
    covariance : {"full", "diag", "tied", "spherical"}
    smooth : float
        Standard deviation in pixels of the neighbourhood over which log densities are averaged; 0 for none.
    false_alarms : float
        The share of normal pixels that may be called odd.
    min_area : int
        Smaller pieces are left out, in pixels.
    seed : int
    mask : array (h, w) or path, optional
        Pixels where it is 0 are left out.
    page : int
        Of a file with several pictures, from 1.

    Returns
    -------
    Anomaly
    """
    from gmmseg.files import in_srgb, read

    if model is not None and normal is not None:
        raise InputError("expected normal pictures or a model of them; got both")
    if model is not None and not isinstance(model, AnomalyModel):
        raise InputError(f"expected an AnomalyModel; got {type(model).__name__}; AnomalyModel.load reads a file")
    image = read(source, page=page, mask=mask)
    if model is None:
        settings: dict[str, Any] = {
            "features": features,
            "k": k,
            "covariance": covariance,
            "smooth": smooth,
            "seed": seed,
        }
        if normal is None:
            model = AnomalyModel.of_bulk(in_srgb(image), **settings)
        else:
            model = AnomalyModel.fit(normal, **settings)
    return model.apply(image, false_alarms=false_alarms, min_area=min_area)
