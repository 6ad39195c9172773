"""Each cell of docs/rights.md about pages and the API, over HTTP on running services."""

import asyncio
import json
import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from starlette.datastructures import FormData

from deploy.embedded.stack import Stack
from services.indicators.readings_file.preview import previewed
from services.indicators.web.file_form import FileForm
from services.indicators.web.upload import Read
from services.planning.application import Planning
from services.planning.application.evidence_files import Upload
from services.planning.plan_file import plan_of
from services.portal.api.routes import PREFIX, QUESTIONS
from services.portal.application import Portal
from services.portal.read_models.sessions import Client, Sessions
from services.portal.sign_in.tokens import digest_of, new_token
from services.reporting.subscribers import of_terminal
from shared.clock import day_of
from shared.contracts.indicators import Reading, RecordReadings
from shared.contracts.planning import ReportProgress, TaskQuestion
from shared.contracts.reporting import PublishReport, SubmitReport
from shared.grants import SCOPE_OF
from shared.messaging.following.grants import PROVINCE
from shared.process import open_pool
from shared.web.submitting import SUBMISSION
from tests.journeys.province import Province, until
from tests.journeys.rights import (
    ALLOWED,
    BY,
    ELSEWHERE,
    HERE,
    ONE,
    OTHER,
    THERE,
    WITHOUT,
    open_accounts,
    rows,
    targets,
)

ROWS = rows("Page") | rows("Address")
LEAD, DAY, PERIOD, READING = "Phòng Kinh tế", "2025-09-10", "2025-Q3", "r-1"
PDF = b"%PDF-1.7 minh ch\xe1\xbb\xa9ng"
# What stands in an address beside a commune or a province; a task and a plan are each commune's own.
PLACES = {
    "period": PERIOD, "edition": "1", "edition:int": "1", "day": DAY, "reading": READING, "reading_id": READING,
    "sha256": sha256(PDF).hexdigest(), "indicator": "online-files",
    "submission_id": "s-1", "token": "x" * 43, "format": "html", "account": "nobody", "drawing": "ty-le",
}  # fmt: skip
TABLE = "Mã số liệu,Ngày,Lĩnh vực,Hồ sơ tiếp nhận\nr-3,12/9/2025,Đất đai,2"
FILE = asyncio.run(FileForm.of(FormData({"dan": TABLE})))
SEAL = Read(FILE, previewed(FILE.question(ONE, "clerk"))).seal
LATE = "SELECT commune, task_id FROM tasks WHERE lead[1] <> %s AND deadlines[1] < %s"
EVIDENCE = "POST /minh-chung/{commune}/{task}"
NARRATIVE = "POST /bao-cao/tinh/{province}/{period}/noi-dung"
DONE = "Tỉnh đã ghi nhận 1 số liệu"  # where a form comes back with its receipt at once
YEARS = iter(range(2026, 2100))  # a commune has one plan a year
STATES = ("tinh/{province}", "tinh/{province}.json", "{commune}", "{commune}.json")


def _put(kind):
    return f"PUT {PREFIX}/communes/{{commune}}/submissions/{kind}/{{submission_id}}"


