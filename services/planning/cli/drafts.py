"""minhbach plan read: a plan document as a plan file, with what a person should look at."""

import json
import os
from contextlib import suppress
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.plans import plan_app
from shared.cli import err, fail
from shared.printing import WIDTH

if TYPE_CHECKING:
    from services.planning.documents.draft import Draft


@plan_app.command("read")
def read(
    document: Annotated[Path, typer.Argument(help="a plan: DOCX, XLSX, PDF or text")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of YAML")] = False,
    out: Annotated[Path | None, typer.Option(help="a file to write instead, in JSON where it ends in .json")] = None,
    force: Annotated[bool, typer.Option("--force", help="let --out overwrite a file")] = False,
) -> None:
    """Read a plan document into a plan file, on standard output; what is doubtful is told beside it."""
    from services.planning.documents.document import UnreadableDocument
    from services.planning.documents.reading import read_document
    from services.planning.documents.writing import as_plan_file, as_yaml

    if out:
        as_json = as_json or out.suffix == ".json"
        if refusal := _refusal(out, document, force):
            fail(f"{out}: {refusal}")
    try:
        draft = read_document(document)
    except UnreadableDocument as unreadable:
        fail(f"{document}: {unreadable}")
    text = json.dumps(as_plan_file(draft), ensure_ascii=False, indent=2) if as_json else as_yaml(draft)
    content = text.rstrip("\n").encode() + b"\n"  # in UTF-8 whatever the terminal is set to
    if out:
        _write(out, content)
    else:
        stream = typer.get_binary_stream("stdout")
        stream.write(content)
        stream.flush()
    if out or not as_json:
        for line in _told(draft):
            err.print(line, markup=False)


def _refusal(out: Path, document: Path, force: bool) -> str | None:
    """Why nothing may be written there; asked before the document is read, which takes its time."""
    if not os.path.lexists(out):  # False for a name that no file can have, which the writing tells
        return None if out.parent.is_dir() else "Không có thư mục này; hãy tạo thư mục hoặc chọn chỗ khác."
    if not out.is_file():
        return "Đây không phải là một tệp thông thường; hãy chọn tên khác."
    if out.resolve() == document.resolve():
        return "Đây chính là tài liệu cần đọc; hãy chọn tên khác."
    return None if force else "Tệp này đã có; hãy chọn tên khác, hoặc thêm --force để ghi đè."


def _write(out: Path, content: bytes) -> None:
    """Beside it first, so that whoever opens the file finds all of it or what it held before."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as fault:
        fail(f"{out}: Không ghi được tệp ({fault.strerror}); hãy kiểm tra quyền ghi và dung lượng ổ đĩa.")
    finally:
        with suppress(OSError):
            beside.unlink()


def _told(draft: "Draft") -> list[str]:
    """Counts and warnings, at most 80 columns wide."""
    warnings = [*draft.warnings, *(warning for task in draft.tasks for warning in task.warnings)]
    counts = f"{len(draft.tasks)} nhiệm vụ, {len(draft.indicators)} chỉ tiêu"
    if not warnings:
        return [f"{counts}; không có điều gì cần xem lại."]
    lines = [f"{counts}; {len(warnings)} điều cần xem lại:"]
    for warning in warnings:
        lines += wrap(warning, WIDTH, initial_indent="- ", subsequent_indent="  ") or ["-"]
    return lines
