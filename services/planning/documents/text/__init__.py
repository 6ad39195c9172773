"""A plan as plain text: its lines, the tables that were flattened into them, and the prose between."""

from services.planning.documents.text.reading import read_text

__all__ = ["read_text"]
