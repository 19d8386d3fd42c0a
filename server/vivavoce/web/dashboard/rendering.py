"""How a page of the dashboard becomes an answer."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.templating import Jinja2Templates

from vivavoce.web.embed.assets import WidgetFiles
from vivavoce.web.staff.pages import HEADERS

_HERE = Path(__file__).parent
_templates = Jinja2Templates(_HERE / "templates")


def render(request: Request[Any], name: str, facts: dict[str, Any], status: int = 200) -> Response:
    return _templates.TemplateResponse(request, name, facts, status, headers=HEADERS)


def dashboard_files() -> Mount:
    return Mount("/dashboard/static", WidgetFiles(directory=_HERE / "static"))
