"""The title of a target: its name as printed, and its scope."""

from dataclasses import dataclass

from services.planning.phrases.prose_targets.clauses import Text
from services.planning.phrases.prose_targets.subjects import Subject, counts_a_noun
from services.planning.phrases.targets.statements import field_until
from services.planning.phrases.targets.vocabulary import Role
from shared.vietnamese import folded

_AROUND = frozenset(
    (
        *(Role.COMMA, Role.AND, Role.COLON, Role.STOP, Role.QUOTE, Role.SLASH, Role.TO, Role.OTHER),
        *(Role.AIM, Role.PART, Role.SO_THAT, Role.LINK, Role.NOT),
    )
)
_INTRODUCING = ("có", "cụ thể")
_CONNECTING = frozenset(("thuộc", "trong", "của", "ở", "về", "các", "với", "tại"))
_LABELS = frozenset(
    ("", "chỉ tiêu", "sản phẩm", "mục tiêu", "kết quả", "yêu cầu", "tỷ lệ", "tỉ lệ", "cụ thể", "số", "có", "trong năm")
)


@dataclass(frozen=True, slots=True)
class Title:
    name: str
    scope: str | None = None
    subject: str = ""  # the part of the name before the number


def title_of(text: Text, subject: Subject, earlier: Title | None) -> Title:
    """`earlier` is the title of the previous target, which "trong đó" or a bare scope continues."""
    scope, before = _without_the_field(text, *_trimmed(text, *subject.before))
    field, behind = _without_the_field(text, *_trimmed(text, *subject.behind, front=False))
    scope = scope or field
    if subject.part and not subject.named and earlier is not None and earlier.name:
        return Title(earlier.name, scope or before or None, earlier.subject)
    if folded(before) in _LABELS and not counts_a_noun(text, subject.statement):
        before = _before_the_bracket(text, subject) or _still_about(text, subject, earlier, scope)
        behind = behind if before else ""
    name = f"{before} {behind}".strip()
    return Title("" if folded(name) in _LABELS else name, scope, before)


def _still_about(text: Text, subject: Subject, earlier: Title | None, scope: str | None) -> str:
    """ "… đạt 85 điểm, tăng 3 bậc so với năm 2024": the subject of the previous target in the sentence."""
    if earlier is None or (any(text.stops[subject.since : subject.statement.first]) and not scope):
        return ""
    return earlier.subject or earlier.name


def _without_the_field(text: Text, first: int, last: int) -> tuple[str | None, str]:
    """The fields named after "lĩnh vực", and the words around them."""
    for at in range(first, last):
        if text.role(at) is Role.FIELD:
            end = min(field_until(text.elements, at), last)
            if end > at + 1:
                start = _before_the_connecting_words(text, at, first)
                rest = (text.words(first, start), text.words(end, last))
                return text.words(at + 1, end), " ".join(piece for piece in rest if piece)
    return None, text.words(first, last)


def _before_the_connecting_words(text: Text, at: int, first: int) -> int:
    while at > first and (text.role(at - 1) is Role.CONCERNING or text.elements[at - 1].text in _CONNECTING):
        at -= 1
    return at


def _before_the_bracket(text: Text, subject: Subject) -> str:
    """ "Thanh toán trực tuyến (đạt tối thiểu 60 %)": the words before the bracket."""
    opening = subject.before[0] - 1
    if text.role(opening) is not Role.OPEN:
        return ""
    words = text.words(*_trimmed(text, text.clause_before(opening, subject.since), opening))
    return "" if folded(words) in _LABELS else words


def _trimmed(text: Text, first: int, last: int, *, front: bool = True) -> tuple[int, int]:
    """Cuts off the punctuation and the verbs of intent around a name, and a year before it."""
    while last > first and text.role(last - 1) in _AROUND:
        last -= 1
    while front and first < last:
        step = _year(text, first, last) or (text.role(first) in _AROUND or text.elements[first].text in _INTRODUCING)
        if not step:
            break
        first += step
    return first, last


def _year(text: Text, first: int, last: int) -> int:
    """How many elements "Trong năm 2025," takes at the beginning."""
    skip = 1 if text.elements[first].text in ("trong", "đến", "hết", "đến hết", "cuối") else 0
    at = first + skip
    if at + 1 < last and text.role(at) is Role.REFERENCE and text.role(at + 1) is Role.NUMBER:
        return skip + 2
    return 0
