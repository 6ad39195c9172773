"""Signs people in and out: invitations, attempts and their delays, and the sessions that follow from them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple, NoReturn

from psycopg_pool import ConnectionPool

from services.portal.application import Portal
from services.portal.domain.account import Account
from services.portal.domain.password import password_refusals
from services.portal.domain.refusal import RequestRefused
from services.portal.domain.session import Session
from services.portal.domain.throttle import FORGOTTEN_AFTER, FREE_OF_ACCOUNT, FREE_OF_ADDRESS, delay_after
from services.portal.read_models.attempts import Attempts, Failures
from services.portal.read_models.credentials import Credentials
from services.portal.read_models.sessions import Client, Sessions
from services.portal.sign_in.passkeys import Passkeys
from services.portal.sign_in.passwords import Passwords
from services.portal.sign_in.portal_key import PortalKey
from services.portal.sign_in.tokens import digest_of, new_token
from shared.clock import Clock, day_of, system_clock
from shared.grants import Actor, Grant
from shared.web.address import Address

INVITED_FOR = timedelta(hours=24)
ATTEMPT_LASTS = timedelta(minutes=10)
SET_UP_LASTS = timedelta(minutes=30)


class NotSignedIn(Exception):
    """Nobody is signed in by this; who tries learns no more."""


class TooSoon(Exception):
    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.seconds = int(wait.total_seconds()) + 1


class SignedIn(NamedTuple):
    """A session with the account as it is now, and the grants that are in force now."""

    session: Session
    account: Account
    grants: tuple[Grant, ...]


class SignIn:
    """Times are of this machine's clock, also where a demonstration has another: codes are of the present time.

    `passwords` is None where the portal has no key.
    """

    def __init__(
        self,
        portal: Portal,
        pool: ConnectionPool,
        address: Address,
        key: PortalKey | None,
        clock: Clock = system_clock,
    ) -> None:
        self.portal = portal
        self.sessions = Sessions(pool)
        self.credentials = Credentials(pool)
        self.attempts = Attempts(pool)
        self._failures = Failures(pool)
        self.passwords = Passwords(self.credentials, key) if key else None
        self.passkeys = Passkeys(self.credentials, address)
        self.now = clock

    # Sessions

    def begin(self, account: str, method: str, client: Client) -> str:
        """The token of a session, always a new one. NotSignedIn where the account is closed."""
        self._opened(account)
        token, now = new_token(), self.now()
        self.sessions.begin(digest_of(token), account, method, client, now)
        self.sessions.note("signed-in", account, method, _session_of(token), client, now)
        return token

    def signed_in(self, token: str) -> SignedIn | None:
        """Who has a session, looked up anew each time: whatever was withdrawn or closed meanwhile does not count."""
        session = self.sessions.alive(digest_of(token), self.now())
        if session is None:
            return None
        try:
            account = self._opened(session.account)
        except NotSignedIn:
            self.sessions.end(session.account, self.now())
            return None
        return SignedIn(session, account, tuple(account.grants_on(self._today())))

    def end(self, account: str, client: Client, by: str, *, only: str | None = None, but: str | None = None) -> int:
        """End one session of an account, or all but one; `by` is the account that does it. Returns how many ended."""
        ended = self.sessions.end(account, self.now(), only=only, but=but)
        for session in ended:
            self.sessions.note("session-ended", account, "", session, client, self.now(), by)
        return len(ended)

    # Invitations

    def invite(self, account: str, by: Actor, lasts: timedelta = INVITED_FOR) -> str:
        """The token of a link by which a person sets up how to sign in. RequestRefused as of the account."""
        if not self.portal.account(account).is_usable_on(self._today()):
            raise RequestRefused(f"Tài khoản {account} đã đóng.")
        token = new_token()
        self.credentials.invite(digest_of(token), account, by.name, self.now() + lasts)
        self.sessions.note("invited", account, "", "", Client("", ""), self.now(), by.account or by.name)
        return token

    def invited(self, token: str) -> Account:
        """The account of an invitation. NotSignedIn where it was used, has expired, or is none."""
        return self._invited(self.credentials.invited(digest_of(token), self.now()))

    def accept(self, invitation: str, method: str, client: Client, keep: Callable[[], None]) -> str:
        """Use an invitation, by its digest, and then `keep` the way in: ends all sessions, and begins one.

        In this order, so that of two who use it at the same moment one changes nothing.
        """
        account = self._invited(self.credentials.use_invitation(invitation, self.now()))
        keep()
        self.sessions.note("set-up", account.account, method, "", client, self.now())
        self.end(account.account, client, account.account)
        return self.begin(account.account, method, client)

    def link(self, invitation: str, issuer: str, subject: str, client: Client) -> str:
        """Link an identity to the account of an invitation. RequestRefused where another account has it."""
        account = self._invited(self.credentials.invited(invitation, self.now()))
        if self.portal.accounts.with_identity(issuer, subject) not in (None, account.account):
            raise RequestRefused("Định danh này đã thuộc một tài khoản khác.")
        by = Actor(account.name, account.account)
        keep = partial(self.portal.link_identity, account.account, issuer, subject, by)
        return self.accept(invitation, "provider", client, keep)

    def _invited(self, account: str | None) -> Account:
        if account is None:
            raise NotSignedIn
        return self._opened(account)

    # Ways to sign in

    def by_password(self, account: str, password: str, code: str, client: Client) -> str:
        """NotSignedIn or TooSoon."""
        assert self.passwords, "the portal has no key"
        with_delay = self._bucket(account, client.address)
        self._claim(client, with_delay)
        if not self.passwords.are_right(account, password, code, self.now()):
            self._refuse(account, "password", client)
        self._failures.forget(with_delay)
        return self._let_in(account, "password", client)

    def ask_passkey(self, client: Client) -> tuple[str, str]:
        """What a passkey is asked, as JSON, and the token of this browser's attempt. TooSoon."""
        self._claim_one(_questions(client), FREE_OF_ADDRESS)
        options, challenge = self.passkeys.question()
        token = new_token()
        self.attempts.begin(digest_of(token), {"kind": "passkey", "challenge": challenge}, self.now(), ATTEMPT_LASTS)
        return options, token

    def by_passkey(self, answer: str, challenge: str, client: Client) -> str:
        """NotSignedIn or TooSoon. A passkey cannot be guessed: only its address has to wait."""
        self._claim(client)
        account = self.passkeys.account_of(answer, challenge, self.now())
        if account is None:
            self._refuse("", "passkey", client)
        self._failures.take_back(_questions(client), self.now())
        return self._let_in(account, "passkey", client)

    def by_identity(self, issuer: str, subject: str, client: Client) -> str:
        """NotSignedIn or TooSoon. The provider has verified who it is; here it only finds the account."""
        self._claim(client)
        account = self.portal.accounts.with_identity(issuer, subject)
        if account is None or not self._is_linked(account, issuer, subject):
            self._refuse(account or "", "provider", client)
        return self._let_in(account, "provider", client)

    def change_password(self, account: Account, current: str, code: str, wanted: str, signed_in: Session) -> None:
        """Ends the other sessions. NotSignedIn where the current one or the code is wrong; TooSoon; RequestRefused."""
        assert self.passwords, "the portal has no key"
        self.check_password(account, wanted)
        client = Client(signed_in.address, signed_in.agent)
        bucket = self._bucket(account.account, client.address)
        self._claim(client, bucket)
        if not self.passwords.are_right(account.account, current, code, self.now()):
            self._refuse(account.account, "password", client)
        self._failures.forget(bucket)
        self._failures.take_back(_address(client), self.now())
        self.passwords.change(account.account, wanted, self.now())
        self.sessions.note("password-changed", account.account, "password", signed_in.session, client, self.now())
        self.end(account.account, client, account.account, but=signed_in.session)

    def remove_passkey(self, account: str, credential_id: bytes, signed_in: Session) -> None:
        """RequestRefused for the last way in."""
        ways = len(self.credentials.passkeys_of(account)) + (self.credentials.password_of(account) is not None)
        if ways < 2:
            raise RequestRefused("Đây là cách đăng nhập duy nhất của tài khoản nên không bỏ được.")
        if self.credentials.remove_passkey(account, credential_id):
            client = Client(signed_in.address, signed_in.agent)
            self.sessions.note("passkey-removed", account, "passkey", signed_in.session, client, self.now())
            self.end(account, client, account, but=signed_in.session)

    def check_password(self, account: Account, password: str) -> None:
        """RequestRefused with the first reason against it."""
        if first := next(password_refusals(password, [account.account, account.name]), None):
            raise RequestRefused(first)

    def _let_in(self, account: str, method: str, client: Client) -> str:
        token = self.begin(account, method, client)
        self._failures.take_back(_address(client), self.now())
        return token

    def _refuse(self, account: str, method: str, client: Client) -> NoReturn:
        # What was typed as an account and is none may be a password.
        known = account if self._is_account(account) else ""
        self.sessions.note("refused", known, method, "", client, self.now())
        raise NotSignedIn

    def _claim(self, client: Client, account_bucket: str | None = None) -> None:
        self._claim_one(_address(client), FREE_OF_ADDRESS)
        if account_bucket:
            self._claim_one(account_bucket, FREE_OF_ACCOUNT)

    def _claim_one(self, bucket: str, free: int) -> None:
        delay: Callable[[int], timedelta] = partial(delay_after, free=free)
        if wait := self._failures.claim(bucket, self.now(), delay, FORGOTTEN_AFTER):
            raise TooSoon(wait)

    def _bucket(self, account: str, address: str) -> str:
        """Failures elsewhere delay nobody where the account signed in before: so no stranger locks it.

        No account that somebody types has the bucket of another one at its address.
        """
        is_known = self.sessions.has_signed_in_from(account, address)
        return f"at {address} account {account[:40]}" if is_known else f"account {account[:40]}"

    def _opened(self, account: str) -> Account:
        """NotSignedIn for one that is closed, has ended, or is none."""
        try:
            found = self.portal.account(account)
        except RequestRefused:
            raise NotSignedIn from None
        if not found.is_usable_on(self._today()):
            raise NotSignedIn
        return found

    def _is_account(self, account: str) -> bool:
        try:
            self._opened(account)
        except NotSignedIn:
            return False
        return True

    def _is_linked(self, account: str, issuer: str, subject: str) -> bool:
        """Whether the account can be used, and by this identity still."""
        until = self._opened(account).identities[issuer, subject] if self._is_account(account) else date.min
        return until is None or self._today() <= until

    def _today(self) -> date:
        return day_of(self.portal.clock())


def _address(client: Client) -> str:
    return f"address {client.address}"


def _questions(client: Client) -> str:
    """Apart from what was answered: a question that nobody answers is stored too."""
    return f"questions to passkeys at {client.address}"


def _session_of(token: str) -> str:
    return digest_of(token)[:16]
