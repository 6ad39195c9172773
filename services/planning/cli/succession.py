"""minhbach commune merge, divide, rename, move, establish: changes of communes from a day on."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.planning.cli.commanding import commanded, of_province
from services.planning.cli.communes import commune_app
from services.planning.cli.opening import opened
from shared.cli import fail, out
from shared.cli.options import SignedBy, day_option

if TYPE_CHECKING:
    from shared.contracts import Command

Commune = Annotated[str, typer.Argument(metavar="MÃ", help="mã của đơn vị trước ngày thay đổi, hoặc mã định danh")]
Day = Annotated[date, day_option("--from", help="ngày đầu tiên có hiệu lực, ví dụ 1/7/2026")]
Source = Annotated[str, typer.Option(help="văn bản làm căn cứ, ví dụ 01/NQ-HĐND")]
Code = Annotated[str | None, typer.Option(help="mã mới, nếu mã thay đổi")]
ALREADY = "Việc này đã được ghi trước đó; không có gì thay đổi."


@commune_app.command("merge")
def merge(
    commune: Commune,
    into: Annotated[str, typer.Option(help="đơn vị tiếp nhận: mã, hoặc mã định danh")],
    day: Day,
    source: Source,
    by: SignedBy = None,
) -> None:
    """Nhập một đơn vị vào đơn vị khác. Số liệu của cả hai được giữ nguyên và cộng lại khi báo cáo cần."""
    from shared.contracts.planning import MergeCommune

    done = _changed(MergeCommune, commune, day, source, by, into=[into])
    _print_result(done, f"Đã ghi việc nhập {commune} vào {into} từ ngày", day)


@commune_app.command("divide")
def divide(  # noqa: PLR0917  a command's options
    commune: Commune,
    into: Annotated[list[str], typer.Option(help="một đơn vị tiếp nhận, đơn vị chính trước; ghi nhiều lần")],
    day: Day,
    source: Source,
    share: Annotated[
        list[str] | None, typer.Option(help="tỷ lệ của từng --into theo cùng thứ tự, ví dụ 2/5 hoặc 40%")
    ] = None,
    by: SignedBy = None,
) -> None:
    """Chia một đơn vị cho nhiều đơn vị. Không ghi tỷ lệ thì số liệu tính cho đơn vị tiếp nhận chính."""
    if share and len(share) != len(into):
        fail("Phải ghi --share một lần cho mỗi --into, hoặc không ghi lần nào.", 2)
    from shared.contracts.planning import DivideCommune

    shares = [str(_share(text)) for text in share] if share else None
    done = _changed(DivideCommune, commune, day, source, by, into=into, shares=shares)
    _print_result(done, f"Đã ghi việc chia {commune} cho {', '.join(into)} từ ngày", day)


@commune_app.command("rename")
def rename(  # noqa: PLR0917  a command's options
    commune: Commune,
    day: Day,
    source: Source,
    name: Annotated[str | None, typer.Option(help="tên mới, có cả loại đơn vị, ví dụ “Phường Tịnh Khê”")] = None,
    code: Code = None,
    by: SignedBy = None,
) -> None:
    """Đổi tên hoặc mã của một đơn vị, hoặc cả hai, từ một ngày."""
    if not name and not code:
        fail("Phải ghi tên mới sau --name, mã mới sau --code, hoặc cả hai.", 2)
    from shared.contracts.planning import RenameCommune

    done = _changed(RenameCommune, commune, day, source, by, name=name, code=code)
    _print_result(done, f"Đã ghi tên hoặc mã mới của {commune} từ ngày", day)


@commune_app.command("move")
def move(  # noqa: PLR0917  a command's options
    commune: Commune,
    province: Annotated[str, typer.Option(help="mã của tỉnh mới")],
    day: Day,
    source: Source,
    code: Code = None,
    by: SignedBy = None,
) -> None:
    """Chuyển một đơn vị về tỉnh khác từ một ngày, cùng với mọi số liệu đã có."""
    from shared.contracts.planning import MoveCommune

    done = _changed(MoveCommune, commune, day, source, by, province=province, code=code)
    _print_result(done, f"Đã ghi việc chuyển {commune} về tỉnh {province} từ ngày", day)


@commune_app.command("establish")
def establish(
    code: Annotated[str, typer.Argument(metavar="MÃ", help="mã; đơn vị khác có thể đã mang mã này trước đây")],
    name: Annotated[str, typer.Option(help="tên, có cả loại đơn vị, ví dụ “Xã Tịnh Khê”")],
    province: Annotated[str, typer.Option(help="mã tỉnh, ví dụ 51")],
    day: Day,
    by: SignedBy = None,
) -> None:
    """Đăng ký một đơn vị chưa có trong danh mục, từ một ngày."""
    if not code.isascii() or not code.isalnum() or len(code) > 20:
        fail(f'"{code}" không phải là mã; mã chỉ gồm chữ và số, nhiều nhất 20 ký tự.', 2)
    from shared.contracts.planning import EstablishCommune

    with opened() as planning:
        changed = commanded(
            planning, of_province(province), EstablishCommune, by, code=code, name=name, in_force_from=day
        )
    _print_result(bool(changed.new), f"Đã đăng ký {name} (mã {code}) từ ngày", day)


def _changed(
    kind: "type[Command]",
    commune: str,
    day: date,
    source: str,
    by: str | None,
    *,
    into: list[str] | None = None,
    shares: list[str] | None = None,
    **fields: Any,
) -> bool:
    """The message names communes by their ids, the terminal by codes: of the day before, successors of the day."""
    if not source.strip():
        fail("Chưa ghi văn bản làm căn cứ.")
    with opened() as planning:
        identity = planning.succession.identity
        scope, successors = identity(commune, day - timedelta(days=1)), [identity(each, day) for each in into or ()]
        if shares or len(successors) > 1:
            fields["into"] = [
                {"commune": each, "share": share} for each, share in zip_longest(successors, shares or ())
            ]
        elif successors:
            fields["into"] = successors[0]
        return bool(commanded(planning, scope, kind, by, in_force_from=day, source=source, **fields).new)


def _print_result(done: bool, sentence: str, day: date) -> None:
    from shared.vietnamese import date_text

    out.print(f"{sentence} {date_text(day)}." if done else ALREADY, markup=False)


def _share(text: str) -> Fraction:
    from services.planning.domain.communes.rules import share_in

    share = share_in(text)
    if share is None:
        fail(f'"{text}" không phải là tỷ lệ; hãy viết như 2/5, 0.4 hoặc 40%.', 2)
    return share
