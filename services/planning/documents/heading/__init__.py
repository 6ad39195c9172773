"""The head of a plan document: whose plan it is, for which time, under which number, and the acts it rests on."""

from services.planning.documents.heading.reading import read_head

__all__ = ["read_head"]
