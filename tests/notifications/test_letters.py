from email import message_from_bytes, policy
from unicodedata import is_normalized
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from services.notifications.letters import compose, render
from services.notifications.mail_settings import MailSettings
from services.notifications.read_models.outbox import Waiting
from services.notifications.words import words_of
from tests.notifications import announcements as announced

SETTINGS = MailSettings.from_env({})
OF_COMMUNE = {"recipient_name": "Phòng Kinh tế xã Tịnh Khê", "commune_name": "xã Tịnh Khê"}


def letter(template, event, role="lead", **words):
    return render(template, {**words_of(event), **OF_COMMUNE, "role": role, **words})


EACH = [
    ("task_assigned", announced.task_assigned(), "lead"),
    ("task_assigned", announced.task_assigned(), "support"),
    ("task_assigned", announced.task_assigned(deliverable=None, schedule_text=None, deadlines=(), support=()), "lead"),
    ("deadline_approaching", announced.deadline_approaching(), "lead"),
    ("deadline_approaching", announced.deadline_approaching(days_before=1, days_left=0), "support"),
    ("deadline_missed", announced.deadline_missed(), "lead"),
    ("deadline_missed_escalated", announced.deadline_missed(days_late=3), "chair"),
    ("deadline_missed_escalated", announced.deadline_missed(days_late=3), "centre"),
    ("reading_refused", announced.submission_receipted(), "centre"),
    ("reading_refused", announced.submission_receipted(refused=1234), "centre"),
    ("report_published", announced.report_published(), "centre"),
    ("report_published", announced.report_published(edition=2), "province"),
]


@pytest.mark.parametrize(("template", "event", "role"), EACH)
def test_every_letter_is_whole(template, event, role):
    subject, text = letter(template, event, role)

    assert subject.startswith("[Minh Bạch] ")
    assert text.startswith("Kính gửi: Phòng Kinh tế xã Tịnh Khê\n\n")
    assert text.endswith("Trân trọng.\nHệ thống Minh Bạch\n")
    assert "\n\n\n" not in text
    assert "None" not in subject + text
    assert is_normalized("NFC", subject + text)
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(("template", "event", "role"), EACH)
def test_a_word_that_is_missing_is_a_fault(template, event, role):
    words = {**words_of(event), **OF_COMMUNE, "role": role}
    del words["recipient_name"]

    with pytest.raises(UndefinedError):
        render(template, words)


def test_a_task_is_told_with_what_to_do_by_when():
    subject, text = letter("task_assigned", announced.task_assigned())

    assert subject == f"[Minh Bạch] Giao nhiệm vụ chủ trì: {announced.CONTENT}"
    assert "- Thời hạn hoàn thành: 30/9/2025\n" in text
    assert "- Chủ trì: Phòng Kinh tế\n- Phối hợp: Trung tâm Phục vụ hành chính công\n" in text


def test_days_left_are_told_with_the_day_they_are_counted_from():
    subject, text = letter("deadline_approaching", announced.deadline_approaching(days_before=7, days_left=5))

    assert "Còn 5 ngày (22/9/2025)" in subject
    assert "- Thời hạn: 22/9/2025 (còn 5 ngày, tính từ ngày 17/9/2025)\n" in text


def test_what_is_due_today_is_told_so():
    subject, text = letter("deadline_approaching", announced.deadline_approaching(days_before=1, days_left=0))

    assert "Đến hạn hôm nay (22/9/2025)" in subject
    assert "- Thời hạn: 22/9/2025\n" in text


def test_more_than_twenty_refusals_are_counted():
    subject, text = letter("reading_refused", announced.submission_receipted(refused=1234))

    assert "1.234 số liệu không được ghi nhận" in subject
    assert text.count("\n- r-") == 20
    assert "\n- và 1.214 số liệu khác.\n" in text


def test_a_report_is_told_with_its_period_and_its_hash():
    subject, text = letter("report_published", announced.report_published(edition=2), "centre")

    assert subject == "[Minh Bạch] Công bố báo cáo quý III năm 2025 của tỉnh Quảng Ngãi (lần 2)"
    assert "- Số liệu chốt đến hết ngày: 14/9/2025\n" in text
    assert "ab" * 32 in text
    assert "- Tỷ lệ hồ sơ trực tuyến: 67,4 %\n" in text


def test_a_mail_can_be_read_by_any_reader():
    event = announced.task_assigned()
    words = {**words_of(event), **OF_COMMUNE, "role": "lead"}

    mail = message_from_bytes(
        compose(waiting("task_assigned", words), SETTINGS, announced.RECORDED_AT), policy=policy.default
    )

    assert mail["Subject"] == f"[Minh Bạch] Giao nhiệm vụ chủ trì: {announced.CONTENT}"
    assert mail["To"] == "phong-kinh-te.21040@minhbach.example"
    assert mail["Date"] == "Mon, 15 Sep 2025 09:00:00 +0700"
    assert mail["Message-ID"] == "<00000000-0000-0000-0000-000000000007@minhbach.example>"
    assert mail.get_content() == render("task_assigned", words)[1]
    assert not mail.defects


@pytest.mark.parametrize("broken", ["a\r\nBcc: all@example.org", "a\nb", "a\u2028b", "a\x85b", "a\x0bb", "a" * 3000])
def test_nothing_in_a_plan_reaches_the_head_of_a_mail(broken):
    words = {**words_of(announced.task_assigned(content=broken)), **OF_COMMUNE, "role": "lead"}

    mail = message_from_bytes(
        compose(waiting("task_assigned", words), SETTINGS, announced.RECORDED_AT), policy=policy.default
    )

    assert mail["Bcc"] is None
    assert len(mail.keys()) == len(set(mail.keys())) == 9
    assert len(mail["Subject"]) <= 200


def waiting(template, words):
    return Waiting(
        UUID(int=7),
        "e/1",
        "c-1",
        "phong-kinh-te.21040@minhbach.example",
        "mail",
        template,
        words,
        announced.RECORDED_AT,
    )
