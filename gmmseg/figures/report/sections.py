"""The parts of the page that Python draws, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from gmmseg.figures.arguments import Bytes
from gmmseg.figures.palette import MOST, distinct_colors
from gmmseg.figures.report.charts import histogram_chart, line_chart
from gmmseg.figures.report.page import Page
from gmmseg.figures.report.sampling import densities, histograms
from gmmseg.figures.report.wording import hex_code, number, percent, plain


def views(page: Page, masks: list[str]) -> str:
    """Buttons, one a view of the stage; those without data are not there."""
    views = [("segments", escape(f"{page.noun.capitalize()}s")), ("overlay", "Overlay"), ("borders", "Borders")]
    views += [("soft", "Soft mask")] if masks else []
    views += [("uncertainty", "Uncertainty")] if page.uncertainty is not None else []
    return "".join(
        f'<button type="button" data-view="{view}" aria-pressed="{str(view == "segments").lower()}">{name}</button>'
        for view, name in views
    )


def colours(page: Page) -> str:
    """The histograms of the channels, beside the colours in space that the script draws."""
    counts = histograms(page)
    charts = [
        f"<figure><figcaption>{name}</figcaption>"
        + histogram_chart(name, own, densities(page, channel, own.size), component_colors(page), linked=page.linked)
        + "</figure>"
        for channel, (name, own) in enumerate(zip(("Red", "Green", "Blue"), counts, strict=True))
    ]
    key = ""
    if page.rgb is not None:
        key = (
            '<p class="key"><span class="stroke bars"></span>pixels <span class="stroke thin"></span>one component '
            '<span class="stroke thick"></span>their sum</p>'
        )
    return f'<div class="histograms">{"".join(charts)}{key}</div>'


def the_fit(page: Page) -> str:
    """How the fit went, and how k was chosen; nothing if nothing is known."""
    curve = sorted(page.curve, key=lambda candidate: candidate.k)
    ks, chosen = [candidate.k for candidate in curve], [candidate.chosen for candidate in curve]
    charts = [
        (
            "Log-likelihood, step by step",
            line_chart("Log-likelihood after each step", range(len(page.trace)), page.trace, "step"),
        ),
        (
            f"{page.criterion} for each number of components",
            line_chart(f"{page.criterion} by k", ks, [candidate.score for candidate in curve], "k", chosen),
        ),
        (
            "Log-likelihood for each number of components",
            line_chart("Log-likelihood by k", ks, [candidate.log_likelihood for candidate in curve], "k", chosen),
        ),
    ]
    shown = [
        f'<figure class="card"><figcaption>{escape(name)}</figcaption>{chart}</figure>'
        for name, chart in charts
        if chart
    ]
    lead = f'<p class="lead">{escape(page.choice)}</p>' if page.choice else ""
    if not shown and not lead:
        return ""
    heading = "The fit" if shown or page.mixture is not None else "How it was made"
    return (
        f'<section id="fit" aria-labelledby="fit-name"><h2 id="fit-name">{heading}</h2>{lead}'
        f'<div class="charts">{"".join(shown)}</div></section>'
    )


def model(page: Page) -> str:
    """The mixture as a table; nothing if there is none."""
    mixture = page.mixture
    if mixture is None:
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("component", "weight", *mixture.axes))
    linked = mixture.weights.size == page.k
    lines = []
    for c in range(mixture.weights.size):
        with np.errstate(invalid="ignore"):
            spread = np.sqrt(np.diagonal(mixture.covariances[c]))
        cells = "".join(
            f'<td>{number(mean)} <span class="spread">± {number(deviation, 3)}</span></td>'
            for mean, deviation in zip(mixture.means[c].tolist(), spread.tolist(), strict=True)
        )
        dot = f'<span class="chip" style="--c:{hex_code(page.colors[c])}"></span>' if linked else ""
        mark = f' data-segment="{c}"' if linked else ""
        name = escape(str(page.rows[c].get("segment", c))) if linked and page.rows else str(c)
        weight = percent(float(mixture.weights[c]))
        lines.append(f'<tr{mark}><th scope="row">{dot}{name}</th><td>{weight}</td>{cells}</tr>')
    return (
        '<section id="model" aria-labelledby="model-name"><h2 id="model-name">The mixture</h2>'
        '<p class="lead">Means of the components in the space in which they were fitted, '
        "± one standard deviation.</p>"
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="model-name">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div></section>"
    )


def settings(page: Page) -> str:
    """The command and the settings that give the same again; nothing if there are none."""
    return repeating(page.command, page.settings)


def repeating(command: str, given: Mapping[str, object], *, copied: bool = True) -> str:
    """A section on how to get the same again; `copied` says whether a script is there that can copy the command."""
    if not command and not given:
        return ""
    shown = ""
    if command:
        button = f'<button type="button" class="quiet" data-copy="{escape(command)}">Copy</button>' if copied else ""
        shown = f'<div class="command"><pre><code>{escape(command)}</code></pre>{button}</div>'
    lines = "".join(
        f"<div><dt>{escape(str(key).replace('_', ' '))}</dt><dd>{escape(plain(value))}</dd></div>"
        for key, value in given.items()
    )
    return (
        '<section id="settings" aria-labelledby="settings-name"><h2 id="settings-name">To get the same again</h2>'
        f'{shown}<dl class="settings">{lines}</dl></section>'
    )


def component_colors(page: Page) -> list[str]:
    """A colour for each component of `rgb`, or for each segment if there are no components : codes."""
    count = page.k if page.rgb is None else page.rgb.weights.size
    return [hex_code(color) for color in _cycled(count)]


def _cycled(count: int) -> Bytes:
    colors = distinct_colors(min(MOST, max(1, count)))
    return colors[np.arange(count) % len(colors)]
