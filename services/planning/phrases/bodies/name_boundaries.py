"""Decides where the name of a body ends: at a gap or before an action; cuts off loose words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.bodies.elements import Element, Printed

_UNFINISHED = re.compile(
    rf"(?:{v.words(*v.UNFINISHED)}|{v.words('các', 'những', 'thủ trưởng các', 'lãnh đạo các')}"
    rf"|.* (?:thuộc|của|với|tại|cấp|trên|theo|và|về|cho|chuyên|liên|có))$"
)
_OF_A_KIND = re.compile(rf"(?:{v.words(*v.HEADS_OF_MANY)} )?{v.KIND}(?:,| (?:liên|có|chuyên|thuộc|và) |$)")
_OF_THE_COUNCIL = re.compile(r"(?:hđnd|hội đồng nhân dân|đảng uỷ|quốc hội|đbqh)$")
_COUNCILS = ("ubnd", "uỷ ban", "hđnd", "hội đồng")
_OFFICE_OF = re.compile(r"(?:văn phòng|vp|thường trực|lãnh đạo|cổng|trang|chủ tịch)(?!\w)")
_FIELD_AND_SOCIETY = re.compile(r"(?:-|&|và|,) xã$")  # "Phòng Văn hóa - Xã", and "hội" on the next line
_QUALIFIED = ("thuộc", "liên", "có", "chuyên", "trực", "trên", "đóng", "ngành", "sự")
_LEVELS = ("tỉnh", "thành", "cấp", "huyện", "xã", "phường", "đặc", "trung")  # "ngành Thành phố"
_SHORT_NAME = re.compile(r"[A-ZĐ]{1,3}(?:[-&]?[A-ZĐ]{1,4}){0,3}")
_ENDS_SHORT = re.compile(r"(?<!\w)[A-ZĐ]{1,3}(?:[-&]?[A-ZĐ]{1,4}){0,3}$")
_OFFICE_ALONE = re.compile(
    rf"(?:(?:các |những )?(?:phòng|bộ phận|công chức|ban|p\.) ?)?(?:{v.OFFICE}|công an)(?: xã| phường| đặc khu)?$"
)
_PERSON = re.compile(r"(?:đ/c|đồng chí|ông|bà) .*[^,]$")
_TITLE = re.compile(r"(?:phó )?(?:chủ tịch|trưởng|giám đốc|bí thư|thủ trưởng)|pct")
_NO_ACTION_AFTER = re.compile(rf"(?:{v.words(*set(v.UNFINISHED) - {'văn phòng', 'trung tâm', 'uỷ ban nhân dân'})}|.*-)")
_OFTEN_A_NAME = re.compile(v.ACTION_IN_A_NAME)
_NAMED_AFTER_AN_ACTION = re.compile(rf"(?:.*[ .])?{v.BEFORE_AN_ACTION_IN_A_NAME}|.*-")
_TEAM = re.compile(rf"(?:.* )?{v.TEAM}")
_FIELDS = ("tổng hợp", "tuyên truyền", "kiểm tra", "giám sát", "thẩm định")
_NEAR = 40  # characters before an action that show whether the name is complete
_BEFORE = re.compile(r"(?:[\s\-.,;:+/&)(]+|(?:và|cùng với|cùng|với|là|cho)(?!\w))+")
_AFTER = " \n-.,;:+/&(…"
_LOOSE_WORDS = (" và", " cùng", " với", " sẽ", " được", " có", " đồng thời", " là")


@dataclass(frozen=True)
class Boundary:
    """A gap after a name, with the two elements that follow it. `name`: its begin and end in the text."""

    text: Printed
    name: tuple[int, int]
    gap: Element
    following: Element
    later: Element | None
    in_a_list: bool

    @property
    def small(self) -> str:
        begin, end = self.name
        name = self.text.small[begin:end] if end - begin < 200 else ""
        return name or self.text.small[begin : begin + 80] + self.text.small[end - 80 : end]

    def separates(self) -> bool:
        """Whether another body begins after the gap, or the same name goes on."""
        if self.gap.kind == "item":
            return True
        if self.gap.kind == "stop":
            return self.following.begins_a_body or self.gap.text.strip().startswith(";")
        if _UNFINISHED.fullmatch(self.small) and not self.in_a_list:
            return self._is_short_for_an_office()
        if self.gap.kind == "line" and self.following.text == "hội" and _FIELD_AND_SOCIETY.search(self.small):
            return False
        if self.following.begins_a_body:
            return not self._is_one_office() and self._separates_from_a_head()
        return self.gap.kind in ("comma", "and") and (self.in_a_list or self._separates_short_names())

    def _is_short_for_an_office(self) -> bool:
        """ "Văn phòng, Phòng Kinh tế" are two, "Văn phòng" and "HĐND và UBND" on the next line are one."""
        if self.small not in ("văn phòng", "trung tâm"):
            return False
        is_named = self.following.kind == "named" and self._is_capital(self.following)
        is_another = is_named and self.following.text not in _COUNCILS and self.gap.kind in ("comma", "and")
        return is_another or (self.small == "văn phòng" and self.following.kind == "plural")

    def _separates_from_a_head(self) -> bool:
        kind, many = self.following.kind, bool(v.MANY.match(self.small) or _OF_A_KIND.match(self.small))
        if kind == "plural" or (_PERSON.match(self.small) and _TITLE.match(self.following.text)):
            return kind == "plural"
        if kind == "office":
            return self._separates_from_an_office()
        if self.gap.kind == "dash":
            return kind == "named" and self._is_capital(self.following)
        if many and (kind == "kind" or self.following.text in v.UNFINISHED):
            return not self._goes_on_with_many()
        return True

    def _separates_from_an_office(self) -> bool:
        """ "Phòng Kinh tế, Văn hoá - Xã hội" are two, "Phòng Phát triển, Kinh tế số" is one."""
        if self.gap.kind == "dash" or self.in_a_list:
            return self.in_a_list
        if self.gap.kind == "line" and self._is_capital(self.following):
            return True
        is_long = bool(re.search(r"[-,&]| và |vhxh|lđtb", self.following.text))
        ends = self.later is None or self.later.kind != "word" or self.later.text in ("xã", "phường", "đặc")
        return is_long or (ends and bool(_OFFICE_ALONE.match(self.small)))

    def _goes_on_with_many(self) -> bool:
        """ "Các phòng, ban thuộc UBND xã" is one, "Các phòng và Ban Chỉ huy quân sự" are two."""
        is_capital = self._is_capital(self.following)
        if self.later is None or self.later.is_gap:
            return not is_capital or bool(re.fullmatch(v.KIND, self.following.text))
        if self.later.text in _LEVELS or (self.later.text in _QUALIFIED and not self._is_capital(self.later)):
            return True
        if self.later.kind in ("lead", "support", "action"):
            return not is_capital
        return (
            not is_capital
            and not self._is_capital(self.later)
            and (self.following.kind == "kind" or self.later.begins_a_body)
        )

    def _is_one_office(self) -> bool:
        """ "Văn phòng HĐND và UBND": one office, whatever joins the two."""
        if not _OF_THE_COUNCIL.search(self.small) or self.following.text not in _COUNCILS:
            return False
        return self.gap.kind in ("and", "dash", "line") or bool(_OFFICE_OF.match(self.small))

    def _separates_short_names(self) -> bool:
        """ "Phòng VH-XH, KT": short names in capitals are two."""
        word = self._shown(self.following)
        ends = self.later is None or self.later.kind != "word"
        return ends and bool(
            _SHORT_NAME.fullmatch(word)
            and _ENDS_SHORT.search(self.text.shown[max(self.name[0], self.name[1] - 40) : self.name[1]])
        )

    def _is_capital(self, element: Element | None) -> bool:
        return element is not None and self._shown(element)[:1].isupper()

    def _shown(self, element: Element) -> str:
        return self.text.shown[element.start : element.end]


def opens_with_an_action(text: Printed, row: Sequence[Element]) -> bool:
    """ "(đăng tải trên Cổng …)", but not "(Tổng hợp)", the name of a division."""
    if not row or row[0].kind != "action":
        return False
    return len(row) > 1 or row[0].text not in _FIELDS or text.shown[row[0].start].islower()


def is_in_a_name(text: Printed, begin: int, action: Element) -> bool:
    """Whether an action is a part of the name that begins at a place: "Tổ triển khai Đề án 06", "Phòng Tổng hợp"."""
    opening = text.shown[begin : min(action.start, begin + _NEAR)]
    is_capital = text.shown[action.start].isupper() and not opening.isupper()
    name = text.small[max(begin, action.start - _NEAR) : action.start]
    is_of_many = bool(v.MANY.match(text.small, begin))
    if _OFTEN_A_NAME.match(text.small, action.start) and _is_named_after(name, action, is_of_many, is_capital):
        return True
    if text.small[max(0, action.start - 2) : action.start].rstrip(" ").endswith((*",;.\n)",)):
        return False
    return is_capital or _is_unfinished(name.strip())


def _is_named_after(name: str, action: Element, is_of_many: bool, is_capital: bool) -> bool:
    """ "Các tổ tuyên truyền", "Phòng Văn hoá, Tuyên truyền", and "tổ chức" of "Các cơ quan, tổ chức …"."""
    ending = name.rstrip(" ")
    if ending.endswith((*".;\n)",)):
        return False
    if action.text == "tổ chức" and is_of_many and ending.endswith((",", " và", " hoặc")):
        return True
    return is_capital or bool((_TEAM if is_of_many else _NAMED_AFTER_AN_ACTION).fullmatch(ending))


def _is_unfinished(ending: str) -> bool:
    return bool(_NO_ACTION_AFTER.fullmatch(ending)) and not v.MANY.match(ending)


def bare_name(text: Printed, begin: int, end: int) -> str:
    if loose := _BEFORE.match(text.small, begin, end):
        begin = loose.end()
    end = begin + len(text.small[begin:end].rstrip(_AFTER))
    while word := next((word for word in _LOOSE_WORDS if text.small.endswith(word, begin, end)), None):
        end = begin + len(text.small[begin : end - len(word)].rstrip(_AFTER))
    return " ".join(text.shown[begin:end].split())
