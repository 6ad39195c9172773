"""minhbach commune: who takes part, and what became of whom."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.days import day_in
from services.planning.cli.opened import opened
from shared.cli import group, out
from shared.printing import print_json, print_table

if TYPE_CHECKING:
    from services.planning.domain.commune import Attributes, Commune
    from services.planning.succeeding import Biography

commune_app = group("The communes that take part.")
AsJson = Annotated[bool, typer.Option("--json")]


@commune_app.command("register")
def register(
    province: Annotated[str, typer.Option(help="the province's code, such as 51")],
    with_predecessors: Annotated[
        bool, typer.Option("--with-predecessors", help="also the communes until 30/6/2025, and into whom each went")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Register the communes of a province as they stand from 1/7/2025; safe to run again."""
    with opened() as planning:
        registered = planning.register_communes(province)
        before = planning.succeeding.register_predecessors(province) if with_predecessors else 0
        known = len(planning.communes.of(province))
    if as_json:
        print_json({"province": province, "registered": registered, "predecessors": before, "communes": known})
        return
    out.print(f"Đã đăng ký thêm {registered} đơn vị; tỉnh {province} có {known} đơn vị.", markup=False)
    if with_predecessors:
        out.print(f"Đã ghi thêm {before} đơn vị có trước ngày 1/7/2025 và nơi tiếp nhận.", markup=False)


@commune_app.command("list")
def list_communes(
    province: Annotated[str | None, typer.Option(help="of this province only")] = None,
    on: Annotated[str | None, typer.Option(help="those that there are on this day; all that are not gone")] = None,
    known_at: Annotated[str | None, typer.Option(help="as it was known at the end of this day")] = None,
    as_json: AsJson = False,
) -> None:
    """The registered communes, in the order of the Vietnamese alphabet."""
    from shared.clock import day_of
    from shared.vietnamese import MISSING, collation_key

    day, known = (day_in(text) if text else None for text in (on, known_at))
    with opened() as planning:
        if day or known:
            found = planning.succeeding.listed(day or known or day_of(planning.clock()), province, known)
        else:
            found = planning.communes.of(province)
    communes = sorted(found, key=lambda c: (c.province, collation_key(c.name)))
    if as_json:
        print_json([commune._asdict() for commune in communes])
    else:
        columns = ("Mã", "Tên", "Tỉnh")
        print_table(columns, [(c.code or MISSING, c.name, c.province) for c in communes], fixed=("Mã",))


@commune_app.command("show")
def show(commune: Annotated[str, typer.Argument(help="a commune's code, or its id")], as_json: AsJson = False) -> None:
    """What a commune was called since when, which went into it, and into whom it went."""
    with opened() as planning:
        biography = planning.succeeding.biography(commune)
    if as_json:
        print_json(_said(biography))
    else:
        _show(biography)


def _said(biography: "Biography") -> dict[str, object]:
    from dataclasses import asdict

    commune = biography.commune
    return {
        "commune": commune.commune,
        "said": [asdict(said) for said in commune.spells()],
        "gone_from": commune.gone_from,
        "into": [{"commune": each.commune, "share": share} for each, share in biography.successors],
        "predecessors": [_predecessor(commune, each) for each in biography.predecessors],
    }


def _predecessor(commune: "Commune", each: "Commune") -> dict[str, object]:
    share = next(share for successor, share in each.into if successor == commune.commune)
    whole = len(each.into) == 1
    return {"commune": each.commune, "name": each.spells()[-1].name, "gone_from": each.gone_from, "whole": whole,
            "main": each.into[0][0] == commune.commune, "share": share}  # fmt: skip


def _show(biography: "Biography") -> None:
    from shared.vietnamese import date_text

    commune = biography.commune
    out.print(f"{commune.spells()[-1].name} (mã định danh {commune.commune})", markup=False)
    print_table(("Từ ngày", "Mã", "Tên", "Tỉnh"), [_spell(said) for said in commune.spells()], fixed=("Từ ngày", "Mã"))
    if commune.gone_from:
        names = ", ".join(_named(each, share) for each, share in biography.successors)
        how = "Nhập vào" if len(biography.successors) == 1 else "Chia cho"
        out.print(f"{how} {names} từ ngày {date_text(commune.gone_from)}.", markup=False)
    if biography.predecessors:
        rows = [_row(commune, each) for each in biography.predecessors]
        out.print("Được hình thành từ, hoặc đã tiếp nhận:", markup=False)
        print_table(("Mã định danh", "Tên", "Từ ngày", "Phần"), rows, fixed=("Mã định danh", "Từ ngày"))


def _spell(said: "Attributes") -> tuple[str, ...]:
    from shared.vietnamese import MISSING, date_text

    return date_text(said.in_force_from), said.code or MISSING, said.name, said.province_name


def _row(commune: "Commune", each: "Commune") -> tuple[str, ...]:
    from shared.vietnamese import date_text

    said = _predecessor(commune, each)
    main = "một phần, là nơi tiếp nhận chính" if said["main"] else "một phần"
    part = "toàn bộ" if said["whole"] else main + (f" ({said['share']})" if said["share"] else "")
    return each.commune, str(said["name"]), date_text(each.gone_from), part


def _named(commune: "Commune", share: str | None) -> str:
    name = f"{commune.spells()[0].name} ({commune.commune})"
    return f"{name} với tỷ lệ {share}" if share else name