# What each form is sent with, until one is recorded: something for each role that may.
END_OF_PLAN = "POST /ke-hoach/{commune}/{plan}"  # of one that has no other part in these tests
FORMS = {
    "POST /nhiem-vu/{commune}/{task}": [
        {"step": "return", "note": "thiếu biểu"}, {"step": "complete", "evidence": "12/BC"},
        {"step": "comment", "note": "hỏi"},
    ],
    "POST /nhiem-vu/tinh/{province}": [{"step": "follow", "nhiem-vu": "LATE"}],
    "POST /nhiem-vu/{commune}": [
        {"step": "return", "note": "thiếu biểu", "nhiem-vu": "TASK"},
        {"step": "acknowledge", "nhiem-vu": "TASK"},
        {"step": "progress", "percent": "9", "nhiem-vu": "TASK"},
    ],
    "POST /so-lieu/{commune}": [{"files-received.2025-09-11": "1"}],
    "POST /so-lieu/{commune}/ma/{reading}": [{"step": "withdraw", "withdraw-reason": "sai"}],
    "POST /bao-cao/{commune}/{period}": [
        {"step": "submit"}, {"step": "approve", "submission": "1"}, {"step": "return", "reason": "sai"},
    ],
    "POST /bao-cao/tinh/{province}": [{"step": "approve", "bao-cao": "COMMUNE 1"}],
    NARRATIVE: [{"so": "0", "proposals": "Tăng biên chế."}],
    "POST /an-ban/{province}/{period}/cong-bo": [{"step": "restate", "reason": "thêm số liệu"}],
    "POST /ke-hoach/{commune}/ban-thao": [{"viec": "ban-hanh", "ban-thao": "DRAFT"}],
    END_OF_PLAN: [{"ly-do": "hết năm"}],
    "POST /bieu-so-lieu/{commune}": [{"o.land.4": "1"}],
    "POST /tep-so-lieu/{commune}": [{"dan": TABLE, "step": "send", "da-xem": SEAL}],
    "POST /van-hanh/phien": [{"tai-khoan": "nobody"}],
    "POST /van-hanh/tai-khoan": [{"tai-khoan": "new", "ho-ten": "Người mới"}],
    "POST /van-hanh/tai-khoan/{account}": [{"step": "invite"}],
    _put("readings"): [{"readings": [{"reading_id": "r-2", "observed_on": DAY, "field": "land", "values": {"x": 1}}]}],
    _put("corrections"): [{"corrections": [{"reading_id": "none", "values": {"x": 1}, "reason": "sai"}]}],
    _put("withdrawals"): [{"withdrawals": [{"reading_id": "none", "reason": "sai"}]}],
    _put("report"): [{"period": PERIOD, "by": "Lê Văn Tám"}],
    _put("progress"): [
        {"steps": [{"task_id": "t-0", "step": "acknowledge", "role": role, "by": LEAD}]}
        for role in ("body", "one-stop-centre", "chair")
    ]
    + [{"steps": [{"task_id": "t-0", "step": "follow", "role": "provincial-office", "by": "Người"}]}],
}  # fmt: skip
QUERIES = {
    "POST /so-lieu/{commune}": {"tuan": DAY, "linh-vuc": "land"},
    "POST /bao-cao/tinh/{province}": {"ky": PERIOD},
    "POST /bieu-so-lieu/{commune}": {"ngay": "2025-09-12"},
    **{f"GET /so-sanh/{place}": {"ky": PERIOD, "tu": "1/9/2025"} for place in STATES},
    **{
        f"GET {PREFIX}/{place}/comparisons/{{period}}": {"since": "2025-09-01"}
        for place in ("communes/{commune}", "provinces/{province}")
    },
    f"GET {PREFIX}/provinces/{{province}}/editions/{{period}}/audit": {"edition": "1"},
    f"GET {PREFIX}/provinces/{{province}}/unusual-readings": {"observed_from": DAY, "observed_until": DAY},
}
OF_TASKS = [f"GET {PREFIX}{route.path}" for route in QUESTIONS if issubclass(route.question, TaskQuestion)]


ACCOUNTS = (*SCOPE_OF, *WITHOUT[:-1], "last")


