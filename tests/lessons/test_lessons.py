"""EM in pictures: what is drawn is what EM and k-means do."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_lessons import exam_marks, three_ovals
from PIL import Image

import gmmseg
from gmmseg import FileError, InputError
from gmmseg.arrays import Doubles
from gmmseg.lessons import Lesson, explain, saving
from gmmseg.lessons.plane import Plane
from gmmseg.lessons.starting import start_of
from gmmseg.lessons.steps import is_kept, titled
from gmmseg.mixture import fit, kmeans

COFFEE = Path(__file__).resolve().parents[2] / "images" / "coffee.jpg"
FAMILIES = ["full", "diag", "tied", "spherical"]


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """Three oval clusters, and k-means beside EM."""
    return explain(three_ovals(), 3, names=("width", "height"), versus="kmeans")


def texts(figure: Any) -> list[str]:
    """All titles of a figure, from left to right and from above."""
    return [text for axes in figure.axes for place in ("left", "right") if (text := axes.get_title(place))]


@pytest.mark.parametrize("covariance", FAMILIES)
def test_mixtures_are_those_of_fit(covariance: str) -> None:
    """The mixture after i steps is the one that fit returns when it may take i steps from the same start."""
    found = explain(three_ovals(60), 3, covariance=covariance, at=(0, 3, 30))
    for steps in (1, 2, 5, 20):
        if steps >= found.ascents[0].steps:
            break
        alone = fit(found.rows, 3, covariance=covariance, start=found.mixtures[0], max_iterations=steps)
        assert np.array_equal(alone.mixture.means, found.mixtures[steps].means)
        assert np.array_equal(alone.mixture.covariances, found.mixtures[steps].covariances)
    last = fit(found.rows, 3, covariance=covariance, start=found.mixtures[0])
    assert last.iterations == found.ascents[0].steps
    assert np.array_equal(last.mixture.means, found.mixtures[last.iterations].means)
    assert found.trace == pytest.approx([value / len(found.rows) for value in last.trace])


def test_likelihood_never_falls(lesson: Lesson) -> None:
    """The log-likelihood climbs with every step, also as it is printed above the panels."""
    assert all(after >= before - 1e-9 for before, after in pairwise(lesson.trace))
    printed = [
        float(text[4:].replace("−", "-")) for text in texts(lesson.strip()) if text.startswith("ℓ") and "B" not in text
    ]
    assert len(printed) == 6
    assert printed == sorted(printed)


def test_centres_are_those_of_kmeans(lesson: Lesson) -> None:
    """Each centre is the mean of the rows that were nearest to it a step before, until all stand still."""
    assert lesson.centres is not None
    assert lesson.descent is not None
    for step in range(lesson.descent.steps):
        before, after = lesson.centres[step], lesson.centres[step + 1]
        squares = np.square(lesson.rows[:, None] - before).sum(axis=2)
        nearest = squares.argmin(axis=1)
        np.testing.assert_allclose(after, [lesson.rows[nearest == c].mean(axis=0) for c in range(3)], atol=1e-9)
        assert lesson.descent.trace[step] == pytest.approx(squares.min(axis=1).mean(), rel=1e-4)
    assert np.all(np.diff(lesson.descent.trace) <= 1e-9)
    assert lesson.descent.converged


def test_last_centres_are_those_of_kmeans() -> None:
    """Where clusters are plain, the last centres are those that k-means finds on the same rows."""
    corners = np.array([[0.0, 0.0], [30.0, 0.0], [0.0, 30.0]])
    rows: Doubles = (corners + np.random.default_rng(0).normal(size=(40, 3, 2))).reshape(-1, 2)
    found = explain(rows, 3, versus="kmeans", start="kmeans++")
    assert found.descent is not None
    own = kmeans(found.rows, 3)
    distances = np.linalg.norm(own.centres[:, None] - found.descent.centres[found.descent.steps], axis=2)
    assert distances.min(axis=0).max() < 1e-5
    assert found.descent.trace[-1] == pytest.approx(own.distortion / len(rows), rel=1e-4)


def test_both_begin_at_the_same_place(lesson: Lesson) -> None:
    """K-means begins at the means that EM begins with."""
    assert lesson.centres is not None
    assert np.array_equal(lesson.centres[0], lesson.mixtures[0].means)


def test_a_poor_start_ends_well() -> None:
    """A poor start is worse than a spread-out one, yet leads to the best end, whatever the seed."""
    rows = three_ovals()
    best = fit(explain(rows, 3).rows, 3).log_likelihood / len(rows)
    for seed in range(4):
        poor, spread = (explain(rows, 3, start=start, seed=seed) for start in ("poor", "kmeans++"))
        assert poor.trace[0] < spread.trace[0]
        assert poor.trace[-1] == pytest.approx(best, abs=5e-3)


def test_full_wins_on_ovals() -> None:
    """Of the four families side by side, the full one has the least BIC on oval clusters; all begin alike."""
    found = explain(three_ovals(), 3, covariance="all")
    assert [ascent.covariance for ascent in found.ascents] == FAMILIES
    assert min(found.ascents, key=lambda ascent: ascent.bic).covariance == "full"
    assert len({ascent.trace[0] for ascent in found.ascents}) <= 4
    titles = texts(found.strip())
    assert sum("BIC" in title for title in titles) == 4
    assert sum(title.startswith("converged after") for title in titles) == 4


def test_strip_shows_the_chosen_steps(lesson: Lesson) -> None:
    """The strip has a panel for each chosen step that was reached, and for the last."""
    titles = [title for title in texts(explain(exam_marks(), 2, at=(0, 1, 7, 5000)).strip()) if "=" not in title]
    assert titles[:4] == ["data", "start", "after 1 step", "after 7 steps"]
    assert len(titles) == 5
    assert titles[4].startswith("converged after ")
    assert "data" not in texts(lesson.strip())


def test_steps_that_are_kept() -> None:
    """All of the first twenty steps are kept, and ever fewer later."""
    kept = [step for step in range(5000) if is_kept(step)]
    assert kept[:21] == list(range(21))
    assert 20 < len(kept) < 60
    assert titled(0, 9, converged=True) == "start"
    assert titled(1, 9, converged=True) == "after 1 step"
    assert titled(9, 9, converged=True) == "converged after 9 steps"
    assert titled(9, 9, converged=False) == "after 9 steps"


def test_frames_are_alike_in_shape_and_differ() -> None:
    """An animation has a frame for each step that is kept, all of one shape, and the same for the same seed."""
    found = explain(exam_marks()[::3], 2, max_iterations=3)
    frames = list(found.frames())
    assert len(frames) == len(found.steps) == 4
    assert len({frame.shape for frame in frames}) == 1
    assert all((one != other).any() for one, other in pairwise(frames))
    again = list(explain(exam_marks()[::3], 2, max_iterations=3).frames())
    assert all(np.array_equal(one, other) for one, other in zip(frames, again, strict=True))


def test_same_seed_same_files(tmp_path: Path) -> None:
    """All kinds of output have the same bytes for the same rows and seed."""
    kinds = "strip,svg,pdf,gif,webp,mp4,csv"
    for name in ("a", "b"):
        written = explain(exam_marks()[::9], 2, at=(1,), max_iterations=1).save(tmp_path / name, kinds)
        assert [path.name for path in written] == [
            "lesson-strip.png",
            "lesson-strip.svg",
            "lesson-strip.pdf",
            "lesson-steps.gif",
            "lesson-steps.webp",
            "lesson-steps.mp4",
            "lesson-climb.csv",
        ]
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    with Image.open(tmp_path / "a" / "lesson-steps.gif") as animation:
        times = []
        for number in range(animation.n_frames):  # type: ignore[attr-defined]
            animation.seek(number)
            times.append(animation.info["duration"])
    assert times[0] == 1500
    assert max(times[1:]) >= 3000
    table = (tmp_path / "a" / "lesson-climb.csv").read_text().splitlines()
    assert table[0] == "step,log_likelihood_full"


@pytest.fixture(scope="module")
def of_photo() -> Lesson:
    """The colours of a photo."""
    return explain(COFFEE, 3, most=800, versus="kmeans")


def test_photo(of_photo: Lesson) -> None:
    """A picture's lesson is about its own colours, and shows it in the colours of its components."""
    material = of_photo.material
    assert material.own is not None
    assert material.photo is not None
    assert len(of_photo.rows) == 800
    assert np.abs(material.photo.pixels.reshape(-1, 3).mean(axis=0) - material.own.mean(axis=0)).max() < 12
    assert of_photo.notes == ("800 of the 240000 pixels, drawn by lot",)
    scene = of_photo._scene()
    first = of_photo.ascents[0].story("EM", material, scene, [0]).stages[0].picture
    last = of_photo.ascents[0].story("EM", material, scene, [of_photo.ascents[0].steps]).stages[0].picture
    assert first is not None
    assert last is not None
    # At first all pixels are shared; in the end most belong to one component, so colours are farther apart.
    assert last.astype(float).std(axis=(0, 1)).sum() > first.astype(float).std(axis=(0, 1)).sum()
    assert len(of_photo.strip().axes) > 20


