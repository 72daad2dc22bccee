"""Quality that no change may lose unseen: values measured on sample pictures and a made scene, within 1%."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gmmseg
from gmmseg.evaluate import agreement

IMAGES = Path(__file__).resolve().parents[2] / "images"

# picture, k asked for, k, log-likelihood a pixel, root mean square error of the posterised picture, mean certainty
GOLDEN = [
    ("coffee", 5, 5, -10.1201, 26.95, 0.8387),
    ("coffee", "auto", 10, -9.7986, 21.58, 0.7929),
    ("chelsea", 5, 5, -9.6026, 21.73, 0.7313),
    ("chelsea", "auto", 7, -9.5601, 19.29, 0.7393),
]


@pytest.mark.parametrize(("name", "asked", "k", "likelihood", "error", "certainty"), GOLDEN)
def test_sample_photos_are_segmented_as_well_as_ever(
    name: str, asked: int | str, k: int, likelihood: float, error: float, certainty: float
) -> None:
    """The likelihood found, the faithfulness of the segments' colours and their certainty are no worse than before."""
    seg = gmmseg.segment(IMAGES / f"{name}.jpg", asked)
    assert seg.history is not None
    assert seg.k == k
    assert seg.history.fit.log_likelihood / seg.labels.size > likelihood - 0.01 * abs(likelihood)
    posterised = seg.colors[seg.labels].astype(float)
    assert np.sqrt(np.mean((posterised - seg.picture) ** 2)) < 1.01 * error
    assert seg.certainty.mean() > 0.99 * certainty


# The means over four scenes.
PRI, VOI, COVERING = 0.9955, 0.0986, 0.9898


def scene(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping discs and stripes with shading, grain and soft edges : (160, 240, 3) uint8, and whose pixel it is."""
    from scipy.ndimage import gaussian_filter

    random = np.random.default_rng(seed)
    y, x = np.mgrid[:160, :240]
    truth = (x + 20 * np.sin(y / 25) > 120).astype(int)
    for i in range(2, 8):
        cy, cx, r = random.integers(15, 145), random.integers(15, 225), random.integers(14, 34)
        truth[(y - cy) ** 2 + (x - cx) ** 2 < r * r] = i
    colours = random.permutation(np.array(np.meshgrid([60, 130, 200], [60, 140], [50, 170])).reshape(3, -1).T)[:8]
    picture = colours[truth] * (0.85 + 0.3 * x / 240)[..., None]
    picture = gaussian_filter(picture, (1, 1, 0)) + random.normal(0, 14, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8), truth


def test_a_made_scene_is_parted_as_well_as_ever() -> None:
    """Regions of noisy, shaded scenes agree with the truth at least as well as before."""
    scores = []
    for seed in range(4):
        picture, truth = scene(seed)
        found = agreement(gmmseg.segment(picture).regions, (truth,))
        scores.append((found.pri, found.voi, found.covering))
    pri, voi, covering = np.mean(scores, axis=0)
    assert pri > 0.99 * PRI
    assert voi < VOI + 0.01
    assert covering > 0.99 * COVERING
