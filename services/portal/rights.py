"""What accounts may do, as the portal knows it first; the service that decides or answers checks it again."""

from datetime import datetime
from typing import Any

from services.portal.application import Portal
from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from shared.clock import day_of
from shared.contracts import OwnQuestion, Question
from shared.grants import Actor, Grant
from shared.messaging.following.grants import Grants


class Rights(Grants):
    """As `Grants`, from the events of the accounts themselves."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal.accounts.pool, portal.places.on_all, lambda: day_of(portal.clock()))
        self._portal = portal

    def now(self) -> datetime:
        return self._portal.clock()

    def of(self, account: str) -> list[Grant]:
        found = self._account(account)
        return found.grants_on(self._today()) if found else []

    def actor(self, account: str) -> Actor | None:
        found = self._account(account)
        return Actor(found.name, account) if found else None

    def may_ask(self, question: Question[Any]) -> bool:
        if isinstance(question, OwnQuestion):
            found = self._account(question.actor) if question.actor else None
            return found is not None and found.is_usable_on(self._today())
        return super().may_ask(question)

    def _account(self, account: str) -> Account | None:
        try:
            return self._portal.account(account)
        except RequestRefused:
            return None
