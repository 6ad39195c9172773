"""Differences between two contents of a report, and reading stored content."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.content.differences import (
    count_changed_figures,
    figure_changes,
    figures_of,
    figures_sha256,
)
from services.reporting.domain.content.filled_form import BrokenCheck, FilledForm, FormColumn, FormRow
from services.reporting.domain.content.report_content import Figure, ReviewWarning
from services.reporting.domain.content.scores import Scored, ScoredGroup, ScoredRow
from services.reporting.rendering.canonical_json import canonical_json, read_report
from tests.reporting.example import example_commune_report, example_report

REPORT = example_report(communes=6, indicators=4)
FORM = FilledForm(
    code="II.06", title="Tình hình", source="NĐ 61", version="2020-01-01",
    lead_columns=(FormColumn(1, "TT"), FormColumn(2, "Lĩnh vực")),
    columns=(FormColumn(3, "Tổng số", "Tiếp nhận"), FormColumn(4, "Trực tuyến", "Tiếp nhận")),
    rows=(FormRow("land", "Đất đai", (12, None)),), total=FormRow("total", "Tổng số", (12, None)),
    broken=(BrokenCheck("II.06/3=4+5", "land", "Đất đai", 12, 10, "Cột 3 khác.", "vì"),), notes=("x",),
)  # fmt: skip
SCORED = Scored(
    "766", "2022-06-23", "Chỉ số", "QĐ 766",
    (ScoredGroup("Công khai", Decimal(18), Decimal("12.5"), (ScoredRow("1.1", "Đúng hạn", Decimal(6), None),)),),
    Decimal("12.50"), Decimal(100), "Trung bình",
)  # fmt: skip
WHOLE = replace(
    REPORT, forms=(FORM,), scores=(SCORED,), unapproved=("Xã Xốp",), pins={"map": "m-1"},
    warnings=(ReviewWarning("jump", "c1", "Xã Xốp", "Tỷ lệ tăng."),), scoped=REPORT.indicators[:1],
)  # fmt: skip


def test_stored_content_is_read_and_written_again_byte_for_byte():
    for report in (REPORT, WHOLE, example_commune_report()):
        stored = canonical_json(report)
        again = read_report(stored)
        assert canonical_json(again) == stored
    assert read_report(canonical_json(WHOLE)) == replace(
        WHOLE, scores=(replace(SCORED, total=Decimal("12.5")),)
    )  # equal decimals


def test_content_without_later_fields_is_read_with_their_defaults():
    report = read_report(canonical_json(REPORT).replace(b'"scores":[],', b"").replace(b'"unapproved":null,', b""))
    assert report == read_report(canonical_json(REPORT))


figures = st.builds(Figure, st.none() | st.integers(0, 10**12), st.none() | st.integers(0, 10**12))


@given(st.lists(figures, min_size=4, max_size=4))
@settings(deadline=None)
def test_any_counts_are_stored_read_and_compared(changed):
    first = REPORT.communes[0]
    lines = tuple(replace(line, figure=figure) for line, figure in zip(first.indicators, changed, strict=True))
    report = replace(REPORT, communes=(replace(first, indicators=lines), *REPORT.communes[1:]))
    assert read_report(canonical_json(report)) == report
    changes = figure_changes(REPORT, report)
    before = [line.figure for line in first.indicators]
    assert len(changes) == sum(
        (a.numerator, a.denominator) != (b.numerator, b.denominator) for a, b in zip(before, changed, strict=True)
    )
    assert {change.commune for change in changes} <= {first.commune}
    assert count_changed_figures(figures_of(REPORT), figures_of(report), first.commune) == len(changes)


def test_forms_are_compared_cell_by_cell():
    row = FormRow("land", "Đất đai", (12, 7))
    (change,) = figure_changes(WHOLE, replace(WHOLE, forms=(replace(FORM, rows=(row,)),)))
    assert (change.item, change.name, change.before, change.after) == (
        "II.06/land/4",
        "II.06, Đất đai, cột 4",
        (None,),
        (7,),
    )


def test_the_hash_of_figures_does_not_depend_on_the_day():
    later = replace(WHOLE, known_at=WHOLE.counted_until, positions={"indicators": 9}, tasks=())
    assert figure_changes(WHOLE, later) == []
    assert figures_sha256(WHOLE, {}, {}) == figures_sha256(later, {}, {})
    assert figures_sha256(WHOLE, {}, {}) != figures_sha256(WHOLE, {"II.06/3=4+5/land": "vì"}, {})
    assert figures_sha256(WHOLE, {}, {}) != figures_sha256(WHOLE, {}, {"files": 7})
