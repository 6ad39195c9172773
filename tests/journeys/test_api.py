"""Programs ask and send over HTTP with a key; communes' machines ask the same questions over the broker."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from datetime import date
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner

from deploy.cli import app
from deploy.up.sandbox import found as found_sandbox
from services.portal.api.routes import QUESTIONS
from services.portal.application import Portal
from shared.contracts import CommuneQuestion, OwnQuestion
from shared.grants import SCOPE_OF, Scope
from shared.regimes import DEFAULT_REGIME
from tests.journeys.commune_machine import NOT_A_COMMUNES
from tests.journeys.programs import BODY, OPERATOR, Programs
from tests.journeys.province import CODE, QUARTER, until

TODAY = date(2025, 9, 16)


@pytest.fixture(scope="module")
def province(found):
    with found(communes=2, today=TODAY) as province:
        yield province


@pytest.fixture(scope="module")
def programs(province):
    return Programs.of(province)


@pytest.fixture(scope="module")
def clerk(programs):
    with programs.client("clerk") as client:
        yield client


@pytest.fixture(scope="module")
def one(province):
    return province.communes[0]


def reading(count=7, day="2025-09-15", reading_id=None):
    values = {"files-received": count, "files-received-online": 1}
    return {"reading_id": reading_id or f"r-{uuid4().hex}", "observed_on": day, "field": "land", "values": values}


def put(client, commune, kind="readings", submission_id=None, **body):
    """Again while it is not confirmed: the machine is slow."""
    address = f"/communes/{commune}/submissions/{kind}/{submission_id or uuid4().hex}"

    def confirmed():
        answer = client.put(address, json=body)
        return answer if answer.status_code != 202 else None

    return until(confirmed, f"an answer of {address}")


def problem(answer, status, name):
    """The sentence of a problem."""
    found = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, found["status"], found["problem"]) == (status, status, name), found
    assert found["detail"].endswith(".")
    return found["detail"]


def test_a_submission_has_a_receipt_and_the_same_one_again(clerk, one):
    submission_id, body = uuid4().hex, {"readings": [reading()]}
    first = put(clerk, one, submission_id=submission_id, **body)
    again = put(clerk, one, submission_id=submission_id, **body)
    asked = clerk.get(f"/communes/{one}/submissions/readings/{submission_id}")
    assert first.status_code == 200, first.text
    assert first.json() == again.json() == asked.json()
    receipt = first.json()
    assert (receipt["submission_id"], receipt["accepted"], receipt["refused"]) == (submission_id, 1, [])
    assert receipt["after"] == f"indicators:{receipt['position']}"
    other = put(clerk, one, submission_id=submission_id, readings=[reading()])
    assert problem(other, 409, "id-used-before")


def test_an_answer_rests_on_the_last_receipt(clerk, one):
    address = f"/communes/{one}/figures/{QUARTER.name}"
    first = put(clerk, one, readings=[reading(1, day="2025-09-10")]).json()
    before = figure(clerk, one, after=first["after"])
    receipt = put(clerk, one, readings=[reading(30, day="2025-09-10")]).json()
    answer = caught_up(clerk, address, after=receipt["after"])
    assert answer.status_code == 200, answer.text
    assert answer.json()["positions"]["indicators"] >= receipt["position"]
    assert figure(clerk, one) == before + 30
    wrong = clerk.get(address, params={"after": "notifications:1"})
    assert "không dựa vào notifications" in problem(wrong, 422, "unreadable")


def caught_up(client, address, **params):
    """Asked again while the service has not come to `after` within the portal's five seconds."""

    def answer():
        answer = client.get(address, params=params)
        return answer if answer.status_code != 202 else None

    return until(answer, f"an answer of {address}")


def figure(client, commune, **params):
    """The files received of the quarter, of which a rate is made."""
    answer = caught_up(client, f"/communes/{commune}/figures/{QUARTER.name}", **params)
    if answer.status_code == 404:  # nothing was known
        return 0
    [row] = [
        row for row in answer.json()["answer"]["figures"] if row["indicator"] == "online-files" and not row["scope"]
    ]
    return row["denominator"] or 0


def test_a_figure_is_answered_as_it_was_known_at_another_date(clerk, one):
    put(clerk, one, readings=[reading(day="2025-09-09")])
    assert figure(clerk, one, known_at="2025-09-12") == 0


