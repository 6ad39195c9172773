"""Signing in by a provider of identities: round trips with one, and everything that a hostile or broken one answers."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from services.portal.sign_in.provider import BACK, Provider, ProviderSettings
from shared.settings import SettingsError
from shared.web.address import Address
from tests.portal.door import BY, ORIGIN, is_in

CLIENT = "minhbach"
KEYS = KeySet([RSAKey.generate_key(2048, {"kid": name, "alg": "RS256"}) for name in ("one", "two")])
STRANGER = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256"})


class Hostile(ThreadingHTTPServer):
    """A provider that answers whatever a test wants. `requests` are the forms that its token endpoint got."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.issuer = f"http://localhost:{self.server_port}"
        self.reset()

    def reset(self):
        self.metadata = {
            "issuer": self.issuer,
            **{name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")},
        }
        self.published = KEYS
        self.claims, self.header, self.key = {}, {"alg": "RS256", "kid": "one"}, KEYS.keys[0]
        self.requests = []

    def token(self):
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": int(time.time()), "exp": int(time.time()) + 300}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        if self.key is None:
            return ".".join([*(b64(part) for part in (self.header, claims)), ""])
        return jwt.encode(self.header, claims, self.key, algorithms=["RS256", "HS256"])


def b64(part):
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        found = {
            "/.well-known/openid-configuration": self.server.metadata,
            "/jwks_uri": self.server.published.as_dict(),
        }
        self.answer(found[self.path])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append({name: value for name, [value] in parse_qs(body).items()})
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": self.server.token()})

    def answer(self, found):
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with Hostile() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def hostile(server, door):
    server.reset()
    door.provider = Provider(ProviderSettings(server.issuer, CLIENT, None, "VNeID"), Address(ORIGIN))
    yield server
    door.provider = None


@pytest.fixture
def linked(door, person, hostile):
    door.portal.link_identity(person.account, hostile.issuer, person.account, BY)
    hostile.claims = {"sub": person.account}
    return person


def left(browser, path="/dang-nhap/nha-cung-cap"):
    """The question with which the browser was sent to the provider."""
    answer = browser.get(path)
    assert answer.status_code == 303, answer.text
    return {name: value for name, [value] in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def back(browser, hostile, asked, **claims):
    hostile.claims |= {"nonce": asked["nonce"], **claims}
    return browser.get(BACK, params={"state": asked["state"], "code": "c"})


def test_the_question_has_state_nonce_and_a_challenge_and_the_answer_its_verifier(door, linked, hostile):
    browser = door.browser()
    asked = left(browser, "/dang-nhap/nha-cung-cap?tiep=/tai-khoan")
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == (ORIGIN + BACK, "S256")
    assert min(map(len, (asked["state"], asked["nonce"], asked["code_challenge"]))) >= 43
    answer = back(browser, hostile, asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tai-khoan")
    assert is_in(browser)
    [request] = hostile.requests
    assert (request["code"], request["redirect_uri"], len(request["code_verifier"])) == ("c", ORIGIN + BACK, 43)


def test_a_link_of_another_site_begins_no_sign_in_and_links_no_identity(door, linked, hostile):
    browser, invited = door.browser(), door.account()
    link = f"/moi/{door.sign_in.invite(invited.account, BY)}"
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site}
        answer = browser.get("/dang-nhap/nha-cung-cap", params={"tiep": "/nhiem-vu"}, headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap?tiep=%2Fnhiem-vu")
        answer = browser.get(f"{link}/nha-cung-cap", headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, link)
    for path in ("/dang-nhap/nha-cung-cap", f"{link}/nha-cung-cap"):
        answer = browser.get(path, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.headers["location"].startswith(hostile.issuer)


def test_a_callback_is_not_replayed(door, linked, hostile):
    browser, thief = door.browser(), door.browser()
    asked = left(browser)
    assert back(thief, hostile, asked).status_code == 422, "another browser did not begin it"
    assert back(browser, hostile, asked).status_code == 303
    browser.post("/dang-xuat")
    assert back(browser, hostile, asked).status_code == 422
    assert not is_in(browser)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another-client"}, {"aud": [CLIENT, "another-client"]},
        {"aud": None},
        {"azp": "another-client"}, {"iss": "https://evil.example"}, {"iss": None}, {"sub": None}, {"sub": ""},
        {"sub": "unknown"},
        {"exp": 1}, {"exp": None}, {"iat": 4_102_444_800}, {"nbf": 4_102_444_800},
    ],
    ids=str,
)  # fmt: skip
def test_claims_that_are_not_for_this_sign_in_are_refused(door, linked, hostile, claims):
    browser = door.browser()
    answer = back(browser, hostile, left(browser), **claims)
    assert (answer.status_code, "Không đăng nhập được bằng VNeID" in answer.text) == (422, True)
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "RS256", "kid": "one"}, STRANGER),
        ({"alg": "RS256", "kid": "three"}, STRANGER),
        ({"alg": "HS256", "kid": "one"}, OctKey.import_key("a secret that both sides have known")),
        ({"alg": "none", "kid": "one"}, None),
    ],
    ids=["another key", "an unknown key", "a shared secret", "no signature"],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(door, linked, hostile, header, key):
    hostile.header, hostile.key = header, key
    browser = door.browser()
    assert back(browser, hostile, left(browser)).status_code == 422
    assert not is_in(browser)


