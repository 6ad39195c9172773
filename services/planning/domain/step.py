"""One step of a task's life as somebody reports it, and the rules by which it is taken."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.planning.domain.obligation import Obligation

# Who speaks: a body that leads or supports the task, the commune's one-stop centre, or its chair.
BODY, CENTRE, CHAIR = "body", "one-stop-centre", "chair"
OPEN = ("assigned", "acknowledged", "in-progress", "returned")
DONE = ("done", "accepted")


@dataclass(frozen=True)
class Refusal:
    """Why a step is not taken: the rule's name, and the sentence a clerk reads."""

    rule: str
    sentence: str


UNKNOWN_TASK = "unknown-task"


@dataclass(frozen=True)
class Standing:
    """What the rules look at: a task's state, who reported it done, and what it owes."""

    state: str
    closed: bool = False
    done_by: str | None = None
    obligations: Sequence[Obligation] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN and not self.closed

    def named(self, key: str) -> Obligation | None:
        return next((obligation for obligation in self.obligations if obligation.key == key), None)

    def to_extend(self, key: str | None) -> list[Obligation]:
        """What an extension can be about: the obligation that it names, else all that are open and have a day."""
        dated = [obligation for obligation in self.obligations if obligation.state == "open" and obligation.due]
        return [obligation for obligation in dated if key in (None, obligation.key)]

    def to_resolve(self, key: str | None) -> list[Obligation]:
        """What waits for its day; named by its key, also one whose day somebody said before, to put it right."""
        return [
            each
            for each in self.obligations
            if each.unresolved or (each.key == key and each.state == "open" and each.planned is None)
            if key in (None, each.key)
        ]


