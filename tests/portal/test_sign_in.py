"""Signing in through the pages on a real PostgreSQL: sessions, invitations, passwords with codes, delays."""

import json
import re
from datetime import UTC, datetime, timedelta

import psycopg
import pyotp
import pytest
from psycopg.errors import InsufficientPrivilege
from typer.testing import CliRunner

from services.portal.cli import account_app
from services.portal.domain.session import FRESH, IDLE, LASTS
from services.portal.domain.throttle import FREE_OF_ACCOUNT, FREE_OF_ADDRESS, LONGEST
from services.portal.read_models.sessions import Client
from services.portal.sign_in.application import INVITED_FOR, NotSignedIn
from services.portal.sign_in.passwords import Passwords
from services.portal.sign_in.tokens import digest_of
from shared.grants import Scope
from tests.portal.door import BY, KEY, ORIGIN, PASSWORD, Person, is_in


def rows(stack, query, *parameters):
    with psycopg.connect(**stack.settings("portal").database("portal")) as connection:
        return connection.execute(query, parameters).fetchall()


def test_nobody_sees_a_page_without_signing_in(door):
    browser = door.browser()
    assert browser.get("/").headers["location"] == "/dang-nhap"
    assert browser.get("/tai-khoan?a=1").headers["location"] == "/dang-nhap?tiep=%2Ftai-khoan%3Fa%3D1"
    assert browser.get("/no-such-page").status_code == 303
    assert browser.post("/tai-khoan/phien").status_code == 401
    assert browser.get("/viec.json").status_code == 401


def test_a_browser_sends_for_the_account_that_it_means_or_for_nobody(door, person):
    """The outbox of a browser: somebody else may have signed in there since."""
    browser = person.set_up()
    assert browser.get("/tai-khoan", headers={"X-Minhbach-Account": person.account}).status_code == 200
    assert browser.post("/tai-khoan/phien", headers={"X-Minhbach-Account": "other"}).status_code == 401
    assert is_in(browser)


def test_the_service_worker_is_looked_up_each_time_by_anybody(door):
    answer = door.browser().get("/offline.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"].startswith("text/javascript")


def test_an_invitation_sets_up_a_password_and_is_used_once(door, person):
    link = f"/moi/{door.sign_in.invite(person.account, BY)}"
    browser, other = door.browser(), door.browser()
    page = browser.get(link)
    assert page.text.count("Nguyễn Thị Lan") == 1
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
    form = {"mat-khau": PASSWORD, "nhap-lai": PASSWORD, "ma": pyotp.TOTP(secret).at(door.now)}
    assert other.post(f"{link}/mat-khau", data=form).status_code == 400, "another browser did not begin it"
    assert browser.post(f"{link}/mat-khau", data=form).status_code == 303
    assert is_in(browser)
    assert browser.get(link).status_code == 404
    assert browser.post(f"{link}/mat-khau", data=form).status_code == 404


def test_of_two_who_use_an_invitation_at_once_one_changes_nothing(door, person):
    """The second one has passed every check before the first one uses it."""
    token = door.sign_in.invite(person.account, BY)
    client, kept = Client(door.home, ""), []
    door.sign_in.accept(digest_of(token), "password", client, lambda: kept.append("first"))
    with pytest.raises(NotSignedIn):
        door.sign_in.accept(digest_of(token), "password", client, lambda: kept.append("second"))
    assert kept == ["first"]


def test_an_invitation_expires_and_others_are_unknown(door, person):
    token = door.sign_in.invite(person.account, BY)
    door.later(INVITED_FOR)
    for link in (f"/moi/{token}", "/moi/none", "/moi/" + "x" * 500):
        answer = door.browser().get(link)
        assert (answer.status_code, "hỏi người vận hành" in answer.text) == (404, True)


def test_an_invitation_of_a_closed_account_opens_nothing(door, person):
    token = door.sign_in.invite(person.account, BY)
    door.portal.close_account(person.account, "nghỉ hưu", BY)
    assert door.browser().get(f"/moi/{token}").status_code == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"mat-khau": "ngắn", "nhap-lai": "ngắn"}, "ít nhất 12 ký tự"),
        ({"mat-khau": "password12345", "nhap-lai": "password12345"}, "dễ đoán"),
        ({"mat-khau": "nguyenthilan1", "nhap-lai": "nguyenthilan1"}, "dễ đoán"),
        ({"mat-khau": "a" * 129, "nhap-lai": "a" * 129}, "nhiều nhất 128"),
        ({"mat-khau": PASSWORD, "nhap-lai": PASSWORD + " "}, "không giống nhau"),
        ({"mat-khau": PASSWORD, "nhap-lai": PASSWORD, "ma": "000000"}, "Mã không đúng"),
        ({"mat-khau": PASSWORD, "nhap-lai": PASSWORD, "ma": "abc"}, "Mã không đúng"),
    ],
)
def test_a_weak_password_or_a_wrong_code_sets_up_nothing(door, person, form, sentence):
    browser = door.browser()
    link = f"/moi/{door.sign_in.invite(person.account, BY)}"
    browser.get(link)
    answer = browser.post(f"{link}/mat-khau", data={"ma": "123456", **form})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert browser.get(link).status_code == 200, "the invitation is still there"
    assert not is_in(browser)


