"""The constants of a tree of regions, set on photos that people have cut by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """What is looked at before anything merges, in pixels of a picture of a sixth of a megapixel.

    Attributes
    ----------
    blur : float
        Of the colours, before a mixture is fitted to them.
    palettes, palette_floor : int, float
        Components of the mixture of colours, and the least variance of each, in L*a*b*.
    textures, texture_floor : int, float
        Those of the mixture of textures.
    palette_scales, texture_scales, step_scales : tuple of float
        Sizes at which the two sides of a border are compared by colour mixture, by texture mixture and by mean colour.
        Palettes beyond 2 pixels, and textures, are compared at half the size; each tuple rises.
    emphasis : tuple of float
        How much each of these counts in the landscape that crumbs are the basins of, and in the spectral graph.
    smooth : float
        Blur of that landscape.
    tightness : float
        By how much stronger a border is that lets 1/e through in the spectral graph.
    spectral : int
        Eigenvectors of the graph.
    """

    blur: float = 0.7
    palettes: int = 16
    palette_floor: float = 0.5
    textures: int = 24
    texture_floor: float = 0.004
    palette_scales: tuple[float, ...] = (1.7, 3.5, 7.0, 14.0)
    texture_scales: tuple[float, ...] = (4.0, 8.0, 16.0)
    step_scales: tuple[float, ...] = (1.2, 2.4)
    emphasis: tuple[float, ...] = (1.0, 0.75, 1.0, 0.0, 1.0, 0.5, 0.0, 1.0, 0.0)
    smooth: float = 1.0
    tightness: float = 0.06
    spectral: int = 8
