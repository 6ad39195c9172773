"""Builds events of the other services as Notifications receives them."""

import uuid
from datetime import UTC, date, datetime

from shared.contracts import Refused
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    DeadlineApproaching,
    DeadlineMissed,
    Obligation,
    TaskAssigned,
    TaskCommented,
    TaskExtended,
    TaskExtensionDeclined,
    TaskExtensionRequested,
    TaskFollowed,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskUnfollowed,
    TaskWithdrawn,
)
from shared.contracts.portal import AccountClosed, AccountOpened, GrantGiven, GrantWithdrawn
from shared.contracts.reporting import (
    OvertakingCorrection,
    ReportApprovalOvertaken,
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportReminded,
    ReportRestated,
    ReportReturned,
)

RECORDED_AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
BY_OPERATOR = {"by": "Đỗ Quang Vinh", "by_account": "vinh"}
CONTENT = "Rà soát, cập nhật và công khai thủ tục hành chính"
LEAD, SUPPORT = ("Phòng Kinh tế",), ("Trung tâm Phục vụ hành chính công",)


def _recorded(given):
    return {"event_id": f"{uuid.uuid4()}/1", "recorded_at": RECORDED_AT} | given


def commune_registered(commune="c-1", code="21040", name="Xã Tịnh Khê", **given):
    return CommuneRegistered(
        **_recorded(given), commune=commune, code=code, name=name, kind="Xã", province="51",
        province_name="Tỉnh Quảng Ngãi", latitude=15.2, longitude=108.9, in_force_from=date(2025, 7, 1),
    )  # fmt: skip


def _of_commune(contract, commune, day, **fields):
    return contract(**_recorded({}), commune=commune, in_force_from=day, source="01/NQ-HĐND", **fields)


def commune_merged(commune, into, day=date(2025, 9, 1)):
    return _of_commune(CommuneMerged, commune, day, into=into)


def commune_divided(commune, *into, day=date(2025, 9, 1)):
    return _of_commune(CommuneDivided, commune, day, into=tuple({"commune": part} for part in into))


def commune_renamed(commune, name, day, code=None):
    return _of_commune(CommuneRenamed, commune, day, name=name, code=code)


def commune_moved(commune, province, province_name, day, code=None):
    return _of_commune(CommuneMovedToProvince, commune, day, province=province, province_name=province_name, code=code)


def task_assigned(commune="c-1", lead=LEAD, support=SUPPORT, content=CONTENT, **given):
    fields = {"deliverable": "Quyết định", "schedule_text": "Quý III", "deadlines": (date(2025, 9, 30),)} | given
    return TaskAssigned(
        **_recorded({"task_id": "t-1"} | fields), plan_id="p-1", commune=commune, code="1a", content=content, lead=lead,
        support=support,
    )  # fmt: skip


def obligation(key="2025-09-30", due=date(2025, 9, 30), label=None, period=None, planned=None, state="open"):
    return Obligation(
        key=key, kind="deadline", label=label, period=period, planned=planned or due, nominal=due, due=due,
        calendar="1", state=state,
    )  # fmt: skip


def _of_task(contract, commune, given):
    fields = {"task_id": "t-1", "content": CONTENT, "lead": LEAD, "support": SUPPORT} | given
    return contract(**_recorded(fields), commune=commune)


def task_revised(commune="c-1", plan_version=2, **given):
    owed = given.get("obligations", (obligation(due=date(2025, 10, 31), label="báo cáo kết quả"),))
    fields = {"code": "1a", "deliverable": "Báo cáo", "schedule_text": "Tháng 10", "obligations": owed} | given
    return _of_task(TaskRevised, commune, fields | {"plan_version": plan_version, "deadlines": [o.due for o in owed]})


def task_withdrawn(commune="c-1", **given):
    fields = {"by": "Chủ tịch UBND xã", "reason": "Tỉnh đã làm thay", "plan_version": None} | given
    return _of_task(TaskWithdrawn, commune, fields)


def task_returned(commune="c-1", **given):
    fields = {"by": "Trung tâm Phục vụ hành chính công", "reason": "Thiếu minh chứng"} | given
    return _of_task(TaskReturned, commune, fields)


def task_commented(commune="c-1", **given):
    fields = {"by": "Trần Thị Bình", "by_account": "binh", "role": "provincial-office", "note": "Cần báo cáo kỹ hơn"}
    return _of_task(TaskCommented, commune, fields | given)


def task_followed(role="provincial-office", by="Lê Văn Tám", account="tam", task_id="t-1", grant=None):
    who = {"role": role, "by": by, "by_account": account, "grant": grant}
    return TaskFollowed(**_recorded({}), commune="c-1", task_id=task_id, **who)


def account_opened(account="tam"):
    return AccountOpened(**_recorded({}), **BY_OPERATOR, account=account, name="Lê Văn Tám", until=None)


def account_closed(account="tam"):
    return AccountClosed(**_recorded({}), **BY_OPERATOR, account=account, reason="nghỉ hưu")


def grant_given(grant, account="tam", until=None):
    return GrantGiven(
        **_recorded({}), **BY_OPERATOR, account=account, grant=grant, role="provincial-officer", commune=None,
        body=None, province="51", in_force_from=date(2025, 1, 1), until=until,
    )  # fmt: skip


def grant_withdrawn(grant, account="tam"):
    return GrantWithdrawn(**_recorded({}), **BY_OPERATOR, account=account, grant=grant, reason="chuyển công tác")


def task_unfollowed(by="Lê Văn Tám", account="tam", task_id="t-1"):
    return TaskUnfollowed(**_recorded({}), commune="c-1", task_id=task_id, by=by, by_account=account)


