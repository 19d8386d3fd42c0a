"""The page inside the frame, and the same application on a page of its own."""

import re
from typing import Annotated

from anyio import Path as AsyncPath
from pydantic import AfterValidator, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from vivavoce.core.errors import VivavoceError
from vivavoce.services.callers import Callers
from vivavoce.services.interviews import Interview
from vivavoce.services.launch_tokens import SignedLink
from vivavoce.web.bodies import Query, read_query
from vivavoce.web.embed.config import Opening, frame_config, script_safe_json
from vivavoce.web.embed.policy import frame_headers
from vivavoce.web.embed.refusals import refuse
from vivavoce.web.operations import Credential, Operation, file
from vivavoce.web.state import State

PLACEHOLDER = "__VV_CONFIG__"
AUTO = "auto"


# A wish that cannot be met must not cost the candidate the interview.
def _locale(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9-]{2,16}", text) else AUTO


def _theme(text: str) -> str:
    return text if text in {"light", "dark"} else AUTO


class FrameQuery(Query):
    """Sites add parameters of their own to addresses, so unknown ones are ignored here."""

    model_config = ConfigDict(extra="ignore")

    embed_id: str = Field(default="", max_length=100)
    launch_token: str | None = Field(default=None, max_length=8192)
    name: str | None = Field(default=None, max_length=254)
    email: str | None = Field(default=None, max_length=254)
    external_id: str = Field(default="", max_length=254)
    expires: str = Field(default="", max_length=12)
    signature: str | None = Field(default=None, max_length=64)
    locale: Annotated[str, AfterValidator(_locale)] = AUTO
    theme: Annotated[str, AfterValidator(_theme)] = AUTO
    stage: str = Field(default="", max_length=64)


@Operation(
    "Show the interview inside a frame.",
    Credential.NOTHING,
    file("text/html"),
    query=FrameQuery,
    pages=True,
    json_too=True,
    errors={404: "embed_not_found interview_not_found"},
)
async def embed_page(request: Request[State]) -> Response:
    """Answers 200 at the first hop: a redirect would drop the microphone's delegation."""
    services = request.state["services"]
    try:
        query = read_query(request, FrameQuery)
        embed = await services.embeds.get(query.embed_id)
        stage_id = await _stage_ahead(services.callers, query)
        interview = await services.interviews.of_embed(embed, stage_id)
    except VivavoceError as error:
        return await refuse(request, error, in_frame=True)
    opening = Opening(
        embed_id=embed.id,
        allowed_origins=embed.allowed_origins,
        launch=_launch(query),
        display_name=query.name or "",
        locale=query.locale,
        theme=query.theme,
    )
    return await _page(request, interview, opening)


@Operation(
    "Show the interview on a page of its own.",
    Credential.NOTHING,
    file("text/html"),
    query=FrameQuery,
    pages=True,
    json_too=True,
    errors={404: "interview_not_found"},
)
async def standalone_page(request: Request[State]) -> Response:
    """A mailed link. Its token is in the fragment, which no server sees, so opening it has no
    effect.
    """
    try:
        query = read_query(request, FrameQuery)
        interview = await request.state["services"].interviews.find(
            request.path_params["slug"], query.stage
        )
    except VivavoceError as error:
        return await refuse(request, error)
    opening = Opening(
        embed_id=interview.template.id, locale=query.locale, theme=query.theme, standalone=True
    )
    return await _page(request, interview, opening)


async def _page(request: Request[State], interview: Interview, opening: Opening) -> Response:
    config = frame_config(request.state["services"].instance_url, interview, opening)
    page = AsyncPath(request.state["widget_dir"]) / "app" / "index.html"
    html = (await page.read_text("utf-8")).replace(PLACEHOLDER, script_safe_json(config))
    return HTMLResponse(html, headers=frame_headers(opening.allowed_origins))


async def _stage_ahead(callers: Callers, query: FrameQuery) -> str:
    """Of whoever comes with a link in the address; what is wrong with it, its exchange will say."""
    try:
        if query.launch_token is not None:
            return await callers.stage_ahead(query.launch_token)
        if query.signature is not None:
            return await callers.stage_ahead(_signed_link(query, query.signature))
    except VivavoceError:
        return ""
    return ""


def _signed_link(query: FrameQuery, signature: str) -> SignedLink:
    return SignedLink(
        embed_id=query.embed_id,
        name=query.name or "",
        email=query.email or "",
        expires=query.expires,
        signature=signature,
        external_id=query.external_id,
    )


def _launch(query: FrameQuery) -> dict[str, object] | None:
    if query.launch_token is not None:
        return {"launch_token": query.launch_token}
    if query.signature is None:
        return None
    signed = query.model_dump(include={"embed_id", "external_id", "expires", "signature"})
    return {"signed": {**signed, "name": query.name or "", "email": query.email or ""}}
