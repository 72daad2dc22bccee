"""The report: everything about a segmentation in one page."""

from __future__ import annotations

from typing import Any

from gmmseg.errors import InputError
from gmmseg.figures.palette import MOST
from gmmseg.figures.report import Candidate, Components, Page, reduced_shape, report_page
from gmmseg.files import write_text
from gmmseg.files.targets import Target
from gmmseg.outputs.palettes import hex_codes
from gmmseg.outputs.reducing import reduced_shares
from gmmseg.outputs.tables import settings_of, versions
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation


def write_report(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """One HTML file, which shows the segments in their mean colours."""
    write_text(target, report_page(page_of(seg, wishes.command)))


def page_of(seg: Segmentation, command: str = "") -> Page:
    """What the report of a segmentation shows."""
    if seg.k > MOST:  # said before hundreds of masks are made
        raise InputError(f"expected at most {MOST} segments in a report; got {seg.k}; ask for fewer")
    soft, unsure = reduced_shares(seg, *reduced_shape(seg.labels.shape))
    measures = seg.measures
    history = seg.history
    return Page(
        title=seg.image.name or "picture",
        pixels=seg.picture,
        labels=seg.labels,
        colors=seg.colors,
        soft=tuple(soft),
        rows=_rows(seg),
        uncertainty=unsure,
        mixture=None if seg.model.spec.patches else _components(seg),
        rgb=Components(measures.area / max(1, measures.area.sum()), measures.colour, measures.covariance),
        trace=() if history is None else tuple(value / history.pixels for value in history.fit.trace),
        curve=() if history is None else _curve(seg),
        choice=_choice(seg),
        criterion="ICL",
        notes=_notes(seg),
        settings=_settings(seg),
        command=command,
        regions=int(seg.regions.max()) + 1,
        seconds=seg.seconds,
        noun=seg.noun,
    )


def _components(seg: Segmentation) -> Components:
    """The mixture, as a table shows it; one of patches has a column for each of their pixels, and is not shown so."""
    mixture = seg.mixture
    matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
    return Components(mixture.weights, mixture.means, matrices, seg.shares.axes)


def _rows(seg: Segmentation) -> list[dict[str, Any]]:
    """The table of the segments as people like to read it."""
    codes = hex_codes(seg.colors)
    rows = []
    for record in seg.table():
        i = record["segment"]
        x, y, width, height = record["box"]
        centre = record["centroid"]
        empty = record["area"] == 0
        rows.append(
            {
                "segment": i,
                "share": record["share"],
                "pixels": record["area"],
                "colour": codes[i],
                "certainty": record["certainty"],
                "centre": None if empty else f"{centre[0]:.0f}, {centre[1]:.0f}",
                "box": None if empty else f"{width} × {height} at {x}, {y}",
            }
        )
    return rows


def _curve(seg: Segmentation) -> list[Candidate]:
    tried = () if seg.history is None else seg.history.curve
    return [Candidate(c.k, c.score, c.log_likelihood, c.k == seg.k) for c in tried]


def _choice(seg: Segmentation) -> str:
    if seg.origin is not None:
        return seg.origin.words
    if seg.history is None:
        return "The model was fitted before and applied to this picture."
    curve = seg.history.curve
    if not curve:
        return f"The number of components, {seg.k}, was given."
    best = min(curve, key=lambda c: c.score).k
    least = "the least ICL" if best == seg.k else "the least ICL of more than one component"
    return (
        f"Of {curve[0].k} to {curve[-1].k} components, {seg.k} have {least}: the Bayesian information criterion, which "
        "puts a price on parameters, with one on doubt about which component a pixel belongs to. Neighbouring pixels "
        "repeat each other, so the picture counts as no more than 4096 of them. Log-likelihoods are those of a pixel."
    )


def _notes(seg: Segmentation) -> list[str]:
    """What a reader should know."""
    notes = []
    if seg.image.colour == "bands":
        shown = "the first three bands" if seg.image.pixels.shape[2] >= 3 else "the first band"
        notes.append(f"The picture is shown by {shown}, each stretched to the full range.")
    empty = [str(i) for i in range(seg.k) if seg.measures.area[i] == 0]
    if empty:
        notes.append(f"Segments that win no pixel: {', '.join(empty)}.")
    if seg.history is not None:
        notes.extend(seg.history.fit.notes)
        if not seg.history.fit.converged:
            notes.append(f"The fit stopped before it converged: {seg.history.fit.reason}.")
    return notes


def _settings(seg: Segmentation) -> dict[str, Any]:
    settings: dict[str, Any] = {"k": seg.k} if seg.origin is None else {}
    settings |= {name: f"{value:g}" if isinstance(value, float) else value for name, value in settings_of(seg).items()}
    if seg.history is not None:
        settings |= {"iterations": seg.history.fit.iterations, "stopped by": seg.history.fit.reason}
    found = versions()
    return settings | {name: found[name] for name in ("gmmseg", "python", "numpy", "numba") if name in found}
