"""The frame of all pages: headers, origins, limits, static files and faults, on a site of two pages."""

import asyncio
import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from services.portal.web.operator_paths import Door
from shared.messaging.questions.question_client import NotAnswered
from shared.settings import Settings, SettingsError
from shared.web.address import Address
from shared.web.guards import LARGEST_BODY
from shared.web.site import Part, Services, Site, render

ROOT = Path(__file__).parents[2]
ORIGIN = "https://minhbach.example.vn"


async def form(request: Request) -> Response:
    sent = await request.form()
    return PlainTextResponse(f"received {sent.get('name', '')[:20]}")


async def page(request: Request) -> Response:
    return render(
        request, "shared/problem.html", title="<Trang>", sentence="Một câu.", advice="", again="", typed=False
    )


async def fault(request: Request) -> Response:
    raise RuntimeError("secret detail")


async def away(request: Request) -> Response:
    raise NotAnswered(request.path_params["problem"], "Dịch vụ không chạy.")


async def file(request: Request) -> Response:
    return Response(b"x" * 5000, media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


async def sandboxed(request: Request) -> Response:
    return PlainTextResponse("edition", headers={"Content-Security-Policy": "sandbox"})


async def nothing(*_) -> Response:
    raise AssertionError


def site(tmp_path, origin=ORIGIN):
    (tmp_path / "templates").mkdir(exist_ok=True)
    routes = [
        Route("/", page), Route("/form", form, methods=["POST"]), Route("/api/v1/form", form, methods=["POST"]),
        Route("/fault", fault), Route("/away/{problem}", away, methods=["GET", "POST"]), Route("/edition", sandboxed),
        Route("/files", file), Route("/files/one", form, methods=["POST"]),
    ]  # fmt: skip
    part = Part("test", tmp_path, routes, larger={"/files/": 3 * LARGEST_BODY})
    return Site(Address(origin), Services(nothing, nothing, nothing), [part])


@pytest.fixture
def client(tmp_path):
    return TestClient(site(tmp_path).application(), base_url=ORIGIN, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/fault", "/away/silent", "/static/no-such.css"])
def test_every_response_has_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert {"base-uri 'none'", "form-action 'self'"} <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_no_page_has_script_or_style_within(client):
    for path in ("/", "/no-such-page", "/fault"):
        text = client.get(path).text
        assert not any(part in text for part in ("<style", " style=", "<script>", " onclick=", "hx-on", "javascript:"))


def test_every_form_that_is_sent_names_its_address():
    """Else a browser keeps the fragment of the page's address, and shows a part of the page and not the receipt."""
    templates = [*ROOT.glob("shared/web/templates/*.html"), *ROOT.glob("services/*/web/templates/*.html")]
    forms = [form for path in templates for form in re.findall(r'<form [^>]*method="post".*', path.read_text("utf-8"))]
    assert len(forms) > 20
    assert [form for form in forms if "action=" not in form] == []


def test_no_script_makes_markup_of_text_or_listens_to_other_sites():
    scripts = [*ROOT.glob("shared/web/static/*.js"), *ROOT.glob("services/*/web/static/*.js")]
    assert len(scripts) > 5
    dangerous = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\"message\"|window\.open"
    assert [path.name for path in scripts if re.search(dangerous, path.read_text("utf-8"))] == []


def test_http_on_this_machine_is_not_strict(tmp_path):
    client = TestClient(site(tmp_path, "http://localhost:8051").application())
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_a_page_may_have_a_stricter_policy(client):
    assert client.get("/edition").headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": ORIGIN}, 200),
        ({"Origin": "https://minhbach.example.vn.evil.example"}, 403),
        ({"Origin": "http://minhbach.example.vn"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example", "Host": "evil.example"}, 403),
        ({}, 403),
    ],
)
def test_a_change_comes_from_a_page_of_this_origin(client, headers, status):
    assert client.post("/form", data={"name": "a"}, headers=headers).status_code == status


def test_programs_have_no_origin(client):
    assert client.post("/api/v1/form", data={"name": "a"}).status_code == 200


def test_a_body_larger_than_its_page_takes_is_refused(client):
    own = {"Origin": ORIGIN}
    larger = {"name": "a" * LARGEST_BODY}
    refused = client.post("/form", data=larger, headers=own)
    assert (refused.status_code, "lớn hơn 1 MB" in refused.text) == (413, True)
    assert client.post("/files/one", files={"file": b"a" * LARGEST_BODY}, headers=own).status_code == 200


def test_a_body_that_does_not_announce_its_size_is_counted(client):
    own = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
    endless = (b"name=" + b"a" * 65536 for _ in range(40))
    assert client.post("/form", content=endless, headers=own).status_code == 413
    assert client.post("/form", content=iter([b"name=", b"abc"]), headers=own).text == "received abc"


def test_static_files_have_their_hash_and_are_kept(client, tmp_path):
    address = site(tmp_path).static.address("shared/style.css")
    found = client.get(address)
    assert (found.status_code, found.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in found.headers["Cache-Control"]
    assert client.get("/static/shared/style.css").status_code == 404
    assert client.get("/static/../site.py").status_code == 404


@pytest.mark.parametrize("path", ["/edition/", "/away/silent/", "/static/no-such.css/"])
def test_no_answer_leads_to_the_host_that_a_header_names(client, path):
    answer = client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (404, None)
    assert "evil.example" not in answer.text


def test_texts_of_a_page_are_escaped(client):
    assert "&lt;Trang&gt;" in client.get("/").text


def test_a_fault_says_nothing_about_itself(client, tmp_path):
    answer = client.get("/fault")
    assert (answer.status_code, "Hệ thống gặp lỗi" in answer.text, "secret" in answer.text) == (500, True, False)
    with pytest.raises(RuntimeError, match="secret detail"):  # it goes on to uvicorn, which logs it with its trace
        TestClient(site(tmp_path).application(), base_url=ORIGIN).get("/fault")


@pytest.mark.parametrize(
    ("problem", "status"), [("silent", 503), ("nobody", 503), ("busy", 503), ("refused", 403), ("too-large", 413)]
)
def test_a_service_that_does_not_answer_has_a_page(client, problem, status):
    answer = client.get(f"/away/{problem}")
    assert (answer.status_code, "Dịch vụ không chạy." in answer.text) == (status, True)
    sent = client.post(f"/away/{problem}", data={"name": "x"}, headers={"Origin": ORIGIN})
    assert (sent.status_code, "tải lại chính trang này" in sent.text) == (status, status == 503)


def settings(**env):
    return Settings.from_env({"DATABASE_URL": "postgresql://localhost/x", "NATS_URL": "nats://localhost", **env})


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://minhbach.example.vn/", "https://minhbach.example.vn"),
        ("https://minhbach.example.vn:443", "https://minhbach.example.vn"),
        ("https://MinhBach.example.vn:8443", "https://minhbach.example.vn:8443"),
        ("http://localhost:8051", "http://localhost:8051"),
        ("", "http://localhost:8051"),
    ],
)
def test_the_public_address_is_an_origin(url, origin):
    assert Address.of(settings(MINHBACH_PUBLIC_URL=url, MINHBACH_HTTP_PORT="8051")).origin == origin


@pytest.mark.parametrize(
    "url",
    ["http://minhbach.example.vn", "http://127.0.0.1:8051", "minhbach.example.vn", "https://a/path", "https://u@a", "ftp://a",
     "https://a:b", "https://[x"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(SettingsError, match="MINHBACH_PUBLIC_URL is"):
        Address.of(settings(MINHBACH_PUBLIC_URL=url))


def test_trusted_proxies_are_addresses():
    trusted = Address.of(settings(MINHBACH_TRUSTED_PROXIES="10.0.0.5, 10.1.0.0/24,")).trusted_proxies
    assert trusted == ("10.0.0.5/32", "10.1.0.0/24")
    assert Address.of(settings()).trusted_proxies == ()
    for wrong in ("*", "proxy", "10.0.0.5/8"):
        with pytest.raises(SettingsError, match="MINHBACH_TRUSTED_PROXIES has"):
            Address.of(settings(MINHBACH_TRUSTED_PROXIES=wrong))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.1.0.77", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first one is what a client wrote itself
        ("10.9.0.5", "203.0.113.9", "10.9.0.5"),
    ],
)
def test_only_a_trusted_proxy_names_the_client(peer, forwarded, client):
    async def shown(scope, receive, send):
        await PlainTextResponse(scope["client"][0])(scope, receive, send)

    trusted = Address.of(settings(MINHBACH_TRUSTED_PROXIES="10.0.0.5,10.1.0.0/24")).trusted_proxies
    proxied = ProxyHeadersMiddleware(shown, trusted_hosts=list(trusted))  # as uvicorn puts it before the door
    assert TestClient(proxied, client=(peer, 1)).get("/", headers={"X-Forwarded-For": forwarded}).text == client


def test_health_and_metrics_are_not_for_those_who_come_through_a_proxy(client):
    async def operation(scope, receive, send):
        await PlainTextResponse("operation")(scope, receive, send)

    async def pages(scope, receive, send):
        await PlainTextResponse("pages")(scope, receive, send)

    inside = TestClient(Door(operation, pages))
    assert [inside.get(path).text for path in ("/health/ready", "/metrics", "/", "/metrics/")] == [
        "operation", "operation", "pages", "pages",
    ]  # fmt: skip
    for name in ("X-Forwarded-For", "Forwarded"):
        assert inside.get("/metrics", headers={name: "203.0.113.5"}).status_code == 404


def test_the_actor_of_a_question_is_the_visitor(tmp_path):
    from types import SimpleNamespace

    from shared.contracts.planning import ListTasks
    from shared.web.site import ask
    from shared.web.visitor import Visitor

    request = SimpleNamespace(state=SimpleNamespace(visitor=Visitor("lan", "Lan", ())))
    with pytest.raises(AssertionError):
        asyncio.run(ask(request, ListTasks(commune="21025", actor="other")))


def test_pages_and_their_styles_are_sent_packed_and_files_as_they_are(tmp_path):
    client = TestClient(site(tmp_path).application(), base_url=ORIGIN)
    page = client.get("/")
    style = client.get(re.search(r'"(/static/shared/style[^"]+)"', page.text)[1])
    assert [each.headers.get("content-encoding") for each in (page, style)] == ["gzip", "gzip"]
    plain = client.get("/", headers={"Accept-Encoding": "identity"})
    assert (plain.headers.get("content-encoding"), plain.text) == (None, page.text)
    assert "gzip" not in client.get("/files").headers.get("content-encoding", "")