def test_an_item_that_a_rule_refuses_is_in_the_receipt_and_costs_no_other(clerk, one):
    negative, unreadable = reading(-1), {**reading(), "values": {"files-received": "many"}}
    receipt = put(clerk, one, readings=[reading(), negative, unreadable]).json()
    assert receipt["accepted"] == 1
    assert [each["item"] for each in receipt["refused"]] == [negative["reading_id"], unreadable["reading_id"]]
    assert all(each["sentence"].endswith(".") for each in receipt["refused"])


def test_readings_are_corrected_withdrawn_and_listed(clerk, one):
    first, second = reading(), reading()
    put(clerk, one, readings=[first, second])
    by = {"reason": "đếm sót", "by": "Nguyễn Thị An"}
    corrected = {"reading_id": first["reading_id"], "values": {"files-received": 9}, **by}
    assert put(clerk, one, "corrections", corrections=[corrected]).json()["accepted"] == 1
    withdrawn = {"reading_id": second["reading_id"], **by}
    after = put(clerk, one, "withdrawals", withdrawals=[withdrawn]).json()["after"]
    shown = clerk.get(f"/communes/{one}/readings/{first['reading_id']}", params={"after": after}).json()
    assert [version["state"] for version in shown["answer"]["versions"]] == ["recorded", "corrected"]
    assert shown["answer"]["versions"][1]["by"] == "Tên của clerk"
    listed = clerk.get(f"/communes/{one}/readings", params={"state": "withdrawn"}).json()["answer"]
    assert second["reading_id"] in [each["reading_id"] for each in listed["readings"]]


def test_a_report_and_a_step_of_a_task_are_sent(programs, clerk, one):
    put(clerk, one, readings=[reading(day="2025-09-10")])
    until(lambda: figure(clerk, one), "the report has figures")
    sent = put(clerk, one, "report", period=QUARTER.name, by="Nguyễn Thị An").json()
    assert sent["accepted"] == 1, sent
    listed = clerk.get(f"/communes/{one}/reports", params={"after": sent["after"]}).json()["answer"]["reports"]
    [row] = [row for row in listed if (row["period"], row["regime"]) == (QUARTER.name, DEFAULT_REGIME)]
    assert (row["state"], row["submitted_by"]) == ("submitted", "Tên của clerk")
    with programs.client("office") as office:
        tasks = office.get(f"/communes/{one}/tasks", params={"body": BODY}).json()["answer"]["tasks"]
        step = {"task_id": tasks[0]["task_id"], "step": "acknowledge", "by": BODY}
        assert put(office, one, "progress", steps=[step]).json()["accepted"] == 1
        problem(office.get(f"/communes/{one}/tasks"), 403, "not-granted")
        assert all(BODY in (*task["lead"], *task["support"]) for task in tasks)


