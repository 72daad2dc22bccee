"""Tables whose groups are known: exam marks, and the load of a house day by day."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gmmseg.arrays import Doubles, Labels

GROUPS = ((32.0, 6.0, 60), (58.0, 7.0, 120), (85.0, 5.0, 70))  # mean, sd and number of each group of marks


def exam_marks(seed: int = 0) -> tuple[Doubles, Labels]:
    """Whole marks of three groups of students, 0 to 100 : (250,), and who is of which."""
    random = np.random.default_rng(seed)
    marks = np.concatenate([random.normal(mean, spread, count) for mean, spread, count in GROUPS])
    groups = np.repeat(np.arange(3), [count for *_, count in GROUPS])
    order = random.permutation(len(marks))
    return np.clip(np.rint(marks), 0, 100)[order], groups[order]


def day_profiles(days: int = 300, seed: int = 0) -> tuple[Doubles, Labels]:
    """Kilowatts by the hour : (days, 24), and of which kind each day is: of work, at home, away."""
    random = np.random.default_rng(seed)
    hours = np.arange(24)

    def hump(at: float, wide: float) -> Doubles:
        shape: Doubles = np.exp(-(((hours - at) / wide) ** 2) / 2)
        return shape

    courses = np.stack(
        [2 + 3 * hump(8, 1.5) + 4 * hump(19, 2.5), 2.5 + 2 * hump(11, 3) + 3 * hump(19, 3), 1.2 + 0.3 * hump(13, 4)]
    )
    kinds = random.choice(3, days, p=[0.65, 0.25, 0.1])
    noise = random.normal(0, 0.25, (days, 24))
    smooth = (noise + np.roll(noise, 1, axis=1) + np.roll(noise, 2, axis=1)) / 1.7
    return courses[kinds] * random.normal(1, 0.12, (days, 1)) + smooth, kinds


def write_marks(path: Path, *, blank: int | None = None) -> Path:
    """The marks with names as CSV; the student in place `blank` was ill."""
    marks, _ = exam_marks()
    cells = ["" if place == blank else f"{mark:.0f}" for place, mark in enumerate(marks)]
    lines = [f"student {place};{cell}" for place, cell in enumerate(cells)]
    path.write_text("\n".join(["name;mark", *lines]) + "\n", encoding="utf-8")
    return path


def write_days(path: Path) -> Path:
    """The profiles as CSV, hours across."""
    profiles, _ = day_profiles()
    lines = [f"day {place}," + ",".join(f"{value:.3f}" for value in row) for place, row in enumerate(profiles)]
    path.write_text("\n".join(["day," + ",".join(map(str, range(24))), *lines]) + "\n", encoding="utf-8")
    return path
