from datetime import date
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


SEVERAL = (
    announced.obligation(due=date(2025, 11, 3), planned=date(2025, 11, 1), label="ban hành kế hoạch"),
    announced.obligation(due=date(2025, 9, 30), label="báo cáo kết quả", period="2025-Q3"),
    announced.obligation(due=date(2025, 12, 31), period="2025-12"),
    announced.obligation(due=date(2026, 1, 15)),
)
EACH = [
    ("task_assigned", announced.task_assigned(), "lead"),
    ("task_assigned", announced.task_assigned(), "support"),
    ("task_assigned", announced.task_assigned(deliverable=None, schedule_text=None, deadlines=(), support=()), "lead"),
    ("deadline_approaching", announced.deadline_approaching(), "lead"),
    ("deadline_approaching", announced.deadline_approaching(days_before=1, days_left=0), "support"),
    ("deadline_missed", announced.deadline_missed(), "lead"),
    ("deadline_missed", announced.deadline_missed(label="báo cáo kết quả"), "support"),
    ("deadline_missed_escalated", announced.deadline_missed(days_late=3), "chair"),
    ("deadline_missed_escalated", announced.deadline_missed(days_late=10, obligation="2025-Q3"), "province"),
    ("deadline_approaching", announced.deadline_approaching(label="báo cáo", obligation="2025-08"), "lead"),
    ("task_assigned", announced.task_assigned(obligations=SEVERAL), "lead"),
    ("task_revised", announced.task_revised(), "lead"),
    ("task_revised", announced.task_revised(obligations=(), deliverable=None, schedule_text=None), "support"),
    *(
        (event.__name__, event(**given), role)
        for event in (announced.task_extended, announced.task_resolved, announced.task_rescheduled)
        for given in ({}, {"obligations": SEVERAL})
        for role in ("lead", "support")
    ),
    ("task_returned", announced.task_returned(), "lead"),
    ("task_returned", announced.task_returned(), "support"),
    ("task_withdrawn", announced.task_withdrawn(), "lead"),
    ("task_withdrawn", announced.task_withdrawn(), "support"),
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
