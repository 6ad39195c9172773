"""The communes' own books: what they hold receipts for must be in the province's figures exactly once."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import psycopg

from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.contracts.planning import ReportProgress
from shared.periods import half_of

STOCKS = {"files-pending-in-term"}
COUNTED = """
SELECT DISTINCT ON (commune, reading_id) commune, reading_id, counts FROM indicators.readings
ORDER BY commune, reading_id, version DESC
"""
TOTALLED = """
SELECT DISTINCT ON (commune, half, field) commune, half, field, readings, days
FROM reporting.field_totals JOIN reporting.day_counts USING (commune, half, field, known_on)
ORDER BY commune, half, field, known_on DESC
"""
SETTLED = """
SELECT state FROM {0}.{0}_events
WHERE topic IN (
    'indicators.submission-receipted', 'indicators.message-parked', 'planning.progress-submission-receipted'
)
"""


@dataclass
class Ledger:
    """`standing` are the readings whose receipts say that they count, `done` the tasks whose receipts say the same."""

    receipts: dict = field(default_factory=dict)
    standing: dict = field(default_factory=dict)
    done: set = field(default_factory=set)
    refused: Counter = field(default_factory=Counter)
    parked: Counter = field(default_factory=Counter)

    def note(self, submission, receipt):
        """A receipt came. For a submission id that was receipted before it equals the first one."""
        key = (receipt.commune, receipt.submission_id)
        if key in self.receipts:
            assert receipt == self.receipts[key]
            return
        self.receipts[key] = receipt
        refused = {item.item for item in receipt.refused}
        if receipt.kind != ReportProgress.kind:  # Planning's refusals are not announced to Reporting
            self.refused.update(item.rule for item in receipt.refused)
            self.parked.update([receipt.commune] if receipt.parked else [])
        if receipt.parked is None:
            for item in _items(submission):
                if item.model_dump().get("reading_id", item.model_dump().get("task_id")) not in refused:
                    self._stands(receipt.commune, item)

    def _stands(self, commune, item):
        match item.model_dump():
            case {"observed_on": _}:
                self.standing.setdefault((commune, item.reading_id), item)
            case {"values": values}:
                reading = self.standing[commune, item.reading_id]
                corrected = reading.model_copy(update={"values": {**reading.values, **values}})
                self.standing[commune, item.reading_id] = corrected
            case {"reading_id": reading_id}:
                del self.standing[commune, reading_id]
            case {"step": "complete"}:
                self.done.add(item.task_id)
            case {"step": "reopen"}:
                self.done.discard(item.task_id)

    def counts(self):
        return {key: dict(reading.values) for key, reading in self.standing.items()}

    def sums(self, window):
        """By (commune, measure): flows added up, of stocks the last day in the window, for each field."""
        sums, levels = Counter(), defaultdict(Counter)
        for (commune, _), reading in self.standing.items():
            if window[0] <= reading.observed_on <= window[1]:
                for measure, count in reading.values.items():
                    if measure in STOCKS:
                        levels[commune, measure, reading.field][reading.observed_on] += count
                    else:
                        sums[commune, measure] += count
        for (commune, measure, _), days in levels.items():
            sums[commune, measure] += days[max(days)]
        return dict(sums)

    def differences(self, stack):
        """What a commune holds a receipt for and the province does not count, or the other way round."""
        with psycopg.connect(stack.settings().database_url) as connection:
            counted = {(c, r): counts for c, r, counts in connection.execute(COUNTED).fetchall() if counts}
            totalled = {tuple(key): total for *key, total in map(_total, connection.execute(TOTALLED)) if total[0]}
            connection.execute("SET search_path TO reporting")
            refused = dict(connection.execute("SELECT rule, count(*) FROM refusals GROUP BY rule").fetchall())
            parked = dict(
                connection.execute("SELECT commune, count(*) FROM parked_messages GROUP BY commune").fetchall()
            )
            done = {task for (task,) in connection.execute(DONE).fetchall()}
        return [
            *_apart("reading", self.counts(), counted),
            *_apart("total", self._totals(), totalled),
            *_apart("task done", dict.fromkeys(self.done, True), dict.fromkeys(done, True)),
            *_apart("refused by", self.refused, refused),
            *_apart("parked of", self.parked, parked),
            *_apart("submission settled", Counter(dict.fromkeys(self.receipts, 1)), _settled(stack)),
        ]

    def _totals(self):
        """By commune, half month and field: how many readings, and their counts by measure; of a stock by day too."""
        readings, counts = Counter(), defaultdict(Counter)
        for (commune, _), reading in self.standing.items():
            place = commune, half_of(reading.observed_on), reading.field or ""
            readings[place] += 1
            for measure, count in reading.values.items():
                day = str(reading.observed_on.day) if measure in STOCKS else None
                counts[place][measure, day] += count
        return {place: (number, dict(counts[place])) for place, number in readings.items()}


DONE = """
SELECT DISTINCT ON (task_id) CASE WHEN done THEN task_id ELSE '' END FROM task_changes ORDER BY task_id, position DESC
"""


def _total(row):
    commune, half, field, readings, days = row
    counts = Counter()
    for day, sets in days.items():
        for _, amounts in sets.values():
            for measure, amount in amounts.items():
                counts[measure, day if measure in STOCKS else None] += amount
    return commune, half, field, (readings, dict(counts))


def _items(submission):
    match submission:
        case RecordReadings(readings=items) | CorrectReadings(corrections=items) | WithdrawReadings(withdrawals=items):
            return items
        case ReportProgress(steps=items):
            return items
    return ()


def _settled(stack):
    """How often each submission is in the event stores."""
    with psycopg.connect(stack.settings().database_url) as connection:
        events = [
            json.loads(state)
            for service in ("planning", "indicators")
            for (state,) in connection.execute(SETTLED.format(service)).fetchall()
        ]
    return Counter((event["commune"], event["submission_id"]) for event in events)


def _apart(kind, ledger, province):
    keys = sorted(ledger.keys() | province.keys())
    return [
        f"{kind} {key}: the ledger says {ledger.get(key)}, the province {province.get(key)}"
        for key in keys
        if ledger.get(key) != province.get(key)
    ]
