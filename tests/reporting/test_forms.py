"""Forms are filled in, added up and checked."""

from dataclasses import replace
from datetime import date
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.data_files.forms import forms_in
from services.reporting.domain.content.filled_form import TOTAL, UNDIVIDED
from services.reporting.domain.forms.filling import fill, needs_opening_flows, rows_of
from services.reporting.domain.forms.form import form_on
from services.reporting.domain.forms.totals import add

FORM = form_on(forms_in({}), "II.06", date(2025, 9, 14))
NAMES = {"land": "Đất đai", "construction": "Xây dựng", "civil-status": "Hộ tịch"}
MEASURES = {
    4: "files-received-online",
    5: "files-received-direct",
    7: "files-resolved",
    8: "files-resolved-early",
    9: "files-resolved-on-time",
    10: "files-resolved-late",
    12: "files-pending-in-term",
    13: "files-pending-overdue",
}
PENDING_BEFORE = {("files-pending-in-term", "land"): 10, ("files-pending-overdue", "land"): 2}
# 3 = 60 + 38 + 12 = 110 = 90 + 20.
SOUND = {4: 60, 5: 38, 7: 90, 8: 50, 9: 35, 10: 5, 12: 17, 13: 3}


def counts(columns, field="land", **more):
    measured = {(MEASURES[column], field): count for column, count in columns.items()}
    return measured | {(name.replace("_", "-"), field): count for name, count in more.items()}


def filled(counts, opening=PENDING_BEFORE, previous=None, **explanations):
    return fill(FORM, counts, opening, previous, NAMES, explanations=explanations.get("explanations"))


def column(row, number):
    return row.counts[number - 3]


def keys(form):
    return [broken.key for broken in form.broken]


def test_a_form_has_the_columns_of_the_circular_in_their_order():
    form = filled(counts(SOUND, files_received=98))

    assert [c.number for c in (*form.lead_columns, *form.columns)] == list(range(1, 14))
    assert [row.counts for row in form.rows] == [(110, 60, 38, 12, 90, 50, 35, 5, 20, 17, 3)]
    assert (form.code, form.version, form.derived) == ("II.06", "2019-03-12", (11,))
    assert form.broken == ()


def test_received_files_are_compared_with_their_parts():
    """61 online and 38 in person cannot be 98 received: the error of a published report."""
    form = filled(counts(SOUND | {4: 61}, files_received=98))

    assert keys(form) == ["II.06/3=4+5+6/land"]
    assert form.broken[0].sentence == (
        "Biểu II.06, lĩnh vực “Đất đai”: cột 3 (Hồ sơ tiếp nhận, tổng số) là 110, khác tổng các cột 4, 5, 6 là 111 "
        "(chênh lệch 1)."
    )


@pytest.mark.parametrize(
    ("wrong", "broken"),
    [
        ({"columns": {8: 51}}, ["II.06/7=8+9+10/land"]),
        ({"files_pending": 21}, ["II.06/11=12+13/land", "II.06/3=7+11/land"]),
        ({"columns": {12: 18}}, ["II.06/3=7+11/land"]),
        ({"files_carried_over": 15}, ["II.06/3=7+11/land", "II.06/6=11-previous/land"]),
        ({"files_received": 99}, ["II.06/3=4+5+6/land", "II.06/3=7+11/land"]),
    ],
)
def test_each_sum_that_does_not_add_up_is_reported(wrong, broken):
    more = {"files_received": 98} | {name: count for name, count in wrong.items() if name != "columns"}

    assert keys(filled(counts(SOUND | wrong.get("columns", {}), **more))) == broken


def test_a_total_without_a_measure_is_the_sum_of_its_parts_with_a_note():
    form = filled(counts(SOUND))

    assert column(form.rows[0], 3) == 110
    assert form.derived == (3, 11)
    assert "Cột 3 được cộng từ các cột 4, 5, 6 ở nơi chưa có số đo riêng." in form.notes


def test_a_missing_part_makes_a_sum_missing_and_breaks_no_check():
    form = filled(counts({4: 60, 7: 90, 8: 50}), opening={})
    row = form.rows[0]

    assert [column(row, n) for n in (3, 5, 6, 9, 11)] == [None] * 5
    assert form.broken == ()
    assert "Chưa có số liệu cột 3, 5, 6, 9, 10, 11, 12, 13 của lĩnh vực “Đất đai”." in form.notes