def test_a_provider_may_change_its_keys(door, linked, hostile):
    hostile.published = KeySet(KEYS.keys[:1])
    browser = door.browser()
    assert back(browser, hostile, left(browser)).status_code == 303
    hostile.published, hostile.key, hostile.header = KEYS, KEYS.keys[1], {"alg": "RS256", "kid": "two"}
    assert (
        back(browser, hostile, left(browser, "/dang-nhap/nha-cung-cap?lai=1"), auth_time=int(time.time())).status_code
        == 303
    )


@pytest.mark.parametrize(
    "answer",
    [{"state": "another"}, {"state": ""}, {"error": "access_denied"}, {"code": ""}, {"iss": "https://evil.example"}],
)
def test_an_answer_to_another_question_is_refused(door, linked, hostile, answer):
    browser = door.browser()
    asked = left(browser)
    hostile.claims["nonce"] = asked["nonce"]
    parameters = {"state": asked["state"], "code": "c", "iss": hostile.issuer, **answer}
    assert browser.get(BACK, params=parameters).status_code == 422
    assert (hostile.requests, is_in(browser)) == ([], False)


def test_a_provider_that_names_itself_in_its_answers_does_so_in_each(door, linked, hostile):
    """RFC 9207, against an answer of one provider that is taken for another's."""
    hostile.metadata["authorization_response_iss_parameter_supported"] = True
    browser = door.browser()
    assert back(browser, hostile, left(browser)).status_code == 422
    assert hostile.requests == []
    asked = left(browser)
    hostile.claims["nonce"] = asked["nonce"]
    answer = browser.get(BACK, params={"state": asked["state"], "code": "c", "iss": hostile.issuer})
    assert answer.status_code == 303


def test_a_code_of_one_provider_is_shown_to_no_other(door, linked, hostile):
    """The setting changes while somebody is away at the provider before."""
    browser = door.browser()
    asked = left(browser)
    with Hostile() as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        door.provider = Provider(ProviderSettings(other.issuer, CLIENT, None, "VNeID"), Address(ORIGIN))
        other.claims = {"sub": linked.account, "nonce": asked["nonce"]}
        assert browser.get(BACK, params={"state": asked["state"], "code": "c"}).status_code == 422
        assert (other.requests, is_in(browser)) == ([], False)
        other.shutdown()


def test_a_discovery_document_of_another_issuer_is_refused(door, hostile):
    hostile.metadata["issuer"] = "https://evil.example"
    answer = door.browser().get("/dang-nhap/nha-cung-cap")
    assert (answer.status_code, "Hiện không đăng nhập được bằng VNeID" in answer.text) == (503, True)


def test_a_discovery_document_without_tls_is_refused(door, hostile):
    hostile.metadata["token_endpoint"] = "http://evil.example/token"
    assert door.browser().get("/dang-nhap/nha-cung-cap").status_code == 503