def test_pictures_of_all_kinds() -> None:
    """Grey pictures, deep ones, bands and pictures with holes are explained too."""
    random = np.random.default_rng(0)
    grey = random.integers(0, 256, (40, 30, 1), np.uint8)
    options: dict[str, Any] = {"k": 2, "start": "random", "max_iterations": 2}
    assert explain(grey, **options).rows.shape == (1200, 1)
    bands = random.normal(size=(40, 30, 5)).astype(np.float32)
    assert explain(bands, **options).rows.shape == (1200, 5)
    holes = np.dstack([random.integers(0, 256, (40, 30, 3), np.uint8), np.full((40, 30), 255, np.uint8)])
    holes[:10, :, 3] = 0
    found = explain(holes, **options)
    assert found.rows.shape == (900, 3)
    assert found.strip() is not None
    wide = explain(random.integers(0, 65536, (3, 1500, 3)).astype(np.uint16), features="lab,xy", **options)
    assert wide.rows.shape[1] == 5


def test_tables_of_all_kinds(tmp_path: Path) -> None:
    """Arrays, lists, bytes and files are tables; rows with missing values are left out, and units do not matter."""
    rows = three_ovals(40)
    (tmp_path / "t.csv").write_text("a,b,c\n" + "".join(f"{x},{y},{x + y}\n" for x, y in rows) + "1,,2\n")
    np.save(tmp_path / "t.npy", rows)
    first = explain(rows, 3, max_iterations=4)
    for source in (rows.tolist(), tmp_path / "t.npy", (tmp_path / "t.npy").read_bytes()):
        assert np.allclose(explain(source, 3, max_iterations=4).rows, first.rows)
    chosen = explain(tmp_path / "t.csv", 3, columns="a,b", max_iterations=4)
    assert np.allclose(chosen.rows, first.rows)
    assert chosen.material.names == ("a", "b")
    assert chosen.material.name == "t.csv"
    assert any("left out 1 of 121 rows" in note for note in chosen.notes)
    assert explain(rows * [1e-3, 1e6], 3, max_iterations=4).trace == pytest.approx(first.trace)
    three = explain(tmp_path / "t.csv", 3, max_iterations=4)
    assert "principal" in three.material.names[0]


