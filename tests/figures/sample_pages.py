"""Pages for the tests of the report, all made here."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.figures.report import Candidate, Components, Page


def page(h: int = 90, w: int = 120, k: int = 3, *, title: str = "sample.png", **fields: Any) -> Page:
    """Upright stripes, one a segment, with everything a page can have, and a corner that is left out."""
    random = np.random.default_rng(0)
    labels = np.repeat((np.arange(w) * k // w)[None], h, axis=0).astype(np.int16)
    if h > 10:
        labels[:10, :10] = -1
    colors = random.integers(0, 256, (k, 3), dtype=np.uint8)
    noise = random.integers(-20, 21, (h, w, 3))
    pixels = np.clip(colors[labels].astype(int) + noise, 0, 255).astype(np.uint8)
    soft = np.stack([(labels == c).astype(np.float32) for c in range(k)], -1)
    rows = [{"segment": f"s{c}", "share": 1 / k, "certainty": 0.9, "mean_colour": tuple(colors[c])} for c in range(k)]
    means = colors.astype(np.float64)
    components = Components(np.full(k, 1 / k), means, np.stack([np.eye(3) * 140] * k))
    everything: dict[str, Any] = {
        "soft": soft,
        "rows": rows,
        "uncertainty": random.random((h, w)).astype(np.float32),
        "mixture": components,
        "rgb": components,
        "trace": (-5e5, -4e5, -3.9e5),
        "curve": [Candidate(i, 9e5 / i, -4e5 / i, i == k) for i in range(1, k + 3)],
        "choice": "The least BIC.",
        "notes": ("A note.",),
        "settings": {"seed": 0, "gmmseg": "0.1.0"},
        "command": "gmmseg photo sample.png",
        "regions": 4,
        "seconds": 0.5,
    }
    return Page(title, pixels, labels, colors, **(everything | fields))
