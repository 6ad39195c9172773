"""Statutory forms and scorecards as tables, with what in them does not add up."""

from collections.abc import Iterator

from services.reporting.domain.form import BrokenCheck, FilledForm, FormRow, Scored, ScoredRow
from services.reporting.rendering import sources
from services.reporting.rendering.blocks import Block, Caption, Cell, Column, Grid, Note, Paragraph, Row
from shared.vietnamese import number, percent

_NUMBER_COLUMN, _COUNT_COLUMN = 10, 16.5  # millimetres


def title(form: FilledForm) -> str:
    return f"Biểu số {form.code}: {form.title}"


def form(form: FilledForm, room: float) -> Iterator[Block]:
    """The form in a width of `room` millimetres, its total, its source, and each sum that does not add up."""
    yield Caption(f"Theo {form.source}; mẫu có hiệu lực từ ngày {sources.version(form.version)}", bold=False)
    marks = marks_of(form)
    rows: list[Row] = [
        [*_lead(str(place), _named(row, marks), form), *map(number, row.counts)]
        for place, row in enumerate(form.rows, start=1)
    ]
    total = [*_lead("", _named(form.total, marks), form), *map(number, form.total.counts)]
    yield Grid(columns(form, room), [*rows, [Cell(text, bold=True) for text in total]])
    yield from map(Note, unmatched(form))
    yield from map(Note, form.notes)


def columns(form: FilledForm, room: float) -> list[Column]:
    """The leading columns, of which the last takes what room is left, and those of counts under their groups."""
    counts = min(_COUNT_COLUMN, (room - 50) / max(1, len(form.columns)))
    widths = [float(_NUMBER_COLUMN)] * (len(form.lead_columns) - 1)
    widths.append(room - sum(widths) - counts * len(form.columns))
    leads = [
        Column(
            column.heading,
            width,
            "left" if column is form.lead_columns[-1] else "center",
            column.group,
            _at(column.number),
        )
        for column, width in zip(form.lead_columns, widths, strict=True)
    ]
    return leads + [Column(c.heading, counts, "right", c.group, _at(c.number)) for c in form.columns]


def marks_of(form: FilledForm) -> dict[str, str]:
    """By field: the numbers in brackets of the sums that do not add up there."""
    marks: dict[str, str] = {}
    for place, broken in enumerate(form.broken, start=1):
        marks[broken.field] = marks.get(broken.field, "") + f" [{place}]"
    return marks


def unmatched(form: FilledForm) -> list[str]:
    """A sentence for each sum that does not add up, with what the commune said to it."""
    return [_unmatched(place, broken) for place, broken in enumerate(form.broken, start=1)]


def _unmatched(place: int, broken: BrokenCheck) -> str:
    said = f"Giải trình: {broken.explanation.rstrip(' .')}." if broken.explanation else "Chưa có giải trình."
    return f"[{place}] Số liệu không khớp: {broken.sentence.rstrip(' .')}. {said}"


def _lead(place: str, name: str, form: FilledForm) -> list[str]:
    """The number of the row and the field, as many of them as the form has columns for."""
    return [place, name][-len(form.lead_columns) :]


def _named(row: FormRow, marks: dict[str, str]) -> str:
    return row.name + marks.get(row.field, "")


def _at(place: int) -> str:
    return f"({place})"


SCORE_COLUMNS = (
    Column("Mã", 13, "center"),
    Column("Tiêu chí", 63, "left"),
    Column("Điểm tối đa", 17),
    Column("Tỷ lệ", 17),
    Column("Điểm", 16),
    Column("Ghi chú", 34, "left"),
)


def score(scored: Scored) -> Iterator[Block]:
    """The total in a sentence, then criterion by criterion under the groups."""
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
    """Without a score the criterion does not apply, which is not zero."""
    return row.note or ("Không áp dụng" if row.score is None else "")
