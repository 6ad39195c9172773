"""The totals on paper beside a form of readings: their sums, what they differ by, and what is stated of them."""

import pytest

from services.reporting.web.paper import Paper, explanations_in, papers, stated_totals
from shared.contracts.reporting import BrokenSum, FormSum, ShownColumn, ShownForm, ShownRow
from shared.web.submitting import Refusals

FORM = ShownForm(
    code="II.06", title="Tình hình", source="Thông tư",
    leads=(ShownColumn(number=1, heading="TT", group=None), ShownColumn(number=2, heading="Lĩnh vực", group=None)),
    columns=(
        ShownColumn(number=3, heading="Tổng số", group="Tiếp nhận", measure="received", besides=(6,)),
        ShownColumn(number=4, heading="Trực tuyến", group="Tiếp nhận", measure="online"),
        ShownColumn(number=6, heading="Chuyển qua", group="Tiếp nhận", measure="carried"),
        ShownColumn(number=7, heading="Tổng số", group="Giải quyết"),
    ),
    rows=(ShownRow(field="land", name="Đất đai", counts=(12, 9, 3, None)),),
    total=ShownRow(field="total", name="Tổng số", counts=(12, 9, 3, None)),
    sums=(FormSum(whole=3, parts=(4, 6)),),
    broken=(BrokenSum(key="II.06/3=4+6/land", field="land", sentence="Không khớp.", explanation=None),),
    notes=(),
)  # fmt: skip


def typed(**columns):
    return {f"giay.II.06.{column.removeprefix('c')}": text for column, text in columns.items()}


def paper(**columns):
    return Paper(FORM, typed(**columns), is_stated=False)


def test_a_total_is_stated_by_measure_without_files_carried_over():
    assert paper(c3="1.012", c4="1.009", c6="3").stated() == {"received": 1009, "online": 1009, "carried": 3}
    assert paper(c4=" 9 ", c7="5").stated() == {"online": 9}, "a column without a measure states nothing"
    assert paper().stated() == {}


@pytest.mark.parametrize(
    ("columns", "column", "sentence"),
    [
        ({"c4": "chín"}, 4, "phải là một số nguyên"),
        ({"c4": "-9"}, 4, "phải là một số nguyên"),
        ({"c3": "12"}, 3, "hãy ghi cả cột 6"),
        ({"c3": "13", "c4": "9", "c6": "3"}, 3, "Cột 3 ghi 13, nhưng cột 4 + 6 là 12"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_at_its_place(columns, column, sentence):
    with pytest.raises(Refusals) as refused:
        stated_totals([paper(**columns)])
    [(name, text)] = refused.value.errors.items()
    assert name == f"giay.II.06.{column}"
    assert sentence in text


def test_sums_and_differences_of_typed_totals_are_shown_below_them():
    shown = paper(c3="13", c4="10", c6="3")
    assert [tuple(each) for each in shown.remarks(3)] == [("4 + 6 = 13", False), ("lệch +1", False)]
    assert [tuple(each) for each in shown.remarks(4)] == [("lệch +1", False)]
    assert shown.remarks(6) == []
    assert [tuple(each) for each in paper(c3="12", c4="10", c6="3").remarks(3)] == [("4 + 6 = 13", True)]
    assert paper(c3="13", c4="?").remarks(3)[0].text == "lệch +1", "no sum of what is not there"


def test_the_form_comes_back_with_the_totals_stated_before():
    stated = {"received": 1009, "online": 1009, "carried": 3}
    [shown] = papers([FORM], stated, {})
    assert shown.typed == typed(c3="1.012", c4="1.009", c6="3")
    assert shown.stated() == stated
    assert papers([FORM], stated, typed(c4="1"))[0].typed == typed(c4="1"), "what is typed comes first"


def test_a_form_has_its_headings_in_groups_and_marks_at_its_broken_sums():
    assert paper().groups == [("Tiếp nhận", [3, 4, 6]), ("Giải quyết", [7])]
    assert paper().marks == {"land": " [1]"}


def test_explanations_are_read_by_the_key_of_their_sum():
    fields = {"gt.II.06/3=4+6/land": " hồ sơ chuyển từ huyện ", "gt.II.06/7=8/land": " ", "assessment": "x"}
    assert explanations_in(fields) == {"II.06/3=4+6/land": "hồ sơ chuyển từ huyện"}
