"""The page put together: what Python knows goes into page.html, with its style and its script."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files

import numpy as np

from gmmseg.figures.report.embedding import (
    bytes_text,
    labels_uri,
    mask_uris,
    photo_uri,
    plane_uri,
    script_data,
)
from gmmseg.figures.report.hierarchy import detail_section, hierarchy_data
from gmmseg.figures.report.page import Components, Page
from gmmseg.figures.report.sampling import sampled_points
from gmmseg.figures.report.sections import colours, component_colors, model, settings, the_fit, views
from gmmseg.figures.report.segments import Entry, entries, legend, palette, table
from gmmseg.figures.report.sizes import PHOTO, fitted
from gmmseg.figures.report.wording import duration, hex_code, number, percent
from gmmseg.figures.uncertainty import ramp


def report_page(page: Page) -> str:
    """A whole HTML document that shows the page and refers to nothing outside itself.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        To be written as UTF-8.
    """
    found = entries(page)
    masks = mask_uris(page)
    style, script = part("style.css"), _script(page)
    width, height = fitted(page.labels.shape, PHOTO)
    # Very long or very flat pictures are stretched, so that they can be seen at all.
    ratio = f"{min(max(width / height, 0.2), 8):.5f}"
    fields = {
        "title": escape(page.title),
        "facts": "".join(f"<li>{escape(fact)}</li>" for fact in _facts(page)),
        "notes": "".join(f"<li>{escape(note)}</li>" for note in page.notes),
        "style": style,
        "script": script,
        "digest": b64encode(sha256(script.encode()).digest()).decode(),
        "data": script_data(_data(page, found, masks)),
        "photo": photo_uri(page.pixels),
        "width": str(width),
        "height": str(height),
        "ratio": ratio,
        "fine": "" if max(width, height) > 200 else " coarse",
        "views": views(page, masks),
        "ramp": ",".join(hex_code(color) for color in ramp()[::15]),
        "noun": escape(page.noun),
        "Noun": escape(page.noun.capitalize()),
        "legend": legend(page, found),
        "detail": detail_section(page.hierarchy, ratio),
        "palette": palette(page, found),
        "codes": " ".join(entry.color for entry in found),
        "colours": colours(page),
        "fit": the_fit(page),
        "table": table(page, found),
        "model": model(page),
        "settings": settings(page),
    }
    # One pass, so that nothing in a title or a note is taken for a place to fill in.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: fields[place.group(1)], part("page.html"))


def _script(page: Page) -> str:
    detail = "" if page.hierarchy is None else part("detail.js")
    return part("cloud.js") + detail + part("page.js")


def part(name: str) -> str:
    """The text of a file that pages are made of."""
    return files("gmmseg.figures.report").joinpath(name).read_text(encoding="utf-8")


def _facts(page: Page) -> list[str]:
    height, width = page.labels.shape
    mega = height * width / 1e6
    facts = [f"{width} × {height}" + (f" · {mega:.1f} megapixels" if mega >= 0.1 else "")]
    facts.append(f"1 {page.noun}" if page.k == 1 else f"{page.k} {page.noun}s")
    if page.regions is not None:
        facts.append("1 region" if page.regions == 1 else f"{number(page.regions)} regions")
    out = float(np.count_nonzero(page.labels < 0)) / page.labels.size
    if out > 0:
        facts.append(f"{percent(out)} left out")
    if page.seconds is not None:
        facts.append(duration(page.seconds))
    return facts


def _data(page: Page, found: list[Entry], masks: list[str]) -> dict[str, object]:
    points, segments = sampled_points(page)
    inside = segments >= 0
    return {
        "noun": page.noun,
        "labels": labels_uri(page),
        "masks": masks,
        "uncertainty": None if page.uncertainty is None else plane_uri(page.uncertainty, page.labels.shape),
        "ramp": bytes_text(ramp()),
        "segments": [
            {
                "name": entry.name,
                "color": entry.color,
                "tint": entry.tint,
                "share": percent(entry.share),
                "part": entry.share,
                "certainty": entry.certainty,
                "facts": entry.facts,
            }
            for entry in found
        ],
        "hierarchy": None if page.hierarchy is None else hierarchy_data(page.hierarchy),
        "points": bytes_text(points[inside]),
        "owners": bytes_text(segments[inside].astype(np.uint8)),
        "ellipsoids": [] if page.rgb is None else _ellipsoids(page.rgb, component_colors(page), linked=page.linked),
    }


def _ellipsoids(rgb: Components, colors: list[str], *, linked: bool) -> list[dict[str, object]]:
    return [
        {
            "mean": rgb.means[c].tolist(),
            "covariance": rgb.covariances[c].reshape(-1).tolist(),
            "color": colors[c],
            "segment": c if linked else -1,
        }
        for c in range(rgb.weights.size)
        if np.isfinite(rgb.means[c]).all() and np.isfinite(rgb.covariances[c]).all()
    ]
