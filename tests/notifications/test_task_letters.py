"""What the mails about tasks and their deadlines say."""

from datetime import date, timedelta

import pytest

from services.notifications.letters import render
from services.notifications.words import words_of
from tests.notifications import announcements as announced
from tests.notifications.test_letters import OF_COMMUNE, SEVERAL, letter


def test_a_task_is_told_with_what_to_do_by_when():
    subject, text = letter("task_assigned", announced.task_assigned())

    assert subject == f"[Minh Bạch] Giao nhiệm vụ chủ trì: {announced.CONTENT}"
    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text
    assert "- Chủ trì: Phòng Kinh tế\n- Phối hợp: Trung tâm Phục vụ hành chính công\n" in text


def test_each_thing_that_a_task_owes_is_told_by_its_name_in_the_order_of_the_days():
    _, text = letter("task_assigned", announced.task_assigned(obligations=SEVERAL))

    assert (
        "- Thời hạn hoàn thành:\n"
        "  + báo cáo kết quả (quý III năm 2025): 30/9/2025\n"
        "  + ban hành kế hoạch: 3/11/2025 (kế hoạch ghi 1/11/2025)\n"
        "  + kỳ tháng 12 năm 2025: 31/12/2025\n"
        "  + 15/1/2026\n"
        "- Chủ trì: "
    ) in text


def test_what_has_no_names_is_told_in_one_line():
    days = [date(2025, 9, 30), date(2025, 11, 3)]
    owed = (announced.obligation(due=days[0]), announced.obligation(due=days[1], planned=date(2025, 11, 1)))
    _, text = letter("task_assigned", announced.task_assigned(obligations=owed, deadlines=days))

    assert "\n- Thời hạn hoàn thành: 30/9/2025; 3/11/2025 (kế hoạch ghi 1/11/2025)\n- Chủ trì" in text


@pytest.mark.parametrize(("name", "told"), [(None, " và 32 mốc thời hạn khác\n"), ("báo cáo", "\n  + và 32 mốc")])
def test_of_a_deadline_a_week_only_the_next_twenty_are_told(name, told):
    weeks = tuple(announced.obligation(due=date(2025, 1, 5) + timedelta(weeks=n), label=name) for n in range(52))
    _, text = letter("task_assigned", announced.task_assigned(obligations=weeks))

    assert text.count("/2025") == 20
    assert told in text


def test_what_is_done_already_is_not_asked_again():
    done = announced.obligation(due=date(2025, 3, 31), state="fulfilled")
    _, text = letter("task_revised", announced.task_revised(obligations=(done, announced.obligation())))

    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text


def test_a_revised_task_is_told_with_the_amendment():
    subject, text = letter("task_revised", announced.task_revised(plan_version=3))

    assert subject == f"[Minh Bạch] Sửa đổi nhiệm vụ chủ trì: {announced.CONTENT}"
    assert "Kế hoạch của xã Tịnh Khê đã được sửa đổi (lần 2)." in text
    assert "- Thời hạn hoàn thành:\n  + báo cáo kết quả: 31/10/2025\n" in text


@pytest.mark.parametrize(
    ("template", "event", "told"),
    [
        ("task_extended", announced.task_extended(), "Gia hạn đến 31/10/2025: "),
        ("task_extended", announced.task_extended(obligations=SEVERAL), "Gia hạn nhiệm vụ: "),
        ("task_resolved", announced.task_resolved(), "Xác định thời hạn 31/10/2025: "),
        ("task_rescheduled", announced.task_rescheduled(), "Thay đổi thời hạn theo lịch nghỉ, nay là 31/10/2025: "),
    ],
)
def test_another_day_is_told_in_the_subject_where_it_is_one(template, event, told):
    subject, _ = letter(template, event)

    assert subject == f"[Minh Bạch] {told}{announced.CONTENT}"


def test_an_extension_is_told_with_the_day_of_the_plan_the_reason_and_who_decided():
    _, text = letter("task_extended", announced.task_extended())

    assert "- Thời hạn mới: 31/10/2025 (kế hoạch ghi 30/9/2025)\n" in text
    assert "- Lý do: Chờ hướng dẫn\n- Người quyết định: Chủ tịch UBND xã\n" in text


def test_a_day_that_was_resolved_without_a_reason_is_told_without_one():
    _, text = letter("task_resolved", announced.task_resolved())

    assert "Lý do" not in text
    assert "- Người hoặc đơn vị xác định: Văn phòng HĐND và UBND\n" in text


def test_what_is_returned_is_told_with_the_reason_and_who_returned_it():
    _, text = letter("task_returned", announced.task_returned())

    assert "- Lý do trả lại: Thiếu minh chứng\n- Người hoặc đơn vị trả lại: Trung tâm Phục vụ hành chính công\n" in text


def test_a_reason_in_several_lines_stays_one_item_of_the_list():
    _, text = letter("task_returned", announced.task_returned(reason="Thiếu:\n- Lý do trả lại: a\n\nb"))

    assert "- Lý do trả lại: Thiếu: - Lý do trả lại: a b\n" in text


@pytest.mark.parametrize(
    ("template", "event"),
    [
        ("deadline_approaching", announced.deadline_approaching(label="báo cáo kết quả", obligation="2025-Q3")),
        ("deadline_missed", announced.deadline_missed(label="báo cáo kết quả", obligation="2025-Q3")),
        ("deadline_missed_escalated", announced.deadline_missed(label="báo cáo kết quả", obligation="2025-Q3")),
    ],
)
def test_a_deadline_is_told_by_its_name(template, event):
    _, text = letter(template, event)

    assert "\n- Mốc: báo cáo kết quả (quý III năm 2025)\n" in text


def test_the_office_of_the_province_is_told_which_commune_is_late_since_when_and_who_leads():
    missed = announced.deadline_missed(days_late=10, recorded_at=announced.RECORDED_AT + timedelta(days=11))
    subject, text = letter("deadline_missed_escalated", missed, "province")

    assert subject == f"[Minh Bạch] Quá hạn 12 ngày (14/9/2025) tại xã Tịnh Khê: {announced.CONTENT}"
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
def test_a_notice_that_has_waited_since_an_earlier_version_can_still_be_read(template):
    events = {
        "task_assigned": announced.task_assigned(),
        "deadline_approaching": announced.deadline_approaching(),
    }
    words = words_of(events.get(template, announced.deadline_missed()))
    before = {name: words[name] for name in WAITED[template]} | {"deadlines": ["2025-09-30"], "role": "lead"}

    _, text = render(template, before | OF_COMMUNE)

    assert announced.CONTENT in text
    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text or "- Thời hạn: " in text


def test_days_left_are_told_with_the_day_they_are_counted_from():
    subject, text = letter("deadline_approaching", announced.deadline_approaching(days_before=7, days_left=5))

    assert "Còn 5 ngày (22/9/2025)" in subject
    assert "- Thời hạn: 22/9/2025 (còn 5 ngày, tính từ ngày 17/9/2025)\n" in text


def test_what_is_due_today_is_told_so():
    subject, text = letter("deadline_approaching", announced.deadline_approaching(days_before=1, days_left=0))

    assert "Đến hạn hôm nay (22/9/2025)" in subject
    assert "- Thời hạn: 22/9/2025\n" in text
