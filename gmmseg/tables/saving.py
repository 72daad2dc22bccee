"""Outputs of several kinds into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.files import folder as folder_at
from gmmseg.files import write_csv, write_json
from gmmseg.files.tables import write_rows
from gmmseg.outputs.tables import versions
from gmmseg.tables.kinds import planned
from gmmseg.tables.parameters import by_top, matrix, parameters

if TYPE_CHECKING:
    from gmmseg.tables.clustering import TableClustering


def save(
    clustering: TableClustering,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None,
    stem: str | None,
) -> tuple[Path, ...]:
    """Write outputs; see `TableClustering.save`."""
    stem = usual_stem(clustering) if stem is None else stem
    paths = planned(kinds, folder, stem)
    for kind, path in paths.items():
        folder_at(path.parent)
        WRITERS[kind](clustering, path)
    return tuple(paths.values())


def usual_stem(clustering: TableClustering) -> str:
    """What outputs are called: as the table is, or "table" where it has no name."""
    name = clustering.records.name
    return "table" if " " in name and not Path(name).suffix else PurePath(name).stem


def write_memberships(clustering: TableClustering, path: Path) -> None:
    """A line a row: its name or number, cluster, probabilities and certainty; empty cells where it was left out."""
    names = [clustering.records.id_column or "row", "cluster", *(f"p_{c}" for c in range(clustering.k)), "certainty"]
    write_rows(path, names, _lines(clustering))


def _lines(clustering: TableClustering) -> Iterator[list[Any]]:
    ids = clustering.records.ids or range(1, len(clustering.labels) + 1)
    empty = [""] * (clustering.k + 2)
    for name, label, shares in zip(ids, clustering.labels.tolist(), clustering.memberships, strict=True):
        if label < 0:
            yield [name, *empty]
        else:
            yield [name, label, *(f"{share:.6g}" for share in shares.tolist()), f"{shares[label]:.6g}"]


def write_parameters(clustering: TableClustering, path: Path) -> None:
    """A line a cluster."""
    write_csv(path, parameters(clustering))


def write_story(clustering: TableClustering, path: Path) -> None:
    """The clusters, with covariances, and how they came about."""
    records, mixture = clustering.records, clustering.mixture
    clusters = parameters(clustering)
    if not mixture.family.diagonal:
        for c, record in enumerate(clusters):
            record["covariance"] = np.round(matrix(clustering, c), 10)
    fit, selection = clustering.fit, clustering.selection
    write_json(
        path,
        {
            "file": records.name,
            "rows": len(clustering.labels),
            "left_out": clustering.skipped,
            "missing": clustering.missing,
            "columns": None if by_top(clustering) else list(records.columns),
            "dimensions": len(records.columns),
            "k": clustering.k,
            "covariance": mixture.covariance,
            "criterion": None if selection is None else selection.criterion,
            "tried": None
            if selection is None
            else [{"k": c.k, "covariance": c.covariance, "score": c.score} for c in selection.candidates],
            "fit": None
            if fit is None
            else {
                "log_likelihood": fit.log_likelihood,
                "iterations": fit.iterations,
                "converged": fit.converged,
                "reason": fit.reason,
            },
            "notes": list(clustering.notes),
            "seconds": clustering.seconds,
            "versions": versions(),
            "clusters": clusters,
        },
    )


def write_picture(clustering: TableClustering, path: Path) -> None:
    """The picture that suits the table."""
    from gmmseg.figures.plots import write_figure
    from gmmseg.tables.picture import picture

    write_figure(picture(clustering), path)


def write_model(clustering: TableClustering, path: Path) -> None:
    """The model."""
    clustering.model.save(path)


WRITERS: dict[str, Callable[[TableClustering, Path], None]] = {
    "memberships": write_memberships,
    "parameters": write_parameters,
    "picture": write_picture,
    "model": write_model,
    "json": write_story,
}
