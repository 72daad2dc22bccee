"""gmmseg evaluate video: foreground masks of clips against what people drew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options
from gmmseg.cli.batch import aside
from gmmseg.cli.evaluating import asking
from gmmseg.cli.messages import Reporter, complain, say

if TYPE_CHECKING:
    from gmmseg.evaluate import VideoEvaluation

_EPILOG = """\
\b
Examples:
  gmmseg evaluate video CDnet
  gmmseg evaluate video CDnet --peer mog2,knn --only "baseline/*" --json
  gmmseg evaluate video CDnet --reliability reliability.svg --per-frame frames.csv
"""
_COLUMNS = ("setting", "of", "clips", "recall", "specificity", "fpr", "fnr", "pwc", "precision", "f")


def _presets(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Names of presets, each once."""
    if given:
        from gmmseg.video import PRESETS

        for name in given:
            if name not in PRESETS:
                raise click.BadParameter(f"expected presets among {', '.join(PRESETS)}; got {name!r}")
    return tuple(dict.fromkeys(given))


def _peers(_ctx: click.Context, _param: click.Parameter, given: str | None) -> tuple[str, ...]:
    """Names of peers with commas between them, each once."""
    if given is None:
        return ()
    from gmmseg.evaluate import PEERS

    names = tuple(dict.fromkeys(word.strip() for word in given.split(",")))
    for name in names:
        if name not in PEERS:
            raise click.BadParameter(f"expected peers among {', '.join(PEERS)}, joined by commas; got {name!r}")
    return names


def _drawing(_ctx: click.Context, _param: click.Parameter, given: Path | None) -> Path | None:
    if given is not None and given.suffix.lower() != ".svg":
        raise click.BadParameter(f"expected a name that ends in .svg; got {given.name!r}")
    return given


@click.command(epilog=_EPILOG)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--preset",
    "presets",
    multiple=True,
    callback=_presets,
    metavar="NAME",
    help="Settings of the model to score; several times for several.  [default: the model as it is]",
)
@click.option("--peer", "peers", callback=_peers, metavar="NAME,…", help="Score OpenCV's models too: mog2, knn.")
@click.option("--only", default="*", metavar="PATTERN", help="Clips whose CATEGORY/NAME or NAME matches.")
@click.option(
    "--reliability",
    callback=_drawing,
    type=click.Path(path_type=Path),
    metavar="FILE.svg",
    help="Draw how far probabilities are what they say.",
)
@click.option(
    "--per-frame", type=click.Path(path_type=Path), metavar="FILE.csv", help="Write the counts of each frame."
)
@click.option(
    "--threads", type=click.IntRange(min=1), metavar="N", default=1, show_default=True, help="Threads of each model."
)
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Clips at once.  [default: as many as processors]"
)
@asking.as_json
@options.quiet
def video(
    data: Path,
    presets: tuple[str, ...],
    peers: tuple[str, ...],
    only: str,
    reliability: Path | None,
    per_frame: Path | None,
    threads: int,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run background models over the clips of DATA, and score their masks against the truth.

    DATA is laid out as CDnet is: CATEGORY/NAME/input and groundtruth; a category or a single clip will do. Measures are
    those of CDnet 2014: pixels are added up over a clip, a category is the mean of its clips, and all is the mean of
    the categories; the mean of the clips stands beside it. Shadow counts as background, and pixels marked unknown or
    outside do not count. A measure without anything to measure is blank, and left out of means.
    """
    from gmmseg.evaluate import PEERS, evaluate_video, labelled_clips, text_table
    from gmmseg.evaluate.peers import require_opencv
    from gmmseg.files import write_csv

    if peers:
        require_opencv()
    clips = labelled_clips(data, only)
    settings: dict[str, Callable[[], Any]] = {name: _model(name, threads) for name in presets}
    if not presets:
        settings["gmmseg"] = _model(None, threads)
    settings |= {name: PEERS[name] for name in peers}
    told = Reporter(sum(len(clip.numbers) for clip in clips), quiet=quiet)
    found = aside(lambda: evaluate_video(clips, settings, jobs=jobs, progress=told.progress))
    told.clear()
    lost: dict[tuple[str, str], list[str]] = {}
    for failure in found.failures:
        lost.setdefault((failure.image, failure.reason), []).append(failure.setting)
    for (clip, reason), names in lost.items():
        complain(f"{clip}, {', '.join(names)}: {reason}")
    if as_json:
        say(json.dumps({"summary": found.summary(), "scores": found.records()}, allow_nan=False))
    elif found.scores:
        columns = (*_COLUMNS, "calibration_error", "brier") if reliability is not None else _COLUMNS
        say(text_table([{key: row[key] for key in columns if key in row} for row in found.summary()]))
    if per_frame is not None:
        write_csv(per_frame, found.frames())
    if reliability is not None:
        _draw(reliability, found)
    return 1 if found.failures else 0


def _model(preset: str | None, threads: int) -> Callable[[], Any]:
    """What makes a model and gives its masks and probabilities."""
    from gmmseg.video import BackgroundModel

    def made() -> Callable[[Any], tuple[Any, Any]]:
        model = BackgroundModel("default" if preset is None else preset, threads=threads)

        def foreground(pixels: Any) -> tuple[Any, Any]:
            found = model.apply(pixels)
            return found.mask, found.probability

        return foreground

    return made


def _draw(path: Path, found: VideoEvaluation) -> None:
    """The reliability of every setting that has probabilities, in one picture."""
    from gmmseg.figures.reliability import reliability_diagram
    from gmmseg.files import write_text

    drawn = {name: one for name in found.settings if (one := found.reliability(name)) is not None}
    if not drawn:
        complain(f"nothing to draw in {path}: no model that was scored gives probabilities")
        return
    kept = drawn.values()
    write_text(
        path,
        reliability_diagram(
            list(drawn), [one.means for one in kept], [one.shares for one in kept], [one.pixels for one in kept]
        ),
    )
