"""Readings as Indicators really settles them, day after day, and Reporting's tables that follow."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.indicators.publishers import announce as announced_by_indicators
from services.indicators.subscribers import PLANNING, decisions
from services.planning.application import Planning
from services.planning.plan_file import read_plan
from services.planning.publishers import announce as announced_by_planning
from services.planning.register import communes_of
from services.reporting.read_models import Knowledge
from services.reporting.subscribers import SUBSCRIPTIONS
from shared.clock import VIETNAM, move
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.messaging.following.follower import Announced, Follower
from shared.messaging.intake.intake import Submitted, Unreadable
from shared.periods import Period
from shared.process import open_pool
from tests.reporting.planned import question

PROVINCE, QUARTER = "51", Period.parse("2025-Q3")
PLAN = Path(__file__).parents[2] / "services/planning/plans/51-standard.yaml"
FIRST_DAY = date(2025, 7, 1)
COMMUNES = [entry.code for entry in communes_of(PROVINCE)][:3]


@dataclass
class FollowedServices:
    """Planning and Indicators, to which communes send day after day. `follow` brings Reporting up to date."""

    planning: Planning
    indicators: Indicators
    knowledge: Knowledge
    pool: Any
    clock: Path
    day: date = FIRST_DAY
    dice: Random = field(default_factory=lambda: Random(51))
    standing: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0

    @classmethod
    @contextmanager
    def on(cls, stack, folder):
        clock = folder / "clock-of-services"
        move(clock, datetime(2025, 7, 1, 7, tzinfo=VIETNAM))
        of = {s: stack.settings(s, MINHBACH_CLOCK_FILE=str(clock)) for s in ("planning", "indicators", "reporting")}
        with (
            open_pool(of["planning"], "planning", size=2) as theirs,
            open_pool(of["indicators"], "indicators", size=2) as own,
            open_pool(of["reporting"], "reporting", size=4) as pool,
        ):
            services = cls(
                Planning(of["planning"], theirs), Indicators(of["indicators"], own), Knowledge(pool), pool, clock
            )
            services.planning.register_communes(PROVINCE, COMMUNES)
            services.planning.issue_plan(read_plan(PLAN), FIRST_DAY, standard=True)
            services.indicators.define_all(read_catalogue())
            Follower(own, "planning", PLANNING).apply(list(_announced(services.planning, announced_by_planning, 0)))
            yield services
            services.planning.close()
            services.indicators.close()

    def days(self, how_many, a_day=6):
        """So many days of readings, corrections, withdrawals, refusals and a message that nobody can read."""
        for _ in range(how_many):
            self.day += timedelta(days=1)
            move(self.clock, datetime.combine(self.day, datetime.min.time(), VIETNAM) + timedelta(hours=8))
            for _ in range(a_day):
                self.send(self.dice.choice((self._record, self._record, self._correct, self._withdraw)))
            self._settle(COMMUNES[0], Unreadable("not JSON"))

    def send(self, make):
        commune, content = make()
        self._settle(commune, content)

    def _record(self):
        commune = self.dice.choice(COMMUNES)
        reading_ids = [f"r{self.sent}-{n}" for n in range(3)]
        self.standing += [(commune, reading_id) for reading_id in reading_ids]
        return commune, RecordReadings(readings=tuple(self._reading(reading_id) for reading_id in reading_ids))

    def _reading(self, reading_id):
        # Now and then of a day that has not come, which is refused.
        observed_on = self.day + timedelta(days=self.dice.choice((0, 0, -1, -3, -40, 1)))
        counts = {"files-received": 20, "files-received-online": self.dice.randint(0, 20), "files-pending-in-term": 7}
        values = {measure: counts[measure] for measure in self.dice.sample(sorted(counts), self.dice.randint(1, 3))}
        field = self.dice.choice((None, "land", "justice"))
        return {"reading_id": reading_id, "observed_on": observed_on, "field": field, "values": values}

    def _correct(self):
        commune, reading_id = self._some()
        correction = {
            "reading_id": reading_id,
            "values": {"files-received": self.dice.randint(20, 30)},
            "reason": "nhầm",
        }
        return commune, CorrectReadings(corrections=(correction,))

    def _withdraw(self):
        commune, reading_id = self._some()
        return commune, WithdrawReadings(withdrawals=({"reading_id": reading_id, "reason": "trùng"},))

    def _some(self):
        return self.dice.choice(self.standing) if self.standing else (COMMUNES[0], "unknown")

    def _settle(self, commune, content):
        self.sent += 1
        at = self.indicators.clock()
        submitted = Submitted(commune, "readings", f"s{self.sent}", b"", "0" * 64, content)
        (outcome,) = decisions(self.indicators)([submitted], at)
        self.indicators.commit(*outcome.aggregates, at=at, statements=outcome.statements)

    def announced(self, source):
        """What Reporting has not followed yet."""
        store, announce = {
            "planning": (self.planning, announced_by_planning),
            "indicators": (self.indicators, announced_by_indicators),
        }[source]
        return list(_announced(store, announce, self.knowledge.positions().get(source, 0)))

    def follow(self, size=7):
        """Everything that was announced since, some at a time."""
        for source, subscriptions in SUBSCRIPTIONS.items():
            follower, coming = Follower(self.pool, source, subscriptions), self.announced(source)
            for start in range(0, len(coming), size):
                follower.apply(coming[start : start + size])

    def known(self, day):
        """What Reporting says of the quarter as known at a day, also by field."""
        return self.knowledge.of(question(PROVINCE, QUARTER, day))

    def held(self, tables):
        with self.pool.connection() as connection:
            return {table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in tables}


def _announced(store, announce, previous):
    for recorded in store.events_after(previous, 100_000):
        if event := announce(recorded):
            position = recorded.position.number
            yield Announced(position, previous, event.subject, event.model_dump_json().encode())
            previous = position
