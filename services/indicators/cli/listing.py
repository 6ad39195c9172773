"""Prints definitions: blocks of at most 80 columns for people, JSON for programs."""

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING

from shared.cli import out
from shared.cli.printing import WIDTH, print_json
from shared.clock import day_of
from shared.vietnamese import date_text

if TYPE_CHECKING:
    from services.indicators.domain.definition import Definition, Version
    from services.indicators.domain.definition_rules import DefinitionParts

WORDING = {
    "flow": "số phát sinh trong kỳ",
    "stock": "số hiện có, lấy lần mới nhất trong kỳ",
    "survey": "khảo sát",
    "higher": "càng cao càng tốt",
    "lower": "càng thấp càng tốt",
    "zero": "mẫu số bằng 0 thì tính 0 %",
    "full": "mẫu số bằng 0 thì tính 100 %",
    "undefined": "mẫu số bằng 0 thì không tính",
}


def print_versions_json(kind: str, found: Iterable[tuple[str, "Version"]]) -> None:
    print_json(
        [
            {
                kind: name,
                "version": version.revision,
                **version.definition,
                "in_force_from": version.in_force_from.isoformat(),
                "defined_at": version.defined_at.isoformat(),
            }
            for name, version in found
        ]
    )


def print_list(found: Iterable[tuple[str, "Version"]]) -> None:
    for name, version in found:
        _print_line(f"{name}, phiên bản {version.revision}, có hiệu lực từ {date_text(version.in_force_from)}", 0)
        _print_lines(_contents(version.definition))


def print_versions(defined: "Definition", today: date) -> None:
    """In the order in which they were defined, with the one in force today marked."""
    in_force = defined.in_force_on(today)
    for version in defined.versions:
        since = f"có hiệu lực từ {date_text(version.in_force_from)}"
        recorded = f"ghi nhận ngày {date_text(day_of(version.defined_at))}"
        mark = " (đang có hiệu lực)" if version == in_force else ""
        _print_line(f"{defined.name}, phiên bản {version.revision}, {since}, {recorded}{mark}", 0)
        _print_lines(_contents(version.definition))


def _contents(definition: "DefinitionParts") -> Iterator[str]:
    yield definition["name"]
    if "numerator" in definition:
        yield f"{_sum(definition['numerator'])} / {_sum(definition['denominator'])}"
        yield f"{WORDING[definition['direction']]}; {WORDING[definition['zero_denominator']]}"
        yield f"Căn cứ: {definition['source']}"
    elif "kind" in definition:
        by_field = "theo lĩnh vực" if definition["by_field"] else "không theo lĩnh vực"
        yield f"{WORDING[definition['kind']]}; đơn vị: {definition['unit']}; {by_field}"


def _sum(measures: list[str]) -> str:
    return measures[0] if len(measures) == 1 else f"({' + '.join(measures)})"


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        _print_line(line, 2)


def _print_line(line: str, indent: int) -> None:
    """A long line goes on a little further in; an id is never broken at its hyphens."""
    margin = " " * indent
    hanging = fill(
        line,
        min(WIDTH, out.width),
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_on_hyphens=False,
    )
    out.print(hanging, markup=False, soft_wrap=True)
