"""Reads every target from running text, with the name of its subject.

Uses the elements and the grammar of phrases/targets; examples are in tests/planning/phrases/test_prose_targets.py.
"""

from services.planning.phrases.prose_targets.prose_to_targets import ProseTarget, targets_in

__all__ = ["ProseTarget", "targets_in"]
