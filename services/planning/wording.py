"""What the states of a task, and what happened to it, are called on the terminal and on pages."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from shared.regimes import DEFAULT_REGIME_TITLE, REFORM, TTHC_CONTROL, PlanRegime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.contracts.planning import CommuneTasks, TaskRow

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
    "evidence-attached": "thêm tệp minh chứng",
    "accepted": "chấp nhận kết quả",
    "returned": "trả lại kết quả",
    "reopened": "mở lại",
    "commented": "ý kiến",
    "followed": "theo dõi nhiệm vụ",
    "unfollowed": "thôi theo dõi nhiệm vụ",
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
SOON = "14-ngay"  # shared.contracts.planning.DUE_SOON
DUE = {
    SOON: "14 ngày tới",
    "tuan-nay": "tuần này",
    "thang-nay": "tháng này",
    "thang-sau": "tháng sau",
    "quy-nay": "quý này",
}
ATTENTION = {
    "cham": "quá hạn",
    "cho-gia-han": "xin gia hạn",
    "cho-duyet": "chờ chấp nhận",
    "chua-co-han": "chưa có hạn",
    "theo-doi": "tôi theo dõi",
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
    "comment": "Ghi ý kiến",
    "follow": "Theo dõi nhiệm vụ này",
    "unfollow": "Thôi theo dõi",
}
STEP_FIELDS = {
    "percent": "Đã làm được bao nhiêu phần trăm",
    "note": "Lý do",
    "evidence": "Minh chứng: số văn bản hoặc đường dẫn",
    "due_on": "Đến ngày",
    "obligation": "Mốc",
}
# A note that is no reason.
NOTES = {"progress": "Đã làm những gì", "accept": "Nhận xét", "comment": "Ý kiến"}
INVALID_FIELDS = {
    "percent": "Tỷ lệ là một số từ 0 đến 100.",
    "due_on": "Ngày không đọc được; hãy ghi như 15/10/2025.",
}
TOO_LONG = "Nội dung dài quá 2.000 ký tự hoặc có ký tự điều khiển."
NOTHING_CHOSEN = "Hãy đánh dấu ít nhất một nhiệm vụ trong danh sách."
NOTE_MISSING = "Hãy ghi ý kiến; mọi nhiệm vụ đã chọn có cùng ý kiến này."
REASON_FOR_END = "Hãy ghi lý do kết thúc kế hoạch."
REASON_MISSING = "Hãy ghi lý do; mọi nhiệm vụ đã chọn có cùng lý do này."
RECORDED = "đã ghi nhận: {}"


def step_title(step: str, *, requested: bool = False) -> str:
    """`requested`: more time was asked for, and is decided."""
    return "Đồng ý gia hạn" if step == "extend" and requested else STEP_TITLES[step]


def field_label(step: str, field: str) -> str:
    return NOTES.get(step, STEP_FIELDS[field]) if field == "note" else STEP_FIELDS[field]


WHOLE = "hoàn thành"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def place_of(tasks: "TaskRow | CommuneTasks") -> str:
    """The commune of a task; of one that went into another with that one's name."""
    from shared.vietnamese import mid_sentence

    return f"{tasks.name} (nay thuộc {mid_sentence(tasks.successor)})" if tasks.successor else tasks.name


def milestone_text(key: str, label: str | None = None) -> str:
    """What a person calls an obligation: its label, its day or period, or that it is the whole task's."""
    from shared.calendar.recurring_periods import period_text
    from shared.vietnamese import date_text  # its calendars would slow down every command

    if not label and ISO_DAY.fullmatch(key):
        return date_text(date.fromisoformat(key))
    return label or period_text(key) or WHOLE


def act_text(act: str, percent: int | None, obligation: str | None, due_on: date | None) -> str:
    """`báo cáo tiến độ 40 %`, `gia hạn đến 15/10/2025`."""
    from shared.vietnamese import date_text

    text = ACTS.get(act, act)
    if percent is not None:
        text += f" {percent} %"
    if obligation and act == "obligation-fulfilled":
        named = milestone_text(obligation)
        text += "" if named == WHOLE else f" {named}"
    if act in DATED and due_on:
        text += f" {date_text(due_on)}"
    return text


