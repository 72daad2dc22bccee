"""A soft mask for each segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from gmmseg.files import write_picture
from gmmseg.outputs.geography import placed
from gmmseg.outputs.planes import quantised_planes
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation

_THREADS = 2


def write_masks(seg: Segmentation, folder: Path, wishes: Wishes, suffix: str) -> list[Path]:
    """Grey pictures 0.png, 1.png, …: how much each pixel belongs to the segment, from 0 to 255, or 65535.

    The masks of a pixel sum to 255 exactly (see `gmmseg.outputs.quantising`), so stacked as layers they make the whole;
    where it was left out, all are 0.
    """
    image = seg.image

    def write(path: Path, mask: NDArray[Any]) -> None:
        write_picture(path, mask, resolution=image.resolution, geo=placed(image.geo))

    return each_written(quantised_planes(seg, wishes.depth), seg.k, folder, suffix, write)


def each_written(
    planes: Iterable[tuple[int, NDArray[Any]]],
    k: int,
    folder: Path,
    suffix: str,
    write: Callable[[Path, NDArray[Any]], None],
) -> list[Path]:
    """Write a numbered file for each plane, two at a time; the numbers have as many digits as the last."""
    paths: list[Path] = []
    waiting: list[Future[None]] = []
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="gmmseg") as pool:
        for number, plane in planes:
            if len(waiting) >= _THREADS:
                waiting.pop(0).result()  # holds back planes of further passes, and reports what failed
            paths.append(folder / f"{number:0{len(str(k - 1))}d}{suffix}")
            waiting.append(pool.submit(write, paths[-1], plane))
    for done in waiting:
        done.result()
    return paths
