"""Accounts that sign in at the page, by keyboard: with a password, and the code of a phone that each has."""

import time
from datetime import UTC, datetime

import pyotp
from argon2 import PasswordHasher

from services.portal.read_models.credentials import Credentials
from services.portal.sign_in.passwords import Passwords
from services.portal.sign_in.portal_key import PortalKey
from shared.process import open_pool
from tests.journeys.keyboard import press, tab_to

PASSWORD = "con trâu gặm cỏ ven đê 77"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def phones(province, accounts):
    """By account what makes the codes of its phone; each of them has PASSWORD from now on."""
    key = PortalKey.of(str(province.stack.portal_key))
    with open_pool(province.stack.settings("portal"), "portal", size=1) as pool:
        passwords = Passwords(Credentials(pool), key, QUICK)
        secrets = {account: passwords.new_secret(account) for account in accounts}
        for account, secret in secrets.items():
            passwords.set_up(account, PASSWORD, secret, 0, datetime.now(UTC))
    return {account: pyotp.TOTP(key.decrypt(bytes.fromhex(secret), account)) for account, secret in secrets.items()}


def sign_in_as(page, account, phone):
    """At the page of signing in; each phone once within a minute, as no code is right twice."""
    for label, typed in (("Tài khoản", account), ("Mật khẩu", PASSWORD)):
        tab_to(page, label)
        page.keyboard.insert_text(typed)
    tab_to(page, "Mã 6 chữ số")
    page.keyboard.insert_text(phone.at(time.time() + 30))  # the next code: it is right already, and for longer
    press(page, "Đăng nhập")
