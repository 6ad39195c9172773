"""Guarded opening of the zip archive that an office file is: member count, encryption, sizes and compression ratio."""

import io
import struct
import zipfile
import zlib
from typing import Literal

Problem = Literal[
    "damaged", "encrypted", "too-many-parts", "too-large", "too-compressed", "foreign-compression", "false-size"
]

PART_MARK = b"PK\x01\x02"
LOCAL_HEADER_BYTES = 30
CHUNK_BYTES = 64 * 1024


class UnsafeArchive(Exception):
    """An archive that is not opened or not read on; each reader has its own sentence for the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Archive:
    """The parts of an office file by their names.

    Raises `UnsafeArchive` for more than `max_parts` parts, a broken directory and an encrypted part. Nothing is
    unfolded yet: `read` does so up to a limit, `check_sizes` must come first where a library reads the whole file.
    """

    def __init__(self, content: bytes, max_parts: int) -> None:
        # Every part has this mark, and counting marks is cheaper than letting zipfile list a million parts.
        if content.count(PART_MARK) > max_parts:
            raise UnsafeArchive("too-many-parts")
        self._content = content
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._parts = {part.filename: part for part in self._zip.infolist()}
        except Exception as error:  # zipfile of Python 3.11 raises whatever a broken directory makes of it
            raise UnsafeArchive("damaged") from error
        if any(part.flag_bits & 1 for part in self._zip.infolist()):
            raise UnsafeArchive("encrypted")

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._parts)

    def size_of(self, name: str) -> int:
        """The unfolded size that a part declares, in bytes."""
        return self._parts[name].file_size

    def read(self, name: str, at_most: int) -> bytes:
        """A part; one of more than `at_most` bytes is refused before it is unfolded whole."""
        content = self.beginning(name, at_most + 1)
        if len(content) > at_most:
            raise UnsafeArchive("too-large")
        return content

    def beginning(self, name: str, size: int) -> bytes:
        """The first bytes of a part."""
        try:
            with self._zip.open(self._parts[name]) as part:
                return part.read(size)
        except MemoryError:
            raise
        except Exception as error:  # as above: zlib's own, KeyError, NotImplementedError, EOFError
            raise UnsafeArchive("damaged") from error

    def check_sizes(self, max_bytes: int, max_ratio: int) -> None:
        """Raises `UnsafeArchive` where all parts together, or one part, unfold too far or not to their declared size.

        Also refuses compression other than Deflate, which office programs do not use: its parts cannot be checked.
        """
        try:
            problem = self._size_problem(max_bytes, max_ratio)
        except Exception as error:  # struct's and zlib's own, for headers that lie
            raise UnsafeArchive("damaged") from error
        if problem:
            raise UnsafeArchive(problem)

    def _size_problem(self, max_bytes: int, max_ratio: int) -> Problem | None:
        parts = self._zip.infolist()
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            return "foreign-compression"
        unfolded, folded = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
        if unfolded > max_bytes:
            return "too-large"
        if unfolded > max_ratio * folded or any(part.file_size > max_ratio * part.compress_size for part in parts):
            return "too-compressed"
        return None if all(map(self._has_declared_size, parts)) else "false-size"

    def _has_declared_size(self, part: zipfile.ZipInfo) -> bool:
        """`ZipExtFile.read()` of Python 3.11 unfolds all of a part first and then cuts it to the size it declares."""
        names = struct.unpack_from("<HH", self._content, part.header_offset + LOCAL_HEADER_BYTES - 4)
        start = part.header_offset + LOCAL_HEADER_BYTES + sum(names)
        folded = memoryview(self._content)[start : start + part.compress_size]
        if part.compress_type == zipfile.ZIP_STORED:
            return len(folded) == part.file_size
        unfolding, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
        for at in range(0, len(folded), CHUNK_BYTES):
            waiting: bytes | memoryview = folded[at : at + CHUNK_BYTES]
            while waiting:
                size += len(unfolding.decompress(waiting, CHUNK_BYTES))
                waiting = unfolding.unconsumed_tail
                if size > part.file_size:
                    return False
            if unfolding.eof:
                break
        return size + len(unfolding.flush()) == part.file_size
