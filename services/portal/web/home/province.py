"""A province's side: reports that wait for an officer, editions for an auditor, what is not well for an operator."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import timedelta

from services.portal.web.home.sections import MOST_SHOWN, Looking, Section, Thing, late
from services.portal.web.home.tasks import FOLLOWED
from services.portal.wording import ROLES
from shared.contracts.notifications import ListProvinceNotices
from shared.contracts.planning import ListProvinceTasks, ProvinceTasks, TaskRow
from shared.contracts.portal import ListGrants
from shared.contracts.reporting import EditionRow, ListEditions, ListProvinceReports, ReportRow
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import collation_key, date_text, mid_sentence, moment_text, number
from shared.web.site import ask
from shared.web.visitor import visitor_of

REPORTS, TASKS, EDITIONS, NOTICES, GRANTS = (
    "Báo cáo của các đơn vị", "Nhiệm vụ của các đơn vị", "Báo cáo đã công bố", "Thư nhắc", "Quyền",
)  # fmt: skip
ENDING = timedelta(days=14)


async def reports(looking: Looking) -> list[Section]:
    """Of the last quarter that is over."""
    period = Period.containing(looking.today, "quarter").before()
    question = ListProvinceReports(
        province=looking.place, period=period.name, brief=True, known_at=looking.known_at,
        actor=visitor_of(looking.request).account,
    )  # fmt: skip
    answer = (await ask(looking.request, question)).answer
    looking.changed_on.update(answer.changed_on)
    rows = sorted(answer.reports, key=lambda row: (-row.days_late, collation_key(row.name)))
    board, name = f"/bao-cao/tinh/{looking.place}?ky={period.name}", mid_sentence(period.vietnamese)
    waiting = [row for row in rows if row.state == "submitted"]
    overdue = [row for row in rows if row.state in ("due", "drafted", "returned") and row.days_late]
    silent = [row for row in rows if row.state == "due"]
    changed = [row for row in rows if row.outdated]
    return [
        Section.of(
            f"Báo cáo {name} chờ duyệt", _reports(waiting, period), f"{board}&loc=cho-duyet",
            "Không có báo cáo nào chờ duyệt.",
        ),
        Section.of(
            f"Đơn vị quá hạn chưa nộp báo cáo {name}", _reports(overdue, period), f"{board}&loc=qua-han",
            "Không có đơn vị nào quá hạn chưa nộp.",
        ),
        Section.of(
            f"Đơn vị chưa có số liệu nào của {name}", _reports(silent, period), f"{board}&loc=im-lang",
            "Đơn vị nào cũng đã có số liệu.",
        ),
        Section.of(
            "Đã duyệt, sau đó số liệu đã từng đổi", _reports(changed, period), f"{board}&loc=da-doi",
            "Chưa báo cáo nào có số liệu đổi sau khi duyệt.",
        ),
    ]  # fmt: skip


def _reports(rows: Iterable[ReportRow], period: Period) -> Iterator[Thing]:
    for row in rows:
        tag = late(row.days_late) if row.days_late and row.state != "approved" else ("", "")
        note = f"nộp ngày {date_text(row.submitted_on)}" if row.submitted_on else ""
        if row.state == "returned":
            note = f"đã trả lại: {row.reason}"
        yield Thing(row.name, f"/bao-cao/{row.commune}/{period.name}", note, *tag)


async def tasks(looking: Looking) -> list[Section]:
    question = ListProvinceTasks(
        province=looking.place, late=True, most=MOST_SHOWN, known_at=looking.known_at,
        actor=visitor_of(looking.request).account,
    )  # fmt: skip
    followed = question.model_copy(update={"late": False, "followed": True})
    overdue, watched = await asyncio.gather(ask(looking.request, question), ask(looking.request, followed))
    path, none = f"/nhiem-vu/tinh/{looking.place}", "Không có nhiệm vụ nào quá hạn."
    sections = [_tasks("Nhiệm vụ quá hạn", overdue.answer, path, none)]
    if watched.answer.total:
        sections.append(_tasks(FOLLOWED, watched.answer, f"{path}?can=theo-doi", ""))
    return sections


def _tasks(title: str, found: ProvinceTasks, path: str, none: str) -> Section:
    things = (
        Thing(
            task.content.splitlines()[0], f"/nhiem-vu/{task.commune}/{task.task_id}", _place(task),
            *(late(task.days_late) if task.days_late else ("", "")),
        )
        for task in found.tasks
    )  # fmt: skip
    return Section.of(title, things, path, none)._replace(amount=found.total, hidden=found.total - len(found.tasks))


def _place(task: TaskRow) -> str:
    return f"{task.name}, nay thuộc {mid_sentence(task.successor)}" if task.successor else task.name


async def editions(looking: Looking) -> list[Section]:
    question = ListEditions(
        province=looking.place, known_at=looking.known_at, actor=visitor_of(looking.request).account
    )
    answer = (await ask(looking.request, question)).answer
    looking.changed_on.update(answer.changed_on)
    rows = sorted(answer.editions, key=lambda row: row.published_at, reverse=True)
    path = f"/an-ban/{looking.place}"
    restated = [row for row in rows if row.edition > 1]
    return [
        Section.of("Công bố lại", _editions(restated, path), path, "Chưa có báo cáo nào được công bố lại."),
        Section.of("Công bố gần đây", _editions(rows, path), path, "Tỉnh chưa công bố báo cáo nào."),
    ]


def _editions(rows: Iterable[EditionRow], path: str) -> Iterator[Thing]:
    for row in rows:
        regime = "" if row.regime == DEFAULT_REGIME else f"?che-do={row.regime}"
        note = f"{row.by}, {moment_text(row.published_at)}" + (f": {row.reason}" if row.reason else "")
        title = f"{Period.parse(row.period).vietnamese}, lần {row.edition}"
        yield Thing(title, f"{path}/{row.period}/{row.edition}{regime}", note)


async def notices(looking: Looking) -> list[Section]:
    if looking.known_at:
        return [Section.of(NOTICES, (), "", "Thư nhắc đang chờ chỉ xem được ở hiện tại.")]
    question = ListProvinceNotices(province=looking.place, most=MOST_SHOWN, actor=visitor_of(looking.request).account)
    found = (await ask(looking.request, question)).answer
    errors = dict.fromkeys(each.last_error for each in found.longest_waiting if each.last_error)
    waits = f"{number(found.waiting)} thư đang chờ"
    waiting = [Thing("; ".join(errors), "", waits, "đang thử lại", "bad")] if errors else []
    failed = (
        Thing(each.recipient, "", f"{moment_text(each.failed_at)}: {each.reason}", "không gửi được", "bad")
        for each in found.failed_notices
    )
    return [
        Section.of("Thư nhắc chưa gửi được", waiting, "", "Không có thư nhắc nào gửi lỗi mà đang chờ."),
        Section.of("Thư nhắc bị máy chủ thư từ chối", failed, "", "Không có thư nhắc nào bị từ chối.")._replace(
            amount=found.failed, hidden=found.failed - len(found.failed_notices)
        ),
    ]


async def grants(looking: Looking) -> list[Section]:
    question = ListGrants(province=looking.place, known_at=looking.known_at, actor=visitor_of(looking.request).account)
    rows = (await ask(looking.request, question)).answer.grants
    ending = (
        Thing(f"{row.name} ({row.account})", "", ROLES[row.role], f"đến hết {date_text(row.until)}", "warn")
        for row in rows
        if row.until and row.until <= looking.today + ENDING
    )
    return [Section.of("Quyền sắp hết hạn", ending, "", "Không có quyền nào hết hạn trong 14 ngày tới.")]
