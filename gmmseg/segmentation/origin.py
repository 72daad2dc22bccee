"""Where segments come from that no mixture was fitted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Origin:
    """What made the segments, where it was not a model; such segments are connected regions already.

    Attributes
    ----------
    words : str
        Sentences for the report.
    settings : mapping
        What is needed to get the same again.
    noun : str
        What people call one of them.
    """

    words: str
    settings: Mapping[str, object] = field(default_factory=dict)
    noun: str = "segment"
