"""Warnings for the reviewer of a report: counts that repeat, fall out of line or contradict."""

from decimal import Decimal
from unicodedata import is_normalized

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.data_files.thresholds import STANDARD, thresholds_in
from services.reporting.domain.content.report_content import CommuneLine, Figure, IndicatorLine
from services.reporting.domain.reviewing.review import kilometres, review
from services.reporting.domain.reviewing.review_input import CommuneCounts, Measures, Thresholds
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


def warned(*communes, thresholds=None):
    warnings = review(communes, MEASURES, *([thresholds] if thresholds else []))
    return [(warning.rule, warning.commune_name, warning.sentence) for warning in warnings]


def test_counts_equal_to_the_quarter_before_give_a_warning():
    assert warned(CommuneCounts(line("Xã Xốp"), counts(10), counts(10))) == [
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
def test_different_or_too_few_counts_are_no_repetition(now, before):
    assert warned(CommuneCounts(line("Xã Xốp"), now, before)) == []


def test_a_zero_left_out_does_not_hide_a_repetition():
    assert warned(CommuneCounts(line("Xã Xốp"), counts(10) | {("m90", "land"): 0}, counts(10)))[0][0] == "repeated"


def test_equal_levels_are_no_repetition():
    measures = Measures({}, frozenset(f"m{place}" for place in range(5)))

    assert review([CommuneCounts(line("Xã Xốp"), counts(10), counts(10))], measures) == ()


def test_neighbours_with_equal_counts_are_named_to_each_other():
    communes = (
        CommuneCounts(line("Xã Tịnh Khê", TINH_KHE), counts(6)),
        CommuneCounts(line("Xã Sơn Tịnh", SON_TINH), counts(6)),
    )

    assert warned(*communes) == [
        ("equal", "Xã Tịnh Khê", "Toàn bộ 6 số liệu khác 0 trùng với Xã Sơn Tịnh (cách 12\u00a0km)."),
        ("equal", "Xã Sơn Tịnh", "Toàn bộ 6 số liệu khác 0 trùng với Xã Tịnh Khê (cách 12\u00a0km)."),
    ]


def test_five_equal_counts_of_neighbours_give_no_warning():
    assert (
        warned(
            CommuneCounts(line("Xã Tịnh Khê", TINH_KHE), counts(5)),
            CommuneCounts(line("Xã Sơn Tịnh", SON_TINH), counts(5)),
        )
        == []
    )


def test_distant_communes_need_more_equal_counts_for_a_warning():
    def both(many):
        return CommuneCounts(line("Xã Tịnh Khê", TINH_KHE), counts(many)), CommuneCounts(
            line("Xã Xốp", XOP), counts(many)
        )

    assert warned(*both(11)) == []
    assert [rule for rule, _, _ in warned(*both(12))] == ["equal", "equal"]


def test_communes_without_coordinates_are_compared_too():
    communes = [CommuneCounts(line(f"Xã {letter}"), counts(12)) for letter in "ABCDE"]

    assert warned(*communes)[0][2] == "Toàn bộ 12 số liệu khác 0 trùng với Xã B, Xã C, Xã D và 1 đơn vị khác."
    assert warned(*(CommuneCounts(line(f"Xã {letter}"), counts(6)) for letter in "AB")) == []


def test_one_different_count_gives_no_warning():
    other = counts(40) | {("m7", "land"): 1000}

    assert warned(CommuneCounts(line("Xã A", TINH_KHE), counts(40)), CommuneCounts(line("Xã B", SON_TINH), other)) == []


def test_a_jump_of_a_rate_is_reported_with_its_counts():
    jumped = line("Xã Xốp", XOP, indicator((94, 125), (48, 120)))

    assert warned(CommuneCounts(jumped, {})) == [
        (
            "jump",
            "Xã Xốp",
            "Tỷ lệ hồ sơ trực tuyến tăng 35,2 điểm phần trăm so với kỳ trước: từ 40,0\u00a0% (48/120) lên 75,2\u00a0% "
            "(94/125).",
        )
    ]


def test_twenty_files_are_enough_for_a_rate_to_jump():
    assert len(warned(CommuneCounts(line("Xã Xốp", XOP, indicator((20, 20), (0, 20))), {}))) == 1


def test_a_fall_of_a_rate_is_reported_too():
    fallen = warned(CommuneCounts(line("Xã Xốp", XOP, indicator((0, 1000), (1000, 1000))), {}))

    assert fallen[0][2].startswith(
        "Tỷ lệ hồ sơ trực tuyến giảm 100,0 điểm phần trăm so với kỳ trước: từ 100,0\u00a0% (1.000"
    )


@pytest.mark.parametrize(
    ("now", "then"),
    [((60, 100), (40, 100)), ((19, 19), (0, 100)), ((100, 100), (0, 19)), ((None, None), (0, 100)), ((50, 50), (0, 0))],
)
def test_a_small_change_few_files_or_a_missing_figure_is_no_jump(now, then):
    assert warned(CommuneCounts(line("Xã Xốp", XOP, indicator(now, then)), {})) == []


def test_a_signed_total_other_than_the_sum_of_days_gives_a_warning():
    days = {("files-received", "land"): 100, ("files-received", "civil-status"): 1018}

    assert warned(CommuneCounts(line("Xã Xốp"), days, {}, {"files-received": 1120})) == [
        (
            "stated-total",
            "Xã Xốp",
            "Tổng số “Số hồ sơ TTHC tiếp nhận” trên bản đã ký là 1.120, khác tổng các ngày đã nhập là 1.118 (chênh "
            "lệch 2).",
        )
    ]
    assert warned(CommuneCounts(line("Xã Xốp"), days, {}, {"files-received": 1118})) == []


def test_a_signed_total_without_daily_counts_gives_a_warning_even_for_zero():
    sentence = "Tổng số “Số hồ sơ TTHC tiếp nhận” trên bản đã ký là 0, nhưng chưa có số liệu của ngày nào."

    assert warned(CommuneCounts(line("Xã Xốp"), {}, {}, {"files-received": 0}))[0][2] == sentence


def test_a_signed_level_is_compared_with_the_last_recorded_one():
    assert (
        "khác số cuối kỳ đã nhập là 3"
        in warned(CommuneCounts(line("Xã Xốp"), {("offices", ""): 3}, {}, {"offices": 4}))[0][2]
    )


def test_a_total_without_a_field_beside_its_fields_gives_a_warning():
    days = {("files-received", "land"): 10, ("files-received", "civil-status"): 6, ("files-received", ""): 16}

    assert warned(CommuneCounts(line("Xã Xốp"), days)) == [
        (
            "counted-twice",
            "Xã Xốp",
            "“Số hồ sơ TTHC tiếp nhận”: số ghi không theo lĩnh vực bằng đúng tổng các lĩnh vực; có thể hàng tổng đã "
            "được tính thêm một lần.",
        )
    ]


def test_one_count_repeated_in_every_field_gives_a_warning():
    days = {("offices", field): 300 for field in ("land", "civil-status", "trade")}

    assert warned(CommuneCounts(line("Xã Xốp"), days))[0][0] == "counted-twice"


@pytest.mark.parametrize(
    "days",
    [
        {("m", ""): 10, ("n", ""): 10},
        {("m", "land"): 10, ("n", ""): 10},
        {("m", "land"): 10, ("m", ""): 0},
        {("m", "land"): 0, ("m", "trade"): 0, ("m", ""): 0},
        {("m", field): 3 for field in ("land", "civil-status", "trade")},
        {("m", field): 30 for field in ("land", "civil-status")},
    ],
)
def test_counts_of_a_measure_by_field_alone_or_without_alone_give_no_warning(days):
    assert warned(CommuneCounts(line("Xã Xốp"), days)) == []


@pytest.mark.parametrize("without_field", [5, 10, 16 + 5])
def test_a_total_of_some_days_beside_the_fields_of_all_gives_a_warning(without_field):
    """As when a day's total comes in a submission of its own: the sums of the period are not equal."""
    days = {("files-received", "land"): 10, ("files-received", "trade"): 6, ("files-received", ""): without_field}
    [(rule, _, sentence)] = warned(CommuneCounts(line("Xã Xốp"), days))
    assert (rule, "không ghi lĩnh vực" in sentence) == ("counted-twice", True)
    assert review([CommuneCounts(line("Xã Xốp"), days)], MEASURES, computation=2) == ()


def test_content_of_before_the_rule_is_reviewed_as_it_was():
    days = {("m", "land"): 10, ("m", "trade"): 6, ("m", ""): 16}

    assert review([CommuneCounts(line("Xã Xốp"), days)], MEASURES, computation=1) == ()


def test_a_province_of_168_communes_with_equal_counts_is_reviewed():
    communes = [
        CommuneCounts(line(f"Xã {place}", (f"15.{place}", "108")), counts(480), counts(480)) for place in range(168)
    ]

    warnings = review(communes, MEASURES)

    assert len(warnings) == 2 * 168
    assert warnings[1].sentence.endswith("và 164 đơn vị khác.")


def test_distances_are_great_circle_distances():
    assert kilometres(line("a", ("15.12", "108.80")), line("b", ("21.03", "105.85"))) == pytest.approx(728, abs=5)


COMMUNES = st.lists(
    st.dictionaries(st.sampled_from([(f"m{n}", "") for n in range(30)]), st.integers(0, 3)), max_size=12
)


@given(COMMUNES)
def test_all_communes_with_equal_counts_get_a_warning(communes):
    reviewed = [CommuneCounts(line(f"Xã {chr(65 + place)}"), each) for place, each in enumerate(communes)]

    warnings = review(reviewed, MEASURES, Thresholds(equal=2))

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
    ("text", "problem"), [("jump: 0", "Field required"), ("", "Input should be"), ("a: [", "while parsing")]
)
def test_invalid_thresholds_are_refused_with_their_file(tmp_path, text, problem):
    (tmp_path / "review.yaml").write_text(text)

    with pytest.raises(SettingsError, match=rf"^MINHBACH_REVIEW: [^\n]*review\.yaml: [^\n]*{problem}[^\n]*$"):
        thresholds_in({"MINHBACH_REVIEW": str(tmp_path / "review.yaml")})
