"""minhbach commune: who takes part."""

from typing import Annotated

import typer

from services.planning.cli.opened import opened
from services.planning.cli.printing import print_json, print_table
from shared.cli import group, out

commune_app = group("The communes that take part.")


@commune_app.command("register")
def register(
    province: Annotated[str, typer.Option(help="the province's code, such as 51")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Register the communes of a province as they stand from 1/7/2025; safe to run again."""
    with opened() as planning:
        registered = planning.register_communes(province)
        known = len(planning.communes.of(province))
    if as_json:
        print_json({"province": province, "registered": registered, "communes": known})
    else:
        out.print(f"Đã đăng ký thêm {registered} đơn vị; tỉnh {province} có {known} đơn vị.", markup=False)


@commune_app.command("list")
def list_communes(
    province: Annotated[str | None, typer.Option(help="of this province only")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The registered communes, in the order of the Vietnamese alphabet."""
    from shared.vietnamese import collation_key

    with opened() as planning:
        communes = sorted(planning.communes.of(province), key=lambda c: (c.province, collation_key(c.name)))
    if as_json:
        print_json([commune._asdict() for commune in communes])
    else:
        columns = ("Mã", "Tên", "Tỉnh")
        print_table(columns, [(c.code, c.name, c.province) for c in communes], fixed=("Mã",))
