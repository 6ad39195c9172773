"""A timeline holds every stored event of a thing, in order, with both dates, who did it, and its submission."""

import json
from datetime import date
from pathlib import Path

import pytest

from services.reporting.audit.explaining.acts import WORDS, sentences_of
from services.reporting.audit.explaining.timeline import Timelines
from services.reporting.audit.stored_events import every_field_of
from services.reporting.domain.refusal import NothingKnown
from shared.clock import day_of
from shared.periods import Period
from tests.reporting.followed_services import COMMUNES
from tests.reporting.planned import CHAIR, OFFICE, due, duty

GOLDEN = Path(__file__).parents[1] / "golden"
CORPUS = [json.loads(line) for line in (GOLDEN / "stored_events.jsonl").read_text().splitlines()]
# Aggregates with a timeline, by the beginning of the stored names of their events.
SHOWN = ("planning.task-", "planning.plan-", "planning.commune-", "reporting.commune-report-", "reporting.report-")


def test_every_stored_event_of_a_thing_with_a_timeline_has_words():
    stored = {line["topic"] for line in CORPUS if line["topic"].startswith(SHOWN)}
    assert set(WORDS) == stored - {"reporting.report-submission-receipted"}


@pytest.mark.parametrize("line", [each for each in CORPUS if each["topic"] in WORDS], ids=lambda line: line["topic"])
def test_each_version_of_an_event_is_shown_in_words(line):
    fields = every_field_of(json.dumps(line["state"]).encode())
    act, *details = sentences_of(line["topic"], fields)
    assert act == WORDS[line["topic"]].act
    assert all(detail and "_data_" not in detail for detail in details)
    day = WORDS[line["topic"]].day
    assert day is None or fields[day] is None or date.fromisoformat(fields[day])


def test_a_task_from_its_assignment_to_a_refused_step(here):
    here.today(7, 1)
    here.planning.issue_plan(here.plan(duty("Rà soát thủ tục", due(here.day(9, 30))), commune=here.communes[0]))
    task = here.tasks()["Rà soát thủ tục"]
    here.today(7, 10)
    here.step(task, "progress", percent=40, note="Đã rà soát một nửa")
    here.today(8, 1)
    here.step(task, "complete", evidence="12/BC-UBND")
    assert here.step(task, "progress", percent=50) == ["completed"]
    here.today(8, 2)
    here.step(task, "accept", **CHAIR)
    here.follow()

    found = Timelines(here.auditor).of_task(task.task_id)
    acts = ["assigned", "progress-reported", "completed", "step-refused", "accepted"]
    assert [entry.act for entry in found.entries] == [f"task-{act}" for act in acts]
    assert [entry.by for entry in found.entries] == [None, OFFICE, OFFICE, OFFICE, CHAIR["by"]]
    sent = [f"{here.year}-{here.submissions - n}" for n in (3, 2, 1, 0)]
    assert [entry.submission_id for entry in found.entries] == [None, *sent]
    assert found.entries[0].effective_on == here.day(7, 1)
    assert found.entries[2].effective_on == here.day(8, 1)
    assert "minh chứng: 12/BC-UBND" in found.entries[2].sentences
    positions = [entry.fact.position for entry in found.entries]
    assert positions == sorted(positions)

    plan = Timelines(here.auditor).of_plan(task.plan_id)
    assert [entry.act for entry in plan.entries] == ["plan-issued"]
    commune = Timelines(here.auditor).of_commune(here.communes[0])
    assert [entry.act for entry in commune.entries] == ["commune-registered", "plan-issued"]


