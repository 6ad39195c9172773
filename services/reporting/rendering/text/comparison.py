"""The words of a comparison of two states of a report: what moved, and each event that moved it."""

from collections.abc import Iterator

from services.reporting.domain.content.comparison import Cause, Comparison, ExplainedChange, State, TargetChange
from services.reporting.domain.stores import store_name
from services.reporting.rendering.text.restated import WHOLE, counted
from shared.vietnamese import MISSING, date_text, number

KINDS = {
    "late": "gửi muộn",
    "corrected": "đính chính",
    "withdrawn": "rút số liệu",
    "new": "số liệu của những ngày sau",
    "formula": "công thức thay đổi",
    "territory": "đơn vị sáp nhập, chia tách, đổi tên",
    "target": "chỉ tiêu giao thay đổi",
    "rule": "cách tính, biểu mẫu thay đổi",
}
TERRITORY = {
    "merged": "sáp nhập vào",
    "divided": "chia tách thành",
    "renamed": "đổi tên, đổi mã",
    "moved": "chuyển sang tỉnh khác",
}
COLUMNS = ("Nguyên nhân", "Sự kiện", "Số liệu đổi")
MOST_PLACES = 6  # of causes beside a figure
UNKNOWN = "chưa rõ: hãy chạy audit replay"

Moved = ExplainedChange | TargetChange


def heading(found: Comparison) -> Iterator[str]:
    old, new = (_state(each) for each in (found.before, found.after))
    yield f"Báo cáo {found.period_name}, {found.province_name}: từ {old} đến {new}."
    if found.figures or found.targets:
        yield (
            f"{number(len(found.figures))} số liệu và {number(len(found.targets))} chỉ tiêu giao thay đổi; số bản số "
            f"liệu: {number(found.before.readings)} → {number(found.after.readings)}."
        )
    else:
        yield "Không có số liệu nào thay đổi."


def kind_rows(found: Comparison) -> list[tuple[str, str, str]]:
    return [(KINDS[kind], number(events), number(moved)) for kind, (events, moved) in found.by_kind.items()]


def moved_of(found: Comparison) -> list[Moved]:
    """The province's first, then by commune; within it in the order of the report."""
    moved: list[Moved] = [*found.figures, *found.targets]
    return sorted(moved, key=unit_of)


def unit_of(moved: Moved) -> str:
    """The commune's id, "" for the province."""
    return moved.commune if isinstance(moved, TargetChange) else moved.change.commune


def unit_name(moved: Moved) -> str:
    name = moved.commune_name if isinstance(moved, TargetChange) else moved.change.commune_name
    return name or unit_of(moved) or WHOLE


def is_target(moved: Moved) -> bool:
    return isinstance(moved, TargetChange)


def item_of(moved: Moved) -> str:
    """An indicator, or a cell of a form."""
    return moved.item if isinstance(moved, TargetChange) else moved.change.item


def moved_parts(moved: Moved) -> tuple[str, str, str]:
    """Its name, and both states of it."""
    if isinstance(moved, TargetChange):
        return f"Chỉ tiêu giao, {moved.name}", moved.before or "chưa giao", moved.after or "không còn"
    return moved.change.name, counted(moved.change.before), counted(moved.change.after)


def moved_text(moved: Moved) -> str:
    """With the numbers of its causes."""
    name, before, after = moved_parts(moved)
    text = f"{name}: {before} → {after}"
    places = ", ".join(map(number, moved.causes[:MOST_PLACES]))
    more = f", … (tổng {number(len(moved.causes))})" if len(moved.causes) > MOST_PLACES else ""
    return f"{text} [{places}{more}]" if places else f"{text} [{UNKNOWN}]"


def cause_text(cause: Cause, found: Comparison) -> str:
    parts = list(_event(cause, found))
    if cause.service:
        day = f"ghi ngày {date_text(cause.recorded_on)}, " if cause.recorded_on else ""
        parts.append(f"{day}sổ {store_name(cause.service)}, vị trí {number(cause.position)}")
    return "; ".join(parts)


def _state(state: State) -> str:
    day = f"hết ngày {date_text(state.known_at)}"
    return f"lần công bố {state.edition} (biết đến {day})" if state.edition else f"những gì đã biết đến {day}"


def _event(cause: Cause, found: Comparison) -> Iterator[str]:
    match cause.kind:
        case "late" | "corrected" | "withdrawn":
            yield from _reading(cause, found)
        case "new":
            yield f"{cause.commune_name}: {number(cause.count)} bản {KINDS['new']}"
        case "formula":
            source = f" theo {cause.source}" if cause.source else ""
            yield f"công thức của {cause.subject} thay đổi từ ngày {date_text(cause.day)}{source}"
        case "territory":
            into = f" {cause.after}" if cause.after else ""
            yield f"{cause.commune_name} {TERRITORY[cause.subject]}{into} từ ngày {date_text(cause.day)}"
        case "target":
            yield f"kế hoạch {cause.subject} của {cause.commune_name or 'tỉnh'} được ban hành hoặc sửa đổi"
        case _:
            yield f"phiên bản của {cause.subject}: {cause.before or MISSING} → {cause.after or MISSING}"


def _reading(cause: Cause, found: Comparison) -> Iterator[str]:
    name = f", {found.names.get(f'field/{cause.field}', cause.field)}" if cause.field else ""
    yield f"{KINDS[cause.kind]}: bản {cause.subject} của {cause.commune_name}, ngày {date_text(cause.day)}{name}"
    if counts := list(_counts(cause, found)):
        yield ", ".join(counts)
    if cause.reason:
        yield f"{cause.by or 'không ghi người sửa'}: “{cause.reason}”"
    yield f"bài gửi {cause.submission_id}"


def _counts(cause: Cause, found: Comparison) -> Iterator[str]:
    before, after = (each if isinstance(each, dict) else {} for each in (cause.before, cause.after))
    for measure in sorted(before.keys() | after.keys()):
        old, new = before.get(measure), after.get(measure)
        if old != new:
            name = found.names.get(f"measure/{measure}", measure)
            yield f"{name} {number(new)}" if cause.kind == "late" else f"{name} {number(old)} → {number(new)}"
