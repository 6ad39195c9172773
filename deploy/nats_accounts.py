"""Writes the accounts of NATS: the operator, each service with what it needs and no more, and each commune.

A commune has an account of its own, because permissions alone do not hold (tried on 2.15.1): NATS checks where a user
publishes but not the reply subject, so a commune that published under its own name with the reply subject
intake.other.readings.s1 had the stream's acknowledgement stored as a submission of commune `other`. Behind an import
a reply stays in the account, and so do inboxes: no commune gets the answers to another one. Its questions carry its id
in the subject for the same reason.

Services share one account with the streams. Whoever has the password of a service may have the server answer on any
subject too, so no answer has a body of the asker's choice: nobody reads messages by DIRECT.GET, and services answer
requests in inboxes alone. What is left are answers in words of the server: an acknowledgement on the subject of a
submission, which nobody can read and which is kept as such, and one without a body, of an empty consumer, on the API of
streams: it purges or deletes a stream. An account of their own for the services would close that. Tried on 2.15.1 with
imports of exactly what they need: all works but the intake, since an empty body ends a streamed answer behind an
import, and a commune may send one: the rest of the batch is lost until `ack_wait` is over. No header keeps it from
ending: the server stores none that it adds itself.
"""

import json
from collections.abc import Iterable, Mapping

from shared.commune_client.broker import ACCOUNT
from shared.contracts.portal import BrokerKeyIssued, BrokerKeyRevoked
from shared.contracts.seals import SEAL_NOW, checkpoint_subject
from shared.messaging import broker_accounts
from shared.messaging.connection import inbox_prefix
from shared.messaging.following.missed import missed_subject
from shared.messaging.intake.bodies import LARGEST_SENT
from shared.messaging.questions.question_client import PORTAL
from shared.messaging.streams import CHECKPOINTS, DESK, DESK_DOOR, INTAKE, INTAKE_SUBJECTS, LISTENERS, SERVICES, used_by

OPERATOR = "minhbach"
# May ask how the server is and have it read its configuration again, no more; in the account of the server itself.
RELOADER = "reload"
# Writes the accounts of communes as the portal announced them; deploy/credentials/keeper.py.
KEEPER = "keeper"
HEALTH = "$SYS.REQ.SERVER.PING.HEALTHZ"
PORTAL_SERVICE = "portal"
# Publishes `seal.now`, which the others hear.
CALLS_FOR_SEALS = "reporting"
# Where requests are answered, of whoever is behind an import too: and not, as `allow_responses` would have it, wherever
# a request wants to have its answer, for that could be the subject of a submission.
INBOXES = ("_INBOX.>", "_R_.>")
# Of each commune's account: so that one takes neither the server's connections nor its memory from the others. The
# stream refuses a body of more than 1 MB with an answer; beyond `max_payload` the server cuts the connection.
LIMITS = f"max_connections: 8, max_subscriptions: 100, max_payload: {LARGEST_SENT}"


def accounts(passwords: Mapping[str, str], communes: Mapping[str, str], include: str = "") -> str:
    """The block `accounts` of a configuration. Passwords by user, and by commune, as NATS reads them: "…" or $NAME.

    `include` is the file of `commune_account`s that were issued, beside the configuration's own file.
    """
    desk = f'permissions: {{ publish: {{ deny: "{DESK}.>" }} }}'
    users = [f"{{ user: {OPERATOR}, password: {passwords[OPERATOR]}, {desk} }}"]
    users += [_user(service, passwords[service], permissions(service)) for service in SERVICES]
    users += [_user(KEEPER, passwords[KEEPER], KEEPER_PERMISSIONS)]
    blocks = [_SYSTEM.replace("PASSWORD", passwords[RELOADER]), _SERVICES.replace("USERS", "\n      ".join(users))]
    blocks += [commune_account(commune, [password_login(commune, text)]) for commune, text in communes.items()]
    blocks += [f"\n  include {include}\n"] if include else []
    return "system_account: SYS\n\naccounts {\n" + "".join(blocks) + "}\n"


def permissions(service: str) -> dict[str, list[str]]:
    """The subjects on which a service publishes and listens."""
    listeners = [listener for listener in LISTENERS if listener.service == service]
    calls = service == CALLS_FOR_SEALS  # and seals by itself
    publish = [f"{service}.event.>", checkpoint_subject(service), *INBOXES, *([SEAL_NOW] if calls else [])]
    for stream in used_by(service):
        publish += [f"$JS.API.STREAM.INFO.{stream}"]
        # Of the intake a service has only what its consumer delivers, except whoever answers for unknown kinds.
        # No DIRECT.GET: its answer is a message as it was stored, on whatever subject the reply names.
        if stream not in (INTAKE, DESK) or (stream, service) == (INTAKE, INTAKE_SUBJECTS.service):
            publish += [f"$JS.API.STREAM.MSG.GET.{stream}"]
    for listener in listeners:
        consumer = f"{listener.stream}.{listener.name}"
        publish += [f"$JS.API.CONSUMER.INFO.{consumer}", f"$JS.API.CONSUMER.MSG.NEXT.{consumer}"]
        publish += [f"$JS.ACK.{consumer}.>"]
        # What it missed of a service that it follows.
        publish += (
            []
            if listener.stream in (INTAKE, DESK, CHECKPOINTS)
            else [f"announcements.{listener.stream.removesuffix('-events')}"]
        )
    if service == PORTAL_SERVICE:
        # Nobody else publishes on the desk: a commune that could would approve itself.
        publish += [f"*.query.*.*.{PORTAL}", f"{DESK}.*.*.*", f"{DESK_DOOR.receipts}.*.*", broker_accounts.SUBJECT]
    if any(listener.stream == INTAKE for listener in listeners):
        publish += ["receipt.*.*"]
    if any(listener.stream == DESK for listener in listeners):
        publish += [f"{DESK_DOOR.receipt}.*.*"]
    if INTAKE_SUBJECTS in listeners:
        publish += [f"$JS.API.STREAM.PURGE.{INTAKE}"]
    return {
        "publish": publish,
        "subscribe": [
            f"{inbox_prefix(service)}.>",
            f"receipts.{service}.*",
            f"announcements.{service}",
            *([] if calls else [SEAL_NOW]),
            f"{service}.query.>",
            *([f"{DESK_DOOR.receipt}.>"] if service == PORTAL_SERVICE else [f"{DESK_DOOR.receipts}.{service}.*"]),
        ],
    }


