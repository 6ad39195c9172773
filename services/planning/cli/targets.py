"""minhbach target: how a target phrase is understood."""

from typing import Annotated

import typer

from shared.cli import fail, group, out
from shared.printing import print_json

LONGEST = 10_000  # characters

target_app = group("Target phrases.")


@target_app.callback()
def target() -> None:
    """Target phrases."""  # a callback keeps `read` a command of its own, for it is the only one


@target_app.command("read")
def read(
    phrase: Annotated[str, typer.Argument(help='a phrase such as "Tối thiểu 60%"')],
    unit: Annotated[str | None, typer.Option(help="the unit of its row, such as %")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """How a target phrase is understood."""
    from services.planning.phrases.targets import read_target

    if len(phrase) > LONGEST:
        fail(f"the phrase is longer than {LONGEST:,} characters", 2)
    reading = read_target(phrase, unit)
    if as_json:
        target = reading.target.model_dump(mode="json", exclude_none=True) if reading.target else None
        print_json(
            {
                "phrase": phrase,
                "target": target,
                "target_text": reading.target_text,
                "unit": reading.unit,
                "scope": reading.scope,
                "warnings": reading.warnings,
            }
        )
        return
    from services.planning.phrases.targets.wording import worded

    out.print(worded(reading), markup=False)
    for warning in reading.warnings:
        out.print(f"Lưu ý: {warning}", markup=False)
