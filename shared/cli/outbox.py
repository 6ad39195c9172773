"""minhbach outbox: what a commune's machine keeps to be sent, and sending it."""

from typing import Annotated

import typer

from shared.cli import group, out
from shared.cli.options import AsJson
from shared.cli.printing import print_json, print_table
from shared.cli.sending import Outgoing, OwnCommune
from shared.commune_client.outbox import all_entries

KINDS = {
    "readings": "số liệu",
    "corrections": "đính chính số liệu",
    "withdrawals": "rút số liệu",
    "progress": "tiến độ nhiệm vụ",
    "report": "báo cáo",
}

outbox_app = group("Bài gửi được giữ trên máy này: những gì chưa có biên nhận của tỉnh.")


@outbox_app.command("list")
def list_entries(as_json: AsJson = False) -> None:
    """Các bài gửi đang chờ, và những bài không máy chủ nào nhận."""
    entries = sorted(all_entries(), key=lambda entry: entry.kept_ns)
    if as_json:
        print_json([{**entry._asdict(), "kept_at": entry.kept_at, "refused": entry.refused} for entry in entries])
        return
    if not entries:
        out.print("Không có bài gửi nào đang chờ.")
        return
    rows = [
        (
            e.commune,
            KINDS.get(e.kind, e.kind),
            f"{e.kept_at:%H:%M %d/%m/%Y}",
            "không gửi được" if e.refused else "chờ gửi",
            e.server or "–",
        )
        for e in entries
    ]
    print_table(("Đơn vị", "Nội dung", "Giữ từ", "Tình trạng", "Máy chủ"), rows, fixed=("Đơn vị", "Giữ từ"))


@outbox_app.command("send")
def send(
    commune: OwnCommune = None,
    everything: Annotated[
        bool, typer.Option("--all", help="gửi cả những bài giữ cho máy chủ khác, khi máy chủ của tỉnh có địa chỉ mới")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Gửi tất cả bài gửi đang chờ của một đơn vị đến máy chủ trong NATS_URL."""
    outgoing = Outgoing.of(commune)
    if everything:
        outgoing.outbox.take_over()
    sent = outgoing.send_kept(quiet=as_json)
    if as_json:
        print_json([receipt.model_dump(mode="json") for receipt in sent.all])
    sent.end()
