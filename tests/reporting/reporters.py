"""Communes that count and report: a province of its own for each test, with its clock and Reporting."""

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nats
from nats.aio.msg import Msg

from services.reporting.application import Reporting
from services.reporting.subscribers import SUBSCRIPTIONS, decisions, of_terminal
from shared.clock import VIETNAM, move
from shared.contracts import Receipt
from shared.contracts.indicators import (
    IndicatorDefined,
    MeasureDefined,
    RecordedReading,
    ReplacedReading,
    SubmissionReceipted,
)
from shared.contracts.planning import CommuneRegistered
from shared.contracts.reporting import (
    ApproveReport,
    PublishReport,
    RestateReport,
    ReturnReport,
    SubmitReport,
    WriteNarrative,
)
from shared.messaging.following.follower import ReceivedEvent
from shared.messaging.following.grants import PROVINCE
from shared.messaging.intake.intake import Intake, Submitted
from shared.periods import Period
from shared.process import open_pool
from shared.regimes import DEFAULT_REGIME

QUARTER = Period.parse("2025-Q3")
# The reply subject of a message that a consumer delivers: the first time, with nothing behind it.
DELIVERED = "$JS.ACK.intake.reporters.1.1.1.1757808000000000000.0"
CLERK, REVIEWER = "Nguyễn Thị An", "Trần Bình"
_numbers = count(1)
_positions = count(1_000_000)


