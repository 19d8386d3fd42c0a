"""The careers site of a customer: all that a site needs in order to embed an interview.

It serves one page, and it answers `POST /api/interview-token` with a launch token that says who the
candidate is. The signing key stays on this server; the browser only ever sees the token.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

SITE = Path(__file__).parent / "site"
pages = Jinja2Templates(SITE)


def launch_token(instance: str, embed_id: str, signing_key: str, applicant: str) -> str:
    now = datetime.now(UTC)
    claims = {
        "aud": instance,
        "sub": applicant,  # our own id of the candidate; comes back in results and webhooks
        "jti": str(uuid4()),  # each link is its own; `sub` leads back to an open interview
        "iat": now,
        "exp": now + timedelta(minutes=10),
        "name": "Robin Vale",
        "email": f"robin+{applicant[:8]}@example.org",
    }
    header = {"typ": "vv-launch+jwt", "kid": embed_id}
    return jwt.encode(claims, signing_key, algorithm="HS256", headers=header)


def create_app(
    instance: str, embed_id: str, signing_key: str, results_url: str = "", apply_url: str = ""
) -> Starlette:
    """`results_url` is of the demo only: where the recruiter reads what the candidate said.
    `apply_url` is the platform's own page of the position.
    """
    headers = {
        "Content-Security-Policy": f"default-src 'self'; script-src {instance} 'self'; "
        f"frame-src {instance}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "Permissions-Policy": f'microphone=(self "{instance}"), autoplay=(self "{instance}"), '
        f'screen-wake-lock=(self "{instance}"), fullscreen=(self "{instance}")',
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }

    async def job_page(request: Request) -> Response:
        facts = {
            "instance": instance,
            "embed_id": embed_id,
            "results_url": results_url,
            "apply_url": apply_url,
        }
        page = pages.TemplateResponse(request, "job.html", facts, headers=headers)
        if "applicant" not in request.cookies:  # a real site knows who is signed in
            page.set_cookie("applicant", str(uuid4()), httponly=True, samesite="lax")
        return page

    async def interview_token(request: Request) -> Response:
        applicant = request.cookies.get("applicant")
        if applicant is None:
            return JSONResponse({"error": "Open the job page first."}, status_code=401)
        token = launch_token(instance, embed_id, signing_key, applicant)
        return JSONResponse({"token": token}, headers={"Cache-Control": "no-store"})

    async def start_over(_: Request) -> Response:
        answer = RedirectResponse("/#interview", status_code=303)
        answer.set_cookie("applicant", str(uuid4()), httponly=True, samesite="lax")
        return answer

    return Starlette(
        routes=[
            Route("/", job_page),
            Route("/api/interview-token", interview_token, methods=["POST"]),
            Route("/start-over", start_over, methods=["POST"]),
            Mount("/site", StaticFiles(directory=SITE)),
        ]
    )
