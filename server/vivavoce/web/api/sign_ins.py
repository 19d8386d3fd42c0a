"""Signing in to the dashboard, and what a member does about their own sign-ins."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.services.sign_ins import Attempt
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Line
from vivavoce.web.api.member_shapes import (
    CallerShape,
    SignedInShape,
    SignInShape,
    account_view,
    member_view,
    sign_in_view,
)
from vivavoce.web.bodies import Body, read_body
from vivavoce.web.cookies import clear_cookie, require_own_page, set_cookie
from vivavoce.web.operations import GONE, Credential, Operation, many, one
from vivavoce.web.rate_limits import SIGN_IN, SIGN_IN_AS, client_address
from vivavoce.web.security import authenticate, signed_in
from vivavoce.web.state import State

_LONGEST = 1000  # of what is typed; what is too long for a password is simply a wrong one


class SignInBody(Body):
    accountSlug: str = Field(max_length=100)  # noqa: N815 (the contract's name)
    email: str = Field(max_length=254)
    password: str = Field(max_length=_LONGEST)


class AcceptBody(Body):
    invitation: str = Field(max_length=100)
    password: str = Field(max_length=_LONGEST)
    name: Line | None = None


class PasswordBody(Body):
    current_password: str = Field(max_length=_LONGEST)
    password: str = Field(max_length=_LONGEST)


@Operation(
    "Sign in to the dashboard.",
    Credential.PASSWORD,
    one(SignedInShape),
    body=SignInBody,
    errors={401: "sign_in", 403: "foreign_origin", 429: "rate_limited"},
)
async def sign_in(request: Request[State]) -> Response:
    """Sets a cookie, which counts in requests with `?accountSlug=`."""
    _require_welcome(request)
    body = await read_body(request, SignInBody)
    email = body.email.strip().lower()
    # Whoever guesses from many addresses guesses at one account.
    request.state["rate_limits"].take(SIGN_IN_AS, f"{body.accountSlug}\n{email}")
    user_agent = request.headers.get("user-agent", "")
    attempt = Attempt(body.accountSlug, email, body.password, user_agent)
    entered, token = await request.state["services"].sign_ins.sign_in(attempt)
    view = {
        "organization": account_view(entered.organization),
        "member": member_view(entered.member),
    }
    response = single(view)
    set_cookie(response, request, entered.organization.slug, token)
    return response


@Operation(
    "Accept an invitation: choose a password.",
    Credential.INVITATION,
    one(SignedInShape),
    body=AcceptBody,
    errors={400: "password", 401: "invitation", 403: "foreign_origin", 429: "rate_limited"},
)
async def accept_invitation(request: Request[State]) -> Response:
    """Afterwards sign in. An earlier password, and what was signed in with it, end."""
    _require_welcome(request)
    body = await read_body(request, AcceptBody)
    member, organization = await request.state["services"].sign_ins.accept(
        body.invitation, body.password, body.name
    )
    return single({"organization": account_view(organization), "member": member_view(member)})


@Operation(
    "Sign out.",
    Credential.COOKIE,
    GONE,
    errors={403: "foreign_origin"},
)
async def sign_out(request: Request[State]) -> Response:
    who = await signed_in(request)
    await request.state["services"].sign_ins.end(who.member.id, who.sign_in.id)
    response = removed()
    clear_cookie(response, request, who.organization.slug)
    return response


@Operation(
    "Change your password.",
    Credential.COOKIE,
    GONE,
    body=PasswordBody,
    errors={400: "password", 403: "foreign_origin password", 409: "changed_meanwhile"},
)
async def change_password(request: Request[State]) -> Response:
    """Every other sign-in ends."""
    who = await signed_in(request)
    body = await read_body(request, PasswordBody)
    request.state["rate_limits"].take(SIGN_IN_AS, who.member.id)
    await request.state["services"].sign_ins.change_password(
        who, body.current_password, body.password
    )
    return removed()


@Operation(
    "List where you are signed in; newest first.",
    Credential.COOKIE,
    many(SignInShape),
)
async def list_sign_ins(request: Request[State]) -> Response:
    """All of them, on one page."""
    who = await signed_in(request)
    sign_ins = await request.state["services"].sign_ins.of_member(who.member.id)
    views = [sign_in_view(one, who.sign_in.id) for one in sign_ins]
    return listing(views, page=1, page_size=max(1, len(views)), total=len(views))


@Operation(
    "Sign out of another browser.",
    Credential.COOKIE,
    GONE,
    errors={403: "foreign_origin", 404: "sign_in_not_found"},
)
async def end_sign_in(request: Request[State]) -> Response:
    who = await signed_in(request)
    sign_in_id = request.path_params["sign_in_id"]
    await request.state["services"].sign_ins.end(who.member.id, sign_in_id)
    return removed()


@Operation(
    "Read who you are, and what you may do.",
    Credential.ANY,
    one(CallerShape),
)
async def get_caller(request: Request[State]) -> Response:
    principal = await authenticate(request)
    services = request.state["services"]
    organization = await services.organizations.get(principal.organization_id)
    member = None
    if principal.member_id:
        member = await services.members.get(principal.organization_id, principal.member_id)
    view = {
        "organization": account_view(organization),
        "member": member_view(member) if member else None,
        "scopes": sorted(principal.scopes),
    }
    return single(view)


def _require_welcome(request: Request[State]) -> None:
    """Neither a flood nor a form on somebody else's page."""
    request.state["rate_limits"].take(SIGN_IN, client_address(request))
    if "origin" in request.headers:
        require_own_page(request)
