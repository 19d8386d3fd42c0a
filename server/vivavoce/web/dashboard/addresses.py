"""The addresses of the pages for members; each names its account, as the cookie wants it."""

from urllib.parse import quote, urlencode

from vivavoce.web.cookies import ACCOUNT

HOME = "/dashboard"
INVITATION = f"{HOME}/invitation"


def dashboard_page(slug: str, name: str = "") -> str:
    """The home of an account, or one of its pages."""
    path = f"{HOME}/{name}" if name else HOME
    return f"{path}?{urlencode({ACCOUNT: slug})}"


def result_page(slug: str, session_id: str) -> str:
    return f"/results/{quote(session_id)}?{urlencode({ACCOUNT: slug})}"


def invitation_page(instance: str, invitation: str) -> str:
    """What is handed to somebody who is invited. A server never sees what follows the `#`."""
    return f"{instance}{INVITATION}#{invitation}"
