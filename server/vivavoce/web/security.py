"""Who is asking, and whether they may."""

from starlette.requests import Request

from vivavoce.core.scopes import Principal, Scope
from vivavoce.services.sign_ins import SignedIn
from vivavoce.web.cookies import cookie_of
from vivavoce.web.state import State


async def authorize(request: Request[State], scope: Scope) -> Principal:
    """Raises `Unauthenticated`, or `Forbidden` that names the missing scope."""
    principal = await authenticate(request)
    principal.require(scope)
    return principal


async def authenticate(request: Request[State]) -> Principal:
    """By an API key, an access token or the dashboard's cookie. Raises `Unauthenticated`."""
    credentials = request.state["services"].credentials
    api_key = request.headers.get("x-api-key")
    if api_key is not None:
        return await credentials.authenticate_key(api_key)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return await credentials.authenticate_token(token.strip())
    return (await signed_in(request)).principal


async def signed_in(request: Request[State]) -> SignedIn:
    """The member behind the dashboard's cookie.

    Raises `Unauthenticated`, and `Forbidden` code `foreign_origin`.
    """
    slug, token = cookie_of(request)
    return await request.state["services"].sign_ins.authenticate(slug, token)
