"""Who calls: the program whose key a request carries, and what it may ask and send."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from services.portal.api.problems import ApiProblem
from services.portal.application import KEY_PREFIX, Portal, digest_of
from services.portal.domain.state import Key
from services.portal.request_rates import Rate
from services.portal.rights import Rights
from shared.clock import day_of
from shared.contracts import CommuneQuestion, ProvinceQuestion, Question, Submission

NO_KEY = "Yêu cầu không có khóa, hoặc khóa không dùng được: sai, đã thu hồi hoặc đã hết hạn."
TOO_MANY = "Quá nhiều yêu cầu; hãy gửi thưa hơn."
NOT_GRANTED = "Khóa này không được làm việc đó: tài khoản chưa được giao quyền, hoặc khóa bị giới hạn."
BEARER = re.compile(rf"bearer ({KEY_PREFIX}[A-Za-z0-9_-]{{43}})", re.IGNORECASE)


@dataclass(frozen=True)
class Program:
    """An account as a key opens it."""

    account: str
    key: Key
    rights: Rights
    portal: Portal

    def check_question(self, question: Question[Any]) -> None:
        """ApiProblem unless the account may ask it, and the key is for it."""
        if not (self.rights.may_ask(question) and self._is_within_key(question)):
            raise ApiProblem("not-granted", NOT_GRANTED)

    def check_submission(self, commune: str, submission: Submission) -> None:
        is_for_key = not self.key.read_only and (self.key.commune is None or self._is_commune_of_key(commune))
        if not (is_for_key and self.rights.may_send(self.account, commune, submission)):
            raise ApiProblem("not-granted", NOT_GRANTED)

    def _is_within_key(self, question: Question[Any]) -> bool:
        """A key for one commune opens as much as the commune's own machine may ask."""
        match question:
            case CommuneQuestion():
                return self.key.commune is None or self._is_commune_of_key(question.commune)
            case ProvinceQuestion():
                return self.key.commune is None or self.rights.commune_may_ask(question, self.key.commune)
        return True

    def _is_commune_of_key(self, commune: str) -> bool:
        day, on = day_of(self.portal.clock()), self.portal.places.on
        return self.key.commune is not None and on(commune, day).commune == on(self.key.commune, day).commune


class Programs:
    """Finds the program of a request.

    Where many keys that open nothing come from one address, only those that opened something before are looked up.
    """

    def __init__(self, portal: Portal, rights: Rights) -> None:
        self._portal = portal
        self._rights = rights
        self._of_key = Rate(per_second=20, burst=100)
        self._failed = Rate(per_second=0.5, burst=20)
        self._opened_before: set[str] = set()

    async def of(self, request: Request) -> Program:
        """ApiProblem without a key that opens an account now."""
        given = BEARER.fullmatch(request.headers.get("authorization", ""))
        if given is None:
            raise ApiProblem("no-key", NO_KEY)
        host = request.client.host if request.client else ""
        digest = digest_of(given[1])
        if digest not in self._opened_before and self._failed.is_empty(host):
            raise ApiProblem("too-many", TOO_MANY)
        opened = await asyncio.to_thread(self._portal.opened_by, given[1])
        if opened is None:
            self._opened_before.discard(digest)
            self._failed.allows(host)
            raise ApiProblem("no-key", NO_KEY)
        self._opened_before.add(digest)
        if not self._of_key.allows(opened.key.key):
            raise ApiProblem("too-many", TOO_MANY)
        return Program(opened.account.account, opened.key, self._rights, self._portal)
