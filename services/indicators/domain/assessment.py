"""Assesses the readings of a submission: each is recorded, corrected, withdrawn or refused, or is known already."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NotRequired, TypedDict

from services.indicators.domain.reading import ReadingVersion, Refusal, Rules
from shared.refusal_rules import MALFORMED, READING_ID_USED, READING_WITHDRAWN, UNKNOWN_READING


class StoredReading(TypedDict):
    """A reading in a stored event, in the version that counts from the event on."""

    reading_id: str
    version: int
    observed_on: str
    field: str | None
    values: dict[str, int]


class StoredReplacement(StoredReading):
    """A corrected or withdrawn reading; `before` are the values that counted until then.

    `by` is missing in events of the time before it was stored, and None where the submission names nobody.
    """

    before: dict[str, int]
    reason: str
    by: NotRequired[str | None]


class StoredRefusal(TypedDict):
    """A refused item, with the reading where it could be read, and for a correction or withdrawal why and by whom."""

    item: str
    rule: str
    sentence: str
    reading_id: NotRequired[str]
    version: NotRequired[int]
    observed_on: NotRequired[str]
    field: NotRequired[str | None]
    values: NotRequired[dict[str, int]]
    reason: NotRequired[str]
    by: NotRequired[str | None]


class Because(TypedDict):
    """Why a reading is corrected or withdrawn, and by whom."""

    reason: str
    by: str | None


@dataclass
class Assessment:
    """Decides one submission, reading by reading; `current` are the commune's readings as they count now.

    The decisions have the form in which they are stored.
    """

    commune: str
    rules: Rules
    today: date
    current: dict[str, ReadingVersion]
    recorded: list[StoredReading] = field(default_factory=list)
    corrected: list[StoredReplacement] = field(default_factory=list)
    withdrawn: list[StoredReplacement] = field(default_factory=list)
    refused: list[StoredRefusal] = field(default_factory=list)
    duplicates: int = 0

    def record(self, reading_id: str, observed_on: date, field: str | None, values: Mapping[str, int]) -> None:
        """A reading counts once: the same again stays quiet, another under the same id is refused."""
        reading = ReadingVersion(1, observed_on, field, dict(values))
        known = self.current.get(reading_id)
        if known and _same(known, reading):
            self.duplicates += 1
        elif known and not known.values:
            sentence = f"Số liệu mang mã {reading_id} đã rút; hãy gửi số liệu mới với mã khác."
            self._refuse(reading_id, Refusal(READING_WITHDRAWN, sentence), reading)
        elif known:
            sentence = f"Mã số liệu {reading_id} đã dùng cho số liệu khác; hãy gửi bản đính chính."
            self._refuse(reading_id, Refusal(READING_ID_USED, sentence), reading)
        elif refusal := self.rules.refusal(self.commune, reading, self.today):
            self._refuse(reading_id, refusal, reading)
        else:
            self.current[reading_id] = reading
            self.recorded.append(_stored(reading_id, reading))

    def correct(self, reading_id: str, values: Mapping[str, int], reason: str, by: str | None = None) -> None:
        """Measures that are not named stay; values that stand already leave everything as it is."""
        because: Because = {"reason": reason, "by": by}
        known = self.current.get(reading_id)
        if known is None:
            self.refused.append({**_unknown(reading_id), "values": dict(values), **because})
            return
        reading = replace(known, version=known.version + 1, values={**known.values, **values})
        if not known.values:
            sentence = f"Số liệu mang mã {reading_id} đã rút nên không thể sửa; hãy gửi số liệu mới với mã khác."
            self._refuse(reading_id, Refusal(READING_WITHDRAWN, sentence), reading, because)
        elif dict(known.values) == reading.values:
            self.duplicates += 1
        elif refusal := self.rules.refusal(self.commune, reading, self.today):
            self._refuse(reading_id, refusal, reading, because)
        else:
            self.current[reading_id] = reading
            self.corrected.append(_replacement(reading_id, reading, known, because))

    def withdraw(self, reading_id: str, reason: str, by: str | None = None) -> None:
        because: Because = {"reason": reason, "by": by}
        known = self.current.get(reading_id)
        if known is None:
            self.refused.append({**_unknown(reading_id), **because})
            return
        if not known.values:
            self.duplicates += 1
            return
        reading = replace(known, version=known.version + 1, values={})
        self.current[reading_id] = reading
        self.withdrawn.append(_replacement(reading_id, reading, known, because))

    def refuse_malformed(self, item: str, sentence: str) -> None:
        """An item nobody can read is refused like any other, so that those beside it count."""
        self._refuse(item, Refusal(MALFORMED, sentence), None)

    @property
    def accepted(self) -> int:
        return len(self.recorded) + len(self.corrected) + len(self.withdrawn)

    def _refuse(
        self, reading_id: str, refusal: Refusal, reading: ReadingVersion | None, because: Because | None = None
    ) -> None:
        refused: StoredRefusal = {"item": reading_id, "rule": refusal.rule, "sentence": refusal.sentence}
        if reading:
            refused = {**_stored(reading_id, reading), **refused}
        self.refused.append({**refused, **because} if because else refused)


def _same(known: ReadingVersion, reading: ReadingVersion) -> bool:
    return (known.observed_on, known.field, dict(known.values)) == (
        reading.observed_on,
        reading.field,
        dict(reading.values),
    )


def _stored(reading_id: str, reading: ReadingVersion) -> StoredReading:
    return {
        "reading_id": reading_id,
        "version": reading.version,
        "observed_on": reading.observed_on.isoformat(),
        "field": reading.field,
        "values": dict(reading.values),
    }


def _replacement(
    reading_id: str, reading: ReadingVersion, before: ReadingVersion, because: Because
) -> StoredReplacement:
    return {**_stored(reading_id, reading), "before": dict(before.values), **because}


def _unknown(reading_id: str) -> StoredRefusal:
    sentence = f"Chưa có số liệu mang mã {reading_id} nên không thể sửa hay rút."
    return {"item": reading_id, "rule": UNKNOWN_READING, "sentence": sentence, "reading_id": reading_id}
