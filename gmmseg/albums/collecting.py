"""How a collection comes about: look at every picture, fit, assign."""

from __future__ import annotations

import time
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.albums.album import Collection, History
from gmmseg.albums.describing import DESCRIPTORS
from gmmseg.albums.fitting import USUAL, fitted, wanted_k
from gmmseg.albums.kinds import features_named
from gmmseg.albums.looking import Look, Progress, Trouble, Troubled, looks
from gmmseg.albums.model import CollectionModel, model_of
from gmmseg.albums.projection import principal
from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import FileError, InputError
from gmmseg.files import MAX_PIXELS
from gmmseg.mixture.families import family_named


def collection(
    sources: Any,
    k: int | str = "auto",
    *,
    features: str | None = None,
    covariance: str | None = None,
    recursive: bool = False,
    seed: int = 0,
    threads: int | None = None,
    max_pixels: int | None = MAX_PIXELS,
    model: CollectionModel | str | PathLike[str] | None = None,
    progress: Progress | None = None,
    troubled: Troubled | None = None,
) -> Collection:
    """Cluster pictures softly, each picture one row.

    Parameters
    ----------
    sources : path, or iterable of what `gmmseg.read` takes
        Files, folders, globs, arrays; they are read side by side, small, a few at a time.
    k : int or "auto"
        Number of clusters; "auto" takes the one of least ICL.
    features : {"mean", "mean+std", "histogram", "layout"}, optional
        What describes a picture; see `gmmseg.albums.FEATURES`. By default its mean red, green and blue.
    covariance : {"full", "diag", "tied", "spherical"}, optional
        By default full.
    recursive : bool
        Folders include what is below them.
    seed : int
    threads : int, optional
        All processors by default, up to 8 for reading.
    max_pixels : int or None
        Larger pictures are refused.
    model : CollectionModel or path, optional
        Cluster by this model, with its features and clusters, rather than fit one.
    progress : callable, optional
        Called as progress(done, total) after each picture that was looked at; total may be None. What it raises ends
        the work.
    troubled : callable, optional
        Called as troubled(path, reason) for each picture that cannot be read, as soon as that is known.

    Returns
    -------
    Collection
        Without the pictures that could not be read, which are its `failures`.

    Raises
    ------
    FileError
        None of the pictures can be read.
    InputError
        An argument cannot be worked with, or there are fewer pictures than clusters.
    """
    begun = time.perf_counter()
    known = None if model is None else model_of(model)
    if known is not None:
        _check_beside(known, k, features, covariance)
    name = known.features if known is not None else features_named(features or "mean")
    family_named(covariance or "full")
    if k != "auto":
        wanted_k(k, 1 << 62)
    seen, failures = _looked(
        looks(
            sources,
            name,
            recursive=recursive,
            threads=threads,
            max_pixels=max_pixels,
            progress=progress,
        ),
        troubled,
    )
    descriptions = np.stack([look.description for look in seen])
    means = np.stack([look.mean for look in seen])
    history = None
    if known is None:
        known, history = _fitted(descriptions, means, name, k, covariance or "full", seed, threads)
    rows = known.rows(descriptions)
    probabilities = known.mixture.responsibilities(rows, threads=threads)
    return Collection(
        files=tuple(look.path for look in seen),
        rows=rows,
        model=known,
        probabilities=probabilities,
        means=means,
        failures=failures,
        thumbnails=tuple(look.thumbnail for look in seen),
        history=history,
        seconds=time.perf_counter() - begun,
    )


def _check_beside(model: CollectionModel, k: int | str, features: str | None, covariance: str | None) -> None:
    """A model has all that may be asked for: who asks for something else should know."""
    own = {"k": model.mixture.k, "features": model.features, "covariance": model.mixture.covariance}
    asked = {"k": None if k == "auto" else k, "features": features, "covariance": covariance}
    for name, given in asked.items():
        if given is not None and given != own[name]:
            raise InputError(f"expected {name} as the model has it, {own[name]}; got {given!r}; leave it out")


def _looked(found: Any, troubled: Troubled | None) -> tuple[list[Look], tuple[Trouble, ...]]:
    seen: list[Look] = []
    failures: list[Trouble] = []
    for one in found:
        if isinstance(one, Look):
            seen.append(one)
            continue
        failures.append(one)
        if troubled is not None:
            troubled(one.path, one.reason)
    if not seen:
        if not failures:
            raise InputError("expected at least one picture; got none")
        more = f"; so with {len(failures) - 1} more" if len(failures) > 1 else ""
        raise FileError(f"{failures[0].reason}{more}")
    return seen, tuple(failures)


def _fitted(
    descriptions: Doubles,
    means: Doubles,
    features: str,
    k: int | str,
    covariance: str,
    seed: int,
    threads: int | None,
) -> tuple[CollectionModel, History]:
    descriptor = DESCRIPTORS[features]
    count = wanted_k(k, len(descriptions))
    projection = None
    notes: tuple[str, ...] = ()
    rows = descriptions
    if descriptor.columns is None:
        projection, kept = principal(descriptions, count or USUAL)
        rows = projection(descriptions)
        story = f"{descriptor.length} numbers a picture, projected on {rows.shape[1]}"
        notes = (f"{features}: {story} that keep {100 * kept:.0f} % of their variance",)
    found = fitted(rows, count, covariance, descriptor.resolution, seed, threads)
    shares = found.mixture.responsibilities(rows, threads=threads)
    model = CollectionModel(found.mixture, features, _colors(shares, means), projection)
    return model, History(found.fit, found.curve, (*notes, *found.notes), seed)


def _colors(shares: Floats, means: Doubles) -> NDArray[np.uint8]:
    """The mean colour of each cluster : (k, 3), of pictures' mean colours : (n, 3) and their shares : (n, k)."""
    weights = shares.astype(np.float64)
    sums = np.einsum("nk,nc->kc", weights, means)
    colors = sums / np.maximum(weights.sum(axis=0), 1e-12)[:, None]
    return np.asarray(np.rint(np.clip(colors, 0, 255)), np.uint8)
