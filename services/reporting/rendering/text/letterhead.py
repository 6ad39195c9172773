"""The letterhead, subject, addressee, opening, closing and recipients of a report (Decree 30/2020/NĐ-CP, Annex I)."""

from datetime import date

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.text.sources import EditionMark
from shared.regimes import REFORM
from shared.vietnamese import date_text, mid_sentence

TEXT_WIDTH, LANDSCAPE_TEXT_WIDTH = 210 - 30 - 20, 297 - 30 - 20  # millimetres between the margins of A4

_ADDRESSEES = {REFORM: "Bộ Nội vụ"}  # all others to the Government Office (Decree 09/2019/NĐ-CP)
_KINDS = ("Thành phố ", "Đặc khu ", "Phường ", "Tỉnh ", "Xã ")


def territory(report: ReportContent) -> str:
    """The name of the commune for a commune's report, else of the province."""
    return report.commune_name or report.province_name


def issuing_body(report: ReportContent) -> str:
    """In full: only the name of a superior body may be abbreviated (Decree 30/2020, Annex I, part I, II.2)."""
    return f"Ủy ban nhân dân {mid_sentence(territory(report))}"


def place(report: ReportContent) -> str:
    """The unit's own name, without its kind unless it is numbered (Decree 30/2020, Annex I, part I, II.4)."""
    name = territory(report)
    for kind in _KINDS:
        own_name = name.removeprefix(kind)
        if own_name != name and not own_name.isdigit():
            return own_name
    return name


def dated(report: ReportContent) -> str:
    return f"{place(report)}, {official_date(report.known_at)}"


def official_date(day: date) -> str:
    """A leading zero for days under 10 and for January and February (Decree 30/2020, Annex I, part I, II.4)."""
    month = f"{day.month:02}" if day.month < 3 else f"{day.month}"
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def subject(report: ReportContent) -> tuple[str, str]:
    """In two lines, so that no word of two syllables is broken."""
    return (
        f"Tình hình, kết quả {matter(report)} {report.period_name}",
        f"trên địa bàn {mid_sentence(territory(report))}",
    )


def matter(report: ReportContent) -> str:
    """The subject matter of the regime: `kiểm soát thủ tục hành chính`."""
    return mid_sentence(report.regime_name)


def restated(report: ReportContent, edition: EditionMark | None) -> str:
    """The line of a restated edition on its first page, since layout 3; empty for every other report."""
    replaces = edition.replaces if edition else report.restated and report.restated.replaces
    if report.layout < SIGNABLE or not replaces:
        return ""
    published = f"lần công bố {edition.number}, ngày {date_text(edition.published_on)}, " if edition else ""
    reason = (edition.reason if edition else report.restated and report.restated.reason) or ""
    because = f". Lý do: {reason.rstrip(' .')}" if reason else ""
    return f"(Báo cáo công bố lại: {published}thay thế lần công bố {replaces}{because})"


def addressee(report: ReportContent) -> str:
    """A commune reports to its province; a province to the ministry of the regime, else to the Government Office."""
    if report.commune:
        return f"Ủy ban nhân dân {mid_sentence(report.province_name)}"
    return _ADDRESSEES.get(report.regime, "Văn phòng Chính phủ")


def opening(report: ReportContent) -> str:
    return (
        "Thực hiện Nghị định số 09/2019/NĐ-CP ngày 24 tháng 01 năm 2019 của Chính phủ quy định về chế độ báo cáo của "
        f"cơ quan hành chính nhà nước, {issuing_body(report)} báo cáo tình hình, kết quả {matter(report)} "
        f"{report.period_name} như sau (số liệu tính từ ngày {date_text(report.counted_from)} đến hết ngày "
        f"{date_text(report.counted_until)}):"
    )


def closing(report: ReportContent) -> str:
    return (
        f"Trên đây là báo cáo tình hình, kết quả {matter(report)} {report.period_name} trên địa bàn "
        f"{mid_sentence(territory(report))}, kính gửi {addressee(report)} tổng hợp./."
    )


def recipients(report: ReportContent) -> tuple[str, ...]:
    """ "Nơi nhận": the addressee, others who are informed, and last the archive and the drafting office (II.9)."""
    if report.commune:
        unit = next((kind for kind in ("đặc khu", "phường") if mid_sentence(territory(report)).startswith(kind)), "xã")
        committee, below, archive = "Đảng ủy", f"Các phòng chuyên môn thuộc UBND {unit};", "Lưu: VT, TTPVHCC."
    else:
        is_city = report.province_name.startswith("Thành phố")
        unit, committee = ("thành phố", "Thành ủy") if is_city else ("tỉnh", "Tỉnh ủy")
        below, archive = f"Các sở, ban, ngành {unit};\nUBND các xã, phường, đặc khu;", "Lưu: VT, KSTT."
    known = f"TT. {committee}, TT. HĐND {unit};", f"Chủ tịch, các PCT UBND {unit};"
    return ("Như trên;", *known, *below.split("\n"), archive)


def attached_to(report: ReportContent) -> str:
    """The line under the title of an annex (Decree 30/2020, Annex I, part I, III.1)."""
    return f"(Kèm theo Báo cáo số          /BC-UBND {official_date(report.known_at)} của {issuing_body(report)})"
