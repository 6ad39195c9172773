"""Where task list and show have the tasks from: the database, or where none is named, Planning's answer over NATS."""

from datetime import date

from services.planning.cli.opening import commune_named, opened
from services.planning.domain.tasks.evidence import EvidenceFile
from services.planning.domain.tasks.history import HistoryEntry
from services.planning.domain.tasks.listed_task import ListedTask
from shared.cli import fail
from shared.cli.answers import answered, is_at_a_commune
from shared.cli.sending import own_broker
from shared.contracts.planning import HistoryEntry as Entry
from shared.contracts.planning import ListTasks, ShowTask, TaskRow


def tasks_known(commune: str | None, known_at: date | None) -> tuple[date, list[ListedTask]]:
    """The day of the list, and the tasks as they were known on it; over NATS those of the account's commune only.

    Today with those that go on of communes that went into the one that is named.
    """
    if is_at_a_commune():
        broker, own = own_broker(commune)
        answer = answered(broker, ListTasks(commune=own, known_at=known_at)).answer
        former = [answered(broker, ListTasks(commune=each.commune)).answer for each in answer.former]
        of_former = [_task(row, each.today) for each in former for row in each.tasks]
        own_tasks = [_task(row, answer.today) for row in answer.tasks]
        return answer.today, [*own_tasks, *(task for task in of_former if task.goes_on)]
    with opened() as planning:
        registered = commune_named(planning, commune)
        today, tasks = planning.listed_tasks(*([registered.commune] if registered else []), known_at=known_at)
        if registered and not known_at:
            heirs = planning.communes.heirs(today)
            former_ids = [each for each, heir in heirs.items() if heir.commune == registered.commune]
            tasks += [task for task in planning.tasks.all(*former_ids) if task.goes_on] if former_ids else []
        return today, tasks


def task_known(task_id: str, known_at: date | None) -> tuple[date, ListedTask, list[HistoryEntry]]:
    """One task with its history. Ends the command (1) where there is none, or was none on that day."""
    if is_at_a_commune():
        broker, own = own_broker(None)
        answer = answered(broker, ShowTask(commune=own, task_id=task_id, known_at=known_at)).answer
        history = [_entry(entry) for entry in answer.history]
        return answer.today, _task(answer.task, answer.today), history
    with opened() as planning:
        commune = planning.tasks.commune_of(task_id)
        if commune is None:
            fail(f"Không có nhiệm vụ {task_id}.")
        today, tasks = planning.listed_tasks(commune, known_at=known_at)
        entries = planning.task_history(task_id, known_at)
    shown = next((each for each in tasks if each.task_id == task_id), None)
    if shown is None:
        fail(f"Vào ngày đó chưa có nhiệm vụ {task_id}.")
    return today, shown, entries


def _entry(entry: Entry) -> HistoryEntry:
    file = EvidenceFile(**entry.file.model_dump()) if entry.file else None
    return HistoryEntry(**entry.model_dump() | {"file": file})


def _task(row: TaskRow, today: date) -> ListedTask:
    """As the read model lists it; the day since which an obligation is due is not announced, and not shown."""
    owed = [each.model_dump(mode="json") | {"since": today.isoformat()} for each in row.obligations]
    request = row.extension_request.model_dump(mode="json") if row.extension_request else None
    lists = {"lead": list(row.lead), "support": list(row.support), "deadlines": list(row.deadlines)}
    fields = row.model_dump(exclude={"is_open", "days_late", "unresolved", "followed", "successor"})
    return ListedTask(**fields | lists | {"obligations": owed, "extension_request": request})
