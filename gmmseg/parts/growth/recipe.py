"""The constants of a tree of regions, tuned on photos that people have cut by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles


@dataclass(frozen=True)
class Recipe:
    """How trees of regions are grown. A weight of 0 leaves a term out."""

    blur: float = 0.7
    palettes: int = 16
    palette_floor: float = 0.5
    textures: int = 24
    texture_floor: float = 0.004
    palette_weight: float = 0.17
    texture_weight: float = 0.16
    gaussian_weight: float = 0.07
    gaussian_floor: float = 25.0
    spectral_weight: float = 0.13
    spectral_power: float = 0.5
    embrace: float = 0.12
    least_size: float = 1e-4
    size_power: float = 0.084

    @property
    def weights(self) -> Doubles:
        """Those of merging : (9,)."""
        return np.array(
            [
                self.palette_weight,
                self.texture_weight,
                self.gaussian_weight,
                self.gaussian_floor,
                self.spectral_weight,
                self.spectral_power,
                self.embrace,
                self.least_size,
                self.size_power,
            ]
        )