# Keys of the plan format, and those of their values that are words.
KEYS = {
    "code": "số thứ tự", "section": "mục", "content": "nội dung", "deliverable": "sản phẩm", "lead": "chủ trì",
    "support": "phối hợp", "schedule_text": "thời gian thực hiện", "milestones": "mốc thời hạn", "name": "tên",
    "unit": "đơn vị tính", "target": "mức giao", "target_text": "mức giao trong văn bản", "scope": "phạm vi",
    "owners": "cơ quan chịu trách nhiệm", "indicator": "chỉ số", "field": "lĩnh vực", "title": "tên kế hoạch",
    "regime": "chế độ báo cáo", "year": "năm", "span": "thời gian của kế hoạch", "number": "số, ký hiệu",
    "issued_on": "ngày ban hành", "based_on": "căn cứ", "roll": "khi hạn là ngày nghỉ", "kind": "loại", "from": "từ",
    "until": "đến", "due": "hạn", "label": "việc", "condition": "điều kiện", "every": "chu kỳ", "on": "vào",
    "before": "chỉ dời về trước nếu là ngày nghỉ",
    "change": "thay đổi", "at_least": "tối thiểu", "above": "trên", "below": "dưới", "at_most": "tối đa",
    "days": "số ngày", "event": "sau", "working_days": "ngày làm việc", "text": "câu chữ", "suggestion": "gợi ý",
}  # fmt: skip
VALUES = {
    "deadline": "thời hạn", "recurring": "định kỳ", "continuous": "thường xuyên", "unspecified": "chưa xác định",
    "on-demand": "khi có yêu cầu", "by-reference": "theo văn bản khác", "after-event": "sau một sự kiện",
    "invalid": "không có ngày này", "week": "hằng tuần", "month": "hằng tháng", "quarter": "hằng quý",
    "half-year": "6 tháng một lần", "year": "hằng năm", "up": "tăng", "down": "giảm", "True": "có", "False": "không",
    "forward": "chuyển sang ngày làm việc sau", "back": "chuyển về ngày làm việc trước", "none": "giữ nguyên",
}  # fmt: skip
KINDS = {"plan": "kế hoạch", "task": "nhiệm vụ", "target": "chỉ tiêu"}


def one_line(value: Any) -> str:
    """A value of the plan format on one line, its keys, words and days as people write them."""
    match value:
        case None:
            return "–"
        case dict():
            return ", ".join(
                f"{KEYS.get(key, key)} {one_line(each)}" for key, each in value.items() if each is not None
            )
        case list():
            return "; ".join(one_line(each) for each in value) or "–"
        case str() if ISO_DAY.fullmatch(value):
            year, month, day = value.split("-")
            return f"{int(day)}/{int(month)}/{year}"
    return VALUES.get(str(value)) or " ".join(str(value).split())


REGIMES: "Mapping[PlanRegime, str]" = {TTHC_CONTROL: DEFAULT_REGIME_TITLE, REFORM: "Cải cách hành chính"}
HOW = {"added": "mới", "changed": "thay đổi", "withdrawn": "rút"}
EVIDENCE_TOO_LARGE = "Tệp lớn hơn 20 MB; hãy nén lại hoặc chia thành nhiều tệp."
NO_FILE = "Hãy chọn một tệp: DOCX, XLSX, PDF hoặc văn bản thuần."
DRAFT_OLD = "Bản thảo trong biểu mẫu không còn đọc được; hãy tải văn bản lên lại."
REASON_FOR_CHANGE = "Hãy ghi lý do sửa đổi; lý do được lưu cùng kế hoạch."
# By the key of the plan's head: the field of the page, and its sentence.
HEAD_ERRORS = {
    "title": ("ten", "Hãy ghi tên kế hoạch."),
    "year": ("nam", "Hãy ghi năm của kế hoạch, ví dụ 2025."),
    "regime": ("che-do", "Hãy chọn chế độ báo cáo."),
    "issued_on": ("ngay", "Hãy ghi ngày ban hành như 15/1/2025."),
}
