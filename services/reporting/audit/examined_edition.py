"""An edition examined for a page: hashed, computed again from Reporting's tables, with its seals and its proof.

`editions.py` computes it again from the event stores, with the auditor's rights.
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from typing import NamedTuple

from psycopg import Connection

from services.reporting.application import Reporting
from services.reporting.application.published_editions import PublishedEdition
from services.reporting.audit.editions import differing_parts, question_of
from services.reporting.audit.figures import COUNTED_FROM
from services.reporting.domain.refusal import NothingKnown
from services.reporting.read_models.seals import Seal
from services.reporting.rendering.canonical_json import canonical_json, sha256_of
from shared.clock import end_of
from shared.contracts.reporting import AuditedEdition, ShownInclusion, ShownSeal
from shared.periods import Period
from shared.record.checkpoints import leaves_of, rows_after
from shared.seals.canonical import canonical_line
from shared.seals.merkle import hash_of_tree, inclusion_path, leaf_hash, proof, proves_inclusion
from shared.vietnamese import date_text

LATER = (
    "Trong ngày {} còn có sự kiện được ghi sau khi công bố, nên bảng của hết ngày đó có thể khác; lệnh dưới đây tính"
    " lại đúng đến vị trí mà lần công bố dựa vào."
)


class Again(NamedTuple):
    """The hash of the content computed again, and the parts that differ; or the sentence why it was not."""

    sha256: str | None = None
    differs: Sequence[str] = ()
    reason: str | None = None


def examined(reporting: Reporting, province: str, period: Period, number: int, regime: str) -> AuditedEdition:
    """NothingKnown where there is no such edition; Altered where its stored bytes have another hash."""
    edition = reporting.edition(province, period, number, regime=regime)
    again, report = _again(reporting, edition), edition.report
    with reporting.knowledge.connection() as connection:
        inclusion = _inclusion(connection, edition)
    return AuditedEdition(
        regime=regime,
        period=period.name,
        edition=edition.number,
        last=edition.last,
        published_at=edition.published_at,
        by=edition.by,
        reason=edition.reason,
        known_at=report.known_at,
        content_sha256=edition.content_sha256,
        bytes=len(edition.content),
        computed_sha256=again.sha256,
        differs=tuple(again.differs),
        not_computed=again.reason,
        positions=dict(report.positions),
        pins=dict(report.pins),
        seals=tuple(map(_seal, edition.seals)),
        inclusion=inclusion,
    )


def _again(reporting: Reporting, edition: PublishedEdition) -> Again:
    published = edition.report
    known = reporting.positions_at(end_of(published.known_at))
    if any(known.get(service, 0) > published.positions.get(service, 0) for service in COUNTED_FROM):
        return Again(reason=LATER.format(date_text(published.known_at)))
    try:
        question = question_of(published, reporting.rulebook, reporting.calendar.known_on(published.known_at))
        content = canonical_json(reporting.computed_again(published, question))
    except NothingKnown as nothing:
        return Again(reason=str(nothing))
    return Again(sha256_of(content), differing_parts(json.loads(edition.content), json.loads(content)))


def _seal(seal: Seal) -> ShownSeal:
    return ShownSeal(
        service=seal.service,
        position=seal.position,
        size=seal.size,
        root=seal.root,
        note=seal.note,
        sealed_at=seal.sealed_at,
    )


def _inclusion(connection: Connection, edition: PublishedEdition) -> ShownInclusion | None:
    """Of the event that published the edition, whose leaf is hashed again from the event as it is stored."""
    seal = next((each for each in edition.seals if each.service == "reporting"), None)
    if seal is None or edition.position is None:
        return None
    sealed = list(leaves_of(connection, "reporting", seal.size))
    index = next((n for n, (position, _, _) in enumerate(sealed) if position == edition.position), None)
    stored = rows_after(connection, "reporting", edition.position - 1, edition.position)
    if index is None or not stored:
        return None
    leaf = leaf_hash(canonical_line("reporting", stored[0]))
    hashes = proof(inclusion_path(index, seal.size), hash_of_tree([each for _, _, each in sealed]))
    return ShownInclusion(
        position=edition.position,
        index=index,
        size=seal.size,
        leaf=leaf.hex(),
        root=seal.root,
        hashes=tuple(each.hex() for each in hashes),
        holds=proves_inclusion(leaf, index, seal.size, b64decode(seal.root), hashes),
    )