@pytest.fixture(scope="module")
def running(tmp_path_factory, start_servers):
    """Two communes with a plan, a reading and a report each, a commune of another province, and an account a role."""
    folder = tmp_path_factory.mktemp("pages")

    def make_stack(**options):
        env = {**options.pop("env"), "MINHBACH_PUBLIC_ACCOUNT": "auditor"}
        return Stack(folder / "stack", start_servers=start_servers, env=env, **options)

    with Province.of(make_stack, folder, communes=2, today=date(2025, 9, 16)) as province:
        assert province.communes == [ONE, OTHER]
        with province.service("planning", Planning) as planning:
            planning.register_communes(THERE, [ELSEWHERE])
            ending = {commune: planning.issue_plan(plan_of(draft(), "json"), None, commune).plan_id
                      for commune in (ONE, OTHER)}  # fmt: skip
        tasks = {commune: task for commune, task, lead in province.tasks() if lead == LEAD}
        late = dict(province.ask("planning", LATE, LEAD, DAY))
        for commune in (ONE, OTHER):
            reading = Reading(reading_id=READING, observed_on=DAY, field="land", values={"files-received": 1})
            done = {"task_id": tasks[commune], "step": "complete", "by": LEAD, "evidence": "12/BC"}
            sent = RecordReadings(readings=(reading,)), ReportProgress.model_validate({"steps": [done]})
            province.send(*((commune, f"before-{each.kind}", each) for each in sent))
            attach(province, commune, tasks[commune])
        province.wait_until_followed()
        report = SubmitReport(period=PERIOD, by="Lê Văn Tám")
        receipts = province.send(*((commune, "before-report", report) for commune in (ONE, OTHER)))
        assert [each.refused for each in receipts] == [(), ()]
        with province.reporting() as reporting:
            edition = PublishReport(period=PERIOD, known_at=date(2025, 9, 15), incomplete=True)
            of_terminal(reporting, f"{PROVINCE}{HERE}", edition, BY.name)
        settings = province.stack.settings("portal")
        with (
            open_pool(settings, "portal", size=2) as pool,
            httpx.Client(base_url=province.stack.public_url, timeout=60) as client,
        ):
            portal = Portal(settings, pool)
            until(lambda: portal.places.is_known(ELSEWHERE), "the communes are known")
            open_accounts(portal, LEAD)
            end = day_of(portal.clock()) + timedelta(days=1)
            keys = {each: portal.issue_key(each, "phần mềm", end, BY).secret for each in ACCOUNTS if each != "closed"}
            portal.close()
            plans = dict(province.ask("planning", "SELECT commune, plan_id FROM plans WHERE commune IS NOT NULL"
                " AND NOT plan_id = ANY(%s)", list(ending.values())))  # fmt: skip
            running = SimpleNamespace(
                client=client, pool=pool, keys=keys, tasks=tasks, late=late, plans=plans, ending=ending,
                url=province.stack.public_url, reading={},
            )  # fmt: skip
            for path in ("nhiem-vu", "so-lieu", "bao-cao"):  # each service knows the account that was opened last
                name = f"GET /{path}/{{commune}}"
                until(lambda name=name: request(running, "last", name, ONE).status_code == 200, f"last may {name}")
            written = {"so": "0", "assessment": "Tốt."}  # so that there is something to restate
            assert request(running, "last", NARRATIVE, HERE, written).status_code == 303
            yield running


def attach(province, commune, task):
    """A file of evidence that there is."""
    upload = Upload(commune, "before", PLACES["sha256"], len(PDF))
    with province.service("planning", Planning) as planning:
        assert planning.evidence_files.take(upload, 0, PDF)
    file = {"sha256": upload.sha256, "name": "12-BC.pdf"}
    step = {"task_id": task, "step": "attach", "by": LEAD, "file": file}
    [receipt] = province.send((commune, "before-file", ReportProgress.model_validate({"steps": [step]})))
    assert receipt.accepted == 1


def headers_of(running, account, method, path):
    """A key, or a session: to read one for the whole test, else one that has just begun, for a request may end it."""
    own_page = {"Origin": running.url, "Sec-Fetch-Site": "same-origin"}
    if account not in ACCOUNTS:
        return own_page
    if path.startswith(PREFIX):
        return {"Authorization": f"Bearer {running.keys.get(account, 'mb_none')}"}
    if method != "GET" or account not in running.reading:
        running.reading[account] = token = new_token()
        Sessions(running.pool).begin(digest_of(token), account, "password", Client("", ""), datetime.now(UTC))
    return {"Cookie": f"__Host-minhbach={running.reading[account]}", **own_page}


