"""The bytes of evidence files, once by their hash, and the parts of files that are on their way.

No table follows from events: the bytes come first, and an event names them afterwards. What no event names is harmless.
"""

from collections.abc import Iterable
from typing import LiteralString, NamedTuple

from psycopg_pool import ConnectionPool

from services.planning.domain.tasks.evidence import MOST_UPLOADS, UPLOAD_KEPT
from shared.contracts.planning import LARGEST_FILE

# Stored as they are, so that a part of a file is read without the rest of it: what is taken is compressed already.
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS evidence_files (
    sha256 text PRIMARY KEY, size int NOT NULL, media_type text NOT NULL, content bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE evidence_files ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS evidence_senders (
    sha256 text NOT NULL REFERENCES evidence_files, commune text NOT NULL, PRIMARY KEY (sha256, commune)
);
CREATE TABLE IF NOT EXISTS evidence_scans (
    sha256 text PRIMARY KEY REFERENCES evidence_files, scanned_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS evidence_parts (
    upload text NOT NULL, commune text NOT NULL, part int NOT NULL, content bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (commune, upload, part)
);
"""
NOTE_SCANNED: LiteralString = "INSERT INTO evidence_scans (sha256) VALUES (%s) ON CONFLICT DO NOTHING"


class KeptFile(NamedTuple):
    sha256: str
    size: int
    media_type: str


class Evidence:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def of_commune(self, commune: str, hashes: Iterable[str]) -> dict[str, KeptFile]:
        """Those of these files that the commune has sent whole, by hash."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT sha256, size, media_type FROM evidence_files JOIN evidence_senders USING (sha256)"
                " WHERE commune = %s AND sha256 = ANY(%s)",
                (commune, sorted(set(hashes))),
            )
            return {row[0]: KeptFile(*row) for row in rows}

    def keep_part(self, commune: str, upload: str, part: int, content: bytes) -> bool:
        """The same part again changes nothing. False where too many uploads of the commune are not complete."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM evidence_parts WHERE kept_at < now() - %s", (UPLOAD_KEPT,))
            others = connection.execute(
                "SELECT count(DISTINCT upload) FROM evidence_parts WHERE commune = %s AND upload <> %s",
                (commune, upload),
            ).fetchone()
            if others and others[0] >= MOST_UPLOADS:
                return False
            connection.execute(
                "INSERT INTO evidence_parts (commune, upload, part, content) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                (commune, upload, part, content),
            )
        return True

    def sent(self, commune: str, upload: str) -> bytes:
        """All parts that are there, in their order."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT content FROM evidence_parts WHERE commune = %s AND upload = %s ORDER BY part", (commune, upload)
            )
            return b"".join(bytes(content) for (content,) in rows)

    def keep(self, commune: str, file: KeptFile, content: bytes, *, scanned: bool) -> None:
        """The whole file, once whoever sends it. `scanned`: no virus was found in it."""
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO evidence_files (sha256, size, media_type, content) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                (*file, content),
            )
            connection.execute(
                "INSERT INTO evidence_senders (sha256, commune) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (file.sha256, commune),
            )
            if scanned:
                connection.execute(NOTE_SCANNED, (file.sha256,))

    def is_scanned(self, sha256: str) -> bool:
        """Also where there is no such file."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT 1 FROM evidence_files LEFT JOIN evidence_scans USING (sha256)"
                " WHERE sha256 = %s AND scanned_at IS NULL",
                (sha256,),
            ).fetchone()
        return row is None

    def note_scanned(self, sha256: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(NOTE_SCANNED, (sha256,))

    def content_of(self, sha256: str) -> bytes:
        return self.part_of(sha256, 0, LARGEST_FILE)

    def forget(self, commune: str, upload: str) -> None:
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM evidence_parts WHERE commune = %s AND upload = %s", (commune, upload))

    def part_of(self, sha256: str, start: int, size: int) -> bytes:
        """`size` bytes of a file from `start` on, fewer at its end; empty where there is no such file."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT substring(content FROM %s FOR %s) FROM evidence_files WHERE sha256 = %s",
                (start + 1, size, sha256),
            ).fetchone()
        return bytes(row[0]) if row else b""
