"""A reported step of a task (progress, completion, extension …) and the rules that may refuse it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from services.planning.domain.refusal import Refusal
from services.planning.domain.tasks.event_fields import Signed, StoredStep
from services.planning.domain.tasks.evidence import MOST_FILES, EvidenceFile
from services.planning.domain.tasks.obligation import Obligation
from services.planning.domain.tasks.state import DONE, WITHDRAWN, ExtensionRequest, TaskState
from shared.body_names import same_body
from shared.grants import Actor
from shared.refusal_rules import (
    BY_MISSING,
    COMPLETED,
    EVIDENCE_MISSING,
    FOUR_EYES,
    NOT_COMPLETED,
    NOT_ITS_BODY,
    REASON_MISSING,
    UNKNOWN_TASK,
)
from shared.task_roles import BODY, CHAIR, PROVINCIAL_OFFICE
from shared.vietnamese import folded, same_person

NOT_ENTITLED, DUE_DAY_MISSING, WHICH_OBLIGATION = "not-entitled", "due-day-missing", "which-obligation"
OF_ANYBODY = ("comment", "follow", "unfollow")  # who may see the task
CHAIRS = "chủ tịch"  # the chair may lead a task, and decides about it all the same


@dataclass(frozen=True)
class Step:
    """`note` is the reason of a step that needs one; `due_on` the new day of an extension or a resolution.

    `event_on` is the day of the event after which something is due, where the plan says after how many days.

    `file` is the file that is attached.

    `obligation` is the key of the one obligation that the step is about, None for the whole task. `account` takes it
    through the portal, None where a commune's machine sends it; it follows by its `grant`.
    """

    task_id: str
    step: str
    percent: int | None = None
    note: str | None = None
    evidence: str | None = None
    by: str = ""
    role: str = BODY
    obligation: str | None = None
    due_on: date | None = None
    event_on: date | None = None
    account: str | None = None
    file: EvidenceFile | None = None
    grant: str | None = None

    @property
    def signed(self) -> Signed:
        """Who takes it, as events store it."""
        return {"by": self.by, "by_account": self.account}

    @property
    def actor(self) -> Actor:
        return Actor(self.by, self.account)

    def refusal(self, task: TaskState, today: date) -> Refusal | None:
        """The first rule that the step breaks."""
        return next(self._refusals(task, today), None)

    def as_requested(self, request: ExtensionRequest | None) -> "Step":
        """An extension that names no day grants what was requested, for its reason where none is given."""
        if request is None or self.due_on is not None or self.obligation not in (None, request.obligation):
            return self
        note = request.reason if _blank(self.note) else self.note
        return replace(self, due_on=request.due_on, obligation=request.obligation, note=note)

    def stored(self) -> StoredStep:
        """An account and a file only where there is one: steps were stored before there were any."""
        fields = {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(self).items()}
        fields["file"] = self.file and self.file.stored()
        del fields["grant"]
        given = {name: value for name, value in fields.items() if value or name not in ("account", "file")}
        return cast("StoredStep", given)

    def _refusals(self, task: TaskState, today: date) -> Iterator[Refusal]:
        if _blank(self.by):
            yield Refusal(BY_MISSING, "Chưa ghi cơ quan hoặc người báo cáo.")
        if self.role == PROVINCIAL_OFFICE and (self.step not in OF_ANYBODY or not self.account):
            yield Refusal(NOT_ENTITLED, "Cấp tỉnh chỉ ghi ý kiến và theo dõi nhiệm vụ, bằng tài khoản của mình.")
        if self.account and self.role == BODY and self.step != "unfollow" and not _works_on(self.by, task):
            yield Refusal(NOT_ITS_BODY, f"“{self.by}” không chủ trì, cũng không phối hợp thực hiện nhiệm vụ này.")
        if task.state == WITHDRAWN and self.step not in ("withdraw", "unfollow"):
            yield Refusal("withdrawn", "Nhiệm vụ đã được rút khỏi kế hoạch.")
        if task.closed and self.step != "unfollow":
            yield Refusal("plan-closed", "Kế hoạch đã kết thúc nên nhiệm vụ không còn thay đổi.")
        if self.obligation is not None and task.obligation(self.obligation) is None:
            yield Refusal("unknown-obligation", f"Nhiệm vụ không có mốc thời hạn “{self.obligation}”.")
        yield from RULES[self.step](self, task)
        if self.step in ("request-extension", "extend"):
            yield from _not_past(self.as_requested(task.extension_request), today)


def _works_on(body: str, task: TaskState) -> bool:
    return any(same_body(body, named) for named in (*task.definition.lead, *task.definition.support))


def unknown_task(task_id: str) -> Refusal:
    """Also for a task of another commune: a commune does not learn the tasks of others."""
    return Refusal(UNKNOWN_TASK, f"Đơn vị không có nhiệm vụ mang mã “{task_id}”.")


def _acknowledge(step: Step, task: TaskState) -> Iterator[Refusal]:
    if not task.is_open:
        yield Refusal(COMPLETED, "Nhiệm vụ đã hoàn thành nên không cần xác nhận tiếp nhận.")


def _progress(step: Step, task: TaskState) -> Iterator[Refusal]:
    if step.percent is None:
        yield Refusal("percent-missing", "Báo cáo tiến độ phải ghi tỷ lệ phần trăm đã thực hiện.")
    if not task.is_open:
        yield Refusal(COMPLETED, "Nhiệm vụ đã hoàn thành; muốn báo cáo tiến độ thì phải mở lại trước.")


def _complete(step: Step, task: TaskState) -> Iterator[Refusal]:
    if _blank(step.evidence):
        yield Refusal(EVIDENCE_MISSING, "Báo cáo hoàn thành phải có minh chứng: số văn bản hoặc đường dẫn.")


def _reopen(step: Step, task: TaskState) -> Iterator[Refusal]:
    if task.is_open:
        yield Refusal(NOT_COMPLETED, "Nhiệm vụ chưa hoàn thành nên không thể mở lại.")
    if _blank(step.note):
        yield Refusal(REASON_MISSING, "Mở lại nhiệm vụ phải ghi lý do.")


def _accept(step: Step, task: TaskState) -> Iterator[Refusal]:
    yield from _judge(step, task)
    if step.role != BODY and task.done_by is not None and _is_own_work(step, task.done_by, task):
        yield Refusal(FOUR_EYES, "Người báo cáo hoàn thành không được tự chấp nhận kết quả của mình.")


def _is_own_work(step: Step, done_by: str, task: TaskState) -> bool:
    """Two accounts are compared as such, whatever names they act under.

    Else a person's name is compared with every diacritic; that of a body that works on the task however it is typed.
    """
    if step.account and task.done_by_account:
        return step.account == task.done_by_account
    by = step.by
    return same_person(by, done_by) or (_works_on(done_by, task) and same_body(by, done_by))


def _return(step: Step, task: TaskState) -> Iterator[Refusal]:
    yield from _judge(step, task)
    if task.state == "accepted":
        yield Refusal("accepted", "Kết quả đã được chấp nhận; muốn làm lại thì phải mở lại nhiệm vụ.")
    if _blank(step.note):
        yield Refusal(REASON_MISSING, "Trả lại kết quả phải ghi lý do.")


def _judge(step: Step, task: TaskState) -> Iterator[Refusal]:
    if step.role == BODY:
        yield Refusal(
            NOT_ENTITLED,
            "Chỉ Trung tâm Phục vụ hành chính công hoặc Chủ tịch UBND được chấp nhận hay trả lại kết quả.",
        )
    if task.is_open:
        yield Refusal(NOT_COMPLETED, "Nhiệm vụ chưa được báo cáo hoàn thành nên chưa thể chấp nhận hay trả lại.")


def _request_extension(step: Step, task: TaskState) -> Iterator[Refusal]:
    if _blank(step.note):
        yield Refusal(REASON_MISSING, "Đề nghị gia hạn phải ghi lý do.")
    if step.due_on is None:
        yield Refusal(DUE_DAY_MISSING, "Đề nghị gia hạn phải ghi ngày xin được hoàn thành.")
    yield from _to_be_extended(step, task)


def _decline_extension(step: Step, task: TaskState) -> Iterator[Refusal]:
    yield from _decided_by_the_chair(step, task, "quyết định việc gia hạn nhiệm vụ")
    if _blank(step.note):
        yield Refusal(REASON_MISSING, "Từ chối gia hạn phải ghi lý do.")
    if task.extension_request is None and task.declined != (step.by, step.note):
        yield Refusal("nothing-requested", "Không có đề nghị gia hạn nào đang chờ quyết định.")


def _extend(step: Step, task: TaskState) -> Iterator[Refusal]:
    yield from _decided_by_the_chair(step, task, "gia hạn nhiệm vụ")
    yield from _granted(step.as_requested(task.extension_request), task)


def _granted(step: Step, task: TaskState) -> Iterator[Refusal]:
    if _blank(step.note):
        yield Refusal(REASON_MISSING, "Gia hạn nhiệm vụ phải ghi lý do.")
    if step.due_on is None:
        yield Refusal(DUE_DAY_MISSING, "Gia hạn phải ghi ngày mới phải hoàn thành.")
    yield from _to_be_extended(step, task)


def _decided_by_the_chair(step: Step, task: TaskState, decision: str) -> Iterator[Refusal]:
    """Whoever works on a task, or requested more time for it, decides nothing about it in the chair's name."""
    if step.role != CHAIR:
        yield Refusal(NOT_ENTITLED, f"Chỉ Chủ tịch UBND được {decision}.")
    request = task.extension_request
    requested_by = [request.by] if request and not (request.by_account and step.account) else []
    is_own_request = request is not None and step.account is not None and step.account == request.by_account
    working = [*task.definition.lead, *task.definition.support, *requested_by]
    if is_own_request or any(same_body(step.by, body) for body in working if not folded(body).startswith(CHAIRS)):
        yield Refusal(FOUR_EYES, f"Cơ quan thực hiện nhiệm vụ không được tự {decision}; Chủ tịch UBND quyết định.")


