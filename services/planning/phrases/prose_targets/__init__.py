"""Every target that is stated inside running text, with what it is about."""

from services.planning.phrases.prose_targets.collecting import ProseTarget, targets_in

__all__ = ["ProseTarget", "targets_in"]
