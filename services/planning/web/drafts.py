"""A plan from a document to its issue: read, mended in the page, compared with the plan in force, issued or amended.

The draft travels in the page as a plan file: nothing is stored before the plan is issued, and a reload is harmless.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.planning.web.mending import Mended, mend
from services.planning.wording import (
    DRAFT_OLD,
    HEAD_ERRORS,
    HOW,
    KEYS,
    KINDS,
    NO_FILE,
    REASON_FOR_CHANGE,
    REGIMES,
    one_line,
)
from shared.contracts.planning import (
    LARGEST_DOCUMENT,
    AmendPlan,
    DraftPlan,
    IssuePlan,
    ListPlans,
    PlanDraft,
    PlanRow,
)
from shared.contracts.planning.plan_contents import PlainHead, PlainPlan
from shared.messaging.following.grants import PROVINCE
from shared.messaging.questions.question_client import NotAnswered
from shared.web.site import ask, render, require
from shared.web.submitting import Refusals, new_submission, submit, text_of
from shared.web.visitor import visitor_of

DRAFT, TEXT, DOCUMENT = "ban-thao", "van-ban-doc", "van-ban"
# What puts a draft in force, with the field of its reason where one is needed; for the commune, or for the province.
STANDARD = "-chung"
ACTIONS = {
    "ban-hanh": "", "sua-doi": "ly-do", f"ban-hanh{STANDARD}": "", f"sua-doi{STANDARD}": f"ly-do{STANDARD}",
}  # fmt: skip
LARGEST_FIELD = 2 * 1024 * 1024
MOST_FIELDS = 30_000
LARGEST_FORM = LARGEST_DOCUMENT + 64 * 1024


async def upload(request: Request) -> Response:
    """For those who may put a plan of this commune in force."""
    await require(request, _question(request))
    return _upload(request)


async def taken(request: Request) -> Response:
    """What the button of the form asks for: read a document, look at the draft again, issue it or amend with it."""
    await require(request, _question(request))
    form = await request.form(max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    action = text_of(form, "viec")
    if action == "doc":
        return await _read(request, form)
    try:
        mended, text = mend(json.loads(text_of(form, DRAFT)), form), json.loads(text_of(form, TEXT) or "[]")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _upload(request, {"": DRAFT_OLD})
    if action in ACTIONS and not mended.changed:
        return await _put_in_force(request, form, mended.file, text, action)
    draft = await _checked(request, mended)
    return await _page(request, draft, text, changed=mended.changed and action != "kiem-tra")


async def _read(request: Request, form: FormData) -> Response:
    document = form.get(DOCUMENT)
    if not isinstance(document, UploadFile) or not document.filename:
        return _upload(request, {DOCUMENT: NO_FILE})
    content = await document.read()
    if len(content) > LARGEST_DOCUMENT:
        megabytes = LARGEST_DOCUMENT // 1024**2
        return _upload(request, {DOCUMENT: f"Tệp lớn hơn {megabytes} MB; hãy bỏ bớt hình ảnh rồi tải lên lại."})
    try:
        question = _question(request, document=base64.b64encode(content), file_name=document.filename[-200:])
        draft = (await ask(request, question)).answer
    except NotAnswered as refused:
        if refused.problem != "unreadable":
            raise
        return _upload(request, {DOCUMENT: str(refused)})
    return await _page(request, draft, list(draft.text))


async def _checked(request: Request, mended: Mended) -> PlanDraft:
    return (await ask(request, _question(request, file=_text(mended.file), mended=mended.tasks))).answer


async def _put_in_force(request: Request, form: FormData, file: PlainPlan, text: list[str], action: str) -> Response:
    """The same form again has the same receipt: what is sent is the draft as the form has it."""
    commune, field = request.path_params["commune"], ACTIONS[action]
    is_standard = action.endswith(STANDARD)
    scope, sent = _standard(request, file) if is_standard else (commune, file)
    try:
        command: IssuePlan | AmendPlan = IssuePlan(file=_text(sent), format="json")
        if field:
            if not text_of(form, field):
                raise Refusals({field: REASON_FOR_CHANGE})
            command = AmendPlan(file=_text(sent), format="json", reason=text_of(form, field))
        return await submit(request, scope, command, form, f"/ke-hoach/{commune}")
    except ValidationError:
        errors = {field: "Lý do dài quá 2.000 ký tự hoặc có ký tự điều khiển."}
    except Refusals as refused:
        errors = dict(refused.errors)
    draft = await _checked(request, Mended(file, (), changed=False))
    reasons = {name: text_of(form, name) for name in ACTIONS.values() if name}
    return await _page(request, draft, text, errors=errors, reasons=reasons)


def _standard(request: Request, file: PlainPlan) -> tuple[str, PlainPlan]:
    """The scope, and the same plan as the standard one of the officer's province: it names no commune."""
    province = _province(request)
    if province is None:
        raise HTTPException(403)
    head: PlainHead = {**file["plan"], "commune": None, "commune_name": None, "province": province}
    return f"{PROVINCE}{province}", {**file, "plan": head}


