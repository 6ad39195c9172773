"""The keeper of the broker's accounts: what the portal announced is in the file once, whatever ends it on the way."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from deploy.credentials.accounts import CommuneAccounts
from deploy.credentials.keeper import Keeper
from deploy.credentials.reload import NotReloaded
from deploy.credentials.take_over import earlier_keys
from shared.contracts.portal import BrokerKeyIssued, BrokerKeyRevoked
from shared.messaging.announcing.announced import Announced

AT = datetime(2025, 9, 16, 1, tzinfo=UTC)
ONE, OTHER = "21025", "21028"


def key(letter):
    return f"U{letter * 55}"


def issued(commune, letter):
    return event(BrokerKeyIssued, commune, letter, issued_at=AT)


def revoked(commune, letter):
    return event(BrokerKeyRevoked, commune, letter, revoked_at=AT, reason="máy bị mất")


def event(kind, commune, letter, **fields):
    named = {"by": "Trần Thị Bình", "by_account": "binh", "number": 1, "event_id": "x/1", "recorded_at": AT}
    return kind(commune=commune, public_key=key(letter), **named, **fields)


class Portal:
    """Announces; two at a time, as an answer that is full."""

    def __init__(self, *events):
        self.events = [*events]

    async def fetch(self, after):
        return [
            Announced(position, position - 1, each.subject, each.model_dump_json().encode())
            for position, each in enumerate(self.events, start=1)
            if position > after
        ][:2]


class Broker:
    def __init__(self, folder):
        self.accounts = CommuneAccounts(folder)
        self.file = folder / "accounts.conf"
        self.reloads = []
        self.away = False

    async def reload(self, times):
        if self.away:
            raise NotReloaded("away")
        self.reloads.append(self.file.read_text())

    def keeper(self, portal):
        return Keeper(self.accounts, portal.fetch, self.reload)


@pytest.fixture
def broker(tmp_path):
    return Broker(tmp_path / "communes")


def held(keeper, *communes):
    answer = keeper.answer(json.dumps(communes).encode())
    return json.loads(answer) if answer else None


def test_a_key_that_was_revoked_while_the_disk_was_full_ends_when_it_is_not(broker, monkeypatch):
    portal = Portal(issued(ONE, "A"))
    keeper = broker.keeper(portal)
    asyncio.run(keeper.look())
    portal.events.append(revoked(ONE, "A"))
    with monkeypatch.context() as full:
        full.setattr(CommuneAccounts, "write", raising(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            asyncio.run(keeper.look())
    asyncio.run(keeper.look())
    assert key("A") not in broker.reloads[-1]
    assert held(keeper, ONE) == {ONE: []}


def test_an_earlier_history_with_empty_or_long_texts_is_taken_over(broker):
    line = {"act": "issued", "commune": ONE, "kind": "nkey", "login": key("A"), "at": AT.isoformat(), "by": "a" * 201}
    ended = {"act": "revoked", "commune": ONE, "at": AT.isoformat(), "by": "", "reason": ""}
    with broker.accounts.alone():
        broker.file.with_name("history.jsonl").write_text(f"{json.dumps(line)}\n{json.dumps(ended)}\n", "utf-8")
    [found] = earlier_keys(broker.accounts)
    assert (len(found.by.name), found.end.by.name, found.end.reason) == (200, "không rõ", "không rõ")


def raising(fault):
    def write(_):
        raise fault

    return write


def test_all_that_came_meanwhile_is_read_by_the_server_once(broker):
    portal = Portal(*(issued(str(number), chr(ord("A") + number)) for number in range(9)))
    keeper = broker.keeper(portal)
    assert held(keeper, "3") is None, "nobody knows yet what the server has"
    asyncio.run(keeper.look())
    assert len(broker.reloads) == 1
    assert held(keeper, "3", "99") == {"3": [key("D")], "99": []}
    assert [line for line in broker.file.read_text().splitlines() if line.startswith("  COMMUNE_")] == [
        f"  COMMUNE_{number} {{" for number in range(9)
    ]


def test_the_same_again_changes_nothing_and_a_new_keeper_writes_the_same_file(broker, tmp_path):
    portal = Portal(issued(ONE, "A"), issued(OTHER, "B"), revoked(ONE, "A"), issued(ONE, "C"))
    keeper = broker.keeper(portal)
    asyncio.run(keeper.look())
    first, history = broker.file.read_text(), (tmp_path / "communes/history.jsonl").read_text()
    portal.events += [issued(ONE, "A"), revoked(ONE, "A"), issued(ONE, "C")]
    asyncio.run(keeper.look())
    assert (len(broker.reloads), held(keeper, ONE)) == (1, {ONE: [key("C")]})
    asyncio.run(broker.keeper(portal).look())
    assert (broker.file.read_text(), (tmp_path / "communes/history.jsonl").read_text()) == (first, history)
    elsewhere = Broker(tmp_path / "elsewhere")
    asyncio.run(elsewhere.keeper(portal).look())
    assert elsewhere.file.read_text() == first


def test_a_change_that_the_server_did_not_read_is_not_held_and_comes_with_the_next_look(broker):
    portal = Portal(issued(ONE, "A"))
    keeper = broker.keeper(portal)
    asyncio.run(keeper.look())
    portal.events.append(revoked(ONE, "A"))
    broker.away = True
    with pytest.raises(NotReloaded):
        asyncio.run(keeper.look())
    assert held(keeper, ONE) == {ONE: [key("A")]}, "the server has it still"
    for again in (keeper, broker.keeper(portal)):  # the same one, and one that was started after a kill
        broker.away = False
        asyncio.run(again.look())
        assert held(again, ONE) == {ONE: []}
    assert f"COMMUNE_{ONE}" not in broker.reloads[-1]


def test_a_portal_that_numbers_its_events_again_is_followed(broker):
    """Its database was put back to a backup: what is announced next has a position that was given before."""
    portal = Portal(issued(ONE, "A"), issued(OTHER, "B"), revoked(OTHER, "B"))
    keeper = broker.keeper(portal)
    asyncio.run(keeper.look())
    portal.events[1:] = [issued("21211", "C")]
    keeper.call(portal.events[1].subject, portal.events[1].model_dump_json().encode())
    asyncio.run(keeper.look())
    assert held(keeper, ONE, OTHER, "21211") == {ONE: [key("A")], OTHER: [], "21211": [key("C")]}


def test_an_event_that_would_change_the_configuration_is_passed_over(broker):
    wrong = issued(ONE, "A").model_copy(update={"commune": "x { users: [] }"})
    portal = Portal(wrong, issued(ONE, "A").model_copy(update={"public_key": "U } accounts {"}), issued(OTHER, "B"))
    keeper = broker.keeper(portal)
    asyncio.run(keeper.look())
    assert broker.file.read_text().count("COMMUNE_") == 1
    assert held(keeper, OTHER) == {OTHER: [key("B")]}


def test_the_history_of_an_earlier_version_holds_and_is_given_to_the_portal(broker, tmp_path):
    folder = tmp_path / "communes"
    folder.mkdir()
    entries = [
        {"act": "issued", "commune": ONE, "kind": "nkey", "login": key("A"), "at": AT.isoformat(), "by": "B"},
        {"act": "issued", "commune": ONE, "kind": "password", "login": "geheim", "at": AT.isoformat(), "by": "up"},
        {"act": "issued", "commune": OTHER, "kind": "nkey", "login": key("B"), "at": AT.isoformat(), "by": "B"},
        {"act": "revoked", "commune": ONE, "at": AT.isoformat(), "by": "C", "reason": "mất máy"},
    ]
    (folder / "history.jsonl").write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    found = earlier_keys(broker.accounts)
    assert [(each.commune, each.public_key, each.end and each.end.reason) for each in found] == [
        (ONE, key("A"), "mất máy"), (OTHER, key("B"), None),
    ]  # fmt: skip
    assert broker.accounts.keys() == {OTHER: frozenset({key("B")})}
    broker.accounts.give({ONE: "wieder"}, AT, "up")
    asyncio.run(broker.keeper(Portal(issued(ONE, "C"), revoked(ONE, "C"))).look())
    logins = [each.login for each in broker.accounts.logins()[ONE]]
    assert logins == ["wieder"], "a key that ends leaves the password of an embedded stack"
