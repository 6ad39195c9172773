"""The first page of a province: each amount as in the list behind it, and no sentence that is not so."""

import asyncio
from datetime import date
from types import SimpleNamespace

import pytest

from services.portal.web import names
from services.portal.web.home import province
from services.portal.web.home.sections import Looking
from services.reporting.web.province import FILTERS, BoardRow
from shared.contracts import Answered
from shared.contracts.planning import ListedCommunes
from shared.contracts.reporting import ListedReports, ReportRow
from shared.grants import Scope
from shared.messaging.questions.question_client import NotAnswered

LOOKING = Looking(None, Scope(province="51"), "51", date(2025, 10, 2), None, set())


def row(commune, state, late):
    return ReportRow.model_validate(
        {
            "commune": commune, "code": commune, "name": f"Xã {commune}", "state": state, "submission": 0,
            "submitted_by": "", "submitted_on": None, "due_on": date(2025, 9, 16), "days_late": late, "reason": "",
            "reviewed_by": None, "changed": None, "missed": None, "outdated": False,
            "regime": "tthc", "period": "2025-Q3",
        }
    )  # fmt: skip


ROWS = (row("1", "due", 16), row("2", "drafted", 16), row("3", "approved", 1), row("4", "returned", 16))


@pytest.fixture
def answers(monkeypatch):
    def give(module, answer):
        async def ask(*_):
            return answer()

        monkeypatch.setattr(module, "ask", ask)
        monkeypatch.setattr(module, "visitor_of", lambda _: SimpleNamespace(account="binh"))

    return give


def test_the_amounts_of_reports_are_those_of_the_board_behind_them(answers):
    answers(province, lambda: Answered[ListedReports](positions={}, answer=ListedReports(reports=ROWS)))
    for section in asyncio.run(province.reports(LOOKING)):
        kept = FILTERS[section.more.rpartition("loc=")[2]].holds
        assert section.amount == sum(kept(BoardRow(each, None)) for each in ROWS), section.title


def test_names_that_cannot_be_read_now_are_not_taken_for_known_ones(answers):
    answers(names, lambda: Answered[ListedCommunes](positions={}, answer=ListedCommunes(communes=())))
    assert asyncio.run(names.names_in(None, ["51"])) == {"51": "tỉnh 51"}

    def away():
        raise NotAnswered("nobody", "đang không chạy")

    answers(names, away)
    assert asyncio.run(names.names_in(None, ["51"])) == {}