@pytest.mark.parametrize(
    ("body", "place"),
    [(b"", ""), (b"{", ""), (b"[]", ""), (b'{"readings": []}', "readings"), (b'{"more": 1}', "readings"),
     (b'{"readings": [{"reading_id": "a", "reading_id": "b"}]}', "readings.0"), (b"\xff", ""),
     (b'{"readings": [{"reading_id": "\\ud800"}]}', ""), (b'{"readings": NaN}', "")],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_with_its_place(clerk, one, body, place):
    answer = clerk.put(f"/communes/{one}/submissions/readings/{uuid4().hex}", content=body)
    problem(answer, 422, "unreadable")
    assert place in answer.json().get("place", "")


def test_a_body_that_is_too_large_is_refused(clerk, one):
    body = b'{"readings": [' + b" " * 1_000_000 + b"]}"
    problem(clerk.put(f"/communes/{one}/submissions/readings/{uuid4().hex}", content=body), 413, "too-large")


@pytest.mark.parametrize(
    ("path", "params", "place"),
    [("tasks", {"known_at": "yesterday"}, "known_at"), ("tasks", {"unknown": "1"}, "unknown"),
     ("readings", {"most": "0"}, "most"), ("figures/2025-Q9", {}, ""), ("tasks", {"after": "x"}, "after"),
     ("readings", {"state": "all"}, "state")],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_refused_with_its_name(clerk, one, path, params, place):
    answer = clerk.get(f"/communes/{one}/{path}", params=params)
    problem(answer, 422, "unreadable")
    assert place in answer.json().get("place", "")


def test_an_address_without_a_thing_is_a_problem_too(clerk, one):
    problem(clerk.get("/nothing"), 404, "not-found")
    problem(clerk.get(f"/communes/{one}/readings/no-such"), 404, "not-found")
    problem(clerk.get(f"/communes/{one}/submissions/readings/no-such"), 404, "not-found")
    answer = clerk.post("/account")
    problem(answer, 405, "not-allowed")
    assert answer.headers["allow"] == "GET"


def test_a_key_is_needed_and_works_until_it_is_revoked(programs, one):
    with programs.client() as nobody, programs.client("mb_" + "x" * 43) as stranger:
        for client in (nobody, stranger):
            answer = client.get("/account")
            problem(answer, 401, "no-key")
            assert answer.headers["www-authenticate"] == "Bearer"
    with programs.province.service("portal", Portal) as portal:
        issued = portal.issue_key("clerk", "sắp bị thu hồi", date(2025, 9, 30), OPERATOR)
        with programs.client(issued.secret) as client:
            assert client.get("/account").json()["answer"]["account"] == "clerk"
            portal.revoke_key("clerk", issued.key, "lộ khóa", OPERATOR)
            problem(client.get("/account"), 401, "no-key")


def test_a_key_may_be_only_to_ask_or_for_one_commune(programs, province, one):
    other = province.communes[1]
    with province.service("portal", Portal) as portal:
        reader = programs.issue(portal, "clerk", "chỉ đọc", read_only=True)
        of_other = programs.issue(portal, "provincial-officer", "của một xã", commune=other)
    with programs.client(reader) as client:
        assert client.get(f"/communes/{one}/tasks").status_code == 200
        problem(put(client, one, readings=[reading()]), 403, "not-granted")
    with programs.client(of_other) as client:
        assert client.get(f"/communes/{other}/tasks").status_code == 200
        assert client.get(f"/provinces/{CODE}/editions").status_code == 200
        for path in (f"/communes/{one}/tasks", f"/provinces/{CODE}/tasks"):
            problem(client.get(path), 403, "not-granted")


def test_ids_of_one_account_are_no_other_accounts(programs, province, clerk, one):
    key = programs.open("clerk-2", "clerk", Scope(one))
    submission_id = uuid4().hex
    assert put(clerk, one, submission_id=submission_id, readings=[reading()]).json()["accepted"] == 1
    with programs.client(key) as second:
        problem(second.get(f"/communes/{one}/submissions/readings/{submission_id}"), 404, "not-found")
        assert put(second, one, submission_id=submission_id, readings=[reading()]).json()["accepted"] == 1


ASKED_FOR = {"edition": "1", "format": "html", "observed_from": "2025-06-15", "observed_until": "2025-09-14"}


@pytest.mark.parametrize("role", SCOPE_OF)
def test_each_role_has_the_answers_of_its_scope_and_no_others(programs, province, role):
    """Whatever is not granted is 403; what is granted is answered, or there is nothing of that name."""
    own, other = province.communes
    wrong = []
    with programs.client(role) as client:
        for route, (commune, code) in product(QUESTIONS, ((own, CODE), (other, "48"))):
            places = {"commune": commune, "province": code, "period": QUARTER.name}
            names = dict.fromkeys(("task_id", "plan_id", "reading_id", "indicator"), "none")
            needed = {name for name, field in route.question.model_fields.items() if field.is_required()}
            params = {name: ASKED_FOR[name] for name in sorted(needed - {*places, *names, "actor"})}
            status = client.get(route.path.format(**places, **names), params=params).status_code
            is_granted = may_ask(role, route.question, commune == own)
            if (status == 403) is is_granted or status not in (200, 403, 404):
                wrong.append((route.path, commune, status))
    assert wrong == []


def may_ask(role, question, is_own):
    """Of the second pair the commune is another one of the province, and the province is another one."""
    if issubclass(question, OwnQuestion):
        return True
    if role not in question.roles or (role == "office" and issubclass(question, CommuneQuestion)):  # names no body
        return False
    return is_own or (issubclass(question, CommuneQuestion) and SCOPE_OF[role] == "province")


@pytest.mark.parametrize("role", SCOPE_OF)
def test_only_clerks_and_who_may_submit_do_so_for_their_commune(programs, province, role):
    own, other = province.communes
    bodies = {
        "readings": ("clerk", {"readings": [reading()]}),
        "corrections": ("clerk", {"corrections": [{"reading_id": "x", "values": {"a": 1}, "reason": "r"}]}),
        "withdrawals": ("clerk", {"withdrawals": [{"reading_id": "x", "reason": "r"}]}),
        "report": (("clerk", "chair"), {"period": QUARTER.name, "by": "A"}),
        "progress": ("office", {"steps": [{"task_id": "t-0", "step": "acknowledge", "by": BODY}]}),
    }
    with programs.client(role) as client:
        for kind, (roles, body) in bodies.items():
            assert put(client, own, kind, **body).status_code == (200 if role in roles else 403), kind
            assert put(client, other, kind, **body).status_code == 403


def test_descriptions_are_served_without_a_key(programs):
    with programs.client() as client:
        assert client.get("/openapi.json").json()["openapi"] == "3.1.0"
        assert client.get("/asyncapi.json").json()["asyncapi"] == "3.0.0"
        page = client.get("/docs")
    assert "PUT /api/v1/communes/{commune}/submissions/readings/{submission_id}" in page.text
    assert "http" not in page.text.replace("httpx", "").replace("HTTP", "")
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.slow
def test_a_submission_that_is_not_confirmed_yet_is_202_and_its_receipt_comes_later(programs, province, clerk, one):
    """Indicators stands still for the five seconds that the portal waits: that is the time that it takes."""
    [stopped] = [each.process.pid for each in province.stack.running if each.service == "indicators"]
    submission_id, body = uuid4().hex, {"readings": [reading()]}
    os.kill(stopped, signal.SIGSTOP)
    try:
        answer = clerk.put(f"/communes/{one}/submissions/readings/{submission_id}", json=body)
    finally:
        os.kill(stopped, signal.SIGCONT)
    assert (answer.status_code, answer.json()["status"], answer.headers["retry-after"]) == (202, "not-confirmed", "5")
    assert answer.headers["location"] == f"/api/v1/communes/{one}/submissions/readings/{submission_id}"
    address = answer.headers["location"].removeprefix("/api/v1")
    receipt = until(lambda: (found := clerk.get(address)).status_code == 200 and found, "the receipt is there").json()
    assert receipt == put(clerk, one, submission_id=submission_id, **body).json()
    ahead = clerk.get(f"/communes/{one}/readings", params={"after": f"indicators:{receipt['position'] + 10**6}"})
    assert (ahead.status_code, ahead.json()["status"]) == (202, "not-yet")


@pytest.fixture
def at_the_commune(province, one, tmp_path, monkeypatch):
    """Runs commands on the commune's machine, which has the broker's address and nothing else."""
    for name in NOT_A_COMMUNES:
        monkeypatch.delenv(name, raising=False)
    [url] = province.stack.servers.commune_urls([one]).values()
    monkeypatch.setenv("NATS_URL", url)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [*words])


def test_a_commune_lists_over_the_broker_without_a_database(province, one, at_the_commune):
    def listed(*words):
        ended = at_the_commune(*words, "--json")
        assert ended.exit_code == 0, (words, ended.stderr)
        return json.loads(ended.stdout)

    assert {task["commune"] for task in listed("task", "list")} == {one}
    plans = {plan["commune"]: plan["plan_id"] for plan in listed("plan", "list")}
    assert set(plans) == {None, one}
    assert listed("plan", "show", plans[one])["plan"]["commune"] == one
    assert [report["commune"] for report in listed("report", "list", "--quarter", QUARTER.name)] == [one]
    assert listed("notice", "list")["sent"] >= 0
    assert listed("readings", "list")["commune"] == one
    other = at_the_commune("notice", "list", "--commune", province.communes[1])
    assert (other.exit_code, "chỉ được hỏi về chính mình" in other.stderr) == (1, True)


@pytest.mark.parametrize(
    ("language", "command", "printed"),
    [
        ("python", [sys.executable, "-"], ["recorded: 1", "/ ", "chưa được giao quyền"]),
        ("js", ["node", "--input-type=module"], [" tasks, ", "0 ", "không được âm"]),
        ("sh", ["sh"], ['"account":"clerk"', '"rule":"unknown-reading"', '"known_at":"2025-09-16"', '"editions":[]']),
    ],
)
def test_the_examples_of_the_page_run(programs, one, language, command, printed):
    """docs/integration.md: each block of a language in which it has examples, as a shell runs it."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    page = (Path(__file__).parents[2] / "docs/integration.md").read_text("utf-8")
    [block] = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    env = {**os.environ, "MINHBACH_API": programs.url, "MINHBACH_KEY": programs.keys["clerk"], "COMMUNE": one}
    done = subprocess.run(command, input=block, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for words in printed:
        assert words in done.stdout, done.stdout


CHECKED = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("ignored_auth", "unsupported_method"),
)
SAME_EACH_TIME = settings(max_examples=3, derandomize=True, deadline=None, database=None,
                          suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.fixture(scope="module")
def described_requests(programs):
    """Of each operation in the description, by Schemathesis. To think of them takes longer than to send them."""
    import schemathesis  # it takes a second, of every process that collects tests

    schema, requests = schemathesis.openapi.from_url(f"{programs.url}/openapi.json"), []
    for found in schema.get_all_operations():

        @SAME_EACH_TIME
        @given(case=found.ok().as_strategy())
        def keep(case):
            requests.append(case)

        keep()
    return requests


@pytest.mark.slow
@pytest.mark.parametrize("role", SCOPE_OF)
def test_the_api_answers_as_it_is_described(programs, described_requests, role):
    """Each role sends the same requests; more than a hundred take some seconds."""
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    checks = CHECKS.get_by_names(CHECKED)
    headers = {"Authorization": f"Bearer {programs.keys[role]}"}
    assert len(described_requests) > 100
    for request in described_requests:
        request.call_and_validate(base_url=programs.url, headers=headers, checks=checks)


def test_a_sandbox_has_a_province_and_a_key_for_each_role(programs, province):
    keys = found_sandbox(province.stack, "48")
    assert {key.role for key in keys} == set(SCOPE_OF)
    for key in keys:
        with programs.client(key.secret) as client:
            [grant] = client.get("/account").json()["answer"]["grants"]
        assert (grant["role"], grant["commune"] or grant["province"]) == (key.role, key.scope.split()[0])
    [auditor] = [key for key in keys if key.role == "auditor"]
    with programs.client(auditor.secret) as client:
        plans = until(lambda: client.get("/provinces/48/plans").json().get("answer"), "Planning knows the auditor")
        assert "Kế hoạch mẫu" in str(plans)
        assert "Quảng Ngãi" not in str(plans)
    assert found_sandbox(province.stack, "48") == []


NEXT = b"GET /api/v1/account HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer KEY\r\nConnection: close\r\n\r\n"
CHUNKED, LENGTH = b"Transfer-Encoding: chunked\r\n", b"Content-Length: %d\r\n" % len(NEXT)


def post(*lines, body=b"0\r\n\r\n", version=b"1.1"):
    """A form without a body, and another request behind it, which a proxy in front may take for its body."""
    head = b"POST /dang-nhap HTTP/%s\r\nHost: a\r\n" % version
    return b"".join([head, *lines, b"\r\n", body, NEXT])


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (NEXT.replace(b"Connection: close\r\n", b"") + NEXT, [200, 200]),
        (post(CHUNKED, LENGTH), [400]),
        (post(LENGTH, CHUNKED), [400]),
        (post(CHUNKED, version=b"1.0"), [400]),
        (post(b"Content-Length: 0\r\n", LENGTH, body=b""), [400]),
        (post(b"Content-Length: +0\r\n", body=b""), [400]),
        (post(b"Transfer-Encoding: gzip, chunked\r\n"), [400]),
        (post(b"Transfer-Encoding: xchunked\r\n"), [400]),
        (post(b"Transfer-Encoding : chunked\r\n"), [400]),
        (NEXT.replace(b"Host: a\r\n", b""), [400]),
        (NEXT.replace(b"Host: a", b"Host: a\r\nHost: b"), [400]),
        (NEXT.replace(b"Host: a", b"Host: a\r\nX: " + b"x" * 200_000), [400]),
        (NEXT.replace(b"Host: a", b"Host: a\r\nX: \0"), [400]),
        (NEXT.replace(b" /api", b" http://evil.example/api"), [303]),
        (NEXT.replace(b"GET /api/v1/account", b"CONNECT evil.example:443"), [403]),
        (NEXT.replace(b"GET /api/v1/account", b"OPTIONS *"), [401]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [403, 400]),
    ],
)
def test_a_request_has_one_end_and_one_host(programs, request_, statuses):
    """Raw bytes: no two readings of one request, and none that leads elsewhere."""
    portal = urlsplit(programs.url)
    answer = b""
    with (
        socket.create_connection((portal.hostname, portal.port), timeout=60) as connection,
        contextlib.suppress(ConnectionError),  # it may be closed before all is read
    ):
        connection.sendall(request_.replace(b"KEY", programs.keys["clerk"].encode()))
        while received := connection.recv(65536):
            answer += received
    assert [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)] == statuses
    assert re.findall(rb"location: (?!/[a-z])", answer) == []
