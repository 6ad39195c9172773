"""minhbach readings list | show: what the province has of a commune's readings, asked over the broker."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.indicators.cli.readings.changes import Day, FieldName, ReadingId, reading_id_of
from services.indicators.cli.readings.files import check_rejects, field_named
from services.indicators.cli.readings.unusual import print_unusual
from services.indicators.wording import STATES
from shared.cli import chosen, fail, out
from shared.cli.answers import answered
from shared.cli.options import AsJson, day_option
from shared.cli.printing import print_json, print_table
from shared.cli.sending import OwnCommune, own_broker
from shared.clock import VIETNAM
from shared.commune_client.broker import Broker
from shared.contracts.indicators import (
    MOST_READINGS,
    ListReadings,
    ReadingVersion,
    ShowReading,
)
from shared.faults import fault_text
from shared.vietnamese import MISSING, date_text, mid_sentence, number, person_text

SHOWN_MEASURES = 3
MOST_TO_MEND = 100_000  # as a file of readings has

KnownAt = Annotated[
    date | None,
    day_option("--known-at", help="theo những gì tỉnh đã biết đến hết ngày này; nếu bỏ trống là bây giờ"),
]


def list_readings(
    commune: OwnCommune = None,
    *,
    first: Annotated[date | None, day_option("--from", help="từ ngày, ví dụ 1/7/2025")] = None,
    last: Annotated[date | None, day_option("--until", help="đến hết ngày")] = None,
    field: Annotated[str, typer.Option("--field", help="chỉ một lĩnh vực: tên hoặc mã")] = "",
    indicator: Annotated[
        str | None, typer.Option("--indicator", help="chỉ số liệu mà chỉ số này dùng, theo mã")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help=", ".join(f"{one} ({word})" for one, word in STATES.items()))
    ] = None,
    unusual: Annotated[bool, typer.Option("--unusual", help="chỉ số liệu khác xa mức thường có của đơn vị")] = False,
    known_at: KnownAt = None,
    skip: Annotated[int, typer.Option("--skip", min=0, max=10_000_000, help="bỏ qua các số liệu đầu")] = 0,
    most: Annotated[int, typer.Option("--most", min=1, max=MOST_READINGS, help="nhiều nhất chừng này số liệu")] = 100,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="ghi số liệu bị từ chối, chưa sửa, ra tệp XLSX này để sửa rồi gửi")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Số liệu của đơn vị mà tỉnh đã nhận: đang tính, đã đính chính, đã rút, bị từ chối."""
    broker, commune = own_broker(commune)
    if state:
        chosen(state, list(STATES), "tình trạng số liệu")
    question = ListReadings.model_validate(
        {
            "commune": commune, "observed_from": first, "observed_until": last, "indicator": indicator,
            "field": field_named(field, commune) if field else None, "state": state, "known_at": known_at,
            "skip": skip, "most": most, "unusual": unusual,
        }
    )  # fmt: skip
    if rejects:
        _write_rejects(rejects, commune, _every(broker, question))
        return
    found = answered(broker, question).answer
    if as_json:
        print_json({"commune": commune} | found.model_dump(mode="json"))
        return
    if not found.readings:
        named = _named(commune, found.name)
        none = f"{named} không có số liệu nào như vậy."
        out.print(none if not skip else f"{named} chỉ có {number(found.total)} số liệu như vậy.")
        return
    fields, titles = _field_titles(), _measure_titles()
    rows = [
        (one.reading_id, date_text(one.observed_on), fields.get(one.field or "", one.field or "chung"),
         STATES[one.state], _contents(one, titles))
        for one in found.readings
    ]  # fmt: skip
    print_table(("Mã số liệu", "Ngày", "Lĩnh vực", "Tình trạng", "Nội dung"), rows, fixed=("Ngày",))
    print_unusual(found.readings, found.usual)
    shown = skip + len(found.readings)
    of_commune = mid_sentence(found.name) if found.name else f"đơn vị {commune}"
    out.print(f"\nSố liệu {number(skip + 1)} đến {number(shown)} trong {number(found.total)} của {of_commune}.")
    if shown < found.total:
        out.print(f"Xem tiếp: thêm --skip {shown}", markup=False)


