"""Announcements of the other services, as they come, for the tests of this one."""

import uuid
from datetime import UTC, date, datetime

from shared.contracts import Refused
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import CommuneRegistered, DeadlineApproaching, DeadlineMissed, TaskAssigned
from shared.contracts.reporting import ReportPublished

RECORDED_AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
CONTENT = "Rà soát, cập nhật và công khai thủ tục hành chính"
LEAD, SUPPORT = ("Phòng Kinh tế",), ("Trung tâm Phục vụ hành chính công",)


def _recorded(given):
    return {"event_id": f"{uuid.uuid4()}/1", "recorded_at": RECORDED_AT} | given


def commune_registered(commune="c-1", code="21040", name="Xã Tịnh Khê", **given):
    return CommuneRegistered(
        **_recorded(given), commune=commune, code=code, name=name, kind="Xã", province="51",
        province_name="Tỉnh Quảng Ngãi", latitude=15.2, longitude=108.9, in_force_from=date(2025, 7, 1),
    )  # fmt: skip


def task_assigned(commune="c-1", lead=LEAD, support=SUPPORT, content=CONTENT, **given):
    more = {"deliverable": "Quyết định", "schedule_text": "Quý III", "deadlines": (date(2025, 9, 30),)} | given
    return TaskAssigned(
        **_recorded(more), task_id="t-1", plan_id="p-1", commune=commune, code="1a", content=content, lead=lead,
        support=support,
    )  # fmt: skip


def deadline_approaching(commune="c-1", days_before=7, days_left=7, **given):
    return DeadlineApproaching(
        **_recorded(given), task_id="t-1", commune=commune, content=CONTENT, lead=LEAD, support=SUPPORT,
        due_on=date(2025, 9, 22), days_before=days_before, days_left=days_left,
    )  # fmt: skip


def deadline_missed(commune="c-1", days_late=1, **given):
    return DeadlineMissed(
        **_recorded(given), task_id="t-1", commune=commune, content=CONTENT, lead=LEAD, support=SUPPORT,
        due_on=date(2025, 9, 14), days_late=days_late,
    )  # fmt: skip


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
