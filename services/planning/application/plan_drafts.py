"""Drafts of plans for a page: read from a document, checked as a plan file, compared with the plan in force."""

import json
import re
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.planning.application import Planning
from services.planning.application.plan_in_force import NO_LEAD
from services.planning.documents.draft_reader import read_with_text
from services.planning.documents.draft_writer import as_plan_file, plain_milestones
from services.planning.documents.opening import SUFFIXES
from services.planning.domain.refusal import PLAN_FILE, Refusal, RequestRefused
from services.planning.phrases.schedules import read_schedule, schedule_in_words
from services.planning.plan_file import Milestone, PlanErrors, PlanFile, plan_of
from services.planning.plan_file.differences import PlanDifference, differences
from services.planning.target_binding import unassessed
from shared.contracts.planning.plan_contents import PlainHead, PlainPlan, PlainTask

SECONDS, PATIENCE = 20, 45  # of reading, by the processor and by the clock; whoever asks waits 50
MOST_TEXT = 400_000  # characters of a document that are shown beside its draft
MOST_ERRORS = 50
PLACE = re.compile(r"^\d+:\d+: ")
MILESTONES: TypeAdapter[tuple[Milestone, ...]] = TypeAdapter(tuple[Milestone, ...])
CUT = "… Phần còn lại của văn bản không hiện ở đây, nhưng vẫn được đọc."


class CheckedDraft(NamedTuple):
    file: PlainPlan
    schedules: list[str]
    text: list[str]
    errors: list[str]
    questions: list[str]
    in_force: str | None
    differences: list[PlanDifference]


def read_draft(planning: Planning, commune: str, file_name: str, document: bytes) -> CheckedDraft:
    """UnreadableDocument for what cannot be read."""
    suffix = Path(file_name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"document{suffix if suffix in SUFFIXES else ''}")
        path.write_bytes(document)
        draft, lines = read_with_text(path, SECONDS, PATIENCE)
    return _checked(planning, commune, as_plan_file(draft), _cut(lines))


def check_draft(planning: Planning, commune: str, text: str, mended: Iterable[int]) -> CheckedDraft:
    """RequestRefused for a text that is no plan file at all; what is wrong in one is in `errors`."""
    try:
        file = json.loads(text)
        for place in mended:
            _read_again(file["plan"], file["tasks"][place])
        return _checked(planning, commune, file, [])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise RequestRefused(Refusal(PLAN_FILE, "Bản thảo không đọc được; hãy tải văn bản lên lại.")) from None


def _read_again(head: PlainHead, task: PlainTask) -> None:
    """The schedule of a task as it is written now; its warnings are those of the new reading."""
    span = head.get("span")
    days = (date.fromisoformat(span["from"]), date.fromisoformat(span["until"])) if span else None
    reading = read_schedule(task["schedule_text"], int(head["year"] or ""), days)
    task["milestones"] = plain_milestones(reading.milestones)
    task["warnings"] = [*reading.warnings, *([] if task["lead"] else [NO_LEAD])]


def _checked(planning: Planning, commune: str, file: PlainPlan, text: list[str]) -> CheckedDraft:
    schedules = [_in_words(task["milestones"]) for task in file["tasks"]]
    try:
        plan = plan_of(json.dumps(file, ensure_ascii=False), "json")
    except PlanErrors as wrong:
        errors = list(dict.fromkeys(PLACE.sub("", each) for each in wrong.errors))[:MOST_ERRORS]
        return CheckedDraft(file, schedules, text, errors, [], None, [])
    if plan.plan.commune and planning.communes.named(plan.plan.commune) != planning.communes.named(commune):
        errors = [f"Kế hoạch ghi là của đơn vị có mã {plan.plan.commune}, không phải đơn vị này."]
        return CheckedDraft(file, schedules, text, errors, [], None, [])
    in_force = _in_force(planning, commune, plan)
    compared = differences(_plan_in_force(planning, in_force), plan) if in_force else []
    questions = [f"Chỉ tiêu thứ {each.place} “{each.name}” {each.question}." for each in unassessed(plan.indicators)]
    return CheckedDraft(file, schedules, text, [], questions, in_force, compared)


def _in_words(milestones: list[dict[str, Any]]) -> str:
    """Empty where the file is wrong there, which its errors say."""
    try:
        return schedule_in_words(MILESTONES.validate_python(milestones, by_alias=True))
    except ValidationError:
        return ""


def _in_force(planning: Planning, commune: str, plan: PlanFile) -> str | None:
    head = plan.plan
    own = (each for each in planning.plans.of(commune) if each.closed_on is None)
    return next((each.plan_id for each in own if (each.regime, each.year) == (head.regime, head.year)), None)


def _plan_in_force(planning: Planning, plan_id: str) -> PlanFile:
    return plan_of(json.dumps(planning.plan_in_force(plan_id), ensure_ascii=False), "json")


def _cut(lines: Iterable[str]) -> list[str]:
    kept: list[str] = []
    letters = 0
    for line in lines:
        letters += len(line)
        if letters > MOST_TEXT:
            return [*kept, CUT]
        kept.append(line)
    return kept
