"""Where the dashboard is: its pages by their names, signing in in place of any of them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from vivavoce.core.errors import Unauthenticated
from vivavoce.services.sign_ins import SignedIn
from vivavoce.web.cookies import ACCOUNT, accounts, token_for
from vivavoce.web.dashboard import addresses
from vivavoce.web.dashboard.navigation import PAGES, groups_for
from vivavoce.web.dashboard.rendering import dashboard_files, render
from vivavoce.web.dashboard.sign_in import sign_in_page
from vivavoce.web.security import signed_in
from vivavoce.web.staff.pages import staff_files
from vivavoce.web.state import State


def dashboard_routes() -> list[BaseRoute]:
    return [
        Route("/", to_dashboard, name="root"),
        staff_files(),
        dashboard_files(),
        Route(addresses.INVITATION, invitation, name="invitation_page"),
        Route(addresses.HOME, page, name="dashboard"),
        Route(addresses.HOME + "/{name}", page, name="dashboard_page"),
    ]


async def to_dashboard(_: Request[State]) -> Response:
    return RedirectResponse(addresses.HOME, 303)


async def invitation(request: Request[State]) -> Response:
    """Its secret is in the fragment, so whoever opens the page has used up nothing."""
    return render(request, "invitation.html", {})


async def page(request: Request[State]) -> Response:
    if ACCOUNT not in request.query_params:
        return await _without_account(request)
    try:
        who = await signed_in(request)
    except Unauthenticated:
        return sign_in_page(request)
    return _shown(request, who)


async def _without_account(request: Request[State]) -> Response:
    """To the account that the browser is signed in to, if there is one."""
    for slug in accounts(request):
        try:
            await request.state["services"].sign_ins.authenticate(slug, token_for(request, slug))
        except Unauthenticated:
            continue
        wanted = addresses.dashboard_page(slug, request.path_params.get("name", ""))
        return RedirectResponse(wanted, 303)
    return sign_in_page(request)


def _shown(request: Request[State], who: SignedIn) -> Response:
    wanted = PAGES.get(request.path_params.get("name", ""))
    slug = who.organization.slug
    facts = {
        "account": who.organization,
        "member": who.member,
        "groups": groups_for(who.principal),
        "scopes": " ".join(sorted(who.principal.scopes)),
        "others": [other for other in accounts(request) if other != slug],
        "address": lambda name="": addresses.dashboard_page(slug, name),
        "home_of": addresses.dashboard_page,
        "page": wanted,
    }
    if wanted is None:
        return render(request, "missing.html", facts, 404)
    if not wanted.is_open_to(who.principal):
        return render(request, "closed.html", facts, 403)
    return render(request, "account.html" if wanted.name == "account" else "page.html", facts)
