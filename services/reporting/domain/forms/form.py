"""The design of a statutory form: its columns, the sources of their counts, and the sums that must hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.reporting.domain.content.filled_form import BrokenCheck, FilledForm, FormColumn, FormRow

Counts = Mapping[tuple[str, str], int]
"""By (measure, field): the sum over the window for a flow, the level at its end for a stock."""


@dataclass(frozen=True)
class CountSource:
    """One way to compute a column's count: the sum of all its parts; missing when one of them is missing.

    `measures` are counted in the window, `columns` are columns of the same form, `opening` are columns computed at the
    end of the day before the window.
    """

    measures: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    opening: tuple[int, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether the count only adds up other columns of the form."""
        return not self.measures and not self.opening


@dataclass(frozen=True)
class DesignedColumn:
    """A column with its `sources`, tried in order: the first of which no part is missing gives the count."""

    printed: FormColumn
    sources: tuple[CountSource, ...]


@dataclass(frozen=True)
class Check:
    """Column `left` equals the sum of the columns `right`, or column `previous` of the form of the period before."""

    left: int
    right: tuple[int, ...] = ()
    previous: int | None = None

    @property
    def name(self) -> str:
        return f"{self.left}={'+'.join(map(str, self.right)) or f'{self.previous}-previous'}"


@dataclass(frozen=True)
class Form:
    """One version of a form with a row for each field. `version` is the ISO date from which it is in force.

    `source` is the act that prescribes it; `levels` are those that fill it in: commune, province.
    """

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
        """All measures that the form can contain."""
        return frozenset(m for column in self.columns for source in column.sources for m in source.measures)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The index of a column's count in a row, by the column's number."""
        return {column.number: place for place, column in enumerate(self.printed)}

    def column(self, number: int) -> DesignedColumn:
        return self.columns[self.places[number]]

    def measures_of(self, number: int) -> tuple[frozenset[str], frozenset[str]]:
        """All measures that a column's count can come from: in the window, and at the end of the day before it."""
        now, opening = set[str](), set[str]()
        for source in self.column(number).sources:
            now |= set(source.measures)
            for column in source.columns:
                own = self.measures_of(column)
                now |= own[0]
                opening |= own[1]
            opening |= {measure for column in source.opening for measure in self.measures_of(column)[0]}
        return frozenset(now), frozenset(opening)

    @cached_property
    def carried(self) -> frozenset[str]:
        """The measures whose count at the end of the day before the window some column takes over."""
        return frozenset[str]().union(*(self.measures_of(column.number)[1] for column in self.printed))

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
    """The version of a form in force on a day; None for an unknown form, or one that is not in force yet."""
    versions = [form for form in forms if form.code == code and form.version <= day.isoformat()]
    return max(versions, key=lambda form: form.version, default=None)