def test_password_and_code_sign_in_and_a_code_is_used_once(door, person):
    person.set_up()
    browser, code = door.browser(), person.code()
    answer = person.sign_in(browser, code=code, tiep="/tai-khoan")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tai-khoan")
    assert is_in(browser)
    assert person.sign_in(door.browser(), code=code).status_code == 422
    assert person.sign_in(door.browser(), code=" ".join(person.code())).status_code == 303, "spaces are no part of it"


def test_wrong_sign_ins_look_alike(door, person):
    person.set_up()
    stranger = Person(door, "nobody-here", person.totp)
    closed = door.account()
    closed.set_up()
    door.portal.close_account(closed.account, "nghỉ hưu", BY)
    attempts = (
        person.sign_in(door.browser("198.51.100.1"), password="wrong password 1"),
        person.sign_in(door.browser("198.51.100.1"), code="000000"),
        stranger.sign_in(door.browser("198.51.100.1")),
        closed.sign_in(door.browser("198.51.100.1")),
    )
    pages_of_attempts = {re.sub(r'value="[^"]*"', "", answer.text) for answer in attempts}
    assert [answer.status_code for answer in attempts] == [422] * 4
    assert len(pages_of_attempts) == 1


def test_the_session_cookie_is_of_this_host_and_no_script_reads_it(door, person):
    browser = person.set_up()
    cookies = person.sign_in(browser).headers.get_list("set-cookie")
    [session] = [cookie for cookie in cookies if cookie.startswith("__Host-minhbach=")]
    value, *attributes = session.split("; ")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=lax"} == set(attributes)
    assert len(value.partition("=")[2]) >= 43, "256 random bits"


def test_without_tls_a_browser_that_keeps_no_host_cookie_has_a_plain_one(door, person):
    """httpx keeps Secure cookies without TLS from nobody, as Safari does."""
    browser = person.set_up(door.browser(origin="http://localhost:8051"))
    assert is_in(browser)
    assert "minhbach" in browser.cookies
    https = door.browser()
    https.cookies.set("minhbach", browser.cookies["minhbach"])
    assert not is_in(https), "with TLS only a __Host- cookie counts"


def test_only_digests_of_tokens_are_stored(door, person, stack):
    browser = person.set_up()
    token = browser.cookies["__Host-minhbach"]
    invitation = door.sign_in.invite(person.account, BY)
    for table in ("sessions", "invitations", "attempts", "passwords", "sign_ins"):
        text = str(rows(stack, f"SELECT {table}::text FROM {table}"))
        assert not any(secret in text for secret in (token, invitation, PASSWORD, person.totp.secret)), table
    [(stored,)] = rows(stack, "SELECT hash FROM passwords WHERE account = %s", person.account)
    assert stored.startswith("$argon2id$")
    Passwords(door.sign_in.credentials, KEY).change(person.account, PASSWORD, door.now)
    [(stored,)] = rows(stack, "SELECT hash FROM passwords WHERE account = %s", person.account)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "RFC 9106's second recommendation"
    events = str(rows(stack, "SELECT convert_from(state, 'utf8') FROM portal_events"))
    assert not any(secret in events for secret in (token, invitation, PASSWORD, person.totp.secret))


def test_a_session_ends_when_it_is_idle(door, person):
    browser = person.set_up()
    for _ in range(3):
        door.later(IDLE - timedelta(minutes=2))
        assert is_in(browser)
    door.later(IDLE)
    assert not is_in(browser)


def test_a_session_ends_after_twelve_hours_however_busy(door, person):
    browser = person.set_up()
    began = door.now
    while door.now + timedelta(minutes=20) < began + LASTS:
        door.later(timedelta(minutes=20))
        assert is_in(browser)
    door.later(timedelta(minutes=20))
    assert not is_in(browser)


