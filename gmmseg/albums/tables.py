"""A collection as records: of its pictures, of its clusters, and of the whole with how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gmmseg.albums.describing import DESCRIPTORS
from gmmseg.outputs.palettes import hex_codes
from gmmseg.outputs.tables import versions

if TYPE_CHECKING:
    from gmmseg.albums.album import Collection

_DIGITS = 6  # of probabilities: float32 has no more


def pictures(found: Collection) -> list[dict[str, Any]]:
    """One record a picture; in CSV, the columns p_0, p_1, … are its probabilities."""
    rounded = found.probabilities.astype(float).round(_DIGITS).tolist()
    certainty = found.certainty.astype(float).round(_DIGITS).tolist()
    return [
        {"file": str(path), "cluster": int(label), "certainty": sure, "p": shares}
        for path, label, sure, shares in zip(found.files, found.labels, certainty, rounded, strict=True)
    ]


def clusters(found: Collection) -> list[dict[str, Any]]:
    """One record a cluster: `color` is the mean colour of its pictures, `mark` the one that sheets know it by."""
    names = DESCRIPTORS[found.model.features].columns
    colors, marks = hex_codes(found.colors), hex_codes(found.marks)
    records = []
    for c in range(found.k):
        sure = found.certainty[found.labels == c]
        mean = found.mixture.means[c].round(_DIGITS).tolist()
        records.append(
            {
                "cluster": c,
                "share": round(float(found.shares[c]), _DIGITS),
                "pictures": int(found.counts[c]),
                "certainty": round(float(sure.mean(dtype=float)), _DIGITS) if sure.size else None,
                "color": colors[c],
                "mark": marks[c],
                "mean": mean if names is None else dict(zip(names, mean, strict=True)),
            }
        )
    return records


def record(found: Collection, command: str) -> dict[str, Any]:
    """The whole story, for JSON."""
    history = found.history
    return {
        "pictures": found.n,
        "failures": len(found.failures),
        "k": found.k,
        "settings": {
            "features": found.model.features,
            "covariance": found.mixture.covariance,
            "dimensions": found.mixture.d,
            "seed": None if history is None else history.seed,
        },
        "command": command or None,
        "seconds": round(found.seconds, 4),
        "fit": None
        if history is None
        else {
            "iterations": history.fit.iterations,
            "converged": history.fit.converged,
            "reason": history.fit.reason,
            "log_likelihood": history.fit.log_likelihood / found.n,
            "notes": list(history.notes),
            "criterion": "ICL" if history.curve else None,
            "curve": [{"k": one.k, "score": one.score} for one in history.curve],
        },
        "versions": versions(),
        "clusters": clusters(found),
        "files": pictures(found),
        "failed": [{"file": str(trouble.path), "error": trouble.reason} for trouble in found.failures],
    }
