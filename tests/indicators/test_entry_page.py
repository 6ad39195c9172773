"""The page of a week: days for which nothing is taken are locked with the reason, reports that were handed in named."""

from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from services.indicators.web.pages import PART
from shared.contracts import Answered, Receipt
from shared.contracts.indicators import (
    Catalogue,
    ClosedDay,
    ListedReadings,
    ListReadings,
    NamedField,
    NamedMeasure,
    ReadingVersion,
    RecordReadings,
    ShowCatalogue,
    UsualRange,
)
from shared.contracts.reporting import ListedReports, ListReports, ReportRow
from shared.grants import Grant, Scope
from shared.messaging.questions.question_client import NOBODY, NotAnswered
from shared.web.address import Address
from shared.web.site import Services, Site
from shared.web.visitor import Visitor

ORIGIN, PATH = "http://localhost", "/so-lieu/21025?tuan=2025-09-15&linh-vuc=land"
AT = datetime(2025, 9, 18, 1, tzinfo=UTC)
MONDAY = date(2025, 9, 15)
CLERK = Grant("clerk.1", "clerk", "clerk", Scope("21025"), date(2025, 1, 1))
LOCKED = ClosedDay(observed_on=MONDAY, rule="span-over", sentence="Kế hoạch của ngày đó đã kết thúc.")
FUTURE = ClosedDay(observed_on=MONDAY + timedelta(days=6), rule="future", sentence="Ngày đó chưa đến.")


class SignedIn:
    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["visitor"] = Visitor("clerk", "Lê Văn Tám", (CLERK,))
        await self._app(scope, receive, send)


def report(state):
    return ReportRow(
        commune="21025", code="21025", name="Xã A", regime="tthc-control", period="2025-Q3", state=state, due_on=None,
        days_late=0, submission=1, submitted_by="Lê Văn Tám", submitted_on=date(2025, 9, 16), reviewed_by=None,
        reason=None, changed=None, missed=None, outdated=False, counted_from=date(2025, 6, 15),
        counted_until=date(2025, 9, 16),
    )  # fmt: skip


READING = ReadingVersion(
    reading_id="r-1", state="corrected", version=2, observed_on=MONDAY + timedelta(days=1), field="land",
    values={"files-received": 1250}, before={"files-received": 12}, submission_id="s-1", recorded_at=AT,
    reason="đếm thiếu", by="Trần Thị Bình", by_account="binh",
)  # fmt: skip


USUAL = UsualRange(
    field="land", measure="files-received", name="Đất đai: Hồ sơ tiếp nhận", least=5, most=40,
    sentence="khác xa mức thường có của đơn vị: từ 5 đến 40",
)  # fmt: skip


@pytest.fixture
def page(client):
    """The page of the week while a report stands so; None: Reporting does not answer."""

    def shown(state, more=""):
        return client(state).get(f"{PATH}{more}").text

    return shown


@pytest.fixture
def sent():
    """What was sent to the service."""
    return []


@pytest.fixture
def client(sent):
    def of(state):
        async def send(scope, submission_id, account, submission):
            sent.append(submission)
            return Receipt(
                submission_id=submission_id, commune=scope, kind=submission.kind, sha256="", recorded_at=AT, accepted=1,
                duplicates=0, refused=(), parked=None, position=7,
            )  # fmt: skip

        async def ask(question):
            match question:
                case ShowCatalogue():
                    measure = NamedMeasure(
                        measure="files-received", name="Hồ sơ tiếp nhận", unit="hồ sơ", kind="flow", by_field=True
                    )
                    field = NamedField(field="land", name="Đất đai")
                    answer = Catalogue(fields=(field,), measures=(measure,), indicators=())
                case ListReadings():
                    answer = ListedReadings(total=1, readings=(READING,), closed=(LOCKED, FUTURE), usual=(USUAL,))
                case ListReports():
                    if state is None:
                        raise NotAnswered("nobody", NOBODY)
                    known = (report(state),) if question.known_at in (None, date(2025, 9, 17)) else ()
                    answer = ListedReports(reports=known)
            return Answered[type(answer)](positions={}, answer=answer)

        services = Services(ask, send, None)
        site = Site(Address(ORIGIN), services, [PART], lambda: AT, shut=[Middleware(SignedIn)])
        return TestClient(site.application(), base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False)

    return of


