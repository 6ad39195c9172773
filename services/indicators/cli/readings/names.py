"""minhbach readings names | columns: the names that a file may have, and those that a commune adds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from services.indicators.cli.readings.kept_names import kept_names, names_of_machine, with_those_of_province
from shared.cli import chosen, fail, out
from shared.cli.answers import answered, is_at_a_commune
from shared.cli.options import AsJson
from shared.cli.printing import print_json, print_table
from shared.cli.sending import OwnCommune, own_broker, own_commune
from shared.commune_client.outbox import commune_folder
from shared.contracts.indicators import KeepOwnNames, ShowCatalogue
from shared.faults import fault_text

if TYPE_CHECKING:
    from services.indicators.readings_file.names.own import KeptNames

KINDS = ("field", "measure")
PASSED_OVER = "(bỏ qua)"
OF_THE_PROVINCE = "Theo danh mục đang dùng của tỉnh."
OF_THE_PRODUCT = "Theo danh mục chuẩn của Minh Bạch; máy của đơn vị, có NATS_URL, hỏi danh mục đang dùng của tỉnh."

Kind = Annotated[str, typer.Option(help="field (lĩnh vực) hoặc measure (số đo); nếu bỏ trống là cả hai")]
Named = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="TÊN=SỐ_ĐO", help="tên cột của đơn vị và số đo mà cột chứa; dùng được nhiều lần"),
]


def names(kind: Kind = "", as_json: AsJson = False) -> None:
    """Tên lĩnh vực và số đo được dùng trong tệp số liệu, kèm mã; ghi tên hay ghi mã đều được.

    Nếu có NATS_URL thì hỏi danh mục đang dùng của tỉnh, gồm cả những gì tỉnh tự định nghĩa.
    """
    if kind:
        chosen(kind, KINDS, "loại tên")
    is_asked = is_at_a_commune()
    titles = _titles_of_the_province() if is_asked else _titles_of_the_product()
    listed = {one: each for one, each in zip(KINDS, titles, strict=True) if kind in ("", one)}
    if as_json:
        print_json(listed)
        return
    for one, named in listed.items():
        heading = "Lĩnh vực" if one == "field" else "Số đo"
        print_table((heading, "Mã"), [(title, name) for name, title in named.items()], fixed=("Mã",))
        out.print()
    out.print(OF_THE_PROVINCE if is_asked else OF_THE_PRODUCT)


def _titles_of_the_province() -> tuple[Mapping[str, str], Mapping[str, str]]:
    broker, commune = own_broker(None)
    catalogue = answered(broker, ShowCatalogue(commune=commune)).answer
    fields = {each.field: each.name for each in catalogue.fields}
    return fields, {each.measure: each.name for each in catalogue.measures}


def _titles_of_the_product() -> tuple[Mapping[str, str], Mapping[str, str]]:
    from services.indicators.readings_file.names.known import field_titles, measure_titles

    return field_titles(), measure_titles()


def columns(
    *,
    commune: OwnCommune = None,
    column: Named = None,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="TÊN=LĨNH_VỰC", help="tên lĩnh vực của đơn vị và lĩnh vực trong danh mục"),
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="TÊN", help="cột không phải số liệu, bỏ qua khi đọc")
    ] = None,
    forget: Annotated[list[str] | None, typer.Option("--forget", metavar="TÊN", help="xoá tên đã đặt")] = None,
    as_json: AsJson = False,
) -> None:
    """Tên cột và tên lĩnh vực riêng của đơn vị, được nhớ cho các lần gửi sau, từ máy này và trong cổng.

    Cột có hai tầng tiêu đề được viết "Nhóm / Tên cột". Số đo và lĩnh vực được nêu bằng tên hoặc mã trong danh mục
    (minhbach readings names).
    """
    from services.indicators.readings_file.names.own import write_own_names

    commune = own_commune(commune)
    kept = kept_names(commune)
    changed = _changed(kept, column or [], field or [], skip or [], forget or [])
    if changed != kept and is_at_a_commune():
        changed = with_those_of_province(changed, _to_keep(commune, kept, changed))
    try:
        if changed != names_of_machine(commune):
            write_own_names(commune_folder(commune), changed)
    except OSError as fault:
        fail(f"Không ghi được {fault.filename}: {fault_text(fault)}")
    _print(changed, as_json=as_json)


def _to_keep(commune: str, before: "KeptNames", after: "KeptNames") -> KeepOwnNames:
    """What the province is to keep or to forget."""
    names = {*before.columns, *before.fields} - {*after.columns, *after.fields}
    return KeepOwnNames(
        commune=commune,
        columns={name: each for name, each in after.columns.items() if before.columns.get(name) != each},
        fields={name: each for name, each in after.fields.items() if before.fields.get(name) != each},
        forget=tuple(sorted(names)),
    )


def _changed(kept: "KeptNames", column: list[str], field: list[str], skip: list[str], forget: list[str]) -> "KeptNames":
    from services.indicators.readings_file.names.known import Names, field_titles, measure_titles

    known = Names()
    for name in forget:
        if (fewer := kept.without(name)) == kept:
            fail(f"Chưa đặt tên “{name}” bao giờ.")
        kept = fewer
    measures, fields = dict.fromkeys(skip, ""), {}
    for name, value in map(_pair, column):
        found = known.column([value])
        measures[name] = _id(value, found.measure if found else None, measure_titles(), "số đo")
    for name, value in map(_pair, field):
        fields[name] = _id(value, known.field(value), field_titles(), "lĩnh vực")
    try:
        return kept.with_columns(measures).with_fields(fields)
    except ValueError:
        fail("Một tên dài hơn 2000 ký tự, hoặc có hơn 500 tên; hãy xoá bớt bằng --forget.")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.rpartition("=")
    if not separator or not name.strip() or not value.strip():
        fail(f'"{text}": hãy viết như "Hồ sơ vào=files-received"', 2)
    return name.strip(), value.strip()


def _id(written: str, found: str | None, titles: Mapping[str, str], noun: str) -> str:
    if written in titles:
        return written
    if found is None:
        fail(f"“{written}” không phải là {noun} trong danh mục; xem: minhbach readings names", 2)
    return found


def _print(kept: "KeptNames", *, as_json: bool) -> None:
    if as_json:
        print_json(kept.model_dump())
    elif not kept.columns and not kept.fields:
        out.print("Đơn vị chưa đặt tên riêng nào.")
    else:
        rows = [(name, "cột", value or PASSED_OVER) for name, value in kept.columns.items()]
        rows += [(name, "lĩnh vực", value) for name, value in kept.fields.items()]
        print_table(("Tên của đơn vị", "Là tên của", "Mã trong danh mục"), rows, fixed=("Là tên của",))
