"""Letters about tasks and their deadlines."""

from datetime import date, timedelta

import pytest

from services.notifications.mail.letters import render
from tests.notifications import events
from tests.notifications.letter import OF_COMMUNE, SEVERAL, context, letter


def test_task_letter_has_content_and_deadline():
    subject, text = letter("task_assigned", events.task_assigned())

    assert subject == f"[Minh Bạch] Giao nhiệm vụ chủ trì: {events.CONTENT}"
    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text
    assert "- Chủ trì: Phòng Kinh tế\n- Phối hợp: Trung tâm Phục vụ hành chính công\n" in text


def test_named_obligations_are_listed_by_day():
    _, text = letter("task_assigned", events.task_assigned(obligations=SEVERAL))

    assert (
        "- Thời hạn hoàn thành:\n"
        "  + báo cáo kết quả (quý III năm 2025): 30/9/2025\n"
        "  + ban hành kế hoạch: 3/11/2025 (kế hoạch ghi 1/11/2025)\n"
        "  + kỳ tháng 12 năm 2025: 31/12/2025\n"
        "  + 15/1/2026\n"
        "- Chủ trì: "
    ) in text


def test_unnamed_obligations_stand_in_one_line():
    days = [date(2025, 9, 30), date(2025, 11, 3)]
    owed = (events.obligation(due=days[0]), events.obligation(due=days[1], planned=date(2025, 11, 1)))
    _, text = letter("task_assigned", events.task_assigned(obligations=owed, deadlines=days))

    assert "\n- Thời hạn hoàn thành: 30/9/2025; 3/11/2025 (kế hoạch ghi 1/11/2025)\n- Chủ trì" in text


@pytest.mark.parametrize(("name", "text_part"), [(None, " và 32 mốc thời hạn khác\n"), ("báo cáo", "\n  + và 32 mốc")])
def test_weekly_deadlines_past_twenty_are_counted(name, text_part):
    weeks = tuple(events.obligation(due=date(2025, 1, 5) + timedelta(weeks=n), label=name) for n in range(52))
    _, text = letter("task_assigned", events.task_assigned(obligations=weeks))

    assert text.count("/2025") == 20
    assert text_part in text


def test_fulfilled_obligations_are_left_out():
    done = events.obligation(due=date(2025, 3, 31), state="fulfilled")
    _, text = letter("task_revised", events.task_revised(obligations=(done, events.obligation())))

    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text


def test_revised_task_letter_names_the_amendment():
    subject, text = letter("task_revised", events.task_revised(plan_version=3))

    assert subject == f"[Minh Bạch] Sửa đổi nhiệm vụ chủ trì: {events.CONTENT}"
    assert "Kế hoạch của xã Tịnh Khê đã được sửa đổi (lần 2)." in text
    assert "- Thời hạn hoàn thành:\n  + báo cáo kết quả: 31/10/2025\n" in text


@pytest.mark.parametrize(
    ("template", "event", "action"),
    [
        ("task_extended", events.task_extended(), "Gia hạn đến 31/10/2025: "),
        ("task_extended", events.task_extended(obligations=SEVERAL), "Gia hạn nhiệm vụ: "),
        ("task_resolved", events.task_resolved(), "Xác định thời hạn 31/10/2025: "),
        ("task_rescheduled", events.task_rescheduled(), "Thay đổi thời hạn theo lịch nghỉ, nay là 31/10/2025: "),
    ],
)
def test_subject_has_the_new_day_where_there_is_one(template, event, action):
    subject, _ = letter(template, event)

    assert subject == f"[Minh Bạch] {action}{events.CONTENT}"


def test_extension_letter_has_planned_day_reason_and_decider():
    _, text = letter("task_extended", events.task_extended())

    assert "- Thời hạn mới: 31/10/2025 (kế hoạch ghi 30/9/2025)\n" in text
    assert "- Lý do: Chờ hướng dẫn\n- Người quyết định: Chủ tịch UBND xã\n" in text


def test_extension_request_letter_has_both_days_and_how_to_decide():
    subject, text = letter("task_extension_requested", events.task_extension_requested(), "chair")

    assert subject == f"[Minh Bạch] Đề nghị gia hạn đến 31/10/2025: {events.CONTENT}"
    assert "- Thời hạn hiện nay: 30/9/2025\n- Đề nghị lùi đến: 31/10/2025\n- Lý do: Chờ hướng dẫn\n" in text
    assert "minhbach task extend" in text
    assert "báo cáo Chủ tịch" in letter("task_extension_requested", events.task_extension_requested(), "centre")[1]


