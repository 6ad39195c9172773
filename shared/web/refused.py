"""One line of the log for each request that is refused for want of a right: which, of whom, from where."""

import logging

from starlette.requests import Request

log = logging.getLogger(__name__)


def log_refused(request: Request, account: str) -> None:
    """`account` is empty where nobody has signed in. What came from outside is quoted."""
    host = request.client.host if request.client else ""
    log.warning("refused: %r %r of account %r from %r", request.method, request.url.path, account, host)
