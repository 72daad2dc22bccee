"""The segments of a page as words: for the legend, the table and the script."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.report.page import Page
from gmmseg.figures.report.wording import hex_code, percent, plain


@dataclass(frozen=True)
class Entry:
    """A segment as the legend shows it.

    Attributes
    ----------
    name : str
    color, tint : str
        Its colour, and one by which it can be told from all others.
    share : float
        Of the pixels that were not left out.
    certainty : str
        Empty if not known.
    facts : tuple of (str, str)
        Headings and values.
    """

    name: str
    color: str
    tint: str
    share: float
    certainty: str
    facts: tuple[tuple[str, str], ...]


def entries(page: Page) -> list[Entry]:
    """The segments of a page, in the order of their labels."""
    inside = page.labels[page.labels >= 0].astype(np.intp)
    counts = np.bincount(inside, minlength=page.k)
    sure = _certainties(page)
    tints = distinct_colors(page.k)
    found = []
    for c in range(page.k):
        row = page.rows[c] if page.rows else {}
        facts = [(_heading(key), plain(_shown(key, value), key)) for key, value in row.items() if key != "segment"]
        if not page.rows:
            facts = [("pixels", plain(int(counts[c])))]
        found.append(
            Entry(
                str(row.get("segment", c)),
                hex_code(page.colors[c]),
                hex_code(tints[c]),
                counts[c] / max(1, inside.size),
                sure[c],
                tuple(facts),
            )
        )
    return found


def _certainties(page: Page) -> list[str]:
    told = [row.get("certainty") for row in page.rows] or [None] * page.k
    return [percent(float(value)) if isinstance(value, float | np.floating) else "" for value in told]


def legend(page: Page, found: list[Entry]) -> str:
    """Buttons, one a segment."""
    noun = escape(page.noun.capitalize())
    largest = max(entry.share for entry in found) or 1.0
    parts = []
    for c, entry in enumerate(found):
        certainty = f'<span class="sure">{entry.certainty} sure</span>' if entry.certainty else ""
        parts.append(
            f'<li><button type="button" class="entry" data-segment="{c}" aria-pressed="false" '
            f'style="--c:{entry.color};--t:{entry.tint};--part:{entry.share / largest:.4f}">'
            f'<span class="swatch"></span><span class="name">{noun} {escape(entry.name)}</span>'
            f'<span class="share">{percent(entry.share)}</span><span class="bar"></span>{certainty}</button></li>'
        )
    return "".join(parts)


def palette(page: Page, found: list[Entry]) -> str:
    """The colours, each a button that copies its code."""
    return "".join(
        f'<li><button type="button" class="tile" data-copy="{entry.color}" style="--c:{entry.color}" '
        f'aria-label="Copy {entry.color}, the colour of {escape(page.noun)} {escape(entry.name)}">'
        f'<span class="paint"></span><code>{entry.color}</code></button></li>'
        for entry in found
    )


def table(page: Page, found: list[Entry]) -> str:
    """All that is known of the segments."""
    keys = [key for key in page.rows[0] if key != "segment"] if page.rows else []
    if not keys:
        headings = ["share", "pixels"]
        bodies = [[escape(percent(entry.share)), escape(entry.facts[0][1])] for entry in found]
    else:
        headings = [_heading(key) for key in keys]
        bodies = [[_cell(key, row.get(key)) for key in keys] for row in page.rows]
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in [page.noun, *headings])
    lines = [
        f'<tr data-segment="{c}"><th scope="row"><span class="chip" style="--c:{entry.color}"></span>'
        f"{escape(entry.name)}</th>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for c, (entry, cells) in enumerate(zip(found, bodies, strict=True))
    ]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _heading(key: str) -> str:
    return str(key).replace("_", " ")


def _cell(key: str, value: object) -> str:
    text = escape(plain(_shown(key, value), key))
    code = _color_code(key, value)
    return f'<span class="chip" style="--c:{code}"></span><code>{code}</code>' if code else text


def _shown(key: str, value: object) -> object:
    return _color_code(key, value) or value


def _color_code(key: str, value: object) -> str:
    """The code of a colour that stands under a heading for colours, or nothing."""
    if "colo" not in key.lower():
        return ""
    if isinstance(value, str):
        digits = value.removeprefix("#").lower()
        return f"#{digits}" if len(digits) == 6 and not set(digits) - set("0123456789abcdef") else ""
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != 3:
        return ""
    parts = np.asarray(value, np.float64)
    return hex_code(np.clip(np.rint(parts), 0, 255).tolist()) if np.isfinite(parts).all() else ""
