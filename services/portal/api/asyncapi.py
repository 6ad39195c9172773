"""The NATS side as an AsyncAPI 3 document, from the contracts: what communes send and ask, what services announce."""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.contracts import (
    Answered,
    Command,
    CommuneQuestion,
    DeskMessage,
    Event,
    Message,
    OwnQuestion,
    ProvinceQuestion,
    Question,
    Receipt,
    Submission,
    Unanswered,
)
from shared.contracts.listing import OWNERS, events, questions, submissions
from shared.messaging.streams import DESK_DOOR, INTAKE_DOOR

CLERK = "clerk"
COMMUNE = {"description": "The commune's id; the broker lets an account use its own alone."}
SUBMISSION = {"description": "The commune's own id of the submission: the same content again counts once."}
SCOPE = {"description": "The id of a commune, or province- and the code of a province."}
ASKER = {"description": "commune. and the commune's own id, or portal: what the account at the broker may use."}
DESCRIPTION = """\
Messages are JSON in UTF-8. A reader ignores fields that it does not know. A submission is answered by a receipt after
its commit; it is sent again, under the same id, until the receipt is here. A question has one answer, or the reason
why there is none. Announcements come in the order of their positions (header x-position), perhaps more than once.
"""


def asyncapi() -> dict[str, Any]:
    document = _Document()
    for owner in OWNERS:
        for event in events(owner):
            document.add_event(owner, event)
        for submission in submissions(owner):
            document.add_submission(submission)
        for question in questions(owner):
            document.add_question(question)
    return document.made()


class _Document:
    def __init__(self) -> None:
        self._channels: dict[str, Any] = {}
        self._operations: dict[str, Any] = {}
        self._messages: dict[str, Any] = {}
        self._models: dict[str, type[Message]] = {}

    def made(self) -> dict[str, Any]:
        _, schemas = models_json_schema(
            [(model, "serialization") for model in self._models.values()], ref_template="#/components/schemas/{model}"
        )
        return {
            "asyncapi": "3.0.0",
            "info": {"title": "Minh Bạch", "version": "1", "description": DESCRIPTION},
            "defaultContentType": "application/json",
            "servers": {"broker": {"host": "broker.example:4222", "protocol": "nats"}},
            "channels": self._channels,
            "operations": self._operations,
            "components": {"messages": self._messages, "schemas": schemas["$defs"]},
        }

    def add_event(self, owner: str, event: type[Event]) -> None:
        name = f"{owner}.{event.__name__}"
        self._add_channel(name, event.subject, [event])
        self._add_operation(name, "send", name, [event], event)

    def add_submission(self, kind: type[Submission]) -> None:
        """A command comes from the portal alone; what communes send comes from it too, in an envelope."""
        if not issubclass(kind, Command):
            name = f"intake.{kind.__name__}"
            places = {"commune": COMMUNE, "submission_id": SUBMISSION}
            address = INTAKE_DOOR.submission("{commune}", kind.kind, "{submission_id}")
            self._add_channel(name, address, [kind], places)
            receipts = f"{INTAKE_DOOR.receipt}.{{commune}}.{{submission_id}}"
            self._add_channel("receipt", receipts, [Receipt], places)
            self._add_operation(name, "receive", name, [kind], kind, reply="receipt", replies=[Receipt])
        name = f"desk.{kind.__name__}"
        places = {"scope": SCOPE, "submission_id": SUBMISSION}
        self._add_channel(name, DESK_DOOR.submission("{scope}", kind.kind, "{submission_id}"), [DeskMessage], places)
        self._add_channel("desk-receipt", f"{DESK_DOOR.receipt}.{{scope}}.{{submission_id}}", [Receipt], places)
        self._models[kind.__name__] = kind
        self._add_operation(name, "receive", name, [DeskMessage], kind, reply="desk-receipt", replies=[Receipt])

    def add_question(self, kind: type[Question[Any]]) -> None:
        name = kind.__name__
        answered: Any = Answered.__class_getitem__(kind.answer_type())
        self._add_channel(name, f"{kind.subject}.{{asker}}", [kind], {"asker": ASKER | {"examples": _askers(kind)}})
        self._add_channel(f"{name}.answer", None, [answered, Unanswered])
        reply = {"address": {"location": "$message.header#/reply"}}
        self._add_operation(
            name, "receive", name, [kind], kind, reply=f"{name}.answer", replies=[answered, Unanswered], **reply
        )

    def _add_channel(
        self, name: str, address: str | None, models: Iterable[type[Message]], places: dict[str, Any] | None = None
    ) -> None:
        for model in models:
            key = _key(model)
            self._models[key] = model
            self._messages[key] = {"payload": {"$ref": f"#/components/schemas/{key}"}}
        channel: dict[str, Any] = {"address": address, "messages": {key: _message(key) for key in map(_key, models)}}
        self._channels[name] = channel | ({"parameters": places} if places else {})

    def _add_operation(  # noqa: PLR0917  an operation has so many parts
        self, name: str, action: str, channel: str, models: list[type[Message]], described: type[Message],
        reply: str | None = None, replies: Iterable[type[Message]] = (), **of_reply: Any,
    ) -> None:  # fmt: skip
        operation: dict[str, Any] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [_of_channel(channel, model) for model in models],
            "description": (described.__doc__ or described.__name__).strip(),
        }
        if reply:
            operation["reply"] = {
                "channel": {"$ref": f"#/channels/{reply}"},
                "messages": [_of_channel(reply, model) for model in replies],
                **of_reply,
            }
        self._operations[name] = operation


def _askers(kind: type[Question[Any]]) -> list[str]:
    of_commune = issubclass(kind, CommuneQuestion) or (issubclass(kind, ProvinceQuestion) and CLERK in kind.roles)
    assert of_commune or issubclass(kind, ProvinceQuestion | OwnQuestion)
    return [*(["commune.23356"] if of_commune else []), "portal"]


def _key(model: type[Message]) -> str:
    return model.__name__.replace("[", "_").replace("]", "_").replace(", ", "_")


def _message(key: str) -> dict[str, str]:
    return {"$ref": f"#/components/messages/{key}"}


def _of_channel(channel: str, model: type[Message]) -> dict[str, str]:
    return {"$ref": f"#/channels/{channel}/messages/{_key(model)}"}
