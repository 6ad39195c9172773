"""Passkeys (WebAuthn): the device verifies its user, and signs a challenge for this host alone."""

import json
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

from services.portal.read_models.credentials import Credentials, Passkey
from shared.web.address import Address

LARGEST_ANSWER = 20_000  # bytes
NAME = "Minh Bạch"


class Passkeys:
    """webauthn is imported when the first passkey is used: half a second of the portal's start, and 20 MB."""

    def __init__(self, credentials: Credentials, address: Address) -> None:
        self._credentials = credentials
        self._address = address

    def registration(self, account: str, name: str) -> tuple[str, str]:
        """The options for the browser as JSON, and their challenge."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers import structs

        options = generate_registration_options(
            rp_id=self._address.host,
            rp_name=NAME,
            user_name=account,
            user_id=sha256(account.encode()).digest(),
            user_display_name=name,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(id=known.credential_id)
                for known in self._credentials.passkeys_of(account)
            ],
        )
        return options_to_json(options), _text(options.challenge)

    def made(self, account: str, answer: str, challenge: str, now: datetime) -> Passkey | None:
        """The passkey that the browser made; None where its answer is not one to the challenge."""
        from webauthn import verify_registration_response

        faults = _faults()
        try:
            verified = verify_registration_response(
                credential=_read(answer),
                expected_challenge=b64decode(challenge),
                expected_rp_id=self._address.host,
                expected_origin=self._address.origin,
                require_user_verification=True,
            )
        except faults:
            return None
        key = (verified.credential_id, account, verified.credential_public_key, verified.sign_count)
        return Passkey(*key, now, None)

    def question(self) -> tuple[str, str]:
        """The options for the browser as JSON, and their challenge: any passkey of this host may answer."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=self._address.host, user_verification=UserVerificationRequirement.REQUIRED
        )
        return options_to_json(options), _text(options.challenge)

    def account_of(self, answer: str, challenge: str, now: datetime) -> str | None:
        """The account of the passkey that answered the challenge; None where none of them did."""
        from webauthn import base64url_to_bytes, verify_authentication_response

        faults = _faults()
        try:
            credential = _read(answer)
            known = self._credentials.passkey(base64url_to_bytes(str(credential.get("rawId"))))
            if known is None:
                return None
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=b64decode(challenge),
                expected_rp_id=self._address.host,
                expected_origin=self._address.origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
        except faults:
            return None
        self._credentials.use_passkey(known.credential_id, verified.new_sign_count, now)
        return known.account


def _faults() -> tuple[type[Exception], ...]:
    from webauthn.helpers.exceptions import WebAuthnException

    return (WebAuthnException, ValueError, TypeError, KeyError)


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LARGEST_ANSWER:
        raise ValueError("larger than an answer of a passkey is")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("no object")
    return read


def _text(challenge: bytes) -> str:
    return b64encode(challenge).decode()