def test_many_rows_are_drawn_by_lot() -> None:
    """Of many rows so many are taken as were asked for, the same for the same seed."""
    rows = three_ovals()
    one, other = (explain(rows, 2, most=100, max_iterations=1, seed=3) for _ in range(2))
    assert np.array_equal(one.rows, other.rows)
    assert len(one.rows) == 100
    assert not np.array_equal(one.rows, explain(rows, 2, most=100, max_iterations=1, seed=4).rows)


def test_round_looks_round(lesson: Lesson) -> None:
    """In a plane of two columns, a unit of rows is as long across as up."""
    scene = lesson._scene()
    across, up = np.diag(lesson.material.plane.directions)
    window = scene.window
    assert (window.right - window.left) / across == pytest.approx((window.top - window.bottom) / up)
    inside = scene.places
    assert window.left < inside[:, 0].min()
    assert inside[:, 1].max() < window.top


def test_planes() -> None:
    """A plane of principal directions is the same for the same rows, and the way back undoes a plane of columns."""
    rows = np.random.default_rng(0).normal(size=(50, 4)) * [1, 5, 2, 0.1]
    plane = Plane.principal(rows)
    assert plane.shares is not None
    assert np.argmax(np.abs(plane.directions[0])) == 1
    assert not plane.whole
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    two = Plane.of_columns(np.array([2.0, 3.0]), np.array([1.0, -1.0]))
    np.testing.assert_allclose(two.rows_at(two.seen(rows[:, :2])), rows[:, :2])


