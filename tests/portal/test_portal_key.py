"""The key under which the secrets of one-time codes are kept."""

import pytest
from cryptography.exceptions import InvalidTag

from services.portal.sign_in.portal_key import PortalKey, write_portal_key
from shared.settings import SettingsError

SECRET = "JBSWY3DPEHPK3PXP"
KEY = PortalKey(b"k" * 32)


def test_a_secret_opens_for_its_account_under_its_key_and_unaltered_alone():
    kept = KEY.encrypt(SECRET, "lan")
    assert (KEY.decrypt(kept, "lan"), SECRET.encode() in kept) == (SECRET, False)
    assert KEY.encrypt(SECRET, "lan") != kept, "no two are alike"
    altered = kept[:-1] + bytes([kept[-1] ^ 1])
    for key, encrypted, account in ((KEY, kept, "other"), (PortalKey(b"o" * 32), kept, "lan"), (KEY, altered, "lan")):
        with pytest.raises(InvalidTag):
            key.decrypt(encrypted, account)


def test_the_key_is_a_file_of_its_owner_with_32_random_bytes(tmp_path):
    path = tmp_path / "portal.key"
    write_portal_key(path)
    found = PortalKey.of(str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert found.decrypt(found.encrypt(SECRET, "lan"), "lan") == SECRET
    assert PortalKey.of("") is None
    for wrong in ("", "c2hvcnQ=", "no base64!"):
        path.write_text(wrong)
        with pytest.raises(SettingsError, match="32 random bytes"):
            PortalKey.of(str(path))
