"""What somebody reads where there is no interview: a page in their language, no script."""

import json
from pathlib import Path
from typing import Any

from anyio import Path as AsyncPath
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from vivavoce.core.embed import ANY_ORIGIN
from vivavoce.core.errors import VivavoceError
from vivavoce.core.languages import accepted_language, direction, language_tag, match_language
from vivavoce.web.embed.policy import frame_headers
from vivavoce.web.errors import refusal

_PAGES = Jinja2Templates(Path(__file__).parent / "templates")
_THEMES = ("light", "dark")
# Apart from the texts of the widget, which never says this and would carry it to every candidate.
_NOT_HERE: dict[str, str] = json.loads(Path(__file__).with_name("not_here.json").read_text("utf-8"))


async def refuse(
    request: Request[Any], error: VivavoceError, *, in_frame: bool = False
) -> Response:
    """The page, and JSON for a program that asks for nothing else.

    Within a frame, nobody knows which sites might show it, and there is nothing on it to press.
    """
    if _asks_for_json(request):
        return refusal(error)
    language = (
        match_language(request.query_params.get("locale", ""))
        or accepted_language(request.headers.get("accept-language", ""))
        or "en"
    )
    theme = request.query_params.get("theme")
    texts = await _texts(request, language)
    facts: dict[str, Any] = {
        "tag": language_tag(language),
        "direction": direction(language),
        "theme": theme if theme in _THEMES else None,
        "heading": texts["error.heading"],
        "text": _NOT_HERE[language] if in_frame else texts["error.link_invalid"],
    }
    headers = frame_headers((ANY_ORIGIN,) if in_frame else ())
    return _PAGES.TemplateResponse(request, "refused.html", facts, error.status, headers=headers)


def _asks_for_json(request: Request[Any]) -> bool:
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


async def _texts(request: Request[Any], language: str) -> dict[str, str]:
    """The widget says the same where it has begun."""
    file = AsyncPath(request.state["widget_dir"]) / "locales" / f"{language}.json"
    found: dict[str, str] = json.loads(await file.read_text("utf-8"))
    return found
