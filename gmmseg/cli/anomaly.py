"""gmmseg anomaly: what does not belong in pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options, words
from gmmseg.cli.batch import aside
from gmmseg.cli.failing import require_writable
from gmmseg.cli.gathering import gathered
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter
from gmmseg.cli.options import Reading, Saving, Telling
from gmmseg.cli.saved import SavingVerb, Shelf, shelve_each

if TYPE_CHECKING:
    from gmmseg.anomalies import Anomaly, AnomalyModel

_EPILOG = """\
\b
Examples:
  gmmseg anomaly part.jpg --normal good/*.jpg
  gmmseg anomaly today -r --normal good --save-model cloth.npz -o found
  gmmseg anomaly today/*.png --model cloth.npz --false-alarms 1e-5 --save heat,json
  gmmseg anomaly field.tif
"""
_OWN = ("features", "k", "smooth", "seed")  # options of a fit


class AnomalyVerb(SavingVerb):
    """A verb whose kinds of output are those of anomalies."""

    room = "gmmseg.anomalies.kinds"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let --normal take all names behind it, as a pattern that the shell expands gives them."""
        return super().parse_args(ctx, _spelt_out(args))


def _is_name(word: str) -> bool:
    return word == "-" or not word.startswith("-")


def _spelt_out(args: Sequence[str]) -> list[str]:
    """Arguments with --normal before each of its names: all up to the next option."""
    spelt: list[str] = []
    normal = False
    for n, word in enumerate(args):
        if word == "--":
            return [*spelt, *args[n:]]
        if word == "--normal":
            normal = n + 1 < len(args) and _is_name(args[n + 1])
            if not normal:
                raise click.UsageError("expected --normal with names of pictures behind it; got none")
        elif normal and _is_name(word):
            spelt += ["--normal", word]
        else:
            normal = word.startswith("--normal=")
            spelt.append(word)
    return spelt


@dataclass(frozen=True)
class _Found:
    """An anomaly that is saved as other results are."""

    anomaly: Anomaly

    def save(
        self, folder: str, kinds: tuple[str, ...] | None, *, stem: str, command: str, **_other: object
    ) -> tuple[Path, ...]:
        """Its outputs, in a folder."""
        return self.anomaly.save(folder, kinds, stem=stem, command=command)


@click.command(cls=AnomalyVerb, epilog=_EPILOG)
@options.inputs
@click.option(
    "--normal",
    multiple=True,
    metavar="INPUT...",
    help="Pictures, folders or patterns of what is normal, all up to the next option.  [default: the bulk of each "
    "picture itself]",
)
@click.option("--model", type=click.Path(dir_okay=False, path_type=Path), help="A model that --save-model wrote.")
@click.option(
    "--save-model",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the model of what is normal.",
)
@click.option(
    "--false-alarms",
    type=click.FloatRange(0, 0.5, min_open=True),
    callback=words.finite,
    metavar="RATE",
    default=1e-4,
    show_default=True,
    help="The share of normal pixels that may be called odd.",
)
@click.option(
    "--features",
    callback=words.features,
    metavar="NAME,NAME,…",
    help="What describes a pixel, as for segment.  [default: its colour, the tone around it, and the grain]",
)
@click.option("-k", type=click.IntRange(min=1), metavar="N", default=10, show_default=True, help="Components.")
@click.option(
    "--smooth",
    type=click.FloatRange(0, 100),
    callback=words.finite,
    metavar="PIXELS",
    default=3.0,
    show_default=True,
    help="Densities are averaged over so wide a neighbourhood; 0 for none.",
)
@click.option(
    "--min-area",
    type=click.IntRange(min=1),
    metavar="PIXELS",
    default=1,
    show_default=True,
    help="Smaller pieces are left out.",
)
@options.seed
@options.plain_saving_of("gmmseg.anomalies.kinds", "anomalies", "heat,mask,overlay,csv")
@options.reading
@options.recursive
@options.telling
def anomaly(
    inputs: tuple[str, ...],
    normal: tuple[str, ...],
    model: Path | None,
    save_model: Path | None,
    false_alarms: float,
    min_area: int,
    saving: Saving,
    reading: Reading,
    recursive: bool,
    telling: Telling,
    **fitting: Any,
) -> int:
    """Find what does not belong in pictures, by how little of it is normal.

    The normal pictures show the same thing without a flaw; three or more tell how one differs from the next. INPUT is a
    file, a folder, a pattern such as "photos/**/*.jpg", or - for standard input. If a normal picture cannot be read,
    nothing is looked at.
    """
    if normal and model is not None:
        raise click.UsageError("expected --normal or --model; got both")
    if save_model is not None and not normal:
        raise click.UsageError("expected --normal together with --save-model; got no normal pictures")
    if model is not None:
        options.require_untyped(_OWN, beside="--model")
    known: AnomalyModel | None = None
    if model is not None:
        from gmmseg.anomalies import AnomalyModel

        known = AnomalyModel.load(model)
    elif normal:
        if saving.out != options.STANDARD_OUTPUT:
            require_writable(Path(saving.out))
        known = _of_normal(normal, fitting, save_model, reading, telling, recursive=recursive)
        if known is None:
            return 1

    from gmmseg.anomalies import anomaly as found

    settings = {"model": known} if known is not None else fitting
    return shelve_each(
        inputs,
        lambda image: _Found(found(image, **settings, false_alarms=false_alarms, min_area=min_area)),
        _shelf(),
        reading,
        saving,
        telling,
        recursive=recursive,
    )


def _of_normal(
    normal: Sequence[str],
    fitting: dict[str, Any],
    save_model: Path | None,
    reading: Reading,
    telling: Telling,
    *,
    recursive: bool,
) -> AnomalyModel | None:
    """The model of the normal pictures, written where it is to be; None if one of them cannot be read."""
    from gmmseg.anomalies import AnomalyModel
    from gmmseg.files import folder, listed

    load_numba()
    if save_model is not None:
        require_writable(save_model.parent)
    sources = listed(normal, recursive=recursive)
    told = Reporter(len(sources), as_json=telling.as_json, quiet=telling.quiet)
    end = "nothing was looked at: not all normal pictures can be read"
    images = gathered(sources, reading, telling, told, "learn from", end)
    if images is None:
        return None
    model = aside(lambda: AnomalyModel.fit(images, **fitting))
    if save_model is not None:
        folder(save_model.parent)
        model.save(save_model)
    return model


def _shelf() -> Shelf:
    from gmmseg.anomalies import saving
    from gmmseg.anomalies.kinds import CATALOGUE

    write: Callable[..., None] = lambda found, kind, target, *, command, **_other: saving.write(  # noqa: E731
        found.anomaly, kind, target, command=command
    )
    return Shelf("look at", lambda _kind: True, CATALOGUE.present, write, _told)


def _told(found: _Found) -> tuple[str, dict[str, Any]]:
    anomaly = found.anomaly
    count = len(anomaly.boxes)
    if count == 0:
        line = f"nothing odd (up to {anomaly.peak:.0f} nats of {anomaly.threshold:.0f})"
    else:
        pieces = "1 odd piece" if count == 1 else f"{count} odd pieces"
        line = f"{pieces} (up to {anomaly.peak:.0f} nats, threshold {anomaly.threshold:.0f})"
    return line, {
        "threshold": anomaly.threshold,
        "false_alarms": anomaly.false_alarms,
        "peak": anomaly.peak,
        "odd_pixels": int(anomaly.mask.sum()),
        "boxes": anomaly.records(),
    }
