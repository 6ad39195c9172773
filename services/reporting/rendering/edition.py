"""The mark of a published edition, which its documents bear."""

from dataclasses import dataclass
from datetime import date

from shared.vietnamese import date_text


@dataclass(frozen=True)
class Edition:
    """`sha256` is the hash that was published; `replaces` the number of the edition before, and `reason` says why."""

    number: int
    published_on: date
    sha256: str
    replaces: int | None = None
    reason: str | None = None

    def sentence(self) -> str:
        """`Bản phát hành lần 2, ngày 20/9/2025, thay thế lần 1. Lý do: …`"""
        replaced = "" if self.replaces is None else f", thay thế lần {self.replaces}"
        reason = f" Lý do: {self.reason.rstrip(' .')}." if self.reason else ""
        return f"Bản phát hành lần {self.number}, ngày {date_text(self.published_on)}{replaced}.{reason}"
