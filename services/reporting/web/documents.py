"""Reports as files: an HTML page shut in a sandbox, everything else as an attachment with its name."""

from base64 import b64decode
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.reporting.web.periods import asked_report, versions_of
from shared.contracts.reporting import Document, PrintDraft, PrintEdition
from shared.web.days import known_at
from shared.web.site import ask

# The report has its styles within, and nothing else: no script runs, no form is sent, and it is of no origin.
SANDBOX = "; ".join(
    (
        "sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
    )
)  # fmt: skip
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "json": "application/json",
}
FORMATS = {"html": "HTML", "docx": "Word", "pdf": "PDF", "xlsx": "Excel", "json": "JSON"}


async def of_edition(request: Request) -> Response:
    question = PrintEdition(**_fields(request), edition=request.path_params["edition"])
    return _response((await ask(request, question)).answer, question.format)


async def of_draft(request: Request) -> Response:
    question = PrintDraft(**_fields(request), known_at=known_at(request), **versions_of(request))
    return _response((await ask(request, question)).answer, question.format)


def _fields(request: Request) -> dict[str, Any]:
    if request.path_params["format"] not in TYPES:
        raise HTTPException(404)
    return {
        "province": request.path_params["province"],
        "format": request.path_params["format"],
        **asked_report(request),
    }


def _response(document: Document, file_format: str) -> Response:
    """The names of files are ASCII: province, period, edition."""
    headers = {"Content-Security-Policy": SANDBOX}
    if file_format != "html":
        headers["Content-Disposition"] = f'attachment; filename="{document.file_name}"'
    return Response(b64decode(document.content_base64), media_type=TYPES[file_format], headers=headers)
