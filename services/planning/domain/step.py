"""One step of a task's life as the body in charge reports it, and the rules by which it is taken."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why a step is not taken: the rule's name, and the sentence a clerk reads."""

    rule: str
    sentence: str


UNKNOWN_TASK = "unknown-task"


@dataclass(frozen=True)
class Step:
    """`step` is progress, complete or reopen; the note of a reopening is its reason."""

    task_id: str
    step: str
    percent: int | None = None
    note: str | None = None
    evidence: str | None = None
    by: str = ""

    def refusal(self, *, completed: bool) -> Refusal | None:
        """The first rule that the step breaks, for a task that is open or completed."""
        return next(self._refusals(completed), None)

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def _refusals(self, completed: bool) -> Iterator[Refusal]:
        if _blank(self.by):
            yield Refusal("by-missing", "Chưa ghi cơ quan hoặc người báo cáo.")
        if self.step == "progress":
            if self.percent is None:
                yield Refusal("percent-missing", "Báo cáo tiến độ phải ghi tỷ lệ phần trăm đã thực hiện.")
            if completed:
                yield Refusal("completed", "Nhiệm vụ đã hoàn thành; muốn báo cáo tiến độ thì phải mở lại trước.")
        elif self.step == "complete":
            if _blank(self.evidence):
                yield Refusal("evidence-missing", "Báo cáo hoàn thành phải có minh chứng: số văn bản hoặc đường dẫn.")
        else:
            if not completed:
                yield Refusal("not-completed", "Nhiệm vụ chưa hoàn thành nên không thể mở lại.")
            if _blank(self.note):
                yield Refusal("reason-missing", "Mở lại nhiệm vụ phải ghi lý do.")


def unknown_task(task_id: str) -> Refusal:
    """Also said of a task of another commune: who else has which tasks is not told."""
    return Refusal(UNKNOWN_TASK, f"Đơn vị không có nhiệm vụ mang mã “{task_id}”.")


def _blank(text: str | None) -> bool:
    return text is None or not text.strip()