def test_zero_is_not_missing():
    form = filled(counts(dict.fromkeys(SOUND, 0), files_received=0), opening={("files-pending", "land"): 0})

    assert form.rows[0].counts == (0,) * 11
    assert form.broken == ()


def test_a_field_without_counts_and_with_a_zero_opening_balance_has_no_row():
    assert filled({}, opening={("files-pending", "land"): 0}).rows == ()


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(sorted(FORM.measures)), st.sampled_from(sorted(NAMES))), st.integers(0, 2)
)


@given(CELLS, CELLS)
def test_the_counts_of_a_form_follow_from_the_levels_of_the_quarter_before_unless_it_needs_the_flows(now, opening):
    """A row without any count is no figure."""
    levels = {key: level for key, level in opening.items() if key[0] in FORM.carried}
    whole, short = (
        [row.counts for row in rows_of(FORM, now, each, NAMES) if set(row.counts) != {None}]
        for each in (opening, levels)
    )
    assert whole == short or needs_opening_flows(FORM, now, levels)


def test_a_field_with_flows_alone_before_has_a_row_of_zeros_carried_over():
    zero, flows = {("files-pending", "land"): 0}, {("files-received", "land"): 3}
    assert needs_opening_flows(FORM, {}, zero)
    assert rows_of(FORM, {}, zero, NAMES) == ()
    assert column(rows_of(FORM, {}, zero | flows, NAMES)[0], 6) == 0
    assert not needs_opening_flows(FORM, counts({4: 1}), zero)
    assert not needs_opening_flows(FORM, {}, {("files-pending", "land"): 1})


def test_files_pending_before_the_window_are_carried_over():
    assert column(filled({}).rows[0], 6) == 12


def test_the_files_carried_over_are_compared_with_the_opening_balance():
    form = filled(counts(SOUND | {12: 20}, files_received=98, files_carried_over=15))

    assert keys(form) == ["II.06/6=11-previous/land"]
    assert form.broken[0].sentence == (
        "Biểu II.06, lĩnh vực “Đất đai”: cột 6 (Hồ sơ tiếp nhận, từ kỳ trước chuyển qua) là 15, khác cột 11 (Hồ sơ "
        "đang giải quyết, tổng số) theo số dư đầu kỳ là 12 (chênh lệch 3)."
    )


def test_a_quarter_is_compared_with_the_form_of_the_quarter_before():
    before = filled(counts(SOUND, files_received=98))
    quarter = counts({4: 5, 5: 5, 7: 30, 8: 30, 9: 0, 10: 0, 12: 2, 13: 0}, files_carried_over=22)

    form = filled(quarter, opening={("files-pending", "land"): 22}, previous=before)

    assert keys(form) == ["II.06/6=11-previous/land"]
    assert "của kỳ trước là 20 (chênh lệch 2)" in form.broken[0].sentence


def test_a_field_missing_in_the_previous_form_shows_in_the_row_of_totals():
    before = filled(counts(SOUND, files_received=98))
    now = counts({}, files_carried_over=20) | counts({}, field="construction", files_carried_over=4)

    form = filled(now, opening={}, previous=before)

    assert keys(form) == ["II.06/6=11-previous/total"]
    assert form.broken[0].sentence.startswith("Biểu II.06, dòng tổng số: cột 6")


def test_a_total_of_the_previous_form_that_lacks_a_row_is_not_compared():
    """The previous form lacks the pending files of construction, which this form carries over."""
    before = filled(counts(SOUND, files_received=98) | counts({4: 7}, field="construction"), opening=PENDING_BEFORE)
    now = counts({}, files_carried_over=20) | counts({}, field="construction", files_carried_over=4)

    assert filled(now, opening={}, previous=before).broken == ()


def test_half_a_year_carries_over_the_balance_of_its_first_day():
    """Not the sum of two quarters: the files carried over by the second one were counted in the first."""
    half = filled(counts(SOUND, files_received=98), opening=PENDING_BEFORE)

    assert column(half.total, 6) == 12
    assert half.broken == ()


