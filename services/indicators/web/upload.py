"""A file or a pasted table of readings: how it is understood, what is wrong where, then sent as one submission."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from services.indicators.web.file_form import (
    FileForm,
    as_json,
    columns_to_mend,
)
from services.indicators.wording import PARTS_OF_A_READING
from shared.contracts import Receipt
from shared.contracts.indicators import (
    Catalogue,
    FileRead,
    FileReading,
    FileRow,
    KeepOwnNames,
    ReadFile,
    RecordReadings,
    ShowCatalogue,
)
from shared.messaging.questions.question_client import NotAnswered
from shared.vietnamese import date_text
from shared.web.site import ask, render, require, send
from shared.web.submitting import SUBMISSION_ID, Refusals, new_submission, text_of
from shared.web.visitor import visitor_of

MOST_SHOWN = 30  # readings and rows to mend, on one page
LARGEST_SUBMISSION = 1_000_000  # bytes; a stream takes 1 MB
CHANGED = "Vừa có sửa đổi: hãy xem lại kết quả bên dưới, rồi gửi."
HIDDEN = {
    "refuse": "từ chối, để người gửi xem lại",
    "include": "tính cả hàng và cột bị ẩn",
    "skip": "bỏ qua hàng và cột bị ẩn",
}


class Read(NamedTuple):
    """A form with the answer about its file."""

    form: FileForm
    file: FileRead

    @property
    def seal(self) -> str:
        """Of all that was shown: of the form, and of how its columns are understood, also by names that are kept."""
        return sha256(f"{self.form.seal} {self.file.columns!r}".encode()).hexdigest()

    @property
    def sent(self) -> tuple[FileReading, ...]:
        """What is sent: not what counts already under another id, unless the clerk wants it counted too."""
        return tuple(each for each in self.file.readings if self.form.twice or each.recorded != "elsewhere")

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """With those for which a field is chosen already."""
        return tuple(dict.fromkeys([*self.form.fields, *self.file.unknown_fields]))

    def count(self, recorded: str) -> int:
        return sum(each.recorded == recorded for each in self.file.readings)


async def shown(request: Request) -> Response:
    """For those who may send readings of this commune."""
    await _require_clerk(request)
    return await _page(request)


async def taken(request: Request) -> Response:
    """Read the file of the form, and send its readings where the form asks for it."""
    await _require_clerk(request)
    async with request.form(max_fields=5000, max_part_size=4 * 1024 * 1024) as form:
        typed = {name: text_of(form, name) for name in ("dan", "trang", "ngay", "an")}
        read = None
        try:
            file_form = await FileForm.of(form)
            question = file_form.question(request.path_params["commune"], visitor_of(request).account)
            read = Read(file_form, (await ask(request, question)).answer)
            if text_of(form, "step") == "send" and not read.file.problems:
                if text_of(form, "da-xem") != read.seal:
                    raise Refusals({"": CHANGED})
                return await _sent(request, read, text_of(form, "lan-gui"))
        except Refusals as refused:
            return await _page(request, read, refused.errors, typed)
        return await _page(request, read, typed=typed)


async def _sent(request: Request, read: Read, submission_id: str) -> Response:
    """The receipt; the same click again has the same one."""
    if not SUBMISSION_ID.fullmatch(submission_id):
        raise Refusals({"": "Biểu mẫu này đã cũ; hãy tải tệp lên lại."})
    if not read.sent:
        raise Refusals({"": "Chưa có số liệu nào để gửi."})
    submission = RecordReadings(readings=tuple(each.reading for each in read.sent))
    if len(submission.model_dump_json()) > LARGEST_SUBMISSION:
        raise Refusals({"": "Tệp có quá nhiều số liệu cho một lần gửi; hãy chia thành nhiều tệp."})
    receipt = await send(request, request.path_params["commune"], submission_id, submission)
    if receipt.parked:
        raise Refusals({"": "Lần gửi này đã được dùng cho nội dung khác; hãy xem lại rồi gửi lần nữa."})
    await _keep_names(request, read)
    return await _receipt_page(request, read, receipt)


async def _keep_names(request: Request, read: Read) -> None:
    """What the clerk corrected, for the next file. It is no part of the receipt: without it the page asks again."""
    form = read.form
    if not form.columns and not form.fields:
        return
    commune, actor = request.path_params["commune"], visitor_of(request).account
    with suppress(NotAnswered):
        await ask(
            request, KeepOwnNames(commune=commune, actor=actor, columns=dict(form.columns), fields=dict(form.fields))
        )


async def _receipt_page(request: Request, read: Read, receipt: Receipt) -> Response:
    sentences = {each.item: each.sentence for each in receipt.refused}
    refused = tuple(
        FileRow(place=each.place, reasons=(sentences[each.reading.reading_id],), texts=_texts(each))
        for each in read.sent
        if each.reading.reading_id in sentences
    )
    return await _render(
        request, "indicators/file_receipt.html", read, receipt=receipt, rows=(*refused, *read.file.refused)
    )


async def _page(
    request: Request,
    read: Read | None = None,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    rows = read.file.refused if read else ()
    return await _render(
        request, "indicators/file.html", read, 422 if errors else 200, rows=rows, errors=errors or {}, typed=typed or {}
    )


async def _render(
    request: Request, template: str, read: Read | None, status: int = 200, *, rows: tuple[FileRow, ...], **fields: Any
) -> Response:
    catalogue = await _catalogue(request)
    columns = columns_to_mend(rows, read.file.columns) if read else []
    return render(
        request,
        template,
        status,
        commune=request.path_params["commune"],
        read=read,
        rows=rows[:MOST_SHOWN],
        more_rows=max(len(rows) - MOST_SHOWN, 0),
        mend_columns=columns,
        most=MOST_SHOWN,
        hidden=HIDDEN,
        parts=PARTS_OF_A_READING,
        measures=catalogue.measures,
        fields=catalogue.fields,
        names=PARTS_OF_A_READING
        | {each.measure: each.name for each in catalogue.measures}
        | {each.field: each.name for each in catalogue.fields},
        as_json=as_json,
        submission=new_submission(),
        **fields,
    )


async def _require_clerk(request: Request) -> None:
    commune, account = request.path_params["commune"], visitor_of(request).account
    nothing: dict[str, Any] = {"columns": {}, "fields": {}, "mended": {}}
    await require(request, ReadFile(commune=commune, actor=account, format="csv", content="", **nothing))


async def _catalogue(request: Request) -> Catalogue:
    question = ShowCatalogue(commune=request.path_params["commune"], actor=visitor_of(request).account)
    return (await ask(request, question)).answer


def _texts(each: FileReading) -> dict[str, str]:
    reading = each.reading
    return {
        "observed_on": date_text(reading.observed_on),
        "field": reading.field or "",
        **{measure: str(count) for measure, count in reading.values.items()},
    }
