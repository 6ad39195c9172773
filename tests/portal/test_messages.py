"""Each stored event of an account leads to its public message, or to none; no digest of a key leaves the portal."""

from datetime import UTC, date, datetime

from services.portal.domain.account import Account
from services.portal.publishers import announce
from shared.grants import Actor, Scope
from shared.record.event_store import Position, RecordedEvent

AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
TODAY = date(2025, 9, 10)
BY = Actor("Lê Văn Tám", "le-van-tam")


def test_each_change_is_announced_and_an_identity_is_not():
    account = Account.open("nguyen-van-a", "Nguyễn Văn A", BY, AT)
    account.link_identity("https://id.example", "77", BY, AT)
    grant = account.give("office", Scope("21025", "Văn phòng"), TODAY, None, BY, AT)
    account.withdraw(grant, "chuyển công tác", BY, AT)
    key = account.issue_key("phần mềm một cửa", "ab" * 32, TODAY, BY, AT)
    account.revoke_key(key, "lộ khóa", BY, AT)
    account.close("nghỉ hưu", BY, AT)

    found = [announce(RecordedEvent(Position(7, AT), "x/1", event)) for event in account.collect_events()]
    assert [type(each).__name__ for each in found] == [
        "AccountOpened", "NoneType", "GrantGiven", "GrantWithdrawn", "KeyIssued", "KeyRevoked", "AccountClosed",
    ]  # fmt: skip
    messages = [each for each in found if each]
    assert {(each.account, each.by, each.by_account) for each in messages} == {("nguyen-van-a", *BY)}
    assert (found[2].commune, found[2].body, found[2].province) == ("21025", "Văn phòng", None)
    assert not any("abab" in each.model_dump_json().replace(key, "") for each in messages)
