"""Who may take which step of a task, and the step that a form asks for. The service decides about it once more."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from starlette.datastructures import FormData

from services.planning.wording import INVALID_FIELDS, TOO_LONG
from shared.body_names import same_body
from shared.contracts.planning import TaskRow, TaskStep
from shared.grants import Grant
from shared.task_roles import BODY, CHAIR, ONE_STOP_CENTRE, PROVINCIAL_OFFICE, StepRole
from shared.web.days import day_in
from shared.web.submitting import Refusals, text_of
from shared.web.visitor import Visitor


class Form(NamedTuple):
    """A step that may be sent, and the fields that it has; `grave` is not undone by another step."""

    step: str
    fields: tuple[str, ...] = ()
    grave: bool = False


ACKNOWLEDGE = Form("acknowledge")
PROGRESS = Form("progress", ("percent", "note", "evidence"))
COMPLETE = Form("complete", ("obligation", "evidence"))
REQUEST_EXTENSION = Form("request-extension", ("due_on", "note", "obligation"))
RESOLVE = Form("resolve", ("due_on", "note", "obligation"))
REOPEN = Form("reopen", ("note",))
ACCEPT = Form("accept", ("note",))
RETURN = Form("return", ("note",))
EXTEND = Form("extend", ("due_on", "note", "obligation"))
DECLINE = Form("decline-extension", ("note",))
WITHDRAW = Form("withdraw", ("note",), grave=True)
COMMENT = Form("comment", ("note",))
FOLLOW = Form("follow")
UNFOLLOW = Form("unfollow")
ATTACH = Form("attach")  # with the file that was sent before

OF_ANYBODY = (COMMENT, FOLLOW, UNFOLLOW)

# Every step of a role, whatever state the task is in.
STEPS: dict[StepRole, tuple[Form, ...]] = {
    BODY: (ACKNOWLEDGE, PROGRESS, COMPLETE, REQUEST_EXTENSION, RESOLVE, REOPEN, ATTACH, *OF_ANYBODY),
    ONE_STOP_CENTRE: (ACCEPT, RETURN, ATTACH, *OF_ANYBODY),
    CHAIR: (ACCEPT, RETURN, EXTEND, DECLINE, RESOLVE, WITHDRAW, *OF_ANYBODY),
    PROVINCIAL_OFFICE: OF_ANYBODY,
}


class Acting(NamedTuple):
    """In which role of the task's life a visitor acts, and under which name the step is recorded."""

    role: StepRole
    by: str

    def forms(self, task: TaskRow) -> list[Form]:
        """What may be done in the state that the task is in."""
        if task.closed or task.state == "withdrawn":
            return []
        return list(FORMS[self.role](task))


def may_attach(visitor: Visitor, task: TaskRow) -> bool:
    """Also to a task that is done: a signed copy comes later."""
    return _takes(ATTACH, visitor, task)


def may_comment(visitor: Visitor, task: TaskRow) -> bool:
    """And follow."""
    return _takes(COMMENT, visitor, task)


def _takes(form: Form, visitor: Visitor, task: TaskRow) -> bool:
    is_over = task.closed or task.state == "withdrawn"
    return not is_over and any(form in STEPS[who.role] for who in acting(visitor, task))


def acting(visitor: Visitor, task: TaskRow) -> list[Acting]:
    return [found for grant in grants_there(visitor, task.commune) if (found := _by_grant(visitor, grant, task))]


def step_of(visitor: Visitor, task: TaskRow, name: str, form: FormData) -> TaskStep:
    """The step of a form. Who takes it follows from the grants alone: the same form again is the same step.

    Refusals, with the names of the fields, for what the visitor may not do and for what cannot be read.
    """
    allowed = ((who, each) for who in acting(visitor, task) for each in STEPS[who.role] if each.step == name)
    who, shape = next(allowed, (None, None))
    if who is None or shape is None:
        raise Refusals({"": "Tài khoản không làm được việc này với nhiệm vụ này."})
    fields: dict[str, Any] = {field: text_of(form, field) or None for field in shape.fields}
    if fields.get("due_on"):
        fields["due_on"] = day_in(fields["due_on"])
        if fields["due_on"] is None:
            raise Refusals({"due_on": INVALID_FIELDS["due_on"]})
    if fields.get("percent") is not None and not fields["percent"].isdecimal():
        raise Refusals({"percent": INVALID_FIELDS["percent"]})
    try:
        return TaskStep.model_validate(
            {"task_id": task.task_id, "step": name, "role": who.role, "by": who.by} | fields, strict=False
        )
    except ValidationError as invalid:
        names = [str(each["loc"][0]) for each in invalid.errors()]
        raise Refusals({name: INVALID_FIELDS.get(name, TOO_LONG) for name in names}) from None


def grants_there(visitor: Visitor, commune: str) -> list[Grant]:
    """Those for the commune; of a commune that is merged into another one the grants name that one."""
    return [grant for grant in visitor.grants if grant.scope.commune == commune] or list(visitor.grants)


def _by_grant(visitor: Visitor, grant: Grant, task: TaskRow) -> Acting | None:
    if grant.role == "office" and grant.scope.body and _works_on(grant.scope.body, task):
        return Acting(BODY, grant.scope.body)
    if grant.role == "clerk":
        return Acting(ONE_STOP_CENTRE, visitor.name)
    if grant.role == "chair":
        return Acting(CHAIR, visitor.name)
    if grant.role == "provincial-officer":
        return Acting(PROVINCIAL_OFFICE, visitor.name)
    return None


def _works_on(body: str, task: TaskRow) -> bool:
    return any(same_body(body, named) for named in (*task.lead, *task.support))


def _of_body(task: TaskRow) -> Iterator[Form]:
    if not task.is_open:
        yield REOPEN
        return
    if task.state == "assigned":
        yield ACKNOWLEDGE
    yield PROGRESS
    yield COMPLETE
    if task.deadlines:
        yield REQUEST_EXTENSION
    if task.unresolved:
        yield RESOLVE


def _of_judge(task: TaskRow) -> Iterator[Form]:
    if task.state == "done":
        yield ACCEPT
        yield RETURN


def _of_chair(task: TaskRow) -> Iterator[Form]:
    yield from _of_judge(task)
    if task.extension_request:
        yield EXTEND
        yield DECLINE
    elif task.is_open and task.deadlines:
        yield EXTEND
    if task.is_open and task.unresolved:
        yield RESOLVE
    if task.is_open:
        yield WITHDRAW


FORMS: Mapping[StepRole, Callable[[TaskRow], Iterable[Form]]] = {
    BODY: _of_body,
    ONE_STOP_CENTRE: _of_judge,
    CHAIR: _of_chair,
    PROVINCIAL_OFFICE: lambda _: (),
}
