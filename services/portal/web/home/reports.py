"""A commune's reports: what is due by when, what is late, and what came back and why."""

from collections.abc import Iterator
from datetime import date

from services.portal.web.home.sections import Looking, Section, Thing, late, until
from shared.contracts.reporting import ListReports, ReportRow
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import mid_sentence
from shared.web.site import ask
from shared.web.visitor import visitor_of

TITLE = "Báo cáo"


async def reports(looking: Looking) -> list[Section]:
    question = ListReports(
        commune=looking.place, coming=True, known_at=looking.known_at, actor=visitor_of(looking.request).account
    )
    answer = (await ask(looking.request, question)).answer
    rows = answer.reports
    looking.changed_on.update(answer.changed_on)
    path = f"/bao-cao/{looking.place}"
    back = [row for row in rows if row.state == "returned"]
    owed = (row for row in rows if row.state in ("due", "drafted"))
    due = sorted(owed, key=lambda row: (row.due_on or date.max, row.regime))
    return [
        Section.of(
            "Báo cáo bị trả lại", (_returned(row, path) for row in back), path, "Không có báo cáo nào bị trả lại."
        ),
        Section.of("Báo cáo phải nộp", _due(due, looking.today, path), path, "Không có báo cáo nào phải nộp."),
    ]


def _returned(row: ReportRow, path: str) -> Thing:
    return Thing(_name(row), _path(row, path), f"{row.reviewed_by}: {row.reason}", "trả lại", "bad")


def _due(rows: list[ReportRow], today: date, path: str) -> Iterator[Thing]:
    for row in rows:
        if row.due_on is None:
            continue
        tag = late(row.days_late) if row.days_late else until(row.due_on, today)
        yield Thing(_name(row), _path(row, path), "", *tag)


def _name(row: ReportRow) -> str:
    title = row.regime_title or row.regime
    return f"{title}, {mid_sentence(Period.parse(row.period).vietnamese)}"


def _path(row: ReportRow, path: str) -> str:
    return f"{path}/{row.period}" + ("" if row.regime == DEFAULT_REGIME else f"?che-do={row.regime}")
