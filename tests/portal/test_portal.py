"""The portal on a real PostgreSQL: accounts through its commands, as known at a day, with its own role alone."""

import json
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from typer.testing import CliRunner

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.portal.application import Portal
from services.portal.application.broker_keys import BrokerKeys, EarlierKey, new_key
from services.portal.cli import account_app
from services.portal.domain.refusal import RequestRefused
from services.portal.publishers import announce
from services.portal.questions import QUESTIONS
from services.portal.read_models.broker_keys import End
from services.portal.rights import Rights
from services.portal.subscribers import PLANNING
from shared.clock import VIETNAM, move
from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneMovedToProvince, CommuneRegistered
from shared.contracts.portal import ListGrants, ShowAccount
from shared.grants import Actor, Place, Scope
from shared.messaging.announcing.announced import Announced
from shared.messaging.following.follower import Follower
from shared.messaging.streams import SERVICES
from shared.process import open_pool
from shared.vietnamese import date_text

BY, OPERATOR = Actor("Trần Thị Bình"), Actor("Lê Văn Tám", "le-van-tam")
JULY = date(2025, 7, 1)
OLD, DIVIDED, NEW, OTHER = "21025-until-20250630", "21029-until-20250630", "21025", "21028"


@pytest.fixture(scope="module")
def stack(tmp_path_factory, start_servers):
    """Its own: what was known at a day depends on what came before, and other tests record at the present time."""
    folder = tmp_path_factory.mktemp("portal")
    with Stack(folder, env=TIMES_OF_SERVICES, services=(), start_servers=start_servers) as running:
        yield running


def event(contract, commune, **fields):
    return contract(event_id=f"{commune}/1", recorded_at=datetime(2025, 7, 1, tzinfo=UTC), commune=commune, **fields)


def registered(commune):
    named = {"kind": "xã", "name": "Xã", "province_name": "Quảng Ngãi", "latitude": None, "longitude": None}
    return event(CommuneRegistered, commune, code="", province="51", in_force_from=None, **named)


def commune_events():
    yield from map(registered, (OLD, DIVIDED, NEW, OTHER))
    yield event(CommuneMerged, OLD, in_force_from=JULY, source="x", into=NEW)
    parts = ({"commune": NEW}, {"commune": OTHER})
    yield event(CommuneDivided, DIVIDED, in_force_from=JULY, source="x", into=parts)
    moved = {"province": "48", "province_name": "Đà Nẵng", "code": None}
    yield event(CommuneMovedToProvince, OTHER, in_force_from=date(2026, 1, 1), source="x", **moved)


def apply(pool, source, subscriptions, events):
    """Apply events twice, as if they were announced from the beginning."""
    with pool.connection() as connection:
        connection.execute("DELETE FROM tracking WHERE source = %s", (source,))
    coming = [
        Announced(position, position - 1, message.subject, message.model_dump_json().encode())
        for position, message in enumerate(events, start=1)
    ]
    for _ in range(2):
        Follower(pool, source, subscriptions).apply(coming)


class Application(Portal):
    """On a day that a test moves on."""

    name = "portal"

    def start(self, pool, clock_file):
        self.pool, self.day, self._clock_file = pool, date(2025, 9, 15), clock_file
        self.next_day()
        return self

    def next_day(self):
        self.day += timedelta(days=1)
        move(self._clock_file, datetime.combine(self.day, time(8), VIETNAM))


@pytest.fixture(scope="module")
def clock_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("portal") / "clock"
    move(path, datetime(2025, 9, 16, 1, tzinfo=UTC))
    return path


@pytest.fixture(scope="module")
def portal(stack, clock_file):
    settings = stack.settings("portal", MINHBACH_CLOCK_FILE=str(clock_file))
    with open_pool(settings, "portal", size=2) as pool:
        application = Application(settings, pool).start(pool, clock_file)
        apply(pool, "planning", PLANNING, commune_events())
        yield application
        application.close()


@pytest.fixture
def account(portal):
    name = f"a-{uuid4().hex[:8]}"
    portal.open_account(name, "Nguyễn Văn A", BY)
    return name


