"""Reads the target of an indicator from a cell ("Tối thiểu 60%").

A phrase is read in three stages: elements (numbers and known phrases), levels and their grammar, the target. To add a
phrase, add it to vocabulary.py and to the examples in tests/planning/phrases/test_targets.py.
"""

from services.planning.phrases.targets.phrase_to_target import TargetReading, read_target, target_in_words

__all__ = ["TargetReading", "read_target", "target_in_words"]
