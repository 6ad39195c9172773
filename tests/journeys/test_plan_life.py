"""The life of plans and their tasks on real processes: read, issued, reported on, amended, moved, killed on the way.

The clock only goes forward. Each step of that life is a fixture with communes of its own on the same servers, and each
test asks for the steps that it needs; so each runs alone.
"""

import json
from collections import Counter
from datetime import date, timedelta

import docx
import pytest

from deploy.embedded.stack import Stack
from deploy.mailbox import Mailbox
from services.planning.application import Planning
from services.planning.register import communes_of
from shared.clock import move
from shared.contracts.planning import ReportProgress
from tests.journeys.leaders import leader
from tests.journeys.plan_life import Plans, answer, duty, plan_file, step
from tests.journeys.province import at, until

FIRST_DAY = date(2025, 7, 1)
OURS, AMENDED = "21211", "21025"
CENTRE, CHAIR = "Trung tâm Phục vụ hành chính công", "Chủ tịch UBND"
HEAD = "day,is,decided_on,source\n"

HEADINGS = ("STT", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn")
ROWS = (
    ("1", "Lập danh mục hồ sơ giấy", "Danh mục", "Phòng Kinh tế", "Văn phòng HĐND và UBND", "Chậm nhất ngày 31/7/2025"),
    ("2", "Giúp dân nộp hồ sơ qua mạng", "Biên bản", "Phòng Văn hóa - Xã hội", "Phòng Kinh tế", "Quý III"),
    ("3", "Gặp gỡ hộ kinh doanh", "Biên bản", "Phòng Kinh tế", "", "Trước ngày 31/9/2025"),
    ("4", "Khảo sát sự hài lòng", "Phiếu khảo sát", "Phòng Văn hóa - Xã hội", "", "Theo Kế hoạch của tỉnh"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plan-life")


@pytest.fixture(scope="module")
def calendar(folder):
    path = folder / "calendar.csv"
    path.write_text(HEAD)
    return path


@pytest.fixture(scope="module")
def province(folder, calendar, start_servers):
    """Each service, Planning twice; the communes of the first journeys are registered."""
    clock = folder / "clock"
    move(clock, at(FIRST_DAY, 8))
    with Mailbox(folder / "mails") as mailbox:
        env = {"MINHBACH_CLOCK_FILE": str(clock), "SMTP_URL": mailbox.url, "MINHBACH_CALENDAR": str(calendar)}
        with Stack(folder / "stack", env, start_servers=start_servers) as stack:
            stack.running.append(stack.spawn("planning", 2))
            stack.wait_until_ready()
            province = Plans(stack, clock, mailbox, [OURS, AMENDED])
            with province.service("planning", Planning) as planning:
                planning.register_communes("51", province.communes)
            yield province
            province.close()


@pytest.fixture(scope="module")
def issued(province, folder):
    """A document in nobody's name, read; what it leaves open filled in by a person; issued."""
    document = docx.Document()
    header = document.add_table(1, 2).rows[0].cells
    header[0].text, header[1].text = "TỈNH QUẢNG NGÃI\nUBND XÃ ……", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    document.add_paragraph("KẾ HOẠCH\nKiểm soát thủ tục hành chính 6 tháng cuối năm 2025 trên địa bàn xã")
    table = document.add_table(0, len(HEADINGS))
    for row in (HEADINGS, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(folder / "plan.docx")
    draft = province.answers("plan", "read", folder / "plan.docx")
    filled = folder / "plan.json"
    filled.write_text(json.dumps(corrected(draft)))
    return draft, province.answers("plan", "issue", filled), province.answers("plan", "issue", filled)


def corrected(draft):
    """As a person who knows the commune leaves the draft: with a day that there is instead of 31 September."""
    tasks = [dict(task) for task in draft["tasks"]]
    (impossible,) = tasks[2]["milestones"]
    tasks[2]["milestones"] = [{"kind": "deadline", "due": impossible["suggestion"]}]
    return {**draft, "plan": {**draft["plan"], "commune": OURS, "number": "05/KH-UBND"}, "tasks": tasks}


def test_a_document_becomes_a_plan_and_its_tasks(province, issued):
    draft, first, again = issued
    assert draft["plan"]["commune"] is draft["plan"]["number"] is None
    assert [task["code"] for task in draft["tasks"]] == ["1", "2", "3", "4"]
    assert any("31/9/2025" in warning for warning in draft["tasks"][2]["warnings"])
    assert (first["plans"], first["tasks"], first["already"]) == (1, 4, 0)
    assert (again["plan_id"], again["plans"], again["already"]) == (first["plan_id"], 0, 1)
    province.wait_until_agreed()
    listed = province.answers("task", "list", "--body", "phòng kinh tế", "--commune", OURS)
    assert [(task["code"], task["deadlines"]) for task in listed] == [
        ("1", ["2025-07-31"]), ("2", ["2025-09-30"]), ("3", ["2025-09-30"])
    ]  # fmt: skip
    unresolved = province.answers("task", "list", "--unresolved")
    assert [(task["code"], task["deadlines"]) for task in unresolved] == [("4", [])]


LIFE = [
    ("acknowledge", {}, "acknowledged"),
    ("progress", {"percent": 40, "note": "Đã làm 2 thôn", "evidence": "12/BC-VHXH"}, "in-progress"),
    ("complete", {"evidence": "15/BC-VHXH"}, "done"),
    ("return", {"by": CENTRE, "role": "one-stop-centre", "note": "Thiếu biên bản"}, "returned"),
    ("complete", {"evidence": "16/BC-VHXH"}, "done"),
    ("accept", {"by": CENTRE, "role": "one-stop-centre"}, "accepted"),
]


def test_the_steps_of_a_task_are_receipted_and_change_it_once(province, issued):
    task = province.task(OURS, "2").task_id
    for name, fields, state in LIFE:
        first, again = province.submit(OURS, step(task, name, **{"by": "Phòng Văn hóa - Xã hội"} | fields))
        assert (first.accepted, first.refused) == (1, ())
        assert again.accepted == 0
        assert (again.duplicates == 1) == (name != "return"), "what is open again cannot be returned again"
        assert province.task(OURS, "2").state == state
    (refused,) = province.submit(OURS, step(task, "progress", percent=50))[0].refused
    assert (refused.item, refused.rule) == (task, "completed")
    resolving = step(province.task(OURS, "4").task_id, "resolve", due_on=date(2025, 10, 20), note="88/KH-UBND")
    assert [receipt.accepted for receipt in province.submit(OURS, resolving)] == [1, 0]
    province.wait_until_agreed()
    assert province.task(OURS, "4").deadlines == [date(2025, 10, 20)]


def test_a_missed_deadline_is_mailed_to_more_and_more_people_and_to_each_once(province, issued):
    due, notified = date(2025, 7, 31), Counter()
    province.move_to(due)
    assert overdue(province) == notified
    for days, recipients in (
        (1, (f"phong-kinh-te.{OURS}",)),
        (3, (f"trung-tam-phuc-vu-hanh-chinh-cong.{OURS}", f"chu-tich.{OURS}")),
        (10, ("van-phong.51",)),
    ):
        province.move_to(due + timedelta(days=days))
        notified.update(f"{recipient}@minhbach.example" for recipient in recipients)
        until(lambda: notified <= overdue(province), f"the mails of {days} days after")
        province.wait_until_agreed()
        assert overdue(province) == notified
    assert province.late() == {"1": 10}
    assert province.late("--known-at", due + timedelta(days=1)) == {"1": 1}
    assert province.late("--known-at", due) == {}


def overdue(province):
    return Counter(mail["To"] for mail in province.mailbox.messages() if "Quá hạn" in mail["Subject"])


KEPT, DROPPED, REPORTED = 60, 4, 30


@pytest.fixture(scope="module")
def amended(province, issued, folder):
    """Two clerks amend one plan at once, while the commune reports on all its tasks, each report sent twice."""
    days = [date(2025, 11, 3) + timedelta(days=n % 5) for n in range(KEPT + DROPPED)]
    duties = [duty(str(n), f"Rà soát lĩnh vực thứ {n}", day) for n, day in enumerate(days, start=1)]
    province.answers("plan", "issue", plan_file(folder / "old.json", *duties, commune=AMENDED))
    later = [
        duty(d["code"], d["content"], days[n] + timedelta(days=14 * (n < 10))) for n, d in enumerate(duties[:KEPT])
    ]
    new = plan_file(folder / "new.json", *later, duty("99", "Niêm yết mã QR tại Trung tâm", days[0]), commune=AMENDED)
    tasks = {n: province.task(AMENDED, str(n)).task_id for n in range(1, KEPT + DROPPED + 1)}
    reports = [
        (AMENDED, f"report-{n}", ReportProgress(steps=(step(task, "progress", percent=REPORTED),)))
        for n, task in reversed(tasks.items())
    ]
    with province.sending([report for each in reports for report in (each, each)], together=1) as stream:
        stream.wait_for(2 * DROPPED)
        signed = ("--by", CHAIR, "--reason", "Theo chỉ đạo của tỉnh", "--json")
        clerks = [province.start("plan", "amend", new, *signed) for _ in range(2)]
        answers = [answer(clerk) for clerk in clerks]
        assert stream.receipts < stream.sent
        stream.finish()
    return tasks, answers


def test_two_clerks_who_amend_a_plan_at_once_make_one_version_of_it(province, amended):
    _, answers = amended
    counts = [{name: a[name] for name in ("version", "added", "revised", "withdrawn")} for a in answers]
    nothing = {"version": 2, "added": 0, "revised": 0, "withdrawn": 0}
    assert sorted(counts, key=lambda c: c["added"]) == [
        nothing,
        {"version": 2, "added": 1, "revised": 10, "withdrawn": 4},
    ]
    province.wait_until_agreed()
    assert set(province.happened("revised").values()) == set(province.happened("withdrawn").values()) == {1}
    assert province.audited("51")["agree"]


def test_a_withdrawn_task_takes_no_steps_any_more(province, amended):
    tasks, _ = amended
    dropped = [tasks[n] for n in range(KEPT + 1, KEPT + DROPPED + 1)]
    for task in dropped:
        (refused,) = province.submit(AMENDED, step(task, "complete", evidence="7/BC"))[0].refused
        assert (refused.rule, refused.sentence) == ("withdrawn", "Nhiệm vụ đã được rút khỏi kế hoạch.")
    history = (
        "SELECT task_id, array_agg(topic ORDER BY originator_version) FROM planning_events"
        " JOIN tasks ON uuid = originator_id WHERE task_id = ANY(%s) GROUP BY task_id"
    )
    for _, topics in province.ask("planning", history, dropped):
        assert "planning.task-progress-reported" in topics
        assert {*topics[topics.index("planning.task-withdrawn") + 1 :]} == {"planning.task-step-refused"}
    kept = "SELECT percent FROM tasks WHERE task_id = ANY(%s)"
    assert {*province.ask("planning", kept, [tasks[n] for n in range(1, KEPT + 1)])} == {(REPORTED,)}


# What is sent beside the task, and the rule by which it is refused; None where nobody can read it.
RUBBISH = {
    "a role nobody has": ({"step": "accept", "role": "mayor"}, None),
    "a role that may not accept": ({"step": "accept"}, "not-entitled"),
    "a role that may not extend": ({"step": "extend", "due_on": "2025-12-31", "note": "x"}, "not-entitled"),
    "a role that may not withdraw": ({"step": "withdraw", "role": "one-stop-centre", "note": "x"}, "not-entitled"),
    "an unknown step": ({"step": "dance"}, None),
    "no step": ({}, None),
    "the year 9999": ({"step": "resolve", "due_on": "9999-12-31"}, None),
    "the year 10000": ({"step": "resolve", "due_on": "10000-01-01"}, None),
    "a day as text": ({"step": "resolve", "due_on": "cuối quý"}, None),
    "a day that there is not": ({"step": "resolve", "event_on": "2025-02-30"}, None),
    "a long obligation": ({"step": "complete", "evidence": "x", "obligation": "a" * 10_000}, None),
    "an unknown obligation": ({"step": "complete", "evidence": "x", "obligation": "2025-Q9"}, "unknown-obligation"),
    "an obligation with a zero": ({"step": "complete", "evidence": "x", "obligation": "a\x00"}, None),
    "half a letter": ({"step": "complete", "evidence": "x", "obligation": "\ud800"}, None),
    "more than all": ({"step": "progress", "percent": 101}, None),
    "no number": ({"step": "progress", "percent": float("nan")}, None),
    "a task of nobody": ({"step": "acknowledge", "task_id": "t-000000000000"}, "unknown-task"),
}


@pytest.mark.parametrize(("fields", "rule"), RUBBISH.values(), ids=RUBBISH)
def test_rubbish_is_parked_or_refused_in_a_sentence(province, issued, fields, rule):
    body = json.dumps({"steps": [{"task_id": province.task(OURS, "3").task_id, "by": "Phòng Kinh tế"} | fields]})
    receipt = province.send_raw(OURS, "progress", f"rubbish-{[*RUBBISH.values()].index((fields, rule))}", body.encode())
    assert receipt.accepted == 0
    assert [(refused.rule, refused.sentence[-1]) for refused in receipt.refused] == ([(rule, ".")] if rule else [])
    assert bool(receipt.parked) == (rule is None)


def test_too_many_steps_are_parked_and_as_many_as_may_be_are_taken_by_the_same_process(province, issued):
    before = [(one.name, one.process.pid) for one in province.stack.running]
    task = province.task(OURS, "3").task_id
    steps = [step(task, "progress", percent=n % 101).model_dump(mode="json") for n in range(1, 502)]
    bodies = [json.dumps({"steps": several}).encode() for several in (steps, [], steps[:500])]
    many, none, most = (province.send_raw(OURS, "progress", f"many-{n}", body) for n, body in enumerate(bodies))
    assert (bool(many.parked), bool(none.parked)) == (True, True)
    assert (most.accepted, most.parked) == (500, None)
    province.stack.supervise()
    assert [(one.name, one.process.pid) for one in province.stack.running] == before
    assert [one.ready() for one in province.stack.running] == [True] * len(before)


STANDARD, COMMUNES = "01", 20
EACH = 35  # tasks: the sweep of all takes three transactions, of at most 300 each
DUE, NEXT, OTHER, MARK = date(2025, 10, 15), date(2025, 10, 16), date(2025, 11, 20), date(2025, 8, 20)


@pytest.fixture(scope="module")
def cut_short(province, amended, folder):
    """A standard plan's issue: Planning is killed on the way and can announce nothing, then whoever issues it."""
    codes = [entry.code for entry in communes_of(STANDARD)[:COMMUNES]]
    with province.service("planning", Planning) as planning:
        planning.register_communes(STANDARD, codes)
    duties = [duty(str(n), f"Công khai thủ tục nhóm {n}", DUE) for n in range(1, EACH - 1)]
    twice = duty(str(EACH - 1), "Chấm điểm và công bố kết quả", DUE, OTHER, labels=["chấm điểm", "công bố"])
    plan = plan_file(folder / "standard.json", *duties, twice, duty(str(EACH), "Tổng hợp", MARK), province=STANDARD)

    def plans():
        return province.ask("planning", "SELECT count(*) FROM plans WHERE province = %s", STANDARD)[0][0]

    issuing = province.start("plan", "issue", plan, "--standard")
    until(lambda: plans() > 3, "some plans are issued")
    for instance in province.stack.running:
        if instance.service == "planning":
            instance.process.kill()
            instance.process.wait()
    already = plans()
    until(lambda: plans() > already, "plans are issued that nobody announces")
    issuing.kill()
    issuing.communicate()
    left = plans(), len(known_to(province, "planning", codes)), len(known_to(province, "reporting", codes))
    province.stack.supervise()
    return codes, left, province.answers("plan", "issue", plan, "--standard")


def known_to(province, service, codes):
    return [task for (task,) in province.ask(service, "SELECT task_id FROM tasks WHERE commune = ANY(%s)", codes)]


def test_issuing_again_completes_an_interrupted_issue_without_duplicates(province, cut_short):
    codes, (plans, stored, announced), again = cut_short
    assert plans <= COMMUNES
    assert announced < stored < COMMUNES * EACH
    assert again["plans"] == COMMUNES + 1 - plans
    assert again["tasks"] == COMMUNES * EACH - stored
    province.wait_until_agreed()
    planned = known_to(province, "planning", codes)
    assert len(planned) == COMMUNES * EACH
    assert sorted(known_to(province, "reporting", codes)) == sorted(planned)
    assert set(province.happened("assigned").values()) == {1}
    assert province.audited(STANDARD)["agree"]


def test_a_calendar_that_changes_moves_every_open_deadline_once_though_the_leader_is_killed(
    province, cut_short, calendar
):
    codes, *_ = cut_short
    commune, number = codes[0], str(EACH - 1)
    done, half = province.task(commune, "1").task_id, province.task(commune, number).task_id
    province.submit(commune, step(done, "complete", evidence="9/BC"))
    province.submit(commune, step(half, "complete", evidence="9/BC", obligation=DUE.isoformat()))
    with_this_day = "SELECT task_id FROM tasks WHERE %s = ANY(deadlines) AND state = 'assigned'"
    open_ones = {task for (task,) in province.ask("planning", with_this_day, DUE)}
    assert len(open_ones) == COMMUNES * (EACH - 1) - 2

    today = MARK - timedelta(days=8)
    beside = calendar.with_suffix(".next")
    beside.write_text(f"{HEAD}{DUE},off,{today},12/TB-VPCP\n")
    beside.rename(calendar)
    led = until(lambda: leader(province.stack, "planning"), "one leads")
    province.move_to(today)
    until(lambda: province.happened("rescheduled"), "the sweep is under way")
    led.process.kill()
    led.process.wait()
    killed_after = len(province.happened("rescheduled"))
    until(lambda: leader(province.stack, "planning") not in (None, led), "another leads")
    assert 0 < killed_after < len(open_ones)
    until(lambda: len(province.happened("rescheduled")) == len(open_ones), "every open task is rescheduled")
    province.stack.supervise()
    # The next day's sweep follows the calendar first; what it announces afterwards tells that it has.
    province.move_to(today + timedelta(days=1))
    until(lambda: len(province.happened("deadline-approached")) >= COMMUNES, "the day after was swept")
    assert province.happened("rescheduled") == Counter(open_ones)

    province.wait_until_agreed()
    assert province.task(commune, number).deadlines == [OTHER]
    assert province.task(commune, "1").deadlines == [DUE]
    assert province.task(commune, "2").deadlines == [NEXT]
    subjects = Counter(mail["To"] for mail in province.mailbox.messages() if "lịch nghỉ" in mail["Subject"])
    assert subjects == {f"phong-kinh-te.{code}@minhbach.example": EACH - 1 - 2 * (code == commune) for code in codes}
    assert province.audited(STANDARD)["agree"]
