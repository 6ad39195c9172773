"""The usual range of counts: few counts have none, zeros count, and a wrong count among them does not move it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.domain.usual import LEAST_COUNTS, usual_of
from shared.contracts.indicators import UsualRange, far_from_usual

COUNTS = st.lists(st.integers(0, 10**6), min_size=LEAST_COUNTS, max_size=60)


def test_too_few_counts_have_no_range():
    assert usual_of([12] * (LEAST_COUNTS - 1)) is None
    assert usual_of([12] * LEAST_COUNTS) is not None


@pytest.mark.parametrize(
    ("counts", "least", "most"),
    [
        ([20] * 10, 7, 33),  # always the same: three times the square root
        ([0] * 10, 0, 3),  # nothing in most months
        ([0, 0, 0, *range(15, 22)], 0, 63),  # no work at weekends
        ([18, 19, 20, 21, 22, 19, 20, 21, 20, 2000], 6, 34),  # a wrong one among them
    ],
)
def test_the_range_follows_the_middle_of_the_counts(counts, least, most):
    found = usual_of(counts)
    assert (found.least, found.most, found.counts) == (least, most, len(counts))


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_middle_half_is_always_usual_in_any_order(counts, random):
    found, middle = usual_of(counts), sorted(counts)[len(counts) // 4 : -(len(counts) // 4)]
    assert all(found.least <= each <= found.most for each in middle)
    random.shuffle(counts)
    assert usual_of(counts) == found


def test_the_sentence_is_one_that_a_clerk_reads():
    assert usual_of([1000] * 12).sentence == (
        "khác xa mức thường có của đơn vị: từ 906 đến 1.094, theo 12 lần ghi trong 12 tháng"
    )


def test_only_a_count_of_the_same_field_and_measure_is_far():
    usual = [
        UsualRange(field=field, measure="received", name="Tiếp nhận", least=5, most=9, sentence="khác xa")
        for field in ("land", None)
    ]
    assert far_from_usual(usual, "land", {"received": 0, "resolved": 900}) == usual[:1]
    assert far_from_usual(usual, None, {"received": 9}) == []
    assert far_from_usual(usual, "justice", {"received": 900}) == []
    assert far_from_usual(usual, "land", {}) == [], "missing is not zero"
