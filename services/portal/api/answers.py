"""GET: the parameters become a question, and the answer is that of the service, with the positions it rests on."""

import asyncio
import time
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from starlette.responses import JSONResponse, Response

from services.portal.api.problems import AGAIN_AFTER, ApiProblem
from services.portal.api.programs import Program
from services.portal.connection import Connection
from shared.contracts import Answered, Message, Question

CAUGHT_UP_WITHIN = 5.0  # seconds
ASKED_EVERY = 0.5
AFTER = r"^[a-z]{1,20}:[0-9]{1,18}$"
After = Annotated[
    str,
    StringConstraints(pattern=AFTER),
    Field(description="`after` of a receipt: the answer holds what was recorded there, or is 202 when it does not yet"),
]
NOT_YET = "Đã ghi nhận; câu trả lời chưa tính đến, hãy hỏi lại sau ít giây."


class NotYet(Message):
    """What was sent is recorded, or on its way; the same request again answers later."""

    status: Literal["not-yet", "not-confirmed"]
    detail: str
    address: str
    positions: dict[str, int] = Field(default_factory=dict)


async def answer(
    connection: Connection, program: Program, question: Question[Any], after: str | None, address: str
) -> Response:
    """Waits a few seconds for an answer that rests on the position in `after`."""
    await asyncio.to_thread(program.check_question, question)
    until = time.monotonic() + CAUGHT_UP_WITHIN
    while True:
        answered = await connection.ask(question)
        if after is None or _has_caught_up(answered, after):
            return Response(answered.model_dump_json(), media_type="application/json")
        if time.monotonic() > until:
            return not_yet("not-yet", NOT_YET, address, answered.positions)
        await asyncio.sleep(ASKED_EVERY)


def _has_caught_up(answered: Answered[Any], after: str) -> bool:
    service, position = after.split(":")
    if service not in answered.positions:
        names = ", ".join(answered.positions)
        raise ApiProblem("unreadable", f"Câu trả lời này không dựa vào {service}; nó dựa vào: {names}.", "after")
    return answered.positions[service] >= int(position)


def not_yet(status: Literal["not-yet", "not-confirmed"], detail: str, address: str, positions: Any = None) -> Response:
    content = NotYet(status=status, detail=detail, address=address, positions=positions or {})
    headers = {"Location": address, "Retry-After": str(AGAIN_AFTER)}
    return JSONResponse(content.model_dump(), 202, headers)
