"""Named settings, of any kind of model."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from gmmseg.errors import InputError
from gmmseg.video.adaptive import Adaptive
from gmmseg.video.classic import Classic
from gmmseg.video.scene import Settings

PRESETS: dict[str, Settings] = {
    "default": Adaptive(),
    "steady": Adaptive(align=False, gain=False, sway=False),  # a camera that never shakes, in even light: quickest
    "outdoor": Adaptive(modes=5, share=0.3),  # water and leaves: more colours belong to the background
    "patient": Adaptive(slow_rate=0.0001),  # what stops stays in front ten times as long
    "classic": Classic(),
}


def settings_of(preset: str, changes: dict[str, Any]) -> tuple[str, Settings]:
    """The name of a preset, and its settings with some of them changed."""
    if not isinstance(preset, str) or preset not in PRESETS:
        raise InputError(f"expected a preset, one of {', '.join(PRESETS)}; got {preset!r}")
    settings: Any = PRESETS[preset]
    known = [field.name for field in fields(settings)]
    unknown = [change for change in changes if change not in known]
    if unknown:
        raise InputError(f"expected settings of the preset {preset}, of {', '.join(known)}; got {', '.join(unknown)}")
    changed: Settings = replace(settings, **{name: _plain(given) for name, given in changes.items()})
    return preset, changed


def _plain(given: Any) -> Any:
    """A number of NumPy's as Python's, which JSON can hold."""
    return given.item() if isinstance(given, np.generic) else given
