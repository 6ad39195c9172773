"""An evidence file of a task: what its events carry of it. Its bytes are kept beside them, once, by their hash."""

from datetime import timedelta
from typing import NamedTuple

MOST_FILES = 50  # of one task
MOST_UPLOADS = 10  # of one commune that are not complete
UPLOAD_KEPT = timedelta(days=1)  # a part of a file that is not complete


class EvidenceFile(NamedTuple):
    """`sha256` in hex, `size` in bytes; `media_type` is what the content is, whatever the name says.

    Both of these are None of a file whose bytes are not there.
    """

    sha256: str
    name: str
    size: int | None = None
    media_type: str | None = None

    def stored(self) -> dict[str, str | int]:
        return {name: value for name, value in self._asdict().items() if value is not None}
