"""minhbach report changes: what moved since an edition, without publishing another one."""

import json
from typing import Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import print_changes, say
from shared.cli.options import DEFAULT_PROVINCE, AsJson, KnownAt, Province, Quarter, Regime, today
from shared.cli.printing import print_json
from shared.regimes import DEFAULT_REGIME


def changes(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    edition: Annotated[int, typer.Option(min=0, help="so với lần công bố này; nếu bỏ trống là lần cuối")] = 0,
    known_at: KnownAt = None,
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Số liệu đã thay đổi so với một lần công bố, và các lần sửa số liệu gây ra thay đổi; không công bố gì."""
    with opened() as reporting:
        day = known_at or today(reporting.clock)
        before, moved, _ = reporting.changes_since(province, quarter, day, edition or None, regime=regime)
    if as_json:
        print_json({"edition": before.number, "known_at": day, **json.loads(moved.canonical())})
    elif not moved.figures:
        say(f"Số liệu không thay đổi so với lần công bố {before.number}.")
    else:
        print_changes(moved, f" so với lần công bố {before.number}")
