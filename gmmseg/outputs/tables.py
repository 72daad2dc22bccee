"""What is known of each segment, as CSV and as JSON with the whole story."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gmmseg import __version__
from gmmseg.files import write_csv, write_json
from gmmseg.files.targets import Target
from gmmseg.outputs.palettes import hex_codes, segment_colors
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation


def write_table(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """One line a segment."""
    write_csv(target, seg.table())


def write_json_table(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """The segments, and how they came about."""
    image = seg.image
    height, width = seg.labels.shape
    write_json(
        target,
        {
            "file": image.name,
            "width": width,
            "height": height,
            "left_out": int(image.valid.size - image.valid.sum()),
            "k": seg.k,
            "settings": settings_of(seg),
            "command": wishes.command or None,
            "seconds": seg.seconds,
            "palette": {"name": wishes.palette, "colors": hex_codes(segment_colors(seg, wishes.palette))},
            "fit": _story(seg),
            "versions": versions(),
            "segments": seg.table(),
        },
    )


def settings_of(seg: Segmentation) -> dict[str, Any]:
    """What made the segments out of the picture."""
    space, history = seg.model.space, seg.history
    if seg.origin is not None:
        return dict(seg.origin.settings)
    fitting = {} if history is None else {"start": history.start, "seed": history.seed}
    return {
        "features": str(seg.model.spec),
        "covariance": seg.mixture.covariance,
        **fitting,
        "smooth": space.smooth,
        "min_area": space.min_area,
        "join": space.join,
    }


def versions() -> dict[str, str]:
    """Of gmmseg and of what it reckons with."""
    found = {"gmmseg": __version__, "python": platform.python_version()}
    for name in ("numpy", "numba", "pillow", "imagecodecs", "tifffile"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # installed in a way that leaves no record
            continue
    return found


def _story(seg: Segmentation) -> dict[str, Any] | None:
    """How the model was fitted; None where it was fitted to something else."""
    history = seg.history
    if history is None:
        return None
    fit = history.fit
    return {
        "pixels": history.pixels,
        "iterations": fit.iterations,
        "converged": fit.converged,
        "reason": fit.reason,
        "log_likelihood": fit.log_likelihood / history.pixels,
        "notes": list(fit.notes),
        "criterion": "ICL" if history.curve else None,
        "curve": [{"k": c.k, "score": c.score, "log_likelihood": c.log_likelihood} for c in history.curve],
    }
