"""How long the portal takes for its pages, over HTTP: lists and a province's pages; how large they are."""

import re
import statistics
import time
from collections.abc import Iterable
from types import SimpleNamespace

from deploy.stack import Stack
from services.planning.register import communes_of
from services.reporting.application import Reporting
from services.reporting.subscribers import of_terminal
from shared.contracts.reporting import PublishReport
from shared.grants import Scope
from shared.messaging.grants import PROVINCE
from shared.periods import Period
from shared.process import open_pool
from tests.journeys.browsing import Browser, browsers
from tests.journeys.province import until

PERIOD = Period.parse("2025-Q3")
ASKED = 40  # times


def pages(stack: Stack, province: str) -> dict[str, float]:
    """Milliseconds from the request to the page's last byte, one at a time: p50 and p95 of each page; its kilobytes."""
    commune = communes_of(province)[0].code
    with open_pool(stack.settings("reporting"), "reporting") as pool:
        reporting = Reporting(stack.settings("reporting"), pool)
        of_terminal(reporting, f"{PROVINCE}{province}", PublishReport(period=PERIOD.name, incomplete=True), "bench")
        reporting.close()
    whole = Scope(province=province)
    found = browsers(
        SimpleNamespace(stack=stack, communes=[commune]),
        {
            "clerk": ("clerk", Scope(commune)), "chair": ("chair", Scope(commune)),
            "officer": ("provincial-officer", whole), "auditor": ("auditor", whole),
        },
    )  # fmt: skip
    opened = {
        "my_work_of_a_clerk": ("clerk", "/"),
        "my_work_of_a_chair": ("chair", "/"),
        "my_work_of_an_officer": ("officer", "/"),
        "list_of_tasks": ("chair", f"/nhiem-vu/{commune}"),
        "week_of_readings": ("clerk", f"/so-lieu/{commune}?tuan=2025-06-15&linh-vuc=land"),
        "list_of_reports": ("clerk", f"/bao-cao/{commune}"),
        "list_of_editions": ("auditor", f"/an-ban/{province}"),
        "report_of_a_commune": ("clerk", f"/bao-cao/{commune}/{PERIOD.name}"),
        "review_of_a_province": ("officer", f"/bao-cao/tinh/{province}?ky={PERIOD.name}"),
        "report_of_a_province": ("officer", f"/bao-cao/tinh/{province}/{PERIOD.name}"),
        "edition": ("auditor", f"/an-ban/{province}/{PERIOD.name}/1"),
        "preview_of_a_restatement": ("officer", f"/an-ban/{province}/{PERIOD.name}/cong-bo"),
    }
    figures: dict[str, float] = {}
    for name, (account, address) in opened.items():
        until(lambda account=account, address=address: _is_there(found[account], address), f"{address} for {account}")
        times = [_milliseconds(found[account], address) for _ in range(ASKED)]
        figures |= {f"page_{name}_ms_{part}": ms for part, ms in _parts(times)}
        figures[f"page_{name}_kb"] = round(len(found[account].page(address).encode()) / 1000, 1)
    return figures


def approvals(stack: Stack, province: str) -> dict[str, float]:
    """Seconds from the click that approves all submitted reports at once until the board shows them approved."""
    commune = communes_of(province)[0].code
    accounts = {"reviewer": ("provincial-officer", Scope(province=province))}
    reviewer = browsers(SimpleNamespace(stack=stack, communes=[commune]), accounts)["reviewer"]
    path = f"/bao-cao/tinh/{province}?ky={PERIOD.name}&loc=cho-duyet"
    board = reviewer.page(f"{path}&chon=tat-ca")
    chosen = re.findall(r'name="bao-cao" value="([^"]+)"', board)
    clicked = {"step": "approve", "bao-cao": chosen, "lan-gui": re.findall(r'name="lan-gui" value="(\w+)"', board)[0]}
    started = time.perf_counter()
    answer = reviewer.client.post(path, data=clicked)
    after = reviewer.page(answer.headers["location"]) if answer.status_code == 303 else answer.text
    seconds = time.perf_counter() - started
    approved = re.findall(r"(\d+) đơn vị đã duyệt", after)
    return {"approved_at_once": int(approved[0]) if approved else 0, "approved_at_once_s": round(seconds, 2)}


def _is_there(browser: Browser, address: str) -> bool:
    """A part without an answer is no page to measure."""
    return "Phần này chưa trả lời được" not in browser.page(address)


def _milliseconds(browser: Browser, address: str) -> float:
    started = time.perf_counter()
    browser.page(address)
    return (time.perf_counter() - started) * 1000


def _parts(times: Iterable[float]) -> list[tuple[str, float]]:
    found = list(times)
    return [("p50", round(statistics.median(found))), ("p95", round(statistics.quantiles(found, n=20)[-1]))]
