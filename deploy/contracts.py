"""minhbach contracts: writes what crosses a border as OpenAPI, as AsyncAPI, and as a JSON schema for each message."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from services.portal.api.application import described
from services.portal.api.asyncapi import asyncapi
from services.portal.api.documents import openapi
from shared.contracts import Receipt, Unanswered
from shared.contracts.listing import OWNERS, events, questions, submissions

SHARED = (Receipt, Unanswered)


def write_contracts(folder: Path) -> int:
    """The number of files. OSError where they cannot be written."""
    written = 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _documents():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
        written += 1
    return written


def _documents() -> Iterator[tuple[str, Any]]:
    yield "openapi.json", openapi(described())
    yield "asyncapi.json", asyncapi()
    for owner, model in _models():
        yield f"schemas/{owner}.{model.__name__}.json", model.model_json_schema()


def _models() -> Iterator[tuple[str, type[BaseModel]]]:
    for owner in OWNERS:
        for question in questions(owner):
            yield owner, question
            yield owner, question.answer_type()
        for message in (*events(owner), *submissions(owner)):
            yield owner, message
    for shared in SHARED:
        yield "shared", shared
