"""The target of an indicator, read from the words of a cell or a sentence."""

from services.planning.phrases.targets.reading import TargetReading, read_target

__all__ = ["TargetReading", "read_target"]
