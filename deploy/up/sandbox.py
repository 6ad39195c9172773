"""A province to try the interfaces on: its communes, the catalogue, a standard plan, and a key for each role."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple, cast

from deploy.demo.participants import PLANS, STANDARD
from deploy.embedded.stack import Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.planning.application import Planning
from services.planning.domain.refusal import RequestRefused
from services.planning.plan_file import PlanFile, plan_of, read_plan
from services.portal.application import Portal
from shared.clock import VIETNAM, day_of, move
from shared.grants import SCOPE_OF, Actor, Role, Scope
from shared.process import open_pool

BY = Actor("minhbach up")
PROGRAM = "sandbox"
KEYS_LAST = timedelta(days=90)
KNOWN_WITHIN = 60.0  # seconds


class SandboxKey(NamedTuple):
    """`scope` is the commune, the body of the commune, or the province that it speaks for."""

    role: str
    scope: str
    secret: str


class NoSandbox(Exception):
    """The message is the sentence for the operator."""


def clock_in(folder: Path, day: date | None) -> Mapping[str, str]:
    """The setting of a clock that stands at eight in the morning of a day; where it stood before, without one.

    A folder keeps the kind of clock that it began with: what was recorded has its times. NoSandbox with the reason.
    """
    clock = folder.absolute() / "clock"
    if day is not None:
        if folder.exists() and not clock.exists():
            raise NoSandbox(f"{folder} was begun with the real clock; choose another folder with --data")
        folder.mkdir(parents=True, exist_ok=True)
        if clock.exists() and day < datetime.fromisoformat(clock.read_text().strip()).date():
            raise NoSandbox(f"the clock of {folder} stands later already, and time does not go back")
        move(clock, datetime.combine(day, time(8), VIETNAM))
    return {"MINHBACH_CLOCK_FILE": str(clock)}


def found(stack: Stack, province: str) -> list[SandboxKey]:
    """Register, define and issue; the keys that are new. Again it adds what is missing. NoSandbox with the reason."""
    with _opened(stack, "indicators", Indicators) as indicators:
        indicators.define_all(read_catalogue())
    with _opened(stack, "planning", Planning) as planning:
        try:
            planning.register_communes(province)
        except RequestRefused:
            raise NoSandbox(f'"{province}" is no code of a province; codes have two digits, such as 51') from None
        communes = [each.commune for each in planning.communes.of(province)]
        planning.issue_plan(_standard_plan(province), standard=True)
        body = planning.tasks.all(communes[0])[0].lead[0]
    with _opened(stack, "portal", Portal) as portal:
        _wait_for(portal, communes[0])
        return list(_keys(portal, communes[0], body, province))


def _standard_plan(province: str) -> PlanFile:
    """Its own where there is one, else the example of province 51 as if it were that of this one."""
    own = PLANS / f"{province}-standard.yaml"
    if own.exists():
        return read_plan(own)
    text = (PLANS / STANDARD).read_text("utf-8")
    return plan_of(text.replace("'51'", f"'{province}'").replace(" tỉnh Quảng Ngãi", ""), "yaml")


def _keys(portal: Portal, commune: str, body: str, province: str) -> Iterator[SandboxKey]:
    known = {each.account for each in portal.accounts_known_at(day_of(portal.clock()))}
    scopes = {"commune": Scope(commune), "body": Scope(commune, body), "province": Scope(province=province)}
    for role, kind in SCOPE_OF.items():
        account, scope = f"{PROGRAM}-{role}-{province}", scopes[kind]
        if account in known:
            continue
        portal.open_account(account, f"{PROGRAM} {role}", BY)
        portal.give(account, cast(Role, role), scope, BY)
        issued = portal.issue_key(account, PROGRAM, day_of(portal.clock()) + KEYS_LAST, BY)
        yield SandboxKey(role, " ".join(filter(None, (scope.commune or province, scope.body))), issued.secret)


def _wait_for(portal: Portal, commune: str) -> None:
    until = monotonic() + KNOWN_WITHIN
    while not portal.places.is_known(commune):
        if monotonic() > until:
            raise NoSandbox("the portal did not hear of the communes within a minute; see its log")
        sleep(0.1)


@contextmanager
def _opened(stack: Stack, name: str, application: Any) -> Iterator[Any]:
    settings = stack.settings(name)
    with open_pool(settings, name, size=2) as pool:
        opened = application(settings, pool)
        try:
            yield opened
        finally:
            opened.close()
