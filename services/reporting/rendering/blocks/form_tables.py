"""Statutory forms and scorecards as blocks: tables, broken checks with their explanations, notes."""

from collections.abc import Iterator

from services.reporting.domain.content.filled_form import BrokenCheck, FilledForm, FormRow
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.scores import Scored, ScoredRow
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.blocks.block import Block, Caption, Cell, Grid, Note, Paragraph, Row, TableColumn
from services.reporting.rendering.text import sources
from shared.vietnamese import number, percent

_NUMBER_COLUMN, _COUNT_COLUMN = 10, 16.5  # millimetres


def title(form: FilledForm) -> str:
    return f"Biểu số {form.code}: {form.title}"


def form_blocks(form: FilledForm, room: float, report: ReportContent) -> Iterator[Block]:
    """The form as a table `room` millimetres wide, with its source and a note for each sum that does not add up."""
    yield Caption(_source(form, report), bold=False)
    marks = marks_of(form)
    rows: list[Row] = [
        [*_lead(str(place), _named(row, marks), form), *map(number, row.counts)]
        for place, row in enumerate(form.rows, start=1)
    ]
    total = [*_lead("", _named(form.total, marks), form), *map(number, form.total.counts)]
    yield Grid(columns(form, room), [*rows, [Cell(text, bold=True) for text in total]])
    yield from map(Note, unmatched(form, report))
    yield from map(Note, form.notes)


def columns(form: FilledForm, room: float) -> list[TableColumn]:
    """The lead columns, the last of which takes the remaining width, and the columns of counts with their groups."""
    counts = min(_COUNT_COLUMN, (room - 50) / max(1, len(form.columns)))
    widths = [float(_NUMBER_COLUMN)] * (len(form.lead_columns) - 1)
    widths.append(room - sum(widths) - counts * len(form.columns))
    leads = [
        TableColumn(
            column.heading,
            width,
            "left" if column is form.lead_columns[-1] else "center",
            column.group,
            _in_brackets(column.number),
        )
        for column, width in zip(form.lead_columns, widths, strict=True)
    ]
    return leads + [TableColumn(c.heading, counts, "right", c.group, _in_brackets(c.number)) for c in form.columns]


def marks_of(form: FilledForm) -> dict[str, str]:
    """The marks of broken checks, such as [1], by field."""
    marks: dict[str, str] = {}
    for place, broken in enumerate(form.broken, start=1):
        marks[broken.field] = marks.get(broken.field, "") + f" [{place}]"
    return marks


def unmatched(form: FilledForm, report: ReportContent) -> list[str]:
    """A sentence for each sum that does not add up, with the commune's explanation.

    Since layout 3 the sums of a province bear none: communes explain their own forms, which the notes count.
    """
    by_commune = report.layout >= SIGNABLE and not report.commune
    return [_unmatched(place, broken, by_commune) for place, broken in enumerate(form.broken, start=1)]


def _unmatched(place: int, broken: BrokenCheck, by_commune: bool) -> str:
    sentence = f"[{place}] Số liệu không khớp: {broken.sentence.rstrip(' .')}."
    if by_commune and not broken.explanation:
        return sentence
    explanation = f"Giải trình: {broken.explanation.rstrip(' .')}." if broken.explanation else "Chưa có giải trình."
    return f"{sentence} {explanation}"


def _source(form: FilledForm, report: ReportContent) -> str:
    """The act. A form's own day may be that of its regime, which is older than the act: since layout 3 not printed."""
    if report.layout >= SIGNABLE:
        return f"Theo {form.source}"
    return f"Theo {form.source}; mẫu có hiệu lực từ ngày {sources.version(form.version)}"


def _lead(place: str, name: str, form: FilledForm) -> list[str]:
    """The cells of the lead columns: the row's number and the field; only the field for one lead column."""
    return [place, name][-len(form.lead_columns) :]


def _named(row: FormRow, marks: dict[str, str]) -> str:
    return row.name + marks.get(row.field, "")


def _in_brackets(place: int) -> str:
    return f"({place})"


SCORE_COLUMNS = (
    TableColumn("Mã", 13, "center"),
    TableColumn("Tiêu chí", 63, "left"),
    TableColumn("Điểm tối đa", 17),
    TableColumn("Tỷ lệ", 17),
    TableColumn("Điểm", 16),
    TableColumn("Ghi chú", 34, "left"),
)


def score_blocks(scored: Scored) -> Iterator[Block]:
    """A sentence with the total, then a table of the criteria by group."""
    yield Paragraph(score_sentence(scored), leads=True)
    yield Grid(SCORE_COLUMNS, list(_score_rows(scored)))
    yield from map(Note, scored.notes)
    yield Note(f"Nguồn: {scored.source}; phiên bản {sources.version(scored.version)}.")


def score_sentence(scored: Scored) -> str:
    band = f", xếp loại: {scored.band}" if scored.band else ""
    return f"{scored.title}: {number(scored.total, 2)}/{number(scored.maximum, 2)} điểm{band}."


def _score_rows(scored: Scored) -> Iterator[Row]:
    for group in scored.groups:
        total = [number(group.maximum, 2), "", number(group.score, 2), ""]
        yield [Cell(text, bold=True) for text in ["", group.name, *total]]
        yield from map(_score_row, group.rows)
    total = [number(scored.maximum, 2), "", number(scored.total, 2), scored.band or ""]
    yield [Cell(text, bold=True) for text in ["", "Tổng điểm", *total]]


def _score_row(row: ScoredRow) -> Row:
    rate = "" if row.rate is None else percent(row.rate)
    return [row.code, row.name, number(row.maximum, 2), rate, number(row.score, 2), remark(row)]


def remark(row: ScoredRow) -> str:
    """The row's note; a criterion without a score does not apply."""
    return row.note or ("Không áp dụng" if row.score is None else "")
