"""The operator's page of communes' machines: their keys are issued, replaced and revoked here."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.application.broker_keys import BrokerKeys, new_key
from services.portal.domain.refusal import RequestRefused
from services.portal.read_models.broker_keys import KnownKey
from services.portal.sign_in.application import SignIn
from services.portal.web.account import confirm_first
from services.portal.web.names import names_in
from services.portal.web.operator.advice import named
from services.portal.web.operator.key_files import KeyFile, key_file
from services.portal.web.operator.machine import FILTERS, Machine, machines_of
from services.portal.web.operator.operation import OPERATION, healths_of, own_provinces, province_in
from services.portal.web.operator.scope import operator_of
from services.portal.web.operator.tracing import TRACED
from services.portal.web.sign_in import text_of
from services.portal.web.sign_in_gate import signed_in_of
from shared.clock import day_of
from shared.grants import Actor
from shared.messaging.broker_accounts import Held
from shared.messaging.questions.question_client import NotAnswered
from shared.web.site import render
from shared.web.submitting import NO_STEP

MACHINES = f"{OPERATION}/may-gui"
STEPS = ("issue", "issue-missing", "replace", "revoke")
REASONS = {"replace": "ly-do-thay", "revoke": "ly-do-thu-hoi"}
TWICE = "bấm hai lần: tệp của lần trước không đến trang"
TWICE_WITHIN = timedelta(minutes=1)
AT_BROKER_WITHIN, LOOKED_EVERY = 4.0, 0.2  # seconds for which a form waits for the broker

AskHeld = Callable[[Sequence[str]], Awaitable[Held | None]]


async def nobody_knows(_: Sequence[str]) -> Held | None:
    return None


class Wrong(Exception):
    """A field of the form, and the sentence at it."""


class MachinePages:
    """Whoever issues and revokes keys has signed in minutes ago, or signs in again."""

    def __init__(self, sign_in: SignIn, ask_held: AskHeld) -> None:
        self._sign_in = sign_in
        self._portal = sign_in.portal
        self._ask_held = ask_held
        self.routes = [
            Route(f"{MACHINES}.json", self.as_json),
            Route(MACHINES, self.page),
            Route(MACHINES, self.change, methods=["POST"]),
        ]

    @property
    def _keys(self) -> BrokerKeys:
        return BrokerKeys(self._portal)

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def as_json(self, request: Request) -> Response:
        province = province_in(request)
        last, away = await _last_submissions(request, province)
        found = {commune: {service: at.isoformat() for service, at in row.items()} for commune, row in last.items()}
        machines = [each.fields() for each in await self._machines(request, province, last)]
        return JSONResponse({"last_submissions": found, "away": away, "machines": machines})

    async def change(self, request: Request) -> Response:
        operator, province = operator_of(request), province_in(request)
        back = f"{MACHINES}?tinh={province}"
        if not signed_in_of(request).session.is_fresh_at(self._sign_in.now()):
            return confirm_first(back)
        form, by = await request.form(), Actor(operator.name, operator.account)
        try:
            step, chosen = await self._chosen(form, province, by)
            if step == "revoke":
                await asyncio.to_thread(self._keys.revoke, chosen, _reason(form, step), by)
                await self._await_broker(chosen)
                return RedirectResponse(f"{back}&xong={len(chosen)}", 303)
            replacing = _reason(form, step) if step == "replace" else await self._twice(chosen, by)
            made = await asyncio.to_thread(lambda: {commune: new_key() for commune in chosen})
            public = {commune: key.public_key for commune, key in made.items()}
            await asyncio.to_thread(self._keys.issue, public, by, replacing=replacing)
        except Wrong as wrong:
            return await self._page(request, {wrong.args[0]: wrong.args[1]}, form)
        except RequestRefused as refused:
            return await self._page(request, {"don-vi": str(refused)}, form)
        await self._await_broker(chosen)
        file = key_file({commune: key.seed for commune, key in made.items()}, province)
        return await self._page(request, made=file._replace(is_another=replacing == TWICE))

    async def _twice(self, communes: Sequence[str], by: Actor) -> str | None:
        """The reason for which keys are replaced that a second click finds: only this answer's page has a file."""
        having = await asyncio.to_thread(self._keys.in_force, communes)
        return TWICE if having and all(self._is_just_issued(keys, by) for keys in having.values()) else None

    def _is_just_issued(self, keys: Sequence[KnownKey], by: Actor) -> bool:
        since = self._sign_in.now() - TWICE_WITHIN
        return all(each.by == by and each.issued_at > since for each in keys)

    async def _chosen(self, form: FormData, province: str, by: Actor) -> tuple[str, list[str]]:
        step = text_of(form, "step")
        if not step:
            raise Wrong("", NO_STEP)
        if step not in STEPS:
            raise Wrong("", "Việc này không làm được ở đây; hãy tải lại trang.")
        own = await asyncio.to_thread(self._keys.communes_of, province, day_of(self._portal.clock()))
        if step == "issue-missing":
            today = await asyncio.to_thread(self._portal.places.of_province, province, day_of(self._portal.clock()))
            known, held = await asyncio.gather(asyncio.to_thread(self._keys.in_force, today), self._ask_held(today))
            having = {*known, *(each for each, keys in (held or {}).items() if keys)}
            lost = [each for each, keys in known.items() if self._is_just_issued(keys, by)]
            chosen = [each for each in today if each not in having] or lost
            if not chosen:
                raise Wrong("don-vi", "Mọi đơn vị của tỉnh đã có khóa.")
            return step, chosen
        chosen = list(dict.fromkeys(each for each in form.getlist("don-vi") if isinstance(each, str)))
        if not chosen:
            raise Wrong("don-vi", "Hãy chọn ít nhất một đơn vị.")
        if set(chosen) - set(own):
            raise Wrong("don-vi", "Hãy chọn đơn vị của tỉnh.")
        return step, chosen

    async def _await_broker(self, communes: Sequence[str]) -> None:
        """Wait a little until the broker has what was recorded; the page says where it has not."""
        try:
            async with asyncio.timeout(AT_BROKER_WITHIN):
                while not await self._is_at_broker(communes):  # noqa: ASYNC110  a process of its own does it
                    await asyncio.sleep(LOOKED_EVERY)
        except TimeoutError:
            pass

    async def _is_at_broker(self, communes: Sequence[str]) -> bool:
        """True also where nobody can be asked."""
        if (held := await self._ask_held(communes)) is None:
            return True
        known = await asyncio.to_thread(self._keys.of, communes)
        return all((each.public_key in held.get(each.commune, ())) == (each.end is None) for each in known)

    async def _machines(self, request: Request, province: str, last: Mapping[str, Any]) -> list[Machine]:
        day = day_of(self._portal.clock())
        communes = await asyncio.to_thread(self._keys.communes_of, province, day)
        keys, places, names, held = await asyncio.gather(
            asyncio.to_thread(self._keys.of, communes),
            asyncio.to_thread(self._portal.places.on_all, communes, day),
            names_in(request, [province]),
            self._ask_held(communes),
        )
        return machines_of(places, names, keys, held, last)

    async def _page(
        self,
        request: Request,
        errors: dict[str, str] | None = None,
        form: FormData | None = None,
        made: KeyFile | None = None,
    ) -> Response:
        province, wanted = province_in(request), request.query_params.get("loc", "")
        last, away = await _last_submissions(request, province)
        machines = await self._machines(request, province, last)
        shown = [each for each in machines if wanted not in FILTERS or wanted in each.groups]
        ticked = {each for each in form.getlist("don-vi") if isinstance(each, str)} if form else set[str]()
        if not form and request.query_params.get("chon") == "tat-ca":
            ticked = {each.commune for each in shown}
        return render(
            request, "portal/machines.html", 422 if errors else 200,
            province=province, provinces=own_provinces(request), rows=shown, total=len(machines), wanted=wanted,
            filters=[(key, title, sum(key in each.groups for each in machines)) for key, title in FILTERS.items()],
            errors=errors or {}, typed=form or {}, ticked=ticked, made=made, away=away, named=named,
            unasked=any(each.held is None for each in machines), revoked=_number(request.query_params.get("xong", "")),
        )  # fmt: skip


def _reason(form: FormData, step: str) -> str:
    if not (reason := text_of(form, REASONS[step]).strip()):
        raise Wrong(REASONS[step], "Hãy ghi lý do.")
    return reason


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


async def _last_submissions(request: Request, province: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """By commune and service the moment of the last submission of its machine, and the services that are away."""
    found, away = await healths_of(request, province), []
    last: dict[str, dict[str, Any]] = {}
    for service, answered in found.items():
        if isinstance(answered, NotAnswered):
            away += [service] if service in TRACED else []
            continue
        for each in answered.answer.last_submissions:
            last.setdefault(each.commune, {})[service] = each.recorded_at
    return last, away
