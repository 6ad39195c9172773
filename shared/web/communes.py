"""Which commune a page is about: the visitor's only one, or one chosen from those that the visitor may look at."""

from collections.abc import Iterable
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from shared.contracts.planning import CommuneRow, ListCommunes
from shared.grants import Role
from shared.messaging.questions.question_client import NotAnswered
from shared.vietnamese import collation_key
from shared.web.days import as_known, kept_day, known_at
from shared.web.site import ask, render
from shared.web.visitor import visitor_of


async def choose_commune(
    request: Request, roles: Iterable[Role], title: str, path: str, of_province: str = ""
) -> Response:
    """To the page of the only commune, or to a list of several; `path` is that of the page without it.

    `of_province` names the page about a whole province, `<path>/tinh/<province>`, where there is one.
    As JSON where the address ends so.
    """
    grants = visitor_of(request).grants_of(*roles)
    own = list(dict.fromkeys(grant.scope.commune for grant in grants if grant.scope.commune))
    provinces = list(dict.fromkeys(grant.scope.province for grant in grants if grant.scope.province))
    if len(own) == 1 and not provinces:
        return RedirectResponse(f"{path}/{own[0]}{json_ending(request)}{kept_day(request)}", 303)
    found = [row for province in provinces for row in await communes_of(request, province, known_at(request))]
    known = {row.commune for row in found}
    others = [commune for commune in own if commune not in known]
    if json_ending(request):
        rows = [row.model_dump(mode="json") for row in found]
        return JSONResponse({"communes": rows, "others": others})
    return render(
        request, "shared/communes.html", title=title, as_known=as_known(request), base=path, communes=found,
        others=others, of_province=of_province, provinces=provinces if of_province else [],
    )  # fmt: skip


def choose_province(request: Request, provinces: Iterable[str], title: str, path: str) -> Response:
    """To the page of the only province, or to a list of several; `path` is that of the page without one.

    As JSON where the address ends so.
    """
    found = sorted(set(provinces))
    if len(found) == 1:
        return RedirectResponse(f"{path}/{found[0]}{json_ending(request)}{kept_day(request)}", 303)
    if json_ending(request):
        return JSONResponse({"provinces": found})
    return render(request, "shared/provinces.html", provinces=found, base=path, title=title, as_known=as_known(request))


def json_ending(request: Request) -> str:
    return ".json" if request.url.path.endswith(".json") else ""


async def province_name(request: Request, province: str) -> str:
    """As offices write it; its code where Planning does not know it or does not answer now."""
    try:
        found = (await ask(request, ListCommunes(province=province, actor=visitor_of(request).account))).answer
    except NotAnswered:
        return f"tỉnh {province}"
    return found.province_name or f"tỉnh {province}"


async def communes_of(request: Request, province: str, day: date | None = None) -> list[CommuneRow]:
    """Those of a day as it was known then, by their names; without one those of today and those to come."""
    answered = await ask(request, ListCommunes(province=province, known_at=day, actor=visitor_of(request).account))
    found = (row for row in answered.answer.communes if not (day and row.in_force_from and row.in_force_from > day))
    return sorted(found, key=lambda row: collation_key(row.name))
