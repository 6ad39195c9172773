"""Readings as they are listed and shown, on a real PostgreSQL; tables of an earlier version are filled from events."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from threading import Event
from time import sleep
from typing import cast
from uuid import uuid4

import psycopg
import pytest

from services.indicators.application import Indicators
from services.indicators.domain.assessment import Assessment
from services.indicators.domain.reading import Rules
from services.indicators.domain.submission import Submission
from services.indicators.questions import QUESTIONS
from services.indicators.read_models.readings import Readings
from services.indicators.read_models.unusual_counts import FEW, UnusualCounts
from services.indicators.readings_file.names.own import KeptNames
from shared.clock import day_of
from shared.contracts.indicators import KeepOwnNames, ListReadings, ReadFile, ShowReading
from shared.messaging.questions.questions import NoAnswer
from shared.process import open_pool
from shared.record.checkpoints import rows_after
from shared.seals.canonical import canonical_line
from shared.seals.merkle import leaf_hash
from tests.indicators.stored import current_after

EARLIEST = datetime(2025, 9, 10, 3, tzinfo=UTC)
MEASURES = {"part": "Phần", "whole": "Tổng", "other": "Khác"}


class Commune:
    """A commune's submissions from the instant `at` on, decided and committed as the intake does it."""

    def __init__(self, indicators, commune, at=EARLIEST):
        self.indicators = indicators
        self.commune = commune
        self.at = at
        self.rules = Rules(communes=frozenset({commune}), measures=MEASURES, fields=frozenset({"land"}))
        self.current = {}

    def submit(self, submission_id, *acts, days=0):
        at = self.at + timedelta(days=days)
        assessment = Assessment(self.commune, self.rules, at.date(), self.current)
        for act, *arguments in acts:
            getattr(assessment, act)(*arguments)
        submission = Submission.settle(submission_id, "readings", assessment, at)
        event = cast(Submission.Receipted, submission.pending_events[0])
        self.indicators.commit(submission, at=at, statements=Readings.insert(event))
        self.current |= current_after([*event.recorded, *event.corrected, *event.withdrawn])

    def ask(self, kind, **fields):
        return QUESTIONS[kind](self.indicators, kind(commune=self.commune, **fields))

    def listed(self, **fields):
        return [(each.reading_id, each.state) for each in self.ask(ListReadings, **fields).readings]


@pytest.fixture(scope="module")
def indicators(stack):
    settings = stack.settings("indicators")
    with open_pool(settings, "indicators", size=2) as pool:
        application = Indicators(settings, pool)
        yield application
        application.close()


@pytest.fixture(scope="module")
def commune(indicators):
    # The time of events does not go back, and the stack has those of other tests.
    last = indicators.events_after(indicators.newest_position() - 1, 1)
    at = max([EARLIEST, *(event.position.recorded_at + timedelta(days=1) for event in last)])
    known = Commune(indicators, f"q-{uuid4().hex[:8]}", at)
    known.submit(
        "s1",
        ("record", "r1", date(2025, 9, 1), "land", {"part": 1, "whole": 2}),
        ("record", "r2", date(2025, 9, 5), None, {"other": 3}),
        ("record", "r3", date(2025, 9, 9), None, {"other": 4}),
        ("record", "r4", date(2025, 9, 6), None, {"unknown": 4}),
    )
    known.submit("s2", ("correct", "r1", {"part": 2}, "đếm nhầm", "Lê Văn Tám"), days=1)
    known.submit("s3", ("withdraw", "r2", "gửi nhầm", None), ("withdraw", "r9", "gửi nhầm", None), days=2)
    return known


def test_readings_are_listed_in_their_last_version_with_the_refused_ones(commune):
    assert commune.listed() == [
        ("r1", "corrected"), ("r2", "withdrawn"), ("r4", "refused"), ("r3", "recorded"), ("r9", "refused"),
    ]  # fmt: skip


def test_readings_are_listed_by_day_state_and_indicator(commune):
    assert commune.listed(observed_from=date(2025, 9, 5), observed_until=date(2025, 9, 6)) == [
        ("r2", "withdrawn"), ("r4", "refused"),
    ]  # fmt: skip
    assert commune.listed(state="refused") == [("r4", "refused"), ("r9", "refused")]
    histories = commune.indicators.reading_histories
    found = histories.listed(ListReadings(commune=commune.commune), ["other"])
    assert [each.reading_id for each in found.readings] == ["r2", "r3"]


