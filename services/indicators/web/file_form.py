"""The form of a file of readings: it carries the file and every correction from page to page."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Literal, cast

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from services.indicators.wording import PARTS_OF_A_READING
from shared.contracts.indicators import FileColumn, FileRow, ReadFile
from shared.web.days import day_in
from shared.web.submitting import Refusals, text_of

LARGEST_FILE = 2 * 1024 * 1024
# With the file in base64, and what was mended in it.
LARGEST_FORM = 4 * 1024 * 1024
FORMATS: Mapping[str, Literal["csv", "xlsx"]] = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx"}
NO_FILE = "Hãy chọn một tệp, hoặc dán bảng vào ô."
NO_FORMAT = "Tệp phải là CSV hoặc XLSX; nếu là tệp .xls, hãy mở bằng Excel và lưu lại dạng .xlsx."
TOO_LARGE = "Tệp lớn hơn 2 MB; hãy chia thành nhiều tệp."


@dataclass(frozen=True)
class FileForm:
    """`columns`, `fields` and `mended` as the question has them; `automatic`: the meanings before a change."""

    format: Literal["csv", "xlsx"]
    content: str
    name: str
    columns: Mapping[str, str]
    automatic: Mapping[str, str]
    fields: Mapping[str, str]
    mended: Mapping[str, Mapping[str, str]]
    hidden: str
    sheet: str
    day: date | None
    twice: bool

    @classmethod
    async def of(cls, form: FormData) -> "FileForm":
        """Refusals at the field that is wrong."""
        format_of, content, name = await _file(form)
        day_text = text_of(form, "ngay")
        if day_text and day_in(day_text) is None:
            raise Refusals({"ngay": "Đây không phải là một ngày; hãy ghi như 14/9/2025."})
        columns = _pairs(form, "dau-cot", "cot")
        automatic = _pairs(form, "dau-cot", "tu-dong")
        changed = {heading: meaning for heading, meaning in columns.items() if meaning != automatic.get(heading)}
        return cls(
            format_of,
            content,
            name,
            columns={heading: "" if meaning == "-" else meaning for heading, meaning in changed.items()},
            automatic={heading: automatic.get(heading, "") for heading in changed},
            fields={name: field for name, field in _pairs(form, "ten-linh-vuc", "linh-vuc").items() if field},
            mended=_mended(form),
            hidden=text_of(form, "an") or "refuse",
            sheet=text_of(form, "trang"),
            day=day_in(day_text) if day_text else None,
            twice=text_of(form, "cong-them") == "on",
        )

    def question(self, commune: str, actor: str) -> ReadFile:
        """Refusals where a form was not made by this page."""
        fields: dict[str, Any] = {
            "format": self.format, "content": self.content, "columns": self.columns, "fields": self.fields,
            "mended": self.mended, "hidden": self.hidden, "sheet": self.sheet or None, "day": self.day,
        }  # fmt: skip
        try:
            return ReadFile(commune=commune, actor=actor, **fields)
        except ValidationError:
            raise Refusals({"": "Biểu mẫu có nội dung quá dài hoặc không đọc được; hãy tải tệp lên lại."}) from None

    @property
    def seal(self) -> str:
        """Of all that the meaning of the file rests on: only what was shown is sent."""
        return sha256(repr(replace(self, name="", automatic={}, twice=False)).encode()).hexdigest()

    def automatic_meaning(self, column: FileColumn) -> str:
        """As the hidden field of a column has it: "-" is passed over, "" is unknown."""
        if column.heading in self.automatic:
            return self.automatic[column.heading]
        return {None: "", "": "-"}.get(column.meaning, column.meaning or "")


async def _file(form: FormData) -> tuple[Literal["csv", "xlsx"], str, str]:
    upload = form.get("tep")
    if isinstance(upload, UploadFile) and upload.filename:
        if (found := FORMATS.get(PurePath(upload.filename).suffix.lower())) is None:
            raise Refusals({"tep": NO_FORMAT})
        return found, _encoded(await upload.read(), "tep"), upload.filename[:200]
    if pasted := text_of(form, "dan"):
        return "csv", _encoded(pasted.encode(), "dan"), "Bảng được dán"
    if content := text_of(form, "noi-dung"):
        return cast("Any", text_of(form, "loai")), content, text_of(form, "ten-tep")[:200]
    raise Refusals({"tep": NO_FILE})


def _encoded(content: bytes, field: str) -> str:
    if len(content) > LARGEST_FILE:
        raise Refusals({field: TOO_LARGE})
    return b64encode(content).decode()


def _pairs(form: FormData, keys: str, values: str) -> dict[str, str]:
    """`keys.3` and `values.3` belong together."""
    found = {}
    for name, key in form.multi_items():
        if name.startswith(f"{keys}.") and isinstance(key, str):
            found[key] = text_of(form, f"{values}.{name.removeprefix(f'{keys}.')}")
    return found


def _mended(form: FormData) -> dict[str, dict[str, str]]:
    """What was mended before, and the rows that differ now from what the page showed."""
    found = _texts(text_of(form, "da-sua"))
    for name, place in form.multi_items():
        if not name.startswith("sua-o.") or not isinstance(place, str):
            continue
        number = name.removeprefix("sua-o.")
        before = _texts(text_of(form, f"goc.{number}")).get(place, {})
        texts = {
            column: value.strip()
            for key, value in form.multi_items()
            if isinstance(value, str) and (column := key.removeprefix(f"sua.{number}.")) != key
        }
        if any(before.get(column, "") != text for column, text in texts.items()):
            found[place] = {column: text for column, text in texts.items() if text or column != "reading_id"}
    return found


def _texts(text: str) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise Refusals({"": "Biểu mẫu này không đọc được; hãy tải tệp lên lại."}) from None
    return found if isinstance(found, dict) else {}


def as_json(rows: Mapping[str, Mapping[str, str]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def columns_to_mend(rows: tuple[FileRow, ...], columns: tuple[FileColumn, ...]) -> list[str]:
    """What a row may have: the parts of a reading first, then the measures of the file in its order."""
    named = dict.fromkeys(each.meaning for each in columns if each.meaning)
    named |= dict.fromkeys(name for row in rows for name in row.texts)
    parts = [name for name in ("reading_id", "observed_on", "field") if name in named]
    return [*parts, *(name for name in named if name not in PARTS_OF_A_READING)]
