from decimal import Decimal
from unicodedata import is_normalized

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.copied import kilometres
from services.reporting.domain.quarterly_report import CommuneLine, Figure, IndicatorLine
from services.reporting.domain.review_rules import Measures, Return, Thresholds
from services.reporting.domain.reviewing import review
from services.reporting.review_thresholds import STANDARD, thresholds_in
from shared.settings import SettingsError

MEASURES = Measures({"files-received": "Số hồ sơ TTHC tiếp nhận", "offices": "Số cơ quan"}, frozenset({"offices"}))
# Two neighbours, 12 km apart, and one that is far.
TINH_KHE, SON_TINH, XOP = ("15.18", "108.89"), ("15.19", "108.78"), ("15.15", "107.62")


def line(name, at=(None, None), *indicators):
    latitude, longitude = (None if degrees is None else Decimal(degrees) for degrees in at)
    return CommuneLine(name, "1", name, True, indicators, latitude=latitude, longitude=longitude)


def indicator(now, then, name="Tỷ lệ hồ sơ trực tuyến"):
    return IndicatorLine("online-files", name, 1, Figure(*now), None, None, Figure(*then))


def counts(many, first=1):
    return {(f"m{place}", "land"): first + place for place in range(many)}


def said(*returns, thresholds=None):
    warnings = review(returns, MEASURES, *([thresholds] if thresholds else []))
    return [(warning.rule, warning.commune_name, warning.sentence) for warning in warnings]


def test_a_return_that_repeats_the_quarter_before_is_told():
    assert said(Return(line("Xã Xốp"), counts(10), counts(10))) == [
        ("repeated", "Xã Xốp", "Toàn bộ 10 số liệu khác 0 trùng với kỳ trước, chỉ khác ngày.")
    ]


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (counts(10), counts(10) | {("m3", "land"): 99}),
        (counts(10), counts(11)),
        (counts(9), counts(9)),
        ({}, {}),
        ({(f"m{place}", "land"): 0 for place in range(30)}, {(f"m{place}", "land"): 0 for place in range(30)}),
    ],
)
def test_other_figures_or_too_few_of_them_are_no_repetition(now, before):
    assert said(Return(line("Xã Xốp"), now, before)) == []


def test_a_zero_that_was_left_out_does_not_hide_a_repetition():
    assert said(Return(line("Xã Xốp"), counts(10) | {("m90", "land"): 0}, counts(10)))[0][0] == "repeated"


def test_levels_that_stay_are_no_repetition():
    measures = Measures({}, frozenset(f"m{place}" for place in range(5)))

    assert review([Return(line("Xã Xốp"), counts(10), counts(10))], measures) == ()


def test_neighbours_with_the_same_figures_are_told_of_each_other():
    returns = Return(line("Xã Tịnh Khê", TINH_KHE), counts(6)), Return(line("Xã Sơn Tịnh", SON_TINH), counts(6))

    assert said(*returns) == [
        ("equal", "Xã Tịnh Khê", "Toàn bộ 6 số liệu khác 0 trùng với Xã Sơn Tịnh (cách 12\u00a0km)."),
        ("equal", "Xã Sơn Tịnh", "Toàn bộ 6 số liệu khác 0 trùng với Xã Tịnh Khê (cách 12\u00a0km)."),
    ]


def test_five_equal_figures_of_neighbours_are_an_accident():
    assert (
        said(Return(line("Xã Tịnh Khê", TINH_KHE), counts(5)), Return(line("Xã Sơn Tịnh", SON_TINH), counts(5))) == []
    )


def test_communes_far_apart_are_told_only_when_more_of_their_figures_are_equal():
    def both(many):
        return Return(line("Xã Tịnh Khê", TINH_KHE), counts(many)), Return(line("Xã Xốp", XOP), counts(many))

    assert said(*both(11)) == []
    assert [rule for rule, _, _ in said(*both(12))] == ["equal", "equal"]


def test_where_a_commune_lies_need_not_be_known():
    returns = [Return(line(f"Xã {letter}"), counts(12)) for letter in "ABCDE"]

    assert said(*returns)[0][2] == "Toàn bộ 12 số liệu khác 0 trùng với Xã B, Xã C, Xã D và 1 đơn vị khác."
    assert said(*(Return(line(f"Xã {letter}"), counts(6)) for letter in "AB")) == []


def test_one_figure_that_differs_makes_two_returns():
    other = counts(40) | {("m7", "land"): 1000}

    assert said(Return(line("Xã A", TINH_KHE), counts(40)), Return(line("Xã B", SON_TINH), other)) == []


def test_a_rate_that_jumped_is_told_with_what_was_counted():
    jumped = line("Xã Xốp", XOP, indicator((94, 125), (48, 120)))

    assert said(Return(jumped, {})) == [
        (
            "jump",
            "Xã Xốp",
            "Tỷ lệ hồ sơ trực tuyến tăng 35,2 điểm phần trăm so với kỳ trước: từ 40,0\u00a0% (48/120) lên 75,2\u00a0% "
            "(94/125).",
        )
    ]


