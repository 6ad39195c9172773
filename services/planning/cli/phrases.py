"""minhbach schedule read and target read: how a schedule or a target phrase is understood."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from shared.cli import fail, group, out
from shared.cli.options import AsJson, day_option
from shared.cli.printing import print_json

if TYPE_CHECKING:
    from services.planning.plan_file import Milestone

schedule_app = group("Cách hiểu cụm từ chỉ thời gian trong kế hoạch.")
target_app = group("Cách hiểu cụm từ chỉ mục tiêu trong kế hoạch.")

LONGEST = 10_000  # characters


# A callback keeps `read` a command of its own: typer makes a single command the whole program.
@schedule_app.callback()
def schedules() -> None:
    """Cách hiểu cụm từ chỉ thời gian trong kế hoạch."""


@target_app.callback()
def targets() -> None:
    """Cách hiểu cụm từ chỉ mục tiêu trong kế hoạch."""


@schedule_app.command("read")
def read_schedule_phrase(
    phrase: Annotated[
        str, typer.Argument(metavar="CỤM_TỪ", help="cụm từ như in trong kế hoạch, ví dụ “Quý III năm 2025”")
    ],
    year: Annotated[int, typer.Option(min=2000, max=2100, help="năm của kế hoạch")],
    first: Annotated[date | None, day_option("--from", help="ngày đầu của kế hoạch, nếu không phải 1 tháng 1")] = None,
    last: Annotated[
        date | None, day_option("--until", help="ngày cuối của kế hoạch, nếu không phải 31 tháng 12")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Đọc cụm từ chỉ thời gian thành các mốc, kèm những điều cần xem lại."""
    from services.planning.phrases.schedules import read_schedule, schedule_in_words

    _refuse_too_long(phrase)
    reading = read_schedule(phrase, year, _span(year, first, last))
    if as_json:
        milestones = [milestone.model_dump(by_alias=True, mode="json") for milestone in reading.milestones]
        print_json({"phrase": phrase, "year": year, "milestones": milestones, "warnings": reading.warnings})
        return
    for milestone in reading.milestones:
        out.print(schedule_in_words([milestone]) + _dates(milestone), markup=False, soft_wrap=True)
    _print_warnings(reading.warnings)


@target_app.command("read")
def read_target_phrase(
    phrase: Annotated[str, typer.Argument(metavar="CỤM_TỪ", help="cụm từ, ví dụ “Tối thiểu 60%”")],
    unit: Annotated[str | None, typer.Option(help="đơn vị tính của dòng đó, ví dụ %")] = None,
    as_json: AsJson = False,
) -> None:
    """Đọc cụm từ chỉ mục tiêu thành các mức, kèm những điều cần xem lại."""
    from services.planning.phrases.targets import read_target, target_in_words

    _refuse_too_long(phrase)
    reading = read_target(phrase, unit)
    if as_json:
        target = reading.target.model_dump(mode="json", exclude_none=True) if reading.target else None
        print_json(
            {
                "phrase": phrase,
                "target": target,
                "target_text": reading.target_text,
                "unit": reading.unit,
                "scope": reading.scope,
                "warnings": reading.warnings,
            }
        )
        return
    out.print(target_in_words(reading), markup=False)
    _print_warnings(reading.warnings)


def _refuse_too_long(phrase: str) -> None:
    from shared.vietnamese import number

    if len(phrase) > LONGEST:
        fail(f"Cụm từ dài {number(len(phrase))} ký tự; chỉ đọc được nhiều nhất {number(LONGEST)} ký tự.", 2)


def _span(year: int, first: date | None, last: date | None) -> tuple[date, date]:
    from shared.vietnamese import date_text

    span = first or date(year, 1, 1), last or date(year, 12, 31)
    if span[0] > span[1]:
        fail(f"Ngày cuối của kế hoạch ({date_text(span[1])}) ở trước ngày đầu ({date_text(span[0])}).", 2)
    return span


def _dates(milestone: "Milestone") -> str:
    """The first and the last day, or the one that is suggested, behind the words."""
    from shared.vietnamese import date_text

    days = [getattr(milestone, name, None) for name in ("from_", "due", "until", "suggestion")]
    named = [date_text(day) for day in days if day]
    return f" [{' – '.join(named)}]" if named else ""


def _print_warnings(warnings: Iterable[str]) -> None:
    for warning in warnings:
        out.print(f"Lưu ý: {warning}", markup=False, soft_wrap=True)
