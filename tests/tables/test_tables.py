"""Tables into clusters: known groups are found, whatever the units, the gaps and the kind of source."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from documents import made_corpus, purity
from made_tables import GROUPS, day_profiles, exam_marks, write_days, write_marks
from scipy import sparse

import gmmseg
from gmmseg import FileError, InputError, TableClustering, TableModel
from gmmseg.arrays import Doubles
from gmmseg.tables.grain import grain


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> TableClustering:
    """The marks of an exam, clustered; one student was ill."""
    return gmmseg.table(write_marks(tmp_path_factory.mktemp("exam") / "marks.csv", blank=7))


@pytest.fixture(scope="module")
def blobs() -> Doubles:
    """Three clumps in three columns of different units."""
    random = np.random.default_rng(1)
    clumps = [
        random.normal(size=(count, 3)) + centre for count, centre in ((90, 0.0), (60, 7.0), (30, (7.0, 0.0, 0.0)))
    ]
    return np.concatenate(clumps) * (1.0, 100.0, 0.01) + (5.0, -300.0, 0.0)


def test_exam_marks(marks: TableClustering) -> None:
    """Three groups of known means, spreads and sizes are found, from the weakest to the best."""
    assert marks.k == 3
    for c, (mean, spread, count) in enumerate(GROUPS):
        assert marks.mixture.means[c, 0] == pytest.approx(mean, abs=2.5)
        assert np.sqrt(marks.mixture.family.matrices(marks.mixture.covariances, 3, 1)[c, 0, 0]) == pytest.approx(
            spread, abs=1.7
        )
        assert marks.mixture.weights[c] == pytest.approx(count / 250, abs=0.04)
    _, groups = exam_marks()
    used = marks.labels >= 0
    assert np.mean(marks.labels[used] == groups[used]) >= 0.97


def test_a_missing_mark(marks: TableClustering) -> None:
    """A row without a value is counted, told of, and has no cluster."""
    assert marks.skipped == 1
    assert marks.labels[7] == -1
    assert np.isnan(marks.memberships[7]).all()
    assert np.isnan(marks.certainty[7])
    assert any("left out 1 of 250 rows" in note for note in marks.notes)
    np.testing.assert_allclose(np.delete(marks.memberships, 7, axis=0).sum(axis=1), 1, atol=1e-6)
    assert [record["rows"] for record in marks.table()] == [np.sum(marks.labels == c) for c in range(3)]


def test_missing_values_are_filled_in(blobs: Doubles) -> None:
    """With the means of columns for what is missing, every row has a cluster."""
    holes = blobs.copy()
    holes[::20, 1] = np.nan
    filled = gmmseg.table(holes, 3, missing="mean")
    assert filled.skipped == 0
    assert gmmseg.table(holes, 3).skipped == 9
    by_hand = holes.copy()
    by_hand[::20, 1] = np.nanmean(holes[:, 1])
    np.testing.assert_array_equal(filled.labels, gmmseg.table(by_hand, 3).labels)


def test_day_profiles() -> None:
    """Days of known kinds are told apart, and counted, by themselves."""
    profiles, kinds = day_profiles()
    found = gmmseg.table(profiles, names=[str(hour) for hour in range(24)])
    assert found.k == 3
    assert purity(found.labels, kinds) >= 0.99
    assert list(found.mixture.weights) == sorted(found.mixture.weights, reverse=True)


def test_documents() -> None:
    """Documents are clustered as a sparse table; what clusters stand out by are words of their topics."""
    corpus = made_corpus(documents=1500, words=1200, topics=12, length=80)
    found = gmmseg.table(corpus.rows, 12, names=corpus.names)
    assert purity(found.labels, corpus.topics) >= 0.99
    assert found.mixture.covariance == "diag"
    dense = corpus.rows.toarray()
    for record in found.table():
        own = corpus.topics[found.labels == record["cluster"]]
        topic = np.bincount(own).argmax()
        best = dense[corpus.topics == topic].mean(axis=0) - dense.mean(axis=0)
        words = {corpus.names[j] for j in np.argsort(-best)[:15]}
        assert len(record["top"]) == 15
        assert len(words & {one["column"] for one in record["top"]}) >= 12


def test_k_of_documents() -> None:
    """Of several numbers of topics the true one foresees best what was held out."""
    corpus = made_corpus(documents=1500, words=1200, topics=12, length=80)
    found = gmmseg.table(corpus.rows, (4, 12, 30))
    assert found.k == 12
    assert found.selection is not None
    assert found.selection.criterion == "held-out"
    assert [c.k for c in found.selection.candidates] == [4, 12, 30]


@pytest.mark.parametrize("covariance", ["auto", "full", "diag", "tied"])
def test_units_change_nothing(blobs: Doubles, covariance: str) -> None:
    """Columns in other units, or standardised, make the same clusters, in the units of the table."""
    one = gmmseg.table(blobs, 3, covariance=covariance)
    for other, unit in (
        (gmmseg.table(blobs, 3, covariance=covariance, standardise=True), 1.0),
        (gmmseg.table(blobs * 1000, 3, covariance=covariance), 1000.0),
    ):
        np.testing.assert_array_equal(other.labels, one.labels)
        np.testing.assert_allclose(other.mixture.means / unit, one.mixture.means, rtol=1e-3, atol=1e-3)
        assert other.fit is not None
        assert one.fit is not None
        shift = -180 * 3 * np.log(unit)
        assert other.fit.log_likelihood - shift == pytest.approx(one.fit.log_likelihood, abs=0.1)


def test_spherical_clusters_are_standardised(blobs: Doubles) -> None:
    """Round clusters in columns of different units are found once these are brought to one spread."""
    truth = np.repeat([0, 1, 2], [90, 60, 30])
    found = gmmseg.table(blobs, 3, covariance="spherical")
    assert purity(found.labels, truth) >= 0.97
    assert found.mixture.covariance == "diag"
    raw = gmmseg.table(blobs, 3, covariance="spherical", standardise=False)
    assert raw.mixture.covariance == "spherical"
    assert purity(raw.labels, truth) < 0.97


def test_sparse_and_dense_tables_agree() -> None:
    """A table without zeros has the same clusters whether it comes compressed or not."""
    random = np.random.default_rng(3)
    rows = np.concatenate([random.normal(size=(80, 5)) + centre for centre in (0, 6, -6)])
    dense = gmmseg.table(rows, 3, covariance="diag")
    compressed = gmmseg.table(sparse.csr_array(rows), 3, covariance="diag")
    np.testing.assert_array_equal(dense.labels, compressed.labels)
    np.testing.assert_allclose(dense.mixture.means, compressed.mixture.means, atol=1e-2)


def test_sparse_rows_with_gaps() -> None:
    """A stored NaN is a missing value of a sparse table."""
    rows = sparse.csr_array(np.kron(np.eye(2), np.ones((40, 30))))
    rows.data[5] = np.nan
    assert gmmseg.table(rows, 2).skipped == 1
    filled = gmmseg.table(rows, 2, missing="mean")
    assert filled.skipped == 0
    assert purity(filled.labels, np.repeat([0, 1], 40)) == 1


def test_repeats_and_threads(blobs: Doubles) -> None:
    """The same table gives the same bits, whatever the threads."""
    found = [gmmseg.table(blobs, (2, 3), threads=threads) for threads in (1, 2, 2)]
    for other in found[1:]:
        np.testing.assert_array_equal(other.memberships, found[0].memberships)
        np.testing.assert_array_equal(other.mixture.covariances, found[0].mixture.covariances)


def test_choice_of_k(blobs: Doubles) -> None:
    """K is taken as it is, chosen among several, or found; what was tried is kept."""
    assert gmmseg.table(blobs, 2, covariance="full").selection is None
    several = gmmseg.table(blobs, [2, 3, 5])
    assert several.k == 3
    assert several.selection is not None
    assert {c.k for c in several.selection.candidates} == {2, 3, 5}
    assert {c.covariance for c in several.selection.candidates} == {"full", "tied", "diag"}
    assert gmmseg.table(blobs).k == 3


def test_rounded_numbers() -> None:
    """No cluster is narrower than the steps in which a column was written down."""
    marks, _ = exam_marks()
    least = grain(marks[:, None])
    assert least is not None
    assert least[0] == 1
    switch = grain(np.repeat([0.0, 1.0], 40)[:, None])
    assert switch is not None
    assert switch[0] == pytest.approx(1 / np.sqrt(12))
    assert grain(np.random.default_rng(0).normal(size=(100, 1))) is None
    piles = gmmseg.table(np.repeat([3.0, 4.0, 9.0], 40)[:, None], 3)
    assert piles.k == 3
    np.testing.assert_allclose(piles.mixture.means[:, 0], [3, 4, 9], atol=0.01)


def test_model_assigns_other_tables(marks: TableClustering, tmp_path: Path) -> None:
    """A saved model gives its own table the same memberships, and finds columns by name in any order."""
    (path,) = marks.save(tmp_path, "model")
    model = TableModel.load(path)
    again = model.apply(write_marks(tmp_path / "marks.csv", blank=7))
    np.testing.assert_array_equal(again.memberships, marks.memberships)
    assert again.fit is None
    other = model.apply(b"age,mark,name\n20,31,Ann\n21,86,Bob\n")
    assert (other.labels.tolist(), other.records.ids) == ([0, 2], ("Ann", "Bob"))
    assert model.apply(np.array([[57.0]])).labels.tolist() == [1]
    with pytest.raises(InputError, match="mark is not among"):
        model.apply(b"points\n3\n4\n")


def test_model_of_documents(tmp_path: Path) -> None:
    """Models of sparse tables are saved and used alike."""
    corpus = made_corpus(documents=400, words=300, topics=4)
    found = gmmseg.table(corpus.rows, 4, names=corpus.names)
    (path,) = found.save(tmp_path, "model", stem="m")
    again = TableModel.load(path).apply(corpus.rows)
    np.testing.assert_array_equal(again.labels, found.labels)


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_damaged_models(marks: TableClustering, tmp_path: Path, keep: float) -> None:
    """A model that was cut is refused, and so is one of pictures."""
    (path,) = marks.save(tmp_path, "model")
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data))])
    with pytest.raises(FileError, match="table model"):
        TableModel.load(path)
    marks.mixture.save(path)
    with pytest.raises(FileError, match="got a gmmseg mixture"):
        TableModel.load(path)


def test_outputs(marks: TableClustering, tmp_path: Path) -> None:
    """Memberships, parameters and the story say what the clustering says."""
    written = marks.save(tmp_path, "memberships,parameters,json")
    assert [path.name for path in written] == ["marks-memberships.csv", "marks-parameters.csv", "marks-clusters.json"]
    with written[0].open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["name", "cluster", "p_0", "p_1", "p_2", "certainty"]
    assert rows[8] == ["student 7", "", "", "", "", ""]
    assert len(rows) == 251
    assert [int(row[1]) for row in rows[1:] if row[1]] == [label for label in marks.labels if label >= 0]
    assert float(rows[1][2]) == pytest.approx(marks.memberships[0, 0], rel=1e-5)
    assert float(rows[1][5]) == pytest.approx(marks.certainty[0], rel=1e-5)
    with written[1].open(newline="") as file:
        parameters = list(csv.DictReader(file))
    assert [float(record["mean_mark"]) for record in parameters] == pytest.approx(marks.mixture.means[:, 0], rel=1e-6)
    story = json.loads(written[2].read_text(encoding="utf-8"))
    assert (story["rows"], story["left_out"], story["k"], story["columns"]) == (250, 1, 3, ["mark"])
    assert story["clusters"][1]["covariance"] is not None
    assert min(story["tried"], key=lambda one: one["score"])["k"] == 3


def test_rows_without_names_are_numbered(tmp_path: Path) -> None:
    """Where nothing names rows, they are numbered from 1."""
    (path,) = gmmseg.table(np.arange(10.0)[:, None], 1).save(tmp_path, "memberships")
    assert path.name == "table-memberships.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "row,cluster,p_0,certainty"
    assert lines[1] == "1,0,1,1"


def test_frames_and_days(tmp_path: Path) -> None:
    """A CSV file of days and its array have the same clusters."""
    path = write_days(tmp_path / "days.csv")
    found = gmmseg.table(path, 3, covariance="tied", columns="2-25")
    assert found.columns == tuple(map(str, range(24)))
    profiles, kinds = day_profiles()
    assert purity(found.labels, kinds) >= 0.99
    np.testing.assert_array_equal(found.labels, gmmseg.table(np.round(profiles, 3), 3, covariance="tied").labels)


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        (np.eye(3), {"k": 0}, "at least 1"),
        (np.eye(3), {"k": 4}, "different rows"),
        (np.eye(3), {"k": "many"}, "auto"),
        (np.eye(3), {"k": []}, "at least one k"),
        (np.eye(3), {"k": 2.5}, "whole number"),
        (np.eye(3), {"columns": 1}, "columns as text"),
        (np.eye(3), {"covariance": "round"}, "covariance"),
        (np.eye(3), {"standardise": "yes"}, "standardise"),
        (np.eye(3), {"missing": "zero"}, "missing"),
        (np.eye(3), {"criterion": "best"}, "criterion"),
        (np.eye(3), {"criterion": "held-out"}, "sparse"),
        (np.full((3, 2), np.nan), {}, "without missing"),
        (np.full((3, 2), 1e200), {"k": 1}, "rescale"),
        (sparse.csr_array(np.eye(30)), {"k": 2, "covariance": "full"}, "diag"),
    ],
)
def test_bad_options(source: Any, options: dict[str, Any], words: str) -> None:
    """What makes no sense is refused in one line."""
    with pytest.raises(InputError, match=words):
        gmmseg.table(source, **options)


def test_odd_tables() -> None:
    """One row, one value, one column that says nothing: there is an answer."""
    assert gmmseg.table([[5.0]]).k == 1
    same = gmmseg.table(np.full((30, 1), 5.0))
    assert same.k == 1
    assert any("same in all rows" in note for note in same.notes)
    random = np.random.default_rng(0)
    half = np.column_stack([np.repeat([0.0, 9.0], 40) + random.normal(size=80), np.full(80, 3.0)])
    assert gmmseg.table(half, 2).mixture.means[:, 1] == pytest.approx(3.0)


def test_unknown_kinds(marks: TableClustering, tmp_path: Path) -> None:
    """Kinds of output that do not exist are refused, and nothing is written."""
    with pytest.raises(InputError, match="kinds of output"):
        marks.save(tmp_path / "out", "picture,movie")
    assert not (tmp_path / "out").exists()


def test_wide_tables() -> None:
    """Of more columns than rows no joint covariance is tried, as it would be singular; thousands are refused."""
    rows = np.random.default_rng(0).normal(size=(12, 300))
    rows[6:] += 3
    found = gmmseg.table(rows, [1, 2])
    assert (found.k, found.mixture.covariance) == (2, "diag")
    with pytest.raises(InputError, match="at most 2,000 columns"):
        gmmseg.table(np.zeros((12, 2001)))
