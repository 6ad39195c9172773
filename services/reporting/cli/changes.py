"""minhbach report changes: what moved since an edition, without publishing another one."""

import json
from typing import Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import print_corrections, print_figures, print_late, say
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
    listed = json.loads(moved.canonical())
    if as_json:
        print_json({"edition": before.number, "known_at": day, **listed})
        return
    if not listed["moved"]:
        say(f"Số liệu không thay đổi so với lần công bố {before.number}.")
        return
    say(
        f"{len(listed['moved'])} số liệu thay đổi so với lần công bố {before.number}, "
        f"do {len(listed['corrections'])} lần đính chính hoặc rút số liệu."
    )
    before, after = listed["readings"]
    if before != after:
        say(f"Số bản số liệu: {before} → {after}.")
    print_figures([(each["commune_name"], each["name"], each["before"], each["after"]) for each in listed["moved"]])
    print_corrections(listed["corrections"])
    print_late(listed.get("late", []))
