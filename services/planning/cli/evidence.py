"""Sends a file of evidence to the province in parts, before a step attaches it to a task."""

import hashlib
from base64 import b64encode
from pathlib import Path

from pydantic import ValidationError

from services.planning.wording import EVIDENCE_TOO_LARGE
from shared.cli import fail
from shared.cli.answers import answered
from shared.commune_client.broker import Broker
from shared.contracts.planning import LARGEST_FILE, PART, NamedFile, SendEvidencePart
from shared.faults import fault_text

# The province checks a file while the person waits: one that was refused days later would have no one to mend it.
NOT_KEPT = "tệp chưa được gửi và không được giữ lại trên máy này, hãy chạy lại lệnh này khi có kết nối"


def send_file(file: Path, broker: Broker, commune: str, body: str | None) -> NamedFile:
    """The file by its hash, once the province has all of it; the same file again is sent no second time.

    Ends the command (1 or 2) with the sentence why it is not taken.
    """
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            fail(EVIDENCE_TOO_LARGE, 2)
        content = file.read_bytes()
    except OSError as fault:
        fail(f"{file}: không mở được ({fault_text(fault)})", 2)
    digest = hashlib.sha256(content).hexdigest()
    try:
        named = NamedFile(sha256=digest, name=file.name)
    except ValidationError:
        fail(f"{file.name!r}: tên tệp không dùng được; hãy đổi tên tệp.", 2)
    for number in range(max(-(-len(content) // PART), 1)):
        part = SendEvidencePart(
            commune=commune,
            body=body,
            upload=f"may-{digest[:32]}",
            sha256=digest,
            size=len(content),
            part=number,
            content=b64encode(content[number * PART : (number + 1) * PART]),
        )
        if answered(broker, part, away=NOT_KEPT).answer.media_type:
            break
    return named
