"""Reads the leading and the supporting bodies from a cell, or from the value behind a key.

Each body is found with the role that the words around it give to it; the roles then become those of the whole text."""

import re
from functools import lru_cache
from unicodedata import normalize

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.bodies.elements import Element, Printed, elements_of, printed
from services.planning.phrases.bodies.known_names import end_of_known_bodies
from services.planning.phrases.bodies.name_boundaries import Boundary, bare_name, is_in_a_name, opens_with_an_action
from services.planning.phrases.bodies.roles import Bodies, BodiesRole, Clauses, NamedBody, Role, in_their_roles

_CONDITION = re.compile(r"nếu |khi |theo |kèm|bản ")
_FOCAL = re.compile(r"(?:(?:là )?(?:cơ quan|đơn vị|bộ phận) )?(?:làm )?(?:đầu mối|thường trực)")
_BRACKETED_ROLE = re.compile(r"(?P<lead>ct|c\.? ?trì|chính|trưởng nhóm)|(?P<support>ph|p/h|p\.h)")
_FIELD = re.compile(r"(?:về |theo |phụ trách |thuộc )?(?:các )?(?:lĩnh vực|mảng|nội dung|nhóm nội dung)(?!\w)")
_LIST_OF_ONE_KIND = re.compile(r"(?:(?:các|những) )?(?P<kind>phòng|ban|sở|trạm|hội|trường)$")
_SEVERAL_OF_A_KIND = re.compile(rf"(?:các|những) (?P<kind>phòng|ban|sở) (?={v.OFFICE})")
_AUTHORITY = re.compile(r"(?:ubnd|hđnd|uỷ ban|hội đồng|đảng uỷ|chủ tịch|thường trực|lãnh đạo|cấp)(?!\w)")  # reported to
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
# Who of the leaders of the commune answers for the work, beside the bodies that do it.
_IN_CHARGE = re.compile(
    r"(?:^|(?<=\n)|(?<=;))[-+*•. ]*(?P<line>(?:lđ|lãnh đạo|đồng chí|đ/c|thường trực|pct|(?:phó )?chủ tịch)"
    r"(?: (?:lãnh đạo|ubnd|hđnd|(?:uỷ|ủy) ban(?: nhân dân)?|xã|phường|đặc khu)){0,4}"
    r" (?:phụ trách|chỉ đạo|theo dõi)(?: (?:chung|trực tiếp|chỉ đạo|phụ trách|lĩnh vực)){0,2} ?:[^\n;]*)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"(?<!\w)(?:chủ trì|phối hợp|đầu mối|thực hiện)(?!\w)", re.IGNORECASE)
_BEFORE_A_LABEL = re.compile(r"[-+*•. ]*(?:\d{1,2}[.)] ?)?")


def bodies_in(text: Printed) -> Clauses:
    return _find(text, list(elements_of(text.small)))


def _find(text: Printed, elements: list[Element]) -> Clauses:
    finder, role_follows = _Finder(text), _role_or_action_follows(elements)
    for place, element in enumerate(elements):
        later = elements[place + 1] if place + 1 < len(elements) else None
        if element.is_gap and later:
            finder.cross(element, later, elements[place + 2 : place + 3], role_follows[place])
        elif element.kind in ("lead", "support"):
            is_alone = (place == 0 or elements[place - 1].is_gap) and (not later or later.is_gap)
            finder.read_role(element, later, is_alone=is_alone)
        elif not element.is_gap:
            finder.read(element)
    finder.finish_name()
    return finder.clauses


def _role_or_action_follows(elements: list[Element]) -> list[bool]:
    """For each element, whether a role or an action follows it before the next gap."""
    follows, so_far = [], False
    for element in reversed(elements):
        follows.append(so_far)
        so_far = (so_far or element.kind in ("lead", "support", "action")) and not element.is_gap
    return follows[::-1]


class _Finder:
    """The state between two elements: within a name from `begin` to `end`, within an action, or before both."""

    def __init__(self, text: Printed) -> None:
        self.text = text
        self.clauses = Clauses()
        self.begin: int | None = None
        self.end = 0
        self.has_a_head = False
        self.in_an_action = False
        self.action_names_a_body = False
        self.in_a_list = False
        self.kind_of_list = ""  # "Phòng" in "Các phòng: Kinh tế, Nội vụ"
        self.begins_as_kind = ""

    def read(self, element: Element) -> None:
        if element.kind.startswith("label"):
            self._read_label(element)
        elif element.kind == "brackets":
            self._read_brackets(element)
        elif element.kind == "action" and self._is_action(element):
            self._read_action(element)
        else:
            self._read_word(element)

    def read_role(self, element: Element, later: Element | None, *, is_alone: bool) -> None:
        self.finish_name()
        role: Role = "lead" if element.kind == "lead" else "support"
        names_next = element.text.endswith(("với", "cùng")) or (later is not None and later.begins_a_body)
        is_label = is_alone and not self.clauses.awaits_a_role and not self.in_an_action
        expects = (names_next and (role == "support" or not self.clauses.awaits_a_role)) or is_label
        if expects:
            self.clauses.expect(role, until_a_label=is_label or (later is not None and later.kind == "colon"))
        elif self.clauses.awaits_a_role:
            self.clauses.assign(role)
        self.in_an_action, self.action_names_a_body = not expects, False

    def cross(self, gap: Element, following: Element, later: list[Element], role_follows: bool) -> None:
        if self.in_an_action:
            self._cross_from_an_action(gap, following, role_follows)
        elif self.begin is not None:
            self._cross_from_a_name(self.begin, gap, following, later[0] if later else None)
        if self.begin is None and not self.in_an_action and gap.kind in ("item", "line", "stop"):
            self.clauses.end_clause(gap)
            self.in_a_list &= gap.kind == "line"

    def finish_name(self) -> None:
        if self.begin is None:
            return
        name = self._with_kind(bare_name(self.text, self.begin, self.end))
        self.begin = None
        names = v.RUN_TOGETHER.split(name) if name else []
        for each in names:
            self.clauses.add(NamedBody(each, is_known=self.has_a_head or self.in_a_list))
        if len(names) > 1:
            self.clauses.doubts.append(f"“{name}” là các cơ quan in liền nhau, đã tách ra")

    def _with_kind(self, name: str) -> str:
        """ "Các phòng Kinh tế, Nội vụ" are "Phòng Kinh tế" and "Phòng Nội vụ"."""
        if several := _SEVERAL_OF_A_KIND.match(printed(name).small):
            self.kind_of_list = several["kind"].capitalize()
            return f"{self.kind_of_list} {name[several.end() :]}"
        if self.kind_of_list and self.begins_as_kind in ("office", "word"):
            return f"{self.kind_of_list} {name}" if name else name
        self.kind_of_list = ""
        return name

    def _cross_from_an_action(self, gap: Element, following: Element, role_follows: bool) -> None:
        if not following.begins_a_body and not following.kind.startswith("label"):
            return
        is_among_words = gap.kind in ("and", "comma", "dash", "colon")
        may_go_on = self.action_names_a_body or following.kind == "kind" or gap.kind == "dash"
        if is_among_words and may_go_on and (not role_follows or _AUTHORITY.match(following.text)):
            return
        self.in_an_action = self.action_names_a_body = False

    def _cross_from_a_name(self, begin: int, gap: Element, following: Element, later: Element | None) -> None:
        if following.kind in ("lead", "support", "action", "brackets"):
            capital = self.text.shown[following.start].isupper()
            if gap.kind in ("item", "line", "stop") and capital and following.kind in ("lead", "support"):
                self.finish_name()
        elif gap.kind == "colon" and self._opens_a_list(begin):
            self.begin, self.in_a_list = None, True
        elif gap.kind == "stop" and following.kind == "word" and gap.text.strip().startswith("."):
            self._leave_sentence(following)
        elif (
            following.kind.startswith("label")
            or Boundary(self.text, (begin, self.end), gap, following, later, self.in_a_list).separates()
        ):
            self.finish_name()

    def _opens_a_list(self, begin: int) -> bool:
        if not self.has_a_head:
            self.clauses.doubts.append(f"không đọc được phần “{self.text.shown[begin : self.end]}”")
            return True
        name = self.text.small[begin : self.end]
        if of_a_kind := _LIST_OF_ONE_KIND.match(name):
            self.kind_of_list = of_a_kind["kind"].capitalize()
            return True
        return bool(v.MANY.match(name)) or name.endswith((" gồm", " sau"))

    def _leave_sentence(self, following: Element) -> None:
        self.finish_name()
        self.in_an_action = True
        sentence = self._from(following.start, until=r"\n")
        self.clauses.doubts.append(f"không đọc được phần “{sentence}”")

    def _is_action(self, element: Element) -> bool:
        return self.in_an_action or self.begin is None or not is_in_a_name(self.text, self.begin, element)

    def _read_action(self, element: Element) -> None:
        is_of_many = self.begin is not None and bool(v.MANY.match(self.text.small, self.begin))
        self.finish_name()
        self.in_an_action, self.action_names_a_body = True, False
        self.clauses.mark_action()
        if is_of_many and element.text.startswith("được"):
            name, only = self.clauses.found[-1].name, self._from(element.start, until=r"[;\n]")
            self.clauses.doubts.append(f"“{name}” chỉ gồm nơi “{only}”")

    def _read_label(self, element: Element) -> None:
        self.finish_name()
        self.kind_of_list = ""
        by_label: dict[str, Role] = {"label-lead": "lead", "label-support": "support"}
        self.clauses.expect(by_label.get(element.kind), until_a_label=True)
        self.in_an_action = self.in_a_list = False

    def _read_brackets(self, element: Element) -> None:
        """Brackets hold a role, a condition, other bodies, or a part of the name."""
        if self.in_an_action:
            return
        if _FOCAL.fullmatch(element.text):
            self.finish_name()
            self.clauses.assign("lead", only_to_the_last=True)
            return
        if role := _BRACKETED_ROLE.fullmatch(element.text):
            self.finish_name()
            self.clauses.assign("lead" if role["lead"] else "support", only_to_the_last=bool(role["lead"]))
            return
        if _FIELD.match(element.text):
            self._read_word(element)
            return
        inside = [each.moved_by(element.start + 1) for each in elements_of(element.text)]
        if any(self._is_a_body(each) for each in inside) and " " in element.text:
            self.finish_name()
            self.clauses.add_from_brackets(_find(self.text, inside))
        elif roles := [each for each in inside if each.kind in ("lead", "support")]:
            self.finish_name()
            self.clauses.assign("lead" if roles[0].kind == "lead" else "support", only_to_the_last=True)
        elif _CONDITION.match(element.text):
            self.finish_name()
        elif opens_with_an_action(self.text, inside):
            self.finish_name()
            self.clauses.mark_action()
        else:
            self._read_word(element)

    def _is_a_body(self, element: Element) -> bool:
        """Whether brackets name a body: "(hộ tịch, chứng thực)" are fields, "(Tư pháp - Hộ tịch)" is an office."""
        return element.begins_a_body and (element.kind != "office" or self.text.shown[element.start].isupper())

    def _read_word(self, element: Element) -> None:
        if self.in_an_action:
            self.action_names_a_body |= element.begins_a_body
            return
        if self.begin is None:
            self.begin, self.has_a_head = element.start, element.begins_a_body
            self.begins_as_kind = element.kind
        self.end = element.end

    def _from(self, start: int, until: str) -> str:
        return re.split(until, self.text.shown[start : start + 160], maxsplit=1)[0].rstrip(" .,")


@lru_cache(maxsize=1024)  # a plan has few bodies in many tasks
def read_bodies(text: str | None, role: BodiesRole) -> Bodies:
    """The bodies that `text` names, each once, in its order; `role` is the one of the column or the key.

    Words of the text override `role`: "Trung tâm … phối hợp" in a column of leaders supports. With "both" (Cơ quan
    thực hiện), a body without a role leads. A text without any known body is one body, with a warning.
    """
    composed, leaders = _without_leaders_in_charge(normalize("NFC", text or ""))
    words = printed(_with_labels_on_lines(composed))
    if not any(letter.isalnum() for letter in words.shown):
        return Bodies()
    if _NOBODY.fullmatch(words.small):
        return Bodies()
    if _ELSEWHERE.fullmatch(words.small):
        return Bodies(warnings=(f"“{words.shown.strip()}” chỉ sang dòng khác, chưa rõ là cơ quan nào",))
    clauses = bodies_in(words)
    unknown = [body.name for body in clauses.found if not body.is_known]
    doubts = [*leaders, *clauses.doubts, *(f"không nhận ra tên cơ quan: {name}" for name in unknown)]
    if any(body.is_known for body in clauses.found):
        return in_their_roles(clauses.found, role, doubts)
    whole = " ".join(words.shown.split())
    given = next((body.role for body in clauses.found if body.role), None)
    return in_their_roles([NamedBody(whole, given)], role, [f"không nhận ra tên cơ quan: {whole}"])


def _without_leaders_in_charge(text: str) -> tuple[str, list[str]]:
    """ "Chủ trì: Phòng Kinh tế\nLĐ phụ trách: Đ/c …, PCT": the leader is named in a doubt and is none of the bodies.

    The bodies behind "Lãnh đạo UBND xã chỉ đạo: Phòng Kinh tế chủ trì" are.
    """
    if not _LABEL.search(text):
        return text, []
    leaders: list[str] = []

    def left_out(found: re.Match[str]) -> str:
        leader, _, who = found["line"].strip().partition(":")
        names_a_body = _ROLE.search(who) or end_of_known_bodies(who.strip()) is not None
        leaders.append(f"không ghi vào cơ quan: “{leader if names_a_body else found['line'].strip()}”")
        return who if names_a_body else ""

    return _IN_CHARGE.sub(left_out, text), leaders


def _with_labels_on_lines(text: str) -> str:
    """ "Chủ trì: Phòng Kinh tế Phối hợp: Công an xã": after a first label each further one begins a line."""
    text = _SHORT_LABEL.sub(lambda found: "Chủ trì:" if found["lead"] else "Phối hợp:", text)
    begins = _BEFORE_A_LABEL.match(text)
    if not _LABEL.match(text, begins.end() if begins else 0):
        return text
    return _LABEL.sub(lambda found: f"\n{found[0]}", text)
