"""From a template and its words to a mail, in bytes."""

from datetime import date, datetime
from email.header import Header
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime
from functools import cache
from typing import Any
from unicodedata import normalize
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.notifications.mail_settings import MailSettings
from services.notifications.read_models.outbox import Waiting
from shared.clock import VIETNAM
from shared.periods import Period
from shared.vietnamese import date_text, mid_sentence, number

LONGEST_IN_SUBJECT = 90
LONGEST_SUBJECT = 200


class Ready(Compat32):
    """Header lines that are folded already: the library would take each apart again, a third of the cost of a mail."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("ascii")


def render(template: str, context: Any) -> tuple[str, str]:
    """Subject and text. The first line of a template is the subject: one line, whatever the words in it hold."""
    rendered = _environment().get_template(f"{template}.txt.j2").render(context)
    subject, text = normalize("NFC", rendered).split("\n", 1)
    return " ".join(subject.split())[:LONGEST_SUBJECT], text.strip() + "\n"


def compose(notice: Waiting, settings: MailSettings, at: datetime) -> bytes:
    """The mail of a notice. Its Message-ID is the notice's: whoever gets it twice can tell."""
    subject, text = render(notice.template, notice.context)
    # EmailMessage would do the same five times slower: it parses each header that it is given.
    mail = MIMEText(text, "plain", "utf-8")
    mail["Subject"] = Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
    mail["From"] = settings.sender
    mail["To"] = notice.recipient
    mail["Date"] = format_datetime(at.astimezone(VIETNAM))
    mail["Message-ID"] = message_id(notice.notice_id, settings)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic reply, please
    return mail.as_bytes(policy=Ready(linesep="\r\n"))  # smtplib sends bytes as they are


def message_id(notice_id: UUID, settings: MailSettings) -> str:
    return f"<{notice_id}@{settings.domain}>"


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701  plain text; autoescape is for HTML
        loader=PackageLoader("services.notifications"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "day": _day,
        "days_after": _days_after,
        "mid_sentence": mid_sentence,
        "number": number,
        "one_line": _one_line,
        "period": _period,
        "short": _short,
    }
    return environment


def _day(iso: str) -> str:
    return date_text(date.fromisoformat(iso))


def _days_after(iso: str, earlier: str) -> int:
    return (date.fromisoformat(iso) - date.fromisoformat(earlier)).days


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    """For a subject: cut at a word."""
    line = _one_line(text)
    return (
        line if len(line) <= LONGEST_IN_SUBJECT else line[:LONGEST_IN_SUBJECT].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
    )


def _period(name: str) -> str:
    period = Period.parse(name).vietnamese
    return period[:1].lower() + period[1:]
