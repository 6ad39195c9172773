"""Keeps the broker's accounts of communes as the portal decided: python -m deploy.credentials.keeper.

It asks the portal for what it announced, writes the file that NATS includes, and has the server read it again: once for
all that came meanwhile. It begins at the beginning whenever it starts; what is written already changes nothing. Its
broker user reads announcements of the portal and answers what the broker has; it can send nothing else.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import ValidationError

from deploy.credentials.accounts import CommuneAccounts
from deploy.credentials.reload import FOR_NEW_ACCOUNTS, NotReloaded, reload
from deploy.nats_accounts import KEEPER
from shared.contracts.portal import BrokerKeyEvent, BrokerKeyIssued, BrokerKeyRevoked
from shared.messaging.announcing.announced import Announced
from shared.messaging.broker_accounts import COMMUNES, HELD, SUBJECT
from shared.messaging.connection import connect
from shared.messaging.following.missed import fetch_missed
from shared.settings import NatsServers, SettingsError

SOURCE = "portal"
EVENTS: Mapping[str, type[BrokerKeyEvent]] = {each.subject: each for each in (BrokerKeyIssued, BrokerKeyRevoked)}
LOOKED_EVERY = 10.0  # seconds, also where no announcement calls
AGAIN_AFTER, AGAIN_AT_MOST = 2.0, 30.0

Fetch = Callable[[int], Awaitable[list[Announced]]]
Reload = Callable[[int], Awaitable[None]]

log = logging.getLogger(__name__)


class Keeper:
    """`fetch` gives the portal's next announcements after a position; `reload` has the servers read so many times."""

    def __init__(self, accounts: CommuneAccounts, fetch: Fetch, reload: Reload) -> None:
        self._accounts = accounts
        self._fetch = fetch
        self._reload = reload
        self._position = 0
        self._announced: list[BrokerKeyEvent] = []
        self._called = asyncio.Event()
        self._times = FOR_NEW_ACCOUNTS  # nobody knows what the server has read
        self.held: Mapping[str, frozenset[str]] | None = None

    def call(self, subject: str, body: bytes) -> None:
        """An announcement that comes by itself: it calls for a look, and is not believed."""
        self._announced += _read(subject, body)
        self._called.set()

    async def run(self) -> None:
        """Until cancelled."""
        again_after = AGAIN_AFTER
        while True:
            self._called.clear()
            try:
                await self.look()
            except (NotReloaded, OSError) as fault:
                log.error("the broker does not have the accounts that were decided, tried again: %s", fault)
                await asyncio.sleep(again_after)
                again_after = min(2 * again_after, AGAIN_AT_MOST)
                continue
            again_after = AGAIN_AFTER
            try:
                async with asyncio.timeout(LOOKED_EVERY):
                    await self._called.wait()
            except TimeoutError:
                pass

    async def look(self) -> None:
        """Take what is new, write it, and have the server read it. NotReloaded, OSError: nothing is lost by it."""
        called, self._announced = self._announced, []
        await self._take()
        if missing := self._missing(called):
            # Positions are given again by a database that was put back to a backup.
            log.warning("the portal announced %s keys that it does not give after %s", missing, self._position)
            self._position = 0
            await self._take()
        if self._times:
            with self._accounts.alone():
                self._accounts.write()
                keys = self._accounts.keys()
            await self._reload(self._times)
            self._times, self.held = 0, keys

    async def _take(self) -> None:
        while announced := await self._fetch(self._position):
            events = [event for each in announced for event in _read(each.subject, each.body)]
            if events and self._apply(events):
                self._times = FOR_NEW_ACCOUNTS
            self._position = announced[-1].position

    def _apply(self, events: list[BrokerKeyEvent]) -> bool:
        try:
            with self._accounts.alone():
                return self._accounts.apply(events)
        except OSError:  # a full disk may have taken the history, and not the file of the server
            self._times = FOR_NEW_ACCOUNTS
            raise

    def _missing(self, called: list[BrokerKeyEvent]) -> int:
        applied = self._accounts.applied() if called else set()
        acts = ("revoked" if isinstance(each, BrokerKeyRevoked) else "issued" for each in called)
        return sum((act, each.public_key) not in applied for act, each in zip(acts, called, strict=True))

    def answer(self, body: bytes) -> bytes:
        """Of the communes that are asked about, the keys that the server has read; nothing before it has."""
        try:
            wanted = COMMUNES.validate_json(body)
        except ValidationError:
            return b""
        held = self.held
        return b"" if held is None else HELD.dump_json({each: held.get(each, frozenset()) for each in wanted})


def _read(subject: str, body: bytes) -> list[BrokerKeyEvent]:
    if subject not in EVENTS:
        return []
    try:
        return [EVENTS[subject].model_validate_json(body)]
    except ValidationError as unreadable:
        log.error("an announcement on %s cannot be read: %s", subject, unreadable)
        return []


async def follow(accounts: CommuneAccounts, broker: NatsServers, reloaded: NatsServers) -> None:
    """Until cancelled; `broker` is the keeper's own user, `reloaded` names every server that includes the file."""
    client = await connect(broker, KEEPER, name=KEEPER, max_reconnect_attempts=-1, reconnect_time_wait=0.5)
    try:
        keeper = Keeper(accounts, _fetch_from(client), lambda times: reload(reloaded, times))

        async def call(message: Msg) -> None:
            keeper.call(message.subject, message.data)

        async def answer(message: Msg) -> None:
            if message.reply:
                await message.respond(keeper.answer(message.data))

        for subject in EVENTS:
            await client.subscribe(subject, cb=call)
        await client.subscribe(SUBJECT, cb=answer)
        await keeper.run()
    finally:
        await client.close()


def _fetch_from(client: Client) -> Fetch:
    return lambda position: fetch_missed(client, SOURCE, position, key=None)


def run(env: Mapping[str, str]) -> None:
    """Until a signal ends it. SettingsError, NatsError, OSError."""
    for name in ("MINHBACH_NATS_COMMUNES", "NATS_RELOAD_URL"):
        if not env.get(name):
            raise SettingsError(f"{name} is not set")
    folder = Path(env["MINHBACH_NATS_COMMUNES"])
    reloaded = NatsServers.from_env({**env, "NATS_URL": env["NATS_RELOAD_URL"]})
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _become_owner(folder)
    asyncio.run(follow(CommuneAccounts(folder), NatsServers.from_env(env), reloaded))


def _become_owner(folder: Path) -> None:
    """Started by root it goes on as whoever the folder belongs to."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        run(os.environ)
    except (NatsError, OSError, ValueError) as fault:
        log.critical("%s", fault or type(fault).__name__)
        sys.exit(1)


if __name__ == "__main__":
    main()
