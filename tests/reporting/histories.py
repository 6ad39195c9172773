"""Histories of readings as Indicators may announce them; times never go back, positions may have holes."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from services.reporting.audit.replayed_indicators import ReplayedIndicators
from services.reporting.audit.stored_events import StoredEvent
from services.reporting.domain.territory.communes import Commune
from shared.clock import VIETNAM, end_of
from shared.contracts.indicators import MeasureDefined, RecordedReading, ReplacedReading, SubmissionReceipted
from shared.periods import CALENDAR, Period

FIRST_DAY = date(2025, 9, 1)
MORNING = datetime(2025, 9, 1, 8, tzinfo=VIETNAM)
# Months of both cut-off rules, and a half of one, in the days of which readings are.
WINDOWS = (
    Period("month", 2025, 9).window(),
    Period("month", 2025, 9).window(CALENDAR),
    Period("quarter", 2025, 9).window(),
    (date(2025, 9, 1), date(2025, 9, 14)),
)
COMMUNES = ("a", "b")
KINDS = {"received": "flow", "satisfied": "survey", "pending": "stock"}

amounts = st.dictionaries(st.sampled_from(sorted(KINDS)), st.integers(0, 9), min_size=1)
days = st.dates(date(2025, 8, 10), date(2025, 10, 2))
fields = st.sampled_from([None, "land", "justice"])
actions = st.tuples(
    st.sampled_from(["record", "record", "correct", "withdraw"]),
    st.sampled_from(COMMUNES),
    st.integers(0, 1000),
    days,
    fields,
    amounts,
    st.sampled_from([timedelta(0), timedelta(hours=5), timedelta(days=1), timedelta(days=2)]),
)


class Fact(NamedTuple):
    """A position in Indicators' history, and its announcement. Positions may have holes."""

    position: int
    event: MeasureDefined | SubmissionReceipted


@st.composite
def histories(draw):
    facts = [Fact(n, _measure(n, name)) for n, name in enumerate(sorted(KINDS), start=1)]
    position, at, standing, used = len(facts), MORNING, {}, 0
    for action, commune, number, day, field, values, later in draw(st.lists(actions, max_size=25)):
        position += 1 + number % 3
        at += later
        mine = [key for key in standing if key[0] == commune]
        if action == "record" or not mine:
            used += 1
            key, fields = (commune, f"r{used}"), {}
            standing[key] = RecordedReading(
                reading_id=key[1], version=1, observed_on=day, field=field, values=dict(values)
            )
            fields["recorded"] = (standing[key],)
        else:
            key = mine[number % len(mine)]
            before = standing.pop(key)
            after = {**before.values, **values} if action == "correct" else {}
            replaced = before.model_dump() | {"version": before.version + 1, "values": after, "before": before.values}
            replaced |= {"reason": f"x{position}", "by": "Phòng Kinh tế" if number % 2 else None}
            replaced = ReplacedReading.model_validate(replaced)
            if action == "correct":
                standing[key] = replaced
            fields = {"corrected" if action == "correct" else "withdrawn": (replaced,)}
        receipted = SubmissionReceipted(
            event_id=f"e{position}", recorded_at=at, commune=commune, submission_id=f"s{position}", **fields
        )
        facts.append(Fact(position, receipted))
    return facts


def _measure(version_of, name):
    return MeasureDefined(
        event_id=f"m{version_of}", recorded_at=MORNING, measure=name, version=1, name=name, kind=KINDS[name],
        unit="x", by_field=True, in_force_from=FIRST_DAY,
    )  # fmt: skip


def known_days(facts):
    """Every day on which something changed, and the days around them."""
    last = facts[-1].event.recorded_at.astimezone(VIETNAM).date()
    return [FIRST_DAY + timedelta(days=n) for n in range(-1, (last - FIRST_DAY).days + 2)]


def replay_known_at(facts, day, window):
    """The auditor's computation over what was recorded before the end of a day: sums, and readings by commune."""
    counts = replay_of(facts, day, window).counts(window)
    return counts.sums, dict(counts.readings)


def replay_of(facts, day, window):
    """The auditor's replay of what was recorded before the end of a day."""
    replay = ReplayedIndicators(
        communes={c: Commune(c, c, c, "51", "Quảng Ngãi") for c in COMMUNES}, window=window, start=window[0]
    )
    replay.take([_stored(recorded) for recorded in facts if recorded.event.recorded_at < end_of(day)], window[1])
    return replay


def reported_of(replay, window):
    """By commune, without those of which all readings were withdrawn."""
    return {commune: places for commune, places in replay.reported(window).items() if places}


def _stored(recorded):
    match recorded.event:
        case MeasureDefined() as defined:
            fields = {"kind": "measure", "name": defined.measure, "definition": {"kind": defined.kind, "name": "x"}}
            fields["in_force_from"] = defined.in_force_from.isoformat()
            return StoredEvent(recorded.position, defined.recorded_at, "indicators.definition-defined", fields)
        case SubmissionReceipted() as settled:
            fields = settled.model_dump(mode="json")
            return StoredEvent(recorded.position, settled.recorded_at, "indicators.submission-receipted", fields)


def naive_known_at(facts, day, window):
    """The same without cleverness: look at every reading, then at every day."""
    inside = _standing_in(facts, day, window)
    sums = {}
    for (commune, measure, _), count in naive_by_field(facts, day, window).items():
        sums[commune, measure] = sums.get((commune, measure), 0) + count
    readings = {c: sum(owner == c for owner, _ in inside) for c in COMMUNES}
    return sums, {c: n for c, n in readings.items() if n}


def naive_by_field(facts, day, window):
    """Sums by commune, measure and field."""
    inside = _standing_in(facts, day, window)
    sums = {}
    for key in {(c, measure, r.field or "") for c, r in inside for measure in r.values}:
        commune, measure, field = key
        matching = [r for c, r in inside if c == commune and (r.field or "") == field and measure in r.values]
        if KINDS[measure] == "stock":
            matching = [r for r in matching if r.observed_on == max(r.observed_on for r in matching)]
        sums[key] = sum(r.values[measure] for r in matching)
    return sums


def _standing_in(facts, day, window):
    standing = {}
    for _, event in facts:
        if isinstance(event, SubmissionReceipted) and event.recorded_at < end_of(day):
            for reading in (*event.recorded, *event.corrected):
                standing[event.commune, reading.reading_id] = reading
            for reading in event.withdrawn:
                standing.pop((event.commune, reading.reading_id))
    return [(c, r) for (c, _), r in standing.items() if window[0] <= r.observed_on <= window[1]]


def corrections_in(facts):
    """Every reading replaced, with the position and event."""
    return [
        (position, event, reading)
        for position, event in facts
        if isinstance(event, SubmissionReceipted)
        for reading in (*event.corrected, *event.withdrawn)
    ]
