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
    """The announcements of a service, by name, as all of these lists are."""
    return [each for each in _of(owner, Event) if "subject" in vars(each)]


def questions(owner: str) -> list[type[Question[Any]]]:
    """The questions that a service answers."""
    return [each for each in _of(owner, Question) if "subject" in vars(each)]


def submissions(owner: str) -> list[type[Submission]]:
    """What a service decides: submissions of communes, and commands of accounts."""
    return [each for each in _of(owner, Submission) if "kind" in vars(each)]


def _of(owner: str, kind: type[Kind]) -> list[type[Kind]]:
    package = OWNERS[owner].__name__
    own = {each for each in vars(OWNERS[owner]).values() if isinstance(each, type) and _is_in(package, each)}
    return sorted((each for each in own if issubclass(each, kind)), key=lambda each: each.__name__)


def _is_in(package: str, kind: type) -> bool:
    return f"{kind.__module__}.".startswith(f"{package}.")