def _named(commune: str, name: str | None) -> str:
    return name or f"Đơn vị {commune}"


def _every(broker: Broker, question: ListReadings) -> list[ReadingVersion]:
    """All that match, page by page, whatever their state."""
    found: list[ReadingVersion] = []
    while True:
        page = question.model_copy(update={"state": None, "skip": len(found), "most": MOST_READINGS})
        answer = answered(broker, page).answer
        found += answer.readings
        if len(found) >= min(answer.total, MOST_TO_MEND) or not answer.readings:
            return found


def _write_rejects(path: Path, commune: str, readings: Sequence[ReadingVersion]) -> None:
    """The refused readings, without those that were recorded under the same id since."""
    from services.indicators.readings_file.refused_rows import rows_of_refused, write_refused_rows

    rows = rows_of_refused(readings)
    if not rows:
        out.print(f"Đơn vị {commune} không có số liệu nào bị từ chối mà chưa sửa.")
        return
    check_rejects(path)
    try:
        write_refused_rows(path, rows)
    except OSError as fault:
        fail(f"{path}: không ghi được ({fault_text(fault)})")
    out.print(f"{number(len(rows))} số liệu phải sửa được ghi vào {path}; sửa xong hãy gửi tệp đó.", soft_wrap=True)


def show(
    reading: ReadingId = None,
    *,
    day: Day = None,
    field: FieldName = "",
    commune: OwnCommune = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Một số liệu với mọi lần ghi nhận, đính chính, rút và từ chối: khi nào, số nào, ai, vì sao."""
    broker, commune = own_broker(commune)
    reading_id = reading_id_of(reading, day, field, commune)
    history = answered(broker, ShowReading(commune=commune, reading_id=reading_id, known_at=known_at)).answer
    if as_json:
        print_json({"commune": commune} | history.model_dump(mode="json"))
        return
    titles, fields = _measure_titles(), _field_titles()
    first = history.versions[0]
    field_title = fields.get(first.field or "", first.field or "chung")
    out.print(
        f"Số liệu {reading_id} của đơn vị {commune}, ngày {date_text(first.observed_on)}, lĩnh vực: {field_title}",
        markup=False,
    )
    for version in history.versions:
        out.print(f"\n{_heading(version)}", markup=False)
        rows = list(_measures(version, titles))
        if rows:
            print_table(("Số đo", "Trước", "Nay"), rows, fixed=("Trước", "Nay"))


def _heading(version: ReadingVersion) -> str:
    local = version.recorded_at.astimezone(VIETNAM)
    at = f"{local:%H:%M} ngày {date_text(local.date())}"
    number_of = f"Phiên bản {version.version}, " if version.version and version.state != "refused" else ""
    by = f"; người thực hiện: {person_text(version.by, version.by_account)}" if version.by else ""
    reason = f"; lý do: {version.reason}" if version.reason else ""
    refusal = f": {version.sentence}" if version.sentence else ""
    state = STATES[version.state]
    return f"{number_of}{state if number_of else state.capitalize()} lúc {at}{refusal}{by}{reason}"


def _measures(version: ReadingVersion, titles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for measure in dict.fromkeys([*version.before, *version.values]):
        before, now = version.before.get(measure), version.values.get(measure)
        yield titles.get(measure, measure), number(before), number(now)


def _contents(reading: ReadingVersion, titles: Mapping[str, str]) -> str:
    """The sentence of a refusal, or the first counts."""
    if reading.sentence:
        return reading.sentence
    counts = [f"{titles.get(measure, measure)}: {number(count)}" for measure, count in reading.values.items()]
    more = f"; và {len(counts) - SHOWN_MEASURES} số đo khác" if len(counts) > SHOWN_MEASURES else ""
    return "; ".join(counts[:SHOWN_MEASURES]) + more or MISSING


def _field_titles() -> Mapping[str, str]:
    from services.indicators.readings_file.names.known import field_titles

    return field_titles()


def _measure_titles() -> Mapping[str, str]:
    from services.indicators.readings_file.names.known import measure_titles

    return measure_titles()
