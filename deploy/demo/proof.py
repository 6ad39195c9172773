"""The end of a demonstration: the history is exported and verified, and a byte that its owner changes is found."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection

from deploy.embedded.stack import Stack
from services.reporting.audit.proof.export import export
from shared.messaging.streams import SERVICES
from shared.record.checkpoints import checkpoints_of
from shared.record.sealing import seal
from shared.seals.key_file import read_key

DIGIT = re.compile(rb'"values":\{"[a-z-]+":(\d)')


@dataclass
class Proof:
    """The sentences of the verifier for the honest export, and what it finds after one byte of an event was changed."""

    right: list[str] = field(default_factory=list)
    position: int = 0
    found: list[str] = field(default_factory=list)


def prove(stack: Stack, folder: Path) -> Proof:
    """Leaves the honest export in `folder`, and the database as it was."""
    settings, shown = stack.settings(), Proof()
    shutil.rmtree(folder, ignore_errors=True)
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        for service in SERVICES:
            while seal(owner, service, read_key(stack.seal_key)):
                pass
        kept = checkpoints_of(owner, "indicators")[-1]  # as if somebody had written it down
        outside = f"indicators:{kept.size}:{kept.root_text}"
        export(settings, folder, None, lambda *_: None)
        shown.right = _verified(folder, outside)["right"]
        with _one_byte_changed(owner) as shown.position:
            altered = stack.folder / "altered-export"
            export(settings, altered, None, lambda *_: None)
        shown.found = [each["sentence"] for each in _verified(altered, outside)["findings"]]
        shutil.rmtree(altered)
    return shown


def _verified(folder: Path, outside: str) -> dict[str, Any]:
    """What `verify.py` of an export answers, as whoever got the export would run it: with Python and nothing else."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), "--json", "--checkpoint", outside]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own command
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@contextmanager
def _one_byte_changed(owner: Connection) -> Iterator[int]:
    """A digit of the last reading that was recorded, for as long as the block runs; the position of its event."""
    rows = owner.execute(
        "SELECT notification_id, state FROM indicators.indicators_events ORDER BY notification_id DESC"
    )
    position, state, found = next((p, s, f) for p, s in rows if (f := DIGIT.search(s)))
    altered = state[: found.start(1)] + (b"8" if found[1] == b"9" else b"9") + state[found.end(1) :]
    change = "UPDATE indicators.indicators_events SET state = %s WHERE notification_id = %s"
    owner.execute("ALTER TABLE indicators.indicators_events DISABLE TRIGGER refuse_change")
    try:
        owner.execute(change, (altered, position))
        yield int(position)
    finally:
        owner.execute(change, (state, position))
        owner.execute("ALTER TABLE indicators.indicators_events ENABLE ALWAYS TRIGGER refuse_change")
