"""Reads the tables of a plan document: columns by their headers, rows as entries, entries as tasks or targets."""

from services.planning.documents.tables.headed_tables import HeadedTable, TablesFound, find_tables
from services.planning.documents.tables.targets import read_indicators
from services.planning.documents.tables.tasks import read_tasks

__all__ = ["HeadedTable", "TablesFound", "find_tables", "read_indicators", "read_tasks"]
