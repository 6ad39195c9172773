"""A commune's report of a period: its figures against the targets, how it stands, and what may be done with it."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.reporting.web.paper import EXPLANATION, Typed, explanations_in, papers, stated_totals
from services.reporting.web.periods import (
    REGIME,
    asked_report,
    is_other,
    offered,
    period_in,
    period_of,
    query_of,
    regime_of,
    versions_of,
)
from services.reporting.wording import OUTDATED, STATES
from shared.contracts import Answered, Submission
from shared.contracts.indicators import ListedReadings, ListReadings, far_from_usual
from shared.contracts.reporting import (
    COMMUNE_READERS,
    ApproveReport,
    CellRemark,
    FigureRow,
    Figures,
    ListedReports,
    ListFigures,
    ListProvinceReports,
    ListReports,
    ReportRow,
    ReturnReport,
    ShowSubmission,
    SubmitReport,
    SubmittedReport,
)
from shared.messaging.questions.question_client import NotAnswered
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import collation_key
from shared.web.communes import choose_commune, json_ending
from shared.web.days import as_known, day_shown, kept_day, known_at
from shared.web.site import KNOWN_AT, ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, readable, sent_once, submit, text_of, to
from shared.web.visitor import visitor_of

SECTIONS = {
    "assessment": "Đánh giá chung",
    "next-period": "Phương hướng, nhiệm vụ kỳ tới",
    "proposals": "Kiến nghị, đề xuất",
}
MOST_UNUSUAL = 50
REMARK = "o."  # the field of a remark: o. and the item
COUNT = "count"  # the step that adds up what is typed, and records nothing
UNEXPLAINED = "Hãy giải trình hoặc sửa số liệu."
REASON_MISSING = "Hãy ghi lý do trả lại."
TOO_LONG = "Nội dung quá dài hoặc có ký tự điều khiển."


async def choose(request: Request) -> Response:
    """An officer of a province to the review of all communes, everybody else to a commune."""
    for grant in visitor_of(request).grants_of("provincial-officer", "auditor"):
        ending = json_ending(request) + kept_day(request)
        return RedirectResponse(f"/bao-cao/tinh/{grant.scope.province}{ending}", 303)
    return await choose_commune(request, COMMUNE_READERS, "Báo cáo", "/bao-cao")


async def listed(request: Request) -> Response:
    """The reports of a commune, and the periods that may be opened."""
    question = _all_reports(request)
    answered = await ask(request, question)
    day = question.known_at
    return render(
        request,
        "reporting/commune_reports.html",
        commune=question.commune,
        reports=answered.answer.reports,
        province=answered.answer.province,
        periods=offered(day_shown(request), period_of(request, day_shown(request))),
        period_in=period_in,
        states=STATES,
        outdated=OUTDATED,
        default=DEFAULT_REGIME,
        known_at=day,
        as_known=as_known(request, answered.answer.changed_on),
    )


async def list_as_json(request: Request) -> Response:
    return JSONResponse((await ask(request, _all_reports(request))).model_dump(mode="json"))


def _all_reports(request: Request) -> ListReports:
    commune, day = request.path_params["commune"], known_at(request)
    return ListReports(commune=commune, known_at=day, coming=True, actor=visitor_of(request).account)


class Shown(NamedTuple):
    """What the page is made of; `submitted` is None before the first submission. `unusual` are readings that a reviewer
    should look at, None where Indicators does not answer.
    """

    figures: Answered[Figures]
    reports: Answered[ListedReports]
    submitted: SubmittedReport | None
    unusual: ListedReadings | None

    @property
    def report(self) -> ReportRow | None:
        return next(iter(self.reports.answer.reports), None)


async def shown(request: Request) -> Response:
    return await _page(request, await _asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).figures.model_dump(mode="json"))


async def acted(request: Request) -> Response:
    """Submitted by the commune, approved or returned by the province."""
    form = await request.form(max_fields=2000)
    commune = request.path_params["commune"]
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    step = text_of(form, "step")
    try:
        if step in ("submit", COUNT):
            return await _submitted(request, form, typed)
        submission = _review(request, form, step)
        back = request.url.path
        if "next" in form:
            back = await _next_waiting(request) or back
        return await submit(request, commune, submission, form, back + query_of(request))
    except Refusals as refused:
        return await _page(request, await _asked(request), dict(refused.errors), typed)


async def _submitted(request: Request, form: FormData, typed: Typed) -> Response:
    """The report with its totals on paper and its explanations; or the page with the sums of what is typed."""
    found = await _asked(request)
    if text_of(form, "step") == COUNT:
        return await _page(request, found, typed=typed)
    figures = found.figures.answer
    submission = _report(request, form, stated_totals(papers(figures.forms, {}, typed)), explanations_in(typed))
    receipt = readable(await sent_once(request, request.path_params["commune"], submission, form))
    if receipt.refused:
        keys = {broken.key for filled in figures.forms for broken in filled.broken}
        others = " ".join(each.sentence for each in receipt.refused if each.item not in keys)
        unexplained = {
            EXPLANATION + each.item: f"{UNEXPLAINED} {each.sentence}" for each in receipt.refused if each.item in keys
        }
        raise Refusals({"": others} | unexplained if others else unexplained)
    return to(request.url.path + query_of(request), receipt)


async def _next_waiting(request: Request) -> str | None:
    """The page of the next commune in the board's order that waits for approval; the board where none does."""
    own, period = request.path_params["commune"], request.path_params["period"]
    for grant in visitor_of(request).grants_of("provincial-officer"):
        fields: Any = {"province": grant.scope.province, "period": period, "regime": regime_of(request)}
        listed = await ask(request, ListProvinceReports(**fields, actor=visitor_of(request).account))
        rows = sorted(listed.answer.reports, key=lambda row: (-row.days_late, collation_key(row.name)))
        places = [at for at, row in enumerate(rows) if row.commune == own]
        if not places:
            continue
        after = (*rows[places[0] + 1 :], *rows[: places[0]])
        waiting = next((row.commune for row in after if row.state == "submitted"), None)
        return f"/bao-cao/{waiting}/{period}" if waiting else f"/bao-cao/tinh/{grant.scope.province}"
    return None


