"""Takes the cells and rows that hold nothing out of a sheet before it is parsed: a formatted column has a million."""

import re
from typing import IO

CHUNK_BYTES = 1024 * 1024
# Only cells and rows that say where they stand: one that does not is counted.
EMPTY_CELLS = re.compile(rb'(?:<c r="[^<>]*(?:/>|></c>))+')
EMPTY_ROW = re.compile(rb'<row r="[^<>]*(?:/>|>\s*</row>)')
ROW = b"<row "


class FilledCells:
    """A sheet's XML as a file to be read, without empty cells and rows."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._rest = b""

    def read(self, _size: int = -1) -> bytes:
        """The next part of the XML, of any length; b"" at the end."""
        while chunk := self._source.read(CHUNK_BYTES):
            filtered = EMPTY_ROW.sub(b"", EMPTY_CELLS.sub(b"", self._rest + chunk))
            # What may go on in the next chunk waits for it: the last row, or else the last tag.
            cut = max(filtered.rfind(ROW), 0) or filtered.rfind(b"<")
            if len(filtered) - cut > CHUNK_BYTES:
                cut = filtered.rfind(b"<")
            ready, self._rest = (filtered[:cut], filtered[cut:]) if cut > 0 else (b"", filtered)
            if ready:
                return ready
            if len(self._rest) > CHUNK_BYTES:
                break
        ready, self._rest = self._rest, b""
        return ready
