"""Whole numbers as clerks type them into cells."""

import re

WRITTEN_COUNT = re.compile(r"-?\d{1,3}(\.\d{3})+|-?\d+")
LARGEST = 10**12
NOT_A_COUNT = "Ô này phải là một số nguyên, như 12 hoặc 1.250."


class NotACount(ValueError):
    """What stands in a cell is no whole number."""


def count_of(text: str, name: str) -> int:
    """`1.250` or `1250`. NotACount with the name of the input for anything else."""
    if not WRITTEN_COUNT.fullmatch(text) or abs(count := int(text.replace(".", ""))) > LARGEST:
        raise NotACount(name)
    return count
