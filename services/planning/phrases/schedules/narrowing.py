"""A bare clause that only narrows the time before it: "Quý III; chậm nhất 15/9" is one deadline."""

from collections.abc import Sequence

from services.planning.phrases.schedules.elements import Element
from services.planning.phrases.schedules.times import When
from services.planning.phrases.schedules.tokens import STOP
from services.planning.phrases.schedules.words import Words
from services.planning.plan_file import Deadline, Milestone


def narrowed(words: Words, whole: Milestone, sentence: Sequence[Element], day: Milestone) -> Deadline | None:
    """The deadline of the time before, by the day of this sentence; None where the day says something else."""
    if not isinstance(whole, Deadline) or not isinstance(day, Deadline) or whole.from_ is None:
        return None
    if day.from_ is not None or day.label or day.condition or not _is_a_bare_bound(words, sentence):
        return None
    return whole.model_copy(update={"due": day.due}) if whole.from_ <= day.due < whole.due else None


def _is_a_bare_bound(words: Words, sentence: Sequence[Element]) -> bool:
    """A day behind "chậm nhất" or "trước", behind a semicolon or in a line of its own that has no bullet."""
    times = [element.found.time for element in sentence if element.found]
    if len(times) != 1 or words[sentence[0].start - 1] not in (";", STOP):
        return False
    return isinstance(times[0], When) and times[0].how in ("by", "before") and times[0].unit == "day"
