"""The body of the signed report as blocks, from the opening sentence to the notes; Word and PDF print the same."""

from collections.abc import Iterator

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.blocks import form_tables, lists
from services.reporting.rendering.blocks.block import (
    Align,
    Annex,
    Block,
    Cell,
    Grid,
    Heading,
    Note,
    Paragraph,
    Picture,
    Row,
    TableColumn,
)
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import coverage, letterhead, sections, sentences, sources, table_rows
from shared.vietnamese import number

_WIDTHS = {1: (18, 18, 16, 17, 14, 15), 2: (14, 14, 15, 16, 14, 15)}  # millimetres, by layout
_WHOLE_PAGE = 222  # millimetres: the largest height of a chart on a page with its title


def body(printed: PrintedReport, annexes: tuple[Annex, ...]) -> Iterator[Block]:
    """All blocks of the body. It names the enclosed annexes (Decree 30/2020/NĐ-CP, Annex I, part I, III.1)."""
    report = printed.report
    yield Paragraph(letterhead.opening(report))
    for section, heading in sections.headings(report).items():
        yield Heading(heading)
        yield from _BLOCKS[section](printed, annexes) if section in _BLOCKS else _written(report, section)
    if annexes:
        yield Paragraph(sentences.enclosed([(annex.number, annex.title) for annex in annexes]))
    if report.layout < SIGNABLE:
        yield Paragraph(letterhead.closing(report))
        yield from map(Note, sources.notes(printed.report, printed.edition, printed.sha256))


def signed(report: ReportContent) -> list[Paragraph]:
    """The end of the text, which is on one page with the signature (since layout 3)."""
    return [Paragraph(letterhead.closing(report), leads=True)] if report.layout >= SIGNABLE else []


def _written(report: ReportContent, section: str) -> Iterator[Block]:
    """The paragraphs of a person, or the line that they are missing."""
    texts = sections.paragraphs(report, section)
    yield from map(Paragraph, texts) if texts else [Note(sections.UNWRITTEN)]


def _indicators(printed: PrintedReport, annexes: tuple[Annex, ...]) -> Iterator[Block]:
    report = printed.report
    yield Paragraph(sentences.summary_of_indicators(report), leads=True)
    yield Grid(_columns(report), list(_indicator_rows(printed)), "dense" if report.layout >= SIGNABLE else "text")
    if report.layout > 1:
        yield Note(coverage.explanation(report))
    if report.layout >= SIGNABLE:
        yield from map(Note, below_the_table(report, annexes))
        return
    for drawing in printed.body_charts:
        yield Picture(drawing, _WHOLE_PAGE)


def below_the_table(report: ReportContent, annexes: tuple[Annex, ...]) -> Iterator[str]:
    """Notes on indicators that are missed without a commune below its target, footnotes, and where the lists are."""
    rows = [] if report.commune else table_rows.indicator_rows(report)
    if missed := [row.place for row in rows if row.missed and row.place and not row.below]:
        yield sentences.missed_without_communes(missed)
    yield from sources.footnotes(report)
    if listed := lists.reference(annexes, lists.BELOW_TITLE):
        yield f"Danh sách các đơn vị chưa đạt từng chỉ tiêu tại {listed}."


def _columns(report: ReportContent) -> list[TableColumn]:
    with_coverage, of_a_province = report.layout > 1, not report.commune
    widths = _WIDTHS.get(report.layout, (16, 16, 14, 15, 12, 14))
    coverage_width, below_width = (22, 11) if report.layout >= SIGNABLE else (18, 13)
    name = 160 - 8 - sum(widths) - below_width * of_a_province - coverage_width * with_coverage
    headings = ("Tử số", "Mẫu số", "Tỷ lệ", "Chỉ tiêu giao", "Kết quả", sentences.period_before(report))
    aligned: tuple[Align, ...] = ("right", "right", "right", "center", "center", "right")
    columns = [TableColumn("TT", 8, "center"), TableColumn("Chỉ tiêu", name, "left")]
    columns += [TableColumn(*column) for column in zip(headings, widths, aligned, strict=True)]
    columns += [TableColumn("Độ phủ", coverage_width, "center")] if with_coverage else []
    return columns + ([TableColumn("Số xã chưa đạt", below_width)] if of_a_province else [])


def _indicator_rows(printed: PrintedReport) -> Iterator[Row]:
    of_a_commune, with_coverage = bool(printed.report.commune), printed.report.layout > 1
    width = len(_columns(printed.report)) - 1
    for row in table_rows.indicator_rows(printed.report):
        figures: list[str | Cell] = [row.numerator, row.denominator, row.rate, row.target]
        figures += [Cell(row.verdict, bold=row.missed), row.previous]
        figures += [Cell(row.coverage, bold=bool(row.warnings))] if with_coverage else []
        below = [] if of_a_commune else [number(len(row.below))]
        name = Cell(f"– {row.name}", italic=True) if row.is_part else row.name
        warned = Cell(f"{coverage.WARNED} {' '.join(row.warnings)}", italic=True, columns=width)
        if printed.report.layout >= SIGNABLE and row.warnings:  # both rows on one page
            yield [Cell(row.place, rows=2), name, *figures, *below]
            yield [warned]
            continue
        yield [row.place, name, *figures, *below]
        if row.below and not of_a_commune and printed.report.layout < SIGNABLE:
            yield ["", Cell(f"Chưa đạt: {', '.join(row.below)}.", italic=True, columns=width)]
        if row.warnings and with_coverage:
            yield ["", warned]


def _tasks(printed: PrintedReport, annexes: tuple[Annex, ...]) -> Iterator[Block]:
    report = printed.report
    if report.layout < SIGNABLE or report.commune:
        yield Paragraph(sentences.summary_of_tasks(report), leads=True)
        yield lists.task_grid(report)
    else:
        yield Paragraph(sentences.summary_of_tasks(report))
        yield from map(Paragraph, late_and_listed(report, annexes))


def late_and_listed(report: ReportContent, annexes: tuple[Annex, ...]) -> Iterator[str]:
    """The communes with most tasks that are late, and where all are listed."""
    if late := sentences.late_tasks(report):
        yield late
    if listed := lists.reference(annexes, lists.TASKS_TITLE):
        yield f"Số nhiệm vụ của từng đơn vị tại {listed}."


def _submissions(printed: PrintedReport, annexes: tuple[Annex, ...]) -> Iterator[Block]:
    listed = lists.reference(annexes, lists.SUBMISSIONS_TITLE)
    yield from map(Paragraph, sentences.submission_sentences(printed.report, listed))


def _scores(printed: PrintedReport, _: tuple[Annex, ...]) -> Iterator[Block]:
    for scored in printed.report.scores:
        for block in form_tables.score_blocks(scored):
            yield lists.whole_if_short(block, printed.report) if isinstance(block, Grid) else block


_BLOCKS = {
    sections.INDICATORS: _indicators,
    sections.TASKS: _tasks,
    sections.SUBMISSIONS: _submissions,
    sections.SCORES: _scores,
}
