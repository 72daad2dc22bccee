"""Tables as people have them: text of many kinds, NumPy's files, arrays and frames."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from gmmseg import FileError, InputError
from gmmseg.files.records import Records, read_records
from gmmseg.files.records.lines import lines_of
from gmmseg.files.records.places import column_places

NAN = np.nan


def text(table: str, encoding: str = "utf-8", **options: Any) -> Records:
    return read_records(table.encode(encoding), **options)


@pytest.mark.parametrize(
    ("table", "columns", "values", "ids"),
    [
        ("name,a,b\nAnn,1,2\nBob,3,4\n", "a b", [[1, 2], [3, 4]], "Ann Bob"),
        ("name;a;b\nAnn;1,5;2\nBob;-3,25;1.234,5\n", "a b", [[1.5, 2], [-3.25, 1234.5]], "Ann Bob"),
        ("a\tb\r\n1\t2\r\n3\t4e2\r\n", "a b", [[1, 2], [3, 400]], ""),
        ("1,2\n3,4\n5,6\n", "column_1 column_2", [[1, 2], [3, 4], [5, 6]], ""),
        ("mark\n7\n8\n", "mark", [[7], [8]], ""),
        ("7\n8\n", "column_1", [[7], [8]], ""),
        ("# a b\n1.0 2.0\n3.0  4.0\n", "a b", [[1, 2], [3, 4]], ""),
        ("day,0,1,2\nmon,5,6,7\ntue,9,6,8\n", "0 1 2", [[5, 6, 7], [9, 6, 8]], "mon tue"),
        (",a,b\n0,1.5,2\n1,3,4\n2,5,6\n", "a b", [[1.5, 2], [3, 4], [5, 6]], "0 1 2"),
        ('who,"a ""b"", c"\n"x, y",1\n"z\nw",2\n', 'a_"b",_c', [[1], [2]], "x,_y z\nw"),
        ("a,b,\n1,2,\n3,4,\n", "a b", [[1, 2], [3, 4]], ""),
        ("a,a,\n1,2,3\n4,5,6\n", "a a_2 column_3", [[1, 2, 3], [4, 5, 6]], ""),
        ("a,b\n\n1,2\n\n3,4\n", "a b", [[1, 2], [3, 4]], ""),
        ("key,a\n2024_01,1\n2024_02,2\n", "a", [[1], [2]], "2024_01 2024_02"),
    ],
)
def test_text(table: str, columns: str, values: list[list[float]], ids: str) -> None:
    """Delimiters, decimal commas, quotes and headers are seen for what they are; the first text names the rows."""
    found = text(table)
    assert list(found.columns) == [name.replace("_", " ") if '"' in name else name for name in columns.split(" ")]
    np.testing.assert_array_equal(found.values, values)
    assert list(found.ids) == [name.replace("x,_y", "x, y") for name in ids.split(" ") if name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings(encoding: str) -> None:
    """Names with signs beyond ASCII are read in the usual encodings."""
    found = text("schüler;größe\nJörg;1,7\n", encoding)
    assert (found.columns, found.ids) == (("größe",), ("Jörg",))


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "null", "None", "-", "?", "inf", "-Infinity", " "])
def test_missing(cell: str) -> None:
    """What says that there is no value is missing, infinity too."""
    np.testing.assert_array_equal(text(f"a,b\n1,2\n{cell},4\n").values, [[1, 2], [NAN, 4]])


def test_header_can_be_said() -> None:
    """Where the first line could be either, people decide."""
    assert text("2019,2020\n2021,2022\n", header=True).columns == ("2019", "2020")
    with pytest.raises(FileError, match="column of numbers"):
        text("a,b\n1,2\n", header=False)
    assert text("2019,2020\n2021,2022\n").columns == ("column_1", "column_2")


def test_columns_left_out_are_told() -> None:
    """A column of text is left out with a word, one with a single slip with its line."""
    found = text("id,a,b,c\nx,1,2,u\ny,2,2o,v\nz,3,4,w\n")
    assert found.columns == ("a",)
    assert found.id_column == "id"
    assert any("'2o' in line 3" in note for note in found.notes)
    assert any("left out c" in note for note in found.notes)


def test_chosen_columns() -> None:
    """Columns are chosen by name, by number, by range, and rows named as wanted."""
    table = "name,a,b,c\nAnn,1,2,3\nBob,4,5,6\n"
    assert text(table, columns="c,a").columns == ("c", "a")
    assert text(table, columns="2-3").columns == ("a", "b")
    assert text(table, columns=["b", 3]).columns == ("b", "c")
    assert text(table, row_names="b").ids == ("2", "5")
    with pytest.raises(FileError, match="'Ann' in line 2"):
        text(table, columns="1")
    for wrong in ("d", "5", "0", "3-2", ""):
        with pytest.raises(InputError, match="columns"):
            text(table, columns=wrong)
    with pytest.raises(InputError, match="columns"):
        text(table, columns=[9])


def test_a_counting_column_names_rows() -> None:
    """Numbers that only count are names, unless they are chosen."""
    table = "id,a\n17,1\n3,2\n9,2\n"
    assert (text(table).columns, text(table).ids) == (("a",), ("17", "3", "9"))
    assert text(table, columns="id,a").columns == ("id", "a")
    assert text("id\n1\n2\n3\n").columns == ("id",)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"a,b\n", "header alone"),
        (b"a,b\nx,y\nz,w\n", "column of numbers"),
        (b"a,b\n1,2\n3\n5,6\n", "line 3"),
        (b"a,b\n1,2\n3,4,5\n5,6\n", "line 3"),
        (b"a,b\n1,\x002\n", "null bytes"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "131,072"),
        (b"PK\x03\x04 no archive", "NumPy"),
        (b"\x93NUMPY no array", "NumPy"),
    ],
)
def test_bad_tables(table: bytes, words: str) -> None:
    """What is no table is refused in one line that says why."""
    with pytest.raises(FileError, match=words) as caught:
        read_records(table)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    """Whatever the bytes are, there is a table or an error of ours."""
    try:
        found = read_records(data)
    except (FileError, InputError):
        return
    assert found.values.shape[1] == len(found.columns) > 0


def stored(save: Any, *arrays: Any, **named: Any) -> bytes:
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


def test_numpy_files() -> None:
    """Arrays come from .npy and .npz, with names where the archive has them."""
    array = np.array([[1, 2], [3, 4]])
    np.testing.assert_array_equal(read_records(stored(np.save, array)).values, array)
    named = read_records(stored(np.savez, table=array, columns=np.array(["a", "b"])))
    assert named.columns == ("a", "b")
    assert read_records(stored(np.save, np.arange(3.0))).values.shape == (3, 1)
    for wrong in (np.zeros((2, 2, 2)), np.zeros((2, 2), complex), np.array([["a"]])):
        with pytest.raises(FileError, match="numbers"):
            read_records(stored(np.save, wrong))
    with pytest.raises(FileError, match="one table"):
        read_records(stored(np.savez, a=array, b=array))
    with pytest.raises(FileError, match="NumPy"):
        read_records(stored(np.save, np.array([{}, {}], object), allow_pickle=True))


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "bsr", "dia"])
def test_sparse_files(form: str) -> None:
    """What scipy.sparse.save_npz writes stays sparse."""
    table = sparse.random_array((30, 40), density=0.1, rng=np.random.default_rng(0), format=form)
    found = read_records(stored(sparse.save_npz, table))
    assert sparse.issparse(found.values)
    np.testing.assert_array_equal(found.values.toarray(), table.toarray())
    chosen = read_records(stored(sparse.save_npz, table), columns="3-5")
    np.testing.assert_array_equal(chosen.values.toarray(), table.toarray()[:, 2:5])


def test_damaged_sparse_files() -> None:
    """A cut archive and places beyond the table are noticed."""
    table = sparse.random_array((30, 40), density=0.1, rng=np.random.default_rng(0), format="csr")
    whole = stored(sparse.save_npz, table)
    with pytest.raises(FileError, match="damaged"):
        read_records(whole[: len(whole) // 2])
    table.indices[3] = 4000
    with pytest.raises(FileError, match="damaged"):
        read_records(stored(sparse.save_npz, table))


class Series:
    """A column of a frame."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def to_numpy(self) -> Any:
        """As pandas and polars have it."""
        return np.array(self.values, object if any(isinstance(value, str) for value in self.values) else None)


