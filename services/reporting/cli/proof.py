"""minhbach audit export, verify, witness: the sealed histories as files, verified and witnessed elsewhere."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.printing import print_path, say, writing_to
from services.reporting.domain.stores import store_name
from shared.cli import err, fail
from shared.cli.opening import connected, faults_in_sentences
from shared.cli.options import AsJson, day_option
from shared.cli.printing import print_json, progress_bar
from shared.faults import fault_text
from shared.messaging.streams import SERVICES
from shared.settings import Settings
from shared.vietnamese import number

if TYPE_CHECKING:
    from services.reporting.audit.proof.witness import Verdict, Witness


def export(
    *,
    folder: Annotated[Path, typer.Option("--out", help="thư mục để ghi bản xuất; bản xuất dở dang được ghi tiếp")],
    until: Annotated[
        date | None, day_option(help="chỉ đến niêm phong cuối trong ngày này, giờ Việt Nam; nếu bỏ trống là đến nay")
    ] = None,
) -> None:
    """Xuất các sổ sự kiện đã niêm phong, niêm phong, bằng chứng và các lần công bố thành tệp, kèm verify.py."""
    from rich.progress import BarColumn, TextColumn

    from services.reporting.audit.proof.export import NothingSealed
    from services.reporting.audit.proof.export import export as write

    with (
        faults_in_sentences((NothingSealed,)),
        writing_to(folder),
        progress_bar(TextColumn("{task.description}"), BarColumn()) as bars,
    ):
        shown = bars.add_task("")
        exported = write(
            Settings.from_env(),
            folder,
            until,
            lambda service, wrote, size: bars.update(shown, description=store_name(service), advance=wrote, total=size),
        )
    for each in exported.last:
        say(f"Sổ {store_name(each.service)}: {number(each.size)} sự kiện, mã gốc {each.root_text}")
    for name in exported.unsealed:
        err.print(f"Số liệu của {name} chưa được niêm phong hết; hãy xuất lại sau một phút.", markup=False)
    print_path(folder / "verify.py")
    refuse_altered_tables()


def refuse_altered_tables() -> None:
    """Ends the command (1) where the owner of the database put something between tables of history and readers."""
    from shared.record.protected_tables import altered_tables

    with connected("reporting", role="auditor") as connection:
        altered = [each for service in SERVICES for each in altered_tables(connection, service)]
    if altered:
        fail(f"Chủ cơ sở dữ liệu đã thay đổi cách lưu sổ sự kiện: {each.sentence}." for each in altered)


def verify(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="thư mục của bản xuất")],
    checkpoint: Annotated[
        list[str] | None,
        typer.Option(metavar="NIÊM_PHONG", help="niêm phong cất ở nơi khác: tệp, thư mục, hoặc indicators:1234:MÃ-GỐC"),
    ] = None,
    key: Annotated[list[str] | None, typer.Option(metavar="KHÓA", help="khóa công khai ghi ở nơi khác")] = None,
    witness_key: Annotated[
        list[str] | None, typer.Option("--witness", metavar="KHÓA", help="khóa công khai của bên làm chứng")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra một bản xuất bằng chính verify.py của chương trình này; mã thoát 1 khi có sai khác."""
    from services.reporting.audit.proof.verify import main

    given = [word for each in checkpoint or [] for word in ("--checkpoint", each)]
    given += [word for each in key or [] for word in ("--key", each)]
    given += [word for each in witness_key or [] for word in ("--witness", each)]
    if code := main([str(folder), *given, *(["--json"] if as_json else [])]):
        fail([], code)


def witness(
    *,
    folder: Annotated[Path, typer.Option(help="thư mục của bên làm chứng, ở cơ quan khác")],
    name: Annotated[str, typer.Option(help="tên khóa của bên làm chứng, khi dùng thư mục lần đầu")] = "witness",
    exported: Annotated[Path | None, typer.Option("--export", help="xem bản xuất này thay vì cơ sở dữ liệu")] = None,
    as_json: AsJson = False,
) -> None:
    """Ký làm chứng niêm phong cuối của mỗi sổ nếu nối tiếp niêm phong đã giữ; mã thoát 1 khi có sổ không nối tiếp."""
    from services.reporting.audit.proof.witness import Witness
    from shared.seals.notes import WrongNote

    try:
        keeper = Witness(folder, name)
        verdicts = [each for each in _verdicts(keeper, exported) if each.size or each.kept]
    except WrongNote as wrong:
        fail(f"Tên khóa hoặc một tệp không dùng được: {wrong}.", 2)
    except OSError as wrong:
        fail(f"Không dùng được thư mục {folder}: {fault_text(wrong)}.", 2)
    if as_json:
        print_json([asdict(each) | {"refused": each.refused} for each in verdicts])
    else:
        for each in verdicts:
            if not each.refused:
                say(f"Sổ {store_name(each.service)}: đã chứng kiến {number(each.size)} sự kiện.")
        say(f"Khóa của bên làm chứng: {keeper.verifier}")
    if refused := [each for each in verdicts if each.refused]:
        fail(f"TỪ CHỐI. Sổ {store_name(each.service)}: {each.sentence}." for each in refused)
    if not exported:
        refuse_altered_tables()


def _verdicts(keeper: "Witness", exported: Path | None) -> "Iterator[Verdict]":
    from services.reporting.audit.proof.witness import History, exported_history
    from shared.record.checkpoints import checkpoints_of, keys_of_service

    if exported:
        yield from (keeper.observe(exported_history(exported, service)) for service in SERVICES)
        return
    with connected("reporting", role="auditor") as connection:
        for service in SERVICES:
            keys, kept = keys_of_service(connection, service), keeper.last(service)
            new = checkpoints_of(connection, service, after=kept.size - 1 if kept else -1)
            verdict = keeper.observe(History(service, keys, new))
            if kept and verdict.refused:  # once more with all, for the last position on which both agree
                verdict = keeper.observe(History(service, keys, checkpoints_of(connection, service)))
            yield verdict
