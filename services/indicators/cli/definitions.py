"""minhbach indicator: define, revise and list the fields, measures and indicators."""

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unicodedata import normalize

import typer

from services.indicators.catalogue import STANDARD, CatalogueErrors, read_catalogue
from services.indicators.domain.definition_rules import KINDS, TITLES, DefinitionRefused
from shared.cli import chosen, fail, group, opening, out
from shared.cli.options import AsJson, KnownAt, SignedBy, day_option, today

if TYPE_CHECKING:
    from services.indicators.application import Indicators
    from shared.grants import Actor

indicator_app = group("Danh mục lĩnh vực, số đo và chỉ số.")

Formula = Annotated[str, typer.Option(help="mã các số đo được cộng lại, ví dụ files-resolved,files-pending")]
Kind = Annotated[str, typer.Option(help="field (lĩnh vực), measure (số đo) hoặc indicator (chỉ số)")]


@indicator_app.command("define")
def define(
    file: Annotated[
        Path, typer.Argument(metavar="TỆP", help="tệp danh mục; nếu bỏ trống là danh mục chuẩn")
    ] = STANDARD,
    by: SignedBy = None,
) -> None:
    """Định nghĩa hoặc sửa đổi lĩnh vực, số đo và chỉ số theo tệp danh mục; chạy lại không đổi gì thêm."""
    try:
        entries = read_catalogue(file)
    except CatalogueErrors as wrong:
        fail(wrong.errors)
    from services.indicators.application import command_of

    with _indicators() as indicators:
        changed = indicators.decide_definitions(command_of(entries), _actor(by))
    out.print(f"Đã đọc {len(entries)} định nghĩa, trong đó {changed} định nghĩa mới hoặc được sửa đổi.")


@indicator_app.command("revise")
def revise(  # noqa: PLR0917  a command's options
    name: Annotated[str, typer.Argument(metavar="MÃ", help="mã chỉ số, ví dụ files-on-time")],
    in_force_from: Annotated[date, day_option(help="ngày đầu tiên có hiệu lực")],
    source: Annotated[str, typer.Option(help="căn cứ: văn bản quy định, kèm điều, khoản")],
    numerator: Formula = "",
    denominator: Formula = "",
    zero: Annotated[
        str, typer.Option(help="mẫu số bằng 0: zero (tính 0 %), full (tính 100 %), undefined (không tính)")
    ] = "",
    direction: Annotated[str, typer.Option(help="higher (càng cao càng tốt) hoặc lower (càng thấp càng tốt)")] = "",
    title: Annotated[str, typer.Option("--name", help="tên in trong báo cáo")] = "",
    by: SignedBy = None,
) -> None:
    """Ban hành phiên bản khác của một chỉ số, có hiệu lực từ một ngày; phần không nêu giữ như ngày đó."""
    given = {
        "source": normalize("NFC", source),
        "name": normalize("NFC", title),
        "numerator": _ids(numerator),
        "denominator": _ids(denominator),
        "zero_denominator": zero,
        "direction": direction,
    }
    with _indicators() as indicators:
        version, is_new = indicators.revise_indicator(
            name, {part: value for part, value in given.items() if value}, in_force_from, _actor(by)
        )
    if is_new:
        out.print(f"{name}: phiên bản {version}, có hiệu lực từ {_printed(in_force_from)}.", markup=False)
    else:
        out.print(f"Không có gì thay đổi: từ {_printed(in_force_from)}, {name} đã được quy định như vậy.", markup=False)


@indicator_app.command("list")
def list_definitions(
    known_at: KnownAt = None,
    on: Annotated[
        date | None, day_option(help="xem các phiên bản có hiệu lực ngày này; nếu bỏ trống là hôm nay")
    ] = None,
    kind: Kind = "indicator",
    as_json: AsJson = False,
) -> None:
    """Phiên bản có hiệu lực của mỗi chỉ số vào một ngày, theo sổ đến hết một ngày."""
    from services.indicators.cli.listing import print_list, print_versions_json

    chosen(kind, KINDS, "loại định nghĩa")
    with _indicators() as indicators:
        now = today(indicators.clock)
        known, day = known_at or now, on or now
        found = [(d.name, v) for d in indicators.definitions_known_at(known, kind) if (v := d.in_force_on(day))]
    if as_json:
        print_versions_json(kind, found)
        return
    out.print(
        f"{len(found)} {TITLES[kind].lower()} có hiệu lực ngày {_printed(day)},"
        f" theo sổ đến hết ngày {_printed(known)}:\n"
    )
    print_list(found)


@indicator_app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="MÃ", help="mã, ví dụ files-on-time")],
    known_at: KnownAt = None,
    kind: Kind = "indicator",
    as_json: AsJson = False,
) -> None:
    """Mọi phiên bản của một chỉ số, số đo hoặc lĩnh vực, kèm ngày ghi nhận và căn cứ."""
    from services.indicators.cli.listing import print_versions, print_versions_json

    chosen(kind, KINDS, "loại định nghĩa")
    with _indicators() as indicators:
        now = today(indicators.clock)
        known = known_at or now
        found = indicators.definitions_known_at(known, kind, [name])
    if not found:
        fail(
            f"{TITLES[kind]} {name} chưa được định nghĩa tính đến hết ngày {_printed(known)};"
            f" xem: minhbach indicator list --kind {kind}"
        )
    if as_json:
        print_versions_json(kind, [(name, version) for version in found[0].versions])
    else:
        print_versions(found[0], now)


def _indicators() -> "AbstractContextManager[Indicators]":
    from services.indicators.application import Indicators

    return opening.opened("indicators", Indicators, DefinitionRefused)


def _actor(by: str | None) -> "Actor | None":
    from shared.grants import Actor

    return Actor(by) if by else None


def _ids(text: str) -> list[str]:
    return [name.strip() for name in text.replace("+", ",").split(",") if name.strip()]


def _printed(day: date) -> str:
    from shared.vietnamese import date_text

    return date_text(day)