def test_an_identity_that_ended_or_a_closed_account_opens_nothing(door, linked, hostile):
    door.portal.close_account(linked.account, "nghỉ hưu", BY)
    browser = door.browser()
    assert back(browser, hostile, left(browser)).status_code == 422


def test_an_identity_is_linked_by_an_invitation_and_by_nothing_else(door, person, hostile):
    hostile.claims = {"sub": f"new-{person.account}", "email": "lan@example.vn"}
    browser = door.browser()
    assert back(browser, hostile, left(browser)).status_code == 422
    link = f"/moi/{door.sign_in.invite(person.account, BY)}/nha-cung-cap"
    assert back(browser, hostile, left(browser, link)).headers["location"] == "/"
    assert "Nguyễn Thị Lan" in browser.get("/tai-khoan").text
    assert browser.get(link).status_code == 404
    again = door.browser()
    assert back(again, hostile, left(again)).status_code == 303
    other = door.account()
    third = door.browser()
    answer = back(third, hostile, left(third, f"/moi/{door.sign_in.invite(other.account, BY)}/nha-cung-cap"))
    assert (answer.status_code, "đã thuộc một tài khoản khác" in answer.text) == (422, True)


def test_signing_in_again_is_asked_of_the_provider_too(door, linked, hostile):
    browser = door.browser()
    asked = left(browser, "/dang-nhap/nha-cung-cap?lai=1")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert back(browser, hostile, asked, auth_time=int(time.time()) - 3600).status_code == 422
    assert back(browser, hostile, left(browser, "/dang-nhap/nha-cung-cap?lai=1")).status_code == 422


def test_the_strength_that_is_asked_for_is_confirmed(door, linked, hostile):
    settings = ProviderSettings(hostile.issuer, CLIENT, None, "VNeID", ("two-factors",))
    door.provider = Provider(settings, Address(ORIGIN))
    browser = door.browser()
    asked = left(browser)
    assert asked["acr_values"] == "two-factors"
    assert back(browser, hostile, asked, acr="one-factor").status_code == 422
    assert back(browser, hostile, left(browser), acr="two-factors").status_code == 303


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of that program, which uses Authlib's old ways
def test_a_round_trip_with_another_providers_program(door, person):
    """oidc-provider-mock: authorization, token and keys as Authlib's server side makes them."""
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread(require_nonce=True) as provider:
        issuer = f"http://localhost:{provider.server_port}"
        door.provider = Provider(ProviderSettings(issuer, CLIENT, "secret", "VNeID"), Address(ORIGIN))
        door.portal.link_identity(person.account, issuer, f"sub-{person.account}", BY)
        browser = door.browser()
        question = browser.get("/dang-nhap/nha-cung-cap").headers["location"]
        answer = httpx2.post(question, data={"sub": f"sub-{person.account}"})
        returned = answer.headers["location"].removeprefix(ORIGIN)
        assert browser.get(returned).headers["location"] == "/"
        assert is_in(browser)
        assert browser.get(returned).status_code == 422
        door.provider = None


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"MINHBACH_OIDC_ISSUER": "http://id.example"}, "must be an https:// address"),
        ({"MINHBACH_OIDC_ISSUER": "id.example"}, "must be an https:// address"),
        ({"MINHBACH_OIDC_ISSUER": "https://[x"}, "must be an https:// address"),
        ({"MINHBACH_OIDC_ISSUER": "https://id.example"}, "MINHBACH_OIDC_CLIENT_ID is not"),
        (
            {
                "MINHBACH_OIDC_ISSUER": "https://a.b",
                "MINHBACH_OIDC_CLIENT_ID": "c",
                "MINHBACH_OIDC_SECRET_FILE": "no-file",
            },
            "cannot be read",
        ),
    ],
)
def test_wrong_settings_of_a_provider_are_refused(env, sentence):
    with pytest.raises(SettingsError, match=sentence):
        ProviderSettings.of(env)
    assert ProviderSettings.of({}) is None
