"""All messages that cross a border, by the service that owns them, for whoever describes or tries them all."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, TypeVar

from shared.contracts import (
    Event,
    Message,
    Question,
    Submission,
    indicators,
    notifications,
    planning,
    portal,
    reporting,
)

OWNERS: Mapping[str, ModuleType] = {
    "planning": planning,
    "indicators": indicators,
    "reporting": reporting,
    "notifications": notifications,
    "portal": portal,
}
Kind = TypeVar("Kind", bound=Message)


def events(owner: str) -> list[type[Event]]:
    """The announcements of a service, in the order of its contracts."""
    return [each for each in _of(owner, Event) if "subject" in vars(each)]


def questions(owner: str) -> list[type[Question[Any]]]:
    """The questions that a service answers."""
    return [each for each in _of(owner, Question) if "subject" in vars(each)]


def submissions(owner: str) -> list[type[Submission]]:
    """What a service decides: submissions of communes, and commands of accounts."""
    return [each for each in _of(owner, Submission) if "kind" in vars(each)]


def _of(owner: str, kind: type[Kind]) -> list[type[Kind]]:
    module = OWNERS[owner]
    own = (each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__)
    return [each for each in own if issubclass(each, kind)]
