"""A day's readings in the layout of a statutory form: a row a field, a column a count, with its sums."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.indicators.web.locks import handed_in, locked
from services.indicators.web.paper_sums import Row, cell, values_of
from services.indicators.web.unusual import ranges_of, recorded_far, to_confirm
from services.indicators.web.week import Week, monday_of
from shared.contracts import Answered
from shared.contracts.indicators import (
    MOST_READINGS,
    Catalogue,
    ListedReadings,
    ListReadings,
    Reading,
    RecordReadings,
    ShowCatalogue,
)
from shared.contracts.reporting import ListFigures, ShownForm
from shared.periods import Period
from shared.web.days import day_named
from shared.web.site import ask, changed_query, render, today
from shared.web.submitting import Refusals, is_behind, new_submission, submit
from shared.web.visitor import visitor_of

NO_FORM = "Kỳ này không có biểu mẫu nào để nhập theo."


class Asked(NamedTuple):
    """What the page rests on: the form's layout, and the readings of the day."""

    day: date
    form: ShownForm
    catalogue: Catalogue
    answered: Answered[ListedReadings]


async def shown(request: Request) -> Response:
    return await _page(request, await _asked(request))


async def taken(request: Request) -> Response:
    """One reading for each field that has something typed. Where something is refused, the form comes back with it."""
    asked = await _asked(request)
    form = await request.form(max_fields=2000)
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    errors: dict[str, str] = {}
    readings = []
    for row in rows_of(asked):
        try:
            values = values_of(asked.form, row, typed)
        except Refusals as wrong:
            errors |= wrong.errors
            continue
        if values:
            reading_id = row.week.reading_id(asked.day, typed.get(seen_name(row.field), ""))
            readings.append(Reading(reading_id=reading_id, observed_on=asked.day, field=row.field, values=values))
    try:
        if errors or not readings:
            raise Refusals(errors or {"": "Chưa có ô nào được điền."})
        if far := to_confirm(request, form, asked.answered.answer, readings):
            return await _page(request, asked, typed=typed, far=far)
        back = request.url.path + changed_query(request, {})
        return await submit(
            request, request.path_params["commune"], RecordReadings(readings=tuple(readings)), form, back
        )
    except Refusals as refused:
        return await _page(request, await _asked(request), dict(refused.errors), typed)


def rows_of(asked: Asked) -> list[Row]:
    readings = asked.answered.answer.readings
    weeks = (
        (each, Week.of(monday_of(asked.day), each.field, asked.catalogue, readings)) for each in asked.catalogue.fields
    )
    return [Row(each.field, each.name, week, dict(_recorded(asked, week))) for each, week in weeks]


def _recorded(asked: Asked, week: Week) -> Iterator[tuple[int, int]]:
    """A column that holds others too, as on paper, is known where all of them are."""
    counts = {
        column.number: week.counts[column.measure, asked.day]
        for column in asked.form.columns
        if column.measure and (column.measure, asked.day) in week.counts
    }
    for column in asked.form.columns:
        if column.number in counts:
            yield column.number, counts[column.number] + sum(counts.get(each, 0) for each in column.besides)


def seen_name(field: str) -> str:
    return f"so.{field}"


async def _asked(request: Request) -> Asked:
    """For those who may send readings of this commune."""
    visitor, commune = visitor_of(request), request.path_params["commune"]
    if not visitor.has_role("clerk"):
        raise HTTPException(403)
    day, actor = day_named(request, "ngay") or today(request), visitor.account
    period = Period.containing(day, "quarter").name
    readings = ListReadings(
        commune=commune, actor=actor, observed_from=day, observed_until=day, most=MOST_READINGS, usual=True
    )
    figures, catalogue, answered = await asyncio.gather(
        ask(request, ListFigures(commune=commune, actor=actor, period=period, forms=True)),
        ask(request, ShowCatalogue(commune=commune, actor=actor, on=day)),
        ask(request, readings),
    )
    if not figures.answer.forms:
        raise HTTPException(404, NO_FORM)
    return Asked(day, figures.answer.forms[0], catalogue.answer, answered)


async def _page(
    request: Request,
    asked: Asked,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    far: Sequence[str] = (),
) -> Response:
    """`far`: what the clerk is to see before it is sent."""
    form = asked.form
    return render(
        request,
        "indicators/paper_entry.html",
        422 if errors else 200,
        commune=request.path_params["commune"],
        day=asked.day,
        form=form,
        groups=[
            (group, len(list(columns))) for group, columns in groupby(form.columns, key=lambda column: column.group)
        ],
        sums=[[each.whole, list(each.parts)] for each in form.sums],
        rows=rows_of(asked),
        cell=cell,
        seen_name=seen_name,
        usual=ranges_of(asked.answered.answer),
        recorded_far=recorded_far(asked.answered.answer),
        far=far,
        locked=locked(asked.answered.answer.closed).get(asked.day, ""),
        is_future=asked.day > today(request),
        handed_in=await handed_in(request, [asked.day]),
        behind=is_behind(request, "indicators", asked.answered),
        submission=new_submission(),
        errors=errors or {},
        typed=typed or {},
    )
