"""A statutory form as it is filled in: its rows and columns of counts, and the sums in it that do not add up."""

from dataclasses import dataclass
from decimal import Decimal

TOTAL = "total"  # the field of the row of totals
UNDIVIDED = ""  # the field of counts that nobody divided by field


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
    """A sum that does not add up, in words a clerk understands. `explanation` is what the commune said to it.

    `check` is of the form II.06/3=4+5+6; `field` is TOTAL where only the row of totals shows it.
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
        """What an explanation is given to, the same from one submission to the next: II.06/3=4+5+6/land."""
        return f"{self.check}/{self.field}"


@dataclass(frozen=True)
class FilledForm:
    """One form of one commune or of a province. `columns` are those of counts; `lead_columns` come before (no., field).

    `version` is the day from which this version of the form is in force, in ISO form. `derived` are the numbers of the
    columns in which a count is a sum of other columns because nobody measured it.
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


@dataclass(frozen=True)
class ScoredRow:
    """One criterion. `score` is None where it does not apply or nothing is known, and `note` says which of both.

    `maximum` is what it could have been: 0 of a penalty, and of what does not apply where the scorecard lets it shrink.
    """

    code: str
    name: str
    maximum: Decimal
    score: Decimal | None
    rate: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class ScoredGroup:
    name: str
    maximum: Decimal
    score: Decimal
    rows: tuple[ScoredRow, ...]


@dataclass(frozen=True)
class Scored:
    """What a scorecard gives one commune or a province. `band` is the class that the total falls in.

    It is None without bands, and where what is not known yet could still move the total into another one.
    """

    scorecard: str
    version: str
    title: str
    source: str
    groups: tuple[ScoredGroup, ...]
    total: Decimal
    maximum: Decimal
    band: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewWarning:
    """What a reviewer should look at before approving: by which rule, and the sentence."""

    rule: str
    commune: str
    commune_name: str
    sentence: str
