"""What happened to a task, a plan, a report, a reading or a commune: its stored events in order, and who did it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection

from services.reporting.audit import stored_names as names
from services.reporting.audit.explaining.acts import WORDS, sentences_of
from services.reporting.audit.explaining.stored_facts import (
    Fact,
    facts_between,
    facts_of,
    facts_that_begin_with,
    identity,
    stores,
)
from services.reporting.audit.explaining.text import values_text
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.refusal import NothingKnown
from services.reporting.read_models.definitions import measures
from services.reporting.read_models.territory import commune_with
from shared.contracts.reporting import Timeline, TimelineEntry
from shared.periods import Period
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE
from shared.settings import Settings
from shared.vietnamese import mid_sentence

OWN_ID = re.compile(r"[pt]-([0-9a-f]{12})")
ACTS = {"recorded": "ghi nhận", "corrected": "đính chính", "withdrawn": "rút", "refused": "từ chối"}
READING: LiteralString = """
    SELECT commune, event FROM indicators.readings WHERE commune = ANY(%(communes)s) AND reading_id = %(reading)s
    UNION SELECT commune, event FROM indicators.refused_readings
        WHERE commune = ANY(%(communes)s) AND item = %(reading)s
"""
ENDED_IN: LiteralString = "SELECT DISTINCT commune FROM reporting.successions WHERE successor = %s"
PLANS: LiteralString = (
    "SELECT DISTINCT coalesce(version_of, plan_id) FROM reporting.plans WHERE commune = %s ORDER BY 1"
)
REPORTS: LiteralString = "SELECT report_id FROM reporting.reports WHERE commune = %s"
COMMUNES: LiteralString = "SELECT commune FROM reporting.communes"


class Timelines:
    """Each question reads one state of the stores, with the auditor's rights. NothingKnown for an unknown id."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of_task(self, task_id: str) -> Timeline:
        with stores(self._settings) as connection:
            facts = _own_facts(connection, task_id, "t", "task_id")
            if not facts:
                raise NothingKnown(f"Không có nhiệm vụ mang mã “{task_id}”; xem danh sách: minhbach task list")
            submissions = _submissions_of(connection, task_id, facts)
        content = facts[0].every_field.get("content", "")
        return _timeline("task", task_id, f"Nhiệm vụ {task_id}: {content}", facts, submissions.get)

    def of_plan(self, plan_id: str) -> Timeline:
        with stores(self._settings) as connection:
            facts = _own_facts(connection, plan_id, "p", "plan_id")
        if not facts:
            raise NothingKnown(f"Không có kế hoạch mang mã “{plan_id}”; xem danh sách: minhbach plan list")
        title = facts[0].every_field["title"]
        return _timeline("plan", plan_id, f"Kế hoạch {plan_id}: {title}", facts)

    def of_report(self, code: str, period: Period, regime: str) -> Timeline:
        """A commune's report by its code, or the province's own by the province's."""
        with stores(self._settings) as connection:
            commune = commune_with_code(connection, code)
            identities = [Report.create_id(code, period.name, regime)]
            if commune:
                identities.append(CommuneReport.create_id(commune, regime, period.name))
            return report_timeline(connection, code, period, identities)

    def of_reading(self, reading_id: str, code: str | None = None) -> Timeline:
        """Ids of readings are a commune's own: without its code all communes are asked, and only one may have it."""
        with stores(self._settings) as connection:
            communes = [commune_with_code(connection, code) or code] if code else _all_communes(connection)
            asked = {"communes": communes, "reading": reading_id}
            rows = connection.execute(READING, asked, prepare=False).fetchall()
            owners = sorted({commune for commune, _ in rows})
            if not owners:
                of = f" của đơn vị {code}" if code else ""
                raise NothingKnown(
                    f"Không có số liệu mang mã “{reading_id}”{of}; xem danh sách: minhbach readings list"
                )
            if len(owners) > 1:
                raise NothingKnown(
                    f"{len(owners)} đơn vị có số liệu mang mã “{reading_id}”: {', '.join(owners[:5])}; hãy thêm"
                    " --commune."
                )
            facts = facts_of(connection, "indicators", {event for _, event in rows})
            shown = _Names.read(connection)
        unit = shown.communes[owners[0]]
        entries = [entry for fact in facts for entry in _acts_on(reading_id, fact, unit, shown.measures)]
        title = f"Số liệu {reading_id} của {mid_sentence(unit)} ({owners[0]})"
        return Timeline(kind="reading", id=reading_id, title=title, entries=tuple(entries))

    def of_commune(self, code: str) -> Timeline:
        """Its register, plans and reports; tasks and readings have timelines of their own."""
        with stores(self._settings) as connection:
            commune = commune_with_code(connection, code)
            if commune is None:
                raise NothingKnown(f"Không có đơn vị nào mang mã “{code}”; xem danh sách: minhbach commune list")
            facts = _register(connection, commune)
            for (plan_id,) in connection.execute(PLANS, (commune,)).fetchall():
                facts += _own_facts(connection, plan_id, "p", "plan_id")
            reports = [UUID(row[0]) for row in connection.execute(REPORTS, (commune,))]
            facts += facts_of(connection, "reporting", reports)
        facts.sort(key=lambda fact: (fact.row.recorded_at or "", fact.service, fact.row.position))
        return _timeline("commune", commune, f"Đơn vị {code}", facts)


