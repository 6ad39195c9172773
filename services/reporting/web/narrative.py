"""The sections of the province's report that people write: in the page, with preview, and with their history."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.reporting.web.commune import SECTIONS, TOO_LONG
from services.reporting.web.periods import asked_report, period_in, query_of, regime_of
from shared.contracts import Answered
from shared.contracts.reporting import Narrative, RecordedSection, ShowNarrative, WriteNarrative
from shared.messaging.following.grants import PROVINCE
from shared.web.days import as_known, known_at
from shared.web.site import ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of

LONGEST = 20_000
SEEN = "so"  # how many texts there were when the form was shown


async def shown(request: Request) -> Response:
    return _page(request, await _asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).model_dump(mode="json"))


async def acted(request: Request) -> Response:
    """Previewed, or recorded: the sections that differ from those that the writer saw."""
    form = await request.form()
    typed = {section: text_of(form, section).replace("\r\n", "\n") for section in SECTIONS}
    answered = await _asked(request)
    if text_of(form, "step") == "preview":
        return _page(request, answered, typed=typed, preview=True, seen=text_of(form, SEEN))
    try:
        command = _command(request, answered.answer, typed, form)
        scope = f"{PROVINCE}{request.path_params['province']}"
        return await submit(request, scope, command, form, request.url.path + query_of(request))
    except Refusals as refused:
        return _page(request, await _asked(request), dict(refused.errors), typed)


def _command(request: Request, narrative: Narrative, typed: Mapping[str, str], form: FormData) -> WriteNarrative:
    """Refusals where somebody else wrote a section meanwhile: no text is overwritten unseen."""
    seen = text_of(form, SEEN)
    number = int(seen) if seen.isdecimal() and len(seen) < 7 else 0
    before, now = texts_of(narrative.written[:number]), texts_of(narrative.written)
    changed = {section: text for section, text in typed.items() if text != before.get(section, "")}
    overtaken = {
        section: f"Người khác vừa sửa phần “{SECTIONS[section]}”; hãy xem nội dung của họ ở lịch sử rồi ghi lại."
        for section in changed
        if now.get(section, "") not in (before.get(section, ""), typed[section])
    }
    if overtaken:
        raise Refusals(overtaken)
    if not changed:
        raise Refusals({"": "Chưa có phần nào được sửa."})
    sections: Any = changed
    try:
        return WriteNarrative(period=request.path_params["period"], regime=regime_of(request), sections=sections)
    except ValidationError:
        raise Refusals({"": TOO_LONG}) from None


def texts_of(written: tuple[RecordedSection, ...]) -> dict[str, str]:
    """The texts that hold, by section."""
    return {each.section: each.text for each in written}


async def _asked(request: Request) -> Answered[Narrative]:
    question = ShowNarrative(
        province=request.path_params["province"],
        known_at=known_at(request),
        **asked_report(request),
    )
    return await ask(request, question)


def _page(
    request: Request,
    answered: Answered[Narrative],
    errors: Mapping[str, str] = {},
    typed: Mapping[str, str] | None = None,
    *,
    preview: bool = False,
    seen: str = "",
) -> Response:
    written = answered.answer.written
    return render(
        request,
        "reporting/narrative.html",
        422 if errors else 200,
        province=request.path_params["province"],
        period=period_in(request.path_params["period"]),
        regime=query_of(request),
        sections=SECTIONS,
        texts=texts_of(written) if typed is None else typed,
        history={section: [each for each in reversed(written) if each.section == section] for section in SECTIONS},
        seen=seen if seen.isdecimal() else str(len(written)),
        longest=LONGEST,
        may_write=visitor_of(request).has_role("provincial-officer") and not known_at(request),
        as_known=as_known(request, answered.answer.changed_on),
        preview=preview,
        behind=is_behind(request, "reporting", answered),
        submission=new_submission(),
        errors=dict(errors),
    )
