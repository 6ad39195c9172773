"""minhbach audit diff: what moved between two states of a province's report, with the events that moved it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import MOST_ROWS, say
from shared.cli import fail
from shared.cli.options import DEFAULT_PROVINCE, AsJson, Province, Quarter, Regime, day_option
from shared.cli.printing import WIDTH, print_json, print_table
from shared.regimes import DEFAULT_REGIME

if TYPE_CHECKING:
    from services.reporting.domain.content.comparison import Comparison


def diff(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    since: Annotated[date | None, day_option("--from", help="so từ những gì đã biết đến hết ngày này")] = None,
    until: Annotated[date | None, day_option("--to", help="đến những gì đã biết đến hết ngày này")] = None,
    edition: Annotated[
        list[int] | None, typer.Option(min=1, help="so với lần công bố này; ghi hai lần để so hai lần công bố")
    ] = None,
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Số liệu nào đã đổi giữa hai ngày hoặc hai lần công bố, theo đơn vị và nguyên nhân, do sự kiện nào."""
    before, after = _states(since, until, sorted(edition or []))
    with opened(role="auditor") as reporting:
        found = reporting.changes_between(province, quarter, before, after, regime=regime, on_two_cores=True)
    if as_json:
        kinds = {kind: {"events": events, "moved": moved} for kind, (events, moved) in found.by_kind.items()}
        print_json(_without_nothing(asdict(found)) | {"by_kind": kinds})
    else:
        _print(found)


def _states(since: date | None, until: date | None, editions: Sequence[int]) -> tuple[date | int, date | int]:
    """The earlier and the later state. Ends the command (2) where there are not two of them."""
    states: list[date | int] = [*([since] if since else []), *editions, *([until] if until else [])]
    if len(states) != 2:
        fail("Hãy ghi --from và --to, hoặc --edition hai lần, hoặc --edition với --from hay --to.", 2)
    if since and until and since > until:
        fail("Ngày của --from phải trước ngày của --to.", 2)
    if states[0] == states[1]:
        fail("Hai lần công bố, hoặc hai ngày, phải khác nhau.", 2)
    return states[0], states[1]


def _print(found: "Comparison") -> None:
    from services.reporting.rendering.text import comparison

    for line in comparison.heading(found):
        _paragraph(line)
    if rows := comparison.kind_rows(found):
        print_table(comparison.COLUMNS, rows, fixed=comparison.COLUMNS[1:])
    if shown := _print_moved(found):
        say("\nNguyên nhân")
        for place in shown[:MOST_ROWS]:
            _paragraph(f"[{place}] {comparison.cause_text(found.causes[place - 1], found)}", rest="    ")
        _print_rest(len(found.causes) - len(shown[:MOST_ROWS]))


def _print_moved(found: "Comparison") -> list[int]:
    """By commune; the places of the causes that are printed beside them."""
    from services.reporting.rendering.text import comparison

    moved = comparison.moved_of(found)
    unit = None
    for each in moved[:MOST_ROWS]:
        if comparison.unit_of(each) != unit:
            unit = comparison.unit_of(each)
            say(f"\n{comparison.unit_name(each)}")
        _paragraph(comparison.moved_text(each), "- ", "  ")
    _print_rest(len(moved) - MOST_ROWS)
    return sorted({place for each in moved[:MOST_ROWS] for place in each.causes[: comparison.MOST_PLACES]})


def _print_rest(left: int) -> None:
    if left > 0:
        say(f"… và {left} mục khác (--json có tất cả).")


def _without_nothing(value: Any) -> Any:
    """Without the parts that an item does not have."""
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_without_nothing(inner) for inner in value]
    return value


def _paragraph(text: str, first: str = "", rest: str = "") -> None:
    for line in wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False):
        say(line)