@pytest.fixture
def run(stack, clock_file, monkeypatch):
    monkeypatch.setenv("MINHBACH_CLOCK_FILE", str(clock_file))
    monkeypatch.setenv("NATS_URL", stack.settings().nats_url)
    monkeypatch.setenv("DATABASE_URL", stack.settings().database_url)
    return lambda *arguments: CliRunner().invoke(account_app, [*map(str, arguments)], env={"COLUMNS": "200"})


def test_places_follow_mergers_divisions_and_moves(portal):
    on = portal.places.on
    assert on(OLD, date(2025, 6, 30)) == Place(OLD, "51")
    assert on(OLD, JULY) == on(DIVIDED, JULY) == on(NEW, JULY) == Place(NEW, "51")
    assert (on(OTHER, JULY).province, on(OTHER, date(2026, 1, 1)).province) == ("51", "48")
    assert on("unknown", JULY) == Place("unknown", None)


def test_an_account_is_opened_once_and_never_for_another(portal, account):
    portal.open_account(account, "Nguyễn Văn A", BY)
    with pytest.raises(RequestRefused, match="đã có, của Nguyễn Văn A"):
        portal.open_account(account, "Nguyễn Văn B", BY)
    assert [each.name for each in portal.accounts_known_at(portal.day) if each.account == account] == ["Nguyễn Văn A"]


def test_an_identity_belongs_to_one_account_for_ever(portal, account):
    subject = uuid4().hex
    for _ in range(2):
        portal.link_identity(account, "https://id.example", subject, BY)
    assert portal.accounts.with_identity("https://id.example", subject) == account
    portal.close_account(account, "nghỉ hưu", BY)
    portal.open_account(f"{account}-2", "Nguyễn Văn B", BY)
    with pytest.raises(RequestRefused, match=f"đã thuộc tài khoản {account}"):
        portal.link_identity(f"{account}-2", "https://id.example", subject, BY)


def test_a_key_is_found_by_its_digest_and_kept_nowhere(portal, stack, account):
    issued = portal.issue_key(account, "phần mềm một cửa", portal.day, BY)
    assert portal.accounts.with_key(sha256(issued.secret.encode()).hexdigest()) == (account, issued.key)
    with psycopg.connect(**stack.settings("portal").database("portal")) as connection:
        stored = connection.execute("SELECT convert_from(state, 'utf8') FROM portal_events").fetchall()
    assert not any(issued.secret in state for (state,) in stored)


def test_who_could_do_something_on_a_day_has_an_answer(portal, account):
    """As known then: what was given or withdrawn later does not count."""
    given = portal.day
    grant = portal.give(account, "provincial-officer", Scope(province="51"), BY)
    portal.next_day()
    portal.next_day()
    portal.withdraw(grant, "chuyển công tác", BY)

    def could(day):
        return account in [each.account for each, _ in portal.grants_known_at(day, "provincial-officer", NEW)]

    assert [could(given + timedelta(days=n)) for n in (-1, 0, 1, 2, 3)] == [False, True, True, False, False]


def test_a_merged_commune_hands_its_chair_to_the_successor_from_that_day_on(portal, run, account):
    """Who could approve on each day is answered alike at the terminal and to the operator, then and afterwards."""
    merged, successor = (f"{name}-{account}" for name in ("old", "new"))
    days = [portal.day + timedelta(days=n) for n in range(4)]
    end = event(CommuneMerged, merged, in_force_from=days[2], source="01/NQ-HĐND", into=successor)
    apply(portal.pool, "planning", PLANNING, [registered(merged), registered(successor), end])
    grant = portal.give(account, "chair", Scope(merged), BY)
    operator, rights, may_approve = f"o-{account}", Rights(portal), []
    portal.open_account(operator, "Lê Văn Tám", BY)
    portal.give(operator, "operator", Scope(province="51"), BY)
    for _ in days[1:]:
        may_approve.append(rights.may(account, ("chair",), successor))
        portal.next_day()
    portal.withdraw(grant, "thay chủ tịch", BY)
    may_approve.append(rights.may(account, ("chair",), successor))
    assert may_approve == [False, False, True, False]

    def at_the_terminal(commune, day):
        listed = run("list", "--role", "chair", "--commune", commune, "--known-at", day.isoformat(), "--json")
        return account in [each["account"] for each in json.loads(listed.output)]

    def to_the_operator(day):
        question = ListGrants(actor=operator, province="51", role="chair", known_at=day)
        return account in [each.account for each in asked(portal, question).grants]

    portal.next_day()
    assert [at_the_terminal(successor, day) for day in days] == may_approve
    assert [at_the_terminal(merged, day) for day in days] == [True, True, True, False]
    assert [to_the_operator(day) for day in days] == [True, True, True, False]


