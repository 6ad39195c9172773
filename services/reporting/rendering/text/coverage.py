"""The coverage of a figure and its warnings as text: how many communes and days it rests on, and what was left out."""

from collections.abc import Iterable, Iterator, Sequence

from services.reporting.domain.content.report_content import THIN_PERCENT, Coverage, IndicatorLine, ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from shared.vietnamese import MISSING, number, percent

WARNED = "(!)"
NBSP = "\u00a0"
_NAMED = 5  # communes in a sentence; the workbook has all
_LEFT_OUT = "Số liệu thiếu một vế không được tính vào tỷ lệ, cũng không được coi là 0."
EXPLANATION = (
    "Độ phủ: số xã, phường, đặc khu có đủ tử số và mẫu số; trong các đơn vị đó, tỷ lệ số ngày làm việc có đủ số liệu. "
    f"{_LEFT_OUT} Dấu {WARNED}: độ phủ dưới {THIN_PERCENT} %, có số liệu bị để ra ngoài, hoặc đơn vị kỳ trước có số "
    "liệu nay không có."
)
OF_A_COMMUNE = (
    f"Độ phủ: tỷ lệ số ngày làm việc có đủ tử số và mẫu số. {_LEFT_OUT} Dấu {WARNED}: độ phủ dưới {THIN_PERCENT} %, có "
    "số liệu bị để ra ngoài, hoặc kỳ trước có số liệu nay không có."
)


def explanation(report: ReportContent) -> str:
    return OF_A_COMMUNE if report.commune else EXPLANATION


def coverage_text(line: IndicatorLine, layout: int) -> str:
    """`61/96 xã; 88 % ngày`, of one commune `88 % ngày`; a dash where it is not known.

    In a narrow column it breaks between communes and days only; before layout 3 it was longer and broke anywhere.
    """
    text = _coverage_text(line)
    return text if layout < SIGNABLE else text.replace("số ngày", "ngày").replace(" ", NBSP).replace(f";{NBSP}", "; ")


def _coverage_text(line: IndicatorLine) -> str:
    coverage = line.coverage
    if coverage is None:
        return MISSING
    days = [f"{_days(coverage)} số ngày"] if coverage.days is not None and coverage.of_days else []
    if coverage.of_communes == 1:
        return days[0] if days else ("có số liệu" if coverage.communes else MISSING)
    return "; ".join([f"{number(coverage.communes)}/{number(coverage.of_communes)} xã", *days])


def coverage_warnings(line: IndicatorLine, communes: Sequence[tuple[str, IndicatorLine]], layout: int) -> list[str]:
    """Sentences about a thin coverage, counts left out, and communes that had a figure in the period before.

    `communes` are the names and lines of the same indicator in each commune; empty for a commune's own line.
    """
    return [] if line.coverage is None else list(_warnings(line, line.coverage, communes, layout))


def _warnings(
    line: IndicatorLine, coverage: Coverage, communes: Sequence[tuple[str, IndicatorLine]], layout: int
) -> Iterator[str]:
    if coverage.communes and coverage.is_thin:
        of_communes = f"{number(coverage.communes)}/{number(coverage.of_communes)} đơn vị có đủ số liệu"
        days = f"{_days(coverage)} số ngày làm việc" if coverage.days is not None and coverage.of_days else ""
        parts = [of_communes, days] if coverage.of_communes > 1 else [days]
        yield f"Độ phủ thấp: {', '.join(filter(None, parts))}."
    if coverage.incomplete_days:
        left_out = [(name, own.coverage.incomplete_days) for name, own in communes if own.coverage]
        named = _listed(f"{name} ({number(days)} ngày)" for name, days in left_out if days)
        days = f"Số liệu của {number(coverage.incomplete_days)} ngày thiếu một vế, không được tính"
        if named and layout >= SIGNABLE:  # the days of all communes added would be more than the period has
            days = f"{number(coverage.incomplete_communes)} đơn vị có số liệu thiếu một vế, không được tính"
        yield f"{days}: {named}." if named else f"{days}."
    stopped = [name for name, own in communes if _has_stopped(own)] if communes else []
    if named := _listed(stopped):
        yield f"Kỳ trước có số liệu, kỳ này không có ({number(len(stopped))} đơn vị): {named}."
    if not communes and _has_stopped(line):
        yield "Kỳ trước có số liệu, kỳ này không có."


def _has_stopped(line: IndicatorLine) -> bool:
    return line.figure.numerator is None and line.previous.numerator is not None


def _days(coverage: Coverage) -> str:
    """Rounded down: 99.6 % of the days is not all of them."""
    return percent(100 * (coverage.days or 0) // coverage.of_days, decimals=0)


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" và {number(len(listed) - _NAMED)} đơn vị khác" if len(listed) > _NAMED else ""
    return ", ".join(listed[:_NAMED]) + more