def _report(request: Request, form: FormData, stated: Mapping[str, int], explanations: Typed) -> SubmitReport:
    fields: dict[str, Any] = {
        "period": request.path_params["period"], "regime": regime_of(request), "by": visitor_of(request).name,
        "explanations": explanations, "stated": stated,
        "narrative": {section: text for section in SECTIONS if (text := text_of(form, section))},
    }  # fmt: skip
    try:
        return SubmitReport(**fields)
    except ValidationError:
        raise Refusals({"": TOO_LONG}) from None


def _review(request: Request, form: FormData, step: str) -> Submission:
    period: Any = {"period": request.path_params["period"], "regime": regime_of(request)}
    try:
        if step == "approve":
            return ApproveReport(**period, submission=int(text_of(form, "submission") or 0))
        if step == "return":
            if not (reason := text_of(form, "reason")):
                raise Refusals({"reason": REASON_MISSING})
            return ReturnReport(**period, reason=reason, cells=_remarks(form))
    except (ValidationError, ValueError):
        raise Refusals({"": TOO_LONG}) from None
    raise Refusals({"": "Việc này không làm được ở đây; hãy tải lại trang."})


def _remarks(form: FormData) -> tuple[CellRemark, ...]:
    named = ((name.removeprefix(REMARK), text_of(form, name)) for name in form if name.startswith(REMARK))
    return tuple(CellRemark(item=item, note=note) for item, note in named if note)


async def _asked(request: Request) -> Shown:
    commune, fields = request.path_params["commune"], asked_report(request)
    figures, reports = await asyncio.gather(
        ask(
            request,
            ListFigures(commune=commune, known_at=known_at(request), forms=True, **fields, **versions_of(request)),
        ),
        ask(request, ListReports(commune=commune, known_at=known_at(request), **fields)),
    )
    is_submitted = any(row.submission for row in reports.answer.reports)
    submitted = await _submission(request) if is_submitted else None
    return Shown(figures, reports, submitted, await _unusual(request, figures.answer))


async def _unusual(request: Request, figures: Figures) -> ListedReadings | None:
    question = ListReadings(
        commune=request.path_params["commune"], actor=visitor_of(request).account, unusual=True,
        observed_from=figures.counted_from, observed_until=figures.counted_until, known_at=known_at(request),
        most=MOST_UNUSUAL,
    )  # fmt: skip
    try:
        return (await ask(request, question)).answer
    except NotAnswered:
        return None


async def _submission(request: Request) -> SubmittedReport:
    commune, day = request.path_params["commune"], known_at(request)
    return (await ask(request, ShowSubmission(commune=commune, known_at=day, **asked_report(request)))).answer


def item_of(row: FigureRow) -> str:
    """The name of a figure in remarks and changes."""
    return f"{row.indicator}: {row.scope}" if row.scope else row.indicator


async def _page(
    request: Request, found: Shown, errors: Mapping[str, str] = {}, typed: Mapping[str, str] = {}
) -> Response:
    visitor, report, figures = visitor_of(request), found.report, found.figures.answer
    state = report.state if report else "due"
    versions = versions_of(request)
    now = not known_at(request) and not is_other(versions)
    items = {item_of(row) for row in figures.figures}
    remarks = {cell.item: cell.note for cell in report.cells} if report else {}
    may_review = now and visitor.has_role("provincial-officer")
    return render(
        request,
        "reporting/commune_report.html",
        422 if errors else 200,
        commune=request.path_params["commune"],
        period=period_in(request.path_params["period"]),
        figures=figures,
        report=report,
        submitted=found.submitted,
        moved={each.item: each for each in found.submitted.moved} if found.submitted else {},
        unusual=found.unusual,
        far_from_usual=far_from_usual,
        remarks=remarks,
        other_remarks={item: note for item, note in remarks.items() if item not in items},
        item_of=item_of,
        papers=papers(figures.forms, figures.stated, typed if typed.get("step") in ("submit", COUNT) else {}),
        explanation=EXPLANATION,
        count=COUNT,
        states=STATES,
        outdated=OUTDATED,
        sections=SECTIONS,
        known_at=known_at(request),
        as_known=as_known(request, figures.changed_on, figures.counted_from, figures.known_at),
        behind=is_behind(request, "reporting", found.reports),
        may_submit=now and visitor.has_role("clerk", "chair") and state in ("due", "drafted", "submitted", "returned"),
        may_approve=may_review and state == "submitted",
        may_return=may_review and state in ("submitted", "approved"),
        reviewer=[grant.scope.province for grant in visitor.grants_of("provincial-officer", "auditor")],
        regime=query_of(request),
        versions=versions,
        other=is_other(versions),
        keep=[(REGIME, request.query_params.get(REGIME)), (KNOWN_AT, request.query_params.get(KNOWN_AT))],
        submission=new_submission(),
        errors=dict(errors),
        typed=typed,
    )
