"""Each change of an account is recorded with who made it, refused, or ignored where it is the same again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from shared.grants import SCOPE_OF, Actor, Scope

AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
TODAY = date(2025, 9, 10)
BY = Actor("Trần Thị Bình")
OPERATOR = Actor("Lê Văn Tám", "le-van-tam")
COMMUNE, PROVINCE = Scope(commune="21025"), Scope(province="51")


@pytest.fixture
def account():
    opened = Account.open("nguyen-van-a", "Nguyễn Văn A", BY, AT)
    opened.collect_events()
    return opened


def recorded(account):
    return [type(event).__name__ for event in account.collect_events()]


def test_an_account_is_opened_without_any_grant():
    opened = Account.open("nguyen-van-a", "Nguyễn Văn A", BY, AT, TODAY)
    [event] = opened.collect_events()
    assert (event.account, event.name, event.until, event.by, event.by_account) == (
        "nguyen-van-a", "Nguyễn Văn A", TODAY, "Trần Thị Bình", None,
    )  # fmt: skip
    assert opened.grants_on(TODAY) == []


@pytest.mark.parametrize("name", ["a", "Nguyen", "nguyễn", "x" * 41, "-a", "a.b", "a b", "a\n", ""])
def test_an_id_that_is_none_is_refused(name):
    with pytest.raises(RequestRefused, match="không dùng làm tên tài khoản được"):
        Account.open(name, "Nguyễn Văn A", BY, AT)


@pytest.mark.parametrize(("name", "by"), [("", BY), (" ", BY), ("x" * 201, BY), ("A", Actor(" "))])
def test_a_text_that_is_missing_or_too_long_is_refused(name, by):
    with pytest.raises(RequestRefused, match="phải có từ 1 đến 200 ký tự"):
        Account.open("nguyen-van-a", name, by, AT)


def test_a_grant_is_given_with_who_and_until_when(account):
    assert account.give("clerk", COMMUNE, TODAY, date(2025, 12, 31), OPERATOR, AT) == "nguyen-van-a.1"
    [event] = account.collect_events()
    assert (event.role, event.commune, event.body, event.province) == ("clerk", "21025", None, None)
    assert (event.in_force_from, event.until, event.by, event.by_account) == (
        TODAY, date(2025, 12, 31), "Lê Văn Tám", "le-van-tam",
    )  # fmt: skip
    assert account.given_by == {"nguyen-van-a.1": OPERATOR}


def test_the_same_grant_again_is_the_one_that_there_is(account):
    first = account.give("clerk", COMMUNE, TODAY, None, BY, AT)
    account.collect_events()
    assert account.give("clerk", COMMUNE, TODAY + timedelta(days=3), None, BY, AT) == first
    assert recorded(account) == []
    assert account.give("chair", COMMUNE, TODAY, None, BY, AT) == "nguyen-van-a.2"


@pytest.mark.parametrize("role", SCOPE_OF)
@pytest.mark.parametrize(
    "scope",
    [COMMUNE, PROVINCE, Scope(commune="21025", body="Văn phòng"), Scope(), Scope(commune="21025", province="51"),
     Scope(commune="21025", body="")],
)  # fmt: skip
def test_a_role_has_its_kind_of_scope_and_no_other(account, role, scope):
    fits = {"commune": COMMUNE, "province": PROVINCE, "body": Scope(commune="21025", body="Văn phòng")}
    if scope == fits[SCOPE_OF[role]]:
        assert account.give(role, scope, TODAY, None, BY, AT)
    else:
        with pytest.raises(RequestRefused, match=role):
            account.give(role, scope, TODAY, None, BY, AT)


@pytest.mark.parametrize(
    ("role", "since", "until", "sentence"),
    [
        ("king", TODAY, None, '"king" không phải là vai trò'),
        ("clerk", TODAY - timedelta(days=1), None, "không thể có hiệu lực từ ngày 9/9/2025"),
        ("clerk", TODAY, TODAY - timedelta(days=1), "Ngày hết hạn 9/9/2025 ở trước ngày 10/9/2025"),
    ],
)
def test_a_grant_for_no_role_or_no_day_is_refused(account, role, since, until, sentence):
    with pytest.raises(RequestRefused, match=sentence):
        account.give(role, COMMUNE, since, until, BY, AT)


def test_grants_are_in_force_from_their_first_to_their_last_day(account):
    account.give("clerk", COMMUNE, TODAY + timedelta(days=1), TODAY + timedelta(days=2), BY, AT)
    assert [len(account.grants_on(TODAY + timedelta(days=n))) for n in range(4)] == [0, 1, 1, 0]


def test_an_account_with_an_end_may_do_nothing_afterwards():
    account = Account.open("nguyen-van-a", "Nguyễn Văn A", BY, AT, TODAY)
    account.give("clerk", COMMUNE, TODAY, None, BY, AT)
    assert [len(account.grants_on(TODAY + timedelta(days=n))) for n in range(2)] == [1, 0]


def test_a_withdrawn_grant_is_gone_and_withdrawing_it_again_is_ignored(account):
    grant = account.give("clerk", COMMUNE, TODAY, None, BY, AT)
    account.withdraw(grant, "chuyển công tác", BY, AT)
    assert (recorded(account), account.grants_on(TODAY)) == (["GrantGiven", "GrantWithdrawn"], [])
    account.withdraw(grant, "chuyển công tác", BY, AT)
    assert recorded(account) == []
    assert account.give("clerk", COMMUNE, TODAY, None, BY, AT) == "nguyen-van-a.2"
    with pytest.raises(RequestRefused, match="không có quyền"):
        account.withdraw("nguyen-van-a.3", "chuyển công tác", BY, AT)


def test_an_identity_is_linked_once(account):
    for _ in range(2):
        account.link_identity("https://id.example", "77", BY, AT)
    assert recorded(account) == ["IdentityLinked"]
    assert account.identities == {("https://id.example", "77"): None}


def test_each_program_has_one_key_and_a_revoked_one_is_gone(account):
    key = account.issue_key("phần mềm một cửa", "ab" * 32, TODAY, BY, AT)
    with pytest.raises(RequestRefused, match="đã có khóa"):
        account.issue_key("phần mềm một cửa", "cd" * 32, TODAY, BY, AT)
    for _ in range(2):
        account.revoke_key(key, "lộ khóa", BY, AT)
    assert recorded(account) == ["KeyIssued", "KeyRevoked"]
    assert account.issue_key("phần mềm một cửa", "cd" * 32, TODAY, BY, AT) != key


def test_a_key_may_be_for_one_commune_or_only_to_ask(account):
    key = account.issue_key("phần mềm một cửa", "ab" * 32, TODAY, BY, AT, "21025", read_only=True)
    [event] = account.collect_events()
    assert (event.commune, event.read_only, event.key) == ("21025", True, key)
    assert [(each.commune, each.read_only) for each in account.keys_on(TODAY)] == [("21025", True)]
    assert account.keys_on(TODAY + timedelta(days=1)) == []


def test_a_key_has_an_end_within_a_year(account):
    with pytest.raises(RequestRefused, match="nhiều nhất 366 ngày"):
        account.issue_key("phần mềm một cửa", "ab" * 32, TODAY + timedelta(days=367), BY, AT)
    with pytest.raises(RequestRefused, match="Ngày hết hạn"):
        account.issue_key("phần mềm một cửa", "ab" * 32, TODAY - timedelta(days=1), BY, AT)
    with pytest.raises(RequestRefused, match="không có khóa k-none"):
        account.revoke_key("k-none", "lộ khóa", BY, AT)


def test_a_program_gets_another_key_when_its_key_has_ended(account):
    first = account.issue_key("phần mềm một cửa", "ab" * 32, TODAY, BY, AT)
    later = AT + timedelta(days=1)
    assert account.issue_key("phần mềm một cửa", "cd" * 32, later.date(), BY, later) != first


def test_a_closed_account_has_nothing_and_gets_nothing(account):
    account.give("clerk", COMMUNE, TODAY, None, BY, AT)
    account.issue_key("phần mềm một cửa", "ab" * 32, TODAY, BY, AT)
    for _ in range(2):
        account.close("nghỉ hưu", BY, AT)
    assert recorded(account) == ["GrantGiven", "KeyIssued", "Closed"]
    assert (account.grants_on(TODAY), account.keys) == ([], {})
    with pytest.raises(RequestRefused, match="đã đóng"):
        account.give("clerk", COMMUNE, TODAY, None, BY, AT)
