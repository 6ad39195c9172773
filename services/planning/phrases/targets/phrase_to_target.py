"""Reads the target of an indicator from the text of a cell, and writes a target in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.planning.phrases.targets.elements import Elements, as_printed, elements_of, printed, without_bold
from services.planning.phrases.targets.grammar import statements_in
from services.planning.phrases.targets.statements import Statement, checked, quoted, remarks_on, scope_in
from services.planning.phrases.targets.vocabulary import Role
from services.planning.plan_file import TargetBounds
from shared.vietnamese import number

_LONGEST = 10_000  # characters; the plan format holds no longer text
_BEFORE_A_BARE_NUMBER = frozenset(
    (
        *(Role.RATE, Role.HEAD, Role.GIVEN, Role.REFERENCE, Role.DURATION, Role.NUMBER, Role.AIM, Role.LINK),
        *(Role.TO, Role.OTHER, Role.OPEN, Role.QUOTE, Role.SLASH, Role.COMMA),
    )
)
_BEHIND_A_BARE_NUMBER = frozenset(
    (
        *(Role.STOP, Role.COMMA, Role.COLON, Role.OPEN, Role.CLOSE, Role.QUOTE, Role.OTHER, Role.AND),
        *(Role.CONCERNING, Role.COMPARED, Role.REFERENCE, Role.PART, Role.FIELD),
    )
)
_CHANGES = {"up": "tăng", "down": "giảm"}
_WORDS = {"at_least": "ít nhất", "above": "trên", "below": "dưới", "at_most": "không quá"}


@dataclass(frozen=True)
class TargetReading:
    """`target_text` is the phrase as printed; `unit` is that of the text or else of the column."""

    target: TargetBounds | None
    target_text: str | None
    unit: str | None
    scope: str | None = None
    warnings: tuple[str, ...] = ()


def read_target(text: str | None, unit: str | None = None) -> TargetReading:
    """Reads the target in a cell. `unit` is the one of the row, as printed. Never raises."""
    shown = without_bold(printed(text or "")).strip()
    column = _usual_unit(unit)
    if not shown:
        return TargetReading(None, None, column, warnings=("Ô chỉ tiêu để trống.",) if text is not None else ())
    if len(shown) > _LONGEST:
        return TargetReading(None, shown, column, warnings=(f"Chỉ tiêu dài quá {_LONGEST} ký tự, không đọc.",))
    elements = elements_of(shown)
    found = statements_in(elements)
    alone = _with_nothing_before(elements)
    counted = tuple(s for s in found if s.unit or _is_the_target(elements, s, column, alone))
    reading = _one_of(shown, elements, tuple(checked(s, column) for s in counted), column)
    if not counted and found:
        numbers = quoted(shown, elements, found)
        return replace(reading, warnings=(f"Không rõ con số trong “{numbers}” có phải là chỉ tiêu không.",))
    return reading


def _usual_unit(unit: str | None) -> str | None:
    """A unit as a plan file writes it; "Tỷ lệ (%)" and "Tỷ lệ" are "%"."""
    shown = as_printed(printed(unit or ""))
    roles = [element.role for element in elements_of(shown)]
    if Role.PERCENT in roles or roles == [Role.RATE]:
        return "%"
    return shown if any(letter.isalnum() for letter in shown) else None


def _is_the_target(elements: Elements, statement: Statement, column: str | None, alone: Sequence[bool]) -> bool:
    """Whether a number without a unit is the target: a word before it opens a level, or nothing else stands there."""
    if statement.opened:
        return True
    number = elements[statement.last - 1]
    if column is None and len(number.text) == 4 and number.value is not None and 1990 <= number.value < 2200:
        return False  # a year
    if statement.last < len(elements) and elements[statement.last].role not in _BEHIND_A_BARE_NUMBER:
        return False
    return alone[statement.first]


def _with_nothing_before(elements: Elements) -> tuple[bool, ...]:
    """For each element, whether its clause has only elements before it that can come before a bare number."""
    alone: list[bool] = []
    so_far = True
    for element in elements:
        alone.append(so_far)
        so_far = element.role in (Role.STOP, Role.COLON) or (so_far and element.role in _BEFORE_A_BARE_NUMBER)
    return tuple(alone)


def _one_of(shown: str, elements: Elements, statements: Sequence[Statement], column: str | None) -> TargetReading:
    levels = [statement for statement in statements if not statement.relative]
    changes = [statement for statement in statements if statement.relative]
    warnings = [warning for change in changes for warning in remarks_on(shown, elements, change)]
    nothing = TargetReading(None, shown, column, scope_in(shown, elements), tuple(warnings))
    if not statements:
        return replace(nothing, warnings=(_without_a_level(elements),))
    if not levels:
        alike = len({(change.target, change.unit) for change in changes}) == 1
        return replace(nothing, target=changes[0].target if alike else None, unit=changes[0].unit or column)
    if len({(level.target, level.unit, level.problem) for level in levels}) > 1:
        several = f"Có {len(levels)} mức trong một chỉ tiêu: “{quoted(shown, elements, levels)}”."
        return replace(nothing, unit=_shared_unit(levels, column), scope=None, warnings=(several, *warnings))
    (level, *_) = levels
    if column and level.unit and level.unit.casefold() != column.casefold():
        warnings.append(f"Chỉ tiêu ghi đơn vị “{level.unit}”, cột đơn vị ghi “{column}”.")
    remarks = remarks_on(shown, elements, level)
    return replace(nothing, target=level.target, unit=level.unit or column, warnings=(*remarks, *warnings))


def _without_a_level(elements: Elements) -> str:
    if any(element.role is Role.NUMBER for element in elements):
        return "Không con số nào trong chỉ tiêu rõ là mức phải đạt."
    return "Chỉ tiêu không nêu con số."


def _shared_unit(levels: Sequence[Statement], column: str | None) -> str | None:
    units = {level.unit for level in levels if level.unit}
    return units.pop() if len(units) == 1 else column


def target_in_words(reading: TargetReading) -> str:
    if reading.target is None:
        return "không có mức cụ thể"
    scope = f" ({reading.scope})" if reading.scope else ""
    return bounds_in_words(reading.target, reading.unit) + scope


def bounds_in_words(target: TargetBounds, unit: str | None) -> str:
    """ "ít nhất 60 %", "ít nhất 25 %, dưới 30 %"."""
    after = f" {unit}" if unit else ""
    change = f"{_CHANGES[target.change]} " if target.change else ""
    return change + ", ".join(f"{_WORDS[key]} {_digits(bound)}{after}" for key, bound in target.given().items())


def _digits(bound: Decimal) -> str:
    exponent = bound.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return number(bound, decimals=max(0, -exponent))
