"""Reads every target of a running text, each with its title, its words and the part that it holds for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from services.planning.phrases.targets.grammar import statements_in
from services.planning.phrases.targets.prose_subjects import Subject, Text, counts_a_noun, subjects_of
from services.planning.phrases.targets.statements import Statement, checked, field_until, remarks_on
from services.planning.phrases.targets.vocabulary import Role
from services.planning.plan_file import TargetBounds
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
_NEAR = 7  # elements
_PAST = r"(?:năm (?:(?P<year>20\d\d)|trước|ngoái)(?!\d)|cùng kỳ)"
_YEAR_BEFORE = re.compile(rf"(?<!so với )(?<!hơn ){_PAST}[^,;()]{{0,20}}$")
_YEAR_IN_FRONT = re.compile(rf"(?:trong |kết quả )?{_PAST}(?!.*năm 20)")
_YEAR_BESIDE = re.compile(rf"{_PAST} ?\($")
_YEAR_BEHIND = re.compile(
    rf"\(?(?:(?:là )?(?:kết quả|thực hiện|của|trong) )?{_PAST}(?! ?(?::|đạt|là|mới|chỉ|\d|chiếm|được|\())"
)
_IN_TURN = re.compile(r"\s*,?\s*(?:(?:phấn đấu|đạt|là)\s+)*lần lượt(?:\s+(?:đạt|là|từ))*\s*$", re.IGNORECASE)
_LISTED = re.compile(r",\s*(?:và\s+)?|;\s*|\s+và\s+")
_NO_NUMBER = "chỉ tiêu không nêu con số"
_MEETING = frozenset((Role.REACH, Role.ABOVE, Role.LOWER))
_LONGEST = 60  # elements; a longer clause is no target
_ENDS = frozenset((Role.PART, Role.COLON, Role.QUOTE))
_MISHAPS = frozenset(("quá hạn", "trễ", "chậm", "tồn", "bị"))
_FORBIDDING = frozenset(("không có", "không để"))
_COMPARING = frozenset(
    (Role.LOWER, Role.ABOVE, Role.BELOW, Role.UPPER, Role.UPWARDS, Role.DOWNWARDS, Role.REACH, Role.CHANGE)
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


@dataclass(frozen=True)
class ProseTarget:
    """`name` is the subject as printed, empty where the text has none."""

    name: str
    unit: str | None
    target: TargetBounds | None
    target_text: str
    scope: str | None = None
    warnings: tuple[str, ...] = ()


def targets_in(prose: str, year: int | None = None) -> tuple[ProseTarget, ...]:
    """Every target in the order of the text. A target without a number has no bounds.

    `year` is that of the plan: a level of a year before it is no target beside one ("đạt 80% (năm 2025: 62%)").
    """
    text = Text(prose)
    statements = [checked(s, None) for s in statements_in(text.elements) if _is_a_target(text, s)]
    subjects = subjects_of(text, _with_numberless(text, statements))
    titles: list[Title] = []
    for subject in subjects:
        titles.append(title_of(text, subject, titles[-1] if titles else None))
    found = [_target(text, subjects, titles, at) for at in range(len(subjects))]
    if year is not None:
        found = _without_results(found, [_year_of(text, subject.statement) for subject in subjects], year)
    return _with_doubts(tuple(_in_turn(found)))


def _in_turn(found: Sequence[ProseTarget]) -> Iterator[ProseTarget]:
    """ "Hồ sơ trực tuyến, thanh toán trực tuyến đạt lần lượt 80% và 60%": each level belongs to one of the names."""
    for name, group in groupby(found, key=lambda target: target.name):
        targets, listed = list(group), _IN_TURN.search(name)
        names = _LISTED.split(name[: listed.start()]) if listed else []
        if listed and len(names) == len(targets):
            note = "Các mức được ghi “lần lượt”, đã chia theo thứ tự các nội dung; cần người xem lại."
            yield from (
                replace(target, name=own.strip(), warnings=(*target.warnings, note))
                for target, own in zip(targets, names, strict=True)
            )
        else:
            yield from targets


def _year_of(text: Text, statement: Statement) -> int | None:
    """The year that a level is of: "năm 2025: 62%", "62% (năm 2025)"; 0 for "cùng kỳ"."""
    first, last = statement.first, statement.last
    before = folded(text.words(max(0, first - _NEAR), first))
    clause = folded(text.words(text.clause_before(first, max(0, first - _LONGEST)), first))
    found = (
        _YEAR_BEHIND.match(folded(text.words(last, last + _NEAR)))
        or _YEAR_BEFORE.search(before)
        or _YEAR_BESIDE.search(before)
        or _YEAR_IN_FRONT.match(clause)
    )
    return int(found["year"] or 0) if found else None


def _without_results(found: list[ProseTarget], years: Sequence[int | None], plan_year: int) -> list[ProseTarget]:
    """Leaves out the levels of years before the plan's beside one of the plan, with a warning there."""
    is_past = [year is not None and year < plan_year for year in years]
    kept: list[ProseTarget] = []
    notes: list[str] = []
    name = ""
    for target, year, past in zip(found, years, is_past, strict=True):
        if past and not all(is_past):
            notes.append(f"“{target.target_text}” là mức của {f'năm {year}' if year else 'kỳ trước'}, không lấy.")
            name = target.name or name
        else:
            kept.append(replace(target, name=target.name or name))
        if kept:
            kept[-1] = replace(kept[-1], warnings=(*kept[-1].warnings, *notes))
            notes = []
    note = "Mức này có thể là kết quả của kỳ trước; cần người xem lại."
    return [replace(one, warnings=(*one.warnings, note)) for one in kept] if all(is_past) else kept


