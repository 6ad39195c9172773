"""minhbach report submit: a commune's report goes out through its outbox, and its receipt is shown."""

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from services.reporting.commands.opened import FIRST_REGIME, AsJson, By, Commune, InRegime, Quarter, period_in
from services.reporting.commands.printing import say
from shared.cli import err, fail
from shared.printing import print_json
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.contracts import Receipt
    from shared.contracts.reporting import SubmitReport
    from shared.outbox import Kept, Outbox

RECEIPT_WITHIN = 30.0
LARGEST = 1024 * 1024  # bytes of a file of totals

# The key has "=" of its own, before its field: II.06/3=4+5+6/land=Hai hồ sơ chuyển từ huyện cũ.
EXPLANATION = re.compile(r"(?P<key>[^/\s]+/[^/\s]+/[A-Za-z0-9_-]*)=(?P<said>.*\S.*)", re.DOTALL)

Explain = Annotated[
    list[str], typer.Option("--explain", help="KEY=TEXT: why a sum of a form does not add up; more than once")
]
Stated = Annotated[
    Path | None, typer.Option(help="JSON: the totals that you have on paper, by measure, for whoever reviews it")
]


def submit(
    commune: Commune,
    quarter: Quarter,
    by: By,
    explain: Explain = [],  # noqa: B006  typer makes a list of its own of it
    stated: Stated = None,
    *,
    regime: InRegime = FIRST_REGIME,
    as_json: AsJson = False,
) -> None:
    """Submit a commune's report of a period: the figures are those that its readings add up to.

    Interrupted, or with the province away, it stays in the outbox and goes out with the next one.
    """
    from shared.contracts.reporting import SubmitReport
    from shared.outbox import Kept, Outbox

    if not commune.isalnum():
        fail(f'"{commune}" is no commune code', 2)
    said = {"regime": regime, "period": period_in(quarter).name, "by": by}
    report = _report({**said, "explanations": _explanations(explain), "stated": _totals(stated)})
    outbox = Outbox.of(commune)
    mine = Kept(SubmitReport.kind, uuid4().hex, report.model_dump_json().encode())
    outbox.keep(mine)
    receipts = asyncio.run(_sent(Settings.from_env().nats_url, commune, outbox))
    if as_json:
        print_json([receipt.model_dump(mode="json") for receipt in receipts])
    _tell(receipts, quiet=as_json)


def _report(said: dict[str, Any]) -> "SubmitReport":
    from pydantic import ValidationError

    from shared.contracts.reporting import SubmitReport

    try:
        return SubmitReport.model_validate(said)
    except ValidationError as invalid:
        fail([f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in invalid.errors()], 2)


def _explanations(texts: list[str]) -> dict[str, str]:
    found = [(text, EXPLANATION.fullmatch(text)) for text in texts]
    if wrong := [text for text, match in found if not match]:
        fail(f'"{wrong[0]}" explains nothing; write KEY=TEXT, with the key that the refusal named', 2)
    return {match["key"]: match["said"].strip() for _, match in found if match}


def _totals(file: Path | None) -> Any:
    if file is None:
        return {}
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        return json.loads(content) if len(content) <= LARGEST else fail(f"{file} is larger than 1 MB")
    except OSError as unreadable:
        fail(f"{file} cannot be read: {unreadable.strerror}")
    except (ValueError, RecursionError) as wrong:
        fail(f"{file} is not JSON: {wrong}")


async def _sent(nats_url: str, commune: str, outbox: "Outbox") -> "list[Receipt]":
    """All reports that the outbox keeps, also one that an interrupted command left there."""
    import nats

    from shared.contracts.reporting import SubmitReport
    from shared.sender import Sender

    client = await nats.connect(nats_url, connect_timeout=5, allow_reconnect=True, max_reconnect_attempts=3)
    try:
        async with Sender(client, commune) as sender:

            async def send(kept: "Kept") -> "Receipt":
                receipt = await sender.send_raw(commune, kept.kind, kept.submission_id, kept.body)
                outbox.drop(kept)
                return receipt

            waiting = [kept for kept in outbox.waiting() if kept.kind == SubmitReport.kind]
            return list(await asyncio.wait_for(asyncio.gather(*map(send, waiting)), RECEIPT_WITHIN))
    except TimeoutError:
        fail(f"no receipt within {RECEIPT_WITHIN:.0f} s: reporting does not run; the report waits in the outbox")
    finally:
        await client.close()


def _tell(receipts: "list[Receipt]", *, quiet: bool) -> None:
    for receipt in receipts:
        word = "Đã nhận báo cáo" if receipt.accepted else "Báo cáo này đã được nộp với cùng số liệu"
        if not quiet and (receipt.accepted or receipt.duplicates):
            say(f"{word}; mã tiếp nhận {receipt.submission_id}.")
        for refused in receipt.refused:
            err.print(f"{refused.item}: {refused.sentence}", markup=False)
        if receipt.parked:
            err.print(receipt.parked, markup=False)
    if any(receipt.refused or receipt.parked for receipt in receipts):
        raise typer.Exit(1)