def _moved(contract, commune, given, **fields):
    due = date(2025, 10, 31)
    owed = given.get("obligations", (obligation(due=due, planned=date(2025, 9, 30)),))
    return _of_task(contract, commune, fields | {"obligations": owed, "deadlines": [o.due for o in owed]} | given)


def task_extended(commune="c-1", **given):
    return _moved(TaskExtended, commune, given, by="Chủ tịch UBND xã", reason="Chờ hướng dẫn")


def task_extension_requested(commune="c-1", **given):
    fields = {"obligation": "2025-09-30", "label": None, "due_on": date(2025, 9, 30), "requested": date(2025, 10, 31)}
    return _of_task(
        TaskExtensionRequested, commune, fields | {"by": "Phòng Kinh tế", "reason": "Chờ hướng dẫn"} | given
    )


def task_extension_declined(commune="c-1", **given):
    fields = {"obligation": "2025-09-30", "requested": date(2025, 10, 31), "requested_by": "Phòng Kinh tế"}
    return _of_task(TaskExtensionDeclined, commune, fields | {"by": "Chủ tịch UBND xã", "reason": "Đã gia hạn"} | given)


def task_resolved(commune="c-1", **given):
    return _moved(TaskResolved, commune, given, by="Văn phòng HĐND và UBND", reason=None)


def task_rescheduled(commune="c-1", **given):
    return _moved(TaskRescheduled, commune, given, calendar="2")


def deadline_approaching(commune="c-1", days_before=7, days_left=7, due_on=date(2025, 9, 22), **given):
    return _of_task(
        DeadlineApproaching,
        commune,
        {"due_on": due_on, "days_before": days_before, "days_left": days_left} | given,
    )


def deadline_missed(commune="c-1", days_late=1, **given):
    return _of_task(DeadlineMissed, commune, {"due_on": date(2025, 9, 14), "days_late": days_late} | given)


def submission_receipted(commune="c-1", refused=2, **given):
    sentence = "“Hồ sơ tiếp nhận” là -1; số liệu không được âm."
    return SubmissionReceipted(
        **_recorded(given), commune=commune, submission_id="s-1",
        refused=tuple(Refused(item=f"r-{n}", rule="negative", sentence=sentence) for n in range(refused)),
    )  # fmt: skip


def report_published(province="51", edition=1, **given):
    return ReportPublished(
        **_recorded(given), report_id="rep-1", province=province, province_name="Tỉnh Quảng Ngãi", period="2025-Q3",
        edition=edition, known_at=date(2025, 9, 14), content_sha256="ab" * 32,
        headline=("Tỷ lệ hồ sơ trực tuyến: 67,4 %",),
    )  # fmt: skip


def _of_report(contract, commune, given, **fields):
    report = {"province": "51", "regime": "tthc-control", "regime_name": "Kiểm soát thủ tục hành chính"}
    return contract(**_recorded(report | {"commune": commune, "period": "2025-Q3"} | fields | given))


def _level(commune):
    return {"province_name": "Tỉnh Quảng Ngãi", "level": "commune" if commune else "province"}


def report_due(commune="c-1", days_left=1, **given):
    return _of_report(ReportDue, commune, given, **_level(commune), due_on=date(2025, 9, 16), days_left=days_left)


def report_late(commune="c-1", days_late=3, **given):
    return _of_report(ReportLate, commune, given, **_level(commune), due_on=date(2025, 9, 16), days_late=days_late)


def report_reminded(commune="c-1", days_left=-3, note="Nộp trước 17 giờ", **given):
    return _of_report(
        ReportReminded, commune, given, province_name="Tỉnh Quảng Ngãi", due_on=date(2025, 9, 16), days_left=days_left,
        note=note, by="Trần Bình",
    )  # fmt: skip


def report_returned(commune="c-1", **given):
    return _of_report(ReportReturned, commune, given, submission=1, by="Trần Bình", reason="thiếu lĩnh vực\nđất đai")


def report_approved(commune="c-1", **given):
    return _of_report(ReportApproved, commune, given, submission=2, by="Trần Bình", content_sha256="cd" * 32)


def report_approval_overtaken(commune="c-1", moved=12, late_readings=3, corrections=None, **given):
    corrected = OvertakingCorrection(
        reading_id="r-1", observed_on=date(2025, 8, 1), withdrawn=False, by="Lê Văn Tám", reason="Đối chiếu\nsổ giấy"
    )
    withdrawn = OvertakingCorrection(reading_id="r-2", observed_on=date(2025, 8, 4), withdrawn=True, by=None, reason="")
    return _of_report(
        ReportApprovalOvertaken, commune, given, province_name="Tỉnh Quảng Ngãi", submission=2, approved_by="Trần Bình",
        moved=moved, figures=("Tỷ lệ hồ sơ trực tuyến: 67/80 (83,8\u00a0%) → 60/80 (75,0\u00a0%)",),
        corrected=2 if corrections is None else len(corrections),
        corrections=(corrected, withdrawn) if corrections is None else corrections, late_readings=late_readings,
    )  # fmt: skip


def report_restated(province="51", moved=1234, **given):
    fields = {
        "report_id": "rep-1", "province": province, "province_name": "Tỉnh Quảng Ngãi", "period": "2025-Q3",
        "regime": "tthc-control", "regime_name": "Kiểm soát thủ tục hành chính", "edition": 2, "replaces": 1,
        "known_at": date(2025, 9, 30), "content_sha256": "ef" * 32, "moved": moved, "corrections": 3,
        "headline": ("Tỷ lệ hồ sơ trực tuyến: 67,4 % → 66,1 %",), "reason": "đính chính", "by": "Lê Chi",
    }  # fmt: skip
    return ReportRestated(**_recorded(fields | given))
