"""An edition examined: computed again, with its seals and the proof that it is in the history."""

from datetime import date, datetime

from shared.contracts import Message, ProvinceQuestion
from shared.contracts.reporting.values import EDITION_READERS, EditionNumber, OfPeriod


class ShownSeal(Message):
    """A checkpoint that covers what an edition rests on: `size` events of a service under `root` (base64), signed."""

    service: str
    position: int
    size: int
    root: str
    note: str
    sealed_at: datetime


class ShownInclusion(Message):
    """The proof of RFC 9162 that the event is in the tree of a checkpoint: `hashes` (hex) from its leaf up."""

    position: int
    index: int
    size: int
    leaf: str
    root: str
    hashes: tuple[str, ...]
    holds: bool


class AuditedEdition(Message):
    """An edition examined: its bytes were hashed again, and its content computed again from Reporting's tables.

    `differs` are the parts of the content that come out otherwise; `not_computed` says why it was not computed again.
    `seals` cover the positions on which it rests; `inclusion` is that of its publication, None where not sealed yet.
    """

    regime: str
    period: str
    edition: int
    last: int
    published_at: datetime
    by: str
    reason: str
    known_at: date
    content_sha256: str
    bytes: int
    computed_sha256: str | None
    differs: tuple[str, ...]
    not_computed: str | None
    positions: dict[str, int]
    pins: dict[str, str]
    seals: tuple[ShownSeal, ...]
    inclusion: ShownInclusion | None


class AuditEdition(OfPeriod, ProvinceQuestion[AuditedEdition]):
    """An edition examined: hashed and computed again, with its seals and the proof that it is in the history."""

    subject = "reporting.query.edition-audit.v1"
    roles = EDITION_READERS

    edition: EditionNumber
