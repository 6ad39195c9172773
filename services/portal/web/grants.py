"""Who could do what in a province on a day, as known at its end: for its operator, its officers and its auditor."""

from itertools import groupby
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.portal.web.names import named_scope, names_in
from services.portal.wording import ROLES
from shared.contracts import Answered
from shared.contracts.portal import GrantRow, ListedGrants, ListGrants
from shared.grants import SCOPE_OF, Role, Scope
from shared.vietnamese import collation_key
from shared.web.days import as_known, known_at
from shared.web.site import ask, render, today
from shared.web.visitor import visitor_of

GRANTS = "/quyen/{province}"


class GrantPages:
    def __init__(self) -> None:
        self.routes = [Route(f"{GRANTS}.json", self.as_json), Route(GRANTS, self.page)]

    async def page(self, request: Request) -> Response:
        province = request.path_params["province"]
        found = (await self._asked(request)).answer.grants
        names = await names_in(request, [province])

        def place(row: GrantRow) -> str:
            return named_scope(Scope(row.commune, row.body, row.province), names)

        def order(row: GrantRow) -> tuple[object, ...]:
            return list(ROLES).index(row.role), collation_key(place(row)), collation_key(row.name)

        rows = [(row, place(row)) for row in sorted(found, key=order)]
        return render(
            request, "portal/grants.html", province=names.get(province, f"tỉnh {province}"), known_at=known_at(request),
            as_known=as_known(request), today=today(request), role=_role(request), roles=ROLES, total=len(rows),
            groups=[(role, list(of_role)) for role, of_role in groupby(rows, key=lambda pair: pair[0].role)],
        )  # fmt: skip

    async def as_json(self, request: Request) -> Response:
        return JSONResponse((await self._asked(request)).model_dump(mode="json"))

    async def _asked(self, request: Request) -> Answered[ListedGrants]:
        question = {"province": request.path_params["province"], "actor": visitor_of(request).account}
        return await ask(request, ListGrants(**question, role=_role(request), known_at=known_at(request)))


def _role(request: Request) -> Role | None:
    """None: every role."""
    named = request.query_params.get("vai-tro", "")
    if named and named not in SCOPE_OF:
        raise HTTPException(400, "Không có vai trò này.")
    return cast(Role, named) if named else None
