"""Reads which bodies lead and which support out of a cell, or out of a value that follows a key."""

import re

from services.planning.phrases.bodies.printed import printed
from services.planning.phrases.bodies.roles import Bodies, Named, Role, in_their_roles
from services.planning.phrases.bodies.walking import bodies_of

_NOBODY = re.compile(r"[-. ]*(?:không(?: có)?|x|0)[-. ]*")
_ELSEWHERE = re.compile(
    r"[-. ]*(?:n\.?t|như (?:trên|(?:mục|dòng|số|điểm|nhiệm vụ|stt)(?: số)?(?: trên| [\w.]+)?))[-. ]*"
)


def read_bodies(text: str | None, role: Role) -> Bodies:
    """The bodies that `text` names, each once, in its order; `role` is what the column or the key says of them.

    Words of the text override `role`: "Trung tâm … phối hợp" in a column of leaders supports. With "both" (Cơ quan
    thực hiện), of whom nothing is said leads. A text without any known body is one body, with a warning.
    """
    words = printed(text or "")
    if not any(letter.isalnum() for letter in words.shown):
        return Bodies()
    if _NOBODY.fullmatch(words.small):
        return Bodies()
    if _ELSEWHERE.fullmatch(words.small):
        return Bodies(warnings=(f"“{words.shown.strip()}” chỉ sang dòng khác, chưa rõ là cơ quan nào",))
    clause = bodies_of(words)
    unknown = [body.name for body in clause.found if not body.is_known]
    doubts = [*clause.doubts, *(f"không nhận ra tên cơ quan: {name}" for name in unknown)]
    if any(body.is_known for body in clause.found):
        return in_their_roles(clause.found, role, doubts)
    whole = " ".join(words.shown.split())
    said = next((body.said for body in clause.found if body.said), None)
    return in_their_roles([Named(whole, said)], role, [f"không nhận ra tên cơ quan: {whole}"])
