"""The settings of the mail server, and of the hour at which mails go out together."""

import pytest

from services.notifications.mail.settings import MailSettings
from shared.settings import SettingsError


def test_default_server_is_localhost():
    mail = MailSettings.from_env({})

    assert (mail.host, mail.port, mail.tls, mail.starttls, mail.user) == ("127.0.0.1", 1025, False, False, "")
    assert mail.sender_address == "minhbach@minhbach.example"


def test_url_gives_login_and_tls():
    mail = MailSettings.from_env({"SMTP_URL": "smtps://an%40x:p%2Fw@mail.gov.vn"})

    assert (mail.host, mail.port, mail.tls, mail.user, mail.password) == ("mail.gov.vn", 465, True, "an@x", "p/w")
    assert MailSettings.from_env({"SMTP_URL": "smtp://mail.gov.vn:587?starttls=yes"}).starttls


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.gov.vn:25"),
        ("SMTP_URL", "http://mail.gov.vn"),
        ("SMTP_URL", "smtp://:25"),
        ("SMTP_URL", "smtp://a:99999"),
        ("SMTP_URL", "smtp://a?starttls=maybe"),
        ("SMTP_URL", "smtps://a?starttls=yes"),
        ("SMTP_URL", "smtp://a?tls"),
        ("MINHBACH_MAIL_DOMAIN", "a b"),
        ("MINHBACH_MAIL_DOMAIN", "x\n"),
        ("MINHBACH_MAIL_FROM", "nobody"),
        ("MINHBACH_MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
    ],
)
def test_invalid_setting_is_named_in_the_error(name, value):
    with pytest.raises(SettingsError, match=name):
        MailSettings.from_env({name: value})


def test_error_does_not_contain_the_password():
    with pytest.raises(SettingsError) as wrong:
        MailSettings.from_env({"SMTP_URL": "http://user:hush@mail.gov.vn"})

    assert "hush" not in str(wrong.value)


def test_without_an_hour_every_mail_is_sent_by_itself():
    assert not MailSettings.from_env({}).schedule.waits("task_assigned")


def test_all_but_the_urgent_mails_wait_for_the_daily_one():
    schedule = MailSettings.from_env({"MINHBACH_MAIL_DAILY_AT": "07:30"}).schedule
    assert schedule.waits("task_assigned")
    assert schedule.waits("report_approval_overtaken")  # of many corrections in a day
    assert not schedule.waits("report_returned")
    own = {"MINHBACH_MAIL_DAILY_AT": "07:30", "MINHBACH_MAIL_AT_ONCE": "task_assigned, report_due"}
    assert MailSettings.from_env(own).schedule.waits("report_returned")
    assert not MailSettings.from_env(own).schedule.waits("task_assigned")


@pytest.mark.parametrize(
    "env",
    [
        {"MINHBACH_MAIL_DAILY_AT": "7 giờ"},
        {"MINHBACH_MAIL_DAILY_AT": "25:00"},
        {"MINHBACH_MAIL_DAILY_AT": "07:30+07:00"},
        {"MINHBACH_MAIL_AT_ONCE": "task-assigned"},
    ],
)
def test_a_wrong_schedule_is_refused(env):
    with pytest.raises(SettingsError, match=next(iter(env))):
        MailSettings.from_env(env)
