"""Sends a commune's submissions from a command: kept in the outbox, delivered, and the receipts printed."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

import typer

from shared.cli import err, fail, out
from shared.cli.waiting import CONNECTION, LOCK, RECEIPTS, AwaitedReply
from shared.commune_client.broker import Broker
from shared.commune_client.delivery import Delivery, NotKept, Phase, deliver
from shared.commune_client.outbox import Kept, Outbox
from shared.commune_client.sender import IdUsedBefore
from shared.contracts import ID, Receipt, Submission
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.contracts.planning import ReportProgress
from shared.contracts.reporting import SubmitReport
from shared.faults import fault_text
from shared.repeated_problems import one_for_each_mistake
from shared.settings import SettingsError

PRINTED_IN_FULL = 100  # mistakes

Place = Callable[[str], str]

OwnCommune = Annotated[
    str | None,
    typer.Option(
        "--commune",
        metavar="MÃ",
        help="mã định danh của đơn vị mình; nếu bỏ trống, lấy từ MINHBACH_COMMUNE hoặc từ tài khoản trong NATS_URL",
    ),
]

# A receipt of one step or one report in words: recorded now, or known from before. Readings are counted instead.
RECORDED = {
    ReportProgress.kind: ("Đã ghi nhận", "Đã ghi nhận từ trước"),
    SubmitReport.kind: ("Đã nhận báo cáo", "Báo cáo này đã được nộp với cùng số liệu"),
}
# Receipts of readings are counted: done now, and known from before.
COUNTED = {
    RecordReadings.kind: ("Ghi nhận", "trùng"),
    CorrectReadings.kind: ("Đính chính", "đã đúng từ trước"),
    WithdrawReadings.kind: ("Rút", "đã rút từ trước"),
}
WAITS_FOR: Mapping[Phase, str] = {"lock": LOCK, "connection": CONNECTION, "receipts": RECEIPTS}
PROBLEMS = {
    "away": "Chưa kết nối được với máy chủ của tỉnh ({server})",
    "unknown-account": "Máy chủ của tỉnh không nhận tài khoản trong NATS_URL",
    "not-allowed": "Tài khoản trong NATS_URL không được gửi cho đơn vị {commune}",
    "silent": "Chưa có biên nhận của tỉnh",
    "full": "Máy chủ của tỉnh hết chỗ nhận bài gửi; hãy báo cho người vận hành",
    "busy": "Một lệnh khác đang gửi",
}
KEPT = (
    "{waiting} bài gửi được giữ lại trên máy này ({folder}) và sẽ được gửi cùng lệnh gửi tiếp theo,"
    " hoặc bằng: minhbach outbox send"
)


@dataclass(frozen=True)
class Sent:
    """Receipts of the command's own submissions and of all that was sent.

    `is_complete`: its own have their receipts, or without own ones nothing waits; and nothing was set aside.
    """

    own: list[Receipt]
    all: list[Receipt]
    is_complete: bool

    def end(self) -> None:
        """Exit code 1 where the command is not complete, or where something was refused or could not be read."""
        if not self.is_complete or any(receipt.refused or receipt.parked for receipt in self.all):
            raise typer.Exit(1)


def own_broker(commune: str | None) -> tuple[Broker, str]:
    """The province's broker and the commune that uses it. Ends the command (2) where nothing names one of them."""
    try:
        broker = Broker.from_env()
    except SettingsError as wrong:
        fail(wrong.vietnamese, 2)
    return broker, _checked(commune or broker.commune)


