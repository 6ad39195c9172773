"""The walk over the tokens of a text, which finds each body and hears what the text says that it does."""

import re

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.bodies.boundaries import Boundary
from services.planning.phrases.bodies.clause import Clause
from services.planning.phrases.bodies.deeds import is_in_a_name, opens_with_a_deed
from services.planning.phrases.bodies.printed import Printed
from services.planning.phrases.bodies.roles import Named, Said
from services.planning.phrases.bodies.tidying import bare_name
from services.planning.phrases.bodies.tokens import Token, tokens

_CONDITION = re.compile(r"nếu |khi |theo |kèm|bản ")
_FOCAL = re.compile(r"(?:(?:là )?(?:cơ quan|đơn vị|bộ phận) )?(?:làm )?(?:đầu mối|thường trực)")
_AUTHORITY = re.compile(r"(?:ubnd|hđnd|uỷ ban|hội đồng|đảng uỷ|chủ tịch|thường trực|lãnh đạo|cấp)(?!\w)")  # reported to


def bodies_of(text: Printed) -> Clause:
    return _through(text, list(tokens(text.small)))


def _through(text: Printed, row: list[Token]) -> Clause:
    walk, told = _Walk(text), _what_is_told_before_the_next_gap(row)
    for place, token in enumerate(row):
        later = row[place + 1] if place + 1 < len(row) else None
        if token.is_gap and later:
            walk.cross(token, later, row[place + 2] if place + 2 < len(row) else None, told[place])
        elif token.kind in ("lead", "support"):
            walk.hear_role(token, later, is_alone=(place == 0 or row[place - 1].is_gap) and (not later or later.is_gap))
        elif not token.is_gap:
            walk.read(token)
    walk.finish_name()
    return walk.clause


