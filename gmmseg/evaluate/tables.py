"""Records as a table of plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def text_table(rows: Sequence[Mapping[str, object]]) -> str:
    """The rows under one another, a column a key.

    Parameters
    ----------
    rows : sequence of mappings
        As from `Evaluation.summary` or `Evaluation.records`. Columns stand in the order in which their keys first
        appear; what a row lacks, or has as None, stays blank.

    Returns
    -------
    str
        Lines without a final newline: headings, then the rows; numbers to the right, floats with three digits, text
        to the left. Empty without rows.
    """
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if not keys:
        return ""
    columns = []
    for key in keys:
        values = [row.get(key) for row in rows]
        cells = [key, *(_cell(value) for value in values)]
        width = max(map(len, cells))
        text = any(isinstance(value, str) for value in values)
        columns.append([cell.ljust(width) if text else cell.rjust(width) for cell in cells])
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
