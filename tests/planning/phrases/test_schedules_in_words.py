"""Milestones written in Vietnamese words are read as the same milestones."""

from datetime import date, timedelta
from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st

from services.planning.phrases.schedules import read_schedule, schedule_in_words
from services.planning.plan_file import (
    AfterEvent,
    ByReference,
    Continuous,
    Deadline,
    Invalid,
    OnDemand,
    Recurring,
    Unspecified,
)
from shared.vietnamese import folded

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
LABELS = st.sampled_from(
    [
        "ban hành văn bản",
        "Sở Nội vụ báo cáo",
        "TTHC mới",
        "đơn giản hoá hồ sơ",
        "nộp báo cáo",
        "thuỷ lợi, khoa học (nếu có)",
    ]
)
EVENTS = st.sampled_from(["tỉnh giao chỉ tiêu", "có kết quả đánh giá", "nhận đủ hồ sơ của tổ chức, cá nhân"])
PERIODS = [("2025-01-01", "2025-12-31"), ("2025-07-01", "2025-09-30"), ("2024-02-01", "2024-02-29")]
STRETCHES = st.one_of(
    st.tuples(DAYS, st.integers(0, 900)).map(lambda both: (both[0], both[0] + timedelta(days=both[1]))),
    st.sampled_from([tuple(map(date.fromisoformat, period)) for period in PERIODS]),
)
ON = {
    "week": st.integers(1, 7).map(str),
    "month": st.integers(1, 31).map(str),
    "quarter": st.integers(1, 31).map(str),
    "half-year": st.integers(1, 31).map(str),
    "year": st.one_of(st.integers(1, 31).map(str), DAYS.map(lambda day: f"{day:%m-%d}")),
}


@st.composite
def deadlines(draw):
    first, last = draw(STRETCHES)
    condition = draw(st.none() | EVENTS.map(lambda event: f"sau khi {event}"))
    label = draw(st.none() | LABELS)
    from_, before = draw(st.sampled_from([None, first])), draw(st.booleans())
    return Deadline(kind="deadline", due=last, before=before, from_=from_, label=label, condition=condition)


@st.composite
def recurrings(draw):
    period = draw(st.sampled_from(list(ON)))
    first, last = draw(STRETCHES)
    on = draw(st.none() | ON[period])
    return Recurring(
        kind="recurring",
        every=period,
        on=on,
        before=draw(st.booleans()) if period != "week" and on not in (None, "31", "02-28", "02-29") else False,
        from_=first,
        until=last,
        label=draw(st.none() | LABELS),
    )


@st.composite
def continuous(draw):
    first, last = draw(STRETCHES)
    return Continuous(kind="continuous", from_=first, until=last, label=draw(st.none() | LABELS))


@st.composite
def after_events(draw):
    days = draw(st.none() | st.integers(1, 3650))
    working_days = draw(st.booleans()) if days else False
    return AfterEvent(kind="after-event", event=draw(EVENTS), days=days, working_days=working_days)


MILESTONES = st.one_of(
    deadlines(),
    recurrings(),
    continuous(),
    after_events(),
    st.builds(OnDemand, kind=st.just("on-demand"), label=st.none() | LABELS),
    st.builds(
        ByReference, kind=st.just("by-reference"), text=st.sampled_from(["Theo Kế hoạch", "định kỳ theo quy định"])
    ),
    st.just(Invalid(kind="invalid", text="Trước ngày 31/9/2025", suggestion=date(2025, 9, 30))),
    st.just(Unspecified(kind="unspecified")),
)


def tone_on_the_first_vowel(text):
    return text.replace("hoá", "hóa").replace("thuỷ", "thủy")


TYPED = st.sampled_from(
    [
        str,
        str.upper,
        tone_on_the_first_vowel,
        lambda text: normalize("NFD", text),
        lambda text: text.replace(" ", " \u00a0 "),
        lambda text: f"  {text.replace('-', '–')}. ",
    ]
)


def compared(milestones):
    return [folded(repr(each)) for each in milestones]


@given(st.lists(MILESTONES, min_size=1, max_size=3), TYPED)
def test_milestones_written_in_words_are_read_as_the_same_milestones(milestones, typed):
    read = read_schedule(typed(schedule_in_words(milestones)), 2025)
    assert compared(read.milestones) == compared(milestones)


@given(st.lists(MILESTONES, min_size=1, max_size=3))
@example([
    Deadline(kind="deadline", from_=date(2025, 1, 1), due=date(2025, 12, 31)),
    Deadline(kind="deadline", due=date(2025, 9, 30)),
])  # fmt: skip
def test_milestones_written_in_words_keep_the_spelling_of_their_labels(milestones):
    assert read_schedule(schedule_in_words(milestones), 2025).milestones == tuple(milestones)


def test_an_unspecified_text_is_written_unchanged():
    vague = Unspecified(kind="unspecified", text="Kịp thời, đúng tiến độ")
    assert read_schedule(schedule_in_words([vague]), 2025).milestones == (vague,)


def test_periods_are_written_by_their_names():
    written = schedule_in_words(
        read_schedule("Ban hành kế hoạch: Quý III; tháng 9; cả năm; ngày 15 hàng tháng", 2025).milestones
    )
    assert written == (
        "ban hành kế hoạch: quý III năm 2025; tháng 9/2025; trong năm 2025; ngày 15 hàng tháng trong năm 2025"
    )
