"""Style sheets, scripts and pictures under addresses that contain their hash: a browser keeps each for ever."""

from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".webmanifest": "application/json"}
FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """The files in the folders `static` of all parts, read once; a file is `<part>/<name>`."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self._addresses: dict[str, str] = {}
        self._contents: dict[str, tuple[bytes, str]] = {}
        for part, folder in folders.items():
            for path in sorted(folder.glob("*")):
                content = path.read_bytes()
                address = f"{part}/{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}"
                self._addresses[f"{part}/{path.name}"] = address
                self._contents[address] = (content, TYPES[path.suffix])

    def address(self, name: str) -> str:
        """KeyError for a file that does not exist: a slip in a template."""
        return f"/static/{self._addresses[name]}"

    def content(self, name: str) -> bytes:
        return self._contents[self._addresses[name]][0]

    @property
    def route(self) -> Route:
        return Route("/static/{address:path}", self._serve)

    async def _serve(self, request: Request) -> Response:
        found = self._contents.get(request.path_params["address"])
        if found is None:
            raise HTTPException(404)
        content, kind = found
        return Response(content, media_type=kind, headers={"Cache-Control": FOR_EVER})