def test_who_could_act_does_not_change_by_a_merger_that_is_recorded_after_its_day(portal, account):
    """The merger is of the first day and recorded on the third: until then nobody acted for the successor."""
    merged, successor = (f"{name}-{account}" for name in ("old", "new"))
    days = [portal.day + timedelta(days=n) for n in range(4)]
    at = datetime.combine(days[2], time(8), VIETNAM)
    end = event(CommuneMerged, merged, in_force_from=days[0], source="01/NQ-HĐND", into=successor)
    communes = [registered(merged), registered(successor)]
    apply(portal.pool, "planning", PLANNING, communes)
    portal.give(account, "chair", Scope(merged), BY)
    for _ in days[1:3]:
        portal.next_day()
    apply(portal.pool, "planning", PLANNING, [*communes, end.model_copy(update={"recorded_at": at})])
    portal.next_day()
    could = [[each.account for each, _ in portal.grants_known_at(day, "chair", successor)] for day in days]
    assert could == [[], [], [account], [account]]
    assert Rights(portal).may(account, ("chair",), successor)


def test_a_grant_needs_a_commune_that_is_registered(portal, account):
    with pytest.raises(RequestRefused, match="Không có đơn vị nào mang mã 99999"):
        portal.give(account, "clerk", Scope("99999"), BY)
    with pytest.raises(RequestRefused, match="Không có tài khoản no-such"):
        portal.give("no-such", "clerk", Scope(NEW), BY)


def test_the_portal_has_no_table_but_its_own(stack):
    with psycopg.connect(**stack.settings("portal").database("portal")) as connection:
        for service in set(SERVICES) - {"portal"}:
            with pytest.raises(InsufficientPrivilege), connection.transaction():
                connection.execute(f"SELECT FROM {service}.{service}_events")
        with pytest.raises(InsufficientPrivilege), connection.transaction():
            connection.execute("DELETE FROM identities")


def test_the_commands_open_grant_list_withdraw_and_close(portal, run):
    account = f"c-{uuid4().hex[:8]}"
    opened = run("open", account, "--name", "Phạm Thị Dung", "--by", "Trần Thị Bình")
    assert (opened.exit_code, opened.output) == (0, f"Tài khoản {account} của Phạm Thị Dung đã mở.\n")
    given = run("grant", account, "--role", "clerk", "--commune", NEW, "--by", "Trần Thị Bình", "--until", "31/12/2099")
    assert given.output == f"Đã giao quyền {account}.1: nhập số liệu, đơn vị {NEW}.\n"
    listed = run("list", "--role", "clerk", "--commune", NEW)
    assert (
        f"{account}.1  Phạm Thị Dung: nhập số liệu, đơn vị {NEW}\n"
        f"    từ {date_text(portal.day)} đến hết 31/12/2099; người giao: Trần Thị Bình (gõ tại máy của tỉnh)\n"
    ) in listed.output
    [fields] = [each for each in json.loads(run("list", "--json").output) if each["account"] == account]
    assert (fields["grant"]["by_account"], fields["grant"]["commune"]) == (None, NEW)
    assert run("withdraw", f"{account}.1", "--by", "Trần Thị Bình", "--reason", "thay người").exit_code == 0
    assert account not in run("list", "--role", "clerk").output
    assert run("close", account, "--by", "Trần Thị Bình", "--reason", "nghỉ hưu").exit_code == 0
    assert account not in run("list").output


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("grant", "no-such", "--role", "clerk", "--commune", NEW, "--by", "B"), 1, "Không có tài khoản no-such."),
        (("grant", "x", "--role", "king", "--by", "B"), 2, '"king" không phải là vai trò'),
        (("open", "Nguyễn A", "--name", "A", "--by", "B"), 1, "không dùng làm tên tài khoản được"),
        (("withdraw", "x", "--by", "B", "--reason", "r"), 1, "Không có tài khoản ."),
        (("list", "--known-at", "tomorrow"), 2, '"tomorrow" không phải là ngày'),
    ],
)
def test_wrong_input_ends_with_one_sentence(portal, run, arguments, code, sentence):
    ended = run(*arguments)
    assert (ended.exit_code, sentence in ended.output) == (code, True), ended.output