class Frame(Series):
    """What frames have in common."""

    def __init__(self, **columns: list[Any]) -> None:
        super().__init__([])
        self.own = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> Series:
        return Series(self.own[name])


def test_frames() -> None:
    """A frame's numeric columns are taken, its texts name the rows."""
    found = read_records(Frame(who=["Ann", "Bob"], a=[1, 2], b=[0.5, None]))
    assert (found.columns, found.ids) == (("a", "b"), ("Ann", "Bob"))
    np.testing.assert_array_equal(found.values, [[1, 0.5], [2, NAN]])
    with pytest.raises(InputError, match="empty frame"):
        read_records(Frame())


def test_arrays() -> None:
    """Arrays and lists are tables too; names are given beside them."""
    found = read_records([[1, 2], [3, float("inf")]], names=["a", "b"])
    assert found.columns == ("a", "b")
    np.testing.assert_array_equal(found.values, [[1, 2], [3, NAN]])
    with pytest.raises(InputError, match="a name for each"):
        read_records(np.eye(3), names=["a"])
    for wrong in (np.zeros((0, 2)), np.zeros((2, 2, 2)), np.array([["a"]]), [[1], [1, 2]]):
        with pytest.raises(InputError, match="table"):
            read_records(wrong)
    with pytest.raises(InputError, match="table"):
        read_records(17)


def test_names_from_a_file(tmp_path: Path) -> None:
    """A vocabulary is a list of lines."""
    path = tmp_path / "words.txt"
    path.write_bytes("zwölf\n\ndrei \n\n".encode("latin-1"))
    assert lines_of(path) == ["zwölf", "", "drei"]
    path.write_bytes(b"")
    with pytest.raises(FileError, match="empty"):
        lines_of(path)
    path.write_bytes(b"a\0")
    with pytest.raises(FileError, match="null"):
        lines_of(path)


def test_files(tmp_path: Path) -> None:
    """A missing file and a folder are told of as what they are."""
    with pytest.raises(FileError, match="expected a table; got nothing"):
        read_records(tmp_path / "none.csv")
    with pytest.raises(FileError, match="expected a table; got a folder"):
        read_records(tmp_path)


def test_places() -> None:
    """A name that looks like a number is a name first."""
    assert column_places("2,1", ["a", "1", "b"]) == [1]
    assert column_places("3", ["a", "1", "b"]) == [2]


def test_reading_text_loads_no_library() -> None:
    """Reading a table of text needs no SciPy."""
    code = (
        "import sys; from gmmseg.files.records import read_records; read_records(b'a\\n1\\n2\\n'); "
        "print('scipy.sparse' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout == "False\n"


def test_endless_line() -> None:
    """A line of hundreds of thousands of fields is no table, and said so at once."""
    with pytest.raises(FileError, match="at most 100,000 fields in a line; got 200,001 in line 1"):
        read_records(b"1," * 200_000)
