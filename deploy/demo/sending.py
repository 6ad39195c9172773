"""Sends as communes do: most every day, some late, some never, some twice, some wrong; and counts the receipts."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from deploy.demo.commune_senders import CommuneSenders
from deploy.demo.counting import CountingCommune, wrong
from services.planning.register import IN_FORCE_FROM, RegisterEntry
from shared.contracts import Receipt
from shared.contracts.indicators import (
    Correction,
    CorrectReadings,
    Reading,
    RecordReadings,
    Withdrawal,
    WithdrawReadings,
)
from shared.contracts.planning import ReportProgress, TaskStep
from shared.contracts.reporting import SubmitReport
from shared.refusal_rules import CHECK_BROKEN
from shared.vietnamese import date_text

SILENT, STOPPING = 3, 2
STOPPED_AFTER = timedelta(days=47)  # from the first day of the quarter
MENDED = 0.8  # of the readings that were refused
CENTRE = "Trung tâm Phục vụ hành chính công"
# A file that was handed in and done early, and that nobody wrote down: every sum of form II.06 still adds up with it.
FORGOTTEN = ("files-received", "files-received-direct", "files-resolved", "files-resolved-early")


@dataclass
class Ledger:
    """The senders' own counts, to compare with the province's."""

    sent: int = 0
    recorded: int = 0
    refused: int = 0
    duplicates: int = 0
    parked: int = 0
    corrected: int = 0
    withdrawn: int = 0
    completed: int = 0
    submitted: int = 0
    explained: int = 0
    standing: dict[tuple[str, str], Reading] = field(default_factory=dict)

    def note(self, receipt: Receipt, sent: int) -> None:
        self.sent += sent
        self.refused += len(receipt.refused)
        self.duplicates += receipt.duplicates
        self.parked += receipt.parked is not None


class Communes:
    """All communes of the demonstration, with the moods of each fixed by the seed."""

    def __init__(
        self,
        senders: CommuneSenders,
        seed: int,
        communes: Sequence[tuple[RegisterEntry, CountingCommune]],
        predecessors: Mapping[str, Sequence[str]],
        first: date,
    ) -> None:
        """`predecessors` are the ids of the communes that each was made of, by its code; `first` is the first day."""
        self._first = first
        self._senders = senders
        self._predecessors = predecessors
        self._random = Random(f"{seed}/moods")  # noqa: S311  a demonstration's dice
        self._communes = list(communes)
        codes = [entry.code for entry, _ in communes]
        odd = self._random.sample(codes, min(len(codes) // 2, SILENT + STOPPING + 6))
        self.silent = set(odd[:SILENT])
        self._stopping = set(odd[SILENT : SILENT + STOPPING])
        self._late = set(odd[SILENT + STOPPING :])
        self._held_back: dict[str, list[Reading]] = {}
        self._mending: dict[str, list[Reading]] = {}
        self.ledger = Ledger()

    async def send_day(self, day: date) -> None:
        await asyncio.gather(*(self._send(entry.code, counting, day) for entry, counting in self._communes))

    async def send_quarter_before(self, last_day: date) -> None:
        await asyncio.gather(
            *(
                self._record(entry.code, "quarter-before", counting.quarter_before(last_day))
                for entry, counting in self._communes
                if entry.code not in self.silent
            )
        )

    async def _send(self, code: str, counting: CountingCommune, day: date) -> None:
        readings = counting.readings(day)
        if code in self.silent or (code in self._stopping and day > self._first + STOPPED_AFTER):
            return
        if day < IN_FORCE_FROM and self._predecessors[code]:
            await self._send_as_before(code, day, readings)
            return
        if code in self._late and day.weekday() != 4:
            self._held_back.setdefault(code, []).extend(readings)
            return
        readings = [*self._held_back.pop(code, []), *self._mending.pop(code, []), *readings]
        if self._random.random() < 0.02:
            at = self._random.randrange(len(readings))
            if self._random.random() < MENDED:
                self._mending.setdefault(code, []).append(readings[at])
            spoilt = wrong(readings[at], self._random.randrange(4), counting.catalogue)
            readings[at] = spoilt.model_copy(update={"reading_id": f"{spoilt.reading_id}-x"})
        await self._record(code, f"{day:%Y%m%d}", readings)
        if self._random.random() < 0.02:
            await self._record(code, f"{day:%Y%m%d}-again", readings)
        if self._random.random() < 0.002:
            receipt = await self._senders.send_raw(
                code, "readings", f"{day:%Y%m%d}-torn", b'{"readings": [{"reading_id"'
            )
            self.ledger.note(receipt, 0)

    async def _send_as_before(self, code: str, day: date, readings: list[Reading]) -> None:
        """Send a day until 30 June as the communes that this one was made of, which take the fields in turn."""
        olds = self._predecessors[code]
        parts: dict[str, list[Reading]] = {}
        for place, reading in enumerate(readings, start=day.toordinal()):
            parts.setdefault(olds[place % len(olds)], []).append(reading)
        await asyncio.gather(*(self._record(old, f"{day:%Y%m%d}", part) for old, part in parts.items()))

    async def _record(self, code: str, submission_id: str, readings: list[Reading]) -> None:
        receipt = await self._senders.send(code, submission_id, RecordReadings(readings=tuple(readings)))
        self.ledger.note(receipt, len(readings))
        self.ledger.recorded += receipt.accepted
        refused = {item.item for item in receipt.refused}
        for reading in readings:
            if reading.reading_id not in refused and reading.observed_on >= self._first:
                self.ledger.standing.setdefault((code, reading.reading_id), reading)

    async def correct(self, day: date, how_many: int) -> None:
        """Corrections of readings sent before: a count typed wrongly, found at the monthly check."""
        candidates = sorted(key for key, reading in self.ledger.standing.items() if reading.field)
        chosen = self._random.sample(candidates, min(how_many, len(candidates)))
        await asyncio.gather(*(self._correct(day, key) for key in chosen))

    async def _correct(self, day: date, key: tuple[str, str]) -> None:
        code, reading_id = key
        reading = self.ledger.standing[key]
        values = {measure: reading.values[measure] + 1 for measure in FORGOTTEN if measure in reading.values}
        correction = Correction(
            reading_id=reading_id, values=values, reason="Đối chiếu sổ theo dõi, sót một hồ sơ trực tiếp", by=CENTRE
        )
        submission = CorrectReadings(corrections=(correction,))
        receipt = await self._senders.send(code, f"{day:%Y%m%d}-sua-{reading_id}", submission)
        self.ledger.note(receipt, 0)
        self.ledger.corrected += receipt.accepted
        if receipt.accepted:
            self.ledger.standing[key] = reading.model_copy(update={"values": {**reading.values, **values}})

    async def withdraw(self, day: date, how_many: int) -> None:
        for code, reading_id in self._random.sample(sorted(self.ledger.standing), how_many):
            withdrawal = Withdrawal(reading_id=reading_id, reason="Gửi nhầm ngày", by=CENTRE)
            receipt = await self._senders.send(
                code, f"{day:%Y%m%d}-rut-{reading_id}", WithdrawReadings(withdrawals=(withdrawal,))
            )
            self.ledger.withdrawn += receipt.accepted
            self.ledger.standing.pop((code, reading_id))

    @property
    def punctual(self) -> list[str]:
        """The codes of those that submit their report in time; the late ones do so a day after."""
        never = {*self.silent, *self._stopping}
        return [entry.code for entry, _ in self._communes if entry.code not in {*never, *self._late}]

    @property
    def late(self) -> list[str]:
        return sorted(self._late)

    async def submit_reports(self, codes: Sequence[str], day: date, period: str) -> list[str]:
        """Each submits its report, with an explanation where a sum does not add up; the codes of those taken."""
        taken = await asyncio.gather(*(self._submit_report(code, day, period) for code in codes))
        return [code for code, accepted in zip(codes, taken, strict=True) if accepted]

    async def _submit_report(self, code: str, day: date, period: str) -> bool:
        report = SubmitReport(period=period, by=CENTRE, explanations={}, stated={})
        receipt = await self._senders.send(code, f"{day:%Y%m%d}-bao-cao", report)
        broken = {item.item: "Số liệu một ngày bị từ chối, đang đối chiếu" for item in receipt.refused}
        if broken and all(item.rule == CHECK_BROKEN for item in receipt.refused):
            explaining = report.model_copy(update={"explanations": broken})
            receipt = await self._senders.send(code, f"{day:%Y%m%d}-bao-cao-giai-trinh", explaining)
            self.ledger.explained += receipt.accepted
        self.ledger.submitted += receipt.accepted
        return bool(receipt.accepted)

    async def complete(self, day: date, tasks: Sequence[tuple[str, str, str, str | None]]) -> None:
        """Bodies report done what is due; (commune, task, body, one obligation of several) each."""
        await asyncio.gather(*(self._complete(day, *task) for task in tasks))

    async def _complete(self, day: date, code: str, task_id: str, body: str, obligation: str | None) -> None:
        evidence = f"Báo cáo ngày {date_text(day)}"
        step = TaskStep(task_id=task_id, step="complete", obligation=obligation, evidence=evidence, by=body)
        receipt = await self._senders.send(code, f"{day:%Y%m%d}-xong-{task_id}", ReportProgress(steps=(step,)))
        self.ledger.completed += receipt.accepted