def test_declined_extension_letter_has_request_reason_and_decider():
    subject, text = letter("task_extension_declined", events.task_extension_declined())

    assert subject == f"[Minh Bạch] Không gia hạn đến 31/10/2025: {events.CONTENT}"
    assert "- Đề nghị lùi đến: 31/10/2025 (Phòng Kinh tế)\n- Lý do không gia hạn: Đã gia hạn\n" in text


def test_resolved_day_letter_without_a_reason():
    _, text = letter("task_resolved", events.task_resolved())

    assert "Lý do" not in text
    assert "- Người hoặc đơn vị xác định: Văn phòng HĐND và UBND\n" in text


def test_returned_task_letter_has_reason_and_reviewer():
    _, text = letter("task_returned", events.task_returned())

    assert "- Lý do trả lại: Thiếu minh chứng\n- Người hoặc đơn vị trả lại: Trung tâm Phục vụ hành chính công\n" in text


def test_reason_in_several_lines_is_joined():
    _, text = letter("task_returned", events.task_returned(reason="Thiếu:\n- Lý do trả lại: a\n\nb"))

    assert "- Lý do trả lại: Thiếu: - Lý do trả lại: a b\n" in text


@pytest.mark.parametrize(
    ("template", "event"),
    [
        ("deadline_approaching", events.deadline_approaching(label="báo cáo kết quả", obligation="2025-Q3")),
        ("deadline_missed", events.deadline_missed(label="báo cáo kết quả", obligation="2025-Q3")),
        ("deadline_missed_escalated", events.deadline_missed(label="báo cáo kết quả", obligation="2025-Q3")),
    ],
)
def test_deadline_letters_name_the_milestone(template, event):
    _, text = letter(template, event)

    assert "\n- Mốc: báo cáo kết quả (quý III năm 2025)\n" in text


def test_escalation_letter_names_commune_delay_and_lead():
    missed = events.deadline_missed(days_late=10, recorded_at=events.RECORDED_AT + timedelta(days=11))
    subject, text = letter("deadline_missed_escalated", missed, "province")

    assert subject == f"[Minh Bạch] Quá hạn 12 ngày (14/9/2025) tại xã Tịnh Khê: {events.CONTENT}"
    assert "Nhiệm vụ sau đây của xã Tịnh Khê đã quá hạn 12 ngày" in text
    assert "- Chủ trì: Phòng Kinh tế\n- Thời hạn: 14/9/2025\n- Tình trạng tính đến ngày: 26/9/2025\n" in text
    assert "đôn đốc UBND xã Tịnh Khê" in text


WAITED = {
    "task_assigned": ("content", "deliverable", "schedule_text", "lead", "support"),
    "deadline_approaching": ("content", "due_on", "lead", "days_left", "counted_on"),
    "deadline_missed": ("content", "due_on", "lead", "days_late", "counted_on"),
    "deadline_missed_escalated": ("content", "due_on", "lead", "days_late", "counted_on"),
}


@pytest.mark.parametrize("template", WAITED)
def test_contents_queued_by_an_earlier_version_still_render(template):
    about = {
        "task_assigned": events.task_assigned(),
        "deadline_approaching": events.deadline_approaching(),
    }
    fields = context(about.get(template, events.deadline_missed()))
    before = {name: fields[name] for name in WAITED[template]} | {"deadlines": ["2025-09-30"], "role": "lead"}

    _, text = render(template, before | OF_COMMUNE)

    assert events.CONTENT in text
    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text or "- Thời hạn: " in text


def test_days_left_have_the_day_they_are_counted_from():
    subject, text = letter("deadline_approaching", events.deadline_approaching(days_before=7, days_left=5))

    assert "Còn 5 ngày (22/9/2025)" in subject
    assert "- Thời hạn: 22/9/2025 (còn 5 ngày, tính từ ngày 17/9/2025)\n" in text


def test_letter_of_a_deadline_today():
    subject, text = letter("deadline_approaching", events.deadline_approaching(days_before=1, days_left=0))

    assert "Đến hạn hôm nay (22/9/2025)" in subject
    assert "- Thời hạn: 22/9/2025\n" in text


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (events.task_extended(), "- Thời hạn: 31/10/2025 (kế hoạch ghi 30/9/2025)\n- Lý do: Chờ hướng dẫn\n"),
        (events.task_extension_requested(), "- Đề nghị lùi đến: "),
        (events.task_extension_declined(), "- Đề nghị lùi đến: "),
    ],
)
def test_a_follower_reads_until_when_a_task_is_or_would_be_extended(event, lines):
    _, text = letter("task_followed", event, "follower")

    assert lines in text
    assert f"- Người quyết định hoặc đề nghị: {event.by}\n" in text
