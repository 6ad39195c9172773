"""A door to the portal over the session's stack, for each module its own."""

from datetime import UTC, datetime

import pytest
from anyio.from_thread import start_blocking_portal
from argon2 import PasswordHasher

from services.portal.application import Portal
from services.portal.sign_in.application import SignIn
from services.portal.sign_in.passwords import Passwords
from shared.process import open_pool
from shared.web.address import Address
from tests.portal.door import KEY, ORIGIN, Door


@pytest.fixture(scope="module")
def door(stack):
    settings = stack.settings("portal")
    with open_pool(settings, "portal", size=3) as pool, start_blocking_portal() as loop:
        portal = Portal(settings, pool)
        address = Address(ORIGIN)
        door = Door(portal, None, address, datetime.now(UTC), loop)
        door.sign_in = SignIn(portal, pool, address, KEY, lambda: door.now)
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        door.sign_in.passwords = Passwords(door.sign_in.credentials, KEY, quick)
        yield door
        portal.close()


@pytest.fixture
def person(door):
    door.move_house()
    return door.account()
