"""What the province refused is written to a file that `readings push` takes once it is mended."""

from datetime import UTC, date, datetime
from pathlib import Path

from services.indicators.readings_file import read_readings
from services.indicators.readings_file.refused_rows import rows_of_refused, write_refused_rows
from shared.contracts.indicators import ReadingState, ReadingVersion


def version(reading_id: str, state: ReadingState, received: int = 3, day: int = 1) -> ReadingVersion:
    is_refused = state == "refused"
    return ReadingVersion(
        reading_id=reading_id, state=state, version=None if is_refused else 1, observed_on=date(2025, 9, day),
        field="land", values={"files-received": received}, before={}, submission_id="s1",
        recorded_at=datetime(2025, 9, 15, tzinfo=UTC), reason=None, by=None,
        rule="numerator-over-denominator" if is_refused else None,
        sentence="tử số lớn hơn mẫu số" if is_refused else None,
    )  # fmt: skip


def test_each_refused_reading_is_written_once_and_read_again(tmp_path: Path) -> None:
    refused = [
        version("20250901-land", "refused", 1),
        version("20250901-land", "refused", 2),
        version("q-7", "refused"),
    ]
    rows = rows_of_refused(refused)
    assert [row.reasons for row in rows] == [("tử số lớn hơn mẫu số",)] * 2
    write_refused_rows(tmp_path / "sua.xlsx", rows)
    read = read_readings(tmp_path / "sua.xlsx")
    assert {one.reading_id: one.values["files-received"] for one in read.readings} == {"20250901-land": 2, "q-7": 3}
    assert read.refused == []


def test_a_reading_that_was_recorded_since_is_not_written() -> None:
    readings = [version("20250901-land", "refused"), version("20250901-land", "recorded"), version("b", "withdrawn")]
    assert rows_of_refused(readings) == []
