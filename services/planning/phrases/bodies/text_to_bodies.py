"""Reads the leading and the supporting bodies from a cell, or from the value behind a key."""

import re
from unicodedata import normalize

from services.planning.phrases.bodies.body_finder import bodies_in
from services.planning.phrases.bodies.elements import printed
from services.planning.phrases.bodies.roles import Bodies, ColumnRole, NamedBody, in_their_roles

_NOBODY = re.compile(r"[-. ]*(?:không(?: có)?|x|0)[-. ]*")
_ELSEWHERE = re.compile(
    r"[-. ]*(?:n\.?t|như (?:trên|(?:mục|dòng|số|điểm|nhiệm vụ|stt)(?: số)?(?: trên| [\w.]+)?))[-. ]*"
)
_SHORT_LABEL = re.compile(r"(?<![\w/])(?:(?P<lead>C\.?T|CQCT|ĐVCT)|P[./]?H|CQPH|ĐVPH) ?:")
_LABEL = re.compile(
    r"(?:(?:các )?(?:cơ quan|đơn vị|bộ phận|cq|đv|công chức|phòng|ban) )?(?:chủ trì|phối hợp)"
    r"(?: (?:thực hiện|chính|tham mưu|với|cùng))? ?:",
    re.IGNORECASE,
)
_BEFORE_A_LABEL = re.compile(r"[-+*•. ]*(?:\d{1,2}[.)] ?)?")


def read_bodies(text: str | None, role: ColumnRole) -> Bodies:
    """The bodies that `text` names, each once, in its order; `role` is the one of the column or the key.

    Words of the text override `role`: "Trung tâm … phối hợp" in a column of leaders supports. With "both" (Cơ quan
    thực hiện), a body without a role leads. A text without any known body is one body, with a warning.
    """
    words = printed(_with_labels_on_lines(normalize("NFC", text or "")))
    if not any(letter.isalnum() for letter in words.shown):
        return Bodies()
    if _NOBODY.fullmatch(words.small):
        return Bodies()
    if _ELSEWHERE.fullmatch(words.small):
        return Bodies(warnings=(f"“{words.shown.strip()}” chỉ sang dòng khác, chưa rõ là cơ quan nào",))
    clauses = bodies_in(words)
    unknown = [body.name for body in clauses.found if not body.is_known]
    doubts = [*clauses.doubts, *(f"không nhận ra tên cơ quan: {name}" for name in unknown)]
    if any(body.is_known for body in clauses.found):
        return in_their_roles(clauses.found, role, doubts)
    whole = " ".join(words.shown.split())
    given = next((body.role for body in clauses.found if body.role), None)
    return in_their_roles([NamedBody(whole, given)], role, [f"không nhận ra tên cơ quan: {whole}"])


def _with_labels_on_lines(text: str) -> str:
    """ "Chủ trì: Phòng Kinh tế Phối hợp: Công an xã": after a first label each further one begins a line."""
    text = _SHORT_LABEL.sub(lambda found: "Chủ trì:" if found["lead"] else "Phối hợp:", text)
    begins = _BEFORE_A_LABEL.match(text)
    if not _LABEL.match(text, begins.end() if begins else 0):
        return text
    return _LABEL.sub(lambda found: f"\n{found[0]}", text)
