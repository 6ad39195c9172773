import pytest

from services.notifications.mail_settings import MailSettings
from shared.settings import SettingsError


def test_without_settings_mail_goes_to_this_machine():
    mail = MailSettings.from_env({})

    assert (mail.host, mail.port, mail.tls, mail.starttls, mail.user) == ("127.0.0.1", 1025, False, False, "")
    assert mail.sender_address == "minhbach@minhbach.example"


def test_a_server_with_a_login_and_tls():
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
def test_a_setting_that_cannot_be_read_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        MailSettings.from_env({name: value})


def test_a_password_is_not_repeated():
    with pytest.raises(SettingsError) as wrong:
        MailSettings.from_env({"SMTP_URL": "http://user:hush@mail.gov.vn"})

    assert "hush" not in str(wrong.value)
