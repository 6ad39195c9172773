"""Footnotes of a report: another map or other formulas than the period's, divided communes, communes created later."""

from collections.abc import Iterator

from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.territory.communes import Succession
from shared.vietnamese import date_text


def footnotes(evidence: Evidence) -> tuple[str, ...]:
    return (*_map_and_formulas(evidence), *_divided(evidence), *_established_later(evidence))


def _map_and_formulas(evidence: Evidence) -> Iterator[str]:
    question = evidence.question
    if question.shown_on != question.window[1]:
        yield f"Số liệu trình bày theo danh mục đơn vị hành chính ngày {date_text(question.shown_on)}."
    if question.definitions == "now":
        day = date_text(question.known_at)
        yield f"Các chỉ tiêu được tính theo công thức có hiệu lực ngày {day}, không phải công thức của kỳ báo cáo."


def _divided(evidence: Evidence) -> Iterator[str]:
    counted = {commune for commune, _ in evidence.sums}
    for commune, succession in evidence.map.divided(evidence.question.province):
        if commune.commune in counted:
            day = date_text(succession.in_force_from)
            yield f"{commune.name} (cũ) được chia từ ngày {day}; {_counted_in(evidence, succession)}."


def _counted_in(evidence: Evidence, succession: Succession) -> str:
    name_of = evidence.map.name_of
    if not succession.shared:
        return f"số liệu trước đó được tính toàn bộ cho {name_of(succession.main)}"
    shares = ", ".join(f"{name_of(part.commune)} ({part.share})" for part in succession.into)
    return f"số liệu trước đó được tính theo tỷ lệ cho {shares}"


def _established_later(evidence: Evidence) -> Iterator[str]:
    own = evidence.map.communes
    later = [commune.name for commune in evidence.communes if commune.commune not in own]
    if later:
        day = date_text(evidence.question.shown_on)
        yield f"Đơn vị thành lập sau ngày {day}, số liệu được tính riêng: {', '.join(later)}."
