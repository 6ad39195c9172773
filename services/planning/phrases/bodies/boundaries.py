"""Whether what follows a comma, a "và" or a new line is another body, or still the name of the same one."""

import re
from dataclasses import dataclass

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.bodies.printed import Printed
from services.planning.phrases.bodies.tokens import Token

_UNFINISHED = re.compile(
    rf"(?:{v.words(*v.UNFINISHED)}|{v.words('các', 'những', 'thủ trưởng các', 'lãnh đạo các')}"
    rf"|.* (?:thuộc|của|với|tại|cấp|trên|theo|và|về|cho|chuyên|liên|có))$"
)
_OF_A_KIND = re.compile(rf"(?:{v.words(*v.HEADS_OF_MANY)} )?{v.KIND}(?:,| (?:liên|có|chuyên|thuộc|và) |$)")
_OF_THE_COUNCIL = re.compile(r"(?:hđnd|hội đồng nhân dân|đảng uỷ|quốc hội|đbqh)$")
_OFFICE_OF = re.compile(r"(?:văn phòng|vp|thường trực|lãnh đạo|cổng|trang|chủ tịch)(?!\w)")
_QUALIFIED = ("thuộc", "liên", "có", "chuyên", "trực", "trên", "đóng", "ngành", "sự")
_SHORT_NAME = re.compile(r"[A-ZĐ]{1,3}(?:[-&]?[A-ZĐ]{1,4}){0,3}")
_ENDS_SHORT = re.compile(r"(?<!\w)[A-ZĐ]{1,3}(?:[-&]?[A-ZĐ]{1,4}){0,3}$")
_OFFICE_ALONE = re.compile(
    rf"(?:(?:phòng|bộ phận|công chức|ban|p\.) ?)?(?:{v.OFFICE}|công an)(?: xã| phường| đặc khu)?$"
)
_PERSON = re.compile(r"(?:đ/c|đồng chí|ông|bà) .*[^,]$")
_TITLE = re.compile(r"(?:phó )?(?:chủ tịch|trưởng|giám đốc|bí thư|thủ trưởng)|pct")


@dataclass(frozen=True)
class Boundary:
    """A gap after the name `small`, with the tokens that come after it (`later`: the second)."""

    text: Printed
    name: tuple[int, int]
    gap: Token
    following: Token
    later: Token | None
    in_a_list: bool

    @property
    def small(self) -> str:
        begin, end = self.name
        name = self.text.small[begin:end] if end - begin < 200 else ""
        return name or self.text.small[begin : begin + 80] + self.text.small[end - 80 : end]

    def parts(self) -> bool:
        """Whether another body begins after the gap."""
        if self.gap.kind == "item":
            return True
        if self.gap.kind == "stop":
            return self.following.begins_a_body or self.gap.text.strip().startswith(";")
        if _UNFINISHED.fullmatch(self.small) and not self.in_a_list:
            return False
        if self.following.begins_a_body:
            return not self._is_one_office() and self._parts_from_a_head()
        return self.gap.kind in ("comma", "and") and (self.in_a_list or self._parts_short_names())

    def _parts_from_a_head(self) -> bool:
        kind, many = self.following.kind, bool(v.MANY.match(self.small) or _OF_A_KIND.match(self.small))
        if kind == "plural" or (_PERSON.match(self.small) and _TITLE.match(self.following.text)):
            return kind == "plural"
        if kind == "office":
            return self._parts_from_an_office()
        if self.gap.kind == "dash":
            return kind == "named" and self._is_capital(self.following)
        if many and (kind == "kind" or self.following.text in v.UNFINISHED):
            return not self._goes_on_with_many()
        return True

    def _parts_from_an_office(self) -> bool:
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
            return not is_capital or self.following.text in v.KINDS
        if self.later.text in _QUALIFIED:
            return True
        if self.later.kind in ("lead", "support", "deed"):
            return not is_capital
        return (
            not is_capital
            and not self._is_capital(self.later)
            and (self.following.kind == "kind" or self.later.begins_a_body)
        )

    def _is_one_office(self) -> bool:
        """ "Văn phòng HĐND và UBND", with whatever stands between the two."""
        if not _OF_THE_COUNCIL.search(self.small) or self.following.text not in ("ubnd", "uỷ ban", "hđnd", "hội đồng"):
            return False
        return self.gap.kind in ("and", "dash", "line") or bool(_OFFICE_OF.match(self.small))

    def _parts_short_names(self) -> bool:
        """ "Phòng VH-XH, KT": capitals after capitals are another name."""
        word = self._shown(self.following)
        ends = self.later is None or self.later.kind != "word"
        return ends and bool(
            _SHORT_NAME.fullmatch(word)
            and _ENDS_SHORT.search(self.text.shown[max(self.name[0], self.name[1] - 40) : self.name[1]])
        )

    def _is_capital(self, token: Token | None) -> bool:
        return token is not None and self._shown(token)[:1].isupper()

    def _shown(self, token: Token) -> str:
        return self.text.shown[token.start : token.end]
