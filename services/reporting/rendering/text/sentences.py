"""The Vietnamese sentences between the tables of a report, in administrative style."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from services.reporting.domain.content.report_content import IndicatorLine, ReportContent, Target
from shared.periods import Period
from shared.vietnamese import collation_key, number, percent

MOST_NAMED, MOST_NAMED_LATE = 10, 5  # communes in a sentence; an annex has all

_CHANGES = {"up": "tăng", "down": "giảm"}
_VERDICTS = {True: "Đạt", False: "Chưa đạt", None: "–"}


def period_before(report: ReportContent) -> str:
    return "Quý trước" if Period.parse(report.period).kind == "quarter" else "Kỳ trước"


def verdict(line: IndicatorLine) -> str:
    return _VERDICTS[line.met]


def target(line: IndicatorLine) -> str:
    """The target as the plan wrote it, else from its bounds."""
    if line.target_text:
        return line.target_text
    return "–" if line.target is None else _bounds(line.target)


def _bounds(target: Target) -> str:
    signs = {"≥": target.at_least, ">": target.above, "<": target.below, "≤": target.at_most}
    bounds = ", ".join(f"{sign} {_shortest(bound)}" for sign, bound in signs.items() if bound is not None)
    return f"{_CHANGES[target.change]} {bounds}" if target.change else bounds or "–"


def _shortest(bound: Decimal) -> str:
    return percent(bound, decimals=0 if bound == bound.to_integral_value() else 1)


def summary_of_indicators(report: ReportContent) -> str:
    verdicts = [line.met for line in report.indicators]
    return (
        f"Có {number(len(verdicts))} chỉ tiêu được theo dõi: {number(verdicts.count(True))} chỉ tiêu đạt, "
        f"{number(verdicts.count(False))} chỉ tiêu chưa đạt, {number(verdicts.count(None))} chỉ tiêu chưa đánh "
        "giá (chưa được giao hoặc chưa có số liệu)."
    )


def summary_of_tasks(report: ReportContent) -> str:
    done, unfinished = sum(task.done for task in report.tasks), sum(task.open for task in report.tasks)
    late = sum(task.late for task in report.tasks)
    return (
        f"Tổng số nhiệm vụ được giao: {number(done + unfinished)}, trong đó đã hoàn thành {number(done)}, chưa hoàn "
        f"thành {number(unfinished)} (quá hạn {number(late)})."
    )


def late_tasks(report: ReportContent) -> str:
    """The communes, or the bodies of a commune, with most tasks that are late; empty where none is."""
    late: Counter[str] = Counter()
    for task in report.tasks:
        late[task.body if report.commune else task.commune_name] += task.late
    most = sorted((-count, collation_key(name), name) for name, count in late.items() if count)
    if not most:
        return ""
    named = ", ".join(f"{name} ({number(-count)})" for count, _, name in most[:MOST_NAMED_LATE])
    more = "; nhiều nhất" if len(most) > MOST_NAMED_LATE else ""
    return f"Số đơn vị có nhiệm vụ quá hạn: {number(len(most))}{more}: {named}."


def missed_without_communes(missed: Sequence[str]) -> str:
    """Why these indicators, by their place in the table, are missed although no commune misses its own target."""
    return (
        f"Chỉ tiêu số {', '.join(missed)}: toàn tỉnh chưa đạt dù không đơn vị nào dưới mức được giao riêng, vì tỷ lệ "
        "chung còn tính cả đơn vị chưa được giao hoặc được giao mức thấp hơn."
    )


def submission_sentences(report: ReportContent, annex: str = "") -> tuple[str, ...]:
    """Numbers of valid, refused (by rule) and unreadable messages; communes without readings or approval.

    Since layout 3 a long list of communes is in the `annex` of this number.
    """
    reasons = "; ".join(f"{rule} ({number(count)})" for rule, count in refusals(report))
    sentences = [
        f"Số bản ghi số liệu được tính: {number(report.readings)}.",
        f"Số bản ghi bị từ chối: {number(report.refused)}" + (f", gồm: {reasons}." if reasons else "."),
        f"Số bản tin không đọc được, đang chờ xử lý: {number(report.parked)}.",
    ]
    if report.commune:
        return (*sentences, f"{report.commune_name} {'chưa' if report.not_reported else 'đã'} gửi số liệu.")
    return (*sentences, _not_reported(report, annex), *_unapproved(report, annex))


def _not_reported(report: ReportContent, annex: str) -> str:
    if report.not_reported:
        count = f"Số xã, phường, đặc khu chưa gửi số liệu: {number(len(report.not_reported))}"
        of_all = f"/{number(len(report.communes))}" if report.communes else ""
        return f"{count}{of_all}, {_named(report.not_reported, annex)}."
    return "Tất cả các xã, phường, đặc khu đã gửi số liệu."


def _unapproved(report: ReportContent, annex: str) -> list[str]:
    """Empty where communes do not report."""
    if report.unapproved is None:
        return []
    if not report.unapproved:
        return ["Báo cáo của tất cả các xã, phường, đặc khu đã được duyệt."]
    count = number(len(report.unapproved))
    return [f"Số xã, phường, đặc khu có báo cáo chưa được duyệt: {count}, {_named(report.unapproved, annex)}."]


def _named(communes: Sequence[str], annex: str) -> str:
    in_annex = annex and len(communes) > MOST_NAMED
    return f"danh sách tại {annex}" if in_annex else f"gồm: {', '.join(communes)}"


def refusals(report: ReportContent) -> list[tuple[str, int]]:
    """(rule's label without full stop, number of refusals), the most frequent first."""
    counts = sorted(report.refused_by_rule.items(), key=lambda rule: (-rule[1], rule[0]))
    return [(sentence.rstrip(" ."), count) for sentence, count in counts]


def enclosed(annexes: Sequence[tuple[str, str]]) -> str:
    """`Kèm theo báo cáo: Phụ lục I (Biểu số …); Phụ lục II (…).`"""
    listed = "; ".join(f"Phụ lục{f' {number}' if number else ''} ({title})" for number, title in annexes)
    return f"Kèm theo báo cáo: {listed}."