def _is_a_target(text: Text, statement: Statement) -> bool:
    if statement.unit is None or text.quoted[statement.first]:
        return False
    elements = text.elements[statement.first : statement.last]
    if text.role(statement.first - 1) is Role.WORD and text.elements[statement.first - 1].text == "đã":
        return False  # a result of the past
    if any(element.role is Role.DURATION and element.text != "phút" for element in elements):
        return False
    if statement.unit.split("/")[0].endswith("đồng"):
        return False
    if statement.unit != "%" and not statement.relative and not any(element.role in _COMPARING for element in elements):
        return False
    return not text.cited[statement.first] and not text.words(statement.last, statement.last + 2).startswith("vốn nước")


def _target(text: Text, subjects: Sequence[Subject], titles: Sequence[Title], at: int) -> ProseTarget:
    subject, title = subjects[at], titles[at]
    statement = subject.statement
    warnings = [*remarks_on(text.shown, text.elements, statement)]
    outer = at + 1 < len(subjects) and subjects[at + 1].within
    if subject.within or outer:
        other = subjects[at - 1 if subject.within else at + 1].statement
        warnings.append(f"Cùng câu còn có mức khác: “{text.words(other.first, other.last)}”.")
    if not title.name:
        warnings.append("Không rõ chỉ tiêu này là của nội dung nào.")
    unit = statement.unit or ("%" if title.name.casefold().startswith(("tỷ lệ", "tỉ lệ")) else None)
    return ProseTarget(
        name=title.name,
        unit=unit,
        target=statement.target,
        target_text=text.words(statement.first, statement.last),
        scope=title.scope,
        warnings=tuple(warnings),
    )


def _with_doubts(targets: tuple[ProseTarget, ...]) -> tuple[ProseTarget, ...]:
    """Warns of two levels for the same subject, such as one for each year."""
    levels: dict[tuple[str, str | None], set[TargetBounds]] = {}
    for target in targets:
        if target.name and target.target is not None and target.target.change is None:
            levels.setdefault((folded(target.name), target.scope), set()).add(target.target)
    return tuple(
        replace(target, warnings=(*target.warnings, "Cùng nội dung này còn ghi mức khác."))
        if target.target is not None and len(levels.get((folded(target.name), target.scope), ())) > 1
        else target
        for target in targets
    )


def _with_numberless(text: Text, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Adds targets without a number ("đạt chỉ tiêu", "không để …") that do not reach into one with a number."""
    found = list(statements)
    limits = [*(statement.first for statement in statements), len(text.elements)]
    since, upcoming = 0, 0
    while since < len(text.elements):
        while limits[upcoming] < since:
            upcoming += 1
        last = _until(text, since, limits[upcoming])
        if last > since:
            forbidding = text.elements[since].text in _FORBIDDING
            found.append(Statement(None, None, since, last, _NO_NUMBER, reached=True, forbidding=forbidding))
        since = max(last, since + 1)
    return tuple(sorted(found, key=lambda statement: statement.first))


def _until(text: Text, at: int, limit: int) -> int:
    """Where the target without a number ends that begins at an element, or the element itself if none begins there."""
    last = at
    if text.quoted[at]:
        return at
    if text.role(at) in _MEETING and text.role(at + 1) is Role.GIVEN and "chỉ tiêu" in text.elements[at + 1].text:
        last = _clause_end(text, at, at + 1, _ENDS | {Role.COMMA})
    elif text.elements[at].text in _FORBIDDING:
        last = _behind_the_mishap(text, at)
    return last if last <= limit else at


def _behind_the_mishap(text: Text, at: int) -> int:
    """ "không có cán bộ, công chức … bị kỷ luật": commas before the mishap belong to the name."""
    end = _clause_end(text, at, at + 1, _ENDS | {Role.OUTCOME})
    for mishap in range(at + 2, end):
        if text.elements[mishap].text in _MISHAPS:
            return text.clause_behind(mishap, end, frozenset((Role.COMMA,)))
    return at


def _clause_end(text: Text, at: int, first: int, ends: frozenset[Role]) -> int:
    last = text.clause_behind(first, min(at + _LONGEST, len(text.elements)), ends)
    return at if last == at + _LONGEST else last
