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
REGIME = " (kiểm soát thủ tục hành chính)"
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
    ("report_due", announced.report_due(), "centre"),
    ("report_due", announced.report_due(days_left=0), "centre"),
    ("report_due", announced.report_due(commune=None, days_left=3), "province"),
    ("report_late", announced.report_late(), "centre"),
    ("report_late", announced.report_late(), "chair"),
    ("report_late", announced.report_late(commune=None), "province"),
    ("report_returned", announced.report_returned(), "centre"),
    ("report_approved", announced.report_approved(), "centre"),
    ("report_restated", announced.report_restated(), "province"),
    ("report_restated", announced.report_restated(headline=()), "province"),
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


def test_a_report_that_is_due_says_until_when_and_how_long_that_is():
    subject, text = letter("report_due", announced.report_due(), "centre")

    assert subject == "[Minh Bạch] Còn 1 ngày (16/9/2025): báo cáo quý III năm 2025 (kiểm soát thủ tục hành chính)"
    assert "- Thời hạn: 16/9/2025 (còn 1 ngày, tính từ ngày 15/9/2025)\n" in text
    assert letter("report_due", announced.report_due(days_left=0), "centre")[0].startswith(
        "[Minh Bạch] Đến hạn hôm nay (16/9/2025)"
    )


def test_a_report_that_is_late_says_whose_it_is():
    subject, text = letter("report_late", announced.report_late(), "chair")
    of_province, _ = letter("report_late", announced.report_late(commune=None), "province")

    assert subject == "[Minh Bạch] Quá hạn 3 ngày (16/9/2025): báo cáo quý III năm 2025 của xã Tịnh Khê" + REGIME
    assert "Tính đến ngày 19/9/2025, " in text
    assert of_province.endswith("báo cáo quý III năm 2025 của tỉnh Quảng Ngãi" + REGIME)


def test_a_report_that_is_returned_says_why_and_by_whom():
    _, text = letter("report_returned", announced.report_returned(), "centre")

    assert "- Lý do trả lại: thiếu lĩnh vực đất đai\n- Người trả lại: Trần Bình\n" in text


def test_another_edition_says_what_moved_and_why():
    subject, text = letter("report_restated", announced.report_restated(), "province")

    assert subject == "[Minh Bạch] Công bố lại báo cáo quý III năm 2025 của tỉnh Quảng Ngãi (lần 2)"
    assert "- Số liệu thay đổi: 1.234, do 3 lần đính chính hoặc rút số liệu\n- Lý do: đính chính\n" in text
    assert "- Tỷ lệ hồ sơ trực tuyến: 67,4 % → 66,1 %\n" in text


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
