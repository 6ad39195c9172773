"""The text of each mail: complete, with the days and names that it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from unicodedata import is_normalized
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from services.notifications.cli import SUBJECTS
from services.notifications.mail.letters import compose, compose_daily, letters_of, matter_of, render
from services.notifications.mail.settings import MailSettings, templates
from services.notifications.read_models.outbox import WaitingNotice
from tests.notifications import events
from tests.notifications.letter import OF_COMMUNE, SEVERAL, context, letter

SETTINGS = MailSettings.from_env({})
REGIME = " (kiểm soát thủ tục hành chính)"
EACH = [
    ("task_assigned", events.task_assigned(), "lead"),
    ("task_assigned", events.task_assigned(), "support"),
    ("task_assigned", events.task_assigned(deliverable=None, schedule_text=None, deadlines=(), support=()), "lead"),
    ("deadline_approaching", events.deadline_approaching(), "lead"),
    ("deadline_approaching", events.deadline_approaching(days_before=1, days_left=0), "support"),
    ("deadline_missed", events.deadline_missed(), "lead"),
    ("deadline_missed", events.deadline_missed(label="báo cáo kết quả"), "support"),
    ("deadline_missed_escalated", events.deadline_missed(days_late=3), "chair"),
    ("deadline_missed_escalated", events.deadline_missed(days_late=10, obligation="2025-Q3"), "province"),
    ("deadline_approaching", events.deadline_approaching(label="báo cáo", obligation="2025-08"), "lead"),
    ("task_assigned", events.task_assigned(obligations=SEVERAL), "lead"),
    ("task_revised", events.task_revised(), "lead"),
    ("task_revised", events.task_revised(obligations=(), deliverable=None, schedule_text=None), "support"),
    *(
        (event.__name__, event(**given), role)
        for event in (events.task_extended, events.task_resolved, events.task_rescheduled)
        for given in ({}, {"obligations": SEVERAL})
        for role in ("lead", "support")
    ),
    ("task_returned", events.task_returned(), "lead"),
    ("task_returned", events.task_returned(), "support"),
    ("task_withdrawn", events.task_withdrawn(), "lead"),
    ("task_withdrawn", events.task_withdrawn(), "support"),
    ("task_commented", events.task_commented(), "chair"),
    *(
        ("task_followed", event(), role)
        for role in ("follower", "province")
        for event in (
            events.task_assigned,
            events.task_revised,
            events.task_withdrawn,
            events.task_returned,
            events.task_extended,
            events.task_extension_requested,
            events.task_extension_declined,
            events.task_resolved,
            events.task_rescheduled,
            events.deadline_approaching,
            events.deadline_missed,
        )
    ),
    ("deadline_missed_escalated", events.deadline_missed(days_late=3), "centre"),
    ("reading_refused", events.submission_receipted(), "centre"),
    ("reading_refused", events.submission_receipted(refused=1234), "centre"),
    ("report_published", events.report_published(), "centre"),
    ("report_published", events.report_published(edition=2), "province"),
    ("report_due", events.report_due(), "centre"),
    ("report_due", events.report_due(days_left=0), "centre"),
    ("report_due", events.report_due(commune=None, days_left=3), "province"),
    ("report_late", events.report_late(), "centre"),
    ("report_late", events.report_late(), "chair"),
    ("report_late", events.report_late(commune=None), "province"),
    ("report_reminded", events.report_reminded(), "centre"),
    ("report_reminded", events.report_reminded(), "chair"),
    ("report_reminded", events.report_reminded(days_left=0, note=""), "centre"),
    ("report_reminded", events.report_reminded(days_left=2), "centre"),
    ("report_returned", events.report_returned(), "centre"),
    ("report_approved", events.report_approved(), "centre"),
    *(
        ("report_approval_overtaken", events.report_approval_overtaken(), role)
        for role in ("centre", "chair", "province")
    ),
    ("report_approval_overtaken", events.report_approval_overtaken(moved=1, corrections=(), late_readings=0), "centre"),
    ("report_restated", events.report_restated(), "province"),
    ("report_restated", events.report_restated(headline=()), "province"),
]


@pytest.mark.parametrize(("template", "event", "role"), EACH)
def test_every_letter_is_complete(template, event, role):
    subject, text = letter(template, event, role)

    assert subject.startswith("[Minh Bạch] ")
    assert text.startswith("Kính gửi: Phòng Kinh tế xã Tịnh Khê\n\n")
    assert text.endswith("Trân trọng.\nHệ thống Minh Bạch\n")
    assert "\n\n\n" not in text
    assert "None" not in subject + text
    assert is_normalized("NFC", subject + text)
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(("template", "event", "role"), EACH)
def test_missing_field_raises_an_error(template, event, role):
    fields = context(event, role)
    del fields["recipient_name"]

    with pytest.raises(UndefinedError):
        render(template, fields)


def test_refusals_past_twenty_are_counted():
    subject, text = letter("reading_refused", events.submission_receipted(refused=1234))

    assert "1.234 số liệu không được ghi nhận" in subject
    assert text.count("\n- r-") == 20
    assert "\n- và 1.214 số liệu khác.\n" in text


def test_published_report_letter_has_period_and_hash():
    subject, text = letter("report_published", events.report_published(edition=2), "centre")

    assert subject == "[Minh Bạch] Công bố báo cáo quý III năm 2025 của tỉnh Quảng Ngãi (lần 2)"
    assert "- Số liệu chốt đến hết ngày: 14/9/2025\n" in text
    assert "ab" * 32 in text
    assert "- Tỷ lệ hồ sơ trực tuyến: 67,4 %\n" in text


def test_due_report_letter_has_deadline_and_days_left():
    subject, text = letter("report_due", events.report_due(), "centre")

    assert subject == "[Minh Bạch] Còn 1 ngày (16/9/2025): báo cáo quý III năm 2025 (kiểm soát thủ tục hành chính)"
    assert "- Thời hạn: 16/9/2025 (còn 1 ngày, tính từ ngày 15/9/2025)\n" in text
    assert letter("report_due", events.report_due(days_left=0), "centre")[0].startswith(
        "[Minh Bạch] Đến hạn hôm nay (16/9/2025)"
    )


def test_late_report_letter_names_the_reporting_unit():
    subject, text = letter("report_late", events.report_late(), "chair")
    of_province, _ = letter("report_late", events.report_late(commune=None), "province")

    assert subject == "[Minh Bạch] Quá hạn 3 ngày (16/9/2025): báo cáo quý III năm 2025 của xã Tịnh Khê" + REGIME
    assert "Tính đến ngày 19/9/2025, " in text
    assert of_province.endswith("báo cáo quý III năm 2025 của tỉnh Quảng Ngãi" + REGIME)


def test_returned_report_letter_has_reason_and_reviewer():
    _, text = letter("report_returned", events.report_returned(), "centre")

    assert "- Lý do trả lại: thiếu lĩnh vực đất đai\n- Người trả lại: Trần Bình\n" in text
    assert "Số liệu cần xem lại" not in text


def test_returned_report_letter_lists_the_remarks_at_figures():
    cells = [{"item": "II.06/land/3", "note": "đối chiếu sổ"}, {"item": "online", "note": "số lẻ"}]
    _, text = letter("report_returned", events.report_returned(cells=cells), "centre")

    assert "Số liệu cần xem lại:\n- Biểu II.06, lĩnh vực land, cột 3: đối chiếu sổ\n- online: số lẻ\n" in text


def test_restated_report_letter_has_changes_and_reason():
    subject, text = letter("report_restated", events.report_restated(), "province")

    assert subject == "[Minh Bạch] Công bố lại báo cáo quý III năm 2025 của tỉnh Quảng Ngãi (lần 2)"
    assert "- Số liệu thay đổi: 1.234, do 3 lần đính chính hoặc rút số liệu\n- Lý do: đính chính\n" in text
    assert "- Tỷ lệ hồ sơ trực tuyến: 67,4 % → 66,1 %\n" in text


def test_overtaken_approval_letter_has_figures_authors_reasons_and_a_way_out():
    subject, text = letter("report_approval_overtaken", events.report_approval_overtaken(), "centre")

    assert subject == "[Minh Bạch] Báo cáo quý III năm 2025 của xã Tịnh Khê đã duyệt, nay số liệu đã đổi"
    assert "- Tỷ lệ hồ sơ trực tuyến: 67/80 (83,8 %) → 60/80 (75,0 %)\n- và 11 số liệu khác." in text
    assert "- Lê Văn Tám đính chính số liệu ngày 1/8/2025 (mã r-1). Lý do: Đối chiếu sổ giấy\n" in text
    assert "- Người gửi không ghi tên rút số liệu ngày 4/8/2025 (mã r-2). Lý do: không ghi\n" in text
    assert "- 3 số liệu được gửi sau khi nộp báo cáo.\n" in text
    assert "đề nghị cấp tỉnh trả lại báo cáo để nộp lại" in text


def test_mail_parses_without_defects():
    event = events.task_assigned()
    fields = context(event)

    mail = message_from_bytes(
        compose([waiting("task_assigned", fields)], SETTINGS, events.RECORDED_AT), policy=policy.default
    )

    assert mail["Subject"] == f"[Minh Bạch] Giao nhiệm vụ chủ trì: {events.CONTENT}"
    assert mail["To"] == "phong-kinh-te.21040@minhbach.example"
    assert mail["Date"] == "Mon, 15 Sep 2025 09:00:00 +0700"
    assert mail["Message-ID"] == "<00000000-0000-0000-0000-000000000007@minhbach.example>"
    assert mail.get_content() == render("task_assigned", fields)[1]
    assert not mail.defects


@pytest.mark.parametrize("broken", ["a\r\nBcc: all@example.org", "a\nb", "a\u2028b", "a\x85b", "a\x0bb", "a" * 3000])
def test_plan_text_cannot_inject_mail_headers(broken):
    fields = context(events.task_assigned(content=broken))

    mail = message_from_bytes(
        compose([waiting("task_assigned", fields)], SETTINGS, events.RECORDED_AT), policy=policy.default
    )

    assert mail["Bcc"] is None
    assert len(mail.keys()) == len(set(mail.keys())) == 9
    assert len(mail["Subject"]) <= 200


def waiting(template, fields):
    return WaitingNotice(
        UUID(int=7),
        "e/1",
        "c-1",
        "phong-kinh-te.21040@minhbach.example",
        "mail",
        template,
        fields,
        events.RECORDED_AT,
    )


def test_a_daily_mail_lists_its_notices_and_has_each_without_greeting():
    about = {"task_assigned": events.task_assigned(), "deadline_missed": events.deadline_missed()}
    notices = [
        WaitingNotice(UUID(int=n), "e", "c-1", "a@b.vn", "mail", template, context(event), event.recorded_at)
        for n, (template, event) in enumerate(about.items())
    ]
    at = datetime(2025, 9, 17, tzinfo=UTC)
    mail = message_from_bytes(compose_daily(notices, SETTINGS, at), policy=policy.default)

    text = mail.get_content().replace("\r\n", "\n")
    assert mail["Subject"] == "[Minh Bạch] Bản tin ngày 17/9/2025: 2 thông báo"
    assert text.count("Kính gửi:") == text.count("Trân trọng.") == 1
    for number, (template, event) in enumerate(about.items(), start=1):
        subject, matter = letter(template, event)
        assert text.count(f"{number}. {subject.removeprefix('[Minh Bạch] ')}") == 2
        assert matter_of(matter) in text
    again = message_from_bytes(compose_daily(notices[::-1], SETTINGS, at + timedelta(days=1)))
    assert again["Message-ID"] == mail["Message-ID"], "sent again, it is the same mail"


def test_a_remark_on_several_tasks_is_one_letter_that_lists_them():
    remarks = [
        waiting("task_commented", context(events.task_commented(content=content)) | {"commune_name": name})
        for content, name in (("Rà soát TTHC", "xã Tịnh Khê"), ("Số hóa hồ sơ", "xã An Phú"))
    ]
    other = waiting("task_commented", context(events.task_commented(note="Ý kiến khác")))
    assert letters_of([remarks[0], other, remarks[1]]) == [remarks, [other]]
    shared = [replace(remarks[0], context={**remarks[0].context, "recipient_name": "Phòng Văn hóa xã Tịnh Khê"})]
    assert letters_of([*remarks, *shared]) == [remarks, shared], "a body behind the same address has its own"
    mail = message_from_bytes(compose(remarks, SETTINGS, events.RECORDED_AT), policy=policy.default)
    text = mail.get_content().replace("\r\n", "\n")
    assert mail["Subject"] == "[Minh Bạch] Ý kiến về 2 nhiệm vụ: Cần báo cáo kỹ hơn"
    assert (
        "1. Rà soát TTHC (xã Tịnh Khê; chủ trì: Phòng Kinh tế)\n2. Số hóa hồ sơ (xã An Phú; chủ trì: Phòng Kinh tế)\n"
        in text
    )
    daily = message_from_bytes(compose_daily([*remarks, other], SETTINGS, events.RECORDED_AT), policy=policy.default)
    assert "2 thông báo" in daily["Subject"]


def test_every_mail_has_words_for_the_list():
    assert set(SUBJECTS) == templates()


def test_a_letter_names_the_body_that_no_mail_reaches():
    fields = {"body": "Phòng Kinh tế xã Tịnh Khê", "address": "a@b.vn", "reason": "550 no\nsuch user", "role": "centre"}
    subject, text = render("mail_undelivered", {**OF_COMMUNE, **fields})

    assert subject == "[Minh Bạch] Thư không đến được Phòng Kinh tế xã Tịnh Khê"
    assert "- Lý do của máy chủ thư: 550 no such user\n" in text
