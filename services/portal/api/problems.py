"""What is refused: problem details (RFC 9457) with one Vietnamese sentence, of one shape for every fault."""

from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.portal.api.routes import PREFIX
from shared.contracts import Message
from shared.messaging.questions.question_client import NotAnswered
from shared.web.refused import log_refused

AGAIN_AFTER = 5  # seconds
# The status and the title of each problem. What may pass has a status from 500 on, or 429.
PROBLEMS = {
    "no-key": (401, "The key is missing, unknown, revoked or has ended"),
    "not-granted": (403, "The account has no grant for this"),
    "not-found": (404, "There is no such thing"),
    "not-allowed": (405, "The address does not take this method"),
    "id-used-before": (409, "The submission id was used before with another content"),
    "too-large": (413, "The body or the answer is too large"),
    "unreadable": (422, "A parameter or the body cannot be read"),
    "refused": (422, "The question is refused"),
    "too-many": (429, "Too many requests"),
    "failed": (500, "The server failed"),
    "unknown-question": (501, "The service does not know this question yet"),
    "not-ready": (503, "The service is not ready"),
    "busy": (503, "Too many questions wait"),
    "nobody": (503, "The service does not run"),
    "silent": (504, "The service did not answer"),
}
OF_STATUS = {404: "not-found", 405: "not-allowed", 413: "too-large"}
MAY_PASS = ("too-many", "not-ready", "busy", "nobody", "silent")


class Problem(Message):
    """Problem details of RFC 9457. `detail` is a sentence for people; `problem` and `place` are for programs."""

    type: str = Field(description="the address of the documentation of this problem")
    title: str
    status: int
    detail: str
    problem: str
    place: str | None = Field(None, description="the parameter, or the place in the body, that cannot be read")


class ApiProblem(Exception):
    def __init__(self, problem: str, sentence: str, place: str | None = None, **headers: str) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.place = place
        self.headers = headers


def problem_response(problem: str, sentence: str, place: str | None = None, **headers: str) -> Response:
    status, title = PROBLEMS[problem]
    content = Problem(
        type=f"{PREFIX}/docs#{problem}", title=title, status=status, detail=sentence, problem=problem, place=place
    )
    if problem in MAY_PASS:
        headers.setdefault("Retry-After", str(AGAIN_AFTER))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(content.model_dump(exclude_none=True), status, headers, media_type="application/problem+json")


async def of_api(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, ApiProblem)
    _log_not_granted(request, fault.problem)
    return problem_response(fault.problem, str(fault), fault.place, **fault.headers)


async def of_question(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, NotAnswered)
    _log_not_granted(request, fault.problem)
    return problem_response(fault.problem, str(fault))


def _log_not_granted(request: Request, problem: str) -> None:
    if problem == "not-granted":
        log_refused(request, request.state.account)


async def of_status(_: Request, fault: Exception) -> Response:
    status = getattr(fault, "status_code", 404)
    sentence = "Địa chỉ này không nhận yêu cầu như vậy." if status == 405 else "Không có địa chỉ này."
    return problem_response(OF_STATUS.get(status, "not-found"), sentence, **(getattr(fault, "headers", None) or {}))


async def of_fault(_: Request, fault: Exception) -> Response:
    return problem_response("failed", "Máy chủ gặp lỗi; chưa có gì được ghi lại. Hãy thử lại sau.")


async def of_validation(_: Request, fault: Any) -> Response:
    """The first fault, with its place: a parameter, or a part of the body."""
    first = fault.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])[:80]
    return problem_response("unreadable", f"Không đọc được “{place}”: {first['msg']}."[:300], place)
