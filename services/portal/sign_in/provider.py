"""A provider of identities by OpenID Connect: authorization code with PKCE and nonce; found by discovery."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from shared.settings import SettingsError
from shared.web.address import THIS_MACHINE, Address

if TYPE_CHECKING:
    from ssl import SSLContext

    from httpx2 import AsyncClient

BACK = "/dang-nhap/nha-cung-cap/ve"
WELL_KNOWN = "/.well-known/openid-configuration"
# Signed with a key pair: a token that the client's secret signs could be made by whoever has the secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
ANSWERS_WITHIN = 10.0  # seconds
METADATA_KEPT = 3600.0  # seconds
CLOCKS_DIFFER = 60  # seconds
AGAIN_WITHIN = 300  # seconds


class WrongIdentity(Exception):
    """The answer of the provider is not one that this portal may believe; the message is for the log."""


class Identity(NamedTuple):
    """Who signed in, by both together; an address of mail or a number of a citizen is no identity."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class ProviderSettings:
    issuer: str
    client_id: str
    client_secret: str | None
    name: str
    acr: tuple[str, ...] = ()

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "ProviderSettings | None":
        """None without MINHBACH_OIDC_ISSUER. SettingsError for one that is no address, and for a missing setting."""
        issuer, client_id = env.get("MINHBACH_OIDC_ISSUER", ""), env.get("MINHBACH_OIDC_CLIENT_ID", "")
        if not issuer:
            return None
        _check_address(issuer, SettingsError(f'MINHBACH_OIDC_ISSUER is "{issuer}"; it must be an https:// address'))
        if not client_id:
            raise SettingsError("MINHBACH_OIDC_ISSUER is set, and MINHBACH_OIDC_CLIENT_ID is not")
        name = env.get("MINHBACH_OIDC_NAME") or "tài khoản của tỉnh"
        acr = tuple(env.get("MINHBACH_OIDC_ACR", "").split())
        return cls(issuer, client_id, _secret(env.get("MINHBACH_OIDC_SECRET_FILE")), name, acr)


