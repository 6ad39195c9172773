"""Reads tasks that are written as prose: a numbered heading, its bullets, and keys with values ("Chủ trì: …").

Lines get their markers and keys, make an outline of headings, and each heading with keys becomes a task.
"""

from services.planning.documents.blocks.block_reader import BlocksRead, read_blocks
from services.planning.documents.blocks.duties import read_office_duties
from services.planning.documents.blocks.targets import merged_targets

__all__ = ["BlocksRead", "merged_targets", "read_blocks", "read_office_duties"]
