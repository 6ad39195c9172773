"""Accounts with keys in a province: programs that call the portal's API."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2

from services.portal.application import Portal
from shared.clock import day_of
from shared.grants import Actor, Scope
from tests.journeys.province import CODE, until

OPERATOR = Actor("Trần Thị Bình")
BODY = "Văn phòng HĐND và UBND"


@dataclass
class Programs:
    """`keys` by the role of the account; each speaks for the first commune, a body of it, or the province."""

    province: Any
    keys: dict

    @classmethod
    def of(cls, province):
        one = province.communes[0]
        scopes = {
            "clerk": Scope(one), "office": Scope(one, BODY), "chair": Scope(one),
            **{role: Scope(province=CODE) for role in ("provincial-officer", "auditor", "operator")},
        }  # fmt: skip
        programs = cls(province, {})
        for role, scope in scopes.items():
            programs.keys[role] = programs.open(role, role, scope)
        return programs

    def open(self, account, role, scope, **limits):
        """An account with one grant, which every service knows; the key of its program."""
        with self.province.service("portal", Portal) as portal:
            portal.open_account(account, f"Tên của {account}", OPERATOR)
            grant = portal.give(account, role, scope, OPERATOR)
            key = self.issue(portal, account, "phần mềm một cửa", **limits)
        until(lambda: self._is_known(grant), f"every service knows what {account} may do")
        return key

    def _is_known(self, grant):
        query = "SELECT 1 FROM grants WHERE grant_id = %s"
        return all(self.province.ask(service, query, grant) for service in ("planning", "indicators", "reporting"))

    @staticmethod
    def issue(portal, account, program, **limits):
        until = day_of(portal.clock()) + timedelta(days=30)
        return portal.issue_key(account, program, until, OPERATOR, **limits).secret

    @property
    def url(self):
        [portal] = [each for each in self.province.stack.running if each.service == "portal"]
        return f"http://localhost:{portal.port}/api/v1"

    def client(self, key=None, **headers):
        """With the key of a role, another key, or none."""
        secret = self.keys.get(key, key)
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        return httpx2.Client(base_url=self.url, headers=headers, timeout=60)
