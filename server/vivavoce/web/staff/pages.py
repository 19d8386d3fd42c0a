"""The headers and the files of pages for staff."""

from pathlib import Path

from starlette.routing import Mount

from vivavoce.web.embed.assets import WidgetFiles

STATIC = "/staff/static"
# A page may load from its own host only, run no inline script and stand in no frame.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_HERE = Path(__file__).parent


def staff_files() -> Mount:
    return Mount(STATIC, WidgetFiles(directory=_HERE / "static"))
