"""The pages of the portal over a year of a province: how long the server takes, and how much a browser loads."""

import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from deploy.embedded.stack import Stack
from shared.cli import err
from tests.bench.store import PROVINCE
from tests.bench.year import COMMUNES, QUARTERS, accounts, approve_all, province_year
from tests.journeys.browsing import Browser
from tests.journeys.province import until

ASKED = 40  # times
LAST, WHOLE, OWN = QUARTERS[-1].name, f"/bao-cao/tinh/{PROVINCE}", COMMUNES[0]
LISTS_MS, REPORT_MS, FIRST_LOAD_KB = 150, 500, 100
PAST = date(2026, 5, 20)


class Page(NamedTuple):
    """Who opens which address; `limit` of the p95 in milliseconds, None for a page that is neither list nor report."""

    account: str
    address: str
    limit: int | None = LISTS_MS


PAGES = {
    "my work of a clerk": Page("clerk", "/"),
    "my work of a chair": Page("chair", "/"),
    "my work of an officer": Page("officer", "/"),
    "my work of an officer, a past day": Page("officer", f"/?biet-den={PAST}"),
    "tasks of a commune": Page("chair", f"/nhiem-vu/{OWN}"),
    "tasks of a commune, a past day": Page("auditor", f"/nhiem-vu/{OWN}?biet-den={PAST}"),
    "late tasks of the province": Page("officer", f"/nhiem-vu/tinh/{PROVINCE}"),
    "communes, for tasks": Page("officer", "/nhiem-vu"),
    "plans of a commune": Page("chair", f"/ke-hoach/{OWN}"),
    "week of readings": Page("clerk", f"/so-lieu/{OWN}?tuan=2026-06-08&linh-vuc=land"),
    "week of readings, a past day": Page("clerk", f"/so-lieu/{OWN}?tuan=2026-05-11&linh-vuc=land&biet-den={PAST}"),
    "day of readings": Page("clerk", f"/so-lieu/{OWN}/ngay/2026-06-08"),
    "form to type a day in": Page("clerk", f"/bieu-so-lieu/{OWN}?ngay=2026-06-08"),
    "reports of a commune": Page("clerk", f"/bao-cao/{OWN}"),
    "review of a province": Page("officer", f"{WHOLE}?ky={LAST}"),
    "review of a province, a past day": Page("officer", f"{WHOLE}?ky={LAST}&biet-den={PAST}"),
    "editions": Page("auditor", f"/an-ban/{PROVINCE}"),
    "where an audit begins": Page("auditor", f"/kiem-toan/{PROVINCE}"),
    "who may do what": Page("auditor", f"/quyen/{PROVINCE}"),
    "services": Page("operator", "/van-hanh"),
    "machines": Page("operator", "/van-hanh/may-gui"),
    "accounts": Page("operator", "/van-hanh/tai-khoan"),
    "public list of editions": Page("public", f"/cong-khai/{PROVINCE}"),
    "report of the province": Page("officer", f"{WHOLE}/{LAST}", REPORT_MS),
    "report of the province, a past day again": Page("officer", f"{WHOLE}/{LAST}?biet-den={PAST}", REPORT_MS),
    "report of the province, another map": Page("officer", f"{WHOLE}/{LAST}?ban-do=2025-07-01", REPORT_MS),
    "map of the province's report": Page("officer", f"{WHOLE}/{LAST}/ban-do.svg", REPORT_MS),
    "edition": Page("auditor", f"/an-ban/{PROVINCE}/{LAST}/1", REPORT_MS),
    "trend": Page("officer", f"{WHOLE}/{LAST}/dien-bien", REPORT_MS),
    "report of a commune": Page("clerk", f"/bao-cao/{OWN}/{LAST}", REPORT_MS),
    "public edition": Page("public", f"/cong-khai/{PROVINCE}/{LAST}/1", REPORT_MS),
    "preview of a restatement": Page("officer", f"/an-ban/{PROVINCE}/{LAST}/cong-bo", None),
    "figure of a commune": Page("clerk", f"/so-lieu/{OWN}/chi-so/online-files/{LAST}", None),
    "figure of the province": Page("auditor", f"/so-lieu/tinh/{PROVINCE}/chi-so/online-files/{LAST}", None),
    "comparison of two days": Page("auditor", f"/so-sanh/tinh/{PROVINCE}?ky={LAST}&tu=2026-05-20&den=2026-06-20", None),
    "editions compared": Page(
        "auditor", f"/so-sanh/tinh/{PROVINCE}?ky={QUARTERS[0].name}&tu-an-ban=1&den-an-ban=2", None
    ),
    "edition examined": Page("auditor", f"/kiem-toan/{PROVINCE}/{LAST}/1", None),
    "course of a commune's report": Page("auditor", f"/kiem-toan/bao-cao/{OWN}/{LAST}", None),
}  # fmt: skip
SELDOM = 5  # times a page that may take seconds is asked for