@pytest.mark.parametrize(
    ("source", "options", "word"),
    [
        (np.zeros((9, 2)), {}, "different rows"),
        (np.ones((0, 2)), {}, "table"),
        (np.array([["a", "b"]]), {}, "table"),
        (np.full((9, 2), np.nan), {}, "missing"),
        (np.arange(20.0)[:, None] * 1e200, {}, "squares"),
        (three_ovals(9), {"k": 0}, "k"),
        (three_ovals(9), {"k": 300}, "255"),
        (three_ovals(9), {"at": ()}, "at"),
        (three_ovals(9), {"at": (-1,)}, "at"),
        (three_ovals(9), {"at": (0.5,)}, "at"),
        (three_ovals(9), {"at": "abc"}, "at"),
        (three_ovals(9), {"covariance": "round"}, "covariance"),
        (three_ovals(9), {"versus": "dbscan"}, "versus"),
        (three_ovals(9), {"versus": ["kmeans"]}, "versus"),
        (three_ovals(9), {"seed": "one"}, "seed"),
        (three_ovals(9), {"start": "good"}, "start"),
        (three_ovals(9), {"features": "lab"}, "features"),
        (three_ovals(9), {"columns": "nope"}, "columns"),
        (three_ovals(9), {"names": ("a",)}, "name"),
        (three_ovals(9), {"max_iterations": 0}, "max_iterations"),
        (three_ovals(9), {"most": 0}, "most"),
        (np.zeros((4, 4, 3), np.uint8), {"names": ("a",)}, "table"),
        ("nothing.csv", {}, "nothing.csv"),
        ("nothing.png", {}, "nothing.png"),
    ],
)
def test_refusals(source: Any, options: dict[str, Any], word: str) -> None:
    """What cannot be explained is refused in one line that says why."""
    with pytest.raises((InputError, FileError), match=word) as refusal:
        explain(source, **options)
    assert "\n" not in str(refusal.value)


def test_start_of_a_mixture() -> None:
    """A mixture given is where the lesson begins; one of another size is refused."""
    rows = explain(three_ovals(30), 3, max_iterations=1).rows
    given = fit(rows, 3, max_iterations=1).mixture
    assert start_of(rows, 3, given, None, 0) is given
    with pytest.raises(InputError, match="start of 2 components"):
        start_of(rows, 2, given, None, 0)


def test_kinds_that_are_none(lesson: Lesson, tmp_path: Path) -> None:
    """Unknown kinds of output are refused before anything is written."""
    with pytest.raises(InputError, match="kinds"):
        lesson.save(tmp_path / "x", "strip,film")
    assert not (tmp_path / "x").exists()


def test_public_names() -> None:
    """Lessons and samples are there under the package's own name."""
    assert gmmseg.explain is explain
    assert gmmseg.Lesson is Lesson


def test_too_many_columns() -> None:
    """A table of thousands of columns is refused at once, as each step would invert matrices as large."""
    with pytest.raises(InputError, match="at most 256 columns"):
        explain(np.zeros((30, 10_000)), 2)


def test_pixels_that_are_left_out_are_not_drawn_by_lot() -> None:
    """The lot is spoken of only where it was drawn."""
    pixels = np.random.default_rng(0).integers(0, 255, (20, 30, 4)).astype(np.uint8)
    pixels[..., 3] = 0
    pixels[:5, :5, 3] = 255
    assert explain(pixels, 2, most=400).material.notes == ()


def test_an_animation_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full, or a stop, leaves nothing of an animation behind."""
    lesson = gmmseg.explain(three_ovals(), 3)
    saving.save(lesson, tmp_path / "stopped", "gif", stem="lesson", stopped=lambda: True)

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gmmseg.lessons.saving._written", full)
    with pytest.raises(FileError, match=r"lesson-steps\.gif: No space left"):
        lesson.save(tmp_path / "full", "gif", stem="lesson")
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.name.startswith(".")] == []