@dataclass(frozen=True)
class Step:
    """`note` is the reason of a step that needs one; `due_on` the new day of an extension or a resolution.

    `event_on` is the day of the event after which something is due, where the plan says after how many days.

    `obligation` is the key of the one obligation that the step is about, None for the whole task.
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

    def refusal(self, task: Standing) -> Refusal | None:
        """The first rule that the step breaks."""
        return next(self._refusals(task), None)

    def stored(self) -> dict[str, Any]:
        return {name: said.isoformat() if isinstance(said, date) else said for name, said in asdict(self).items()}

    def _refusals(self, task: Standing) -> Iterator[Refusal]:
        if _blank(self.by):
            yield Refusal("by-missing", "Chưa ghi cơ quan hoặc người báo cáo.")
        if task.state == "withdrawn" and self.step != "withdraw":
            yield Refusal("withdrawn", "Nhiệm vụ đã được rút khỏi kế hoạch.")
        if task.closed:
            yield Refusal("plan-closed", "Kế hoạch đã kết thúc nên nhiệm vụ không còn thay đổi.")
        if self.obligation is not None and task.named(self.obligation) is None:
            yield Refusal("unknown-obligation", f"Nhiệm vụ không có mốc thời hạn “{self.obligation}”.")
        yield from RULES[self.step](self, task)


def unknown_task(task_id: str) -> Refusal:
    """Also said of a task of another commune: who else has which tasks is not told."""
    return Refusal(UNKNOWN_TASK, f"Đơn vị không có nhiệm vụ mang mã “{task_id}”.")


def _acknowledge(step: Step, task: Standing) -> Iterator[Refusal]:
    if not task.is_open:
        yield Refusal("completed", "Nhiệm vụ đã hoàn thành nên không cần xác nhận tiếp nhận.")


def _progress(step: Step, task: Standing) -> Iterator[Refusal]:
    if step.percent is None:
        yield Refusal("percent-missing", "Báo cáo tiến độ phải ghi tỷ lệ phần trăm đã thực hiện.")
    if not task.is_open:
        yield Refusal("completed", "Nhiệm vụ đã hoàn thành; muốn báo cáo tiến độ thì phải mở lại trước.")


def _complete(step: Step, task: Standing) -> Iterator[Refusal]:
    if _blank(step.evidence):
        yield Refusal("evidence-missing", "Báo cáo hoàn thành phải có minh chứng: số văn bản hoặc đường dẫn.")


def _reopen(step: Step, task: Standing) -> Iterator[Refusal]:
    if task.is_open:
        yield Refusal("not-completed", "Nhiệm vụ chưa hoàn thành nên không thể mở lại.")
    if _blank(step.note):
        yield Refusal("reason-missing", "Mở lại nhiệm vụ phải ghi lý do.")


def _accept(step: Step, task: Standing) -> Iterator[Refusal]:
    yield from _judge(step, task)
    if step.role != BODY and task.done_by is not None and _same(step.by, task.done_by):
        yield Refusal("four-eyes", "Người báo cáo hoàn thành không được tự chấp nhận kết quả của mình.")


def _return(step: Step, task: Standing) -> Iterator[Refusal]:
    yield from _judge(step, task)
    if task.state == "accepted":
        yield Refusal("accepted", "Kết quả đã được chấp nhận; muốn làm lại thì phải mở lại nhiệm vụ.")
    if _blank(step.note):
        yield Refusal("reason-missing", "Trả lại kết quả phải ghi lý do.")


def _judge(step: Step, task: Standing) -> Iterator[Refusal]:
    if step.role == BODY:
        yield Refusal(
            "not-entitled",
            "Chỉ Trung tâm Phục vụ hành chính công hoặc Chủ tịch UBND được chấp nhận hay trả lại kết quả.",
        )
    if task.is_open:
        yield Refusal("not-completed", "Nhiệm vụ chưa được báo cáo hoàn thành nên chưa thể chấp nhận hay trả lại.")


def _extend(step: Step, task: Standing) -> Iterator[Refusal]:
    if step.role != CHAIR:
        yield Refusal("not-entitled", "Chỉ Chủ tịch UBND được gia hạn nhiệm vụ.")
    if _blank(step.note):
        yield Refusal("reason-missing", "Gia hạn nhiệm vụ phải ghi lý do.")
    if step.due_on is None:
        yield Refusal("due-day-missing", "Gia hạn phải ghi ngày mới phải hoàn thành.")
    if not task.is_open:
        yield Refusal("completed", "Nhiệm vụ đã hoàn thành nên không thể gia hạn.")
    extended = task.to_extend(step.obligation)
    if not extended:
        yield Refusal("nothing-due", "Không có thời hạn nào đang mở để gia hạn.")
    if len(extended) > 1:
        yield Refusal("which-obligation", f"Có nhiều thời hạn đang mở, phải ghi rõ gia hạn mốc nào: {_keys(extended)}.")
    if step.due_on and any(each.nominal and step.due_on < each.nominal for each in extended):
        yield Refusal("not-later", "Ngày gia hạn phải sau thời hạn đang có.")


def _resolve(step: Step, task: Standing) -> Iterator[Refusal]:
    if (step.due_on is None) == (step.event_on is None):
        yield Refusal("due-day-missing", "Phải ghi ngày phải hoàn thành, hoặc ngày của sự kiện mà thời hạn tính theo.")
    if not task.is_open:
        yield Refusal("completed", "Nhiệm vụ đã hoàn thành nên không cần xác định thời hạn.")
    waiting = task.to_resolve(step.obligation)
    if not waiting:
        yield Refusal("nothing-unresolved", "Không có thời hạn nào đang chờ xác định; muốn đổi ngày thì phải gia hạn.")
    if len(waiting) > 1:
        yield Refusal(
            "which-obligation", f"Có nhiều thời hạn đang chờ xác định, phải ghi rõ là mốc nào: {_keys(waiting)}."
        )
    if step.event_on and any(each.days is None for each in waiting):
        yield Refusal(
            "no-days", "Kế hoạch không ghi phải xong sau bao nhiêu ngày nên phải ghi rõ ngày phải hoàn thành."
        )


def _withdraw(step: Step, task: Standing) -> Iterator[Refusal]:
    if step.role != CHAIR:
        yield Refusal("not-entitled", "Chỉ Chủ tịch UBND được rút nhiệm vụ khỏi kế hoạch.")
    if _blank(step.note):
        yield Refusal("reason-missing", "Rút nhiệm vụ phải ghi lý do.")
    if task.state in DONE:
        yield Refusal("completed", "Nhiệm vụ đã hoàn thành nên không thể rút.")


RULES = {
    "acknowledge": _acknowledge,
    "progress": _progress,
    "complete": _complete,
    "accept": _accept,
    "return": _return,
    "extend": _extend,
    "resolve": _resolve,
    "withdraw": _withdraw,
    "reopen": _reopen,
}


def _keys(owed: Sequence[Obligation]) -> str:
    return ", ".join(f"“{each.key}”" for each in owed)


def _blank(text: str | None) -> bool:
    return text is None or not text.strip()


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
