"""The page for whoever is not signed in, shown in place of what they asked for."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.web.cookies import ACCOUNT
from vivavoce.web.dashboard.rendering import render


def sign_in_page(request: Request[Any]) -> Response:
    """It stays at the address that was asked for; signing in leads there and nowhere else."""
    facts = {"account": request.query_params.get(ACCOUNT, "")[:100]}
    answer = render(request, "sign_in.html", facts, 401)
    answer.headers["www-authenticate"] = "Bearer"
    return answer