def test_a_plan_from_its_issue_to_its_end(here):
    here.today(7, 1)
    plan = here.plan(duty("Rà soát thủ tục", due(here.day(9, 30))), commune=here.communes[0], satisfaction=90)
    plan_id = here.planning.issue_plan(plan, here.day(7, 1)).plan_id
    here.today(8, 4)
    other = here.plan(duty("Rà soát thủ tục", due(here.day(9, 30))), commune=here.communes[0], satisfaction=95)
    here.planning.amend_plan(other, by=CHAIR["by"], reason="Nghị quyết mới")
    here.today(9, 8)
    here.planning.close_plan(plan_id, by=CHAIR["by"], reason="sắp xếp lại đơn vị")
    here.follow()

    entries = Timelines(here.auditor).of_plan(plan_id).entries
    assert [entry.act for entry in entries] == ["plan-issued", "plan-amended", "plan-closed"]
    assert [entry.effective_on for entry in entries] == [here.day(7, 1), here.day(8, 4), here.day(9, 8)]
    assert [day_of(entry.fact.recorded_at) for entry in entries] == [here.day(7, 1), here.day(8, 4), here.day(9, 8)]
    assert [entry.by for entry in entries[1:]] == [CHAIR["by"]] * 2
    assert "lý do: Nghị quyết mới" in entries[1].sentences
    assert "lý do: sắp xếp lại đơn vị" in entries[2].sentences
    positions = [entry.fact.position for entry in entries]
    assert positions == sorted(set(positions))


def test_a_commune_with_its_names_its_plans_and_those_that_ended_in_it(here):
    kept, ended = here.communes[:2]
    here.today(7, 1)
    here.planning.issue_plan(here.plan(commune=kept), here.day(7, 1))
    here.today(8, 4)
    here.planning.succession.rename(kept, "Xã Mới", None, here.day(8, 5), "Nghị quyết 1")
    here.today(9, 1)
    here.planning.succession.merge(ended, kept, here.day(10, 1), "Nghị quyết 2")
    here.follow()

    timelines = Timelines(here.auditor)
    entries = timelines.of_commune(kept).entries
    assert [entry.act for entry in entries] == [
        "commune-registered",
        "plan-issued",
        "commune-renamed",
        "commune-merged",
    ]
    assert [entry.effective_on for entry in entries[1:]] == [here.day(7, 1), here.day(8, 5), here.day(10, 1)]
    assert [day_of(entry.fact.recorded_at) for entry in entries[1:]] == [here.day(7, 1), here.day(8, 4), here.day(9, 1)]
    assert "Xã Mới" in entries[2].sentences
    assert "căn cứ: Nghị quyết 2" in entries[3].sentences
    own = timelines.of_commune(ended).entries
    assert [entry.act for entry in own] == ["commune-registered", "commune-merged"]
    assert own[1].fact == entries[3].fact


def test_a_reading_with_its_corrections_and_its_withdrawal(services, rebuilding):
    services.follow()
    timelines, kinds = Timelines(rebuilding.settings("auditor")), set()
    for commune, reading_id in services.standing[:60]:
        entries = timelines.of_reading(reading_id, commune).entries
        kinds |= {entry.act for entry in entries}
        assert all(entry.by and entry.submission_id for entry in entries)
        if entries[0].act == "reading-recorded":  # else it was refused
            assert timelines.of_reading(reading_id).entries == entries
    assert kinds == {f"reading-{act}" for act in ("recorded", "corrected", "withdrawn", "refused")}


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda t: t.of_task("t-000000000000"), "minhbach task list"),
        (lambda t: t.of_task("'; DROP TABLE x"), "minhbach task list"),
        (lambda t: t.of_plan("t-000000000000"), "minhbach plan list"),
        (lambda t: t.of_report(COMMUNES[0], Period.parse("2031-Q1"), "tthc-control"), "minhbach report list"),
        (lambda t: t.of_reading("no-such"), "minhbach readings list"),
        (lambda t: t.of_reading("no-such", "99999"), "của đơn vị 99999"),
        (lambda t: t.of_commune("99999"), "minhbach commune list"),
    ],
)
def test_an_unknown_id_is_one_sentence_that_names_the_list(services, rebuilding, ask, sentence):
    with pytest.raises(NothingKnown, match=sentence):
        ask(Timelines(rebuilding.settings("auditor")))