def test_a_stolen_cookie_is_worth_nothing_after_sign_out(door, person):
    browser, thief = person.set_up(), door.browser()
    thief.cookies.set("__Host-minhbach", browser.cookies["__Host-minhbach"])
    assert is_in(thief)
    answer = browser.post("/dang-xuat")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap?ra=1")
    assert "__Host-minhbach" not in browser.cookies
    assert not is_in(thief)


def test_signing_in_gives_a_new_token_and_ends_the_old_session(door, person):
    """Nobody plants a token that the victim then signs in with."""
    browser = person.set_up()
    before = browser.cookies["__Host-minhbach"]
    person.sign_in(browser)
    assert browser.cookies["__Host-minhbach"] != before
    thief, planted = door.browser(), door.browser()
    thief.cookies.set("__Host-minhbach", before)
    assert not is_in(thief)
    planted.cookies.set("__Host-minhbach", "chosen-by-somebody")
    person.sign_in(planted)
    assert "chosen-by-somebody" not in [cookie.value for cookie in planted.cookies.jar if cookie.domain]


def test_a_grant_that_is_withdrawn_counts_no_more_in_the_next_request(door, person):
    browser = person.set_up()
    grant = door.portal.give(person.account, "operator", Scope(province="51"), BY)
    assert "Vận hành" in browser.get("/tai-khoan").text
    door.portal.withdraw(grant, "chuyển công tác", BY)
    assert "Vận hành" not in browser.get("/tai-khoan").text


def test_a_closed_account_is_out_with_the_next_request(door, person):
    browser = person.set_up()
    door.portal.close_account(person.account, "nghỉ hưu", BY)
    assert not is_in(browser)
    assert person.sign_in(door.browser()).status_code == 422


def test_the_owner_ends_other_sessions_and_signs_in_again_for_it(door, person):
    here, there, third = person.set_up(), door.browser("198.51.100.9"), door.browser("198.51.100.9")
    for browser in (there, third):
        assert person.sign_in(browser).status_code == 303
    door.later(FRESH)
    asked = here.post("/tai-khoan/phien")
    assert asked.headers["location"] == "/dang-nhap?lai=1&tiep=%2Ftai-khoan"
    assert "Đăng nhập lại để xác nhận" in here.get(asked.headers["location"]).text
    person.sign_in(here, tiep="/tai-khoan")
    page = here.get("/tai-khoan").text
    assert page.count("198.51.100.9</td>") == 2
    one = re.findall(r'name="phien" value="(\w+)"', page)[0]
    assert here.post("/tai-khoan/phien", data={"phien": one}).headers["location"] == "/tai-khoan?xong=phien"
    assert sorted([is_in(there), is_in(third)]) == [False, True]
    here.post("/tai-khoan/phien")
    assert [is_in(each) for each in (here, there, third)] == [True, False, False]


def test_nobody_ends_a_session_of_another(door, person):
    browser, other = person.set_up(), door.account()
    theirs = other.set_up()
    [session] = door.sign_in.sessions.of(other.account, door.now)
    browser.post("/tai-khoan/phien", data={"phien": session.session})
    assert is_in(theirs)


def test_a_password_is_changed_with_the_current_one_and_a_code(door, person):
    browser, other = person.set_up(), door.browser()
    person.sign_in(other)
    wanted = "bảy con ngựa ô trên núi 9"

    def change(**form):
        form = {"mat-khau": PASSWORD, "mat-khau-moi": wanted, "nhap-lai": wanted, "ma": person.code(), **form}
        return browser.post("/tai-khoan/mat-khau", data=form)

    for wrong in (
        {"mat-khau": "wrong"},
        {"ma": "000000"},
        {"mat-khau-moi": "ngắn", "nhap-lai": "ngắn"},
        {"nhap-lai": ""},
    ):
        assert change(**wrong).status_code == 422
    assert change().headers["location"] == "/tai-khoan?xong=mat-khau"
    assert (is_in(browser), is_in(other)) == (True, False)
    assert person.sign_in(door.browser()).status_code == 422
    assert person.sign_in(door.browser(), password=wanted).status_code == 303


def test_failures_delay_the_next_attempt_ever_longer_and_lock_nobody_out(door, person):
    person.set_up()
    stranger = door.browser("192.0.2.1")
    for _ in range(FREE_OF_ACCOUNT):
        assert person.sign_in(stranger, password="wrong password 1").status_code == 422
    door.now -= timedelta(seconds=29)  # a code is of half a minute: the attempt is a second later
    door.sign_in._failures.claim(f"account {person.account}", door.now, lambda _: LONGEST, timedelta(hours=1))
    delayed = person.sign_in(door.browser("192.0.2.2"), code="000000")
    assert (delayed.status_code, "Hãy đợi" in delayed.text) == (429, True)
    assert person.sign_in(door.browser()).status_code == 303, "where the account signed in before it is not delayed"
    door.later(LONGEST)
    assert person.sign_in(door.browser("192.0.2.3")).status_code == 303


