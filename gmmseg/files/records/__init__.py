"""Tables of numbers: from text, from NumPy's files, from arrays and frames."""

from __future__ import annotations

from gmmseg.files.records.reading import read_records
from gmmseg.files.records.record import Records

__all__ = ["Records", "read_records"]
