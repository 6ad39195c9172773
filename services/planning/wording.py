"""What the states of a task, and what happened to it, are called on the terminal and on pages."""

from datetime import date

TO_BE_SET, MISSING = "chờ xác định", "–"
STATES = {
    "assigned": "đã giao",
    "acknowledged": "đã nhận",
    "in-progress": "đang làm",
    "done": "đã xong",
    "accepted": "đã chấp nhận",
    "returned": "bị trả lại",
    "withdrawn": "đã rút",
}
OBLIGATION_STATES = {"open": "chưa xong", "fulfilled": "đã xong"}
ACTS = {
    "assigned": "giao nhiệm vụ",
    "acknowledged": "xác nhận đã nhận việc",
    "progress-reported": "báo cáo tiến độ",
    "obligation-fulfilled": "báo cáo xong mốc",
    "completed": "báo cáo hoàn thành",
    "accepted": "chấp nhận kết quả",
    "returned": "trả lại kết quả",
    "reopened": "mở lại",
    "step-refused": "bị từ chối",
    "extension-requested": "xin gia hạn đến",
    "extension-declined": "không gia hạn đến",
    "extended": "gia hạn đến",
    "resolved": "xác định thời hạn",
    "rescheduled": "dời hạn theo lịch nghỉ",
    "revised": "sửa đổi theo kế hoạch",
    "withdrawn": "rút nhiệm vụ",
    "closed": "kế hoạch kết thúc",
    "deadline-approached": "nhắc: sắp đến hạn",
    "deadline-missed": "nhắc: quá hạn",
}
# Acts whose day is part of what happened.
DATED = (
    *("assigned", "extension-requested", "extension-declined", "extended", "resolved", "rescheduled", "revised"),
    *("deadline-approached", "deadline-missed"),
)


def act_text(act: str, percent: int | None, obligation: str | None, due_on: date | None) -> str:
    """`báo cáo tiến độ 40 %`, `gia hạn đến 15/10/2025`."""
    from shared.vietnamese import date_text  # its calendar would slow down every command

    text = ACTS.get(act, act)
    if percent is not None:
        text += f" {percent} %"
    if obligation and act == "obligation-fulfilled":
        text += f" {obligation}"
    if act in DATED and due_on:
        text += f" {date_text(due_on)}"
    return text