def test_a_key_opens_the_account_until_it_is_revoked_or_ends(portal, account):
    portal.give(account, "clerk", Scope(NEW), BY)
    issued = portal.issue_key(account, "phần mềm một cửa", portal.day, BY, OLD)
    opened = portal.opened_by(issued.secret)
    assert (opened.account.account, opened.key.key, opened.key.commune) == (account, issued.key, OLD)
    assert portal.opened_by("mb_unknown") is None
    with pytest.raises(RequestRefused, match=f"không có quyền nào ở đơn vị {OTHER}"):
        portal.issue_key(account, "phần mềm khác", portal.day, BY, OTHER)
    portal.revoke_key(account, issued.key, "lộ khóa", BY)
    assert portal.opened_by(issued.secret) is None
    short = portal.issue_key(account, "phần mềm một cửa", portal.day, BY)
    portal.next_day()
    assert portal.opened_by(short.secret) is None
    last = portal.issue_key(account, "phần mềm một cửa", portal.day, BY)
    portal.close_account(account, "nghỉ hưu", BY)
    assert portal.opened_by(last.secret) is None


def test_the_commands_issue_list_and_revoke_a_key(portal, run, account):
    portal.give(account, "clerk", Scope(NEW), BY)
    until = portal.day + timedelta(days=30)
    made = ("--program", "phần mềm một cửa", "--until", until, "--by", "Trần Thị Bình", "--commune", NEW, "--read-only")
    issued = run("key", "issue", account, *made)
    secret = issued.stdout.strip()
    assert portal.opened_by(secret).key.read_only
    [listed] = json.loads(run("key", "list", account, "--json").stdout)
    assert (listed["account"], listed["commune"], "sha256" in listed) == (account, NEW, False)
    line = run("key", "list", account).stdout
    assert (
        f"{listed['key']}  phần mềm một cửa: tài khoản {account}, đến hết {date_text(until)}; chỉ đơn vị {NEW}" in line
    )
    assert secret not in line
    ended = run("key", "revoke", account, listed["key"], "--by", "Trần Thị Bình", "--reason", "lộ khóa")
    assert (ended.exit_code, portal.opened_by(secret)) == (0, None)
    assert run("key", "list", account).stdout == "Không có khóa nào.\n"


def asked(portal, question):
    """As the questions are answered: with the rights checked first."""
    if not Rights(portal).may_ask(question):
        return None
    return QUESTIONS[type(question)](portal, question)


def test_an_account_sees_itself_and_an_operator_the_grants_of_the_province(portal, account):
    portal.give(account, "clerk", Scope(NEW), BY)
    key = portal.issue_key(account, "phần mềm một cửa", portal.day, BY).key
    own = asked(portal, ShowAccount(actor=account))
    assert ([each.commune for each in own.grants], [each.key for each in own.keys]) == ([NEW], [key])
    assert asked(portal, ShowAccount(actor="no-such")) is asked(portal, ShowAccount()) is None
    assert asked(portal, ListGrants(actor=account, province="51")) is None
    operator = f"o-{uuid4().hex[:8]}"
    portal.open_account(operator, "Lê Văn Tám", BY)
    portal.give(operator, "operator", Scope(province="51"), BY)
    found = asked(portal, ListGrants(actor=operator, province="51")).grants
    assert {account, operator} <= {each.account for each in found}
    assert asked(portal, ListGrants(actor=operator, province="48")) is None
    portal.close_account(account, "nghỉ hưu", BY)
    assert asked(portal, ShowAccount(actor=account)) is None


