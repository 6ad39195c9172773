"""Sends what a form asks for to the service that decides it, and comes back with its receipt or its refusals."""

import asyncio
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.commune_client.sender import NotConfirmed
from shared.contracts import Answered, Receipt, Submission
from shared.web.site import RECORDED, send

# The hidden field with the id of the submission, another one in each form that is shown: a double click counts once.
SUBMISSION = "lan-gui"
SENT_AT_ONCE = 12
UNCONFIRMED = "Máy chủ chưa xác nhận; hãy gửi lại biểu mẫu này, mỗi việc chỉ được ghi một lần."
OLD_FORM = "Biểu mẫu này đã cũ; hãy tải lại trang rồi gửi lại."
NO_STEP = "Hãy bấm nút của việc cần làm; phím Enter không chọn việc nào."
SUBMISSION_ID = re.compile(r"[0-9a-f]{32}")


class Refusals(Exception):
    """Why a form is shown again: sentences by the names of its fields, "" for the form as a whole.

    `items` are the ids of the items that the service refused; what else the submission has is recorded.
    """

    def __init__(self, errors: Mapping[str, str], items: Iterable[str] = ()) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors
        self.items = frozenset(items)


def new_submission() -> str:
    return secrets.token_hex(16)


def text_of(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


async def submit(request: Request, scope: str, submission: Submission, form: FormData, back: str) -> Response:
    """To `back` once it is recorded. Refusals with the sentences of the service where it is not."""
    return to(back, whole(await sent_once(request, scope, submission, form)))


async def sent_once(request: Request, scope: str, submission: Submission, form: FormData) -> Receipt:
    """The receipt, under the id of the form; some of it may be refused. Refusals where nothing could be decided."""
    submission_id = text_of(form, SUBMISSION)
    if not SUBMISSION_ID.fullmatch(submission_id):
        raise Refusals({"": OLD_FORM})
    return readable(await send(request, scope, submission_id, submission))


def to(back: str, receipt: Receipt) -> Response:
    """To a page that shows what was recorded."""
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode({RECORDED: receipt.position or 0})}", 303)


async def recorded(request: Request, scope: str, submission_id: str, submission: Submission) -> Receipt:
    """The receipt of what is recorded as a whole. Refusals where any of it is not."""
    return whole(readable(await send(request, scope, submission_id, submission)))


class Ended(NamedTuple):
    """Of how many communes a step was recorded, with the last position; why not of some; of which no receipt came.

    `items` are those that were refused, by commune; none where nothing of its submission could be decided.
    """

    number: int
    position: int
    refused: dict[str, str]
    unconfirmed: list[str]
    items: Mapping[str, frozenset[str]] = {}


async def record_each(request: Request, batch: str, chosen: Mapping[str, Submission]) -> Ended:
    """The submissions of communes under one id, some at once; none is kept from its receipt by another one's."""
    free = asyncio.Semaphore(SENT_AT_ONCE)

    async def record(commune: str, submission: Submission) -> int:
        async with free:
            return (await recorded(request, commune, batch, submission)).position or 0

    ended = await asyncio.gather(*(record(*each) for each in chosen.items()), return_exceptions=True)
    by_commune = dict(zip(chosen, ended, strict=True))
    for each in ended:
        if isinstance(each, BaseException) and not isinstance(each, Refusals | NotConfirmed):
            raise each
    positions = [each for each in ended if isinstance(each, int)]
    return Ended(
        len(positions),
        max(positions, default=0),
        {commune: str(each) for commune, each in by_commune.items() if isinstance(each, Refusals)},
        [commune for commune, each in by_commune.items() if isinstance(each, NotConfirmed)],
        {commune: each.items for commune, each in by_commune.items() if isinstance(each, Refusals)},
    )


def whole(receipt: Receipt) -> Receipt:
    if receipt.refused:
        sentences = dict.fromkeys(each.sentence for each in receipt.refused)
        raise Refusals({"": " ".join(sentences)}, (each.item for each in receipt.refused))
    return receipt


def readable(receipt: Receipt) -> Receipt:
    if receipt.parked:
        raise Refusals({"": "Biểu mẫu này đã được gửi với nội dung khác; hãy tải lại trang rồi gửi lại."})
    return receipt


def is_behind(request: Request, service: str, answered: Answered[Any]) -> bool | None:
    """After a form: whether the answer lacks what was recorded; None where the page was opened otherwise."""
    position = request.query_params.get(RECORDED, "")
    if not position.isdecimal() or len(position) > 18:
        return None
    return answered.positions.get(service, 0) < int(position)
