"""Whatever communes send, in any order and again, and however they merge, each reading counts once and none is lost.

From a submission's bytes to the counts of a map, by the domain alone; PostgreSQL and NATS are left out.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.indicators.application import Batch, correct_readings, record_readings, withdraw_readings
from services.indicators.domain.reading import Ending, Rules
from services.indicators.publishers import announce
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.messaging.intake.bodies import read_body
from shared.messaging.intake.submissions import Submitted
from shared.record.event_store import Position, RecordedEvent
from tests.indicators.stored import current_after

AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
MERGED_ON = date(2025, 7, 1)
DAYS = (date(2025, 6, 30), date(2025, 7, 1), date(2025, 9, 10), date(2025, 9, 11))  # the last one has not come
COMMUNES = ("c1", "c2", "c3")
KINDS = {
    each.kind: (each, decide)
    for each, decide in (
        (RecordReadings, record_readings), (CorrectReadings, correct_readings), (WithdrawReadings, withdraw_readings),
    )
}  # fmt: skip

communes, days, names = st.sampled_from(COMMUNES), st.sampled_from(DAYS), st.sampled_from(("r1", "r2"))
values = st.dictionaries(st.sampled_from(("part", "whole")), st.integers(-1, 9), min_size=1)


class Counting(RuleBasedStateMachine):
    """`expected` are the values of each reading by the sentences of the glossary, empty where it is withdrawn."""

    def __init__(self):
        super().__init__()
        self.sent = []
        self.receipts = {}
        self.announced = []
        self.current = {}
        self.successions = []
        self.expected = {}

    @rule(commune=communes, readings=st.lists(st.tuples(names, days, values), min_size=1, max_size=3))
    def record(self, commune, readings):
        for name, day, counts in readings:
            if (commune, name) not in self.expected and self.may(commune, day) and min(counts.values()) >= 0:
                self.expected[commune, name] = (day, counts)
        items = [{"reading_id": name, "observed_on": str(day), "values": counts} for name, day, counts in readings]
        self.send(commune, "readings", {"readings": items})

    @rule(commune=communes, name=names, counts=values)
    def correct(self, commune, name, counts):
        day, before = self.expected.get((commune, name), (None, {}))
        if before and min({**before, **counts}.values()) >= 0 and self.may(commune, day):
            self.expected[commune, name] = (day, {**before, **counts})
        self.send(
            commune, "corrections", {"corrections": [{"reading_id": name, "values": counts, "reason": "đếm lại"}]}
        )

    @rule(commune=communes, name=names)
    def withdraw(self, commune, name):
        if (commune, name) in self.expected:
            self.expected[commune, name] = (self.expected[commune, name][0], {})
        self.send(commune, "withdrawals", {"withdrawals": [{"reading_id": name, "reason": "gửi nhầm"}]})

    @precondition(lambda self: self.sent)
    @rule(chosen=st.data())
    def resend(self, chosen):
        """The same bytes under the same id, as a machine does that has no receipt: nothing is decided again."""
        submitted = chosen.draw(st.sampled_from(self.sent))
        before = self.receipts[submitted.key]
        self.settle(submitted)
        assert self.receipts[submitted.key] == before

    @precondition(lambda self: any(each.kind == "readings" for each in self.sent))
    @rule(chosen=st.data())
    def push_again(self, chosen):
        """The same file under another id: no reading counts twice, and none that was refused is recorded otherwise."""
        old = chosen.draw(st.sampled_from([each for each in self.sent if each.kind == "readings"]))
        for item in old.content.readings:
            key = (old.commune, item.reading_id)
            if key not in self.expected and self.may(old.commune, item.observed_on) and min(item.values.values()) >= 0:
                self.expected[key] = (item.observed_on, dict(item.values))
        self.send(old.commune, old.kind, json.loads(old.body))

    @rule(commune=communes)
    def merge(self, commune):
        """Into the next one, which may be merged itself: never in a circle."""
        if commune == COMMUNES[-1] or any(each.commune == commune for each in self.successions):
            return
        into = COMMUNES[COMMUNES.index(commune) + 1]
        self.successions.append(Succession(commune, MERGED_ON, (Share(into),)))

    @rule()
    def restart(self):
        """A service that starts again knows what its events say."""
        known = {}
        for event in self.announced:
            changes = [each.model_dump(mode="json") for each in (*event.recorded, *event.corrected, *event.withdrawn)]
            known.setdefault(event.commune, {}).update(current_after(changes))
        self.current = known

    @invariant()
    def every_item_is_answered_once(self):
        for submitted in self.sent:
            receipt = self.receipts[submitted.key]
            (items,) = json.loads(submitted.body).values()
            assert receipt.accepted + receipt.duplicates + len(receipt.refused) == len(items)

    @invariant()
    def each_reading_is_counted_once_under_every_map(self):
        counted = Counter()
        for event in self.announced:
            for reading in (*event.recorded, *event.corrected, *event.withdrawn):
                before = getattr(reading, "before", None) or {}
                for measure in {*before, *reading.values}:
                    counted[event.commune, measure] += reading.values.get(measure, 0) - before.get(measure, 0)
        wanted = Counter()
        for (commune, _), (_, counts) in self.expected.items():
            wanted.update({(commune, measure): count for measure, count in counts.items()})
        assert {key: count for key, count in counted.items() if count} == {k: n for k, n in wanted.items() if n}
        territory = Territory([Commune(each, each, each, "51", "Tỉnh") for each in COMMUNES], self.successions)
        for day in DAYS:
            by_map = TerritoryMap(territory, day).counted(counted)
            assert sum(by_map.values()) == sum(wanted.values())
            ended = {each.commune for each in self.successions if each.in_force_from <= day}
            assert not ended & {commune for commune, _ in by_map}

    def may(self, commune, day):
        ended = any(each.commune == commune and day >= each.in_force_from for each in self.successions)
        return not ended and day <= AT.date()

    def send(self, commune, kind, fields):
        body = json.dumps(fields).encode()
        content, malformed = read_body(KINDS[kind][0], body)
        submitted = Submitted(commune, kind, f"s-{len(self.sent)}", body, sha256(body).hexdigest(), content, malformed)
        self.sent.append(submitted)
        self.settle(submitted)

    def settle(self, submitted):
        """As the intake does: an id that has a receipt is not decided again."""
        if submitted.key in self.receipts:
            return
        endings = {each.commune: Ending(each.in_force_from, each.main) for each in self.successions}
        rules = Rules(communes=frozenset(COMMUNES), measures={"part": "Phần", "whole": "Tổng"}, endings=endings)
        outcome = KINDS[submitted.kind][1](Batch(AT, rules, self.current), submitted)
        self.receipts[submitted.key] = outcome.receipt
        for aggregate in outcome.aggregates:
            for event in aggregate.collect_events():
                message = announce(RecordedEvent(Position(len(self.announced) + 1, AT), "s/1", event))
                self.announced.append(type(message).model_validate_json(message.model_dump_json()))


TestCounting = Counting.TestCase
TestCounting.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
