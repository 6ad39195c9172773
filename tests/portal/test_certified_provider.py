"""Signing in by a certified OpenID provider (npm oidc-provider), where Node 20 and npm are."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest

from deploy.embedded.servers import free_port
from services.portal.sign_in.provider import BACK, Provider, ProviderSettings
from shared.web.address import Address
from tests.portal.door import BY, ORIGIN, is_in

FILES = Path(__file__).parent / "certified_provider"
HERE_MISSING = "no Node 20 with npm here"


def has_node():
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"\d+", version)[0]) >= 20


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    if not has_node():
        pytest.skip(HERE_MISSING)
    folder = tmp_path_factory.mktemp("certified")
    for path in FILES.iterdir():
        shutil.copy(path, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(install, cwd=folder, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("npm cannot be reached")
    port = free_port()
    command = ["node", "server.mjs", str(port), ORIGIN + BACK]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert any("listening" in line for line in server.stdout)
            yield f"http://localhost:{port}"
        finally:
            server.kill()


@pytest.mark.slow  # npm fetches 40 packages
def test_a_round_trip_with_a_certified_provider_and_no_replay(door, person, issuer):
    door.provider = Provider(ProviderSettings(issuer, "minhbach", "secret-of-a-test", "VNeID"), Address(ORIGIN))
    door.portal.link_identity(person.account, issuer, person.account, BY)
    browser = door.browser()
    question = browser.get("/dang-nhap/nha-cung-cap?tiep=/tai-khoan").headers["location"]
    returned = signed_in_there(question, person.account)
    thief = door.browser()
    assert thief.get(returned).status_code == 422
    assert browser.get(returned).headers["location"] == "/tai-khoan"
    assert is_in(browser)
    assert browser.get(returned).status_code == 422
    again = door.browser()
    asked = again.get("/dang-nhap/nha-cung-cap").headers["location"]
    other = signed_in_there(asked, "nobody-that-is-linked")
    assert again.get(other).status_code == 422
    door.provider = None


def signed_in_there(question, subject):
    """The pages of the provider: a login that it takes for anybody, and consent; then the way back."""
    with httpx2.Client() as client:
        answer, url = client.get(question), question
        while True:
            if "location" in answer.headers:
                url = urljoin(url, answer.headers["location"])
                if url.startswith(ORIGIN):
                    return url.removeprefix(ORIGIN)
                answer = client.get(url)
            else:
                prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)[1]
                url = urljoin(url, re.search(r'action="([^"]+)"', answer.text)[1])
                answer = client.post(url, data={"prompt": prompt, "login": subject, "password": "x"})
