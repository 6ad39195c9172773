"""Keys of communes' machines at the broker: issued, replaced and revoked in the operator's pages."""

import asyncio
import contextlib
import html
import re
from base64 import b64decode
from contextlib import asynccontextmanager
from io import BytesIO
from zipfile import ZipFile

import pytest
from nats.errors import Error as NatsError

from shared.commune_client.sender import NotConfirmed, Sender
from shared.contracts.indicators import RecordReadings
from shared.messaging.connection import connect
from shared.settings import NatsServers
from tests.journeys.province import CODE, until

MACHINES = "/van-hanh/may-gui"


def taken_along(page):
    """The file that the page holds: its name and its content."""
    address, name = re.search(r'href="data:application/octet-stream;base64,([^"]+)" download="([^"]+)"', page).groups()
    return name, b64decode(html.unescape(address))


def states_of(portal, commune):
    machines = portal.operator.client.get(f"{MACHINES}.json").json()["machines"]
    return [key["state"] for each in machines if each["commune"] == commune for key in each["keys"]]


@asynccontextmanager
async def machine(portal, seed):
    """The connection of a commune's machine that has this file."""
    url = f"nats://{portal.province.stack.servers.nats_url.rpartition('@')[2]}"
    servers = NatsServers.from_env({"NATS_URL": url, "NATS_NKEY": str(seed)})
    client = await connect(servers, allow_reconnect=False, connect_timeout=60)
    try:
        yield client
    finally:
        await client.close()


async def sent_by_machine(portal, seed, submission):
    reading = {"reading_id": submission, "observed_on": "2025-08-07", "field": "land", "values": {"files-received": 3}}
    async with machine(portal, seed) as client, Sender(client, portal.own) as sender:
        content = RecordReadings.model_validate({"readings": [reading]})
        while True:
            with contextlib.suppress(NotConfirmed):  # the machine is slow
                return await sender.send(portal.own, submission, content)


def test_an_operator_issues_a_key_with_which_a_machine_sends_until_it_is_revoked(portal, tmp_path):
    """The keeper of the broker's accounts is away meanwhile: what was recorded is not lost by it."""
    stack, own = portal.province.stack, portal.own
    stack.keeper.kill()
    stack.keeper.wait()
    issued = portal.operator.submit_form(MACHINES, 200, step="issue", **{"don-vi": own})
    assert "Chưa hỏi được máy chủ nhận số liệu" in issued
    assert states_of(portal, own) == ["unknown"]
    name, seed = taken_along(issued)
    assert (name, seed[:2]) == (f"commune-{own}.nk", b"SU")
    (tmp_path / name).write_bytes(seed)
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(sent_by_machine(portal, tmp_path / name, "too-early"))
    assert "keeper" in stack.supervise()
    until(lambda: states_of(portal, own) == ["works"], "the broker has the key")
    assert asyncio.run(sent_by_machine(portal, tmp_path / name, "by-key-1")).accepted == 1

    shown = portal.operator.page(MACHINES)
    assert "đang dùng được" in shown
    assert "Người operator" in shown
    stored = portal.province.ask("portal", "SELECT convert_from(state, 'utf8') FROM portal_events")
    assert not any(seed.decode() in text for text in (shown, *(state for (state,) in stored)))
    again = portal.operator.submit_form(MACHINES, 422, step="issue", **{"don-vi": own})
    assert f"Đơn vị {own} đã có khóa" in again
    no_reason = portal.operator.submit_form(MACHINES, 422, step="revoke", **{"don-vi": own})
    assert 'href="#ly-do-thu-hoi"' in no_reason

    async def revoked():
        async with machine(portal, tmp_path / name) as client:
            reason = {"don-vi": own, "ly-do-thu-hoi": "máy bị mất"}
            page = await asyncio.to_thread(portal.operator.submit_form, MACHINES, 303, step="revoke", **reason)
            async with asyncio.timeout(60):
                while not client.is_closed:  # noqa: ASYNC110  the connection's own task makes it true
                    await asyncio.sleep(0.01)
            return page

    assert "Đã thu hồi khóa của 1 đơn vị" in asyncio.run(revoked())
    assert "máy bị mất" in portal.operator.page(MACHINES)
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(sent_by_machine(portal, tmp_path / name, "too-late"))


def test_an_operator_issues_keys_for_many_and_replaces_one(portal):
    [first, second] = portal.other, portal.quiet
    issued = portal.operator.submit_form(MACHINES, 200, step="issue-missing")
    name, archive = taken_along(issued)
    with ZipFile(BytesIO(archive)) as files:
        seeds = {each: files.read(each) for each in files.namelist()}
    assert name == f"khoa-{CODE}.zip"
    assert {f"commune-{first}.nk", f"commune-{second}.nk"} <= set(seeds)
    assert len(set(seeds.values())) == len(seeds)
    fields = {"don-vi": first, "ly-do-thay": "lộ khóa"}
    replaced = portal.operator.submit_form(MACHINES, 200, step="replace", **fields)
    assert taken_along(replaced)[1] not in seeds.values()
    until(lambda: states_of(portal, first) == ["ended", "works"], "the broker has the new key alone")
    chosen = {"don-vi": [first, second], "step": "revoke", "ly-do-thu-hoi": "hết phép thử"}
    assert portal.operator.client.post(MACHINES, data=chosen).status_code == 303
    until(lambda: states_of(portal, second) == ["ended"], "and none of those that were revoked")


def test_nobody_else_issues_a_key(portal):
    wanted = {"step": "issue", "don-vi": portal.own}
    for browser in (portal.clerk, portal.chair, portal.provincial_officer, portal.auditor):
        assert "Không được phép" in browser.submit_form(MACHINES, 403, **wanted)
    assert "Hãy chọn đơn vị của tỉnh" in portal.foreign_operator.submit_form(MACHINES, 422, **wanted)
    assert f">{portal.own}<" not in portal.foreign_operator.page(MACHINES)
    portal.foreign_operator.page(f"{MACHINES}?tinh={CODE}", 403)
    assert "follows" not in states_of(portal, portal.own)
