"""minhbach report build: writes the report of a period, as known at a date, to files."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import FORMATS, print_path, wanted_formats, writing_to
from shared.cli import chosen, fail
from shared.cli.options import DEFAULT_PROVINCE, KnownAt, Province, Quarter, Regime, day_option, today
from shared.regimes import DEFAULT_REGIME

VERSIONS: dict[str, Literal["then", "now"]] = {"then": "then", "now": "now"}


def build(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    known_at: KnownAt = None,
    commune: Annotated[str, typer.Option(help="mã của xã, phường hoặc đặc khu, nếu lấy báo cáo của riêng đơn vị")] = "",
    regime: Regime = DEFAULT_REGIME,
    definitions: Annotated[
        str, typer.Option(help="then: công thức của kỳ báo cáo; now: công thức của ngày hỏi")
    ] = "then",
    map_day: Annotated[
        date | None, day_option("--map", help="địa giới của ngày này; nếu bỏ trống là ngày cuối kỳ")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="tệp trả lời các tiêu chí của bộ tiêu chí mà không chỉ tiêu nào đo được")
    ] = None,
    formats: Annotated[str, typer.Option("--format", help=f"một hoặc nhiều định dạng: {','.join(FORMATS)}")] = ",".join(
        FORMATS
    ),
    folder: Annotated[Path, typer.Option("--out", help="thư mục để ghi tệp")] = Path("out"),
) -> None:
    """Lập báo cáo của một kỳ theo những gì đã biết đến một ngày."""
    wanted = wanted_formats(formats)
    versions = VERSIONS[chosen(definitions, tuple(VERSIONS), "cách chọn công thức")]
    with opened() as reporting:
        from services.reporting.data_files.answers import read_answers
        from services.reporting.rendering import render

        try:
            report = reporting.report(
                province,
                quarter,
                known_at or today(reporting.clock),
                commune or None,
                regime=regime,
                definitions=versions,
                map_day=map_day,
                answers=read_answers(answers) if answers else {},
            )
        except ValueError as wrong:  # answers to a scorecard that the report does not hold
            fail(str(wrong))
    with writing_to(folder):
        for path in render(report, wanted, folder):
            print_path(path)
