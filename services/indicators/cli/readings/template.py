"""minhbach readings template: an empty sheet to fill in and push."""

from pathlib import Path
from typing import Annotated

import typer

from services.indicators.cli.readings.files import measure_named
from shared.cli import fail, out
from shared.faults import fault_text


def template(
    file: Annotated[Path, typer.Option("--out", metavar="TỆP", help="tệp XLSX được tạo")],
    *,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="SỐ_ĐO", help="một cột số liệu: tên hoặc mã; dùng được nhiều lần"),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="một cột cho mỗi số đo của danh mục")] = False,
) -> None:
    """Tạo tệp mẫu để ghi số liệu: tiêu đề tiếng Việt, danh sách để chọn, ô được kiểm tra, trang hướng dẫn.

    Nếu không nêu số đo nào, tệp có các số đo tính theo lĩnh vực, trong đó có mọi cột của Biểu II.06.
    """
    from services.indicators.readings_file.names.known import measure_titles
    from services.indicators.readings_file.template import measures_by_field, write_template

    if file.suffix.lower() != ".xlsx":
        fail(f"{file}: tên tệp phải kết thúc bằng .xlsx", 2)
    if file.exists():
        fail(f"{file}: đã có tệp này; hãy chọn tên khác để không mất số liệu đã ghi")
    chosen = dict.fromkeys(measure_named(one) for one in measure or [])
    try:
        write_template(file, list(measure_titles() if everything else chosen or measures_by_field()))
    except OSError as fault:
        fail(f"{file}: không ghi được ({fault_text(fault)})")
    out.print(f"Đã tạo {file}; điền xong, gửi bằng: minhbach readings push {file}", soft_wrap=True)