def request(running, account, name, target, form=None):
    """Again while the service has not confirmed it: the machine is slow."""
    method, path = name.split()
    sent = {"params": QUERIES.get(name, {})}
    if account == "office" and name in OF_TASKS:
        sent["params"] = {"body": LEAD}
    if method == "POST":
        chosen = ELSEWHERE if target == THERE else OTHER
        named = {
            "COMMUNE 1": f"{chosen} 1",
            "TASK": running.tasks.get(target, "t-0"),
            "LATE": running.late.get(chosen, "t-0"),
        }
        if "DRAFT" in form.values():
            named["DRAFT"] = draft()
        sent["data"] = {SUBMISSION: uuid4().hex} | {key: named.get(text, text) for key, text in form.items()}
        if name == EVIDENCE:
            sent["files"] = {"tep": ("12-BC.pdf", PDF)}
    elif method == "PUT":
        sent["json"] = form
    places = PLACES | dict.fromkeys(("task", "task_id"), running.tasks.get(target, "t-0"))
    plans = running.ending if name == END_OF_PLAN else running.plans
    places |= dict.fromkeys(("plan", "plan_id"), plans.get(target, "p-0"))
    address = re.sub(r"{([^}]+)}", lambda place: places.get(place[1], target), path)

    def answer():
        answer = running.client.request(method, address, headers=headers_of(running, account, method, path), **sent)
        return answer if answer.status_code not in (202, 503) else None

    return until(answer, f"an answer of {name} to {account}")


def draft():
    """A plan of another year each time."""
    year = next(YEARS)
    head = {"title": "Kế hoạch", "regime": "tthc-control", "year": year, "issued_on": f"{year}-01-05"}
    head["span"] = {"from": f"{year}-01-01", "until": f"{year}-12-31"}
    return json.dumps({"plan": head, "tasks": [], "indicators": [], "warnings": []})


def may(running, account, name, target):
    """A form does something, and comes back with a page where it does not; all else is answered or refused.

    What is there is found by whoever may read it: no missing page is taken for a right.
    """
    of_place = ROWS[name]["about"] in ("commune", "province")
    is_there, changes = of_place and name.startswith("GET"), of_place and name.startswith("POST")
    if name.startswith("POST /nhiem-vu/") and (account, target) in (("clerk", ONE), ("chair", ONE)):  # what is done
        done = {"task_id": running.tasks[ONE], "step": "complete", "by": LEAD, "evidence": "12/BC"}
        request(running, "office", _put("progress").replace("{submission_id}", uuid4().hex), ONE, {"steps": [done]})
    for form in FORMS.get(name, [{}]):
        answer = request(running, account, name, target, form)
        assert answer.status_code < 500, answer.text
        away = account in ("unknown", "closed") and answer.headers.get("location", "").startswith("/dang-nhap")
        is_done = answer.status_code == 303 or DONE in answer.text
        assert not is_there or away or answer.status_code in (200, 303, 401, 403), f"{answer.status_code} for {account}"
        if not away and (is_done if changes else answer.status_code not in (401, 403)):
            return True
    return False


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_role_opens_so_much_and_no_more(running, name):
    running.reading.clear()
    cells = dict(ROWS[name])
    about = cells.pop("about")
    if about == "all":
        tried = {("unknown", "own"): True}
    elif about == "self":
        tried = {(role, "own"): cell == "own" for role, cell in cells.items()}
        tried |= {("closed", "own"): False, ("unknown", "own"): False}
    else:
        tried = {(role, place): place in ALLOWED[cell] for role, cell in cells.items() for place in targets(about)}
        tried |= {(account, "own"): False for account in WITHOUT}
    places = targets("province" if "{province}" in name else "commune" if about in ("all", "self") else about)
    first_those_who_may_not = sorted(tried, key=tried.get)  # what is done once is not done yet
    assert {(who, place): may(running, who, name, places[place]) for who, place in first_those_who_may_not} == tried
