"""The province's review board: who has not reported, who is late or below target; one or many approved or reminded."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.reporting.web.commune import TOO_LONG
from services.reporting.web.periods import offered, period_of, query_of, regime_of
from services.reporting.web.unusual import unusual_readings
from services.reporting.wording import OUTDATED, STATES
from shared.contracts import Answered, Submission
from shared.contracts.reporting import (
    ApproveReport,
    ListedReports,
    ListProvinceReports,
    RemindReport,
    ReportRow,
    ReturnReport,
)
from shared.vietnamese import collation_key
from shared.web.days import as_known, day_shown, known_at
from shared.web.site import RECORDED, ask, changed_query, render
from shared.web.spreadsheet import spreadsheet
from shared.web.submitting import (
    NO_STEP,
    OLD_FORM,
    SUBMISSION,
    SUBMISSION_ID,
    UNCONFIRMED,
    Refusals,
    is_behind,
    new_submission,
    record_each,
    text_of,
)
from shared.web.visitor import visitor_of


class BoardRow(NamedTuple):
    """A report, and how many of its readings are far from the usual of the commune; None where nobody counted them."""

    report: ReportRow
    unusual: int | None


class Filter(NamedTuple):
    """`grave`: a number above zero is shown in red."""

    title: str
    holds: Callable[[BoardRow], bool]
    grave: bool = False


def _is_late(row: BoardRow) -> bool:
    return row.report.days_late > 0


NOT_SUBMITTED = ("due", "drafted", "returned")
UNUSUAL = "khac-thuong"
FILTERS: Mapping[str, Filter] = {
    "chua-nop": Filter("chưa nộp", lambda row: row.report.state in ("due", "drafted"), grave=True),
    "im-lang": Filter("chưa gửi số liệu nào", lambda row: row.report.state == "due", grave=True),
    "qua-han": Filter("quá hạn chưa nộp", lambda row: _is_late(row) and row.report.state in NOT_SUBMITTED, grave=True),
    "muon": Filter("nộp muộn", lambda row: _is_late(row) and row.report.state not in NOT_SUBMITTED),
    "cho-duyet": Filter("chờ duyệt", lambda row: row.report.state == "submitted"),
    "tra-lai": Filter("trả lại", lambda row: row.report.state == "returned"),
    "da-duyet": Filter("đã duyệt", lambda row: row.report.state == "approved" and not row.report.outdated),
    "da-doi": Filter(OUTDATED, lambda row: row.report.outdated, grave=True),
    "chua-dat": Filter("dưới chỉ tiêu", lambda row: bool(row.report.missed)),
    UNUSUAL: Filter("có số khác thường", lambda row: bool(row.unusual)),
}
COLUMNS = (
    "Đơn vị", "Tình trạng", "Hạn nộp", "Ngày nộp", "Số ngày muộn", "Người nộp", "Người thẩm định", "Lý do trả lại",
    "Chỉ tiêu chưa đạt", "Số liệu đổi từ khi nộp", "Lần ghi khác xa mức thường có",
)  # fmt: skip
STEPS = {"approve": "đã duyệt", "return": "đã trả lại", "remind": "đã nhắc nộp"}
NOT_SUBMITTED_YET = "Đơn vị chưa nộp báo cáo này."
MOST_AT_ONCE = 500
DONE = "xong"  # how many communes the step before was recorded of, and which step: ?xong=12.approve


class Again(NamedTuple):
    """The form that is sent once more under its id, for the communes of which no receipt came."""

    submission: str
    communes: frozenset[str]


class Board(NamedTuple):
    """`uncounted` communes are being counted; None where unusual readings are not counted at all."""

    answered: Answered[ListedReports]
    rows: list[BoardRow]
    uncounted: int | None


async def shown(request: Request) -> Response:
    return _page(request, await _board(request))


async def as_json(request: Request) -> Response:
    board = await _board(request)
    unusual = {row.report.commune: row.unusual for row in board.rows}
    return JSONResponse(board.answered.model_dump(mode="json") | {"unusual": unusual})


async def as_spreadsheet(request: Request) -> Response:
    """The communes that the filter of the address keeps, in the order of the page."""
    rows = (
        (
            row.name, STATES[row.state], row.due_on, row.submitted_on, row.days_late, row.submitted_by, row.reviewed_by,
            row.reason, row.missed, row.changed, unusual,
        )
        for row, unusual in _kept(request, await _board(request))
    )  # fmt: skip
    name = f"bao-cao-{request.path_params['province']}-{period_of(request, day_shown(request)).name}"
    return spreadsheet(name, COLUMNS, rows)


async def acted(request: Request) -> Response:
    """Each chosen report is approved, returned or reminded of by itself, under one id: each commune's are its own."""
    form = await request.form(max_fields=MOST_AT_ONCE)
    batch, step = text_of(form, SUBMISSION), text_of(form, "step")
    try:
        if not step:
            raise Refusals({"": NO_STEP})
        if not SUBMISSION_ID.fullmatch(batch) or step not in STEPS:
            raise Refusals({"": OLD_FORM})
        chosen, refused = _chosen(request, step, form)
    except Refusals as wrong:
        return _page(request, await _board(request), dict(wrong.errors), form)
    ended = await record_each(request, batch, chosen)
    if refused := refused | ended.refused | dict.fromkeys(ended.unconfirmed, UNCONFIRMED):
        board = await _board(request)
        names = {row.commune: row.name for row in board.answered.answer.reports}
        errors = {f"chon-{each}": f"{names.get(each, each)}: {sentence}" for each, sentence in refused.items()}
        again = Again(batch, frozenset(ended.unconfirmed)) if ended.unconfirmed else None
        return _page(request, board, errors, form, done=(ended.number, step), again=again)
    position = ended.position
    done = {DONE: f"{len(chosen)}.{step}", "chon": ""}
    query = f"{changed_query(request, done)}&{RECORDED}={position}"
    return RedirectResponse(request.url.path + query, 303)