def test_twenty_files_are_enough_for_a_rate_to_jump():
    assert len(said(Return(line("Xã Xốp", XOP, indicator((20, 20), (0, 20))), {}))) == 1


def test_a_rate_that_fell_is_told_as_well():
    fallen = said(Return(line("Xã Xốp", XOP, indicator((0, 1000), (1000, 1000))), {}))

    assert fallen[0][2].startswith(
        "Tỷ lệ hồ sơ trực tuyến giảm 100,0 điểm phần trăm so với kỳ trước: từ 100,0\u00a0% (1.000"
    )


@pytest.mark.parametrize(
    ("now", "then"),
    [((60, 100), (40, 100)), ((19, 19), (0, 100)), ((100, 100), (0, 19)), ((None, None), (0, 100)), ((50, 50), (0, 0))],
)
def test_a_small_move_few_files_or_a_gap_is_no_jump(now, then):
    assert said(Return(line("Xã Xốp", XOP, indicator(now, then)), {})) == []


def test_a_total_on_paper_that_is_not_the_sum_of_its_days_is_told():
    days = {("files-received", "land"): 100, ("files-received", "civil-status"): 1018}

    assert said(Return(line("Xã Xốp"), days, {}, {"files-received": 1120})) == [
        (
            "stated-total",
            "Xã Xốp",
            "Tổng số “Số hồ sơ TTHC tiếp nhận” trên bản đã ký là 1.120, khác tổng các ngày đã nhập là 1.118 (chênh "
            "lệch 2).",
        )
    ]
    assert said(Return(line("Xã Xốp"), days, {}, {"files-received": 1118})) == []


def test_a_total_on_paper_without_a_single_day_is_told_even_when_it_is_zero():
    sentence = "Tổng số “Số hồ sơ TTHC tiếp nhận” trên bản đã ký là 0, nhưng chưa có số liệu của ngày nào."

    assert said(Return(line("Xã Xốp"), {}, {}, {"files-received": 0}))[0][2] == sentence


def test_a_level_on_paper_is_held_against_the_last_one_told():
    assert (
        "khác số cuối kỳ đã nhập là 3" in said(Return(line("Xã Xốp"), {("offices", ""): 3}, {}, {"offices": 4}))[0][2]
    )


def test_a_province_of_168_communes_that_all_sent_one_return_is_reviewed():
    returns = [Return(line(f"Xã {place}", (f"15.{place}", "108")), counts(480), counts(480)) for place in range(168)]

    warnings = review(returns, MEASURES)

    assert len(warnings) == 2 * 168
    assert warnings[1].sentence.endswith("và 164 đơn vị khác.")


def test_distances_are_those_of_the_map():
    assert kilometres(line("a", ("15.12", "108.80")), line("b", ("21.03", "105.85"))) == pytest.approx(728, abs=5)


COMMUNES = st.lists(
    st.dictionaries(st.sampled_from([(f"m{n}", "") for n in range(30)]), st.integers(0, 3)), max_size=12
)


@given(COMMUNES)
def test_whoever_is_said_to_equal_another_is_named_by_the_other(communes):
    returns = [Return(line(f"Xã {chr(65 + place)}"), each) for place, each in enumerate(communes)]

    warnings = review(returns, MEASURES, Thresholds(equal=2))

    def nonzero(each):
        return {key: count for key, count in each.items() if count}

    alike = {
        f"Xã {chr(65 + place)}"
        for place, each in enumerate(communes)
        if len(nonzero(each)) >= 2 and [nonzero(other) for other in communes].count(nonzero(each)) > 1
    }
    assert {warning.commune_name for warning in warnings} == alike
    assert all(is_normalized("NFC", warning.sentence) for warning in warnings)


def test_the_standard_thresholds_are_those_of_the_rules():
    assert thresholds_in({}) == Thresholds()


def test_a_province_sets_its_own_thresholds(tmp_path):
    own = tmp_path / "review.yaml"
    own.write_text(yaml.safe_dump(yaml.safe_load(STANDARD.read_text()) | {"jump": 12.5}))

    assert thresholds_in({"MINHBACH_REVIEW": str(own)}).jump == Decimal("12.5")


@pytest.mark.parametrize(
    ("text", "said"), [("jump: 0", "Field required"), ("", "Input should be"), ("a: [", "while parsing")]
)
def test_thresholds_that_are_wrong_are_refused_with_their_file(tmp_path, text, said):
    (tmp_path / "review.yaml").write_text(text)

    with pytest.raises(SettingsError, match=rf"^MINHBACH_REVIEW: [^\n]*review\.yaml: [^\n]*{said}[^\n]*$"):
        thresholds_in({"MINHBACH_REVIEW": str(tmp_path / "review.yaml")})
