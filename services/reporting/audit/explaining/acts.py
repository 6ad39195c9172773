"""Each stored event of a task, plan, report, reading and commune in words: its act, its day, and what people wrote."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.reporting.audit import stored_names as names
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from shared.vietnamese import date_text, number, written_day


class Words(NamedTuple):
    """`act` in Vietnamese; `day` is the field with the day that the event is about; `details` are (field, label)."""

    act: str
    day: str | None = None
    details: Sequence[tuple[str, str]] = ()


NOTE, REASON, EVIDENCE, SOURCE = (
    ("note", "ghi chú"), ("reason", "lý do"), ("evidence", "minh chứng"), ("source", "căn cứ"),
)  # fmt: skip
SENTENCE, DEADLINES, DUE = ("sentence", ""), ("deadlines", "hạn còn lại"), ("due_on", "hạn")
CONTENT = (("content", ""), ("lead", "chủ trì"))
PLAN = (("title", ""), ("number", "số"), ("span_from", "từ"), ("span_until", "đến"))
EDITION = (("edition", "lần"), ("known_at", "số liệu đến"), ("content_sha256", "SHA-256"))

WORDS: Mapping[str, Words] = {
    names.TASK_ASSIGNED: Words("giao nhiệm vụ", "assigned_on", (*CONTENT, ("deadlines", "hạn"))),
    names.TASK_ACKNOWLEDGED: Words("xác nhận đã nhận việc"),
    names.TASK_PROGRESS_REPORTED: Words("báo cáo tiến độ", None, (("percent", "%"), NOTE, EVIDENCE)),
    names.TASK_OBLIGATION_FULFILLED: Words("báo cáo xong mốc", "fulfilled_on", (DUE, NOTE, EVIDENCE, DEADLINES)),
    names.TASK_COMPLETED: Words("báo cáo hoàn thành", "completed_on", (NOTE, EVIDENCE)),
    names.TASK_EVIDENCE_ATTACHED: Words("thêm tệp minh chứng", None, (("name", ""), ("sha256", "SHA-256"))),
    names.TASK_COMMENTED: Words("ý kiến", None, (("note", ""),)),
    names.TASK_FOLLOWED: Words("theo dõi nhiệm vụ"),
    names.TASK_UNFOLLOWED: Words("thôi theo dõi nhiệm vụ"),
    names.TASK_ACCEPTED: Words("chấp nhận kết quả", None, (NOTE,)),
    names.TASK_RETURNED: Words("trả lại kết quả", None, (REASON,)),
    names.TASK_REOPENED: Words("mở lại", None, (REASON,)),
    names.TASK_STEP_REFUSED: Words("bước bị từ chối", None, (SENTENCE,)),
    names.TASK_EXTENDED: Words("gia hạn", None, (REASON, DEADLINES)),
    names.TASK_EXTENSION_REQUESTED: Words("xin gia hạn", None, (("requested", "đến"), REASON)),
    names.TASK_EXTENSION_DECLINED: Words("không gia hạn", None, (("requested", "đến"), REASON)),
    names.TASK_RESOLVED: Words("xác định thời hạn", None, (REASON, DEADLINES)),
    names.TASK_RESCHEDULED: Words("dời hạn theo lịch nghỉ", None, (("calendar", "lịch"), DEADLINES)),
    names.TASK_REVISED: Words("sửa đổi theo kế hoạch", None, (*CONTENT, ("plan_version", "bản"), DEADLINES)),
    names.TASK_RENUMBERED: Words("đổi số thứ tự theo kế hoạch", None, (("plan_version", "bản"),)),
    names.TASK_WITHDRAWN: Words("rút nhiệm vụ", None, (REASON,)),
    names.TASK_CLOSED: Words("kế hoạch kết thúc"),
    names.TASK_DEADLINE_APPROACHED: Words("nhắc: sắp đến hạn", "due_on", (("days_left", "số ngày còn lại"),)),
    names.TASK_DEADLINE_MISSED: Words("nhắc: quá hạn", "due_on", (("days_late", "số ngày quá hạn"),)),
    names.PLAN_ISSUED: Words("ban hành kế hoạch", "issued_on", (*PLAN, ("based_on", "căn cứ"))),
    names.PLAN_AMENDED: Words("sửa đổi kế hoạch", "amended_on", (("version", "bản"), REASON, *PLAN)),
    names.PLAN_CLOSED: Words("kết thúc kế hoạch", "closed_on", (REASON,)),
    names.PLAN_CHANGE_REFUSED: Words("thay đổi bị từ chối", None, (SENTENCE,)),
    names.COMMUNE_REGISTERED: Words("đăng ký", "in_force_from", (("name", ""), ("code", "mã"), ("province_name", ""))),
    names.COMMUNE_MERGED: Words("sáp nhập", "in_force_from", (("into", "vào"), SOURCE)),
    names.COMMUNE_DIVIDED: Words("chia", "in_force_from", (("into", "thành"), SOURCE)),
    names.COMMUNE_RENAMED: Words("đổi tên", "in_force_from", (("name", ""), ("code", "mã"), SOURCE)),
    names.COMMUNE_MOVED_TO_PROVINCE: Words(
        "chuyển tỉnh", "in_force_from", (("province_name", ""), ("code", "mã"), SOURCE)
    ),
    CommuneReport.Opened.TOPIC: Words("mở báo cáo", None, (("regime_name", "chế độ"),)),
    CommuneReport.Due.TOPIC: Words("nhắc: sắp đến hạn nộp", "due_on", (("days_left", "số ngày còn lại"),)),
    CommuneReport.Late.TOPIC: Words("nhắc: quá hạn nộp", "due_on", (("days_late", "số ngày quá hạn"),)),
    CommuneReport.Reminded.TOPIC: Words("tỉnh nhắc nộp", "reminded_on", (NOTE, DUE)),
    CommuneReport.Submitted.TOPIC: Words(
        "nộp báo cáo", "submitted_on", (("submission", "lần"), DUE, ("content_sha256", "SHA-256"))
    ),
    CommuneReport.Returned.TOPIC: Words("trả lại báo cáo", None, (("submission", "lần"), REASON)),
    CommuneReport.Approved.TOPIC: Words("duyệt báo cáo", None, (("submission", "lần"),)),
    CommuneReport.ApprovalOvertaken.TOPIC: Words(
        "số liệu đã đổi sau khi duyệt", None, (("figures", ""), ("moved", "số liệu đổi"))
    ),
    CommuneReport.StepRefused.TOPIC: Words("bước bị từ chối", None, (SENTENCE,)),
    Report.Opened.TOPIC: Words("mở báo cáo của tỉnh", None, (("regime_name", "chế độ"),)),
    Report.Due.TOPIC: Words("nhắc: sắp đến hạn", "due_on", (("days_left", "số ngày còn lại"),)),
    Report.Late.TOPIC: Words("nhắc: quá hạn", "due_on", (("days_late", "số ngày quá hạn"),)),
    Report.SectionWritten.TOPIC: Words("viết một phần báo cáo", "written_on", (("section", "phần"), ("text", ""))),
    Report.Published.TOPIC: Words("công bố", "known_at", EDITION),
    Report.Restated.TOPIC: Words("công bố lại", "known_at", (*EDITION, REASON)),
    Report.ChangeRefused.TOPIC: Words("thay đổi bị từ chối", None, (SENTENCE,)),
}
MOST_OF_A_LIST, MOST_LETTERS = 4, 240


def sentences_of(name: str, fields: Mapping[str, Any]) -> Iterator[str]:
    """The act, then what the event holds of its details."""
    words = WORDS[name]
    yield words.act
    for field, label in words.details:
        if (value := fields.get(field)) not in (None, "", []):
            yield f"{label}: {_text(value)}" if label else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        more = ", …" if len(value) > MOST_OF_A_LIST else ""
        return ", ".join(_text(each) for each in value[:MOST_OF_A_LIST]) + more
    if isinstance(value, dict):  # a successor of a divided commune
        share = f" ({value['share']})" if value.get("share") else ""
        return f"{value.get('commune')}{share}"
    if isinstance(value, int):
        return number(value)
    text = str(value)
    try:
        day = written_day(text)
    except ValueError:
        day = None
    if day:
        return date_text(day)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
