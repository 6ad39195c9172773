"""The editions that a province published: their list, each with its figures, publishing, and restating."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.reporting.web.commune import TOO_LONG
from services.reporting.web.links import figure_link
from services.reporting.web.periods import asked_report, offered, period_in, period_of, query_of, regime_of
from services.reporting.web.report import of_overview, picture
from services.reporting.wording import OUTDATED, STATES
from shared.contracts import Answered, Submission
from shared.contracts.reporting import (
    EditionMoves,
    EditionRow,
    ListedEditions,
    ListEditionMoves,
    ListEditions,
    ListProvinceReports,
    ProvinceOverview,
    PublishReport,
    ReportRow,
    RestateReport,
    ShowEdition,
    ShowEditionOverview,
)
from shared.messaging.following.grants import PROVINCE
from shared.vietnamese import date_text
from shared.web.communes import choose_province, province_name
from shared.web.days import as_known, day_shown, known_at
from shared.web.site import ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of

MOST_MOVES = 200  # figures that a page lists; it counts all


async def choose(request: Request) -> Response:
    """The provinces whose editions the visitor may read."""
    provinces = (grant.scope.province for grant in visitor_of(request).grants if grant.scope.province)
    return choose_province(request, provinces, "Báo cáo đã công bố", "/an-ban")


async def listed(request: Request) -> Response:
    question, period = _all_editions(request), period_of(request, day_shown(request))
    found = (await ask(request, question)).answer
    return render(
        request,
        "reporting/editions.html",
        province=question.province,
        province_name=await province_name(request, question.province),
        editions=found.editions,
        periods=offered(day_shown(request), period),
        period_in=period_in,
        may_publish=visitor_of(request).has_role("provincial-officer") and not known_at(request),
        known_at=known_at(request),
        as_known=as_known(request, found.changed_on),
    )


async def list_as_json(request: Request) -> Response:
    return JSONResponse((await ask(request, _all_editions(request))).model_dump(mode="json"))


def _all_editions(request: Request) -> ListEditions:
    of = request.path_params["province"], visitor_of(request).account
    return ListEditions(province=of[0], actor=of[1], known_at=known_at(request))


async def shown(request: Request) -> Response:
    """One edition: who published it and why, its figures, its files, its hash, and where its bytes are."""
    overview: ProvinceOverview = (await ask(request, ShowEditionOverview(**_of_edition(request)))).answer
    edition = overview.edition
    assert edition
    return render(
        request,
        "reporting/edition.html",
        **of_overview(request, overview),
        edition=edition,
        last=overview.last,
        addresses={row.indicator: _link(request, row.indicator, edition.edition) for row in overview.figures},
        moved=len(overview.moved),
        only_now=f"Một lần công bố không đổi: số liệu biết đến hết ngày {date_text(overview.known_at)}.",
        may_review=visitor_of(request).has_role("provincial-officer", "auditor"),
    )


async def drawing(request: Request) -> Response:
    return picture(request, (await ask(request, ShowEditionOverview(**_of_edition(request)))).answer)


async def as_json(request: Request) -> Response:
    """The canonical bytes, whose SHA-256 is the edition's hash."""
    found = (await ask(request, ShowEdition(**_of_edition(request)))).answer
    return Response(found.content.encode(), media_type="application/json")


async def to_publish(request: Request) -> Response:
    return await _page(request)


async def to_publish_as_json(request: Request) -> Response:
    """What a publication would hold: the reports that are not approved, or what moved since the last edition."""
    fields = _of_report(request)
    last, unapproved, moves, _ = await _before(request, fields)
    return JSONResponse(
        {
            "last": last and last.model_dump(mode="json"),
            "unapproved": [row.model_dump(mode="json") for row in unapproved],
            "moves": moves and moves.model_dump(mode="json"),
        }
    )


async def published(request: Request) -> Response:
    """The first edition of a period, or another one with its reason."""
    form = await request.form()
    scope = f"{PROVINCE}{request.path_params['province']}"
    try:
        submission = _submission(request, form)
        return await submit(request, scope, submission, form, request.url.path + query_of(request))
    except Refusals as refused:
        return await _page(request, dict(refused.errors), text_of(form, "reason"))


def _submission(request: Request, form: FormData) -> Submission:
    fields: Any = {"period": period_in(request.path_params["period"]).name, "regime": regime_of(request)}
    try:
        if text_of(form, "step") != "restate":
            return PublishReport(**fields, incomplete="incomplete" in form)
        if not (reason := text_of(form, "reason")):
            raise Refusals({"reason": "Hãy ghi lý do công bố lại."})
        return RestateReport(**fields, reason=reason)
    except ValidationError:
        raise Refusals({"reason": TOO_LONG}) from None


async def _page(request: Request, errors: Mapping[str, str] = {}, reason: str = "") -> Response:
    fields = _of_report(request)
    last, unapproved, moves, answered = await _before(request, fields)
    return render(
        request,
        "reporting/publish.html",
        422 if errors else 200,
        province=fields["province"],
        period=period_in(fields["period"]),
        regime=query_of(request),
        last=last,
        unapproved=unapproved,
        moves=moves,
        most=MOST_MOVES,
        states=STATES,
        outdated=OUTDATED,
        may_publish=visitor_of(request).has_role("provincial-officer"),
        only_now="Công bố và công bố lại theo số liệu hiện nay.",
        behind=is_behind(request, "reporting", answered),
        submission=new_submission(),
        errors=dict(errors),
        reason=reason,
    )


async def _before(
    request: Request, fields: Mapping[str, Any]
) -> tuple[EditionRow | None, list[ReportRow], EditionMoves | None, Answered[ListedEditions]]:
    """The last edition; before the first one what is not approved, after it what moved."""
    answered: Answered[ListedEditions] = await ask(request, ListEditions(**fields))
    last = max(answered.answer.editions, key=lambda each: each.edition, default=None)
    if last is None:
        return None, await _unapproved(request, fields), None, answered
    return last, [], await _moves(request, fields, last), answered


async def _moves(request: Request, fields: Mapping[str, Any], last: EditionRow) -> EditionMoves:
    return (await ask(request, ListEditionMoves(**fields, edition=last.edition))).answer


async def _unapproved(request: Request, fields: Mapping[str, Any]) -> list[ReportRow]:
    rows = (await ask(request, ListProvinceReports(**fields))).answer.reports
    return [row for row in rows if row.state != "approved" or row.outdated]


def _of_report(request: Request) -> dict[str, Any]:
    return {
        "province": request.path_params["province"],
        **asked_report(request),
    }


def _of_edition(request: Request) -> dict[str, Any]:
    return {**_of_report(request), "edition": request.path_params["edition"]}


def _link(request: Request, indicator: str, edition: int) -> str:
    place = request.path_params
    return figure_link(
        indicator, place["period"], province=place["province"], edition=edition, regime=regime_of(request)
    )
