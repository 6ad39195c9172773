"""The API as one application: a route for each line of the table, described by OpenAPI 3.1 from the contracts."""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, create_model
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.portal.api import problems
from services.portal.api.answers import After, NotYet, answer
from services.portal.api.documents import add_documents
from services.portal.api.made_once import MadeOnce
from services.portal.api.programs import Program, Programs
from services.portal.api.routes import PREFIX, QUESTIONS, SUBMISSIONS, QuestionRoute, SubmissionRoute
from services.portal.api.submissions import ProgramReceipt, SubmissionId, receipt_of, send
from services.portal.application import Portal
from services.portal.connection import Connection
from services.portal.rights import Rights
from shared.contracts import Answered, Id, Question
from shared.messaging.questions.question_client import NotAnswered
from shared.web.address import Address
from shared.web.headers import SecurityHeaders

TITLE = "Minh Bạch"
NOT_YET: dict[int | str, dict[str, Any]] = {
    202: {"model": NotYet, "description": "Not yet: the same request again, after the seconds in Retry-After"}
}
PLACES = {"commune": Id, "submission_id": SubmissionId}


class BesidePages:
    """The API under its prefix, and the pages under every other path. No session and no cookie counts for the API.

    The API is made with the first request to it: that takes longer than all else at a portal's start.
    """

    def __init__(self, make_api: Callable[[], ASGIApp], pages: ASGIApp, address: Address) -> None:
        self._api = MadeOnce(lambda: SecurityHeaders(make_api(), address))
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{PREFIX}/"):
            api = await self._api.get()
            await api({**scope, "root_path": PREFIX}, receive, send)
        else:
            await self._pages(scope, receive, send)


def application(portal: Portal, rights: Rights, connection: Connection) -> FastAPI:
    api = described()
    api.state.connection = connection
    api.state.programs = Programs(portal, rights)
    return api


def described() -> FastAPI:
    """The application with all that its description needs."""
    api = FastAPI(
        title=TITLE, version="1", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )  # fmt: skip  to the host that the header Host names
    for route in QUESTIONS:
        _add_question(api, route)
    for sent in SUBMISSIONS:
        _add_submission(api, sent)
    api.add_exception_handler(problems.ApiProblem, problems.of_api)
    api.add_exception_handler(NotAnswered, problems.of_question)
    api.add_exception_handler(RequestValidationError, problems.of_validation)
    api.add_exception_handler(HTTPException, problems.of_status)
    api.add_exception_handler(Exception, problems.of_fault)
    add_documents(api)
    return api


async def program_of(request: Request) -> Program:
    programs: Programs = request.app.state.programs
    program = await programs.of(request)
    request.state.account = program.account  # for the log, where it is refused
    return program


def _connection(request: Request) -> Connection:
    connection: Connection = request.app.state.connection
    return connection


def _add_question(api: FastAPI, route: QuestionRoute) -> None:
    kind, in_path = route.question, _names_in(route.path)
    in_query = {name: field for name, field in kind.model_fields.items() if name not in (*in_path, "actor")}
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in in_query.items()}
    fields["after"] = (After | None, None)
    parameters = create_model(f"{kind.__name__}Parameters", __config__=ConfigDict(extra="forbid"), **fields)

    async def endpoint(request: Request, program: Program, query: Any, **places: Any) -> Response:
        given = query.model_dump(exclude_unset=True, exclude={"after"})
        question = kind.model_validate({**given, **places, "actor": program.account})
        return await answer(_connection(request), program, question, query.after, _address(request))

    endpoint.__signature__ = _signature(  # type: ignore[attr-defined]
        kind, in_path, query=Annotated[parameters, Query()]
    )
    answered: Any = Answered.__class_getitem__(kind.answer_type())
    responses: dict[int | str, dict[str, Any]] = {200: {"model": answered}, **NOT_YET, **_refusals()}
    api.get(
        route.path, name=kind.__name__, operation_id=kind.__name__, responses=responses, tags=[_owner(kind)],
        summary=kind.__name__, description=_description(kind), response_class=Response,
    )(endpoint)  # fmt: skip


def _add_submission(api: FastAPI, route: SubmissionRoute) -> None:
    kind = route.submission

    async def put(request: Request, program: Program, commune: str, submission_id: str) -> Response:
        return await send(_connection(request), program, kind, commune, submission_id, request)

    async def receipt(request: Request, program: Program, commune: str, submission_id: str) -> Response:
        return await receipt_of(_connection(request), program, kind, commune, submission_id, request)

    ways: list[tuple[Callable[..., Any], Callable[..., Any], str, str]] = [
        (api.put, put, kind.__name__, _description(kind)),
        (api.get, receipt, f"{kind.__name__}Receipt", "The receipt of what this account sent with this id."),
    ]
    for method, endpoint, name, description in ways:
        endpoint.__signature__ = _signature(None, _names_in(route.path))  # type: ignore[attr-defined]
        method(
            route.path, name=name, operation_id=name, tags=["submissions"], summary=name, description=description,
            responses={200: {"model": ProgramReceipt}, **NOT_YET, **_refusals()}, response_class=Response,
        )(endpoint)  # fmt: skip


def _signature(kind: type[Question[Any]] | None, in_path: list[str], **others: Any) -> Signature:
    """The parameters as FastAPI reads them: what the contract says of each."""
    types = {"request": Request, "program": Annotated[Program, Depends(program_of)], **others}
    for name in in_path:
        field = kind.model_fields[name] if kind and name not in PLACES else None
        constraints = field.metadata if field else ()
        types[name] = Annotated[(field.annotation if field else PLACES[name], *constraints, Path())]
    return Signature([Parameter(name, Parameter.KEYWORD_ONLY, annotation=one) for name, one in types.items()])


def _names_in(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _description(kind: type[Any]) -> str:
    roles = ", ".join(kind.roles) if getattr(kind, "roles", ()) else ""
    return (kind.__doc__ or "").strip() + (f"\n\nRoles: {roles}." if roles else "")


def _owner(kind: type[Question[Any]]) -> str:
    return kind.subject.split(".")[0]


def _refusals() -> dict[int | str, dict[str, Any]]:
    of_status: dict[int | str, list[str]] = {}
    for name, (status, _) in problems.PROBLEMS.items():
        of_status.setdefault(status, []).append(name)
    return {
        status: {
            "description": ", ".join(names),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, names in of_status.items()
    }