def test_nobody_delays_an_account_at_its_address_by_typing_both_as_an_account(door, person):
    """A stranger types the account together with the address, as the delays might be named."""
    person.set_up()
    for typed in (f"{person.account} at {door.home}", f"at {door.home} account {person.account}"):
        for number in range(FREE_OF_ACCOUNT + 1):
            form = {"tai-khoan": typed, "mat-khau": "wrong password 1", "ma": "000000"}
            answer = door.browser(f"198.51.100.{number}").post("/dang-nhap", data=form)
        assert answer.status_code == 429
    assert person.sign_in(door.browser()).status_code == 303


def test_a_zero_byte_in_a_form_signs_nobody_in_and_is_no_fault(door, person):
    person.set_up()
    zero = {"tai-khoan": "a\0b", "mat-khau": f"{PASSWORD}\0", "ma": "12\x003456"}
    for field, value in zero.items():
        form = {"tai-khoan": person.account, "mat-khau": PASSWORD, "ma": person.code(), field: value}
        answer = door.browser().post("/dang-nhap", data=form)
        assert (answer.status_code, "Không đăng nhập được" in answer.text) == (200, True), field


def test_an_address_that_fails_with_many_accounts_is_delayed(door, person):
    person.set_up()
    for number in range(FREE_OF_ADDRESS):
        with pytest.raises(NotSignedIn):
            door.sign_in.by_password(f"guess-{number}", "x", "000000", Client("192.0.2.77", ""))
    assert person.sign_in(door.browser("192.0.2.77"), code="000000").status_code == 429
    assert person.sign_in(door.browser("192.0.2.78")).status_code == 303


def test_an_address_with_questions_to_passkeys_without_answers_is_delayed(door):
    def ask(at):
        return door.browser(at).post("/dang-nhap/khoa/cau-hoi").status_code

    assert {ask("192.0.2.87") for _ in range(FREE_OF_ADDRESS)} == {200}
    assert (ask("192.0.2.87"), ask("192.0.2.88")) == (429, 200)
    door.later(LONGEST)
    assert ask("192.0.2.87") == 200


def test_every_sign_in_and_refusal_is_in_the_journal_which_nobody_changes(door, person, stack, caplog):
    """And in the log, which goes to another machine."""
    caplog.set_level("INFO", "services.portal.read_models.sessions")
    browser = person.set_up()
    person.sign_in(door.browser(), password="wrong password 1")
    browser.post("/dang-xuat")
    journal = rows(stack, "SELECT act, method, address FROM sign_ins WHERE account = %s ORDER BY at", person.account)
    assert [act for act, _, _ in journal] == ["invited", "set-up", "signed-in", "refused", "session-ended"]
    assert journal[2] == ("signed-in", "password", door.home)
    own = [record.message for record in caplog.records if f"account '{person.account}'" in record.message]
    assert [line.partition(" of ")[0] for line in own] == [f"sign-ins: {act}" for act, _, _ in journal]
    assert own[2] == f"sign-ins: signed-in of account '{person.account}' by 'password' from '{door.home}'"
    Person(door, "my secret password", person.totp).sign_in(door.browser())
    assert rows(stack, "SELECT FROM sign_ins WHERE account LIKE 'my secret%%'") == []
    with psycopg.connect(**stack.settings("portal").database("portal")) as connection:
        for change in ("DELETE FROM sign_ins", "UPDATE sign_ins SET account = 'x'"):
            with pytest.raises(InsufficientPrivilege), connection.transaction():
                connection.execute(change)


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"]
)
def test_signing_in_leads_to_no_other_site(door, person, wanted):
    browser = person.set_up()
    assert person.sign_in(browser, tiep=wanted).headers["location"] == "/"


def test_another_site_signs_nobody_in_or_out(door, person):
    browser = person.set_up()
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/dang-xuat", headers=foreign).status_code == 403
    assert browser.post("/dang-nhap", data={"tai-khoan": "x"}, headers=foreign).status_code == 403
    assert is_in(browser)


def test_a_get_changes_nothing(door, person):
    browser = person.set_up()
    assert browser.get("/dang-xuat").status_code == 405
    assert browser.get("/tai-khoan/phien").status_code == 405
    assert is_in(browser)


