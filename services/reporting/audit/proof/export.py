"""Exports the sealed histories, their checkpoints, and the published editions with proofs, as plain files."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from psycopg import Connection

from services.reporting.audit.explaining.stored_facts import snapshot_name, stores
from services.reporting.audit.proof import event_files, verify
from services.reporting.audit.proof.event_files import remove_files, write_events, write_json_lines, write_sealed
from services.reporting.domain.lifecycle.province_report import Report
from shared.clock import end_of
from shared.messaging.streams import SERVICES
from shared.other_process import beside
from shared.record.checkpoints import LAST_POSITION, Sealed, checkpoints_of, keys_of_service, last_known, leaves_of
from shared.seals.merkle import hash_of_tree, inclusion_path, proof
from shared.settings import Settings

FORMAT = "minhbach export 1"
PUBLISHED = (Report.Published.TOPIC, Report.Restated.TOPIC)
# Without gzip nothing of Python 3.11 reads a packed file; zstd comes to its standard library with 3.14 only.
READ_ME = """Bản xuất các sổ sự kiện của Minh Bạch, để kiểm tra mà không cần chương trình, máy chủ hay mạng.

    python3 verify.py
    python3 verify.py --checkpoint indicators:1234:MÃ-GỐC-IN-TRÊN-BÁO-CÁO
    python3 verify.py --checkpoint THƯ-MỤC-CỦA-BÊN-LÀM-CHỨNG --key KHÓA-GHI-Ở-NƠI-KHÁC

Chỉ cần Python 3.11 trở lên. Hãy chạy một bản verify.py lấy từ nơi đáng tin, không phải bản đi kèm dữ liệu bị ngờ.

