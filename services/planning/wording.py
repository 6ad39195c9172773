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

# Facets of a list of tasks: when something is due, and what needs somebody.
DUE = {"tuan-nay": "tuần này", "thang-nay": "tháng này", "thang-sau": "tháng sau", "quy-nay": "quý này"}
ATTENTION = {
    "cham": "đang chậm",
    "cho-gia-han": "xin gia hạn",
    "cho-duyet": "chờ chấp nhận",
    "chua-co-han": "chưa có hạn",
}
FACETS = {"han": "Đến hạn", "tinh-trang": "Tình trạng", "co-quan": "Cơ quan"}

STEP_TITLES = {
    "acknowledge": "Xác nhận đã nhận việc",
    "progress": "Báo cáo tiến độ",
    "complete": "Báo cáo hoàn thành",
    "request-extension": "Xin gia hạn",
    "resolve": "Xác định thời hạn",
    "reopen": "Mở lại nhiệm vụ",
    "accept": "Chấp nhận kết quả",
    "return": "Trả lại để làm tiếp",
    "extend": "Gia hạn",
    "decline-extension": "Không gia hạn",
    "withdraw": "Rút nhiệm vụ khỏi kế hoạch",
}
STEP_FIELDS = {
    "percent": "Đã làm được bao nhiêu phần trăm",
    "note": "Lý do",
    "evidence": "Minh chứng: số văn bản hoặc đường dẫn",
    "due_on": "Đến ngày",
    "obligation": "Mốc",
}
# A note that is no reason.
NOTES = {"progress": "Đã làm những gì", "accept": "Nhận xét"}
INVALID_FIELDS = {
    "percent": "Tỷ lệ là một số từ 0 đến 100.",
    "due_on": "Ngày không đọc được; hãy ghi như 15/10/2025.",
}
TOO_LONG = "Nội dung dài quá 2.000 ký tự hoặc có ký tự điều khiển."
NOTHING_CHOSEN = "Hãy đánh dấu ít nhất một nhiệm vụ trong danh sách."
REASON_MISSING = "Hãy ghi lý do trả lại; mọi nhiệm vụ đã chọn có cùng lý do này."
RECORDED = "đã ghi nhận: {}"


def step_title(step: str, *, requested: bool = False) -> str:
    """`requested`: more time was asked for, and is decided."""
    return "Đồng ý gia hạn" if step == "extend" and requested else STEP_TITLES[step]


def field_label(step: str, field: str) -> str:
    return NOTES.get(step, STEP_FIELDS[field]) if field == "note" else STEP_FIELDS[field]


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
