"""The demonstration: plans issued, a quarter of readings, the report published, corrections, and the past replayed."""

import asyncio
import shutil
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as day_time
from itertools import chain
from pathlib import Path
from random import Random

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo import participants
from deploy.demo.commune_senders import CommuneSenders
from deploy.demo.proof import prove
from deploy.demo.running_services import RunningServices
from deploy.demo.scene import Scene
from deploy.demo.sending import Communes
from deploy.demo.summary import Summary, print_summary
from deploy.embedded.stack import Stack
from deploy.mailbox import Mailbox
from services.planning.application import Planning
from services.reporting.application import Reporting
from services.reporting.application.published_editions import PublishedEdition
from services.reporting.audit.editions import computed_again
from services.reporting.audit.explaining.basis import WantedReport
from services.reporting.audit.explaining.explain import Explanations
from services.reporting.audit.explaining.explanation import Explanation
from services.reporting.audit.explaining.page import page_of
from services.reporting.audit.replay import replayed
from services.reporting.audit.replay_comparison import compare
from services.reporting.rendering import FORMATS, render
from services.reporting.rendering.canonical_json import canonical_json
from services.reporting.subscribers import of_terminal
from shared.cli import err
from shared.clock import VIETNAM, move
from shared.contracts.reporting import ApproveReport, PublishReport, RestateReport, ReturnReport
from shared.messaging.following.grants import PROVINCE
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import date_text

OFFICE = "Văn phòng UBND tỉnh"
THE_USUAL = Scene()


def demonstrate(folder: Path, how_many: int, seed: int, scene: Scene = THE_USUAL, kept: Path | None = None) -> None:
    """Run it, leave the reports in a folder and print a summary. The data of the servers goes, or stays in `kept`."""
    started = time.monotonic()
    passing = Path(tempfile.mkdtemp(prefix="minhbach-demo-"))
    # Of kept data the clock is kept too: `minhbach up` goes on at the last day of the demonstration.
    clock = (kept.absolute() if kept else passing) / "clock"
    move(clock, _at(scene.first, 7))
    try:
        shutil.rmtree(folder / "mails", ignore_errors=True)  # those of the demonstration before
        with Mailbox(folder / "mails") as mailbox:
            env = {"MINHBACH_CLOCK_FILE": str(clock), "SMTP_URL": mailbox.url}
            env["MINHBACH_REPORTS_FROM"] = scene.first.isoformat()  # no reports of the half year before
            err.print("Starting NATS, PostgreSQL and the services …")
            with Stack(kept or passing / "stack", env) as stack:
                summary = asyncio.run(Demonstration(stack, mailbox, clock, folder, seed, scene).run(how_many))
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    summary.seconds = time.monotonic() - started
    print_summary(summary, kept)


