"""An API key becomes a short-lived access token, for clients of the bearer contracts."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vivavoce.core.errors import Unauthenticated
from vivavoce.services.credentials import ACCESS_TOKEN_SECONDS
from vivavoce.web.api.shapes import AccessTokenShape
from vivavoce.web.bodies import Body, read_body
from vivavoce.web.operations import Credential, Operation, bare
from vivavoce.web.rate_limits import TOKEN_EXCHANGE, client_address
from vivavoce.web.state import State


class TokenRequest(Body):
    api_key: str | None = Field(default=None, max_length=200)


@Operation(
    "Exchange an API key for an access token.",
    Credential.API_KEY,
    bare(AccessTokenShape),
    body=TokenRequest,
    errors={401: "credential api_key", 429: "rate_limited"},
)
async def create_token(request: Request[State]) -> Response:
    """The key comes in the header `x-api-key`, or in the body as `api_key`."""
    request.state["rate_limits"].take(TOKEN_EXCHANGE, client_address(request))
    api_key = request.headers.get("x-api-key")
    if api_key is None or _has_body(request):
        api_key = (await read_body(request, TokenRequest)).api_key or api_key
    if api_key is None:
        raise Unauthenticated("credential", "This address needs an API key.")
    token = await request.state["services"].credentials.access_token(api_key)
    answer = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_SECONDS,
    }
    return JSONResponse(answer, headers={"cache-control": "no-store"})


def _has_body(request: Request[State]) -> bool:
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
