"""Tasks that are written as prose: a numbered heading, its bullets, and bullets of a key and its value."""

from services.planning.documents.blocks.duties import read_duties
from services.planning.documents.blocks.reading import BlocksRead, read_blocks

__all__ = ["BlocksRead", "read_blocks", "read_duties"]
