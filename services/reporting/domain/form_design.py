"""How a statutory form is laid out: its columns, where their counts come from, and the sums that must hold in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.reporting.domain.form import BrokenCheck, FilledForm, FormColumn, FormRow

Counts = Mapping[tuple[str, str], int]
"""By (measure, field): of a flow the sum over the window, of a stock the level at its end."""


@dataclass(frozen=True)
class Source:
    """One way to a column's count: the sum of all its parts, missing as soon as one of them is.

    `measures` are counted in the window, `columns` stand on this form, `opening` are columns as they would have been at
    the end of the day before the window.
    """

    measures: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    opening: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        return len(self.measures) + len(self.columns) + len(self.opening)

    @property
    def derived(self) -> bool:
        """Whether it says nothing but what other columns say already."""
        return not self.measures and not self.opening


@dataclass(frozen=True)
class DesignedColumn:
    """`sources` in the order in which they are tried: the first whose parts are all there gives the count."""

    printed: FormColumn
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Check:
    """Column `left` equals the sum of the columns `right`, or column `previous` as the period before left it."""

    left: int
    right: tuple[int, ...] = ()
    previous: int | None = None

    @property
    def name(self) -> str:
        return f"{self.left}={'+'.join(map(str, self.right)) or f'{self.previous}-previous'}"


@dataclass(frozen=True)
class Form:
    """One version of a form, one row a field. `version` is the day from which it is in force, in ISO form."""

    code: str
    title: str
    source: str
    version: str
    levels: tuple[str, ...]
    lead_columns: tuple[FormColumn, ...]
    columns: tuple[DesignedColumn, ...]
    checks: tuple[Check, ...] = ()

    @cached_property
    def printed(self) -> tuple[FormColumn, ...]:
        return tuple(column.printed for column in self.columns)

    @cached_property
    def measures(self) -> frozenset[str]:
        """All that can stand in it."""
        return frozenset(m for column in self.columns for source in column.sources for m in source.measures)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Where the counts of a column stand in a row, by its number."""
        return {column.number: place for place, column in enumerate(self.printed)}

    def column(self, number: int) -> DesignedColumn:
        return self.columns[self.places[number]]

    def filled(
        self,
        rows: Sequence[FormRow],
        total: FormRow,
        broken: Sequence[BrokenCheck],
        notes: Iterable[str],
        derived: Iterable[int],
    ) -> FilledForm:
        return FilledForm(
            code=self.code,
            title=self.title,
            source=self.source,
            version=self.version,
            lead_columns=self.lead_columns,
            columns=self.printed,
            rows=tuple(rows),
            total=total,
            broken=tuple(broken),
            notes=tuple(notes),
            derived=tuple(derived),
        )


def form_on(forms: Iterable[Form], code: str, day: date) -> Form | None:
    """The version of a form that is in force on a day, a period's last; None where there is none, or not yet."""
    versions = [form for form in forms if form.code == code and form.version <= day.isoformat()]
    return max(versions, key=lambda form: form.version, default=None)
