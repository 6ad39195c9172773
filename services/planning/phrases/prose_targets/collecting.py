"""The targets of a text, each with its name, its words and the part that it holds for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.planning.phrases.prose_targets.clauses import Text
from services.planning.phrases.prose_targets.naming import Place, places_of
from services.planning.phrases.prose_targets.titles import Title, title_of
from services.planning.phrases.prose_targets.wordless import with_those_without_a_number
from services.planning.phrases.targets.grammar import statements_in
from services.planning.phrases.targets.reading import checked, remarks_on
from services.planning.phrases.targets.statement import Statement
from services.planning.phrases.targets.vocabulary import Role
from services.planning.plan_file import TargetBounds
from shared.vietnamese import folded

_COMPARING = frozenset(
    (Role.LOWER, Role.ABOVE, Role.BELOW, Role.UPPER, Role.UPWARDS, Role.DOWNWARDS, Role.REACH, Role.CHANGE)
)


@dataclass(frozen=True)
class ProseTarget:
    """`name` is what the target is about, as printed, and empty where the text does not say it."""

    name: str
    unit: str | None
    target: TargetBounds | None
    target_text: str
    scope: str | None = None
    warnings: tuple[str, ...] = ()


def targets_in(prose: str) -> tuple[ProseTarget, ...]:
    """Every target in the order of the text. A change ("tăng 02 bậc") and one without a number have no bounds."""
    text = Text(prose)
    statements = [checked(s, None) for s in statements_in(text.terms) if _is_a_target(text, s)]
    places = places_of(text, with_those_without_a_number(text, statements))
    titles: list[Title] = []
    for place in places:
        titles.append(title_of(text, place, titles[-1] if titles else None))
    return _with_doubts(tuple(_target(text, places, titles, at) for at in range(len(places))))


def _with_doubts(targets: tuple[ProseTarget, ...]) -> tuple[ProseTarget, ...]:
    """Two levels of the same thing, such as one for each year, are for a person to tell apart."""
    levels: dict[tuple[str, str | None], set[TargetBounds]] = {}
    for target in targets:
        if target.name and target.target is not None:
            levels.setdefault((folded(target.name), target.scope), set()).add(target.target)
    return tuple(
        replace(target, warnings=(*target.warnings, "Cùng nội dung này còn ghi mức khác."))
        if target.target is not None and len(levels.get((folded(target.name), target.scope), ())) > 1
        else target
        for target in targets
    )


def _target(text: Text, places: Sequence[Place], titles: Sequence[Title], at: int) -> ProseTarget:
    place, title = places[at], titles[at]
    statement = place.statement
    warnings = [*remarks_on(text.shown, text.terms, statement)]
    outer = at + 1 < len(places) and places[at + 1].within
    if place.within or outer:
        other = places[at - 1 if place.within else at + 1].statement
        warnings.append(f"Cùng câu còn có mức khác: “{text.words(other.first, other.last)}”.")
    if not title.name:
        warnings.append("Không rõ chỉ tiêu này là của nội dung nào.")
    unit = statement.unit or ("%" if title.name.casefold().startswith(("tỷ lệ", "tỉ lệ")) else None)
    return ProseTarget(
        name=title.name,
        unit=unit,
        target=None if statement.relative else statement.target,
        target_text=text.words(statement.first, statement.last),
        scope=title.scope,
        warnings=tuple(warnings),
    )


def _is_a_target(text: Text, statement: Statement) -> bool:
    if statement.unit is None or text.quoted[statement.first]:
        return False
    terms = text.terms[statement.first : statement.last]
    if text.role(statement.first - 1) is Role.WORD and text.terms[statement.first - 1].text == "đã":
        return False  # a result of the past
    if any(term.role is Role.DURATION and term.text != "phút" for term in terms) or statement.unit.split("/")[
        0
    ].endswith("đồng"):
        return False
    if statement.unit != "%" and not statement.relative and not any(term.role in _COMPARING for term in terms):
        return False
    return not text.cited[statement.first] and not text.words(statement.last, statement.last + 2).startswith("vốn nước")
