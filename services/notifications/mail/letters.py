"""Renders a notice by its template and composes the mail, in bytes."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime
from email.header import Header
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime
from functools import cache
from typing import Any
from unicodedata import normalize
from uuid import NAMESPACE_OID, UUID, uuid5

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.notifications.domain.recipients import COMMENTED
from services.notifications.mail.settings import DAILY, MailSettings
from services.notifications.read_models.outbox import WaitingNotice
from shared.clock import VIETNAM, day_of
from shared.periods import Period
from shared.vietnamese import date_text, mid_sentence, number

LONGEST_IN_SUBJECT = 90
LONGEST_SUBJECT = 200
OURS = "[Minh Bạch] "


class Ready(Compat32):
    """Header lines that are folded already: the library would take each apart again, a third of the cost of a mail."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("ascii")


def render(template: str, context: Any) -> tuple[str, str]:
    """Subject and text. The first line of a template is the subject: one line, whatever the context holds."""
    rendered = _environment().get_template(f"{template}.txt.j2").render(context)
    subject, text = normalize("NFC", rendered).split("\n", 1)
    return " ".join(subject.split())[:LONGEST_SUBJECT], text.strip() + "\n"


def letters_of(notices: Iterable[WaitingNotice]) -> list[list[WaitingNotice]]:
    """In their order, each letter's: one notice, or those of one remark on several tasks.

    Bodies that share an address have a letter each: only its greeting says which of them it is for.
    """
    found: dict[Hashable, list[WaitingNotice]] = {}
    for each in notices:
        named = tuple(each.context[name] for name in ("recipient_name", "by", "note")) if _is_remark(each) else ()
        found.setdefault((each.recipient, *named) if named else each.notice_id, []).append(each)
    return list(found.values())


def _is_remark(notice: WaitingNotice) -> bool:
    return notice.template == COMMENTED


def compose(letter: Sequence[WaitingNotice], settings: MailSettings, at: datetime) -> bytes:
    """The mail of one letter. Its Message-ID is of its notices: whoever gets it twice can tell."""
    return _mail(_rendered(letter), letter[0].recipient, _identity(letter), settings, at)


def _rendered(letter: Sequence[WaitingNotice]) -> tuple[str, str]:
    first = letter[0]
    if len(letter) == 1:
        return render(first.template, first.context)
    return render(f"_{first.template}_many", {**first.context, "tasks": [each.context for each in letter]})


def _identity(notices: Sequence[WaitingNotice]) -> UUID:
    if len(notices) == 1:
        return notices[0].notice_id
    return uuid5(NAMESPACE_OID, "/".join(sorted(str(notice.notice_id) for notice in notices)))


def _mail(letter: tuple[str, str], recipient: str, identity: UUID, settings: MailSettings, at: datetime) -> bytes:
    subject, text = letter
    # EmailMessage would do the same five times slower: it parses each header that it is given.
    mail = MIMEText(text, "plain", "utf-8")
    mail["Subject"] = Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
    mail["From"] = settings.sender
    mail["To"] = recipient
    mail["Date"] = format_datetime(at.astimezone(VIETNAM))
    mail["Message-ID"] = message_id(identity, settings)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic reply, please
    return mail.as_bytes(policy=Ready(linesep="\r\n"))  # smtplib sends bytes as they are


def compose_daily(notices: Sequence[WaitingNotice], settings: MailSettings, at: datetime) -> bytes:
    """The mail of all notices of one recipient; its Message-ID is made of theirs."""
    letters = [_rendered(letter) for letter in letters_of(notices)]
    letter = render(
        DAILY,
        {
            "day": day_of(at).isoformat(),
            "recipient_name": notices[0].context["recipient_name"],
            "letters": [(subject.removeprefix(OURS), matter_of(text)) for subject, text in letters],
        },
    )
    return _mail(letter, notices[0].recipient, _identity(notices), settings, at)


def matter_of(text: str) -> str:
    """A letter without its greeting and its end."""
    _, _, below = text.partition("\n\n")
    return below.rpartition("\n\nTrân trọng.")[0].strip()


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
