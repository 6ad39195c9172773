"""An account: its owner, its identities, keys and grants, and their days; every change names who made it."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Unpack
from uuid import NAMESPACE_OID, UUID, uuid5

from services.portal.domain import events
from services.portal.domain.events import EventFields
from services.portal.domain.grant import grant_refusals, until_refusals
from services.portal.domain.refusal import RequestRefused, check_text
from services.portal.domain.state import AccountState
from shared.clock import day_of
from shared.grants import Actor, Role, Scope
from shared.record.aggregate import Aggregate, Recorded

ID = re.compile(r"[a-z0-9][a-z0-9_-]{1,39}")
LONGEST_KEY = timedelta(days=366)


class Account(AccountState, Aggregate):
    """RequestRefused where the rules do not allow it; the same again is ignored."""

    TOPIC = "portal.account"

    Opened = events.Opened
    IdentityLinked = events.IdentityLinked
    GrantGiven = events.GrantGiven
    GrantWithdrawn = events.GrantWithdrawn
    KeyIssued = events.KeyIssued
    KeyRevoked = events.KeyRevoked
    Closed = events.Closed

    @staticmethod
    def create_id(account: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"portal/account/{account}")

    @classmethod
    def open(cls, account: str, name: str, by: Actor, at: datetime, until: date | None = None) -> "Account":
        if not ID.fullmatch(account):
            raise RequestRefused(
                f'"{account}" không dùng làm tên tài khoản được;'
                " hãy dùng 2 đến 40 chữ thường không dấu, chữ số, dấu - và dấu _."
            )
        check_text(name, "Họ tên")
        check_text(by.name, "Tên người thực hiện")
        _refuse_any(until_refusals(day_of(at), until))
        return cls._create(
            cls.Opened, timestamp=at, account=account, name=name, until=until, by=by.name, by_account=by.account
        )

    def check_same(self, name: str, until: date | None) -> None:
        """RequestRefused unless it was opened so."""
        if (name, until) != (self.name, self.until) or self.is_closed:
            raise RequestRefused(f"Tài khoản {self.account} đã có, của {self.name}; hãy chọn tên tài khoản khác.")

    def link_identity(self, issuer: str, subject: str, by: Actor, at: datetime, until: date | None = None) -> None:
        check_text(issuer, "Nơi cấp định danh")
        check_text(subject, "Định danh")
        if (issuer, subject) not in self.identities or self.identities[issuer, subject] != until:
            _refuse_any(until_refusals(day_of(at), until))
            self._record(self.IdentityLinked, by, at, issuer=issuer, subject=subject, until=until)

    def give(  # noqa: PLR0917  a grant has so many parts
        self, role: Role, scope: Scope, in_force_from: date, until: date | None, by: Actor, at: datetime
    ) -> str:
        """The id of the grant."""
        for known in self.grants.values():
            if (known.role, known.scope, known.until) == (role, scope, until) and known.in_force_from <= in_force_from:
                return known.grant
        _refuse_any(grant_refusals(role, scope, in_force_from, until, day_of(at)))
        grant = f"{self.account}.{len(self.given_by) + 1}"
        self._record(
            self.GrantGiven,
            by,
            at,
            grant=grant,
            role=role,
            commune=scope.commune,
            body=scope.body,
            province=scope.province,
            in_force_from=in_force_from,
            until=until,
        )
        return grant

    def withdraw(self, grant: str, reason: str, by: Actor, at: datetime) -> None:
        if grant not in self.given_by:
            raise RequestRefused(f"Tài khoản {self.account} không có quyền {grant}.")
        if grant in self.grants:
            check_text(reason, "Lý do")
            self._record(self.GrantWithdrawn, by, at, grant=grant, reason=reason)

    def issue_key(  # noqa: PLR0917  a key has so many parts
        self, program: str, sha256: str, until: date, by: Actor, at: datetime, commune: str | None = None,
        *, read_only: bool = False,
    ) -> str:  # fmt: skip
        """The id of the key; `sha256` is the digest of the key itself, which nobody keeps."""
        check_text(program, "Tên chương trình")
        _refuse_any(until_refusals(day_of(at), until))
        if until > day_of(at) + LONGEST_KEY:
            raise RequestRefused(f"Khóa có hiệu lực nhiều nhất {LONGEST_KEY.days} ngày; hãy cấp lại trước khi hết hạn.")
        if any(known.program == program for known in self.keys_on(day_of(at))):
            raise RequestRefused(f"Chương trình {program} đã có khóa; hãy thu hồi khóa đó trước.")
        key = f"k-{sha256[:12]}"
        self._record(
            self.KeyIssued,
            by,
            at,
            key=key,
            program=program,
            sha256=sha256,
            until=until,
            commune=commune,
            read_only=read_only,
        )
        return key

    def revoke_key(self, key: str, reason: str, by: Actor, at: datetime) -> None:
        if key not in self.key_ids:
            raise RequestRefused(f"Tài khoản {self.account} không có khóa {key}.")
        if key in self.keys:
            check_text(reason, "Lý do")
            self._record(self.KeyRevoked, by, at, key=key, reason=reason)

    def close(self, reason: str, by: Actor, at: datetime) -> None:
        if not self.is_closed:
            check_text(reason, "Lý do")
            self._record(self.Closed, by, at, reason=reason)

    def _record(self, event: type[Recorded], by: Actor, at: datetime, **fields: Unpack[EventFields]) -> None:
        if self.is_closed:
            raise RequestRefused(f"Tài khoản {self.account} đã đóng.")
        check_text(by.name, "Tên người thực hiện")
        self.trigger_event(event, timestamp=at, account=self.account, **fields, by=by.name, by_account=by.account)


def _refuse_any(sentences: Iterable[str]) -> None:
    if first := next(iter(sentences), None):
        raise RequestRefused(first)