def _chosen(request: Request, step: str, form: FormData) -> tuple[dict[str, Submission], dict[str, str]]:
    """By commune what is sent, and why nothing is. A row's value is the commune and the number of its submission.

    A report that was not submitted when the page was shown is not approved, whatever came since.
    """
    period: Any = {"period": period_of(request, day_shown(request)).name, "regime": regime_of(request)}
    rows = [str(value).partition(" ") for value in form.getlist("bao-cao")]
    if not rows:
        raise Refusals({"": "Hãy chọn ít nhất một đơn vị."})
    if step == "return" and not text_of(form, "reason"):
        raise Refusals({"reason": "Hãy ghi lý do trả lại."})
    unseen = {commune: NOT_SUBMITTED_YET for commune, _, number in rows if step == "approve" and number == "0"}
    try:
        sent = {each: _submission(step, period, number, form) for each, _, number in rows if each not in unseen}
        return sent, unseen
    except ValueError:
        raise Refusals({"": TOO_LONG}) from None


def _submission(step: str, period: Any, number: str, form: FormData) -> Submission:
    if step == "approve":
        return ApproveReport(**period, submission=int(number))
    if step == "return":
        return ReturnReport(**period, reason=text_of(form, "reason"))
    return RemindReport(**period, note=text_of(form, "note"))


async def _board(request: Request) -> Board:
    """Those that are late first."""
    answered = await reports_of(request)
    found = await unusual_readings(request, answered.answer)
    totals = found.totals if found else {}
    reports = sorted(answered.answer.reports, key=lambda row: (-row.days_late, collation_key(row.name)))
    rows = [BoardRow(row, totals.get(row.commune)) for row in reports]
    return Board(answered, rows, sum(row.unusual is None for row in rows) if found else None)


async def reports_of(request: Request) -> Answered[ListedReports]:
    question = ListProvinceReports(
        province=request.path_params["province"],
        period=period_of(request, day_shown(request)).name,
        regime=regime_of(request),
        known_at=known_at(request),
        actor=visitor_of(request).account,
    )
    return await ask(request, question)


def _chosen_filter(request: Request, board: Board) -> str:
    """Its key; "" for none, also where the address names the unusual readings and nobody counts them."""
    key = request.query_params.get("loc", "")
    return key if key in FILTERS and (key != UNUSUAL or board.uncounted is not None) else ""


def _kept(request: Request, board: Board) -> list[BoardRow]:
    """Where unusual readings are wanted, with the communes that are still being counted."""
    chosen = _chosen_filter(request, board)
    waited_for = chosen == UNUSUAL
    return [
        row for row in board.rows if not chosen or FILTERS[chosen].holds(row) or (waited_for and row.unusual is None)
    ]


def _page(
    request: Request,
    board: Board,
    errors: Mapping[str, str] = {},
    form: FormData | None = None,
    *,
    done: tuple[int, str] | None = None,
    again: Again | None = None,
) -> Response:
    rows, chosen, kept = board.rows, _chosen_filter(request, board), _kept(request, board)
    reports = [row.report for row in kept]
    period = period_of(request, day_shown(request))
    number, step = done or _done(request)
    return render(
        request,
        "reporting/review.html",
        503 if again else 422 if errors else 200,
        province=request.path_params["province"],
        period=period,
        periods=offered(day_shown(request), period),
        filters=[
            (key, each, sum(map(each.holds, rows)))
            for key, each in FILTERS.items()
            if key != UNUSUAL or board.uncounted is not None
        ],
        uncounted=board.uncounted,
        chosen=chosen,
        rows=kept,
        total=len(rows),
        due_on=next((row.report.due_on for row in rows if row.report.due_on), None),
        may_review=visitor_of(request).has_role("provincial-officer") and not known_at(request),
        waiting=any(row.state == "submitted" for row in reports),
        owing=any(row.state in NOT_SUBMITTED for row in reports),
        returnable=any(row.state == "submitted" or row.outdated for row in reports),
        reviewable=(*NOT_SUBMITTED, "submitted"),
        ticked=again.communes if again else _ticked(request, reports, form),
        states=STATES,
        outdated=OUTDATED,
        regime=query_of(request),
        known_at=known_at(request),
        as_known=as_known(request, board.answered.answer.changed_on),
        behind=is_behind(request, "reporting", board.answered),
        done=f"{number} đơn vị {STEPS[step]}" if number else "",
        submission=again.submission if again else new_submission(),
        errors=dict(errors),
        typed={name: text_of(form, name) if form else "" for name in ("reason", "note", "step")},
    )


def _ticked(request: Request, rows: list[ReportRow], form: FormData | None) -> set[str]:
    """All with ?chon=tat-ca, and after a refusal those that were chosen."""
    if form is not None:
        return {str(value).partition(" ")[0] for value in form.getlist("bao-cao")}
    return {row.commune for row in rows} if request.query_params.get("chon") == "tat-ca" else set()


def _done(request: Request) -> tuple[int, str]:
    number, _, step = request.query_params.get(DONE, "").partition(".")
    return (int(number), step) if number.isdecimal() and len(number) < 4 and step in STEPS else (0, "approve")