def _to_be_extended(step: Step, task: TaskState) -> Iterator[Refusal]:
    if not task.is_open:
        yield Refusal(COMPLETED, "Nhiệm vụ đã hoàn thành nên không thể gia hạn.")
    extended = task.to_extend(step.obligation)
    if not extended:
        yield Refusal("nothing-due", "Không có thời hạn nào đang mở để gia hạn.")
    if len(extended) > 1:
        yield Refusal(WHICH_OBLIGATION, f"Có nhiều thời hạn đang mở, phải ghi rõ gia hạn mốc nào: {_keys(extended)}.")
    if step.due_on and any(each.nominal and step.due_on < each.nominal for each in extended):
        yield Refusal("not-later", "Ngày gia hạn phải sau thời hạn đang có.")


def _not_past(step: Step, today: date) -> Iterator[Refusal]:
    """A task that is late already would stay late."""
    if step.due_on and step.due_on < today:
        yield Refusal("day-past", "Ngày gia hạn đã qua; hãy ghi một ngày từ hôm nay trở đi.")


def _resolve(step: Step, task: TaskState) -> Iterator[Refusal]:
    if (step.due_on is None) == (step.event_on is None):
        yield Refusal(DUE_DAY_MISSING, "Phải ghi ngày phải hoàn thành, hoặc ngày của sự kiện mà thời hạn tính theo.")
    if not task.is_open:
        yield Refusal(COMPLETED, "Nhiệm vụ đã hoàn thành nên không cần xác định thời hạn.")
    waiting = task.to_resolve(step.obligation)
    if not waiting:
        yield Refusal("nothing-unresolved", "Không có thời hạn nào đang chờ xác định; muốn đổi ngày thì phải gia hạn.")
    if len(waiting) > 1:
        yield Refusal(
            WHICH_OBLIGATION, f"Có nhiều thời hạn đang chờ xác định, phải ghi rõ là mốc nào: {_keys(waiting)}."
        )
    if step.event_on and any(each.days is None for each in waiting):
        yield Refusal(
            "no-days", "Kế hoạch không ghi phải xong sau bao nhiêu ngày nên phải ghi rõ ngày phải hoàn thành."
        )