def test_a_list_of_some_days_names_those_on_which_something_changed(commune):
    first = day_of(commune.at)
    days = {"observed_from": date(2025, 9, 1), "observed_until": date(2025, 9, 7)}
    changed = commune.ask(ListReadings, **days, known_at=first).changed_on
    assert changed == (first, first + timedelta(days=1), first + timedelta(days=2)), "whatever the day of knowledge"
    assert commune.ask(ListReadings, **days, field="land").changed_on == changed[:2]
    assert commune.ask(ListReadings).changed_on == ()


def test_a_part_of_the_list_says_how_many_there_are(commune):
    found = commune.ask(ListReadings, skip=1, most=2)
    assert ([each.reading_id for each in found.readings], found.total) == (["r2", "r4"], 5)


def test_readings_are_listed_as_known_at_a_day(commune):
    assert commune.listed(known_at=day_of(commune.at)) == [
        ("r1", "recorded"), ("r2", "recorded"), ("r4", "refused"), ("r3", "recorded"),
    ]  # fmt: skip
    assert commune.listed(known_at=day_of(commune.at) - timedelta(days=1)) == []


def test_unknown_indicator_and_unknown_reading_are_refused(commune):
    with pytest.raises(NoAnswer, match=r"Chỉ số no-such không có trong danh mục\."):
        commune.ask(ListReadings, indicator="no-such")
    with pytest.raises(NoAnswer, match=r"Đơn vị chưa gửi số liệu nào mang mã r5\."):
        commune.ask(ShowReading, reading_id="r5")
    with pytest.raises(NoAnswer):
        Commune(commune.indicators, "another").ask(ShowReading, reading_id="r1")


def test_a_reading_is_shown_with_its_history(commune):
    first, second = commune.ask(ShowReading, reading_id="r1").versions
    assert (first.state, first.version, first.values, first.before) == ("recorded", 1, {"part": 1, "whole": 2}, {})
    assert (second.state, second.values, second.before) == ("corrected", {"part": 2, "whole": 2}, first.values)
    assert (second.reason, second.by, second.submission_id) == ("đếm nhầm", "Lê Văn Tám", "s2")
    assert second.recorded_at == commune.at + timedelta(days=1)
    [refused] = commune.ask(ShowReading, reading_id="r4").versions
    assert (refused.rule, refused.values, refused.submission_id) == ("unknown-measure", {"unknown": 4}, "s1")


def test_each_version_has_its_event_with_the_hash_of_its_leaf(stack, commune):
    def hashes(versions):
        return {each.position: each.leaf for each in versions}

    shown = hashes(commune.ask(ShowReading, reading_id="r1").versions)
    listed = hashes(commune.ask(ListReadings, leaves=True).readings)
    with psycopg.connect(**stack.settings("indicators").database("indicators")) as connection:
        stored = {
            row.position: leaf_hash(canonical_line("indicators", row)).hex()
            for row in rows_after(connection, "indicators", min(shown) - 1)
        }
    assert len(shown) == 2
    assert len(listed) == 3
    assert shown.items() | listed.items() <= stored.items()
    assert {each.leaf for each in commune.ask(ListReadings).readings} == {None}


def test_tables_of_an_earlier_version_are_filled_from_the_events(stack, commune):
    before = commune.ask(ListReadings), commune.ask(ShowReading, reading_id="r1")
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute("SET search_path TO indicators")
        connection.execute("DROP TABLE refused_readings")
        for column in ("event", "submission_id", "reason", "acted_by"):
            connection.execute(f"ALTER TABLE readings DROP COLUMN {column}")
        connection.commit()
    stack.provision()

    assert (commune.ask(ListReadings), commune.ask(ShowReading, reading_id="r1")) == before


def test_a_list_names_its_commune(indicators, stack):
    unknown, known = Commune(indicators, f"c-{uuid4()}"), Commune(indicators, f"c-{uuid4()}")
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute("INSERT INTO indicators.communes VALUES (%s, 'Xã Bắc Trạch')", (known.commune,))
    assert (unknown.ask(ListReadings).name, known.ask(ListReadings).name) == (None, "Xã Bắc Trạch")


def test_names_of_an_office_are_kept_and_hold_for_its_next_file_and_no_other_commune(indicators):
    commune, other = Commune(indicators, "c-names"), Commune(indicators, "c-others")
    table = "Ngày;Lĩnh vực;Nhập vào sổ A\n1/9/2025;Đất;12\n"
    content = b64encode(table.encode()).decode()

    def meaning(each, **fields):
        read = each.ask(ReadFile, format="csv", content=content, **fields)
        return {column.heading: column.meaning for column in read.columns}["Nhập vào sổ A"]

    assert meaning(commune) is None
    names = KeptNames(columns={"Nhập  vào SỔ A": "files-received"}, fields={"Đất": "land"})
    indicators.own_names.keep(commune.commune, names, "nguyen-thi-an")
    assert meaning(commune) == "files-received"
    assert meaning(other) is None
    assert meaning(commune, columns={"Nhập vào sổ A": "files-resolved"}) == "files-resolved", "this file alone"
    indicators.own_names.keep(commune.commune, KeptNames(columns={"nhập vào sổ a": ""}), "nguyen-thi-an")
    assert commune.ask(KeepOwnNames).model_dump() == {"columns": {"nhập vào sổ a": ""}, "fields": {"Đất": "land"}}
    with pytest.raises(NoAnswer, match="không có trong danh mục"):
        commune.ask(KeepOwnNames, columns={"Cột mới": "no-such-measure"})


