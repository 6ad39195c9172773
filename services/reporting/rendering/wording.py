"""The sentences of the report between its tables, in administrative style; each is written here once."""

from collections.abc import Sequence
from decimal import Decimal

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport, Target
from shared.vietnamese import number, percent

_VERDICTS = {True: "Đạt", False: "Chưa đạt", None: "–"}


def period_before(report: QuarterlyReport) -> str:
    return "Quý trước" if "-Q" in report.period else "Kỳ trước"


def verdict(line: IndicatorLine) -> str:
    return _VERDICTS[line.met]


def target(line: IndicatorLine) -> str:
    """As the plan wrote it, else from its bounds."""
    if line.target_text:
        return line.target_text
    return "–" if line.target is None else _bounds(line.target)


def _bounds(asked: Target) -> str:
    signs = {"≥": asked.at_least, ">": asked.above, "<": asked.below, "≤": asked.at_most}
    return ", ".join(f"{sign} {_shortest(bound)}" for sign, bound in signs.items() if bound is not None) or "–"


def _shortest(bound: Decimal) -> str:
    return percent(bound, decimals=0 if bound == bound.to_integral_value() else 1)


def summary_of_indicators(report: QuarterlyReport) -> str:
    verdicts = [line.met for line in report.indicators]
    return (
        f"Có {number(len(verdicts))} chỉ tiêu được theo dõi: {number(verdicts.count(True))} chỉ tiêu đạt, "
        f"{number(verdicts.count(False))} chỉ tiêu chưa đạt, {number(verdicts.count(None))} chỉ tiêu chưa đánh "
        "giá (chưa được giao hoặc chưa có số liệu)."
    )


def summary_of_tasks(report: QuarterlyReport) -> str:
    done, unfinished = sum(task.done for task in report.tasks), sum(task.open for task in report.tasks)
    late = sum(task.late for task in report.tasks)
    return (
        f"Tổng số nhiệm vụ được giao: {number(done + unfinished)}, trong đó đã hoàn thành {number(done)}, chưa hoàn "
        f"thành {number(unfinished)} (quá hạn {number(late)})."
    )


def submission_sentences(report: QuarterlyReport) -> tuple[str, ...]:
    """What came in, what was refused and why, what nobody could read, and who is silent."""
    reasons = "; ".join(f"{rule} ({number(count)})" for rule, count in refusals(report))
    sentences = [
        f"Số bản ghi số liệu được tính: {number(report.readings)}.",
        f"Số bản ghi bị từ chối: {number(report.refused)}" + (f", gồm: {reasons}." if reasons else "."),
        f"Số bản tin không đọc được, đang chờ xử lý: {number(report.parked)}.",
    ]
    if report.commune:
        return (*sentences, f"{report.commune_name} {'chưa' if report.not_reported else 'đã'} gửi số liệu.")
    return (*sentences, _silent(report), *_unapproved(report))


def _silent(report: QuarterlyReport) -> str:
    if report.not_reported:
        names = ", ".join(report.not_reported)
        silent = f"Số xã, phường, đặc khu chưa gửi số liệu: {number(len(report.not_reported))}"
        of_all = f"/{number(len(report.communes))}" if report.communes else ""
        return f"{silent}{of_all}, gồm: {names}."
    return "Tất cả các xã, phường, đặc khu đã gửi số liệu."


def _unapproved(report: QuarterlyReport) -> list[str]:
    """Nothing where nobody asks the communes for a report of their own."""
    if report.unapproved is None:
        return []
    if not report.unapproved:
        return ["Báo cáo của tất cả các xã, phường, đặc khu đã được duyệt."]
    count = number(len(report.unapproved))
    return [f"Số xã, phường, đặc khu có báo cáo chưa được duyệt: {count}, gồm: {', '.join(report.unapproved)}."]


def refusals(report: QuarterlyReport) -> list[tuple[str, int]]:
    """The sentence of each rule without its full stop, and how often it refused: the most frequent first."""
    counts = sorted(report.refused_by_rule.items(), key=lambda rule: (-rule[1], rule[0]))
    return [(sentence.rstrip(" ."), count) for sentence, count in counts]


def enclosed(annexes: Sequence[tuple[str, str]]) -> str:
    """`Kèm theo báo cáo: Phụ lục I (Biểu số …); Phụ lục II (…).`"""
    listed = "; ".join(f"Phụ lục{f' {number}' if number else ''} ({title})" for number, title in annexes)
    return f"Kèm theo báo cáo: {listed}."