@dataclass(frozen=True)
class Outgoing:
    """A commune's way to the province's broker."""

    broker: Broker
    commune: str
    outbox: Outbox

    @classmethod
    def of(cls, commune: str | None) -> "Outgoing":
        """Ends the command (2) as `own_broker` does."""
        broker, commune = own_broker(commune)
        try:
            return cls(broker, commune, Outbox.of(commune, broker.server))
        except OSError as fault:
            fail(f"Không mở được nơi giữ bài gửi {fault.filename}: {fault_text(fault)}")

    def send(self, submissions: Iterable[Submission], *, quiet: bool = False, place: Place = str) -> Sent:
        """Keep submissions in the outbox, and send it. What goes wrong afterwards loses none of them.

        `quiet` prints nothing on standard output: the caller prints the receipts for another program.
        """
        own = [Kept(each.kind, f"cli-{uuid4().hex}", each.model_dump_json().encode()) for each in submissions]
        try:
            self.outbox.keep(*own)
        except OSError as fault:
            fail(f"Không giữ được bài gửi ở {fault.filename}: {fault_text(fault)}")
        return self.send_kept(own, quiet=quiet, place=place)

    def send_kept(self, own: Sequence[Kept] = (), *, quiet: bool = False, place: Place = str) -> Sent:
        """Send what the outbox keeps, and print the result. `place` names an item of its own in a sentence."""
        if not own and not self.outbox.waiting():
            if not quiet:
                out.print("Không có bài gửi nào đang chờ.")
            self._print_rest(Delivery(elsewhere=self.outbox.elsewhere()))
            return Sent([], [], is_complete=True)
        try:
            with AwaitedReply(self.outbox.folder) as waiting:
                delivery = deliver(
                    self.broker, self.commune, self.outbox, own, waiting.moved,
                    waits_for=lambda phase: waiting.begin(WAITS_FOR[phase]),
                )  # fmt: skip
        except KeyboardInterrupt:
            fail(f"Đã dừng; {self._kept(len(self.outbox.waiting()))}.")
        ids = {kept.submission_id for kept in own}
        mine = [receipt for receipt in delivery.receipts if receipt.submission_id in ids]
        if earlier := len(delivery.receipts) - len(mine):
            err.print(f"Đã gửi cùng {earlier} bài gửi được giữ từ trước.", markup=False)
        places = {id(item): place(item.item) for receipt in mine for item in receipt.refused}
        _print_receipts(delivery.receipts, places, quiet=quiet)
        self._print_rest(delivery)
        is_complete = len(mine) == len(own) if own else delivery.problem is None
        return Sent(mine, delivery.receipts, is_complete and not delivery.set_aside)

    def _kept(self, waiting: int) -> str:
        return KEPT.format(waiting=waiting, folder=self.outbox.folder)

    def _print_rest(self, delivery: Delivery) -> None:
        for path, fault in delivery.set_aside:
            failed = "còn phần chưa đọc được" if isinstance(fault, NotKept) else "không gửi được"
            err.print(f"Một bài gửi {failed}{_reason(fault)}; giữ lại ở {path}.", markup=False)
        if delivery.problem:
            problem = PROBLEMS[delivery.problem].format(server=self.broker.server, commune=self.commune)
            err.print(f"{problem}; {self._kept(delivery.waiting)}.", markup=False)
        if delivery.elsewhere:
            err.print(f"{delivery.elsewhere} bài gửi chờ máy chủ khác; xem: minhbach outbox list.", markup=False)


def own_commune(commune: str | None) -> str:
    """The commune of this machine, where nothing is to be sent. Ends the command (2) where nothing names it."""
    if commune is None:
        with suppress(SettingsError):
            commune = Broker.from_env().commune
    return _checked(commune or os.environ.get("MINHBACH_COMMUNE"))


def _checked(commune: str | None) -> str:
    if not commune:
        fail("Chưa rõ đơn vị nào; hãy thêm --commune MÃ hoặc đặt MINHBACH_COMMUNE", 2)
    if not re.fullmatch(ID, commune):
        fail(f'"{commune}" không phải là mã đơn vị', 2)
    return commune


def _reason(fault: Exception) -> str:
    match fault:
        case IdUsedBefore(receipt=receipt):
            return f": mã {receipt.submission_id} đã dùng cho một bài gửi khác, nội dung này chưa được ghi nhận"
        case NotKept(receipt=receipt):
            return f": máy chủ đã giữ quá nhiều bài không đọc được, không giữ thêm bài gửi {receipt.submission_id}"
        case ValueError():
            return f" ({fault})"
    return ": lớn hơn mức máy chủ nhận (1 MB)"


def _print_receipts(receipts: Sequence[Receipt], places: Mapping[int, str], *, quiet: bool) -> None:
    refused = [item for receipt in receipts for item in receipt.refused]
    rows = ((places.get(id(item), item.item), (item.sentence,)) for item in refused)
    sentences = one_for_each_mistake(rows, "số liệu")
    for sentence in sentences[:PRINTED_IN_FULL]:
        err.print(sentence, markup=False)
    if (more := len(sentences) - PRINTED_IN_FULL) > 0:
        err.print(f"và {more} lỗi khác")
    for receipt in receipts:
        if receipt.parked:
            err.print(f"Bài gửi {receipt.submission_id} không đọc được ({receipt.parked}).", markup=False)
        elif receipt.kind in RECORDED and (receipt.accepted or receipt.duplicates) and not quiet:
            now, before = RECORDED[receipt.kind]
            out.print(f"{now if receipt.accepted else before}; mã tiếp nhận {receipt.submission_id}.", markup=False)
    for kind in dict.fromkeys(receipt.kind for receipt in receipts if receipt.kind not in RECORDED):
        of_kind = [receipt for receipt in receipts if receipt.kind == kind]
        accepted, duplicates = (sum(r.accepted for r in of_kind), sum(r.duplicates for r in of_kind))
        done, before = COUNTED.get(kind, COUNTED[RecordReadings.kind])
        refusals = sum(len(r.refused) for r in of_kind)
        err.print(f"{done} {accepted}, {before} {duplicates}, từ chối {refusals} số liệu.")
