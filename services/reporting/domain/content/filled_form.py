"""A filled statutory form: rows and columns of counts, and the sums in it that do not add up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

TOTAL = "total"  # the field of the row of totals
UNDIVIDED = ""  # the field of counts that are not divided by field


@dataclass(frozen=True)
class FormColumn:
    """`number` is printed under the heading; `group` is the heading over several columns, None where there is none."""

    number: int
    heading: str
    group: str | None = None


@dataclass(frozen=True)
class FormRow:
    """`field` is the field's id; `counts` are in the order of the form's columns of counts, None where missing."""

    field: str
    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class BrokenCheck:
    """A sum that does not add up, with a Vietnamese sentence for clerks and the commune's explanation, if any.

    `check` looks like II.06/3=4+5+6; `left` and `right` are the two amounts. `field` is TOTAL where only the row of
    totals shows the difference.
    """

    check: str
    field: str
    field_name: str
    left: int
    right: int
    sentence: str
    explanation: str | None = None

    @property
    def key(self) -> str:
        """The key of an explanation, the same from one submission to the next: II.06/3=4+5+6/land."""
        return f"{self.check}/{self.field}"

    def with_explanation(self, explanations: Mapping[str, str]) -> "BrokenCheck":
        """With the explanation given for its key, or for its check in all fields."""
        return replace(self, explanation=explanations.get(self.key) or explanations.get(self.check))


@dataclass(frozen=True)
class FilledForm:
    """One form of one commune or of a province. `columns` are those of counts; `lead_columns` come first (no., field).

    `source` is the act that prescribes the form. `version` is the ISO date from which it is in force. `derived` are the
    numbers of columns in which some count was added up from other columns because it has no measure of its own.
    """

    code: str
    title: str
    source: str
    version: str
    lead_columns: tuple[FormColumn, ...]
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    total: FormRow
    broken: tuple[BrokenCheck, ...] = ()
    notes: tuple[str, ...] = ()
    derived: tuple[int, ...] = ()

    @property
    def unexplained(self) -> tuple[BrokenCheck, ...]:
        """The broken checks that a commune must explain or correct before it can submit the form."""
        return tuple(check for check in self.broken if not (check.explanation or "").strip())
