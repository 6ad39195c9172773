"""Tasks of two versions of a plan are matched by their text, not by their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.plans.matching import Described, Pair, pairs

REVIEW = "Rà soát quy trình nội bộ giải quyết TTHC của xã"
REVIEW_AGAIN = "Rà soát các quy trình nội bộ giải quyết TTHC của xã"
SURVEY = "Khảo sát mức độ hài lòng của người dân"

WORDS = st.sampled_from(
    ["rà", "soát", "quy", "trình", "nội", "bộ", "hài", "lòng", "tập", "huấn", "số", "hóa", "hồ", "sơ"]
)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=6, unique=True)
CODES = st.one_of(st.none(), st.sampled_from(["1", "2", "2.1", "3a"]))
PLANS = st.lists(st.builds(Described, st.lists(WORDS, min_size=1, max_size=6).map(" ".join), CODES), max_size=8)


def paired_contents(old, new):
    """The pairs by their contents."""
    return {(old[pair.old].content, new[pair.new].content) for pair in pairs(old, new)}


@given(PLANS, PLANS)
def test_pairs_are_one_to_one_and_equal_texts_are_always_paired(old, new):
    found = pairs(old, new)

    assert len({pair.old for pair in found}) == len({pair.new for pair in found}) == len(found)
    assert [pair.new for pair in found] == sorted(pair.new for pair in found)
    lonely_old = {task.content for n, task in enumerate(old) if all(n != pair.old for pair in found)}
    lonely_new = {task.content for n, task in enumerate(new) if all(n != pair.new for pair in found)}
    assert not lonely_old & lonely_new
    assert all(pair.alike >= 0.6 for pair in found)


@given(TEXTS, TEXTS, st.data())
def test_the_order_of_rows_does_not_change_the_pairs(before, after, data):
    old, new = [Described(text) for text in before], [Described(text) for text in after]
    moved_old, moved_new = data.draw(st.permutations(old)), data.draw(st.permutations(new))

    assert paired_contents(moved_old, moved_new) == paired_contents(old, new)


@given(TEXTS, st.data())
def test_moved_and_renumbered_rows_are_matched_by_their_text(texts, data):
    old = [Described(text, str(n)) for n, text in enumerate(texts)]
    new = [Described(text, str(n)) for n, text in enumerate(data.draw(st.permutations(texts)))]

    assert paired_contents(old, new) == {(text, text) for text in texts}


@given(TEXTS, st.data())
def test_rows_with_one_more_word_are_matched_when_moved_and_renumbered(texts, data):
    """Each has words of its own, so that it is more like itself than like any other."""
    old = [Described(f"{text} {n} {'riêng' * (n + 1)} {'số' * (n + 1)}", str(n)) for n, text in enumerate(texts)]
    moved = data.draw(st.permutations(old))
    new = [Described(f"{task.content} thêm", str(n)) for n, task in enumerate(moved)]

    assert {(o + " thêm", n) for o, n in paired_contents(old, new)} == {(task.content,) * 2 for task in new}


def test_equal_texts_are_matched_before_similar_ones_whatever_their_codes():
    old = [Described(REVIEW, "1"), Described(REVIEW_AGAIN, "2")]
    new = [Described(REVIEW_AGAIN, "1"), Described(REVIEW, "2")]

    assert pairs(old, new) == [Pair(1, 0, 1.0), Pair(0, 1, 1.0)]


@pytest.mark.parametrize(
    "same",
    ["RÀ SOÁT QUY TRÌNH NỘI BỘ GIẢI QUYẾT TTHC CỦA XÃ", "Rà soát  quy trình\nnội bộ giải quyết TTHC của xã"],
)
def test_capitals_and_spaces_make_no_difference(same):
    assert pairs([Described(REVIEW)], [Described(same)]) == [Pair(0, 0, 1.0)]


def test_tone_placement_makes_no_difference():
    assert pairs([Described("Số hóa hồ sơ")], [Described("Số hoá hồ sơ")]) == [Pair(0, 0, 1.0)]


def test_tasks_match_when_they_share_sixty_percent_of_their_words():
    (found,) = pairs([Described(REVIEW), Described(SURVEY)], [Described(REVIEW_AGAIN)])

    assert (found.old, 0.9 < found.alike < 1) == (0, True)
    assert pairs([Described(REVIEW)], [Described(SURVEY)]) == []
    assert pairs([Described("a b c d e")], [Described("a b c x y")]) == [Pair(0, 0, 0.6)]
    assert pairs([Described("a b c d e f")], [Described("a b c x y z")]) == []


def test_a_repeated_word_counts_twice():
    assert pairs([Described("một một một")], [Described("một hai ba")]) == []


def test_the_most_similar_task_is_matched_first():
    old = [Described("a b c d e f g"), Described("a b c d e f g h")]

    assert [pair.old for pair in pairs(old, [Described("a b c d e f g h i")])] == [1]


def test_a_named_task_id_has_priority_over_text():
    old = [Described(REVIEW, task_id="t-1"), Described(SURVEY, task_id="t-2")]

    assert [(p.old, p.new) for p in pairs(old, [Described(REVIEW), Described(SURVEY, task_id="t-1")])] == [(0, 1)]
    assert [(p.old, p.new) for p in pairs(old, [Described(SURVEY, task_id="t-1"), Described(SURVEY)])] == [
        (0, 0),
        (1, 1),
    ]


def test_a_task_that_names_an_unknown_id_matches_none():
    assert pairs([Described(REVIEW, task_id="t-1")], [Described(REVIEW_AGAIN, task_id="t-9")]) == []


def test_of_equal_contents_the_other_texts_decide_then_the_code_then_the_order():
    first, second = Described(REVIEW, "1a", more=("Báo cáo",)), Described(REVIEW, "1b", more=("Quyết định",))

    renumbered = [second._replace(code="1a"), first._replace(code="1b")]
    assert [(p.old, p.new) for p in pairs([first, second], renumbered)] == [(1, 0), (0, 1)]
    reworded = [second._replace(more=("Tờ trình",)), first._replace(more=("Công văn",))]
    assert [(p.old, p.new) for p in pairs([first, second], reworded)] == [(1, 0), (0, 1)]
    assert [(p.old, p.new) for p in pairs([Described(REVIEW)] * 2, [Described(REVIEW)] * 3)] == [(0, 0), (1, 1)]


def test_a_withdrawn_task_matches_equal_text_only_and_after_tasks_in_force():
    dropped = Described(REVIEW, withdrawn=True)

    assert pairs([dropped], [Described(REVIEW)]) == [Pair(0, 0, 1.0)]
    assert pairs([dropped], [Described(REVIEW_AGAIN)]) == []
    assert pairs([dropped, Described(REVIEW)], [Described(REVIEW)]) == [Pair(1, 0, 1.0)]
    assert [pair.old for pair in pairs([dropped, Described(REVIEW_AGAIN)], [Described(REVIEW + " Xốp")])] == [1]


def test_plans_of_the_largest_size_are_matched_completely():
    """999 tasks of 40 words against 999: a million pairs, without a clock in the test."""
    old = [Described(" ".join(f"từ{(n * 7 + k * k) % 1009}" for k in range(40)), str(n)) for n in range(999)]
    new = [Described(task.content + " thêm", str(n)) for n, task in enumerate(reversed(old))]

    assert [(pair.old, pair.new) for pair in pairs(old, new)] == [(998 - n, n) for n in range(999)]
    assert len(pairs([Described(REVIEW)] * 999, [Described(REVIEW)] * 999)) == 999
