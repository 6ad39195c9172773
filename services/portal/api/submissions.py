"""PUT: a submission as a commune's machine sends it, and its receipt; the same id again has the same receipt."""

import asyncio
import json
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from pydantic import Field, StringConstraints
from pydantic_core import PydanticSerializationError
from starlette.requests import Request
from starlette.responses import Response

from services.portal.api.answers import not_yet
from services.portal.api.problems import ApiProblem
from services.portal.api.programs import Program
from services.portal.connection import Connection
from shared.commune_client.sender import IdUsedBefore, NotConfirmed
from shared.contracts import Id, Message, Receipt, Refused, Submission
from shared.messaging.announcing.publisher import PublishRefused
from shared.messaging.intake.bodies import DOUBLED_KEY, Content, Unreadable, read_body
from shared.messaging.streams import DESK_OWNERS

LARGEST = 1_000_000  # bytes; the broker takes a little more, with the account beside it
TOO_LARGE = f"Nội dung lớn hơn {LARGEST // 1000} KB; hãy chia thành nhiều bài gửi."
NOT_CONFIRMED = "Máy chủ chưa xác nhận. Hãy gửi lại cùng nội dung với cùng mã, hoặc hỏi lại ở cùng địa chỉ sau 5 giây."
USED_BEFORE = "Mã bài gửi này đã dùng cho một nội dung khác; nội dung vừa gửi không được tính."
SubmissionId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$"),
    Field(description="the program's own id of the submission, such as a UUID; sent again it has the same receipt"),
]


class ProgramReceipt(Message):
    """What was recorded, and what was refused and why, each with one sentence, once the service has committed it.

    `after` is the parameter by which a question answers with what was recorded here; null where nothing was.
    """

    submission_id: str
    commune: str
    kind: str
    recorded_at: datetime
    accepted: int
    duplicates: int
    refused: tuple[Refused, ...]
    parked: str | None
    actor: str | None
    event_id: str | None
    position: int | None
    after: str | None


async def send(  # noqa: PLR0917  a submission has so many parts
    connection: Connection, program: Program, kind: type[Submission], commune: Id, submission_id: str, request: Request
) -> Response:
    body = await _body(request)
    content = await asyncio.to_thread(_read, kind, body)
    assert not isinstance(content.submission, Unreadable)
    await asyncio.to_thread(program.check_submission, commune, content.submission)
    own_id = _own_id(program, submission_id)
    try:
        receipt = await connection.sender(own_id).send_content(
            commune, kind.kind, own_id, program.account, json.loads(body)
        )
    except NotConfirmed:
        return not_yet("not-confirmed", NOT_CONFIRMED, request.url.path)
    except IdUsedBefore:
        raise ApiProblem("id-used-before", USED_BEFORE) from None
    except (MaxPayloadError, PublishRefused):
        raise ApiProblem("too-large", TOO_LARGE) from None
    except (PydanticSerializationError, UnicodeEncodeError):
        raise ApiProblem("unreadable", "Nội dung có ký tự không hợp lệ.") from None
    return _response(receipt, submission_id)


async def receipt_of(  # noqa: PLR0917  a submission has so many parts
    connection: Connection, program: Program, kind: type[Submission], commune: Id, submission_id: str, request: Request
) -> Response:
    """Of what this account sent before."""
    own_id = _own_id(program, submission_id)
    try:
        receipt = await connection.sender(own_id).receipt(commune, kind.kind, own_id)
    except (NotConfirmed, NatsError, TimeoutError):
        return not_yet("not-confirmed", NOT_CONFIRMED, request.url.path)
    if receipt is None or receipt.actor != program.account or receipt.kind != kind.kind:
        raise ApiProblem("not-found", f"Chưa có biên nhận của bài gửi {submission_id}.")
    return _response(receipt, submission_id)


def _own_id(program: Program, submission_id: str) -> str:
    """Ids of one account are no other's: nobody takes an id away from another program of the commune."""
    return f"{submission_id}-{sha256(program.account.encode()).hexdigest()[:16]}"


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise ApiProblem("too-large", TOO_LARGE)
    return body


def _read(kind: type[Submission], body: bytes) -> Content:
    """An item that cannot be read costs no other one; ApiProblem where the whole cannot be read."""
    content = read_body(kind, body)
    if isinstance(content.submission, Unreadable):
        reason = content.submission.reason
        raise ApiProblem("unreadable", f"Không đọc được nội dung ({reason}).", reason.partition(":")[0][:80])
    if doubled := next((each for each in content.malformed if each.problem == DOUBLED_KEY), None):
        sentence = f"Không đọc được nội dung: mục thứ {doubled.number} có khóa lặp lại."
        raise ApiProblem("unreadable", sentence, f"{kind.one_by_one}.{doubled.number - 1}")
    return content


def _response(receipt: Receipt, submission_id: str) -> Response:
    position = receipt.position
    after = None if position is None else f"{DESK_OWNERS[receipt.kind]}:{position}"
    fields: dict[str, Any] = receipt.model_dump() | {"submission_id": submission_id, "after": after}
    return Response(ProgramReceipt.model_validate(fields).model_dump_json(), media_type="application/json")
