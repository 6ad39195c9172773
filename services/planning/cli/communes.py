"""minhbach commune register, list and show: the communes that take part, and the history of each."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.commanding import commanded, of_province
from services.planning.cli.opening import opened
from shared.cli import group, out
from shared.cli.options import AsJson, KnownAt, Province, SignedBy, day_option
from shared.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from services.planning.application.succession import CommuneHistory
    from services.planning.domain.communes.commune import Commune
    from services.planning.domain.communes.state import Attributes

commune_app = group("Các xã, phường, đặc khu tham gia.")


@commune_app.command("register")
def register(
    province: Province,
    with_predecessors: Annotated[
        bool, typer.Option("--with-predecessors", help="cả các đơn vị có đến ngày 30/6/2025 và nơi tiếp nhận")
    ] = False,
    as_json: AsJson = False,
    by: SignedBy = None,
) -> None:
    """Đăng ký các đơn vị của một tỉnh như từ ngày 1/7/2025; chạy lại không thay đổi gì thêm."""
    from shared.contracts.planning import RegisterCommunes

    with opened() as planning:
        fields = {"with_predecessors": with_predecessors}
        registered, before = commanded(planning, of_province(province), RegisterCommunes, by, **fields).result
        known = len(planning.communes.of(province))
    if as_json:
        print_json({"province": province, "registered": registered, "predecessors": before, "communes": known})
        return
    out.print(f"Đã đăng ký thêm {registered} đơn vị; tỉnh {province} có {known} đơn vị.", markup=False)
    if with_predecessors:
        out.print(f"Đã ghi thêm {before} đơn vị có trước ngày 1/7/2025 và nơi tiếp nhận.", markup=False)


@commune_app.command("list")
def list_communes(
    province: Annotated[str | None, typer.Option(help="chỉ các đơn vị của tỉnh có mã này")] = None,
    on: Annotated[date | None, day_option(help="những đơn vị có trong ngày này; nếu bỏ trống là đang có")] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Các đơn vị đã đăng ký, theo thứ tự chữ cái."""
    from shared.vietnamese import MISSING, collation_key

    with opened() as planning:
        if day := on or known_at:
            found = planning.succession.listed(day, province, known_at)
        else:
            found = planning.communes.of(province)
    communes = sorted(found, key=lambda c: (c.province, collation_key(c.name)))
    if as_json:
        print_json([commune._asdict() for commune in communes])
    else:
        columns = ("Mã", "Tên", "Tỉnh")
        print_table(columns, [(c.code or MISSING, c.name, c.province) for c in communes], fixed=("Mã",))


@commune_app.command("show")
def show(commune: Annotated[str, typer.Argument(metavar="MÃ", help="mã của đơn vị")], as_json: AsJson = False) -> None:
    """Tên, mã, tỉnh của một đơn vị qua các thời kỳ, các đơn vị đã nhập vào và nơi tiếp nhận."""
    with opened() as planning:
        history = planning.succession.history(commune)
    if as_json:
        print_json(_fields(history))
    else:
        _show(history)


def _fields(history: "CommuneHistory") -> dict[str, object]:
    from dataclasses import asdict

    commune = history.commune
    return {
        "commune": commune.commune,
        "spells": [asdict(spell) for spell in commune.spells()],
        "gone_from": commune.gone_from,
        "into": [{"commune": each.commune, "share": share} for each, share in history.successors],
        "predecessors": [_predecessor(commune, each) for each in history.predecessors],
    }


def _predecessor(commune: "Commune", each: "Commune") -> dict[str, object]:
    share = next(share for successor, share in each.into if successor == commune.commune)
    whole = len(each.into) == 1
    return {"commune": each.commune, "name": each.spells()[-1].name, "gone_from": each.gone_from, "whole": whole,
            "main": each.into[0][0] == commune.commune, "share": share}  # fmt: skip


def _show(history: "CommuneHistory") -> None:
    from shared.vietnamese import date_text

    commune = history.commune
    out.print(f"{commune.spells()[-1].name} (mã định danh {commune.commune})", markup=False)
    print_table(
        ("Từ ngày", "Mã", "Tên", "Tỉnh"), [_spell(spell) for spell in commune.spells()], fixed=("Từ ngày", "Mã")
    )
    if commune.gone_from:
        names = ", ".join(_named(each, share) for each, share in history.successors)
        how = "Nhập vào" if len(history.successors) == 1 else "Chia cho"
        out.print(f"{how} {names} từ ngày {date_text(commune.gone_from)}.", markup=False)
    if history.predecessors:
        rows = [_row(commune, each) for each in history.predecessors]
        out.print("Được hình thành từ, hoặc đã tiếp nhận:", markup=False)
        print_table(("Mã định danh", "Tên", "Từ ngày", "Phần"), rows, fixed=("Mã định danh", "Từ ngày"))


def _spell(spell: "Attributes") -> tuple[str, ...]:
    from shared.vietnamese import MISSING, date_text

    return date_text(spell.in_force_from), spell.code or MISSING, spell.name, spell.province_name


def _row(commune: "Commune", each: "Commune") -> tuple[str, ...]:
    from shared.vietnamese import date_text

    fields = _predecessor(commune, each)
    main = "một phần, là nơi tiếp nhận chính" if fields["main"] else "một phần"
    part = "toàn bộ" if fields["whole"] else main + (f" ({fields['share']})" if fields["share"] else "")
    return each.commune, str(fields["name"]), date_text(each.gone_from), part


def _named(commune: "Commune", share: str | None) -> str:
    name = f"{commune.spells()[0].name} ({commune.commune})"
    return f"{name} với tỷ lệ {share}" if share else name
