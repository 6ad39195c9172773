"""What is due, out of the words that stand beside a time."""

from services.planning.phrases.bodies import begins_with_a_body
from services.planning.phrases.schedules.sentences import is_idle
from services.planning.phrases.schedules.words import Phrases, Words

_MARKS = (",", ".", ":", "-", "/", "+", "&", "•", ";", "…", '"', "'", "\n")
_OPENING = Phrases(("và", "hoặc", "rồi", "thì", "đối với", "sẽ", "là", "để", "đồng thời", "sau đó", *_MARKS))
_CLOSING = (
    *(("hoàn", "thành"), ("hoàn", "tất"), ("dự", "kiến"), ("chậm", "nhất"), ("và",), ("hoặc",), ("vào",), ("trong",)),
    *(("là",), ("phải",), ("cần",), ("xong",), ("ngay",), ("gồm",), ("về",)),
    *((mark,) for mark in _MARKS),
)
_BY_LAST = {phrase[-1]: phrase for phrase in _CLOSING}


def label_of(words: Words, start: int, end: int) -> str | None:
    """What is due, as the format writes it: "ban hành kế hoạch", though a cell begins "Ban hành kế hoạch"."""
    printed = printed_label(words, start, end)
    return _in_small(printed) if printed else None


def _in_small(label: str) -> str:
    """With a small first letter, unless the word is an abbreviation (TTHC) or begins the name of a body."""
    first = label.split(" ", 1)[0]
    ordinary = len(first) > 1 and first[0].isupper() and not any(letter.isupper() for letter in first[1:])
    return label[0].lower() + label[1:] if ordinary and not begins_with_a_body(label) else label


def printed_label(words: Words, start: int, end: int) -> str | None:
    """None where the words say only that something is to be done ("hoàn thành")."""
    start, end = _trimmed(words, start, end)
    while start < end and words[start] == "(" and words.closing.get(start, end) >= end - 1:
        start, end = start + 1, end - (words.closing.get(start) == end - 1)
    return words.text(start, end) if start < end and not is_idle(words, start, end) else None


def _trimmed(words: Words, start: int, end: int) -> tuple[int, int]:
    while start < end and (past := _OPENING.past(words, start)) > start:
        start = past
    while end > start and (closing := _BY_LAST.get(words[end - 1])) and words.follows(end - len(closing), *closing):
        end -= len(closing)
    return start, max(start, end)