def of_a_year(kept: Path | None = None) -> dict[str, Any]:
    """With a folder, the store stays there and is measured again without being made."""
    with tempfile.TemporaryDirectory(prefix="minhbach-bench-") as folder, province_year(kept or Path(folder)) as year:
        stack, figures = year
        return figures | pages(stack)


def pages(stack: Stack) -> dict[str, Any]:
    """Of each page, asked one at a time: milliseconds p50 and p95, processor milliseconds of all servers, kilobytes."""
    found = accounts(stack)
    figures: dict[str, Any] = {}
    for name, page in PAGES.items():
        times = ASKED if page.limit and page.account != "public" else SELDOM  # nobody sees more public pages at once
        figures[name] = _measured(stack, found[page.account], [page.address] * times, page)
        err.print(f"{name}: {figures[name]}")
    days = [PAST - timedelta(days=n) for n in range(ASKED)]
    page = Page("officer", f"{WHOLE}/{LAST}", REPORT_MS)
    anew = [f"{page.address}?biet-den={day}" for day in days]
    figures["report of the province, each time another past day"] = _measured(stack, found["officer"], anew, page)
    seconds = approve_all(found["officer"], QUARTERS[-1])  # none where a kept store has no submitted report left
    return figures | ({"reports approved at once, seconds": round(seconds, 1)} if seconds else {})


def _measured(stack: Stack, browser: Browser, addresses: Sequence[str], page: Page) -> str:
    until(lambda: _is_there(browser, addresses[-1]), f"{addresses[-1]} is there")
    before, times = _processor_seconds(stack), []
    for address in addresses:
        started = time.perf_counter()
        browser.page(address)
        times.append((time.perf_counter() - started) * 1000)
    processor = (_processor_seconds(stack) - before) * 1000 / len(times)
    loaded, packed = (size / 1000 for size in _first_load(browser, addresses[-1]))
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    over = [
        *(["SLOW"] if page.limit and p95 > page.limit else []),
        *(["LARGE"] if packed > FIRST_LOAD_KB else []),
    ]
    sizes = f"{packed:.0f} kB ({loaded:.0f} unpacked)"
    return f"{p50:.0f} ({p95:.0f}) ms, processor {processor:.0f} ms, {sizes} {' '.join(over)}".strip()


def _first_load(browser: Browser, address: str) -> tuple[int, int]:
    """Bytes of a page and of the styles and scripts that it names; as they are sent, packed."""
    page = browser.client.get(address)
    files = set(re.findall(r'"(/static/[^"]+\.(?:css|js))"', page.text))
    loaded = [page, *(browser.client.get(each) for each in files)]
    return sum(len(each.content) for each in loaded), sum(each.num_bytes_downloaded for each in loaded)


def _processor_seconds(stack: Stack) -> float:
    """Of the services and servers, those of PostgreSQL's connections that ended included."""
    roots = [instance.process.pid for instance in stack.running]
    roots += [process.pid for process in stack.servers.processes.values()]
    return sum(_seconds(psutil.Process(pid)) for pid in roots)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system) + sum(
        _running(child) for child in process.children()
    )


def _running(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended just now
        return 0.0
    return float(times.user + times.system)


def _is_there(browser: Browser, address: str) -> bool:
    """A part without an answer is no page to measure."""
    return "Phần này chưa trả lời được" not in browser.page(address)
