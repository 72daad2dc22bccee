"""Tables as text: which sign parts the fields, whether the first line is a header, and the cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from gmmseg.errors import FileError
from gmmseg.files.records.numbers import is_missing, number, number_with_comma

_DELIMITERS = ("\t", ";", ",")  # the comma last: it may be a decimal sign
_SAMPLE = 100  # lines that are looked at
_SPACES = " "
_MOST_FIELDS = 100_000  # in a line; what has more is no table, or one of a format made for it


@dataclass(frozen=True)
class Grid:
    """Cells under names, all rows of one width.

    Attributes
    ----------
    names : (columns,) tuple of str
    cells : (columns,) tuple of (n,) lists of str
    lines : (n,) list of int
        The line of the file in which each row begins.
    comma : bool
        Whether a comma in a cell may be a decimal sign.
    """

    names: tuple[str, ...]
    cells: tuple[list[str], ...] = field(repr=False)
    lines: list[int] = field(repr=False)
    comma: bool


def grid_of(data: bytes, name: str, header: bool | None = None) -> Grid:
    """The cells of a table; header None means that the first line is looked at."""
    text = _decoded(data, name)
    delimiter = _delimiter(text)
    comma = delimiter != ","
    rows, lines = [], []
    for line, row in _rows(text, delimiter, name):
        if len(row) > _MOST_FIELDS:
            raise FileError(
                f"cannot read {name}: expected at most {_MOST_FIELDS:,} fields in a line; got {len(row):,} in line "
                f"{line}; save a table so wide as .npy or .npz"
            )
        rows.append(row)
        lines.append(line)
    if not rows:
        raise FileError(f"cannot read {name}: expected a table; got an empty file; check it")
    _trim(rows)
    width = len(rows[0])
    for line, row in zip(lines, rows, strict=True):
        if len(row) != width:
            raise FileError(
                f"cannot read {name}: expected {_fields(width)} in every line, as in line {lines[0]}; "
                f"got {_fields(len(row))} in line {line}; mend that line"
            )
    if header is None:
        header = _has_header(rows, comma)
    if not header:
        names = tuple(f"column_{place + 1}" for place in range(width))
    else:
        names = named(rows.pop(0))
        lines.pop(0)
    if not rows:
        raise FileError(f"cannot read {name}: expected rows of numbers; got a header alone; check it")
    return Grid(names, tuple(map(list, zip(*rows, strict=True))), lines, comma)


def named(row: list[str]) -> tuple[str, ...]:
    """Names that differ, from a line of them."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(row):
        plain = " ".join(cell.split()) or f"column_{place + 1}"
        name, count = plain, 1
        while name in taken:
            count += 1
            name = f"{plain}_{count}"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            pass
    if b"\0" in data:
        raise FileError(
            f"cannot read {name}: expected a table as text, .npy or .npz; got null bytes; save it as CSV in UTF-8"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _delimiter(text: str) -> str:
    """The sign that parts the lines into one number of fields, more than one; a space if it is any number of them."""
    sample = [line for line in text[: 1 << 20].splitlines()[: _SAMPLE + 1] if line.strip()]
    if len(text) > 1 << 20 and len(sample) > 1:
        sample.pop()  # may be cut
    widths: dict[str, list[int]] = {}
    for sign in _DELIMITERS:
        try:
            widths[sign] = [len(row) for row in csv.reader(sample, delimiter=sign) if any(map(str.strip, row))]
        except csv.Error:
            widths[sign] = [1]
    for sign, found in widths.items():
        if found and min(found) == max(found) > 1:
            return sign
    spaced = [line.lstrip("#").split() for line in sample]
    if spaced and len({len(row) for row in spaced}) == 1 < len(spaced[0]) and all(map(_is_value, spaced[-1])):
        return _SPACES
    # Ragged, or a single column: a line that is wrong is told of by its number.
    usual = {sign: sorted(found)[len(found) // 2] if found else 1 for sign, found in widths.items()}
    best = max(usual.values(), default=1)
    return next((sign for sign in _DELIMITERS if usual[sign] == best > 1), ",")


def _is_value(cell: str) -> bool:
    return number(cell) is not None or number_with_comma(cell) is not None


def _rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The fields of each line that has any, with the number of the line."""
    if delimiter == _SPACES:
        for line, words in enumerate(text.splitlines(), 1):
            if words.strip():
                yield line, words.split()
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    begun = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row) or len(row) > 1:
                yield begun, row
            begun = reader.line_num + 1
    except csv.Error as error:
        what = "a field of more than 131,072 characters" if "field larger" in str(error) else str(error)
        raise FileError(
            f"cannot read {name}: expected a table; got {what} in line {begun}; is a quotation mark missing?"
        ) from None


def _trim(rows: list[list[str]]) -> None:
    """Take away what a delimiter at the end of every line, or a # before the header, makes."""
    if rows[0] and rows[0][0].startswith("#"):
        rows[0][0] = rows[0][0][1:].lstrip()
        if not rows[0][0] and len(rows[0]) > 1 and len(rows) > 1 and len(rows[0]) == len(rows[1]) + 1:
            del rows[0][0]
    while all(len(row) > 1 and not row[-1].strip() for row in rows):
        for row in rows:
            row.pop()


def _has_header(rows: list[list[str]], comma: bool) -> bool:
    """Whether the first line names the columns: it has text where the others have numbers, or no number at all."""
    read = number_with_comma if comma else number

    def is_text(cell: str) -> bool:
        return number(cell) is None and read(cell) is None

    first, rest = rows[0], rows[1 : _SAMPLE + 1]
    texts = [place for place, cell in enumerate(first) if is_text(cell)]
    if not texts:
        return False
    if len(texts) == len(first) or not rest:
        return True
    if any(all(not is_text(row[place]) for row in rest) for place in texts):
        return True
    # "day, 0, 1, 2, …, 23": numbers, but ones that count.
    counted = [value for cell in first if (value := read(cell)) is not None and not is_missing(cell)]
    return _counts_up(counted) and not all(
        _counts_up([value for cell in row if (value := read(cell)) is not None]) for row in rest
    )


def _counts_up(values: list[float]) -> bool:
    return len(values) > 2 and all(b == a + 1 for a, b in pairwise(values))


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"
