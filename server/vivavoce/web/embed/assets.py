"""The files of the widget: the loader that sites include, and what the frame loads."""

import os
from pathlib import Path, PurePath

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".html": "text/html; charset=utf-8",
}
_SHARED = {"cross-origin-resource-policy": "cross-origin"}
_LOADER_CACHE = "public, max-age=300"
_FOLDERS = ("app", "worklets", "style", "locales")


class WidgetFiles(StaticFiles):
    """Static files whose types do not depend on the machine's table of types."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_SHARED)
        # Names carry no version; an unchanged file costs one short conditional request.
        response.headers["cache-control"] = "no-cache"
        media_type = _TYPES.get(PurePath(full_path).suffix)
        if media_type is not None:
            response.headers["content-type"] = media_type
        return response


def widget_routes(widget_dir: Path) -> list[BaseRoute]:
    async def loader(_: Request) -> Response:
        headers = {**_SHARED, "cache-control": _LOADER_CACHE, "access-control-allow-origin": "*"}
        path = widget_dir / "embed" / "v1.js"
        return FileResponse(path, media_type="text/javascript", headers=headers)

    folders = [
        Mount(f"/embed/{folder}", WidgetFiles(directory=widget_dir / folder, check_dir=False))
        for folder in _FOLDERS
    ]
    return [Route("/embed/v1.js", loader, name="loader"), *folders]
