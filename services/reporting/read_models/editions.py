"""The contents of submitted and published reports, kept for ever: by their hash, and by report and edition."""

from hashlib import sha256
from typing import LiteralString

from psycopg_pool import ConnectionPool

from shared.record.event_store import Statement
from shared.record.pool import reading

# Rows are added and never changed. `editions` is older than `contents` and holds the content of each edition too.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS contents (sha256 text PRIMARY KEY, content text NOT NULL);
CREATE TABLE IF NOT EXISTS editions (
    report_id text, edition int, content text NOT NULL, PRIMARY KEY (report_id, edition)
);
"""


class Altered(Exception):
    """The stored content is not the signed one: its hash differs, or it is gone. The message says which."""


def keep(content: bytes) -> Statement:
    """A content under its hash; the same content is kept once."""
    row = (sha256(content).hexdigest(), content.decode())
    return "INSERT INTO contents VALUES (%s, %s) ON CONFLICT DO NOTHING", row


def keep_edition(report_id: str, edition: int, content: bytes) -> Statement:
    return "INSERT INTO editions VALUES (%s, %s, %s)", (report_id, edition, content.decode())


class Contents:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def of(self, digest: str) -> bytes:
        """The content under a hash. Altered, when the stored content has another one."""
        return self.all_of([digest])[digest]

    def all_of(self, digests: list[str]) -> dict[str, bytes]:
        """By hash. Altered as in `of`."""
        with reading(self._pool) as connection:
            rows = connection.execute("SELECT sha256, content FROM contents WHERE sha256 = ANY(%s)", (digests,))
            found = {digest: content.encode() for digest, content in rows.fetchall()}
        return {digest: _verified(found.get(digest), digest) for digest in digests}

    def of_edition(self, report_id: str, edition: int, digest: str) -> bytes:
        """The content of an edition, which was published with this hash. Altered, when it has another one."""
        with reading(self._pool) as connection:
            row = connection.execute(
                "SELECT content FROM editions WHERE report_id = %s AND edition = %s", (report_id, edition)
            ).fetchone()
        return _verified(row[0].encode() if row else None, digest)


def _verified(content: bytes | None, digest: str) -> bytes:
    if content is None:
        raise Altered(f"NỘI DUNG ĐÃ MẤT: không còn bản ghi có mã kiểm chứng {digest}.")
    found = sha256(content).hexdigest()
    if found != digest:
        raise Altered(f"NỘI DUNG ĐÃ BỊ THAY ĐỔI: mã kiểm chứng là {found}, khi ký là {digest}.")
    return content
