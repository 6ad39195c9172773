"""Options and arguments that the commands of several services share, and how days and periods are typed."""

import re
from datetime import date
from typing import Annotated, Any
from unicodedata import normalize

import typer

from shared.cli import fail
from shared.clock import Clock, day_of
from shared.periods import Period, quarter_number
from shared.vietnamese import written_day

DEFAULT_PROVINCE = "51"

QUARTER = re.compile(r"(?:quý|quy|q) ?(iv|i{1,3}|[1-4]) ?[/-] ?([0-9]{4})")
MONTH = re.compile(r"(?:tháng|thang|t)? ?([0-9]{1,2}) ?[/-] ?([0-9]{4})")


def day_in(text: str) -> date:
    """`2025-09-14`, `14/9/2025`, `14-9-2025` or `14.9.2025`. Ends the command (2) where it is none of them."""
    try:
        day = written_day(text)
    except ValueError:
        fail(f'"{text}" không có trong lịch', 2)
    if day is None:
        fail(f'"{text}" không phải là ngày; hãy viết như 2025-09-14 hoặc 14/9/2025', 2)
    return day


def period_in(text: str) -> Period:
    """As `Period.parse`, or `quý III/2025`, `Q3/2025`, `tháng 7/2025`. Ends the command (2) where it is none."""
    try:
        return Period.parse(_period_name(text))
    except ValueError:
        fail(
            f'"{text}" không phải là kỳ báo cáo; hãy viết 2025-Q3, 2025-M07, 2025-H1, 2025-9M, 2025,'
            " quý III/2025 hoặc tháng 7/2025",
            2,
        )


def _period_name(text: str) -> str:
    """A period in Vietnamese words by its name; anything else as it is."""
    words = " ".join(normalize("NFC", text).casefold().split())
    if quarter := QUARTER.fullmatch(words):
        return Period("quarter", int(quarter[2]), 3 * quarter_number(quarter[1])).name
    if month := MONTH.fullmatch(words):
        return Period("month", int(month[2]), int(month[1])).name
    return text


def day_option(*names: str, help: str) -> Any:  # noqa: A002  typer's own name
    """An option whose value is a day; the command receives a `date`."""
    return typer.Option(*names, parser=day_in, metavar="NGÀY", help=help)


def today(clock: Clock) -> date:
    """Today in Viet Nam."""
    return day_of(clock())


AsJson = Annotated[bool, typer.Option("--json", help="in dạng JSON, cho chương trình khác đọc")]
OperatorsAsJson = Annotated[bool, typer.Option("--json", help="print JSON, for another program")]
By = Annotated[str, typer.Option(help="người thực hiện")]
SignedBy = Annotated[str | None, typer.Option(help="người ký; ghi lại là tên được gõ, không phải tài khoản")]
Commune = Annotated[str, typer.Option(help="mã của xã, phường hoặc đặc khu")]
KnownAt = Annotated[
    date | None, day_option(help="theo những gì đã biết đến hết ngày này, giờ Việt Nam; nếu bỏ trống là hôm nay")
]
Province = Annotated[str, typer.Option(help="mã tỉnh, ví dụ 51")]
Quarter = Annotated[
    Period, typer.Option(parser=period_in, metavar="KỲ", help="kỳ báo cáo: 2025-Q3, 2025-M07, 2025-H1, 2025-9M, 2025")
]
Regime = Annotated[str, typer.Option("--regime", help="chế độ báo cáo")]