def _withdraw(step: Step, task: TaskState) -> Iterator[Refusal]:
    yield from _decided_by_the_chair(step, task, "rút nhiệm vụ khỏi kế hoạch")
    if _blank(step.note):
        yield Refusal(REASON_MISSING, "Rút nhiệm vụ phải ghi lý do.")
    if task.state in DONE:
        yield Refusal(COMPLETED, "Nhiệm vụ đã hoàn thành nên không thể rút.")


def _attach(step: Step, task: TaskState) -> Iterator[Refusal]:
    if step.file is None or step.file.size is None:
        yield Refusal("file-missing", "Tệp chưa được gửi lên trọn vẹn; hãy chọn lại tệp rồi gửi.")
    elif len(task.files) >= MOST_FILES and step.file.sha256 not in task.files:
        yield Refusal("too-many-files", f"Nhiệm vụ đã có {MOST_FILES} tệp minh chứng, không thêm được nữa.")


def _comment(step: Step, task: TaskState) -> Iterator[Refusal]:
    if _blank(step.note):
        yield Refusal("note-missing", "Ý kiến phải có nội dung.")


def _anybody(step: Step, task: TaskState) -> Iterator[Refusal]:
    """Who may see a task may follow it."""
    yield from ()


RULES = {
    "acknowledge": _acknowledge,
    "progress": _progress,
    "complete": _complete,
    "accept": _accept,
    "return": _return,
    "request-extension": _request_extension,
    "decline-extension": _decline_extension,
    "extend": _extend,
    "resolve": _resolve,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "attach": _attach,
    "comment": _comment,
    "follow": _anybody,
    "unfollow": _anybody,
}


def _keys(owed: Sequence[Obligation]) -> str:
    return ", ".join(f"“{each.key}”" for each in owed)


def _blank(text: str | None) -> bool:
    return text is None or not text.strip()
