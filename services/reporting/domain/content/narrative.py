"""The sections of a report that a person writes: the assessment, the next period, and proposals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.reporting.domain.refusal import Refusal
from shared.refusal_rules import BY_MISSING
from shared.vietnamese import number

ASSESSMENT, NEXT_PERIOD, PROPOSALS = "assessment", "next-period", "proposals"
SECTIONS = (ASSESSMENT, NEXT_PERIOD, PROPOSALS)  # in the order of the report
LONGEST = 20_000  # characters of a section


@dataclass(frozen=True)
class WrittenSection:
    """The text of a section with its writer and day; a line is a paragraph of the report."""

    section: str
    text: str
    by: str
    written_on: date


@dataclass(frozen=True)
class RecordedSection(WrittenSection):
    """As the history of a report has it: with the account that wrote it, which no printed report names."""

    by_account: str | None = None

    def printed(self) -> WrittenSection:
        return WrittenSection(self.section, self.text, self.by, self.written_on)


def written_by(by: str, written_on: date, texts: Mapping[str, str]) -> tuple[WrittenSection, ...]:
    """The sections that one person wrote on one day, in the order of the report."""
    return tuple(WrittenSection(name, texts[name], by, written_on) for name in SECTIONS if texts.get(name))


def refusal_to_write(section: str, text: str, by: str) -> Refusal | None:
    if section not in SECTIONS:
        return Refusal("unknown-section", f"Báo cáo không có phần “{section}”.", section)
    if not by.strip():
        return Refusal(BY_MISSING, "Chưa ghi người viết.", section)
    if len(text) > LONGEST:
        limit, found = number(LONGEST), number(len(text))
        return Refusal("text-too-long", f"Mỗi phần viết dài nhất {limit} ký tự; phần này có {found} ký tự.", section)
    return None