def report_timeline(connection: Connection, code: str, period: Period, identities: Iterable[UUID]) -> Timeline:
    """Of reports with these identities; it reads Reporting's own history alone."""
    facts = facts_of(connection, "reporting", identities)
    if not facts:
        raise NothingKnown(
            f"Chưa có báo cáo {period.vietnamese} nào của “{code}”; xem danh sách: minhbach report list --quarter"
            f" {period.name}"
        )
    return _timeline("report", f"{code}/{period.name}", f"Báo cáo {period.vietnamese} của {code}", facts)


def commune_with_code(connection: Connection, code: str) -> str | None:
    """The id of the commune that bears a code, or that has this id."""
    connection.execute("SET LOCAL search_path TO reporting")
    found = commune_with(connection, code)
    return found[0] if found else None


def _all_communes(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute(COMMUNES)]


def _register(connection: Connection, commune: str) -> list[Fact]:
    """Its own events, and those by which others ended in it."""
    others = [row[0] for row in connection.execute(ENDED_IN, (commune,))]
    facts = facts_of(connection, "planning", [identity("planning", "commune", each) for each in (commune, *others)])
    ends = (names.COMMUNE_MERGED, names.COMMUNE_DIVIDED)
    return [fact for fact in facts if fact.fields["commune"] == commune or fact.row.topic in ends]


def _own_facts(connection: Connection, own_id: str, letter: str, field: str) -> list[Fact]:
    """The events of the aggregate whose identity the id begins; none for an id of another form."""
    found = OWN_ID.fullmatch(own_id)
    if found is None or own_id[0] != letter:
        return []
    facts = facts_that_begin_with(connection, "planning", found[1])
    return [fact for fact in facts if fact.every_field.get(field) == own_id]


def _submissions_of(connection: Connection, task_id: str, facts: Sequence[Fact]) -> dict[int, str]:
    """By position, the submission with which a step came: it is stored in one transaction with its steps."""
    found: dict[int, str] = {}
    for fact in facts:
        position, moment = fact.row.position, fact.row.recorded_at
        if not fact.every_field.get("by") and fact.row.topic != names.TASK_STEP_REFUSED:
            continue
        window = position - MOST_EVENTS_IN_ONE_SAVE, position + MOST_EVENTS_IN_ONE_SAVE
        near = facts_between(connection, "planning", window, names.PROGRESS_RECEIPTED, moment)
        mine = [each for each in near if _names_task(each, task_id)]
        if mine:
            nearest = min(mine, key=lambda each: abs(each.row.position - position))
            found[position] = nearest.every_field["submission_id"]
    return found


def _names_task(fact: Fact, task_id: str) -> bool:
    fields = fact.every_field
    return any(step.get("task_id") == task_id for step in (*fields["accepted"], *fields["refused"]))


class _Names(NamedTuple):
    """The names of communes, as they were registered, and of measures."""

    communes: dict[str, str]
    measures: dict[str, str]

    @classmethod
    def read(cls, connection: Connection) -> "_Names":
        connection.execute("SET LOCAL search_path TO reporting")
        known = measures(connection, datetime.max.replace(tzinfo=UTC))
        communes = connection.execute("SELECT commune, name FROM reporting.communes").fetchall()
        return cls(dict(communes), {measure: each.name for measure, each in known.items()})


def _acts_on(reading_id: str, fact: Fact, unit: str, named: Mapping[str, str]) -> Iterable[TimelineEntry]:
    fields = fact.every_field
    for kind, act in ACTS.items():
        for item in fields[kind]:
            if item.get("reading_id", item.get("item")) == reading_id:
                now, before = (
                    values_text(values, named) if (values := item.get(name)) else "" for name in ("values", "before")
                )
                reason = item.get("reason") and f"lý do: {item['reason']}"
                texts = (act, now, before and f"trước đó: {before}", reason, item.get("sentence"))
                yield TimelineEntry(
                    act=f"reading-{kind}",
                    effective_on=item.get("observed_on"),
                    by=item.get("by") or fields.get("by") or unit,
                    by_account=fields.get("by_account"),
                    submission_id=fields["submission_id"],
                    sentences=tuple(text for text in texts if text),
                    fact=fact.shown,
                )


def _timeline(
    kind: str,
    own_id: str,
    title: str,
    facts: Iterable[Fact],
    submission: Callable[[int], str | None] = lambda _: None,
) -> Timeline:
    entries = [_entry(fact, submission(fact.row.position)) for fact in facts if fact.row.topic in WORDS]
    return Timeline(kind=kind, id=own_id, title=title, entries=tuple(entries))


def _entry(fact: Fact, submission_id: str | None) -> TimelineEntry:
    fields, name = fact.every_field, fact.row.topic
    day = WORDS[name].day
    written = fields.get(day) if day else None
    step = fields.get("step")
    by = fields if fields.get("by") or not isinstance(step, dict) else step
    return TimelineEntry(
        act=name.partition(".")[2],
        effective_on=date.fromisoformat(written) if written else None,
        by=by.get("by"),
        by_account=by.get("by_account", by.get("account")),
        submission_id=fields.get("submission_id") or submission_id,
        sentences=tuple(sentences_of(name, fields)),
        fact=fact.shown,
    )
