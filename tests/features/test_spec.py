"""What a pixel is described by, as text."""

from __future__ import annotations

import pytest

from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.files import image_of

SPECS = ["lab", "rgb,xy", "lab,xy:0.5", "grey,texture", "bands,xy:3", "luv,hsv"]
PATCHES = ["patch:8", "patch:2", "patch:8/2", "colourpatch:16/16"]


@pytest.mark.parametrize("text", SPECS + PATCHES)
def test_text_and_spec_are_the_same_thing(text: str) -> None:
    """A spec written out and read again is the same spec."""
    assert str(FeatureSpec.parse(text)) == text
    assert FeatureSpec.parse(str(FeatureSpec.parse(text))) == FeatureSpec.parse(text)


@pytest.mark.parametrize(
    "text", ["", "colour", "lab,", "lab,lab", "xy:0", "xy:-1", "xy:nan", "xy:inf", "xy:wide", "lab:2", "lab,,xy"]
)
def test_nonsense_is_refused(text: str) -> None:
    """Unknown kinds, kinds twice and weights that are none are refused."""
    with pytest.raises(InputError, match="expected"):
        FeatureSpec.parse(text)


def test_the_usual_features_suit_the_picture() -> None:
    """Colour pictures are taken in Lab, grey ones by lightness, others by their bands."""
    import numpy as np

    usual = [FeatureSpec.usual(image_of(np.zeros((2, 2, c), np.uint8))) for c in (1, 3, 7)]
    assert [str(spec) for spec in usual] == ["grey", "lab", "bands"]


@pytest.mark.parametrize(
    "text",
    ["patch:1", "patch:17", "patch:", "patch:8/", "patch:8/0", "patch:8/9", "patch:8.5", "patch:-8", "colourpatch:²"],
)
def test_patches_that_cannot_be_are_refused(text: str) -> None:
    """Sizes and strides that make no sense are refused with an example of what does."""
    with pytest.raises(InputError, match="patch:8"):
        FeatureSpec.parse(text)


@pytest.mark.parametrize("text", ["patch:8,xy", "lab,patch:8", "patch:8,colourpatch:8"])
def test_patches_stand_alone(text: str) -> None:
    """Patches joined with other features are refused."""
    with pytest.raises(InputError, match="patches alone"):
        FeatureSpec.parse(text)


def test_patches_are_of_eight_unless_told() -> None:
    """A patch without a size is one of 8 × 8."""
    assert str(FeatureSpec.parse("patch")) == "patch:8"
