"""Evidence files of a task: sent to Planning in parts, attached by a step, and handed out as downloads only."""

import asyncio
import hashlib
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from pathlib import PurePath, PureWindowsPath
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.planning.web.acting import ATTACH, step_of
from services.planning.web.steps import asked, page
from services.planning.web.tasks import own_body
from services.planning.wording import EVIDENCE_TOO_LARGE
from shared.contracts.planning import (
    LARGEST_FILE,
    PART,
    FilePart,
    NamedFile,
    ReportProgress,
    SendEvidencePart,
    ShowEvidence,
)
from shared.messaging.questions.question_client import NotAnswered
from shared.web.site import ask
from shared.web.submitting import OLD_FORM, SUBMISSION, SUBMISSION_ID, Refusals, submit, text_of
from shared.web.visitor import visitor_of

FIELD = "tep"
LARGEST_FORM = LARGEST_FILE + 1024 * 1024  # so that a file that is a little too large gets its sentence
NO_FILE = "Hãy chọn một tệp."
NO_NAME = "Tên tệp không dùng được; hãy đổi tên tệp rồi chọn lại."


class Sent(NamedTuple):
    """A file as the form brought it; the portal keeps it on its disk until it is sent on."""

    name: str
    size: int
    file: BinaryIO

    @classmethod
    def of(cls, form: FormData) -> "Sent":
        upload = form.get(FIELD)
        if not isinstance(upload, UploadFile) or not upload.filename:
            raise Refusals({FIELD: NO_FILE})
        if (upload.size or 0) > LARGEST_FILE:
            raise Refusals({FIELD: EVIDENCE_TOO_LARGE})
        name = PurePath(PureWindowsPath(upload.filename).name).name  # an old browser sends the whole path
        return cls(name, upload.size or 0, upload.file)

    def sha256(self) -> str:
        self.file.seek(0)
        return hashlib.file_digest(self.file, "sha256").hexdigest()  # type: ignore[arg-type]

    def part(self, number: int) -> bytes:
        self.file.seek(number * PART)
        return self.file.read(PART)


async def taken(request: Request) -> Response:
    """Back to the task where the file is attached; else the task with the sentence at the field of the file."""
    answered = await asked(request)
    task = answered.answer.task
    async with request.form(max_files=1) as form:
        try:
            step = step_of(visitor_of(request), task, ATTACH.step, form)
            file = await _sent(request, form)
            attached = ReportProgress(steps=(step.model_copy(update={"file": file}),))
            return await submit(request, request.path_params["commune"], attached, form, _task_path(request))
        except Refusals as refused:
            errors = {name or FIELD: sentence for name, sentence in refused.errors.items()}
            return await page(request, answered, errors, status=422)


async def _sent(request: Request, form: FormData) -> NamedFile:
    """The file once Planning has all of it. Refusals with the sentence of Planning."""
    sent, upload = Sent.of(form), text_of(form, SUBMISSION)
    if not SUBMISSION_ID.fullmatch(upload):
        raise Refusals({"": OLD_FORM})
    sha256 = await asyncio.to_thread(sent.sha256)
    commune = request.path_params["commune"]
    fields: dict[str, Any] = {
        "commune": commune, "actor": visitor_of(request).account, "body": own_body(request, commune),
        "upload": upload, "sha256": sha256, "size": sent.size,
    }  # fmt: skip
    try:
        named = NamedFile(sha256=sha256, name=sent.name)
        for number in range(max(-(-sent.size // PART), 1)):
            part = await asyncio.to_thread(sent.part, number)
            answered = await ask(request, SendEvidencePart(**fields, part=number, content=b64encode(part)))
            if answered.answer.media_type:
                break
    except ValidationError:
        raise Refusals({FIELD: NO_NAME}) from None
    except NotAnswered as unanswered:
        if unanswered.problem != "refused":
            raise
        raise Refusals({FIELD: str(unanswered)}) from None
    return named


async def shown(request: Request) -> Response:
    """The file as a download. Nothing of it is shown by this site, whatever it is."""
    first = await _part(request, 0)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(first.name, safe='')}",
        "Content-Length": str(first.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(_content(request, first), headers=headers, media_type=first.media_type)


async def _content(request: Request, first: FilePart) -> AsyncIterator[bytes]:
    yield b64decode(first.content)
    for number in range(1, -(-first.size // PART)):
        yield b64decode((await _part(request, number)).content)


async def _part(request: Request, number: int) -> FilePart:
    commune = request.path_params["commune"]
    question = ShowEvidence(
        commune=commune, actor=visitor_of(request).account, body=own_body(request, commune),
        task_id=request.path_params["task"], sha256=request.path_params["sha256"], part=number,
    )  # fmt: skip
    return (await ask(request, question)).answer


def _task_path(request: Request) -> str:
    return request.url.path.replace("/minh-chung/", "/nhiem-vu/", 1)
