"""A model: what turns any picture into the same segments."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.archives import damaged, encoded, opened
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.files.targets import Target, writing
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from gmmseg.segmentation.segmentation import Segmentation


@dataclass(frozen=True)
class Space:
    """What is made of a pixel's neighbours.

    Attributes
    ----------
    smooth : float
        Strength of the smoothing along edges; 1 is the default, 2 twice as wide, 0 none.
    min_area : float
        Pieces of a segment under this share of the picture take the label around them.
    join : float
        Regions with a border fainter than this become one; 0 joins none.
    """

    smooth: float = 1.0
    min_area: float = 1e-4
    join: float = 0.5

    @classmethod
    def of(cls, spec: FeatureSpec, smooth: float | None, min_area: float | None, join: float) -> Space:
        """With what suits the features where there is no wish: a pixel with a patch has its neighbours in it."""
        usual = (0.0, 0.0) if spec.patches else (cls.smooth, cls.min_area)
        return cls(usual[0] if smooth is None else smooth, usual[1] if min_area is None else min_area, join)

    def __post_init__(self) -> None:
        for name, most in (("smooth", 20.0), ("min_area", 1.0), ("join", 1.0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 <= value <= most:
                raise InputError(f"expected {name} from 0 to {most:g}; got {value!r}")


@dataclass(frozen=True, eq=False)
class Model:
    """A mixture with all that is needed to segment other pictures by it.

    Attributes
    ----------
    mixture : Mixture
        Components from the darkest to the brightest; clusters of patches from the largest to the smallest.
    spec : FeatureSpec
    colors : (k, 3) uint8
        The mean colour of each component, sRGB.
    space : Space
    """

    mixture: Mixture
    spec: FeatureSpec
    colors: NDArray[np.uint8] = field(repr=False)
    space: Space = Space()

    def apply(self, source: Any, *, page: int = 1, mask: Any = None) -> Segmentation:
        """Segment another picture, with the same labels and colours; sources are those of `gmmseg.segment`."""
        from gmmseg.files import read
        from gmmseg.segmentation.segmenting import applied

        return applied(self, read(source, page=page, mask=mask))

    def save(self, target: Target) -> None:
        """Write the model to an npz file (a path or a binary file), whole or not at all: arrays and a JSON header."""
        mixture = self.mixture
        header = encoded(
            {
                "format": FORMAT,
                "version": _VERSION,
                "covariance": mixture.covariance,
                "features": str(self.spec),
                "space": asdict(self.space),
            }
        )
        with writing(target) as file:
            np.savez(
                file,
                header=header,
                weights=mixture.weights,
                means=mixture.means,
                covariances=mixture.covariances,
                colors=self.colors,
            )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Model:
        """Read a model that `save` wrote."""
        header, arrays = opened(path, FORMAT, _VERSION, _ARRAYS)
        weights, means, covariances, colors = (arrays[name] for name in _ARRAYS)
        try:
            mixture = Mixture(weights, means, covariances, header["covariance"])
            space = Space(**header["space"])
            spec = FeatureSpec.parse(header["features"])
        except (KeyError, TypeError, InputError, np.linalg.LinAlgError) as error:
            raise damaged(path, FORMAT, f"its contents do not fit together ({error})") from None
        if colors.shape != (mixture.k, 3) or colors.dtype != np.uint8:
            raise damaged(path, FORMAT, f"its colours are {colors.dtype} {colors.shape}")
        return cls(mixture, spec, colors, space)


FORMAT = "gmmseg model"
_VERSION = 1
_ARRAYS = ("weights", "means", "covariances", "colors")
