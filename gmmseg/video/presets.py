"""Named settings, of any kind of model."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from gmmseg.errors import InputError
from gmmseg.video.adaptive import Adaptive
from gmmseg.video.classic import Classic
from gmmseg.video.scene import Settings

PRESETS: dict[str, Settings] = {
    "default": Adaptive(),
    "classic": Classic(),
}

DEFAULT = "classic"  # the preset that "default" stands for


def settings_of(preset: str, changes: dict[str, Any]) -> tuple[str, Settings]:
    """The name of a preset, and its settings with some of them changed."""
    name = DEFAULT if preset == "default" and "default" not in PRESETS else preset
    if not isinstance(name, str) or name not in PRESETS:
        raise InputError(f"expected a preset, one of default, {', '.join(PRESETS)}; got {preset!r}")
    settings: Any = PRESETS[name]
    known = [field.name for field in fields(settings)]
    unknown = [change for change in changes if change not in known]
    if unknown:
        raise InputError(f"expected settings of the preset {name}, of {', '.join(known)}; got {', '.join(unknown)}")
    changed: Settings = replace(settings, **changes)
    return name, changed
