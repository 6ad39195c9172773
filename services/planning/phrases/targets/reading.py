"""A whole target phrase: its one level, or null and the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.planning.phrases.targets.grammar import statements_in
from services.planning.phrases.targets.scopes import scope_in
from services.planning.phrases.targets.statement import Statement
from services.planning.phrases.targets.terms import Term, as_printed, printed, terms_of, without_bold
from services.planning.phrases.targets.vocabulary import Role
from services.planning.plan_file import TargetBounds

LONGEST = 10_000  # characters; the plan format holds no longer text
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


@dataclass(frozen=True)
class TargetReading:
    """`target_text` is the phrase as printed; `unit` is "%" when the text or the column says so."""

    target: TargetBounds | None
    target_text: str | None
    unit: str | None
    scope: str | None = None
    warnings: tuple[str, ...] = ()


def read_target(text: str | None, unit: str | None = None) -> TargetReading:
    """What a cell asks for. `unit` is that of its row, as printed. Never raises."""
    shown = without_bold(printed(text or "")).strip()
    column = usual_unit(unit)
    if not shown:
        return TargetReading(None, None, column, warnings=("Ô chỉ tiêu để trống.",) if text is not None else ())
    if len(shown) > LONGEST:
        return TargetReading(None, shown, column, warnings=(f"Chỉ tiêu dài quá {LONGEST} ký tự, không đọc.",))
    terms = terms_of(shown)
    found = statements_in(terms)
    alone = _with_nothing_before(terms)
    counted = tuple(s for s in found if s.unit or _is_the_target(terms, s, column, alone))
    reading = _one_of(shown, terms, tuple(checked(s, column) for s in counted), column)
    if not counted and found:
        said = listed(shown, terms, found)
        return replace(reading, warnings=(f"Không rõ con số trong “{said}” có phải là chỉ tiêu không.",))
    return reading


def usual_unit(unit: str | None) -> str | None:
    """A unit as the format writes it; "Tỷ lệ (%)" and "Tỷ lệ" are "%"."""
    shown = as_printed(printed(unit or ""))
    terms = terms_of(shown)
    if any(term.role is Role.PERCENT for term in terms) or [term.role for term in terms] == [Role.RATE]:
        return "%"
    return shown if any(letter.isalnum() for letter in shown) else None


def checked(statement: Statement, column: str | None) -> Statement:
    """A statement with what only its unit can tell."""
    if statement.target is None or statement.relative or (statement.unit or column) != "%":
        return statement
    if all(0 <= bound <= 100 for bound in statement.target.given().values()):
        return statement
    return replace(statement, target=None, problem="không phải tỷ lệ từ 0 % đến 100 %")


def words_of(shown: str, terms: Sequence[Term], statement: Statement) -> str:
    """The words of a statement as printed."""
    return as_printed(shown[terms[statement.first].start : terms[statement.last - 1].end])


def listed(shown: str, terms: Sequence[Term], statements: Sequence[Statement]) -> str:
    return "”, “".join(words_of(shown, terms, statement) for statement in statements)


def remarks_on(shown: str, terms: Sequence[Term], statement: Statement) -> tuple[str, ...]:
    """What a person should look at, as sentences."""
    words = words_of(shown, terms, statement)
    if statement.relative:
        return (f"“{words}” là mức thay đổi so với một mốc khác, không phải mức phải đạt.",)
    return tuple(f"“{words}”: {remark}." for remark in (statement.problem, statement.remark) if remark)


def _is_the_target(terms: Sequence[Term], statement: Statement, column: str | None, alone: Sequence[bool]) -> bool:
    """Whether a number without a unit is the target: said by a word before it, or by there being nothing else."""
    if statement.opened:
        return True
    number = terms[statement.last - 1]
    if column is None and len(number.text) == 4 and number.value is not None and 1990 <= number.value < 2200:
        return False  # a year
    if statement.last < len(terms) and terms[statement.last].role not in _BEHIND_A_BARE_NUMBER:
        return False
    return alone[statement.first]


def _with_nothing_before(terms: Sequence[Term]) -> tuple[bool, ...]:
    """For each term, whether what stands before it in its clause may stand before a bare number."""
    alone: list[bool] = []
    so_far = True
    for term in terms:
        alone.append(so_far)
        so_far = term.role in (Role.STOP, Role.COLON) or (so_far and term.role in _BEFORE_A_BARE_NUMBER)
    return tuple(alone)


def _one_of(shown: str, terms: Sequence[Term], statements: Sequence[Statement], column: str | None) -> TargetReading:
    levels = [statement for statement in statements if not statement.relative]
    changes = [statement for statement in statements if statement.relative]
    warnings = [warning for change in changes for warning in remarks_on(shown, terms, change)]
    nothing = TargetReading(None, shown, column, scope_in(shown, terms), tuple(warnings))
    if not statements:
        return replace(nothing, warnings=(_without_a_level(terms),))
    if not levels:
        return replace(nothing, unit=changes[0].unit or column)
    if len({(level.target, level.unit, level.problem) for level in levels}) > 1:
        several = f"Có {len(levels)} mức trong một chỉ tiêu: “{listed(shown, terms, levels)}”."
        return replace(nothing, unit=_shared_unit(levels, column), scope=None, warnings=(several, *warnings))
    (level, *_) = levels
    if column and level.unit and level.unit.casefold() != column.casefold():
        warnings.append(f"Chỉ tiêu ghi đơn vị “{level.unit}”, cột đơn vị ghi “{column}”.")
    remarks = remarks_on(shown, terms, level)
    return replace(nothing, target=level.target, unit=level.unit or column, warnings=(*remarks, *warnings))


def _without_a_level(terms: Sequence[Term]) -> str:
    if any(term.role is Role.NUMBER for term in terms):
        return "Không con số nào trong chỉ tiêu rõ là mức phải đạt."
    return "Chỉ tiêu không nêu con số."


def _shared_unit(levels: Sequence[Statement], column: str | None) -> str | None:
    units = {level.unit for level in levels if level.unit}
    return units.pop() if len(units) == 1 else column
