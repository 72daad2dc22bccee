"""Rows of numbers into clusters: tables of marks, of profiles, of words in documents."""

from __future__ import annotations

from gmmseg.tables.clustering import TableClustering
from gmmseg.tables.kinds import KINDS
from gmmseg.tables.model import TableModel
from gmmseg.tables.table import table

__all__ = ["KINDS", "TableClustering", "TableModel", "table"]