def test_usual_ranges_come_from_the_last_counts_and_readings_far_from_them_are_listed(indicators, commune):
    """Twelve months up to the last day of the question; a withdrawn count, a refused one and an older one are none."""
    own = Commune(indicators, f"u-{uuid4().hex[:8]}", commune.at)
    days = [date(2025, 8, number) for number in range(1, 11)]
    counts = [("record", f"u{day}", day, "land", {"whole": 20, "part": 2}) for day in days]
    own.submit("s1", *counts, ("record", "old", date(2024, 8, 1), "land", {"whole": 9}))
    own.submit("s2", ("record", "far", date(2025, 9, 1), "land", {"whole": 200, "part": 3}))
    own.submit("s3", ("record", "gone", date(2025, 9, 2), "land", {"whole": 900}), ("withdraw", "gone", "nhầm", None))
    span = {"observed_from": date(2025, 9, 1), "observed_until": date(2025, 9, 30)}
    found = own.ask(ListReadings, **span, unusual=True)
    assert ([each.reading_id for each in found.readings], found.total) == (["far"], 1)
    [part, whole] = found.usual
    assert (whole.field, whole.measure, whole.least, whole.most) == ("land", "whole", 7, 33)
    assert "theo 11 lần ghi" in whole.sentence
    assert part.most >= 3
    assert own.ask(ListReadings, **span, usual=True).total == 2, "with the ranges, but all readings"
    assert own.ask(ListReadings, **span).usual == ()
    assert own.ask(ListReadings, **span, unusual=True, known_at=day_of(own.at) - timedelta(days=1)).usual == ()


def test_unusual_readings_are_counted_again_once_something_changed(indicators, commune):
    own = Commune(indicators, f"u-{uuid4().hex[:8]}", commune.at)
    span = date(2025, 8, 1), date(2025, 9, 30)
    counts = UnusualCounts(indicators, indicators.reading_histories)

    def counted():
        return counts.of([own.commune], *span, patience=60)[own.commune]

    assert counted() == 0
    days = [date(2025, 8, number) for number in range(1, 11)]
    own.submit("s1", *(("record", f"u{day}", day, "land", {"whole": 20}) for day in days))
    own.submit("s2", ("record", "far", date(2025, 9, 1), "land", {"whole": 200}))
    assert counted() == 1
    own.submit("s3", ("record", "behind", date(2025, 10, 1), "land", {"whole": 900}))
    assert counted() == 1
    own.submit("s4", ("correct", "far", {"whole": 21}, "gõ nhầm", None))
    assert counted() == 0


def test_nobody_waits_for_many_communes_to_be_counted(indicators):
    answered, waited = Event(), []

    class Histories:
        def usual(self, question, last):
            waited.append(not answered.wait(20))
            return []

    counts, communes = UnusualCounts(indicators, Histories()), [f"m{number}" for number in range(FEW + 1)]
    span = date(2025, 8, 1), date(2025, 9, 30)
    assert counts.of(communes, *span, patience=60) == {}
    answered.set()
    while len(counts.of(communes, *span, patience=60)) < len(communes):
        sleep(0.01)
    assert waited == [False] * len(communes)


def test_a_file_is_compared_with_usual_counts(indicators, commune):
    own = Commune(indicators, f"u-{uuid4().hex[:8]}", commune.at)
    own.rules = Rules(
        communes=frozenset({own.commune}), measures={"files-received": "Hồ sơ"}, fields=frozenset({"land"})
    )
    days = [date(2025, 8, number) for number in range(1, 11)]
    own.submit("s1", *(("record", f"u{day}", day, "land", {"files-received": 20}) for day in days))
    table = "Ngày;Lĩnh vực;Số hồ sơ TTHC tiếp nhận\n1/9/2025;Đất đai;0\n2/9/2025;Đất đai;21\n"
    read = own.ask(ReadFile, format="csv", content=b64encode(table.encode()).decode())
    assert [[each.measure for each in one.unusual] for one in read.readings] == [["files-received"], []]
