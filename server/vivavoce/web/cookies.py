"""The dashboard's cookie: how it is named, set and read, and what it may be used for.

A browser sends cookies with whatever any page makes it send. A change therefore has to come from a
page of our own origin, and carry a header that no other page can add without our permission, which
nobody gets.
"""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.errors import Forbidden, Unauthenticated
from vivavoce.services.sign_ins import LIFE

ACCOUNT = "accountSlug"  # of the query: which of the browser's sign-ins speaks
CHANGE_HEADER = "x-vivavoce-request"
_READING = frozenset({"GET", "HEAD"})
_MOST_ACCOUNTS = 20  # that one browser is asked about


def speaks_as_member(request: Request[Any]) -> bool:
    """Whether the cookie counts: a credential in a header goes first."""
    return not {"x-api-key", "authorization"} & set(request.headers.keys())


def set_cookie(response: Response, request: Request[Any], slug: str, token: str) -> None:
    """One cookie for each account, so that a person can be signed in to several."""
    response.set_cookie(
        _name(request, slug),
        token,
        max_age=int(LIFE.total_seconds()),
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, request: Request[Any], slug: str) -> None:
    response.delete_cookie(
        _name(request, slug),
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def cookie_of(request: Request[Any]) -> tuple[str, str]:
    """The account and the cookie's secret.

    Raises `Unauthenticated` code `credential` without them, and `Forbidden` code `foreign_origin`
    for a change that may come from somebody else's page.
    """
    slug = request.query_params.get(ACCOUNT)
    token = token_for(request, slug) if slug else ""
    if not slug or not token:
        message = "This address needs an API key, an access token, or a sign-in with accountSlug."
        raise Unauthenticated("credential", message)
    if request.method not in _READING:
        require_own_page(request)
    return slug, token


def accounts(request: Request[Any]) -> list[str]:
    """The accounts that the browser has a cookie of, whether it still counts or not."""
    prefix = _name(request, "")
    names = [name.removeprefix(prefix) for name in request.cookies if name.startswith(prefix)]
    return names[:_MOST_ACCOUNTS]


def token_for(request: Request[Any], slug: str) -> str:
    """The secret of the browser's cookie for an account; empty without one."""
    return request.cookies.get(_name(request, slug), "")


def require_own_page(request: Request[Any]) -> None:
    """Raises `Forbidden` code `foreign_origin`."""
    origin = request.headers.get("origin", "")
    if not (is_own_origin(request, origin) and request.headers.get(CHANGE_HEADER) == "1"):
        message = f"A change with a cookie needs our own Origin and the header {CHANGE_HEADER}: 1."
        raise Forbidden("foreign_origin", message)


def is_own_origin(request: Request[Any], origin: str) -> bool:
    """Whether pages of that origin are ours."""
    # Behind a proxy only the configured origin is known; before one, the host that was asked.
    if origin == request.state["services"].instance_url:
        return True
    parts = urlsplit(origin)
    return parts.scheme in {"http", "https"} and parts.netloc == request.headers.get("host")


def _name(request: Request[Any], slug: str) -> str:
    # The prefix makes browsers refuse the cookie from a subdomain or over plain HTTP.
    return f"__Host-vv-{slug}" if _is_secure(request) else f"vv-{slug}"


def _is_secure(request: Request[Any]) -> bool:
    return bool(request.state["services"].instance_url.startswith("https://"))
