"""From a picture to rows for the engine, and back from rows to pixels."""

from __future__ import annotations

from gmmseg.features.display import displayed
from gmmseg.features.features import Features, features_of
from gmmseg.features.spec import FeatureSpec

__all__ = ["FeatureSpec", "Features", "displayed", "features_of"]
