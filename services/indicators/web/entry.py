"""A week of readings: what is recorded, and cells for what is missing. One form sends the week as one submission."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.indicators.web.locks import HandedIn, handed_in, locked
from services.indicators.web.unusual import ranges_of, recorded_far, to_confirm
from services.indicators.web.week import (
    LastCount,
    Week,
    cell,
    checks_of,
    entered_in,
    last_counts,
    monday_of,
    seen_name,
)
from services.indicators.wording import STATES
from shared.contracts import Answered
from shared.contracts.indicators import (
    COMMUNES_READERS,
    MOST_READINGS,
    Catalogue,
    ListedReadings,
    ListReadings,
    RecordReadings,
    ShowCatalogue,
)
from shared.vietnamese import date_text
from shared.web.communes import choose_commune
from shared.web.counts import NotACount
from shared.web.days import as_known, day_named, day_shown, known_at
from shared.web.site import ask, changed_query, render, today
from shared.web.submitting import Refusals, is_behind, new_submission, submit
from shared.web.visitor import visitor_of

WITHOUT_FIELD = "chung"
LOOKED_BACK = timedelta(days=28)


class Asked(NamedTuple):
    """What a page of entry rests on."""

    catalogue: Catalogue
    answered: Answered[ListedReadings]
    week: Week
    before: dict[str, LastCount]
    handed_in: list[HandedIn]


async def choose(request: Request) -> Response:
    return await choose_commune(request, COMMUNES_READERS, "Số liệu", "/so-lieu")


async def shown(request: Request) -> Response:
    return _page(request, await _asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).answered.model_dump(mode="json"))


async def taken(request: Request) -> Response:
    """Send what was typed. Where something is refused, the week comes back with it and its sentence alone."""
    asked = await _asked(request)
    form = await request.form(max_fields=2000)
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        readings = asked.week.readings(typed)
        if not readings:
            raise Refusals({"": "Chưa có ô nào được điền."})
        back = request.url.path + changed_query(request, {})
        if far := to_confirm(request, form, asked.answered.answer, readings.values()):
            return _page(request, asked, typed=typed, far=far)
        submission = RecordReadings(readings=tuple(readings.values()))
        return await submit(request, request.path_params["commune"], submission, form, back)
    except NotACount as wrong:
        errors = {str(wrong): _not_a_count(str(wrong), typed, asked.catalogue)}
    except Refusals as refused:
        errors = dict(refused.errors)
        if refused.items:  # the other days are recorded
            asked = await _asked(request)
            days = {day.isoformat() for day, reading in readings.items() if reading.reading_id in refused.items}
            typed = {name: value for name, value in typed.items() if name[-10:] in days}
    return _page(request, asked, errors, typed)


def _not_a_count(name: str, typed: Mapping[str, str], catalogue: Catalogue) -> str:
    """In the words of the script of the grid, as the summary is far from the cell."""
    measure, _, day = name.rpartition(".")
    [title] = [each.name for each in catalogue.measures if each.measure == measure]
    text = typed[name].strip()[:40]
    return f"{title}, {date_text(date.fromisoformat(day))}: “{text}” phải là một số nguyên, như 12 hoặc 1.250."


async def _asked(request: Request) -> Asked:
    commune, actor = request.path_params["commune"], visitor_of(request).account
    known = known_at(request)
    day = day_named(request, "tuan") or day_shown(request)
    monday = monday_of(day)
    catalogue = (await ask(request, ShowCatalogue(commune=commune, actor=actor, on=day, known_at=known))).answer
    wanted = request.query_params.get("linh-vuc", "")
    fields = [each.field for each in catalogue.fields]
    field = None if wanted == WITHOUT_FIELD else wanted if wanted in fields else next(iter(fields), None)
    question = ListReadings(
        commune=commune, actor=actor, observed_from=monday, observed_until=monday + timedelta(days=6), field=field,
        known_at=known, most=MOST_READINGS, usual=True,
    )  # fmt: skip
    weeks_before = question.model_copy(
        update={"observed_from": monday - LOOKED_BACK, "observed_until": monday - timedelta(days=1), "usual": False}
    )
    days = [monday + timedelta(days=number) for number in range(7)]
    answered, before, reports = await asyncio.gather(
        ask(request, question), ask(request, weeks_before), handed_in(request, days, known)
    )
    week = Week.of(monday, field, catalogue, answered.answer.readings)
    return Asked(catalogue, answered, week, last_counts(field, catalogue, before.answer.readings), reports)


def _page(
    request: Request,
    asked: Asked,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    far: Sequence[str] = (),
) -> Response:
    """`far`: what the clerk is to see before it is sent."""
    visitor, commune = visitor_of(request), request.path_params["commune"]
    catalogue, answered, week, before, reports = asked
    return render(
        request,
        "indicators/week.html",
        422 if errors else 200,
        commune=commune,
        week=week,
        last=before,
        usual=ranges_of(answered.answer),
        recorded_far=recorded_far(answered.answer),
        far=far,
        locked=locked(answered.answer.closed),
        handed_in=reports,
        entered=entered_in(answered.answer.readings, week),
        checks=checks_of(catalogue, week.measures),
        state_names=STATES,
        names={each.measure: each.name for each in catalogue.measures},
        cell=cell,
        seen_name=seen_name,
        fields=catalogue.fields,
        general=WITHOUT_FIELD,
        may_enter=visitor.has_role("clerk") and not known_at(request),
        refused=[each for each in answered.answer.readings if each.state == "refused"],
        is_cut=answered.answer.total > len(answered.answer.readings),
        known_at=known_at(request),
        as_known=as_known(request, answered.answer.changed_on),
        behind=is_behind(request, "indicators", answered),
        submission=new_submission(),
        before=week.monday - timedelta(days=7),
        after=week.monday + timedelta(days=7),
        today=today(request),
        errors=errors or {},
        typed=typed or {},
        weekdays=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
        title=f"Tuần từ {date_text(week.monday)} đến {date_text(week.days[-1])}",
    )
