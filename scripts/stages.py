"""Measures `gmmseg background` beside its three stages, each alone: reading, modelling, drawing and writing."""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from av.video.frame import VideoFrame

from gmmseg import subtract_background
from gmmseg.files.clips import clip_writer, read_clip
from gmmseg.footage.kinds import formats_of, planned
from gmmseg.footage.seen import Seen
from gmmseg.footage.tally import Tally
from gmmseg.footage.writing import Outputs, Wanted
from gmmseg.video import BackgroundModel
from gmmseg.video.blobs import blobs_of

_SIZE = (1920, 1080)
_FRAMES = 150
_HELD = 50  # frames whose foreground is in memory at once, for writing without modelling
_TURNS = 3


def verb(folder: Path, presets: list[str]) -> None:
    """Print how long each stage takes alone, and how long they take together, as medians of wall and processor time."""
    with tempfile.TemporaryDirectory() as made:
        clip = enlarged(folder, Path(made))
        if clip is None:
            print("\nthe verb: no clip with sound in the folder")
            return
        print(
            f"\ngmmseg background on {_SIZE[0]}×{_SIZE[1]} with sound, mask and overlay: ms a frame, wall and processor"
        )
        for preset in presets:
            stages(clip, preset, Path(made))


def enlarged(folder: Path, made: Path) -> Path | None:
    """The beginning of the first clip with sound, in full HD."""
    for path in sorted(folder.iterdir()):
        with read_clip(path) as clip:
            if not clip.has_sound:
                continue
            large = made / "large.mp4"
            with clip_writer(large, *_SIZE, clip.rate, sound_of=path) as out:
                for frame in islice(clip, _FRAMES):
                    picture = VideoFrame.from_ndarray(frame.pixels, "rgb24").reformat(*_SIZE, interpolation="BICUBIC")
                    out.write(picture.to_ndarray(), frame.time)
            return large
    return None


def stages(clip: Path, preset: str, made: Path) -> None:
    """One table: every stage alone and all together, taken in turn."""
    with read_clip(clip) as opened:
        held = list(opened)
        rate = opened.rate
    model = BackgroundModel(preset)
    found = [model.apply(frame.pixels) for frame in held[:_HELD]]
    blobs = [blobs_of(one.mask, one.probability) for one in found]

    def read() -> int:
        with read_clip(clip) as opened:
            return sum(1 for _ in opened)

    def modelled() -> int:
        fresh = BackgroundModel(preset)
        for frame in held:
            one = fresh.apply(frame.pixels)
            blobs_of(one.mask, one.probability)
        return len(held)

    def written() -> int:
        height, width = found[0].mask.shape
        paths = planned(None, made, "alone")
        wanted = Wanted(paths, formats_of(None), "alone", (height, width), rate, clip)
        tally = Tally()
        with Outputs(wanted, tally, None) as outputs:
            for seen in played():
                tally.add(seen)
                outputs.write(seen)
        return len(tally)

    def played() -> Iterator[Seen]:
        for n in range(len(held)):
            frame = held[n % _HELD]
            moved = type(frame)(frame.pixels, n, float(n / rate))
            yield Seen(moved, found[n % _HELD], blobs[n % _HELD])

    def together() -> int:
        return subtract_background(clip, made, preset=preset).frames

    works: dict[str, Callable[[], int]] = {
        "reading": read,
        "modelling": modelled,
        "writing": written,
        "together": together,
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(_TURNS):
        for name, work in works.items():
            begin, before = time.perf_counter(), _processor()
            frames = work()
            times[name].append(((time.perf_counter() - begin) / frames, (_processor() - before) / frames))
    wall, used = ({name: statistics.median(one[i] for one in own) for name, own in times.items()} for i in (0, 1))
    for name in works:
        print(f"  {preset:12s}{name:12s}{wall[name] * 1e3:8.1f}{used[name] * 1e3:8.1f}")
    alone = [name for name in works if name != "together"]
    slowest, work_of_all = max(wall[name] for name in alone), sum(used[name] for name in alone)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(
        f"  together / slowest stage alone {wall['together'] / slowest:.2f}; "
        f"the processor time of all stages over {processors} processors {work_of_all / processors * 1e3:.1f}"
    )


def _processor() -> float:
    """Seconds of processor time that this process has had, in all its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