def test_an_error_in_a_row_is_not_repeated_for_the_totals():
    two = counts(SOUND | {4: 61}, files_received=98) | counts(SOUND, field="construction", files_received=98)

    assert keys(filled(two, PENDING_BEFORE | {("files-pending", "construction"): 12})) == ["II.06/3=4+5+6/land"]


def test_a_form_can_be_submitted_when_each_broken_sum_is_explained():
    wrong = counts(SOUND | {4: 61, 8: 51}, files_received=98)
    explained = {"II.06/3=4+5+6/land": "Một hồ sơ nộp qua hai kênh.", "II.06/7=8+9+10/land": " "}

    assert [b.key for b in filled(wrong).unexplained] == ["II.06/3=4+5+6/land", "II.06/7=8+9+10/land"]
    assert [b.key for b in filled(wrong, explanations=explained).unexplained] == ["II.06/7=8+9+10/land"]
    assert filled(counts(SOUND, files_received=98)).unexplained == ()


def test_rows_are_sorted_by_catalogue_then_alphabet_with_undivided_counts_last():
    everything = {}
    for field in ("zoo", UNDIVIDED, "civil-status", "land", "art"):
        everything |= counts(SOUND, field=field)

    form = filled(everything)

    assert [row.field for row in form.rows] == ["land", "civil-status", "art", "zoo", UNDIVIDED]
    assert [row.name for row in form.rows] == ["Đất đai", "Hộ tịch", "art", "zoo", "Chưa phân theo lĩnh vực"]


def test_the_total_is_the_sum_of_the_rows_with_a_note_on_missing_ones():
    form = filled(counts(SOUND) | counts({4: 7}, field="construction"))

    assert (form.total.field, column(form.total, 4), column(form.total, 7)) == (TOTAL, 67, 90)
    assert any("của lĩnh vực “Xây dựng”; dòng tổng số không gồm phần này." in note for note in form.notes)


def test_a_province_sums_its_communes_field_by_field():
    one = filled(counts(SOUND, files_received=98))
    other = filled(counts(SOUND, files_received=98) | counts({4: 1}, field="construction"))

    province = add(FORM, [("Xã Xốp", one), ("Xã Tịnh Khê", other)], None, NAMES)

    assert [(row.name, column(row, 4)) for row in province.rows] == [("Đất đai", 120), ("Xây dựng", 1)]
    assert (column(province.total, 3), column(province.rows[1], 3)) == (220, None)
    assert province.broken == ()


def test_a_province_form_names_the_communes_with_broken_checks():
    explanations = {"II.06/3=4+5+6/land": "Một hồ sơ nộp qua hai kênh."}
    wrong = filled(counts(SOUND | {4: 61, 8: 51}, files_received=98), explanations=explanations)

    province = add(FORM, [("Xã Xốp", wrong), ("Xã Tịnh Khê", filled(counts(SOUND, files_received=98)))], None, NAMES)

    assert "Biểu của 1/2 đơn vị có số liệu chưa khớp: Xã Xốp (2 chỗ, đã giải trình 1)." in province.notes
    assert [(b.key, b.left, b.right) for b in province.broken] == [
        ("II.06/3=4+5+6/land", 220, 221),
        ("II.06/7=8+9+10/land", 180, 181),
    ]


def test_a_count_missing_in_one_commune_breaks_no_check_of_the_province():
    """7 of both communes, 8 to 10 of one: the sums differ, and nothing was added wrongly."""
    whole, part = filled(counts(SOUND, files_received=98)), filled(counts({7: 40}))

    province = add(FORM, [("Xã Xốp", whole), ("Xã Tịnh Khê", part)], None, NAMES)

    assert [column(province.rows[0], n) for n in (7, 8, 9, 10)] == [130, 50, 35, 5]
    assert province.broken == ()
    assert any("của 1/2 đơn vị: Xã Tịnh Khê." in note for note in province.notes)


def test_a_province_is_compared_with_its_own_previous_form():
    before = add(FORM, [("Xã Xốp", filled(counts(SOUND, files_received=98)))], None, NAMES)
    now = filled(counts({}, files_carried_over=19), opening={})

    assert keys(add(FORM, [("Xã Xốp", now)], before, NAMES)) == ["II.06/6=11-previous/land"]