class Provider:
    """What a sign-in has to be compared with stays on this side: state, nonce and the verifier of the code."""

    def __init__(self, settings: ProviderSettings, address: Address) -> None:
        self._settings = settings
        self.name = settings.name
        self._redirect = address.origin + BACK
        self._metadata: dict[str, Any] = {}
        self._keys: Any = None
        self._read_at = float("-inf")

    async def begin(self, again: bool = False) -> tuple[str, dict[str, str]]:
        """Where to send the browser, and what to keep. WrongIdentity where the provider cannot be used."""
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        kept["issuer"] = self._settings.issuer
        if again:
            kept["again"] = "yes"
        async with self._client() as client:
            metadata = await self._discover(client)
        extra = {"prompt": "login", "max_age": "0"} if again else {}
        if self._settings.acr:
            extra["acr_values"] = " ".join(self._settings.acr)
        async with self._oauth() as oauth:
            url, _ = oauth.create_authorization_url(
                metadata["authorization_endpoint"],
                state=kept["state"],
                nonce=kept["nonce"],
                code_verifier=kept["verifier"],
                **extra,
            )
        return str(url), kept

    async def identity(self, answer: Mapping[str, str], kept: Mapping[str, str]) -> Identity:
        """Who answered, by the parameters with which the browser came back. WrongIdentity for everything else."""
        if not secrets.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
            raise WrongIdentity("another state")
        if kept.get("issuer") != self._settings.issuer:  # its code is for no other provider to see
            raise WrongIdentity("begun with another provider")
        await self._check_who_answered(answer.get("iss"))
        if "error" in answer or not answer.get("code"):
            raise WrongIdentity(f"no code: {answer.get('error', '')[:200]!r}")
        token = await self._fetch(answer["code"], kept["verifier"])
        claims = await self._verified(token)
        self._check(claims, kept)
        return Identity(self._settings.issuer, claims["sub"])

    async def _check_who_answered(self, issuer: str | None) -> None:
        """RFC 9207: a provider that says that it names itself in its answers does so in each."""
        async with self._client() as client:
            metadata = await self._discover(client)
        may_be_silent = metadata.get("authorization_response_iss_parameter_supported") is not True
        if issuer != self._settings.issuer and not (issuer is None and may_be_silent):
            raise WrongIdentity(f"answered by {(issuer or 'nobody')[:200]!r}")

    async def _fetch(self, code: str, verifier: str) -> str:
        from authlib.integrations.base_client import OAuthError
        from httpx2 import HTTPError

        async with self._client() as client:
            metadata = await self._discover(client)
        try:
            async with self._oauth(metadata) as oauth:
                answer = await oauth.fetch_token(
                    metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except (OAuthError, HTTPError, ValueError) as refused:
            raise WrongIdentity(f"the token endpoint refused: {type(refused).__name__}") from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise WrongIdentity("the token endpoint gave no id_token")
        return token

    async def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token that a key of the provider signed; its keys are read again where it is not known."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        async with self._client() as client:
            for is_last in (False, True):
                keys = await self._key_set(client, again=is_last)
                try:
                    return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
                except InvalidKeyIdError:
                    if is_last:
                        raise WrongIdentity("signed by a key that the provider does not publish") from None
                except (JoseError, ValueError) as wrong:
                    raise WrongIdentity(f"not signed by the provider: {type(wrong).__name__}") from None
        raise AssertionError

    def _check(self, claims: dict[str, Any], kept: Mapping[str, str]) -> None:
        from joserfc.errors import JoseError
        from joserfc.jwt import JWTClaimsRegistry

        registry = JWTClaimsRegistry(
            leeway=CLOCKS_DIFFER,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            nonce={"essential": True, "value": kept["nonce"]},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as wrong:
            raise WrongIdentity(f"{type(wrong).__name__}: {wrong}") from None
        others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", self._settings.client_id) != self._settings.client_id or len(others) > 1:
            raise WrongIdentity("for other clients too")
        if self._settings.acr and claims.get("acr") not in self._settings.acr:
            raise WrongIdentity("not as strongly as MINHBACH_OIDC_ACR asks for")
        if "again" in kept and not _is_recent(claims.get("auth_time")):
            raise WrongIdentity("asked to sign in again, and did not")

    async def _discover(self, client: "AsyncClient") -> dict[str, Any]:
        if time.monotonic() - self._read_at > METADATA_KEPT:
            metadata = await _read(client, self._settings.issuer.rstrip("/") + WELL_KNOWN)
            if metadata.get("issuer") != self._settings.issuer:  # Authlib takes whatever the document says
                raise WrongIdentity("the discovery document is of another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _check_address(metadata.get(name), WrongIdentity(f"{name} is no https:// address"))
            self._metadata, self._keys, self._read_at = metadata, None, time.monotonic()
        return self._metadata

    async def _key_set(self, client: "AsyncClient", again: bool) -> Any:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        metadata = await self._discover(client)
        if again or self._keys is None:
            found: Any = await _read(client, metadata["jwks_uri"])
            try:
                self._keys = KeySet.import_key_set(found)
            except (JoseError, KeyError, TypeError, ValueError) as wrong:
                raise WrongIdentity(f"its keys cannot be read: {type(wrong).__name__}") from None
        return self._keys

    def _client(self) -> "AsyncClient":
        from httpx2 import AsyncClient

        return AsyncClient(timeout=ANSWERS_WITHIN, follow_redirects=False, verify=_trusted())

    def _oauth(self, metadata: Mapping[str, Any] | None = None) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        methods = (metadata or {}).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        usual = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return AsyncOAuth2Client(  # type: ignore[no-untyped-call] # Authlib has no types
            self._settings.client_id,
            self._settings.client_secret,
            token_endpoint_auth_method=usual if self._settings.client_secret else "none",
            redirect_uri=self._redirect,
            scope="openid",
            code_challenge_method="S256",
            timeout=ANSWERS_WITHIN,
            verify=_trusted(),
        )


@cache
def _trusted() -> "SSLContext":
    """Reading the certificates takes longer than all else of a sign-in, so a process does it once."""
    from httpx2 import create_ssl_context

    return create_ssl_context()


async def _read(client: "AsyncClient", url: str) -> dict[str, Any]:
    from httpx2 import HTTPError

    try:
        answer = (await client.get(url)).raise_for_status()
        found = answer.json()
    except (HTTPError, ValueError) as away:
        raise WrongIdentity(f"{url} cannot be read: {type(away).__name__}") from None
    if not isinstance(found, dict):
        raise WrongIdentity(f"{url} is no object")
    return found


def _check_address(address: Any, wrong: Exception) -> None:
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == THIS_MACHINE)
    except ValueError:
        raise wrong from None
    if not (parts.hostname and is_private):
        raise wrong


def _is_recent(auth_time: Any) -> bool:
    return isinstance(auth_time, int) and abs(time.time() - auth_time) < AGAIN_WITHIN


def _secret(path: str | None) -> str | None:
    if not path:
        return None
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError:
        raise SettingsError(f'MINHBACH_OIDC_SECRET_FILE is "{path}", and it cannot be read') from None
