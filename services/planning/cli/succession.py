"""minhbach commune merge, divide, rename, move, establish: what becomes of communes from a day on."""

from fractions import Fraction
from typing import Annotated

import typer

from services.planning.cli.communes import commune_app
from services.planning.cli.days import day_in
from services.planning.cli.opened import opened
from shared.cli import fail, out

Commune = Annotated[str, typer.Argument(help="a commune's code on the day before, or its id")]
Day = Annotated[str, typer.Option("--from", help="the first day on which it is so, such as 1/7/2026")]
Source = Annotated[str, typer.Option(help="the act, such as 01/NQ-HĐND")]
Code = Annotated[str | None, typer.Option(help="its new code, where it has another")]
ALREADY = "Việc này đã được ghi trước đó; không có gì thay đổi."


@commune_app.command("merge")
def merge(
    commune: Commune,
    into: Annotated[str, typer.Option(help="the commune that it becomes a part of: code or id")],
    day: Day,
    source: Source,
) -> None:
    """A commune becomes a part of another. What both counted stays, and is summed where it is asked for."""
    from_day = day_in(day)
    with opened() as planning:
        done = planning.succeeding.merge(commune, into, from_day, source)
    _tell(done, f"Đã ghi việc nhập {commune} vào {into} từ ngày", day)


@commune_app.command("divide")
def divide(
    commune: Commune,
    into: Annotated[list[str], typer.Option(help="a successor, the main one first; given once for each")],
    day: Day,
    source: Source,
    share: Annotated[
        list[str] | None, typer.Option(help="the share of each --into in the same order, such as 2/5 or 40%")
    ] = None,
) -> None:
    """A commune becomes parts of several. Without shares all that it counted is counted in the main successor."""
    if share and len(share) != len(into):
        fail("give --share once for each --into, or not at all", 2)
    shares = [_share(text) for text in share] if share else [None] * len(into)
    from_day = day_in(day)
    with opened() as planning:
        done = planning.succeeding.divide(commune, list(zip(into, shares, strict=True)), from_day, source)
    _tell(done, f"Đã ghi việc chia {commune} cho {', '.join(into)} từ ngày", day)


@commune_app.command("rename")
def rename(
    commune: Commune,
    day: Day,
    source: Source,
    name: Annotated[str | None, typer.Option(help='its new name with its kind, such as "Phường Tịnh Khê"')] = None,
    code: Code = None,
) -> None:
    """A commune has another name from a day on, or another code, or both."""
    if not name and not code:
        fail("say the new name with --name, the new code with --code, or both", 2)
    from_day = day_in(day)
    with opened() as planning:
        done = planning.succeeding.rename(commune, name, code, from_day, source)
    _tell(done, f"Đã ghi tên hoặc mã mới của {commune} từ ngày", day)


@commune_app.command("move")
def move(
    commune: Commune,
    province: Annotated[str, typer.Option(help="the code of the province that it belongs to from then on")],
    day: Day,
    source: Source,
    code: Code = None,
) -> None:
    """A commune belongs to another province from a day on, with all that it ever counted."""
    from_day = day_in(day)
    with opened() as planning:
        done = planning.succeeding.move(commune, province, code, from_day, source)
    _tell(done, f"Đã ghi việc chuyển {commune} về tỉnh {province} từ ngày", day)


@commune_app.command("establish")
def establish(
    code: Annotated[str, typer.Argument(help="its code; another commune may have had it before")],
    name: Annotated[str, typer.Option(help='its name with its kind, such as "Xã Tịnh Khê"')],
    province: Annotated[str, typer.Option(help="the province's code, such as 51")],
    day: Day,
) -> None:
    """A commune that the register does not know takes part from a day on."""
    if not code.isascii() or not code.isalnum() or len(code) > 20:
        fail(f'"{code}" is no code: letters and digits, at most 20', 2)
    from_day = day_in(day)
    with opened() as planning:
        done = planning.succeeding.establish(code, name, province, from_day)
    _tell(done, f"Đã đăng ký {name} (mã {code}) từ ngày", day)


def _tell(done: bool, sentence: str, day: str) -> None:
    from shared.vietnamese import date_text

    out.print(f"{sentence} {date_text(day_in(day))}." if done else ALREADY, markup=False)


def _share(text: str) -> Fraction:
    from services.planning.domain.succession import share_in

    share = share_in(text)
    if share is None:
        fail(f'"{text}" is not a share such as 2/5, 0.4 or 40%', 2)
    return share