@pytest.fixture
def broker_keys(portal):
    keys = BrokerKeys(portal)
    yield keys
    if having := keys.in_force([OLD, NEW, DIVIDED]):
        keys.revoke(having, "hết phép thử", BY)


def one_key():
    return new_key().public_key


def test_a_machine_has_one_key_which_is_replaced_and_revoked_with_a_reason(broker_keys):
    first, second = one_key(), one_key()
    broker_keys.issue({NEW: first}, BY)
    with pytest.raises(RequestRefused, match="đã có khóa"):
        broker_keys.issue({NEW: second}, BY)
    broker_keys.issue({NEW: second}, OPERATOR, replacing="lộ khóa")
    *_, old, new = broker_keys.of([NEW])
    assert (old.public_key, old.by, old.end.reason, old.end.by) == (first, BY, "lộ khóa", OPERATOR)
    assert (new.public_key, new.number, new.end) == (second, old.number + 1, None)
    with pytest.raises(RequestRefused, match="Lý do phải có"):
        broker_keys.revoke([NEW], " ", OPERATOR)
    broker_keys.revoke([NEW, NEW], "máy bị mất", OPERATOR)
    with pytest.raises(RequestRefused, match="không có khóa nào đang có hiệu lực"):
        broker_keys.revoke([NEW], "máy bị mất", OPERATOR)


def test_of_many_that_are_chosen_none_has_a_key_where_one_is_refused(broker_keys):
    with pytest.raises(RequestRefused, match=f"Đơn vị {OLD} không còn; đơn vị kế thừa mang mã {NEW}"):
        broker_keys.issue({NEW: one_key(), OLD: one_key()}, BY)
    with pytest.raises(RequestRefused, match="Chưa có đơn vị nào đăng ký mang mã 99999"):
        broker_keys.issue({NEW: one_key(), "99999": one_key()}, BY)
    with pytest.raises(RequestRefused, match="không đúng dạng"):
        broker_keys.issue({NEW: "U } accounts {"}, BY)
    assert broker_keys.in_force([NEW, OLD, "99999"]) == {}


def test_keys_of_an_earlier_version_are_recorded_once_those_of_merged_communes_among_them(portal, broker_keys):
    then, ended = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    lost, held = one_key(), one_key()
    earlier = [
        EarlierKey(OLD, lost, then, Actor("Năm ngoái"), End(ended, Actor("Vận hành"), "mất máy")),
        EarlierKey(OLD, held, then, Actor("Năm ngoái"), None),
    ]
    assert [broker_keys.take_over(earlier) for _ in range(2)] == [2, 0]
    first, second = broker_keys.of([OLD])
    assert (first.issued_at, first.end.at, first.end.reason) == (then, ended, "mất máy")
    assert (second.public_key, second.issued_at, second.end) == (held, then, None)
    assert OLD in broker_keys.communes_of("51", portal.day)
    assert OLD not in broker_keys.communes_of("48", portal.day)
    [revoked] = [earlier[1]._replace(end=End(ended, BY, "sáp nhập"))]
    assert broker_keys.take_over([revoked]) == 1, "it ended in the folder, and the portal lost that"
    assert broker_keys.in_force([OLD]) == {}


def test_a_key_is_announced_and_only_its_public_part(portal, broker_keys):
    made = new_key()
    before = portal.newest_position()
    broker_keys.issue({NEW: made.public_key}, OPERATOR)
    broker_keys.revoke([NEW], "máy bị mất", OPERATOR)
    issued, revoked = [announce(each) for each in portal.events_after(before, 10)]
    assert (issued.commune, issued.public_key, issued.by_account) == (NEW, made.public_key, OPERATOR.account)
    assert (revoked.public_key, revoked.number, revoked.reason) == (made.public_key, issued.number, "máy bị mất")
    assert made.seed.decode() not in issued.model_dump_json() + revoked.model_dump_json()