class _Walk:
    """Where the walk is: within a name from `begin` to `end`, within a deed, or before both."""

    def __init__(self, text: Printed) -> None:
        self.text = text
        self.clause = Clause()
        self.begin: int | None = None
        self.end = 0
        self.has_a_head = False
        self.in_a_deed = False
        self.deed_names_a_body = False
        self.in_a_list = False

    def read(self, token: Token) -> None:
        if token.kind.startswith("label"):
            self._follow_label(token)
        elif token.kind == "aside":
            self._look_aside(token)
        elif token.kind == "deed" and self._is_deed(token):
            self._hear_deed(token)
        else:
            self._read_on(token)

    def _read_on(self, token: Token) -> None:
        if self.in_a_deed:
            self.deed_names_a_body |= token.begins_a_body
            return
        if self.begin is None:
            self.begin, self.has_a_head = token.start, token.begins_a_body
        self.end = token.end

    def cross(self, gap: Token, following: Token, later: Token | None, is_told: bool) -> None:
        if self.in_a_deed:
            self._cross_from_a_deed(gap, following, is_told)
        elif self.begin is not None:
            self._cross_from_a_name(self.begin, gap, following, later)
        if self.begin is None and not self.in_a_deed and gap.kind in ("item", "line", "stop"):
            self.clause.end(gap)
            self.in_a_list &= gap.kind == "line"

    def _cross_from_a_deed(self, gap: Token, following: Token, is_told: bool) -> None:
        if not following.begins_a_body and not following.kind.startswith("label"):
            return
        is_among_words = gap.kind in ("and", "comma", "dash", "colon")
        may_go_on = self.deed_names_a_body or following.kind == "kind" or gap.kind == "dash"
        if is_among_words and may_go_on and (not is_told or _AUTHORITY.match(following.text)):
            return
        self.in_a_deed = self.deed_names_a_body = False

    def _cross_from_a_name(self, begin: int, gap: Token, following: Token, later: Token | None) -> None:
        if following.kind in ("lead", "support", "deed", "aside"):
            capital = self.text.shown[following.start].isupper()
            if gap.kind in ("item", "line", "stop") and capital and following.kind in ("lead", "support"):
                self.finish_name()
        elif gap.kind == "colon" and self._opens_a_list(begin):
            self.begin, self.in_a_list = None, True
        elif gap.kind == "stop" and following.kind == "word" and gap.text.strip().startswith("."):
            self._leave_sentence(following)
        elif (
            following.kind.startswith("label")
            or Boundary(self.text, (begin, self.end), gap, following, later, self.in_a_list).parts()
        ):
            self.finish_name()

    def _opens_a_list(self, begin: int) -> bool:
        if not self.has_a_head:
            self.clause.doubts.append(f"không đọc được phần “{self.text.shown[begin : self.end]}”")
            return True
        name = self.text.small[begin : self.end]
        return bool(v.MANY.match(name)) or name.endswith((" gồm", " sau"))

    def _leave_sentence(self, following: Token) -> None:
        self.finish_name()
        self.in_a_deed = True
        sentence = self._from(following.start, until=r"\n")
        self.clause.doubts.append(f"không đọc được phần “{sentence}”")

    def _is_deed(self, token: Token) -> bool:
        return self.in_a_deed or self.begin is None or not is_in_a_name(self.text, self.begin, token)

    def _hear_deed(self, token: Token) -> None:
        is_of_many = self.begin is not None and bool(v.MANY.match(self.text.small, self.begin))
        self.finish_name()
        self.in_a_deed, self.deed_names_a_body = True, False
        self.clause.does()
        if is_of_many and token.text.startswith("được"):
            name, only = self.clause.found[-1].name, self._from(token.start, until=r"[;\n]")
            self.clause.doubts.append(f"“{name}” chỉ gồm nơi “{only}”")

    def _from(self, start: int, until: str) -> str:
        return re.split(until, self.text.shown[start : start + 160], maxsplit=1)[0].rstrip(" .,")

    def hear_role(self, token: Token, later: Token | None, is_alone: bool) -> None:
        self.finish_name()
        said: Said = "lead" if token.kind == "lead" else "support"
        names_next = token.text.endswith(("với", "cùng")) or (later is not None and later.begins_a_body)
        is_label = is_alone and not self.clause.awaits_a_role and not self.in_a_deed
        expects = (names_next and (said == "support" or not self.clause.awaits_a_role)) or is_label
        if expects:
            self.clause.expect(said, until_a_label=is_label or (later is not None and later.kind == "colon"))
        elif self.clause.awaits_a_role:
            self.clause.say(said)
        self.in_a_deed, self.deed_names_a_body = not expects, False

    def _follow_label(self, token: Token) -> None:
        self.finish_name()
        by_label: dict[str, Said] = {"label-lead": "lead", "label-support": "support"}
        self.clause.expect(by_label.get(token.kind), until_a_label=True)
        self.in_a_deed = self.in_a_list = False

    def _look_aside(self, token: Token) -> None:
        """What stands in brackets is a role, a condition, other bodies, or a part of the name."""
        if self.in_a_deed:
            return
        if _FOCAL.fullmatch(token.text):
            self.finish_name()
            self.clause.say("lead", of_the_last=True)
            return
        row = [Token(t.kind, t.start + token.start + 1, t.end + token.start + 1, t.text) for t in tokens(token.text)]
        if any(t.begins_a_body for t in row) and " " in token.text:
            self.finish_name()
            self.clause.add_aside(_through(self.text, row))
        elif roles := [t for t in row if t.kind in ("lead", "support")]:
            self.finish_name()
            self.clause.say("lead" if roles[0].kind == "lead" else "support", of_the_last=True)
        elif _CONDITION.match(token.text):
            self.finish_name()
        elif opens_with_a_deed(self.text, row):
            self.finish_name()
            self.clause.does()
        else:
            self._read_on(token)

    def finish_name(self) -> None:
        if self.begin is None:
            return
        name = bare_name(self.text, self.begin, self.end)
        self.begin = None
        if name:
            self.clause.name(Named(name, is_known=self.has_a_head or self.in_a_list))


def _what_is_told_before_the_next_gap(row: list[Token]) -> list[bool]:
    """For each token, whether a role or a deed follows it in the same piece of the text."""
    is_told, told = False, []
    for token in reversed(row):
        told.append(is_told)
        is_told = (is_told or token.kind in ("lead", "support", "deed")) and not token.is_gap
    return told[::-1]
