"""Readings: sent, corrected, withdrawn, and the result for each of them."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import FailFast, Field

from shared.contracts import Event, Id, Message, Refused, Submission, Text
from shared.contracts.indicators.values import Day, Values


class Reading(Message):
    """One commune's counts for one day and, for measures counted by field, one field.

    `reading_id` is the commune's own, given once. `values` are counts by measure; a rate is never sent.
    """

    reading_id: Id
    observed_on: Day
    field: Id | None = None
    values: Values


class Correction(Message):
    """The right values of a recorded reading, the reason, and who corrects. Measures that are not named stay."""

    reading_id: Id
    values: Values
    reason: Text
    by: Text | None = None


class Withdrawal(Message):
    """A recorded reading that shall not count, the reason, and who withdraws it."""

    reading_id: Id
    reason: Text
    by: Text | None = None


class RecordReadings(Submission):
    kind: ClassVar[str] = "readings"
    roles = ("clerk",)
    one_by_one: ClassVar[str | None] = "readings"

    readings: Annotated[tuple[Reading, ...], Field(min_length=1, max_length=1000), FailFast()]


class CorrectReadings(Submission):
    """Corrections; each is decided on its own."""

    kind: ClassVar[str] = "corrections"
    roles = ("clerk",)
    one_by_one: ClassVar[str | None] = "corrections"

    corrections: Annotated[tuple[Correction, ...], Field(min_length=1, max_length=1000), FailFast()]


class WithdrawReadings(Submission):
    """Withdrawals; each is decided on its own."""

    kind: ClassVar[str] = "withdrawals"
    roles = ("clerk",)
    one_by_one: ClassVar[str | None] = "withdrawals"

    withdrawals: Annotated[tuple[Withdrawal, ...], Field(min_length=1, max_length=1000), FailFast()]


class RecordedReading(Message):
    """A reading that counts, in its `version` (1 when recorded, one more for each correction)."""

    reading_id: str
    version: int
    observed_on: date
    field: str | None
    values: dict[str, int]


class ReplacedReading(RecordedReading):
    """A reading corrected (`values` count from now on) or withdrawn (`values` is empty), the reason, and by whom.

    `before` are the values until now; old announcements have none.
    """

    reason: str
    before: dict[str, int] | None = None
    by: str | None = None


class SubmissionReceipted(Event):
    """The result for each reading of one submission: recorded, corrected, withdrawn or refused.

    `by` and `by_account` are the account that sent it through the portal; null where a commune's machine did.
    """

    subject = "indicators.event.submission-receipted.v1"

    commune: str
    submission_id: str
    recorded: tuple[RecordedReading, ...] = ()
    corrected: tuple[ReplacedReading, ...] = ()
    withdrawn: tuple[ReplacedReading, ...] = ()
    refused: tuple[Refused, ...] = ()
    duplicates: int = 0
    by: str | None = None
    by_account: str | None = None
