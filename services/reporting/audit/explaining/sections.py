"""An explanation in sections, in the order in which it is read: the command prints them, the page shows them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.audit.explaining.explanation import ExplainedCell, ExplainedReading, Explanation
from services.reporting.audit.explaining.text import (
    SIDES,
    act_text,
    amounts_text,
    count_lines,
    ending_text,
    figure_text,
    formula_lines,
    left_out_text,
    map_text,
    measure_names,
    place_text,
    report_text,
    target_lines,
    values_text,
    verdict,
)
from services.reporting.wording import KINDS
from shared.contracts.reporting import StoredFact
from shared.vietnamese import date_text, number

NUMBERS = ("Số liệu", "Tổng", "Số", "Số bản", "Đính chính", "Rút")  # columns of tables that hold numbers


class Entry(NamedTuple):
    """A line with the events behind it: what each did, and the event."""

    text: str
    acts: Sequence[tuple[str, StoredFact]] = ()


class Section(NamedTuple):
    """`rows` are those of a table under `columns`; `left` more entries are not shown."""

    title: str
    lines: Sequence[str] = ()
    entries: Sequence[Entry] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    left: int = 0


def counted_text(explained: Explanation) -> str:
    start, until = date_text(explained.counted_from), date_text(explained.counted_until)
    return f"Tính từ {start} đến {until}, {report_text(explained)}."


def heading(explained: Explanation) -> str:
    return f"{explained.name}, {explained.unit}, {explained.period_name}: {figure_text(explained)}"


def sections_of(explained: Explanation, most_readings: int) -> list[Section]:
    """At most so many readings are shown one by one."""
    return [
        section for section in _sections(explained, most_readings) if section.lines or section.entries or section.rows
    ]


def _sections(explained: Explanation, most_readings: int) -> Iterator[Section]:
    yield Section(
        "Số liệu",
        [
            f"{explained.unit}: {figure_text(explained)}",
            counted_text(explained),
            verdict(explained),
        ],
    )
    if explained.formula:
        facts = [("định nghĩa", explained.formula.fact)]
        yield Section("Công thức", list(formula_lines(explained)), [Entry("Sự kiện định nghĩa công thức", facts)])
    if explained.cell:
        yield from _cell(explained.cell)
    if explained.target:
        facts = [("đặt chỉ tiêu", explained.target.fact)]
        yield Section("Chỉ tiêu được giao", list(target_lines(explained)), [Entry("Sự kiện của kế hoạch", facts)])
    yield _measures(explained)
    yield _communes(explained)
    yield _readings(explained, most_readings)
    yield _map(explained)


def _cell(cell: ExplainedCell) -> Iterator[Section]:
    lines = [
        f"Biểu {cell.form}, {cell.title}. Căn cứ: {cell.source}.",
        f"Mẫu có hiệu lực từ {date_text(date.fromisoformat(cell.version))}.",
    ]
    lines += [f"Dòng “{cell.row}”, cột {cell.column}: {cell.heading}."]
    lines += list(count_lines(cell.count)) if cell.count else []
    yield Section("Ô của biểu", lines)
    rows = [(name, number(count)) for name, count in cell.rows]
    yield Section("Các dòng được cộng", columns=("Lĩnh vực", "Số"), rows=rows)


def _measures(explained: Explanation) -> Section:
    rows = [
        (
            f"{each.name} ({', '.join(SIDES[side] for side in each.sides)})" if each.sides else each.name,
            KINDS.get(each.kind, each.kind),
            number(each.total),
            number(each.readings),
        )
        for each in explained.measures
    ]
    lines = [left_out_text(explained.left_out)] if explained.left_out else []
    return Section("Các số đo", lines, columns=("Số đo", "Cách tính", "Tổng", "Số bản"), rows=rows)


def _communes(explained: Explanation) -> Section:
    rows = [
        (
            each.code,
            each.name,
            amounts_text(each.amounts),
            number(each.readings),
            number(each.corrected),
            number(each.withdrawn),
        )
        for each in explained.communes
    ]
    lines = ["Xem từng số liệu của một đơn vị: thêm --commune và mã đơn vị."] if rows else []
    columns = ("Mã", "Đơn vị", "Số liệu", "Số bản", "Đính chính", "Rút")
    return Section("Theo đơn vị", lines, columns=columns, rows=rows)


def _readings(explained: Explanation, most: int) -> Section:
    names, units = measure_names(explained), {unit.commune: unit.name for unit in explained.units}
    shown = explained.readings[:most]
    entries = [_reading(each, units.get(each.commune, each.commune), names) for each in shown]
    return Section("Số liệu đã gửi", entries=entries, left=len(explained.readings) - len(shown))


def _reading(each: ExplainedReading, unit: str, names: dict[str, str]) -> Entry:
    field = f", {each.field_name}" if each.field_name else ""
    text = (
        f"Ngày {date_text(each.observed_on)}{field}, mã {each.reading_id}. Nay tính: {values_text(each.values, names)}"
    )
    return Entry(text, [(f"{act_text(act, unit)}. {values_text(act.values, names)}", act.fact) for act in each.acts])


def _map(explained: Explanation) -> Section:
    entries = []
    for unit in explained.units if explained.commune else ():
        acts = [("đăng ký", unit.fact)]
        if unit.ended:
            acts.append((ending_text(unit), unit.ended))
        entries.append(Entry(f"{unit.name} ({unit.code})", acts))
    return Section("Địa giới", [map_text(explained)], entries)


def place_and_hash(fact: StoredFact) -> str:
    return f"{place_text(fact)}, mã băm {fact.leaf}"
