"""Sentences of plans, and the targets that are read from them."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.phrases.targets import targets_in


def found(prose):
    return [
        (
            target.name,
            None if target.target is None else {key: str(bound) for key, bound in target.target.given().items()},
            target.target_text,
        )
        for target in targets_in(prose)
    ]


@pytest.mark.parametrize(
    ("prose", "name", "bounds", "words"),
    [
        (
            "- Phấn đấu tỷ lệ hồ sơ nộp qua mạng năm 2025 đạt tỷ lệ trên 70 %.",
            "tỷ lệ hồ sơ nộp qua mạng năm 2025",
            {"above": "70"},
            "đạt tỷ lệ trên 70 %",
        ),
        (
            "Đẩy mạnh tuyên truyền để tỷ lệ nộp trực tuyến đạt tối thiểu 45% trên tổng số hồ sơ.",
            "tỷ lệ nộp trực tuyến trên tổng số hồ sơ",
            {"at_least": "45"},
            "đạt tối thiểu 45%",
        ),
        (
            "Mức độ hài lòng của tổ chức, cá nhân từ 92% trở lên",
            "Mức độ hài lòng của tổ chức, cá nhân",
            {"at_least": "92"},
            "từ 92% trở lên",
        ),
        ("Thời gian chờ không quá 15 phút", "Thời gian chờ", {"at_most": "15"}, "không quá 15 phút"),
        ("Tỷ lệ trả quá hạn không quá 2%.", "Tỷ lệ trả quá hạn", {"at_most": "2"}, "không quá 2%"),
        (
            "- Tỷ lệ cấp bản điện tử là 100% đối với thủ tục đủ điều kiện",
            "Tỷ lệ cấp bản điện tử đối với thủ tục đủ điều kiện",
            {"at_least": "100"},
            "là 100%",
        ),
        ("- Thanh toán qua mạng: 65%", "Thanh toán qua mạng", {"at_least": "65"}, "65%"),
        (
            "Sản phẩm: 100% báo cáo được gửi đúng ngày, đúng mẫu, bảo đảm chất lượng.",
            "báo cáo được gửi đúng ngày, đúng mẫu",
            {"at_least": "100"},
            "100%",
        ),
        (
            "Tổ chức tiếp nhận, số hoá 100% giấy tờ của người dân, góp phần giảm thời gian.",
            "số hoá giấy tờ của người dân",
            {"at_least": "100"},
            "100%",
        ),
        (
            "Năm 2025, bảo đảm 95% đơn thư (trừ đơn nặc danh) được trả lời.",
            "đơn thư (trừ đơn nặc danh) được trả lời",
            {"at_least": "95"},
            "bảo đảm 95%",
        ),
        (
            "Thu phí, lệ phí qua ngân hàng (**Đạt tỷ lệ tối thiểu 55%**).",
            "Thu phí, lệ phí qua ngân hàng",
            {"at_least": "55"},
            "Đạt tỷ lệ tối thiểu 55%",
        ),
        (
            "Niêm yết tại trụ sở để dễ tra cứu (đạt 100% thủ tục được niêm yết)",
            "thủ tục được niêm yết",
            {"at_least": "100"},
            "đạt 100%",
        ),
        (
            "+ **Đạt tỷ lệ 100%** bản sao có chữ ký số, mã QR.",
            "bản sao có chữ ký số, mã QR",
            {"at_least": "100"},
            "Đạt tỷ lệ 100%",
        ),
        (
            "Phấn đấu nộp ngân sách tối thiểu 80% trở lên số tiền phải thu hồi",
            "nộp ngân sách số tiền phải thu hồi",
            {"at_least": "80"},
            "tối thiểu 80% trở lên",
        ),
        (
            "Có ít nhất 02 sáng kiến được công nhận.",
            "sáng kiến được công nhận",
            {"at_least": "2"},
            "ít nhất 02 sáng kiến",
        ),
        ("Điểm tự chấm đạt từ 85 điểm trở lên.", "Điểm tự chấm", {"at_least": "85"}, "đạt từ 85 điểm trở lên"),
        (
            "Điểm chỉ số CCHC đạt từ 90 điểm trở lên",
            "Điểm chỉ số CCHC",
            {"at_least": "90"},
            "đạt từ 90 điểm trở lên",
        ),
        (
            "Phấn đấu tổng điểm đánh giá chỉ số chuyển đổi số trên 75 điểm.",
            "tổng điểm đánh giá chỉ số chuyển đổi số",
            {"above": "75"},
            "trên 75 điểm",
        ),
        (
            "Tại các điểm tiếp nhận, tỷ lệ hài lòng đạt 95%.",
            "tỷ lệ hài lòng",
            {"at_least": "95"},
            "đạt 95%",
        ),
        (
            "1.2. Theo Quyết định số 12/QĐ-UBND, tỷ lệ đúng hạn đạt 98%.",
            "tỷ lệ đúng hạn",
            {"at_least": "98"},
            "đạt 98%",
        ),
    ],
)
def test_the_words_around_a_target_are_its_name(prose, name, bounds, words):
    assert found(prose) == [(name, bounds, words)]
    assert targets_in(prose)[0].warnings == ()


def test_several_targets_of_a_sentence_are_in_order_and_each_has_its_name():
    prose = "Tỷ lệ nộp qua mạng đạt 80%, thanh toán qua mạng đạt 60%; 100% hồ sơ đúng hạn, 90% kết quả được ký số."

    assert found(prose) == [
        ("Tỷ lệ nộp qua mạng", {"at_least": "80"}, "đạt 80%"),
        ("thanh toán qua mạng", {"at_least": "60"}, "đạt 60%"),
        ("hồ sơ đúng hạn", {"at_least": "100"}, "100%"),
        ("kết quả được ký số", {"at_least": "90"}, "90%"),
    ]


def test_items_of_a_list_on_one_line_are_separate_targets():
    prose = "- Tỷ lệ số hoá là 100% đối với giấy tờ gốc - Tỷ lệ ký số là 90%"

    assert [name for name, _, _ in found(prose)] == ["Tỷ lệ số hoá đối với giấy tờ gốc", "Tỷ lệ ký số"]


def test_a_sentence_goes_on_over_line_breaks():
    assert found("Phấn đấu tỷ lệ hồ sơ\ntrực tuyến đạt\n80%") == [
        ("tỷ lệ hồ sơ trực tuyến", {"at_least": "80"}, "đạt 80%")
    ]


@pytest.mark.parametrize(
    ("prose", "scopes", "names"),
    [
        (
            "Mức độ hài lòng đạt tối thiểu 88%. Trong đó, mức độ hài lòng lĩnh vực hộ tịch, y tế đạt tối thiểu 80%.",
            [None, "hộ tịch, y tế"],
            ["Mức độ hài lòng", "mức độ hài lòng"],
        ),
        (
            "Mức độ hài lòng từ 88% trở lên (riêng lĩnh vực hộ tịch từ 80% trở lên).",
            [None, "hộ tịch"],
            ["Mức độ hài lòng", "Mức độ hài lòng"],
        ),
        (
            "Tỷ lệ nộp qua mạng đạt 80%, trong đó hồ sơ toàn trình đạt 60%",
            [None, "hồ sơ toàn trình"],
            ["Tỷ lệ nộp qua mạng", "Tỷ lệ nộp qua mạng"],
        ),
        (
            "Trên 95% thủ tục thuộc lĩnh vực xây dựng được trả trước hạn",
            ["xây dựng"],
            ["thủ tục được trả trước hạn"],
        ),
    ],
)
def test_a_part_with_its_own_target_is_the_scope_of_that_target(prose, scopes, names):
    assert [target.scope for target in targets_in(prose)] == scopes
    assert [target.name for target in targets_in(prose)] == names


def test_a_target_inside_the_name_of_another_gives_both_with_warnings():
    outer, inner = targets_in("100% thôn có tỷ lệ dùng chữ ký số từ 50 % trở lên.")

    assert (outer.name, outer.target_text) == ("thôn có tỷ lệ dùng chữ ký số từ 50 % trở lên", "100%")
    assert (inner.name, inner.target_text) == ("tỷ lệ dùng chữ ký số", "từ 50 % trở lên")
    assert "“từ 50 % trở lên”" in outer.warnings[0]
    assert "“100%”" in inner.warnings[0]


@pytest.mark.parametrize(
    ("prose", "name", "unit", "words", "change"),
    [
        (
            "Phấn đấu Chỉ số CCHC xã tăng thứ hạng từ 02-03 bậc.",
            "Chỉ số CCHC xã",
            "bậc",
            "tăng thứ hạng từ 02-03 bậc",
            {"change": "up", "at_least": 2, "at_most": 3},
        ),
        (
            "Cắt giảm tối thiểu 20% chi phí tuân thủ.",
            "chi phí tuân thủ",
            "%",
            "Cắt giảm tối thiểu 20%",
            {"change": "down", "at_least": 20},
        ),
    ],
)
def test_a_change_has_its_direction_and_a_warning(prose, name, unit, words, change):
    (target,) = targets_in(prose)

    assert (target.name, target.unit, target.target_text) == (name, unit, words)
    assert target.target.model_dump(exclude_none=True) == change
    assert "mức thay đổi" in target.warnings[0]


def test_a_change_behind_a_level_has_the_same_subject():
    level, change = targets_in("Chỉ số CCHC của xã đạt từ 85 điểm trở lên, tăng 3 bậc so với năm 2024.")

    assert level.name == "Chỉ số CCHC của xã"
    assert change.name == "Chỉ số CCHC của xã so với năm 2024"


@pytest.mark.parametrize(
    ("prose", "name", "unit", "words"),
    [
        ("Tỷ lệ ký số đạt chỉ tiêu được giao.", "Tỷ lệ ký số", "%", "đạt chỉ tiêu được giao"),
        (
            "Duy trì nộp hồ sơ qua mạng, bảo đảm đạt và vượt chỉ tiêu của tỉnh",
            "Duy trì nộp hồ sơ qua mạng",
            None,
            "đạt và vượt chỉ tiêu của tỉnh",
        ),
        ("Không để hồ sơ quá hạn.", "hồ sơ quá hạn", None, "Không để hồ sơ quá hạn"),
        (
            "Năm 2025 không có công chức, viên chức bị kỷ luật, khiển trách",
            "công chức, viên chức bị kỷ luật",
            None,
            "không có công chức, viên chức bị kỷ luật",
        ),
    ],
)
def test_a_target_without_a_number_keeps_its_words(prose, name, unit, words):
    (target,) = targets_in(prose)

    assert (target.name, target.unit, target.target, target.target_text) == (name, unit, None, words)
    assert "không nêu con số" in target.warnings[0]


def test_a_percentage_over_100_is_kept_without_bounds():
    (target,) = targets_in("Thu phí đạt 120% dự toán.")

    assert target.target is None
    assert "không phải tỷ lệ" in target.warnings[0]


def test_two_levels_for_the_same_subject_have_warnings():
    prose = "Tỷ lệ ký số: tối thiểu 60% (năm 2025), 80% (năm 2026); tỷ lệ in ấn không quá 5%"

    assert [(target.name, len(target.warnings)) for target in targets_in(prose)] == [
        ("Tỷ lệ ký số", 1),
        ("Tỷ lệ ký số", 1),
        ("tỷ lệ in ấn", 0),
    ]


def test_the_same_level_twice_has_no_warning():
    prose = "100% hộ có yêu cầu được hỗ trợ. 100% hộ có yêu cầu được hỗ trợ."

    assert [target.warnings for target in targets_in(prose)] == [(), ()]


@pytest.mark.parametrize("prose", ["Tối thiểu 60%", "Chỉ tiêu: 60%", "Đạt tỷ lệ 60%."])
def test_a_target_without_a_subject_has_an_empty_name_and_a_warning(prose):
    (target,) = targets_in(prose)

    assert target.name == ""
    assert "của nội dung nào" in target.warnings[-1]


@pytest.mark.parametrize(
    "prose",
    [
        "",
        "Báo cáo trước ngày 15 tháng 12 năm 2025, Quý III/2025, giai đoạn 2021 - 2025.",
        "Mô hình chính quyền địa phương 02 cấp; tiêu chuẩn ISO 9001: 2015; Điều 30.",
        "Căn cứ Quyết định số 10/QĐ-UBND về mục tiêu 80% hồ sơ nộp qua mạng;",
        "Triển khai Kế hoạch số 06/KH-UBND về phấn đấu 100% hồ sơ đúng hạn.",
        "Hưởng ứng cuộc thi “100% cán bộ học số”.",
        "Kinh phí là 500 triệu đồng, thu đạt 5 tỷ đồng.",
        "Năm 2024 đã đạt 85% hồ sơ nộp qua mạng.",
        "Trả lời trong thời hạn không quá 05 ngày làm việc.",
        "Hướng dẫn doanh nghiệp có 100% vốn nước ngoài.",
        "Không để gián đoạn công việc; tăng cường 02 công chức.",
    ],
)
def test_dates_document_numbers_and_results_are_no_targets(prose):
    assert targets_in(prose) == ()


def test_levels_in_turn_belong_to_the_names_in_turn():
    first, second = targets_in("Tỷ lệ hồ sơ trực tuyến, thanh toán trực tuyến đạt lần lượt 80% và 60%.")
    assert (first.name, first.target_text) == ("Tỷ lệ hồ sơ trực tuyến", "80%")
    assert (second.name, second.target_text) == ("thanh toán trực tuyến", "60%")
    assert all("“lần lượt”" in target.warnings[0] for target in (first, second))


def test_nfd_gives_the_same_targets():
    prose = "Mức độ hài lòng đạt tối thiểu 88%, trong đó hoá đơn đạt 80%."

    assert targets_in(normalize("NFD", prose)) == targets_in(prose)


_pieces = st.sampled_from(
    [
        *("đạt", "100%", "tỷ lệ", "hồ sơ", "(", ")", ",", ".", ";", ":", "- ", "\n", "“", "và", "trong đó", "lĩnh vực"),
        *(
            "tăng",
            "bậc",
            "02",
            "so với",
            "không để",
            "bị",
            "đạt chỉ tiêu",
            "để",
            "bảo đảm",
            "có",
            "06/KH",
            "về",
            "riêng",
        ),
    ]
)


@given(st.one_of(st.text(), st.lists(_pieces, max_size=40).map(" ".join)))
def test_any_text_gives_targets_with_their_words_in_the_order_of_the_text(prose):
    at = 0
    shown = " ".join(normalize("NFC", prose).replace("**", "").split())
    for target in targets_in(prose):
        at = shown.index(target.target_text, at) + len(target.target_text)
        assert target.target is not None or target.warnings
