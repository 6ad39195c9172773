"""Reads targets: of an indicator from a cell ("Tối thiểu 60%"), and every one in running text, with its subject.

A phrase is read in three stages: elements (numbers and known phrases), levels and their grammar, the target; running
text by the same elements and grammar, then clauses and subjects. To add a phrase, add it to vocabulary.py and to the
examples in tests/planning/phrases/test_targets.py; those of running text are in test_prose_targets.py.
"""

from services.planning.phrases.targets.phrase_to_target import TargetReading, read_target, target_in_words
from services.planning.phrases.targets.prose_to_targets import ProseTarget, targets_in

__all__ = ["ProseTarget", "TargetReading", "read_target", "target_in_words", "targets_in"]
