"""What a commune sent at once, and what became of each reading in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.indicators.domain.reading import Refusal, Rules, Standing
from shared import unreadable
from shared.event_sourcing import Aggregate, Created


@dataclass
class Verdict:
    """What is decided of one submission, reading by reading, in the form in which it is stored."""

    commune: str
    rules: Rules
    today: date
    standing: dict[str, Standing]
    recorded: list[dict[str, Any]] = field(default_factory=list)
    corrected: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    duplicates: int = 0

    def record(self, reading_id: str, observed_on: date, field: str | None, values: Mapping[str, int]) -> None:
        """A reading counts once: the same again stays quiet, another under the same id is refused."""
        reading = Standing(1, observed_on, field, dict(values))
        known = self.standing.get(reading_id)
        if known and _same(known, reading):
            self.duplicates += 1
        elif known and not known.values:
            sentence = f"Số liệu mang mã {reading_id} đã rút; hãy gửi số liệu mới với mã khác."
            self._refuse(reading_id, Refusal("reading-withdrawn", sentence), reading)
        elif known:
            sentence = f"Mã số liệu {reading_id} đã dùng cho số liệu khác; hãy gửi bản đính chính."
            self._refuse(reading_id, Refusal("reading-id-used", sentence), reading)
        elif refusal := self.rules.refusal(self.commune, reading, self.today):
            self._refuse(reading_id, refusal, reading)
        else:
            self._stand(reading_id, reading)
            self.recorded.append(_stored(reading_id, reading))

    def correct(self, reading_id: str, values: Mapping[str, int], reason: str) -> None:
        """Measures that are not named stay; values that stand already leave everything as it is."""
        if (known := self._standing(reading_id)) is None:
            return
        reading = replace(known, version=known.version + 1, values={**known.values, **values})
        if not known.values:
            sentence = f"Số liệu mang mã {reading_id} đã rút nên không thể sửa; hãy gửi số liệu mới với mã khác."
            self._refuse(reading_id, Refusal("reading-withdrawn", sentence), reading)
        elif dict(known.values) == reading.values:
            self.duplicates += 1
        elif refusal := self.rules.refusal(self.commune, reading, self.today):
            self._refuse(reading_id, refusal, reading)
        else:
            self._stand(reading_id, reading)
            self.corrected.append(_stored(reading_id, reading) | {"before": dict(known.values), "reason": reason})

    def withdraw(self, reading_id: str, reason: str) -> None:
        if (known := self._standing(reading_id)) is None:
            return
        if not known.values:
            self.duplicates += 1
            return
        reading = replace(known, version=known.version + 1, values={})
        self._stand(reading_id, reading)
        self.withdrawn.append(_stored(reading_id, reading) | {"before": dict(known.values), "reason": reason})

    def refuse_malformed(self, item: str, sentence: str) -> None:
        """An item nobody can read is refused like any other, so that those beside it count."""
        self._refuse(item, Refusal("malformed", sentence), None)

    @property
    def accepted(self) -> int:
        return len(self.recorded) + len(self.corrected) + len(self.withdrawn)

    def _standing(self, reading_id: str) -> Standing | None:
        known = self.standing.get(reading_id)
        if known is None:
            refusal = Refusal("unknown-reading", f"Chưa có số liệu mang mã {reading_id} nên không thể sửa hay rút.")
            self._refuse(reading_id, refusal, None)
        return known

    def _stand(self, reading_id: str, reading: Standing) -> None:
        self.standing[reading_id] = reading

    def _refuse(self, reading_id: str, refusal: Refusal, reading: Standing | None) -> None:
        said = _stored(reading_id, reading) if reading else {}
        self.refused.append({**said, "item": reading_id, "rule": refusal.rule, "sentence": refusal.sentence})


class Submission(Aggregate):
    """Settled once. One event holds all its readings (an event a reading costs five times as much), each on its own."""

    TOPIC = "indicators.submission"

    class Receipted(Created):
        TOPIC = "indicators.submission-receipted"

        commune: str
        submission_id: str
        kind: str
        recorded: list[dict[str, Any]]
        corrected: list[dict[str, Any]]
        withdrawn: list[dict[str, Any]]
        refused: list[dict[str, Any]]
        duplicates: int

    @staticmethod
    def create_id(commune: str, submission_id: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"indicators/submission/{commune}/{submission_id}")

    @classmethod
    def settle(cls, submission_id: str, kind: str, verdict: Verdict, at: datetime) -> "Submission":
        return cls._create(
            cls.Receipted,
            timestamp=at,
            commune=verdict.commune,
            submission_id=submission_id,
            kind=kind,
            recorded=verdict.recorded,
            corrected=verdict.corrected,
            withdrawn=verdict.withdrawn,
            refused=verdict.refused,
            duplicates=verdict.duplicates,
        )

    def __init__(self, **_: Any) -> None:
        """Nothing changes afterwards: a correction is another submission."""


class UnreadableMessage(unreadable.UnreadableMessage):
    TOPIC = "indicators.unreadable-message"

    class Parked(unreadable.UnreadableMessage.Parked):
        TOPIC = "indicators.message-parked"


def standing_of(stored: Iterable[Mapping[str, Any]]) -> dict[str, Standing]:
    """How readings stand after the changes that an event stored."""
    return {
        change["reading_id"]: Standing(
            change["version"], date.fromisoformat(change["observed_on"]), change["field"], change["values"]
        )
        for change in stored
    }


def _same(known: Standing, reading: Standing) -> bool:
    return (known.observed_on, known.field, dict(known.values)) == (
        reading.observed_on,
        reading.field,
        dict(reading.values),
    )


def _stored(reading_id: str, reading: Standing) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "version": reading.version,
        "observed_on": reading.observed_on.isoformat(),
        "field": reading.field,
        "values": dict(reading.values),
    }
