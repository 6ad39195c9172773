"""minhbach report narrative: the sections of a province's report that a person writes."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from services.reporting.cli.commanding import of_province
from services.reporting.cli.opening import opened
from services.reporting.cli.printing import say
from shared.cli import chosen, fail
from shared.cli.options import DEFAULT_PROVINCE, AsJson, Province, Quarter, Regime
from shared.cli.printing import print_json, print_table
from shared.faults import fault_text
from shared.regimes import DEFAULT_REGIME

SECTIONS = {"danh-gia": "assessment", "phuong-huong": "next-period", "kien-nghi": "proposals"}
LARGEST = 200_000  # bytes of a file with a section's text

Texts = Annotated[
    list[str],
    typer.Option(
        "--section",
        metavar="PHẦN=NỘI DUNG",
        help=f"phần tự viết của báo cáo: {', '.join(SECTIONS)}; “PHẦN=@TỆP” lấy nội dung từ một tệp văn bản; ghi được "
        "nhiều lần",
    ),
]


def narrative(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    texts: Texts = [],  # noqa: B006  typer makes a list of its own of it
    by: Annotated[str, typer.Option(help="người viết")] = "",
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Viết các phần của báo cáo tỉnh mà người lập báo cáo tự viết; không có --section thì xem các phần đã viết.

    Phần để trống (--section danh-gia=) là bỏ nội dung đã viết. Mỗi lần viết được lưu với người viết và ngày viết.
    """
    from shared.contracts.reporting import WriteNarrative

    given = sections_in(texts)
    if given and not by.strip():
        fail("Cần ghi người viết: --by", 2)
    with opened() as reporting:
        if given:
            fields = {"regime": regime, "period": quarter.name, "sections": given}
            receipt = of_province(reporting, province, WriteNarrative, by, **fields)
            if not as_json:
                done = "Đã ghi các phần viết" if receipt.accepted else "Không có gì thay đổi ở các phần viết"
                say(f"{done} của báo cáo {quarter.vietnamese}, tỉnh {province}.")
                return
        written = reporting.narrative(province, quarter, regime=regime)
    if as_json:
        print_json([asdict(each) for each in written])
        return
    from services.reporting.rendering.text.sections import title
    from shared.vietnamese import date_text, person_text

    rows = [
        (
            title(each.section),
            date_text(each.written_on),
            person_text(each.by, each.by_account),
            each.text or "(bỏ nội dung)",
        )
        for each in written
    ]
    if rows:
        print_table(("Phần", "Ngày viết", "Người viết", "Nội dung"), rows, fixed=("Ngày viết",))
    else:
        say(f"Báo cáo {quarter.vietnamese}, tỉnh {province}, chưa có phần nào được viết.")


def sections_in(texts: list[str]) -> dict[str, str]:
    """The texts by section. Ends the command (2) for an unknown section, or a file that cannot be read."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, content = text.partition("=")
        if not equals:
            fail(f'"{text}" thiếu dấu "="; hãy viết PHẦN=NỘI DUNG, ví dụ danh-gia=@danh-gia.txt', 2)
        section = SECTIONS[chosen(name.strip(), tuple(SECTIONS), "phần của báo cáo")]
        found[section] = _content_of(Path(content[1:])) if content.startswith("@") else content
    return found


def _content_of(file: Path) -> str:
    try:
        with file.open("rb") as opened_file:
            content = opened_file.read(LARGEST + 1)
        return content.decode("utf-8-sig") if len(content) <= LARGEST else fail(f"{file}: tệp lớn hơn 200 kB")
    except OSError as unreadable:
        fail(f"{file}: không đọc được tệp ({fault_text(unreadable)})")
    except UnicodeDecodeError:
        fail(f"{file}: không phải là tệp văn bản UTF-8")
