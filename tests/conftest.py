"""Small data that several tests share, all made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture

IMAGES = Path(__file__).resolve().parent.parent / "images"


@pytest.fixture(scope="session")
def truth() -> Mixture:
    """Three well separated components in three dimensions."""
    return Mixture(
        np.array([0.5, 0.3, 0.2]),
        np.array([[0.0, 0.0, 0.0], [6.0, 0.0, 1.0], [0.0, 7.0, -2.0]]),
        np.array([np.diag([1.0, 0.5, 2.0]), [[2.0, 0.8, 0.1], [0.8, 1.0, 0.0], [0.1, 0.0, 0.7]], np.eye(3)]),
    )


@pytest.fixture(scope="session")
def rows(truth: Mixture) -> Doubles:
    """Two thousand rows drawn from `truth`, in random order."""
    drawn, _ = truth.sample(2000, 1)
    return np.random.default_rng(2).permutation(drawn)


@pytest.fixture(scope="session")
def photo() -> np.ndarray:
    """The colours of a sample photo : (n, 3) uint8."""
    with Image.open(IMAGES / "coffee.jpg") as image:
        return np.asarray(image.convert("RGB")).reshape(-1, 3)
