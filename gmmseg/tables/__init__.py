"""Rows of numbers into clusters: tables of marks, of profiles, of words in documents."""

from __future__ import annotations

from gmmseg.tables.clustered import table
from gmmseg.tables.clustering import TableClustering
from gmmseg.tables.kinds import KINDS
from gmmseg.tables.model import TableModel

__all__ = ["KINDS", "TableClustering", "TableModel", "table"]
