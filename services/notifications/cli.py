"""minhbach notice: lists the notices that could not be sent, with the reason, and those that wait."""

import re
from datetime import datetime
from typing import Annotated, Any

import typer

from shared.cli import group, out
from shared.cli.answers import answered, is_at_a_commune
from shared.cli.opening import opened_pool
from shared.cli.options import AsJson
from shared.cli.printing import print_json, print_table
from shared.cli.sending import own_broker
from shared.clock import VIETNAM
from shared.contracts.notifications import MOST_NOTICES, ListNotices
from shared.faults import fault_text
from shared.printable import printable

notice_app = group("Thông báo: còn chờ gửi, đã gửi và không gửi được.")


@notice_app.callback()
def _notices() -> None:
    """Thông báo: còn chờ gửi, đã gửi và không gửi được."""


ERRNO = re.compile(r"\[Errno (\d+)\] [^;,(]*")
COUNTS = ("waiting", "sent", "failed")
# The matter of a mail, by its template.
SUBJECTS = {
    "deadline_approaching": "nhiệm vụ sắp đến hạn",
    "deadline_missed": "nhiệm vụ quá hạn",
    "deadline_missed_escalated": "nhiệm vụ quá hạn, báo cấp trên",
    "mail_undelivered": "có cơ quan không nhận được thư",
    "reading_refused": "số liệu bị từ chối",
    "report_approval_overtaken": "số liệu đổi sau khi duyệt",
    "report_approved": "báo cáo được duyệt",
    "report_due": "báo cáo sắp đến hạn",
    "report_late": "báo cáo quá hạn",
    "report_published": "báo cáo được công bố",
    "report_reminded": "đề nghị nộp báo cáo",
    "report_restated": "báo cáo được công bố lại",
    "report_returned": "báo cáo bị trả lại",
    "task_assigned": "giao nhiệm vụ",
    "task_commented": "ý kiến về nhiệm vụ",
    "task_followed": "nhiệm vụ đang theo dõi",
    "task_extended": "gia hạn nhiệm vụ",
    "task_extension_declined": "không gia hạn nhiệm vụ",
    "task_extension_requested": "đề nghị gia hạn nhiệm vụ",
    "task_rescheduled": "hạn nhiệm vụ thay đổi",
    "task_resolved": "nhiệm vụ có hạn cụ thể",
    "task_returned": "nhiệm vụ bị trả lại",
    "task_revised": "nhiệm vụ được sửa",
    "task_withdrawn": "nhiệm vụ được rút",
}


@notice_app.command("list")
def list_notices(
    commune: Annotated[str, typer.Option(help="chỉ thông báo về một xã, phường hoặc đặc khu")] = "",
    most: Annotated[int, typer.Option(help="số thông báo được liệt kê của mỗi loại", min=0, max=MOST_NOTICES)] = 20,
    failed: Annotated[bool, typer.Option("--failed", help="chỉ liệt kê thông báo không gửi được")] = False,
    as_json: AsJson = False,
) -> None:
    """Thông báo không gửi được: gửi cho ai, về việc gì, vì sao; thông báo chờ lâu nhất; số lượng mỗi loại."""
    found = _known(commune or None, most)
    counts, early = {name: found.pop(name) for name in COUNTS}, found.pop("waiting_for_registration")
    waiting, refused = ([] if failed else found["longest_waiting"]), found["failed_notices"]
    if as_json:
        listed = {"longest_waiting": waiting, "failed_notices": refused}
        print_json(counts | {"waiting_for_registration": early} | listed)
        return
    out.print(f"{counts['waiting']} thông báo chờ gửi, {counts['sent']} đã gửi, {counts['failed']} không gửi được.")
    if early:
        out.print(f"{early} thông tin về đơn vị chưa đăng ký.")
    if refused:
        out.print("Không gửi được, mới nhất trước:")
        print_table(("người nhận", "về việc", "lúc", "lý do"), map(_failed, refused), fixed=("lúc",))
        out.print("Hãy sửa địa chỉ trong danh bạ (MINHBACH_ADDRESS_BOOK) và báo cho các cơ quan này.")
    if waiting:
        out.print("Chờ gửi lâu nhất:")
        print_table(("người nhận", "về việc, chờ từ, lỗi gần nhất"), map(_waiting, waiting))


def _known(commune: str | None, most: int) -> dict[str, Any]:
    """From the database, or where none is named, Notifications' answer over NATS about the account's own commune."""
    if is_at_a_commune():
        broker, own = own_broker(commune)
        return answered(broker, ListNotices(commune=own, most=most)).answer.model_dump()
    from services.notifications.read_models.early_announcements import waiting_for_registration
    from services.notifications.read_models.outbox import Outbox

    communes = [commune] if commune else None
    with opened_pool("notifications") as pool:
        outbox = Outbox(pool)
        with pool.connection() as connection:
            early = waiting_for_registration(connection, communes)
        listed = {"longest_waiting": outbox.waiting(communes, most), "failed_notices": outbox.failed(communes, most)}
        return vars(outbox.counts(communes)) | {"waiting_for_registration": early} | listed


def _failed(notice: dict[str, Any]) -> tuple[str, ...]:
    return notice["recipient"], _matter(notice), _at(notice["failed_at"]), _reason(notice["reason"])


def _waiting(notice: dict[str, Any]) -> tuple[str, ...]:
    tried = f"; đã thử {notice['attempts']} lần" if notice["attempts"] else ""
    error = f"; {_reason(notice['last_error'])}" if notice["last_error"] else ""
    return notice["recipient"], f"{_matter(notice)}, {_at(notice['created_at'])}{tried}{error}"


def _reason(text: str) -> str:
    """A mail server's own words; a fault of the system, which is stored in English, in Vietnamese."""
    return printable(ERRNO.sub(lambda found: fault_text(OSError(int(found[1]), "")), text))


def _matter(notice: dict[str, Any]) -> str:
    template: str = notice["template"]
    return SUBJECTS.get(template, template)


def _at(instant: datetime) -> str:
    """`16/9/2025 08:05` in Viet Nam."""
    return f"{instant.astimezone(VIETNAM):%-d/%-m/%Y %H:%M}"
