"""minhbach audit explain: one figure of a report, unfolded into the stored events that it rests on."""

from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import print_path, say, writing_to
from shared.cli import fail
from shared.cli.options import DEFAULT_PROVINCE, AsJson, KnownAt, Province, Quarter, Regime, day_option, today
from shared.cli.printing import WIDTH, print_json, print_table
from shared.regimes import DEFAULT_REGIME
from shared.settings import Settings

if TYPE_CHECKING:
    from services.reporting.audit.explaining.explanation import Explanation
    from services.reporting.audit.explaining.sections import Section

MOST_READINGS = 40  # on a terminal; --out has more, --json all


def explain(
    *,
    indicator: Annotated[str, typer.Option(help="mã chỉ số, như trong minhbach indicator list")] = "",
    form: Annotated[str, typer.Option(help="mã biểu mẫu, ví dụ II.06, thay cho --indicator")] = "",
    cell: Annotated[str, typer.Option(help="ô của biểu: lĩnh vực/cột, ví dụ land/5; total/5 là dòng tổng số")] = "",
    commune: Annotated[str, typer.Option(help="mã đơn vị; nếu bỏ trống là số liệu của cả tỉnh, theo từng đơn vị")] = "",
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    known_at: KnownAt = None,
    edition: Annotated[int | None, typer.Option(min=1, help="số liệu của lần công bố này")] = None,
    part: Annotated[
        str, typer.Option(help="phần mà kế hoạch đặt mục tiêu riêng, ghi như trong kế hoạch; đi với --indicator")
    ] = "",
    map_day: Annotated[
        date | None, day_option("--map", help="địa giới của ngày này; nếu bỏ trống là ngày cuối kỳ")
    ] = None,
    regime: Regime = DEFAULT_REGIME,
    out: Annotated[Path | None, typer.Option(help="ghi thành một trang HTML")] = None,
    as_json: AsJson = False,
) -> None:
    """Vì sao một số liệu là như vậy: công thức, chỉ tiêu, địa giới, từng số liệu đã gửi, vị trí và mã băm.

    Mã thoát 1 khi số liệu của báo cáo khác với số tính lại từ kho sự kiện.
    """
    if bool(indicator) == bool(form) or bool(form) != bool(cell):
        fail("Hãy ghi --indicator, hoặc --form và --cell.", 2)
    if part and not indicator:
        fail("Hãy ghi --part cùng với --indicator.", 2)
    if edition and (known_at or map_day):
        fail("Hãy ghi --edition một mình: lần công bố có ngày và địa giới của nó.", 2)
    with opened(role="auditor") as reporting:
        from services.reporting.audit.explaining.basis import WantedReport
        from services.reporting.audit.explaining.explain import Explanations

        explanations = Explanations(Settings.from_env(), reporting, today(reporting.clock))
        wanted = WantedReport(province, quarter, commune or None, known_at, edition, regime, map_day)
        explained = (
            explanations.of_indicator(wanted, indicator, part)
            if indicator
            else explanations.of_cell(wanted, form, cell)
        )
    if out:
        _write_page(explained, out)
    if as_json:
        print_json(explained.model_dump(mode="json") | {"agrees": explained.agrees})
    elif not out:
        _print(explained)
    if not explained.agrees:
        fail("Số liệu của báo cáo khác với số tính lại từ kho sự kiện.")


def _write_page(explained: "Explanation", path: Path) -> None:
    from services.reporting.audit.explaining.page import page_of

    with writing_to(path.parent):
        path.write_text(page_of(explained), encoding="utf-8", newline="\n")
    print_path(path)


def _print(explained: "Explanation") -> None:
    from services.reporting.audit.explaining.sections import heading, sections_of

    paragraph(heading(explained))
    for section in sections_of(explained, MOST_READINGS):
        say(f"\n{section.title.upper()}")
        _print_section(section)


def _print_section(section: "Section") -> None:
    from services.reporting.audit.explaining.sections import place_and_hash
    from shared.vietnamese import number

    for line in section.lines:
        paragraph(line)
    if section.rows:
        numbers = [column for column in section.columns if column in ("Mã", "Số liệu", "Tổng", "Số")]
        print_table(section.columns, section.rows, fixed=numbers)
    for entry in section.entries:
        paragraph(entry.text, "- ", "  ")
        for act, fact in entry.acts:
            paragraph(act, "  · ", "    ")
            paragraph(place_and_hash(fact), "    ", "    ")
    if section.left:
        say(f"… và {number(section.left)} bản khác (--out ghi trang HTML, --json in tất cả).")


def paragraph(text: str, first: str = "", rest: str = "") -> None:
    indent = " " * (len(text) - len(text.lstrip()))
    lines = wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest + indent, break_on_hyphens=False)
    for line in lines:
        say(line)
