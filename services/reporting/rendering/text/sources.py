"""The sources of a report's figures as text: definitions, map, event stores, pinned versions, edition and hash."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.stores import store_name
from services.reporting.read_models.seals import Seal
from services.reporting.rendering.text.sections import title
from shared.vietnamese import date_text, moment_text, number

_PINNED = {
    "calendar": "lịch làm việc",
    "computation": "cách tính",
    "form": "biểu mẫu",
    "layout": "bố cục",
    "map": "bản đồ xã",
    "regime": "chế độ báo cáo",
    "scorecard": "bộ chấm điểm",
}


@dataclass(frozen=True)
class EditionMark:
    """The mark of a published edition on its documents.

    `sha256` is the published hash; `replaces` is the number of the edition that it replaces, for `reason`. `seals` are
    the first checkpoints of the histories that cover what the edition rests on, as far as there are any yet.
    """

    number: int
    published_on: date
    sha256: str
    replaces: int | None = None
    reason: str | None = None
    seals: tuple[Seal, ...] = ()

    def sentence(self) -> str:
        """`Bản phát hành lần 2, ngày 20/9/2025, thay thế lần 1. Lý do: …`"""
        replaced = "" if self.replaces is None else f", thay thế lần {self.replaces}"
        reason = f" Lý do: {self.reason.rstrip(' .')}." if self.reason else ""
        return f"Bản phát hành lần {self.number}, ngày {date_text(self.published_on)}{replaced}.{reason}"


def basis(report: ReportContent) -> str:
    """Which definitions and which map the figures use."""
    formulas = "đang có hiệu lực khi lập báo cáo" if report.definitions == "now" else "có hiệu lực trong kỳ báo cáo"
    communes = f"; địa giới hành chính ngày {date_text(report.map_day)}" if report.map_day else ""
    return f"Chỉ tiêu tính theo định nghĩa {formulas}{communes}."


def notes(report: ReportContent, edition: EditionMark | None, sha256: str) -> list[str]:
    """The notes at the end of a report: footnotes, then definitions, map, known events, versions, edition and hash."""
    known = f"Ghi chú: {basis(report)} {known_at_sentence(report)}{_pinned(report)}"
    published = [edition.sentence()] if edition else []
    return [*footnotes(report), " ".join([known, *published, f"Mã băm nội dung (SHA-256): {sha256}."])]


def footnotes(report: ReportContent) -> list[str]:
    return [f"({place}) {text}" for place, text in enumerate(report.footnotes, start=1)]


def technical_rows(report: ReportContent, edition: EditionMark | None, sha256: str) -> Iterator[tuple[str, str]]:
    """(subject, text) of everything on which the figures rest, for a later check."""
    yield "Lần công bố", edition.sentence() if edition else "Dự thảo, chưa công bố"
    yield "Số liệu tính", f"từ ngày {date_text(report.counted_from)} đến hết ngày {date_text(report.counted_until)}"
    yield "Số liệu biết đến hết ngày", date_text(report.known_at)
    yield "Định nghĩa và địa giới", basis(report)
    yield "Phiên bản định nghĩa chỉ tiêu", definition_versions(report)
    for form in report.forms:
        yield f"Biểu số {form.code}", f"{form.source}; phiên bản {version(form.version)}"
    for pin, pinned in sorted(report.pins.items()):
        yield f"Phiên bản {pin_name(pin)}", version(pinned)
    for written in report.narrative:
        yield f"Phần “{title(written.section)}”", f"{written.by} viết ngày {date_text(written.written_on)}"
    yield "Vị trí sổ sự kiện", event_positions(report)
    yield "Mã băm nội dung (SHA-256)", sha256
    if edition:
        yield from seal_rows(edition)


def seal_rows(edition: EditionMark) -> Iterator[tuple[str, str]]:
    """(subject, text) of each checkpoint that a reader may keep, to compare the histories with it later."""
    for seal in edition.seals:
        sealed = f"{number(seal.size)} sự kiện (đến vị trí {number(seal.position)}), lúc {moment_text(seal.sealed_at)}"
        yield f"Niêm phong sổ {store_name(seal.service)}", f"{sealed}; mã gốc {seal.root}"


def known_at_sentence(report: ReportContent) -> str:
    return (
        f"Số liệu biết đến hết ngày {date_text(report.known_at)}; phiên bản định nghĩa chỉ tiêu: "
        f"{definition_versions(report)}; vị trí sổ sự kiện: {event_positions(report)}."
    )


def _pinned(report: ReportContent) -> str:
    pins = "; ".join(f"{pin_name(pin)} {version(pinned)}" for pin, pinned in sorted(report.pins.items()))
    return f" Phiên bản dữ liệu: {pins}." if pins else ""


def version(text: str) -> str:
    """A version `2025-07-01/3f2a` becomes `1/7/2025 (3f2a)`; one that does not begin with a day stays as it is."""
    day, _, rest = text.partition("/")
    try:
        return date_text(date.fromisoformat(day)) + (f" ({rest})" if rest else "")
    except ValueError:
        return text


def pin_name(pin: str) -> str:
    """`form II.06` becomes `biểu mẫu II.06`; an unknown kind stays as it is."""
    kind, space, name = pin.partition(" ")
    return _PINNED.get(kind, kind) + space + name


def definition_versions(report: ReportContent) -> str:
    """`1 (28 chỉ tiêu); 2 (CT04, CT11)`: the version of most indicators has their number, the others their codes."""
    codes: dict[int, list[str]] = defaultdict(list)
    for line in report.indicators:
        codes[line.definition_version].append(line.indicator)
    most = max((len(those) for those in codes.values()), default=0)
    return "; ".join(
        f"{version} ({f'{number(most)} chỉ tiêu' if len(those) == most else ', '.join(those)})"
        for version, those in sorted(codes.items())
    )


def event_positions(report: ReportContent) -> str:
    return ", ".join(
        f"{store_name(service)} {number(position)}" for service, position in sorted(report.positions.items())
    )
