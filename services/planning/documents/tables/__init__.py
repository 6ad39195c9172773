"""Tables of a plan document: columns by their headers, rows as tasks with their sections, and rows as targets."""

from services.planning.documents.tables.indicators import read_indicators
from services.planning.documents.tables.parts import Part, TablesFound, find_tables
from services.planning.documents.tables.tasks import read_tasks

__all__ = ["Part", "TablesFound", "find_tables", "read_indicators", "read_tasks"]