def test_an_operator_sees_and_ends_the_sessions_of_the_province_and_of_no_other(door, person):
    theirs, clerk, elsewhere = person.set_up(), door.account(), door.account()
    door.portal.give(person.account, "auditor", Scope(province="51"), BY)
    door.portal.give(elsewhere.account, "auditor", Scope(province="48"), BY)
    operator = door.account()
    browser = operator.set_up()
    path = f"/van-hanh/phien?tai-khoan={person.account}"
    assert browser.get(path).status_code == 403
    door.portal.give(operator.account, "operator", Scope(province="51"), BY)
    assert browser.get(path).text.count('name="phien"') == 1
    for other in (elsewhere.account, "no-such-account"):
        answer = browser.get(f"/van-hanh/phien?tai-khoan={other}")
        assert (answer.status_code, "không có tài khoản" in answer.text) == (422, True)
        assert browser.post("/van-hanh/phien", data={"tai-khoan": other}).status_code == 404
    assert browser.post("/van-hanh/phien", data={"tai-khoan": person.account}).status_code == 303
    assert (is_in(theirs), is_in(browser)) == (False, True)
    assert clerk.set_up().post("/van-hanh/phien", data={"tai-khoan": person.account}).status_code == 403


def test_an_account_without_a_grant_is_of_the_operator_who_opened_it_and_of_no_other_province(door, person):
    """Else another one makes a way to sign in, and waits for the grant."""
    browsers = {}
    for province in ("51", "48"):
        operator = person if province == "51" else door.account()
        door.portal.give(operator.account, "operator", Scope(province=province), BY)
        browsers[province] = operator.set_up()
    new = f"moi-{person.account}"
    opened = {"tai-khoan": new, "ho-ten": "Hoàng Thị Lan"}
    assert browsers["51"].post("/van-hanh/tai-khoan", data=opened).status_code == 303
    page, invite = f"/van-hanh/tai-khoan/{new}", {"step": "invite"}

    def invited():
        listed = {province: new in browser.get("/van-hanh/tai-khoan").text for province, browser in browsers.items()}
        codes = {province: browser.post(page, data=invite).status_code for province, browser in browsers.items()}
        return listed, codes

    theirs = ({"51": True, "48": False}, {"51": 200, "48": 404})
    assert invited() == theirs
    grant = door.portal.give(new, "auditor", Scope(province="51"), BY)
    assert invited() == theirs
    door.portal.withdraw(grant, "thay người", BY)
    assert invited() == theirs


def test_every_page_says_its_kind_and_letters_and_takes_no_other_method(door, person):
    browser = person.set_up()
    for path in ("/", "/tai-khoan", "/tai-khoan/mat-khau", "/no-such-page"):
        assert browser.get(path).headers["content-type"] == "text/html; charset=utf-8"
        assert browser.request("TRACE", path).status_code in (404, 405)
        assert "access-control-allow-origin" not in browser.get(path, headers={"Origin": "https://a.example"}).headers


def test_the_commands_invite_a_person_list_the_sessions_and_end_them(door, person, stack, monkeypatch):
    monkeypatch.setenv("NATS_URL", stack.settings().nats_url)
    monkeypatch.setenv("DATABASE_URL", stack.settings().database_url)
    monkeypatch.setenv("MINHBACH_PUBLIC_URL", ORIGIN)
    door.now = datetime.now(UTC)  # as for the commands

    def run(*arguments):
        return CliRunner().invoke(account_app, [*arguments], env={"COLUMNS": "200"})

    link, sentence = run("invite", person.account, "--by", "Trần Thị Bình").output.splitlines()
    assert link.startswith(f"{ORIGIN}/moi/")
    assert sentence.startswith("Chỉ dùng được một lần, đến ")
    browser = person.set_up(link=link.removeprefix(ORIGIN))
    [session] = json.loads(run("sessions", person.account, "--json").output)
    assert (session["account"], session["method"], session["address"]) == (person.account, "password", door.home)
    assert session["session"] in run("sessions", person.account).output
    wrong = run("end-session", person.account, "no-such", "--by", "Trần Thị Bình")
    assert (wrong.exit_code, "không có phiên no-such" in wrong.output) == (1, True)
    ended = run("end-session", person.account, "all", "--by", "Trần Thị Bình")
    assert (ended.exit_code, ended.output) == (0, f"Đã kết thúc 1 phiên của tài khoản {person.account}.\n")
    assert not is_in(browser)
    unknown = run("invite", "no-such-account", "--by", "Trần Thị Bình")
    assert (unknown.exit_code, "Không có tài khoản no-such-account" in unknown.output) == (1, True)
