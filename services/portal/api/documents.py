"""The descriptions of the API and of the NATS side, served without a key: OpenAPI, AsyncAPI, and one plain page."""

from functools import partial
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from services.portal.api import problems
from services.portal.api.asyncapi import asyncapi
from services.portal.api.made_once import MadeOnce
from services.portal.api.routes import PREFIX, SUBMISSIONS
from services.portal.api.submissions import LARGEST
from shared.contracts import Message

KEPT_FOR = {"Cache-Control": "public, max-age=300"}
INTRODUCTION = f"""\
Each request has the header `Authorization: Bearer` with a key that the province issues: `minhbach account key issue`.

- PUT sends; the id in the address is the program's own. The same id with the same content has the same receipt, so a
  request that broke off is sent again as it was. A body has at most {LARGEST // 1000} KB.
- 202: not confirmed yet, or the answer does not hold yet what `after` names. The same request again, in 5 seconds.
- What a rule refuses is in the receipt, item by item, each with one sentence in Vietnamese.
- What has no receipt and no answer is a problem (RFC 9457) with one sentence; `problem` is its name.
- `known_at` answers with what was known at the end of that day in Viet Nam; a period such as 2025-Q3 is another date.
- A key may make 100 requests at once and 20 a second.
"""


def openapi(api: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1. Bodies are described by the contracts; the application itself reads them item by item."""
    document = get_openapi(
        title=api.title, version=api.version, openapi_version="3.1.0", description=INTRODUCTION, routes=api.routes,
        servers=[{"url": PREFIX}],
    )  # fmt: skip
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    models: list[type[Message]] = [problems.Problem, *(route.submission for route in SUBMISSIONS)]
    _, found = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    schemas |= found["$defs"]
    for route in SUBMISSIONS:
        body = {"$ref": f"#/components/schemas/{route.submission.__name__}"}
        document["paths"][route.path]["put"]["requestBody"] = {
            "required": True, "content": {"application/json": {"schema": body}},
        }  # fmt: skip
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "mb_…"}}
    document["security"] = [{"key": []}]
    return document


def add_documents(api: FastAPI) -> None:
    # Each takes some tenths of a second, and FastAPI fails where two threads make it at a time.
    of_http, of_nats = MadeOnce(partial(openapi, api)), MadeOnce(asyncapi)

    async def openapi_json(_: Request) -> Response:
        return JSONResponse(await of_http.get(), headers=KEPT_FOR)

    async def asyncapi_json(_: Request) -> Response:
        return JSONResponse(await of_nats.get(), headers=KEPT_FOR)

    async def docs(_: Request) -> Response:
        return HTMLResponse(page(await of_http.get()), headers=KEPT_FOR)

    for path, endpoint in {"/openapi.json": openapi_json, "/asyncapi.json": asyncapi_json, "/docs": docs}.items():
        api.add_route(path, endpoint, include_in_schema=False)


def page(document: dict[str, Any]) -> str:
    """The description as one page that needs nothing but itself."""
    about = document["info"]
    parts = [f"<h1>{escape(about['title'])} API</h1>", f"<pre>{escape(about['description'])}</pre>",
             '<p><a href="openapi.json">OpenAPI 3.1</a>, <a href="asyncapi.json">AsyncAPI 3</a></p>']  # fmt: skip
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts.append(f'<h2 id="{escape(operation["operationId"])}">{method.upper()} {PREFIX}{escape(path)}</h2>')
            parts.append(f"<p>{escape(operation['description'])}</p>{_parameters(operation)}")
    parts.append("<h2>Problems</h2><dl>")
    for name, (status, title) in problems.PROBLEMS.items():
        parts.append(f'<dt id="{name}">{name} ({status})</dt><dd>{escape(title)}</dd>')
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Minh Bạch API</title>'
    return f"{head}{''.join(parts)}</dl></html>"


def _parameters(operation: dict[str, Any]) -> str:
    names = [f"{each['name']}{' (required)' if each.get('required') else ''}" for each in operation["parameters"]]
    return f"<p>Parameters: {escape(', '.join(names))}</p>"