def test_a_day_for_which_nothing_is_taken_is_locked_with_the_reason(page):
    text = page("due")
    assert "Kế hoạch của ngày đó đã kết thúc." in text
    assert text.count('class="state locked"') == 1
    assert 'name="files-received.2025-09-15"' not in text
    assert 'name="files-received.2025-09-17"' in text
    assert "Ngày đó chưa đến" not in text, "it has its own sign"


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_report_that_was_handed_in_locks_nothing_and_is_named_at_the_days_that_it_counts(page, state):
    text = page(state)
    assert 'href="/bao-cao/21025/2025-Q3"' in text
    assert "Báo cáo quý III năm 2025" in text
    assert "có số liệu đã đổi từ khi nộp" in text
    assert text.count('class="small" href="/bao-cao/21025/2025-Q3"') == 2, "15 and 16 September"
    assert 'name="files-received.2025-09-17"' in text


def test_the_page_of_a_past_day_names_the_reports_of_that_day_and_leads_to_them_as_of_it(page):
    text = page("submitted", "&biet-den=2025-09-17")
    assert text.count('href="/bao-cao/21025/2025-Q3?biet-den=2025-09-17"') == 3
    assert "Số liệu gửi, đính chính hay rút bây giờ" not in text
    assert "/bao-cao/21025/2025-Q3" not in page("submitted", "&biet-den=2025-09-16"), "not handed in then"


@pytest.mark.parametrize("state", [None, "due", "returned"])
def test_without_such_a_report_nothing_is_named(page, state):
    text = page(state)
    assert "/bao-cao/21025/2025-Q3" not in text
    assert 'name="files-received.2025-09-17"' in text


def test_who_entered_when_and_why_stands_beside_the_cells(page):
    text = page("due")
    assert "Trần Thị Bình (tài khoản binh). Lý do: đếm thiếu" in text
    assert "<del>12</del> 1.250" in text
    assert (
        'data-who="Hồ sơ tiếp nhận, 16/9/2025: đã đính chính 08:00 ngày 18/9/2025, Trần Thị Bình (tài khoản binh)'
        in text
    )
    assert "; trước là 12. Lý do: đếm thiếu" in text


def test_a_recorded_count_that_is_far_from_the_usual_is_named_and_rows_have_the_range(page):
    text = page("due")
    assert "Đất đai: Hồ sơ tiếp nhận, 16/9/2025: 1.250 khác xa mức thường có" in text
    assert text.count('class="state unusual"') == 2, "at the cell, and below where signs are explained"
    row = text[: text.index('data-cell="files-received.2025-09-17"')].rpartition("<tr")[2]
    assert row[: row.index(">")].count('data-least="5" data-most="40"') == 1


FORM = {"lan-gui": "a" * 32, "so.2025-09-17": "0"}


def test_without_scripts_the_clerk_sees_far_counts_once_before_it_is_sent(client, sent):
    typed = FORM | {"files-received.2025-09-17": "0"}
    shown = client("due").post(PATH, data=typed)
    sentence = "Đất đai: Hồ sơ tiếp nhận, 17/9/2025: 0 khác xa mức thường có của đơn vị: từ 5 đến 40."
    assert (shown.status_code, sent) == (200, [])
    assert f'name="khac-thuong" value="{sentence}"' in shown.text
    assert 'value="0"' in shown.text, "what was typed stays"
    confirmed = client("due").post(PATH, data=typed | {"khac-thuong": sentence})
    assert confirmed.status_code == 303
    [submission] = sent
    assert isinstance(submission, RecordReadings)
    assert submission.readings[0].values == {"files-received": 0}


@pytest.mark.parametrize(("count", "headers"), [("12", {}), ("900", {"X-Minhbach-Account": "clerk"})])
def test_a_usual_count_and_one_that_a_script_has_warned_of_are_sent_at_once(client, sent, count, headers):
    answer = client("due").post(PATH, data=FORM | {"files-received.2025-09-17": count}, headers=headers)
    assert (answer.status_code, len(sent)) == (303, 1)
