"""Who is asking, and whether they may."""

from starlette.requests import Request

from vivavoce.core.errors import Unauthenticated
from vivavoce.core.scopes import Principal, Scope
from vivavoce.web.state import State


async def authorize(request: Request[State], scope: Scope) -> Principal:
    """Raises `Unauthenticated`, or `Forbidden` that names the missing scope."""
    principal = await authenticate(request)
    principal.require(scope)
    return principal


async def authenticate(request: Request[State]) -> Principal:
    """Raises `Unauthenticated`."""
    credentials = request.state["services"].credentials
    api_key = request.headers.get("x-api-key")
    if api_key is not None:
        return await credentials.authenticate_key(api_key)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return await credentials.authenticate_token(token.strip())
    raise Unauthenticated("credential", "This address needs an API key or an access token.")
