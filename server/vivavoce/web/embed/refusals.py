"""What somebody reads whose link leads to no interview: a page in their language, no script."""

import json
from pathlib import Path
from typing import Any

from anyio import Path as AsyncPath
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from vivavoce.core.errors import VivavoceError
from vivavoce.core.languages import accepted_language, direction, language_tag, match_language
from vivavoce.web.embed.policy import frame_headers

_PAGES = Jinja2Templates(Path(__file__).parent / "templates")


async def refusal_page(request: Request[Any], error: VivavoceError) -> Response:
    language = (
        match_language(request.query_params.get("locale", ""))
        or accepted_language(request.headers.get("accept-language", ""))
        or "en"
    )
    facts: dict[str, Any] = {
        "tag": language_tag(language),
        "direction": direction(language),
        "texts": await _texts(request, language),
    }
    headers = frame_headers(())
    return _PAGES.TemplateResponse(request, "refused.html", facts, error.status, headers=headers)


async def _texts(request: Request[Any], language: str) -> dict[str, str]:
    """The widget says the same where it has begun."""
    file = AsyncPath(request.state["widget_dir"]) / "locales" / f"{language}.json"
    found: dict[str, str] = json.loads(await file.read_text("utf-8"))
    return found
