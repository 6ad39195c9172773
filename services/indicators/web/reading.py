"""One reading in all its versions; a clerk corrects or withdraws it with a reason, or mends one that was refused."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.indicators.web.unusual import to_confirm
from services.indicators.wording import STATES
from shared.clock import day_of
from shared.contracts import Answered
from shared.contracts.indicators import (
    MOST_READINGS,
    Catalogue,
    Correction,
    CorrectReadings,
    ListedReadings,
    ListReadings,
    Reading,
    ReadingHistory,
    ReadingVersion,
    RecordReadings,
    ShowCatalogue,
    ShowReading,
    Withdrawal,
    WithdrawReadings,
)
from shared.web.counts import NOT_A_COUNT, NotACount, count_of
from shared.web.days import as_known, day_in, known_at
from shared.web.site import ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of

REASON_MISSING, RESEND = "Hãy ghi lý do.", "resend"
Change = CorrectReadings | WithdrawReadings | RecordReadings


async def of_day(request: Request) -> Response:
    """The readings of one day, of one field where the address names it."""
    answered, names = await _listed(request), _names(await _catalogue(request))
    return render(
        request,
        "indicators/day.html",
        commune=request.path_params["commune"],
        day=day_in(request.path_params["day"]),
        listed=answered.answer,
        as_known=as_known(request, answered.answer.changed_on),
        names=names,
        in_order=partial(_in_order, names),
        states=STATES,
        known_at=known_at(request),
    )


async def of_day_as_json(request: Request) -> Response:
    return JSONResponse((await _listed(request)).model_dump(mode="json"))


async def _listed(request: Request) -> Answered[ListedReadings]:
    day = day_in(request.path_params["day"])
    if day is None:
        raise HTTPException(404)
    question = ListReadings(
        commune=request.path_params["commune"], actor=visitor_of(request).account, observed_from=day,
        observed_until=day, field=request.query_params.get("linh-vuc") or None, known_at=known_at(request),
        most=MOST_READINGS,
    )  # fmt: skip
    return await ask(request, question)


async def shown(request: Request) -> Response:
    return await _page(request, await _asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).model_dump(mode="json"))


async def changed(request: Request) -> Response:
    """A correction or a withdrawal, as the form asks."""
    answered = await _asked(request)
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        last = _last(answered.answer)
        change = _change(last, text_of(form, "step"), {name: text.strip() for name, text in typed.items()})
        if not isinstance(change, WithdrawReadings) and (far := await _far(request, form, last, change)):
            return await _page(request, answered, typed=typed, far=far)
        return await submit(request, request.path_params["commune"], change, form, request.url.path)
    except NotACount as wrong:
        errors = {str(wrong): NOT_A_COUNT}
    except Refusals as refused:
        errors = dict(refused.errors)
    return await _page(request, answered, errors, typed)


def _change(last: ReadingVersion, step: str, typed: dict[str, str]) -> Change:
    if step == RESEND:
        return RecordReadings(readings=(_right(last, typed),))
    if not (reason := typed.get(f"{step}-reason", "")):
        raise Refusals({f"{step}-reason": REASON_MISSING})
    if step == "withdraw":
        return WithdrawReadings(withdrawals=(Withdrawal(reading_id=last.reading_id, reason=reason),))
    values = {measure: count_of(typed.get(measure, ""), measure) for measure in last.values}
    right = {measure: count for measure, count in values.items() if count != last.values[measure]}
    if not right:
        raise Refusals({next(iter(values)): "Chưa có con số nào khác với số đã ghi."})
    return CorrectReadings(corrections=(Correction(reading_id=last.reading_id, values=right, reason=reason),))


def _right(last: ReadingVersion, typed: dict[str, str]) -> Reading:
    """What is sent once more under the id of a reading that was refused; a measure that is left empty is not in it."""
    assert last.observed_on
    values = {measure: count_of(text, measure) for measure in last.values if (text := typed.get(measure, ""))}
    if not values:
        raise Refusals({next(iter(last.values)): "Hãy ghi ít nhất một con số."})
    return Reading(reading_id=last.reading_id, observed_on=last.observed_on, field=last.field, values=values)


async def _far(
    request: Request, form: FormData, last: ReadingVersion, change: CorrectReadings | RecordReadings
) -> list[str]:
    """The right counts that are far from the usual of the commune, and were not shown to the clerk as such."""
    assert last.observed_on
    question = ListReadings(
        commune=request.path_params["commune"], actor=visitor_of(request).account, observed_from=last.observed_on,
        observed_until=last.observed_on, field=last.field, most=1, usual=True,
    )  # fmt: skip
    right = (
        change.readings
        if isinstance(change, RecordReadings)
        else (
            Reading(reading_id=each.reading_id, observed_on=last.observed_on, field=last.field, values=each.values)
            for each in change.corrections
        )
    )
    return to_confirm(request, form, (await ask(request, question)).answer, right)


async def _asked(request: Request, *, ever: bool = False) -> Answered[ReadingHistory]:
    """As known at the day in the address; `ever`: as known now."""
    question = ShowReading(
        commune=request.path_params["commune"],
        actor=visitor_of(request).account,
        reading_id=request.path_params["reading"],
        known_at=None if ever else known_at(request),
    )
    return await ask(request, question)


async def _changed_on(request: Request, answered: Answered[ReadingHistory]) -> list[date]:
    """The days of all versions, also of those after the day of knowledge."""
    ever = await _asked(request, ever=True) if known_at(request) else answered
    return sorted({day_of(each.recorded_at) for each in ever.answer.versions})


async def _catalogue(request: Request) -> Catalogue:
    return (
        await ask(request, ShowCatalogue(commune=request.path_params["commune"], actor=visitor_of(request).account))
    ).answer


def _names(catalogue: Catalogue) -> dict[str, str]:
    return {each.measure: each.name for each in catalogue.measures} | {
        each.field: each.name for each in catalogue.fields
    }


def _in_order(names: Mapping[str, str], values: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts by measure as the catalogue has them, whose order `names` has."""
    order = {measure: place for place, measure in enumerate(names)}
    return sorted(values.items(), key=lambda each: order.get(each[0], len(order)))


def _last(history: ReadingHistory) -> ReadingVersion:
    """The version that counts now or was withdrawn; a refused one where nothing was ever recorded."""
    recorded = [version for version in history.versions if version.state != "refused"]
    return (recorded or list(history.versions))[-1]


async def _page(
    request: Request,
    answered: Answered[ReadingHistory],
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    far: Sequence[str] = (),
) -> Response:
    """`far`: what the clerk is to see before it is sent."""
    last = _last(answered.answer)
    may_act = visitor_of(request).has_role("clerk") and not known_at(request)
    counts, names = last.state in ("recorded", "corrected"), _names(await _catalogue(request))
    return render(
        request,
        "indicators/reading.html",
        422 if errors else 200,
        commune=request.path_params["commune"],
        last=last,
        versions=list(reversed(answered.answer.versions)),
        names=names,
        in_order=partial(_in_order, names),
        states=STATES,
        as_known=as_known(request, await _changed_on(request, answered)),
        may_change=counts and may_act,
        may_resend=last.state == "refused" and bool(last.observed_on and last.values) and may_act,
        known_at=known_at(request),
        behind=is_behind(request, "indicators", answered),
        submission=new_submission(),
        errors=errors or {},
        typed=typed or {},
        far=far,
    )