<sổ>/events-*.jsonl.gz   mỗi dòng một sự kiện, đúng những byte được niêm phong
<sổ>/sealed-*.jsonl.gz   vị trí, thời điểm và mã băm của từng sự kiện khi được niêm phong
<sổ>/checkpoints.jsonl   các niêm phong đã ký, mỗi niêm phong kèm bằng chứng nối tiếp niêm phong trước
<sổ>/keys.jsonl          các khóa, mỗi khóa sau được khóa trước ký
reporting/editions/      nội dung các lần công bố
reporting/proofs.jsonl   bằng chứng mỗi lần công bố nằm trong sổ
"""

Progress = Callable[[str, int, int], object]


class NothingSealed(Exception):
    """There is no checkpoint that could be exported; the message is the sentence."""


@dataclass(frozen=True)
class Exported:
    """The last checkpoint of each exported history, and the editions that rest on events which are not sealed yet."""

    last: Sequence[Sealed]
    unsealed: Sequence[str]


def export(settings: Settings, folder: Path, until: date | None, progress: Progress) -> Exported:
    """Write or complete an export, up to the last checkpoint or the last one of a day.

    Interrupted, it goes on later; one that was complete is written anew: nothing old hides what was altered.
    `progress` is called with a service, how many of its events a file has, and how many there are. NothingSealed where
    no history has a checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _begin_anew(folder)
    with stores(settings) as connection:
        write = partial(_write_files, settings, connection, progress=progress)
        last = [each for service in SERVICES if (each := _history(connection, service, folder, until, write))]
        if not last:
            raise NothingSealed("Chưa có niêm phong nào để xuất.")
        positions = {each.service: each.position for each in last}
        reporting = next((each for each in last if each.service == "reporting"), None)
        unsealed = _editions(connection, folder / "reporting", reporting, positions) if reporting else []
    shutil.copyfile(verify.__file__, folder / "verify.py")
    (folder / "DOC-TRUOC.txt").write_text(READ_ME, encoding="utf-8")
    described = {
        "format": FORMAT,
        "exported_at": datetime.now(UTC).isoformat(),
        "until": until.isoformat() if until else None,
        "histories": {each.service: {"events": each.size, "root": each.root_text} for each in last},
    }
    (folder / "export.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    return Exported(last, unsealed)


def _begin_anew(folder: Path) -> None:
    described = folder / "export.json"
    if described.exists():
        for service in SERVICES:
            remove_files(folder / service)
        described.unlink()


def _history(
    connection: Connection, service: str, folder: Path, until: date | None, write: Callable[[str, Path, int], object]
) -> Sealed | None:
    position = last_known(connection, service, end_of(until)) if until else LAST_POSITION
    checkpoints = checkpoints_of(connection, service, until=position)
    if not checkpoints:
        return None
    last, place = checkpoints[-1], folder / service
    place.mkdir(exist_ok=True)
    write(service, place, last.size)
    write_json_lines(place / "checkpoints.jsonl", map(_row, checkpoints))
    keys = keys_of_service(connection, service)
    write_json_lines(place / "keys.jsonl", ({"verifier_key": key, "rotation": rotation} for key, rotation in keys))
    return last


def _write_files(
    settings: Settings, connection: Connection, service: str, folder: Path, size: int, *, progress: Progress
) -> None:
    """The events, and how they were sealed; where these are more than a file, in a process of its own."""

    def events() -> None:
        write_events(connection, service, folder, size, lambda wrote: progress(service, wrote, size))

    if size <= event_files.EVENTS_OF_A_FILE:
        events()
        write_sealed(connection, service, folder, size)
        return
    with beside(partial(_write_sealed, settings, snapshot_name(connection), service, folder, size)) as written:
        events()
        written()


def _write_sealed(settings: Settings, snapshot: str, service: str, folder: Path, size: int) -> None:
    with stores(settings, snapshot) as connection:
        write_sealed(connection, service, folder, size)


def _row(sealed: Sealed) -> dict[str, Any]:
    return {
        "size": sealed.size,
        "position": sealed.position,
        "root": sealed.root_text,
        "sealed_at": sealed.sealed_at.isoformat(),
        "note": sealed.note,
        "previous_size": sealed.previous_size,
        "proof": [each.hex() for each in sealed.proof],
    }


def _editions(connection: Connection, folder: Path, last: Sealed, positions: dict[str, int]) -> list[str]:
    """Write each edition's content and the proof that its publication is in the history. Names those not sealed."""
    (folder / "editions").mkdir(exist_ok=True)
    sealed = list(leaves_of(connection, "reporting", last.size))
    index_of = {position: index for index, (position, _, _) in enumerate(sealed)}
    hash_of = hash_of_tree([leaf for _, _, leaf in sealed])
    proofs, unsealed = [], []
    events = connection.execute(
        "SELECT notification_id, originator_id::text, state FROM reporting.reporting_events"
        " WHERE topic = ANY(%s) AND notification_id <= %s ORDER BY notification_id",
        (list(PUBLISHED), last.position),
    ).fetchall()
    for position, report_id, state in events:
        edition = _edition_of(state)
        row = connection.execute(
            "SELECT content FROM reporting.editions WHERE report_id = %s AND edition = %s",
            (report_id, edition.get("edition")),
        ).fetchone()
        if row:
            path = folder / "editions" / f"{report_id}-{edition['edition']}.json"
            path.write_bytes(row[0].encode())
        if (index := index_of.get(position)) is not None:
            shown = proof(inclusion_path(index, last.size), hash_of)
            proofs.append({"position": position, "size": last.size, "proof": [each.hex() for each in shown]})
        if any(until > positions.get(service, 0) for service, until in edition.get("positions", {}).items()):
            unsealed.append(f"{edition.get('period')} lần {edition.get('edition')}")
    write_json_lines(folder / "proofs.jsonl", proofs)
    return unsealed


def _edition_of(state: bytes) -> dict[str, Any]:
    """The stored fields of a publication; none where somebody made them unreadable, which the verifier will say."""
    try:
        fields = json.loads(state)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) and isinstance(fields.get("edition"), int) else {}
