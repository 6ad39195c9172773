"""One mistake is one sentence, however many rows have it."""

from shared.repeated_problems import one_for_each_mistake


def test_a_mistake_of_many_rows_is_one_sentence_with_their_number_and_values() -> None:
    rows = [
        ("trang tính “T7”, hàng 7", ("ô C7: “Địa chinh” không phải là lĩnh vực",)),
        ("trang tính “T7”, hàng 8", ("ô C8: “Tư pháp” không phải là lĩnh vực",)),
        ("trang tính “T7”, hàng 9", ("ô C9: “Tư pháp” không phải là lĩnh vực",)),
    ]
    assert one_for_each_mistake(rows) == [
        "trang tính “T7”, hàng 7: ô C7: “Địa chinh” không phải là lĩnh vực"
        " (và 2 hàng khác: hàng 8, hàng 9; còn có “Tư pháp”)"
    ]


def test_a_row_keeps_its_own_mistakes_together() -> None:
    rows = [
        ("hàng 2", ("ô A2: “31/9/2025” không có trong lịch", "ô C2: “x” là chữ", "ô D2: trống")),
        ("hàng 3", ("ô D3: trống",)),
    ]
    assert one_for_each_mistake(rows) == [
        "hàng 2: ô A2: “31/9/2025” không có trong lịch; ô C2: “x” là chữ",
        "hàng 2: ô D2: trống (và 1 hàng khác: hàng 3)",
    ]


def test_sentences_with_other_words_are_other_mistakes() -> None:
    rows = [("a", ("Chỉ số A: tử số 4 lớn hơn mẫu số 3.",)), ("b", ("Chỉ số B: tử số 5 lớn hơn mẫu số 3.",))]
    assert len(one_for_each_mistake(rows)) == 2


def test_other_places_in_a_sentence_make_no_other_mistake() -> None:
    rows = [
        ("hàng 4", ("bằng tổng (hàng 2, hàng 3), hãy bỏ",)),
        ("hàng 8", ("bằng tổng (hàng 5, hàng 6, hàng 7), hãy bỏ",)),
    ]
    assert len(one_for_each_mistake(rows)) == 1


def test_many_places_are_cut() -> None:
    (line,) = one_for_each_mistake((f"hàng {n}", ("để trống",)) for n in range(1, 100))
    assert line == "hàng 1: để trống (và 98 hàng khác: hàng 2, hàng 3, hàng 4, hàng 5, hàng 6 …)"