class Demonstration:
    def __init__(  # noqa: PLR0917  the parts of one demonstration
        self, stack: Stack, mailbox: Mailbox, clock: Path, folder: Path, seed: int, scene: Scene
    ) -> None:
        self._scene = scene
        self._stack = stack
        self._mailbox = mailbox
        self._clock = clock
        self._folder = folder
        self._seed = seed
        self._services = RunningServices(stack)
        self._random = Random(f"{seed}/tasks")  # noqa: S311  a demonstration's dice
        self._summary = Summary()
        self._waiting: list[str] = []

    async def run(self, how_many: int) -> Summary:
        entries = participants.chosen(self._scene.province, how_many)
        err.print("Registering communes, defining indicators, issuing plans …")
        self._summary.predecessors = await asyncio.to_thread(participants.prepare, self._services, entries, self._scene)
        predecessors = participants.predecessors(self._scene.province, entries)
        async with CommuneSenders(self._stack.servers) as senders:
            await senders.open({*(entry.code for entry in entries), *chain.from_iterable(predecessors.values())})
            counting = participants.counting(entries, self._seed)
            communes = Communes(senders, self._seed, counting, predecessors, self._scene.first)
            self._summary.ledger = communes.ledger
            await self._quarter(communes)
        await asyncio.to_thread(self._report, len(entries), entries[0].code)
        return self._summary

    async def _quarter(self, communes: Communes) -> None:
        first, last = self._scene.first, self._scene.last
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err) as progress, self._services.planning() as planning:
            working = progress.add_task("", total=len(days))
            for day in days:
                progress.update(working, description=date_text(day), refresh=True)
                await self._day(communes, planning, day)
                progress.advance(working)

    async def _day(self, communes: Communes, planning: Planning, day: date) -> None:
        published = self._scene.published
        move(self._clock, _at(day, 8))
        await asyncio.to_thread(planning.sweep, day)
        if day == self._scene.first:
            await communes.send_quarter_before(day - timedelta(days=1))
        if day.weekday() < 5 and day <= published:
            await communes.send_day(day)
            await communes.complete(day, await asyncio.to_thread(self._done_today, day))
        if day == self._scene.after(-6):
            await communes.correct(day, 120)
        if day in (published - timedelta(days=1), published):
            punctual = communes.punctual[day == published :: 2]
            await self._submit(communes, punctual, day)
        if day == published:
            await asyncio.to_thread(lambda: self._review(first_returned=True))
            await asyncio.to_thread(self._publish)
        if day == published + timedelta(days=1):
            await self._submit(communes, [*communes.late, *self._summary.returned], day)
        if day == published + timedelta(days=2):
            await asyncio.to_thread(self._review)
        if day in (self._scene.after(5), self._scene.after(12)):
            await communes.correct(day, 40)
            await communes.withdraw(day, 3)

    def _done_today(self, day: date) -> list[tuple[str, str, str, str | None]]:
        """Some of what is open, most of it before it is late: of a task that owes several things, the first."""
        with self._services.pool("planning") as pool, pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT commune, task_id, lead[1], deadlines[1], CASE WHEN cardinality(deadlines) > 1 THEN (
                    SELECT owed->>'key' FROM jsonb_array_elements(obligations) owed
                    WHERE owed->>'state' = 'open' AND (owed->>'due')::date = deadlines[1] LIMIT 1
                ) END
                FROM tasks WHERE completed_on IS NULL AND deadlines <> '{}' ORDER BY task_id
                """
            ).fetchall()
        soon = day + timedelta(days=24)
        return [(*task, key) for *task, due, key in rows if due <= soon and self._random.random() < 0.14]

    async def _submit(self, communes: Communes, codes: list[str], day: date) -> None:
        await asyncio.to_thread(self._services.wait_until_followed)
        self._waiting += await communes.submit_reports(codes, day, self._scene.period.name)

    def _review(self, *, first_returned: bool = False) -> None:
        """The province approves what was submitted, but for the first, which it may send back."""
        period = self._scene.period
        with self._services.reporting() as reporting:
            if first_returned:
                self._summary.returned = [self._waiting.pop(0)]
                for code in self._summary.returned:
                    reason = "Đề nghị đối chiếu lại hồ sơ tồn đầu kỳ"
                    of_terminal(reporting, code, ReturnReport(period=period.name, reason=reason), OFFICE)
            for code in self._waiting:
                report = reporting.reviews.stored(code, period, DEFAULT_REGIME)
                reviewed = ApproveReport(period=period.name, submission=report.submission if report else 1)
                of_terminal(reporting, code, reviewed, OFFICE)
        self._summary.approved += len(self._waiting)
        self._waiting = []

    def _publish(self) -> None:
        self._services.wait_until_followed()
        with self._services.reporting() as reporting:
            command = PublishReport(period=self._scene.period.name, known_at=self._scene.published, incomplete=True)
            of_terminal(reporting, f"{PROVINCE}{self._scene.province}", command, OFFICE)

    def _report(self, communes: int, first_commune: str) -> None:
        province, period, last = self._scene.province, self._scene.period, self._scene.last
        err.print("Reporting, replaying the event stores, waiting for the last mails …")
        self._services.wait_until_followed()
        with self._services.reporting() as reporting:
            reason = "Tổng hợp số liệu đính chính của các xã"
            command = RestateReport(period=period.name, known_at=last, reason=reason)
            of_terminal(reporting, f"{PROVINCE}{province}", command, OFFICE)
            self._services.wait_until_sealed(lambda: len(reporting.edition(province, period).seals))
            for number, day in enumerate((self._scene.published, last), start=1):
                edition = reporting.edition(province, period, number)
                question = reporting.question(province, period, day)
                replay = replayed(self._stack.settings("auditor"), question)
                self._summary.replays[day] = [each.text for each in compare(reporting.knowledge.of(question), replay)]
                self._summary.files += render(edition.report, FORMATS, self._folder / f"edition-{number}", edition.mark)
                self._summary.editions.append(edition)
                calendar = reporting.calendar.known_on(day)
                before = self._summary.editions[-2].report if number > 1 else None
                again = computed_again(
                    self._stack.settings("auditor"), edition.report, reporting.rulebook, calendar, before
                )
                self._summary.same_bytes.append(canonical_json(again) == edition.content)
            self._summary.explained = self._explain(reporting, self._summary.editions[-1])
            own = reporting.report(province, period, last, first_commune)
            self._summary.files += render(own, ("html", "docx", "pdf"), self._folder / "commune")
        self._services.wait_until_mailed()
        self._count(communes)
        self._summary.proof = prove(self._stack, self._folder / "export")

    def _explain(self, reporting: Reporting, edition: PublishedEdition) -> Explanation:
        """The first figure of a commune that moved, with a page of it."""
        period, content = self._scene.period, edition.report
        indicators = {line.indicator for line in content.indicators}
        moved = content.restated.moved if content.restated else ()
        change = next(each.change for each in moved if each.change.commune and each.change.item in indicators)
        code = next(line.code for line in content.communes if line.commune == change.commune)
        explanations = Explanations(self._stack.settings("auditor"), reporting, self._scene.last)
        wanted = WantedReport(self._scene.province, period, code, edition=edition.number)
        explained = explanations.of_indicator(wanted, change.item)
        page = self._folder / "explained.html"
        page.write_text(page_of(explained), encoding="utf-8", newline="\n")
        self._summary.files.append(page)
        return explained

    def _count(self, communes: int) -> None:
        self._summary.communes = communes
        self._summary.tasks = self._services.number("planning", "SELECT count(*) FROM tasks")
        self._summary.deadlines_missed = self._services.number(
            "planning", "SELECT count(*) FROM planning_events WHERE topic = 'planning.task-deadline-missed'"
        )
        self._summary.notices = self._services.number(
            "notifications", "SELECT count(*) FROM notifications_events WHERE topic = 'notifications.notice-sent'"
        )
        self._summary.overtaken = self._services.number(
            "reporting",
            "SELECT count(*) FROM reporting_events WHERE topic = 'reporting.commune-report-approval-overtaken'",
        )
        self._summary.mails = self._mailbox.count()


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, day_time(hour), VIETNAM)
