"""Which words say what a body does, and which look like it and are a part of its name."""

import re
from collections.abc import Sequence

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.bodies.printed import Printed
from services.planning.phrases.bodies.tokens import Token

_NO_DEED_AFTER = re.compile(rf"(?:{v.words(*set(v.UNFINISHED) - {'văn phòng', 'trung tâm', 'uỷ ban nhân dân'})}|.*-)")
_OFTEN_A_NAME = re.compile(v.DEED_IN_A_NAME)
_NAMED_AFTER_A_DEED = re.compile(rf"(?:.*[ .])?{v.BEFORE_A_DEED_IN_A_NAME}|.*-")
_TEAM = re.compile(rf"(?:.* )?{v.TEAM}")
_FIELDS = ("tổng hợp", "tuyên truyền", "kiểm tra", "giám sát", "thẩm định")
_NEAR = 40  # characters before a deed that tell whether the name is complete


def opens_with_a_deed(text: Printed, row: Sequence[Token]) -> bool:
    """ "(đăng tải trên Cổng …)", but not "(Tổng hợp)", which is the name of a part."""
    if not row or row[0].kind != "deed":
        return False
    return len(row) > 1 or row[0].text not in _FIELDS or text.shown[row[0].start].islower()


def is_in_a_name(text: Printed, begin: int, deed: Token) -> bool:
    """In the name that begins at a place: "Tổ triển khai Đề án 06", "Phòng Tổng hợp"."""
    opening = text.shown[begin : min(deed.start, begin + _NEAR)]
    is_capital = text.shown[deed.start].isupper() and not opening.isupper()
    name = text.small[max(begin, deed.start - _NEAR) : deed.start]
    is_of_many = bool(v.MANY.match(text.small, begin))
    if _OFTEN_A_NAME.match(text.small, deed.start) and _is_named_after(name, deed, is_of_many, is_capital):
        return True
    if text.small[max(0, deed.start - 2) : deed.start].rstrip(" ").endswith((*",;.\n)",)):
        return False
    return is_capital or _is_unfinished(name.strip())


def _is_named_after(name: str, deed: Token, is_of_many: bool, is_capital: bool) -> bool:
    """ "Các tổ tuyên truyền", "Phòng Văn hoá, Tuyên truyền", "Các cơ quan, tổ chức tuyên truyền" up to its noun."""
    ending = name.rstrip(" ")
    if ending.endswith((*".;\n)",)):
        return False
    if deed.text == "tổ chức" and is_of_many and ending.endswith((",", " và", " hoặc")):
        return True
    return is_capital or bool((_TEAM if is_of_many else _NAMED_AFTER_A_DEED).fullmatch(ending))


def _is_unfinished(ending: str) -> bool:
    return bool(_NO_DEED_AFTER.fullmatch(ending)) and not v.MANY.match(ending)
