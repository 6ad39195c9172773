"""What moved between two contents, and the way back from what is kept."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.form import (
    BrokenCheck,
    FilledForm,
    FormColumn,
    FormRow,
    ReviewWarning,
    Scored,
    ScoredGroup,
    ScoredRow,
)
from services.reporting.domain.moves import changed_of_commune, figures_of, figures_sha256, moved
from services.reporting.domain.quarterly_report import Figure
from services.reporting.rendering.canonical import canonical_json
from services.reporting.rendering.stored import read_report
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


def test_what_is_kept_is_read_and_written_again_byte_for_byte():
    for report in (REPORT, WHOLE, example_commune_report()):
        kept = canonical_json(report)
        again = read_report(kept)
        assert canonical_json(again) == kept
    assert read_report(canonical_json(WHOLE)) == replace(
        WHOLE, scores=(replace(SCORED, total=Decimal("12.5")),)
    )  # equal decimals


def test_what_an_earlier_version_kept_is_read_as_if_the_rest_was_not_asked_for():
    report = read_report(canonical_json(REPORT).replace(b'"scores":[],', b"").replace(b'"unapproved":null,', b""))
    assert report == read_report(canonical_json(REPORT))


figures = st.builds(Figure, st.none() | st.integers(0, 10**12), st.none() | st.integers(0, 10**12))


@given(st.lists(figures, min_size=4, max_size=4))
@settings(deadline=None)
def test_whatever_the_counts_what_is_kept_is_read_again(changed):
    first = REPORT.communes[0]
    lines = tuple(replace(line, figure=figure) for line, figure in zip(first.indicators, changed, strict=True))
    report = replace(REPORT, communes=(replace(first, indicators=lines), *REPORT.communes[1:]))
    assert read_report(canonical_json(report)) == report
    moves = moved(REPORT, report)
    before = [line.figure for line in first.indicators]
    assert len(moves) == sum(
        (a.numerator, a.denominator) != (b.numerator, b.denominator) for a, b in zip(before, changed, strict=True)
    )
    assert {move.commune for move in moves} <= {first.commune}
    assert changed_of_commune(REPORT, figures_of(report), first.commune) == len(moves)


def test_a_form_moves_cell_by_cell():
    row = FormRow("land", "Đất đai", (12, 7))
    (move,) = moved(WHOLE, replace(WHOLE, forms=(replace(FORM, rows=(row,)),)))
    assert (move.item, move.name, move.before, move.after) == ("II.06/land/4", "II.06, Đất đai, cột 4", (None,), (7,))


def test_a_day_later_the_same_figures_are_the_same():
    later = replace(WHOLE, known_at=WHOLE.counted_until, positions={"indicators": 9}, tasks=())
    assert moved(WHOLE, later) == []
    assert figures_sha256(WHOLE, {}, {}) == figures_sha256(later, {}, {})
    assert figures_sha256(WHOLE, {}, {}) != figures_sha256(WHOLE, {"II.06/3=4+5/land": "vì"}, {})
    assert figures_sha256(WHOLE, {}, {}) != figures_sha256(WHOLE, {}, {"files": 7})