def _province(request: Request) -> str | None:
    """Of an officer, who may issue its standard plan."""
    officers = visitor_of(request).grants_of("provincial-officer")
    return next((grant.scope.province for grant in officers if grant.scope.province), None)


async def _standard_in_force(request: Request, head: PlainHead) -> PlanRow | None:
    """The standard plan of the same kind and year, which a draft would amend."""
    question = ListPlans(commune=request.path_params["commune"], actor=visitor_of(request).account)
    plans = (await ask(request, question)).answer.plans
    of_province = (plan for plan in plans if plan.commune is None and plan.closed_on is None)
    wanted = head.get("regime"), head.get("year")
    return next((plan for plan in of_province if (plan.regime, plan.year) == wanted), None)


def _wrong_head(draft: PlanDraft) -> list[str]:
    keys = (error.partition(" ")[0].removeprefix("plan.") for error in draft.errors)
    return [key for key in keys if key in HEAD_ERRORS]


def _question(request: Request, **fields: Any) -> DraftPlan:
    return DraftPlan(commune=request.path_params["commune"], actor=visitor_of(request).account, **fields)


def _text(file: PlainPlan) -> str:
    return json.dumps(file, ensure_ascii=False, separators=(",", ":"))


def _upload(request: Request, errors: Mapping[str, str] | None = None) -> Response:
    return render(
        request,
        "planning/upload.html",
        422 if errors else 200,
        commune=request.path_params["commune"],
        megabytes=LARGEST_DOCUMENT // 1024**2,
        errors=errors or {},
    )


async def _page(
    request: Request,
    draft: PlanDraft,
    text: list[str],
    *,
    changed: bool = False,
    errors: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Response:
    """`changed`: it was mended since it was shown, so nothing is issued before it is looked at again."""
    found = {**dict(HEAD_ERRORS[key] for key in _wrong_head(draft)), **(errors or {})}
    tasks = draft.file["tasks"]
    return render(
        request,
        "planning/draft.html",
        422 if found or draft.errors else 200,
        commune=request.path_params["commune"],
        head=draft.file["plan"],
        tasks=[(task, words) for task, words in zip(tasks, draft.schedules, strict=True)],
        targets=draft.file["indicators"],
        warnings=draft.file["warnings"],
        to_look_at=sum(bool(task["warnings"]) for task in tasks) + len(draft.file["warnings"]),
        draft=draft,
        other_errors=[each for each in draft.errors if each.partition(" ")[0].removeprefix("plan.") not in HEAD_ERRORS],
        file=_text(draft.file),
        text=text,
        text_file=json.dumps(text, ensure_ascii=False),
        changed=changed,
        reasons=reasons or {},
        province=_province(request),
        standard=await _standard_in_force(request, draft.file["plan"]) if _province(request) else None,
        errors=found,
        submission=new_submission(),
        regimes=REGIMES,
        keys=KEYS,
        kinds=KINDS,
        how=HOW,
        one_line=one_line,
    )