# It asks for what the portal announced, is called by what it announces of keys, and answers what the broker has.
KEEPER_PERMISSIONS = {
    "publish": [missed_subject(PORTAL_SERVICE), f"{broker_accounts.INBOX}.>"],
    "subscribe": [
        f"{inbox_prefix(KEEPER)}.>",
        BrokerKeyIssued.subject,
        BrokerKeyRevoked.subject,
        broker_accounts.SUBJECT,
    ],
}


def _user(name: str, password: str, allowed: Mapping[str, list[str]]) -> str:
    return (
        f"{{ user: {name}, password: {password}, permissions: {{\n"
        f"        publish: {_list(allowed['publish'])}\n"
        f"        subscribe: {_list(allowed['subscribe'])}\n"
        "      } }"
    )


def _list(subjects: list[str]) -> str:
    return "[" + "".join(f"\n          {json.dumps(subject)}" for subject in subjects) + "\n        ]"


_SERVICES = """  # `minhbach` is the operator's, for `minhbach provision`. Streams live here; the exports are all that a
  # commune can be given.
  MINHBACH {
    jetstream: enabled
    users: [
      USERS
    ]
    exports: [
      { service: "intake.*.*.*" }
      { service: "receipts.*.*" }
      { service: "*.query.*.*.commune.*" }
      { stream: "receipt.*.>" }
    ]
  }
"""


_SYSTEM = f"""  # `{RELOADER}` has the server read the accounts of communes again, and asks how the server is.
  SYS {{
    users: [{{
      user: {RELOADER}
      password: PASSWORD
      permissions: {{ publish: ["$SYS.REQ.SERVER.*.RELOAD", "{HEALTH}"], subscribe: ["_INBOX.>"] }}
    }}]
  }}
"""


def password_login(commune: str, password: str) -> str:
    return f"user: {ACCOUNT}{commune}, password: {password}"


def commune_account(commune: str, logins: Iterable[str]) -> str:
    """The account of a commune, with a user for each login: `password_login`, or `nkey: ` and a public key."""
    # The imports already hold; with permissions a client that is set up wrongly gets an error and not silence.
    users = "\n      ".join(f"{{ {login} }}" for login in logins)
    return f"""
  COMMUNE_{commune} {{
    limits {{ {LIMITS} }}
    imports: [
      {{ service: {{ account: MINHBACH, subject: "intake.{commune}.*.*" }} }}
      {{ service: {{ account: MINHBACH, subject: "receipts.*.{commune}" }} }}
      {{ service: {{ account: MINHBACH, subject: "*.query.*.*.commune.{commune}" }} }}
      {{ stream: {{ account: MINHBACH, subject: "receipt.{commune}.>" }} }}
    ]
    users: [
      {users}
    ]
    default_permissions: {{
      publish: ["intake.{commune}.*.*", "receipts.*.{commune}", "*.query.*.*.commune.{commune}"]
      subscribe: ["receipt.{commune}.>", "_INBOX.>"]
    }}
  }}
"""


COMPOSE_HEAD = """# NATS with users, for compose. Made by: python -m deploy.nats_accounts > deploy/nats/accounts.conf
# Every $NAME below must be in the server's environment, in quotes of its own ("…"): without them NATS reads a password
# such as 12e4 as a number; without the variable it does not start.
#
# `minhbach` is the operator, and each service has a user with what it needs and no more. A commune has an account of
# its own, as `example` below: its id stands in the subjects, and its user is `commune-` and the id, so that the
# commands know from NATS_URL=nats://commune-example:PASSWORD@HOST:4222 for whom they send. Those of all other communes
# are in the file that is included last: `minhbach commune credentials follow` writes it, as user `keeper`, with public
# keys and no password. deploy/nats_accounts.py says why permissions alone do not hold.

include ./nats-server.conf

"""


def for_compose() -> str:
    """deploy/nats/accounts.conf."""
    passwords = {user: f"$NATS_{user.upper()}_PASSWORD" for user in (OPERATOR, RELOADER, KEEPER, *SERVICES)}
    return COMPOSE_HEAD + accounts(passwords, {"example": "$NATS_COMMUNE_EXAMPLE_PASSWORD"}, "./communes/accounts.conf")


if __name__ == "__main__":
    print(for_compose(), end="")  # noqa: T201  its output is the file
