"""minhbach plan read: reads a plan document into a plan file, with warnings for a person to check."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.plans import plan_app
from shared.cli import err, fail
from shared.cli.printing import wrapped
from shared.faults import fault_text

OF_THE_PROVINCE = "Chỉ tiêu được gắn theo danh mục đang dùng của tỉnh."
OF_THE_PRODUCT = "Chỉ tiêu được gắn theo danh mục chuẩn của Minh Bạch, vì: {why}."

if TYPE_CHECKING:
    from services.planning.documents.draft import Draft
    from services.planning.target_binding.names import IndicatorNames


@plan_app.command("read")
def read(
    document: Annotated[
        Path, typer.Argument(metavar="TỆP", help="văn bản kế hoạch: DOCX, XLSX, PDF hoặc văn bản thuần")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="in dạng JSON thay cho YAML")] = False,
    out: Annotated[Path | None, typer.Option(help="ghi ra tệp này; là JSON nếu tên tệp kết thúc bằng .json")] = None,
    force: Annotated[bool, typer.Option("--force", help="cho phép --out ghi đè một tệp")] = False,
) -> None:
    """Đọc văn bản kế hoạch thành tệp kế hoạch, in ra màn hình, kèm những điều cần xem lại."""
    from services.planning.documents.draft_reader import read_document
    from services.planning.documents.draft_writer import as_plan_file, as_yaml
    from shared.office_files.unreadable import UnreadableDocument

    if out:
        as_json = as_json or out.suffix == ".json"
        if refusal := _refusal(out, document, force):
            fail(f"{out}: {refusal}")
    try:
        names, source = _names_and_source()
        draft = read_document(document, names)
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
        for line in [*_summary(draft), *([source] if draft.indicators else [])]:
            err.print(line, markup=False, soft_wrap=True)


def _names_and_source() -> tuple["IndicatorNames | None", str]:
    """The names of the province's catalogue where it answers, else None for those of the product, and a sentence."""
    from services.planning.target_binding.names import indicator_names
    from shared.cli.answers import answered_or_why, is_at_a_commune
    from shared.commune_client.broker import Broker
    from shared.contracts.indicators import ShowCatalogue
    from shared.settings import SettingsError

    if not is_at_a_commune():
        return None, OF_THE_PRODUCT.format(why="chưa đặt NATS_URL để hỏi danh mục của tỉnh")
    try:
        broker = Broker.from_env()
        found = answered_or_why(broker, ShowCatalogue(commune=broker.commune or ""))
    except SettingsError as wrong:
        found = wrong.vietnamese
    except ValueError:
        found = "chưa rõ đơn vị nào; hãy đặt MINHBACH_COMMUNE"
    if isinstance(found, str):
        return None, OF_THE_PRODUCT.format(why=found.rstrip("."))
    indicators = {each.indicator: each.name for each in found.answer.indicators}
    fields = {each.field: each.name for each in found.answer.fields}
    return indicator_names().of_catalogue(indicators, fields), OF_THE_PROVINCE


def _refusal(out: Path, document: Path, force: bool) -> str | None:
    """Why the file may not be written; checked before the document is read, which takes its time."""
    if not os.path.lexists(out):  # False for a name that no file can have, which the writing reports
        return None if out.parent.is_dir() else "Không có thư mục này; hãy tạo thư mục hoặc chọn chỗ khác."
    if not out.is_file():
        return "Đây không phải là một tệp thông thường; hãy chọn tên khác."
    if out.resolve() == document.resolve():
        return "Đây chính là tài liệu cần đọc; hãy chọn tên khác."
    return None if force else "Tệp này đã có; hãy chọn tên khác, hoặc thêm --force để ghi đè."


def _write(out: Path, content: bytes) -> None:
    """Write beside the file first and replace it, so that a reader finds either version as a whole."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as fault:
        fail(f"{out}: Không ghi được tệp ({fault_text(fault)}); hãy kiểm tra quyền ghi và dung lượng ổ đĩa.")
    finally:
        with suppress(OSError):
            beside.unlink()


def _summary(draft: "Draft") -> list[str]:
    """Counts and warnings, at most 80 columns wide."""
    warnings = [*draft.warnings, *(warning for task in draft.tasks for warning in task.warnings)]
    bound = sum(target.indicator is not None for target in draft.indicators)
    measured = f" ({bound} gắn với chỉ số)" if draft.indicators else ""
    counts = f"{len(draft.tasks)} nhiệm vụ, {len(draft.indicators)} chỉ tiêu{measured}"
    if not warnings:
        return [f"{counts}; không có điều gì cần xem lại."]
    lines = [f"{counts}; {len(warnings)} điều cần xem lại:"]
    for warning in warnings:
        lines += wrapped(warning)
    return lines
