"""What the figures of a report stand on, in words: definitions, map, event stores, versions, edition and hash."""

from collections import defaultdict
from datetime import date

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering.edition import Edition
from shared.vietnamese import date_text, number

_BOOKS = {"planning": "kế hoạch", "indicators": "chỉ tiêu", "reporting": "báo cáo", "notifications": "thông báo"}
_PINNED = {
    "calendar": "lịch làm việc",
    "form": "biểu mẫu",
    "map": "bản đồ xã",
    "regime": "chế độ báo cáo",
    "scorecard": "bộ chấm điểm",
}


def basis(report: QuarterlyReport) -> str:
    """Whose definitions and which map the figures stand on."""
    formulas = "đang có hiệu lực khi lập báo cáo" if report.definitions == "now" else "có hiệu lực trong kỳ báo cáo"
    communes = f"; địa giới hành chính ngày {date_text(report.map_day)}" if report.map_day else ""
    return f"Chỉ tiêu tính theo định nghĩa {formulas}{communes}."


def notes(report: QuarterlyReport, edition: Edition | None, sha256: str) -> list[str]:
    """What stands in small letters at the end: footnotes, the basis, what was known, the edition and the hash."""
    remarks = [f"({place}) {text}" for place, text in enumerate(report.footnotes, start=1)]
    known = f"Ghi chú: {basis(report)} {what_was_known(report)}{_pinned(report)}"
    published = [edition.sentence()] if edition else []
    return [*remarks, " ".join([known, *published, f"Mã băm nội dung (SHA-256): {sha256}."])]


def what_was_known(report: QuarterlyReport) -> str:
    return (
        f"Số liệu biết đến hết ngày {date_text(report.known_at)}; phiên bản định nghĩa chỉ tiêu: "
        f"{definition_versions(report)}; vị trí sổ sự kiện: {event_positions(report)}."
    )


def _pinned(report: QuarterlyReport) -> str:
    pins = "; ".join(f"{pin_name(what)} {version(pinned)}" for what, pinned in sorted(report.pins.items()))
    return f" Phiên bản dữ liệu: {pins}." if pins else ""


def version(text: str) -> str:
    """A version that is a day as a Vietnamese date, and what follows it in brackets; any other as it is."""
    day, _, rest = text.partition("/")
    try:
        return date_text(date.fromisoformat(day)) + (f" ({rest})" if rest else "")
    except ValueError:
        return text


def pin_name(what: str) -> str:
    """`form II.06` as `biểu mẫu II.06`; what has no word here keeps its own."""
    kind, space, name = what.partition(" ")
    return _PINNED.get(kind, kind) + space + name


def definition_versions(report: QuarterlyReport) -> str:
    """`1 (28 chỉ tiêu); 2 (CT04, CT11)`: codes are spelt out except for the version most indicators share."""
    codes: dict[int, list[str]] = defaultdict(list)
    for line in report.indicators:
        codes[line.definition_version].append(line.indicator)
    most = max((len(those) for those in codes.values()), default=0)
    return "; ".join(
        f"{version} ({f'{number(most)} chỉ tiêu' if len(those) == most else ', '.join(those)})"
        for version, those in sorted(codes.items())
    )


def event_positions(report: QuarterlyReport) -> str:
    return ", ".join(f"{book_name(book)} {number(position)}" for book, position in sorted(report.positions.items()))


def book_name(service: str) -> str:
    return _BOOKS.get(service, service)