def test_two_communes_with_the_same_name_are_both_counted():
    one = filled(counts(SOUND))

    assert column(add(FORM, [("Xã Bình Minh", one), ("Xã Bình Minh", one)], None, NAMES).total, 4) == 120


def test_a_province_without_forms_has_no_counts():
    empty = add(FORM, [], None, NAMES)

    assert (empty.rows, set(empty.total.counts), empty.broken) == ((), {None}, ())


def test_forms_of_two_versions_are_not_added():
    older = replace(filled(counts(SOUND)), version="2018-01-01")

    with pytest.raises(ValueError, match="cannot be added"):
        add(FORM, [("Xã Xốp", older)], None, NAMES)


AMOUNT = st.integers(0, 10_000)
FIELD = st.sampled_from([*NAMES, "zoo"])


@st.composite
def sound(draw, fields=FIELD):
    """Counts of a commune that cannot but add up, whether or not it counts the totals itself, and its opening."""
    now, opening = {}, {}
    for field in draw(st.sets(fields, min_size=1)):
        online, direct, before = draw(AMOUNT), draw(AMOUNT), draw(AMOUNT)
        left = online + direct + before
        resolved = draw(st.integers(0, left))
        early, overdue = draw(st.integers(0, resolved)), draw(st.integers(0, left - resolved))
        late = draw(st.integers(0, resolved - early))
        now |= counts(
            {4: online, 5: direct, 8: early, 9: resolved - early - late, 10: late}
            | {12: left - resolved - overdue, 13: overdue},
            field=field,
        )
        opening |= {("files-pending", field): before}
        totals = {"files-received": online + direct, "files-resolved": resolved, "files-pending": left - resolved}
        now |= {(m, field): n for m, n in totals.items() if draw(st.booleans())}
        now |= {("files-carried-over", field): before} if draw(st.booleans()) else {}
    return now, opening


@given(sound())
def test_a_form_with_parts_that_add_up_has_no_broken_sum(commune):
    assert filled(*commune).broken == ()


@given(sound(), sound())
def test_a_consistent_form_after_a_consistent_one_breaks_no_check(earlier, later):
    before = filled(*earlier)
    pending = {("files-pending", row.field): column(row, 11) for row in before.rows}
    now = {key: count for key, count in later[0].items() if key[0] != "files-carried-over"}
    moved = {key: count for key, count in now.items() if key[0] in MEASURES.values() or key[0] == "files-received"}

    form = filled(moved, opening=pending, previous=before)

    assert [key for key in keys(form) if "previous" in key] == []


@given(st.lists(sound(), min_size=1, max_size=6), st.randoms())
def test_the_sum_of_a_province_does_not_depend_on_the_order_of_communes(communes, chance):
    forms = [(f"Xã {place}", filled(*commune)) for place, commune in enumerate(communes)]

    province = add(FORM, forms, None, NAMES)
    chance.shuffle(forms)

    assert add(FORM, forms, None, NAMES).rows == province.rows
    assert province.broken == ()
    for place, total in enumerate(province.total.counts):
        assert total == sum(form.total.counts[place] or 0 for _, form in forms)
        assert total == sum(row.counts[place] or 0 for row in province.rows)


@given(sound(), st.sampled_from(sorted(MEASURES.values())), st.integers(1, 50), st.data())
def test_one_changed_count_always_breaks_a_check(commune, measure, more, data):
    """Every count stands in a sum with another one; with all totals counted, no change can hide."""
    now, opening = commune
    field = data.draw(st.sampled_from(sorted({field for _, field in now})))
    row = next(row for row in filled(now, opening).rows if row.field == field)
    now |= {
        ("files-received", field): column(row, 4) + column(row, 5),
        ("files-resolved", field): column(row, 7),
        ("files-pending", field): column(row, 11),
    }
    now[measure, field] += more

    form = filled(now, opening)

    assert {broken.field for broken in form.broken} == {field}
    assert all(is_normalized("NFC", broken.sentence) for broken in form.broken)
    assert form.unexplained == form.broken
