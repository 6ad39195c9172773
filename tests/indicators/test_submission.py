"""Each reading of a submission is recorded, corrected, withdrawn, refused, or known already."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.indicators.domain.assessment import Assessment
from services.indicators.domain.formula import Formula
from services.indicators.domain.reading import ReadingVersion, Rules
from services.indicators.domain.submission import Submission, UnreadableMessage
from tests.indicators.stored import current_after

TODAY = date(2025, 9, 10)
AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
RULES = Rules(
    communes=frozenset({"c1"}),
    measures={"part": "Phần", "whole": "Tổng", "other": "Khác"},
    fields=frozenset({"land"}),
    formulas=(Formula("rate", "Tỷ lệ", ("part",), ("whole",)),),
)


def assessment(current=None):
    return Assessment("c1", RULES, TODAY, {} if current is None else current)


@pytest.fixture
def known():
    """An assessment of a commune that has recorded r1."""
    return assessment({"r1": ReadingVersion(1, TODAY, "land", {"part": 2, "whole": 3})})


def test_reading_is_recorded():
    new = assessment()
    new.record("r1", TODAY, "land", {"part": 1})
    assert new.recorded == [
        {"reading_id": "r1", "version": 1, "observed_on": "2025-09-10", "field": "land", "values": {"part": 1}}
    ]
    assert new.current == {"r1": ReadingVersion(1, TODAY, "land", {"part": 1})}
    assert (new.accepted, new.duplicates, new.refused) == (1, 0, [])


def test_reading_that_breaks_a_rule_is_refused():
    new = assessment()
    new.record("r1", TODAY, "land", {"part": -1})
    assert new.current == {}
    [refused] = new.refused
    assert (refused["item"], refused["rule"], refused["observed_on"]) == ("r1", "negative", "2025-09-10")
    assert (new.accepted, new.duplicates) == (0, 0)


def test_repeated_reading_is_a_duplicate(known):
    known.record("r1", TODAY, "land", {"whole": 3, "part": 2})
    assert (known.accepted, known.duplicates, known.refused) == (0, 1, [])


@pytest.mark.parametrize(
    ("day", "field", "values"),
    [
        (date(2025, 9, 9), "land", {"part": 2, "whole": 3}),
        (TODAY, None, {"part": 2, "whole": 3}),
        (TODAY, "land", {"part": 2, "whole": 4}),
        (TODAY, "land", {"part": 2}),
        (TODAY, "land", {"part": 2, "whole": 3, "other": 0}),
    ],
)
def test_other_content_under_a_used_id_is_refused(known, day, field, values):
    before = dict(known.current)
    known.record("r1", day, field, values)
    [refused] = known.refused
    assert refused["rule"] == "reading-id-used"
    assert "r1" in refused["sentence"]
    assert "đính chính" in refused["sentence"]
    assert known.current == before


def test_refused_reading_may_be_sent_again_corrected():
    new = assessment()
    new.record("r1", TODAY, "land", {"part": 4, "whole": 3})
    new.record("r1", TODAY, "land", {"part": 3, "whole": 3})
    assert [refused["rule"] for refused in new.refused] == ["numerator-over-denominator"]
    assert new.current["r1"].values == {"part": 3, "whole": 3}


def test_correction_keeps_the_other_measures(known):
    known.correct("r1", {"part": 1}, "đếm nhầm")
    [corrected] = known.corrected
    assert corrected["values"] == {"part": 1, "whole": 3}
    assert corrected["before"] == {"part": 2, "whole": 3}
    assert (corrected["version"], corrected["reason"]) == (2, "đếm nhầm")
    assert (corrected["observed_on"], corrected["field"]) == ("2025-09-10", "land")
    assert known.current["r1"] == ReadingVersion(2, TODAY, "land", {"part": 1, "whole": 3})


def test_correction_may_add_a_measure(known):
    known.correct("r1", {"other": 7}, "thiếu")
    assert known.current["r1"].values == {"part": 2, "whole": 3, "other": 7}


def test_repeated_correction_is_a_duplicate(known):
    known.correct("r1", {"part": 1}, "đếm nhầm")
    known.correct("r1", {"part": 1}, "vẫn đếm nhầm")
    assert (len(known.corrected), known.duplicates) == (1, 1)
    assert known.current["r1"].version == 2


def test_refused_correction_leaves_the_reading_unchanged(known):
    known.correct("r1", {"part": 4}, "thêm")
    [refused] = known.refused
    assert refused["rule"] == "numerator-over-denominator"
    assert known.current["r1"] == ReadingVersion(1, TODAY, "land", {"part": 2, "whole": 3})


def test_recording_again_after_a_correction_is_refused(known):
    known.correct("r1", {"part": 1}, "đếm nhầm")
    known.record("r1", TODAY, "land", {"part": 2, "whole": 3})
    assert [refused["rule"] for refused in known.refused] == ["reading-id-used"]
    assert known.current["r1"].values == {"part": 1, "whole": 3}


def test_withdrawn_reading_has_no_values(known):
    known.withdraw("r1", "gửi nhầm")
    [withdrawn] = known.withdrawn
    assert (withdrawn["version"], withdrawn["values"], withdrawn["reason"]) == (2, {}, "gửi nhầm")
    assert withdrawn["before"] == {"part": 2, "whole": 3}
    assert known.current["r1"].values == {}


def test_repeated_withdrawal_is_a_duplicate(known):
    known.withdraw("r1", "gửi nhầm")
    known.withdraw("r1", "gửi nhầm")
    assert (len(known.withdrawn), known.duplicates, known.refused) == (1, 1, [])


def test_correcting_a_withdrawn_reading_is_refused(known):
    # A duplicate would say that these values stand already, and they do not.
    known.withdraw("r1", "gửi nhầm")
    known.correct("r1", {"part": 1}, "đếm nhầm")
    [refused] = known.refused
    assert refused["rule"] == "reading-withdrawn"
    assert "r1" in refused["sentence"]
    assert "đã rút" in refused["sentence"]
    assert known.current["r1"].values == {}


def test_recording_a_withdrawn_reading_again_is_refused_with_other_advice(known):
    known.withdraw("r1", "gửi nhầm")
    known.record("r1", TODAY, "land", {"part": 2, "whole": 3})
    [refused] = known.refused
    assert refused["rule"] == "reading-withdrawn"
    assert "đính chính" not in refused["sentence"]
    assert "mã khác" in refused["sentence"]


@pytest.mark.parametrize("act", [lambda v: v.correct("r9", {"part": 1}, ""), lambda v: v.withdraw("r9", "")])
def test_unknown_reading_cannot_be_corrected_or_withdrawn(known, act):
    act(known)
    [refused] = known.refused
    assert (refused["item"], refused["rule"]) == ("r9", "unknown-reading")
    assert "r9" in refused["sentence"]
    assert "r9" not in known.current


def test_refused_reading_does_not_affect_the_others():
    new = assessment()
    for reading_id, part in (("r1", 1), ("r2", 5), ("r3", 2)):
        new.record(reading_id, TODAY, None, {"part": part, "whole": 3})
    assert [recorded["reading_id"] for recorded in new.recorded] == ["r1", "r3"]
    assert [refused["item"] for refused in new.refused] == ["r2"]


def test_assessment_copies_the_values():
    new, values = assessment(), {"part": 1}
    new.record("r1", TODAY, None, values)
    values["part"] = 99
    assert new.current["r1"].values == {"part": 1}
    assert new.recorded[0]["values"] == {"part": 1}


def test_receipted_event_holds_all_decisions(known):
    known.record("r2", TODAY, None, {"part": 1})
    known.correct("r1", {"part": 1}, "đếm nhầm")
    known.withdraw("r9", "")
    known.record("r2", TODAY, None, {"part": 1})
    [event] = Submission.settle("s1", "readings", known, AT).collect_events()
    assert isinstance(event, Submission.Receipted)
    assert (event.commune, event.submission_id, event.kind, event.duplicates) == ("c1", "s1", "readings", 1)
    assert (event.recorded, event.corrected, event.refused) == (known.recorded, known.corrected, known.refused)
    assert current_after([*event.recorded, *event.corrected]) == known.current


def test_ids_depend_on_commune_and_submission_id():
    assert Submission.create_id("c1", "s1") == Submission.create_id("c1", "s1")
    assert len({Submission.create_id(c, s) for c in ("c1", "c2") for s in ("s1", "s2")}) == 4
    assert UnreadableMessage.create_id("c1", "s1", "aa") != UnreadableMessage.create_id("c1", "s1", "bb")


ids = st.sampled_from(["r1", "r2"])
values = st.dictionaries(st.sampled_from(["part", "whole", "other"]), st.integers(-1, 3), min_size=1)
acts = st.one_of(
    st.tuples(st.just("record"), ids, st.sampled_from([TODAY, date(2025, 9, 9), date(2025, 9, 11)]), values),
    st.tuples(st.just("correct"), ids, values),
    st.tuples(st.just("withdraw"), ids),
)


def naive(current, act):
    """(day, counts, version) by reading; counts are None once withdrawn."""
    name, reading_id, *arguments = act
    day, counts, version = current.get(reading_id, (None, None, 0))
    if name == "record":
        wanted = (arguments[0], arguments[1]) if version == 0 else None
    elif name == "correct":
        changed = counts is not None and {**counts, **arguments[0]}
        wanted = (day, changed) if changed and changed != counts else None
    else:
        wanted = (day, None) if counts is not None else None
    if wanted and (wanted[1] is None or legal(*wanted)):
        current[reading_id] = (*wanted, version + 1)


def legal(day, counts):
    rate = "part" in counts and "whole" in counts and counts["part"] > counts["whole"]
    return day <= TODAY and min(counts.values()) >= 0 and not rate


@pytest.mark.slow  # hundreds of histories
@settings(max_examples=300)
@given(st.lists(acts, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_any_acts_agree_with_a_naive_model(done, cuts):
    """Wherever the acts are cut into submissions."""
    current, model, stored, one = {}, {}, {}, assessment({})
    answered = 0
    for act, cut in zip(done, cuts, strict=False):
        name, reading_id, *arguments = act
        if name == "record":
            one.record(reading_id, arguments[0], "land", arguments[1])
        elif name == "correct":
            one.correct(reading_id, arguments[0], "lý do")
        else:
            one.withdraw(reading_id, "lý do")
        naive(model, act)
        if cut:
            answered += one.accepted + one.duplicates + len(one.refused)
            stored |= latest(one)
            current = one.current
            one = assessment(current)
    answered += one.accepted + one.duplicates + len(one.refused)
    stored |= latest(one)
    assert {r: (s.observed_on, s.values or None, s.version) for r, s in one.current.items()} == model
    assert stored == one.current, "the stored events give the current readings"
    assert answered == len(done), "each act has exactly one answer"


def latest(one):
    changes = sorted([*one.recorded, *one.corrected, *one.withdrawn], key=lambda change: change["version"])
    return current_after(changes)


def test_malformed_item_is_refused(known):
    before = dict(known.current)
    known.refuse_malformed("r1", "Mục thứ 1 của bài gửi không phải là một đối tượng.")
    assert known.refused == [
        {"item": "r1", "rule": "malformed", "sentence": "Mục thứ 1 của bài gửi không phải là một đối tượng."}
    ]
    assert (known.current, known.accepted, known.duplicates) == (before, 0, 0)
