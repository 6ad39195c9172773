"""Reads the statutory forms from forms/*.yaml, and from the folder that MINHBACH_FORMS names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.reporting.domain.content.filled_form import FormColumn
from services.reporting.domain.forms.form import Check, CountSource, DesignedColumn, Form
from shared.contracts import Id, Text
from shared.data_file import Words, read_data_file, versions_in

STANDARD = Path(__file__).parent / "forms"
SETTING = "MINHBACH_FORMS"

Code = Annotated[Text, Field(min_length=1, max_length=40, pattern=r"^[^\s/]+$")]  # a broken check's key is split at "/"
Number = Annotated[int, Field(ge=1, le=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Part):
    measures: tuple[Id, ...] = ()
    columns: tuple[Number, ...] = ()
    opening: tuple[Number, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> "_Source":
        if not (self.measures or self.columns or self.opening):
            raise ValueError("says no measures, columns or opening")
        return self


class _LeadColumn(_Part):
    number: Number
    heading: Words


class _Column(_LeadColumn):
    group: Words | None = None
    sources: Annotated[tuple[_Source, ...], Field(min_length=1, alias="from")]


class _Check(_Part):
    left: Number
    right: tuple[Number, ...] = ()
    previous: Number | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "_Check":
        if bool(self.right) == (self.previous is not None):
            raise ValueError("says either right or previous")
        return self


class _Form(_Part):
    code: Code
    title: Words
    source: Words
    in_force_from: date
    levels: Annotated[tuple[Literal["commune", "province"], ...], Field(min_length=1)]
    # The number and the field, which are printed before the counts.
    lead_columns: Annotated[tuple[_LeadColumn, ...], Field(min_length=2, max_length=2)]
    columns: Annotated[tuple[_Column, ...], Field(min_length=1)]
    checks: tuple[_Check, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "_Form":
        if wrong := next(self._wrong(), None):
            raise ValueError(wrong)
        return self

    def _wrong(self) -> Iterator[str]:
        numbers = [column.number for column in (*self.lead_columns, *self.columns)]
        yield from (f"column {number} stands in it {n} times" for number, n in Counter(numbers).items() if n > 1)
        counted = {column.number for column in self.columns}
        for column in self.columns:
            used = {n for source in column.sources for n in (*source.columns, *source.opening)}
            yield from (
                f"column {column.number} uses column {n}, which holds no counts" for n in sorted(used - counted)
            )
        for check in self.checks:
            sides = {check.left, *check.right, *((check.previous,) if check.previous else ())}
            yield from (f"a check names column {n}, which holds no counts" for n in sorted(sides - counted))
        yield from self._circles()

    def _circles(self) -> Iterator[str]:
        """A circle through `opening` alone would end, at another day; it is refused too, for no form needs it."""
        uses = {c.number: {n for s in c.sources for n in (*s.columns, *s.opening)} for c in self.columns}
        try:
            TopologicalSorter(uses).prepare()
        except CycleError as circle:
            yield f"columns are sums of each other: {', '.join(map(str, circle.args[1]))}"


def read_form(path: Path) -> Form:
    """One version of a form. SettingsError, one sentence, for an invalid file."""
    read = read_data_file(_Form, path, SETTING)
    return Form(
        code=read.code,
        title=read.title,
        source=read.source,
        version=read.in_force_from.isoformat(),
        levels=tuple(read.levels),
        lead_columns=tuple(FormColumn(column.number, column.heading) for column in read.lead_columns),
        columns=tuple(
            DesignedColumn(
                FormColumn(column.number, column.heading, column.group),
                tuple(CountSource(s.measures, s.columns, s.opening) for s in column.sources),
            )
            for column in read.columns
        ),
        checks=tuple(Check(check.left, check.right, check.previous) for check in read.checks),
    )


def forms_in(env: Mapping[str, str]) -> tuple[Form, ...]:
    """Every version of every form; an own file of the same code and day replaces the standard one."""
    return versions_in(STANDARD, env, SETTING, read_form, lambda form: (form.code, form.version))
