"""The odds that people part two regions, as they were learnt from what people drew on 200 photos."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.parts.growth.pairing import FEATURES


@dataclass(frozen=True, eq=False)
class Odds:
    """Log odds as a quadratic form of the features of a pair of regions.

    Attributes
    ----------
    form : (f, f) float64
        Upper triangular; of `gmmseg.parts.growth.pairing.FEATURES`, the first of which is 1.
    usual : float
        The log odds at which the usual cut parts regions.

    Notes
    -----
    If the features of pairs that people part have one Gaussian, and those of pairs they leave together another, the log
    of the ratio of both densities is such a form. Here it is fitted to that ratio itself (logistic regression), on the
    pairs that merging comes to look at; see scripts/learn_regions.
    """

    form: Doubles
    usual: float

    def heights(self, costs: Doubles) -> Doubles:
        """Log odds as borders' heights from 0 to 1, ½ at the usual cut; the largest so far, so that they never fall."""
        ever = np.maximum.accumulate(costs) if len(costs) else costs
        heights: Doubles = 1 / (1 + np.exp(self.usual - ever))
        return heights


@cache
def learnt() -> Odds:
    """The odds that come with gmmseg."""
    content = json.loads(files("gmmseg.parts.growth").joinpath("odds.json").read_text(encoding="utf-8"))
    return Odds(form_of(content["terms"]), float(content["usual"]))


def form_of(terms: dict[str, float]) -> Doubles:
    """The form of terms such as {"embrace × log length": 0.1}."""
    places = {name: i for i, name in enumerate(FEATURES)}
    form = np.zeros((len(FEATURES), len(FEATURES)))
    for name, value in terms.items():
        first, second = sorted(places[part] for part in name.split(" × "))
        form[first, second] = value
    return form


def terms_of(form: Doubles) -> dict[str, float]:
    """The other way."""
    return {
        f"{FEATURES[i]} × {FEATURES[j]}": float(f"{form[i, j]:.6g}")
        for i in range(len(FEATURES))
        for j in range(i, len(FEATURES))
        if form[i, j] != 0
    }