@dataclass
class Reporters:
    """`province` is this test's own; its communes are `<province>-0`, … and their codes are their ids."""

    reporting: Reporting
    pool: Any
    clock: Path
    settings: Any
    province: str
    communes: list = field(default_factory=list)
    submissions: int = 0

    @classmethod
    @contextmanager
    def on(cls, stack, folder, *, communes=2, registered=(2025, 7, 1), **env):
        clock = folder / "clock"
        move(clock, datetime(2025, 9, 15, 8, tzinfo=VIETNAM))
        settings = stack.settings("reporting", MINHBACH_CLOCK_FILE=str(clock), NATS_URL=stack.servers.nats_url, **env)
        with open_pool(settings, "reporting") as pool:
            reporting = Reporting(settings, pool)
            here = cls(reporting, pool, clock, settings, f"L{next(_numbers)}")
            here.register(communes, datetime(*registered, 8, tzinfo=VIETNAM))
            yield here
            reporting.close()

    @classmethod
    @contextmanager
    def restated(cls, stack, folder):
        """A commune corrected a count on 20 September, after its report: edition 2 restates edition 1."""
        with cls.on(stack, folder) as here:
            here.define()
            first, second = here.communes
            here.today(9, 15)
            here.count(first, 10, 5)
            here.count(second, 20, 1)
            here.today(9, 16)
            here.submit(0)
            here.approve(0)
            here.today(9, 20)
            here.correct(first, (10, 5), (10, 8))
            here.today(9, 25)
            here.publish(date(2025, 9, 18), by=REVIEWER, incomplete=True)
            here.restate(date(2025, 9, 25))
            yield here

    def today(self, month, day, hour=8, year=2025):
        move(self.clock, datetime(year, month, day, hour, tzinfo=VIETNAM))

    def register(self, communes, at):
        events = [self._registered(n, at) for n in range(communes)]
        self.communes = [event.commune for event in events]
        self.receive("planning", *events)

    def _registered(self, number, at):
        commune = f"{self.province}-{number}"
        return CommuneRegistered(
            event_id=commune, recorded_at=at, commune=commune, code=commune.replace("-", ""), name=f"Xã {commune}",
            kind="Xã", province=self.province, province_name=f"Tỉnh {self.province}", latitude=15.1, longitude=108.8,
            in_force_from=date(2025, 7, 1),
        )  # fmt: skip

    def code(self, number=0):
        return self.communes[number].replace("-", "")

    def define(self):
        """One indicator that every test of reports shares."""
        at = datetime(2025, 1, 1, 8, tzinfo=VIETNAM)
        measures = [
            MeasureDefined(
                event_id=name, recorded_at=at, measure=name, version=1, name=name, kind="flow", unit="x",
                by_field=False, in_force_from=at.date(),
            )
            for name in ("life-files", "life-online")
        ]  # fmt: skip
        online = IndicatorDefined(
            event_id="life", recorded_at=at, indicator="life", version=1, name="Trực tuyến",
            numerator=("life-online",), denominator=("life-files",), direction="higher", zero_denominator="undefined",
            source="x", in_force_from=at.date(),
        )  # fmt: skip
        self.receive("indicators", *measures, online)

    def count(self, commune, files, online, *, reading="r", day=date(2025, 8, 1)):
        """A commune's reading of a day, recorded now."""
        recorded = RecordedReading(
            reading_id=reading, version=1, observed_on=day, field=None, values=_values(files, online)
        )
        self._receipted(commune, recorded=(recorded,))

    def count_form(self, commune, reading="form", version=1, **counts):
        """Counts of one field, which stand in form II.06."""
        at = datetime(2025, 1, 1, 8, tzinfo=VIETNAM)
        values = {f"files-{name.replace('_', '-')}": count for name, count in counts.items()}
        measures = [
            MeasureDefined(
                event_id=name, recorded_at=at, measure=name, version=1, name=name, kind="flow", unit="x",
                by_field=True, in_force_from=at.date(),
            )
            for name in values
        ]  # fmt: skip
        self.receive("indicators", *measures)
        recorded = RecordedReading(
            reading_id=reading, version=version, observed_on=date(2025, 8, 1), field="land", values=values
        )
        self._receipted(commune, recorded=(recorded,))

    def correct(self, commune, before, after, *, by="Lê Chi", reading="r", day=date(2025, 8, 1), version=2):
        replaced = ReplacedReading(
            reading_id=reading, version=version, observed_on=day, field=None, values=_values(*after), reason="nhầm",
            before=_values(*before), by=by,
        )  # fmt: skip
        self._receipted(commune, corrected=(replaced,))

    def _receipted(self, commune, **fields):
        self.submissions += 1
        event = SubmissionReceipted(
            event_id=f"{commune}/{self.submissions}", recorded_at=self.reporting.clock(), commune=commune,
            submission_id=f"s{self.submissions}", **fields,
        )  # fmt: skip
        self.receive("indicators", event)

    def receive(self, source, *events):
        received = [ReceivedEvent(next(_positions), event) for event in events]
        with self.pool.connection() as connection:
            SUBSCRIPTIONS[source].apply(connection, received)

    def submit(self, number=0, submission_id="", **fields):
        """As intake settles it; the receipt."""
        self.submissions += 1
        request = {"period": QUARTER.name, "by": CLERK} | fields
        commune = self.communes[number] if isinstance(number, int) else number
        body = SubmitReport.model_validate(request)
        sent = Submitted(commune, "report", submission_id or f"r{self.submissions}", b"", "", body)
        at = self.reporting.clock()
        (outcome,) = decisions(self.reporting)([sent], at)
        self.reporting.commit(*outcome.aggregates, at=at, statements=outcome.statements)
        return outcome.receipt

    def approve(self, number=0, *, by=REVIEWER, **fields):
        """The last submission, unless `submission` is another one."""
        commune = self.communes[number]
        report = self.reporting.reviews.stored(commune, QUARTER, DEFAULT_REGIME)
        request = {"submission": report.submission if report else 1} | fields
        self.command(ApproveReport, commune, by=by, **request)

    def give_back(self, number=0, *, by=REVIEWER, **fields):
        self.command(ReturnReport, self.communes[number], by=by, **{"reason": "thiếu lĩnh vực đất đai"} | fields)

    def publish(self, day=date(2025, 9, 16), *, by="", **fields):
        """The number of the edition, and the hash of its content."""
        self.command(PublishReport, by=by, known_at=day, **fields)
        edition = self.edition()
        return edition.number, edition.content_sha256

    def restate(self, day=date(2025, 9, 30), *, by="Lê Chi", **fields):
        self.command(RestateReport, by=by, known_at=day, **{"reason": "đính chính của xã"} | fields)
        return self.edition()

    def edition(self):
        return self.reporting.edition(self.province, QUARTER)

    def write(self, by=REVIEWER, **sections):
        """Sections of the province's report, by their names with "_"."""
        texts = {name.replace("_", "-"): text for name, text in sections.items()}
        return self.command(WriteNarrative, by=by, sections=texts)

    def command(self, kind, scope="", *, by, **fields):
        """As the province's terminal gives it, about itself or about a commune; the receipt."""
        command = kind(period=QUARTER.name, **fields)
        return of_terminal(self.reporting, scope or f"{PROVINCE}{self.province}", command, by)

    def recorded(self, kind=object):
        """This province's events, of a kind."""
        facts = (recorded.event for recorded in self.reporting.events_after(0, 100_000))
        mine = {self.province, *self.communes}
        return [
            event
            for event in facts
            if {getattr(event, "province", None), getattr(event, "commune", None)} & mine and isinstance(event, kind)
        ]

    def facts(self):
        return [f for f in self.reporting.events_after(0, 100_000) if getattr(f.event, "province", "") == self.province]

    def ask(self, query, *parameters):
        with self.pool.connection() as connection:
            return connection.execute(query, parameters).fetchall()

    def taken(self, *batches):
        """Batches of (commune, submission id, body) as intake takes them; the receipts that it sends, in order."""
        return asyncio.run(self._taken(batches))

    async def _taken(self, batches):
        client = await nats.connect(self.settings.nats_url)
        receipts = await client.subscribe("receipt.*.*")
        await client.flush()
        intake = Intake(self.reporting, self.pool, SimpleNamespace(client=client), decisions(self.reporting))
        answers = []
        for batch in batches:
            await intake.take([_message(client, *one) for one in batch])
            answers += [Receipt.model_validate_json((await receipts.next_msg(5)).data) for _ in batch]
        await client.close()
        return answers


def _message(client, commune, submission_id, body):
    subject = f"intake.{commune}.report.{submission_id}"
    return Msg(_client=client, subject=subject, reply=DELIVERED, data=body.encode())


def _values(files, online):
    return {"life-files": files, "life-online": online}
