"""The public pages, rendered here, without script and without cookie.

A form is answered by a redirect to a page of its own, so that going back or reloading sends nothing
again. That page has an address which nobody can guess, and shows nothing to whoever has not told
the code.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from vivavoce.core.applying import ApplyForm, read_form
from vivavoce.core.consent import POLICY_VERSION
from vivavoce.core.errors import VivavoceError
from vivavoce.core.posting import Bullets, Heading, image_origin
from vivavoce.services.postings import Posting
from vivavoce.web.apply import views
from vivavoce.web.apply.forms import read_application, read_code, require_own_form
from vivavoce.web.apply.texts import (
    LANGUAGE,
    Language,
    Translate,
    language_of,
    languages,
    translator,
    visitor_language,
)
from vivavoce.web.operations import Answer, Credential, Operation, file
from vivavoce.web.rate_limits import (
    APPLY,
    APPLY_CODE,
    APPLY_FOR,
    TooManyRequests,
    client_address,
)
from vivavoce.web.state import State

_PAGES = Jinja2Templates(Path(__file__).parent / "templates")
_PAGES.env.tests.update(
    {
        "bullets": lambda block: isinstance(block, Bullets),
        "heading": lambda block: isinstance(block, Heading),
    }
)
_SENT = "sent"
_CLOSED = "posting_not_found posting_closed posting_not_open_yet"
_APPLICATION = {
    "name": "Robin Vale",
    "email": "robin@example.org",
    "phone": "+49 30 123456",
    "resume": "@resume.pdf",
    "language": "en",
    "policy_version": POLICY_VERSION,
    "consent_ai_interview": "yes",
    "consent_recording": "yes",
}


@dataclass(frozen=True)
class Visit:
    """A request and the language that it is answered in."""

    request: Request[Any]
    language: Language
    t: Translate

    @property
    def slug(self) -> str:
        return str(self.request.path_params["slug"])

    @property
    def handle(self) -> str:
        return str(self.request.path_params["handle"])

    def render(self, name: str, facts: dict[str, Any], status: int = 200) -> Response:
        shown = {
            "language": self.language,
            "languages": languages(),
            "t": self.t,
            "slug": self.slug,
            "handle": self.request.path_params.get("handle"),
            "path": self.request.url.path.removesuffix("/code"),
            **facts,
        }
        headers = _headers(facts.get("picture"))
        return _PAGES.TemplateResponse(self.request, name, shown, status, headers=headers)

    def refuse(self, error: VivavoceError) -> Response:
        facts = views.refusal_facts(error.code, self.t)
        answer = self.render("refused.html", facts, error.status)
        if isinstance(error, TooManyRequests):
            answer.headers["retry-after"] = str(error.retry_after)
        return answer


@Operation(
    "Show a position to whoever may apply for it.",
    Credential.NOTHING,
    file("text/html"),
    pages=True,
    errors={404: "posting_not_found", 409: "posting_not_open_yet", 410: "posting_closed"},
)
async def posting_page(request: Request[State]) -> Response:
    """In the visitor's language: `?lang=`, else `Accept-Language`, else the interview's."""
    try:
        posting = await request.state["services"].applying.posting(request.path_params["slug"])
    except VivavoceError as error:
        return _visit(request).refuse(error)
    visit = _visit(request, posting.template.language)
    return _posting(visit, posting, views.FormView())


@Operation(
    "Apply for a position.",
    Credential.NOTHING,
    Answer(303, media_type="text/html"),
    form=_APPLICATION,
    optional=frozenset({"phone", "resume"}),
    pages=True,
    errors={
        400: "fields document_type",
        404: "posting_not_found",
        409: "posting_not_open_yet",
        410: "posting_closed",
        413: "document_too_large",
        422: "document_type document_unreadable document_encrypted document_too_long "
        "document_empty",
        429: "rate_limited",
    },
)
async def submit(request: Request[State]) -> Response:
    """A code is mailed, whether or not the address has applied before; 303 leads to its page."""
    services, limits = request.state["services"], request.state["rate_limits"]
    visit = _visit(request)
    try:
        limits.take(APPLY, client_address(request))
        require_own_form(request)
        posting = await services.applying.posting(visit.slug)
        limits.take(APPLY_FOR, posting.template.id)
        visit = _visit(request, posting.template.language)
        fields, resume = await read_application(request)
    except VivavoceError as error:
        return visit.refuse(error)
    form = read_form(fields)
    if not isinstance(form, ApplyForm):
        errors = views.field_errors(form, visit.t)
        shown = views.FormView(fields, errors, asks_file_again=resume is not None)
        return _posting(visit, posting, shown, 400)
    try:
        handle = await services.applying.begin(visit.slug, form, visit.language.code, resume)
    except VivavoceError as error:
        wrong_file = views.file_error(error.code, visit.t)
        if wrong_file is None:
            return visit.refuse(error)
        return _posting(visit, posting, views.FormView(fields, wrong_file), error.status)
    return _to(visit, handle)


@Operation(
    "Show how far an application has got.",
    Credential.NOTHING,
    file("text/html"),
    pages=True,
    errors={404: "request_not_found"},
)
async def request_page(request: Request[State]) -> Response:
    """Asks for the code; once it was told, says what happens next."""
    return await _progress(request, None)


@Operation(
    "Tell the code, and so prove the address.",
    Credential.NOTHING,
    Answer(303, media_type="text/html"),
    form={"code": "123456"},
    pages=True,
    errors={
        400: "code_wrong",
        404: "request_not_found posting_not_found",
        409: "posting_not_open_yet",
        410: "code_expired posting_closed",
        413: "body_too_large",
        429: "code_used_up rate_limited",
    },
)
async def confirm(request: Request[State]) -> Response:
    """Makes the participant and the application; again and again it is the same one."""
    visit = _visit(request)
    try:
        request.state["rate_limits"].take(APPLY_CODE, client_address(request))
        require_own_form(request)
        code = await read_code(request)
        await request.state["services"].applying.confirm(visit.slug, visit.handle, code)
    except VivavoceError as error:
        return await _progress(request, error)
    return _to(visit, visit.handle)


@Operation(
    "Ask for another code.",
    Credential.NOTHING,
    Answer(303, media_type="text/html"),
    pages=True,
    errors={
        403: "foreign_origin",
        404: "request_not_found posting_not_found",
        409: "posting_not_open_yet",
        410: "posting_closed",
        429: "code_too_soon codes_used_up rate_limited",
    },
)
async def send_code(request: Request[State]) -> Response:
    """The one before it is good no longer."""
    visit = _visit(request)
    try:
        request.state["rate_limits"].take(APPLY_CODE, client_address(request))
        require_own_form(request)
        await request.state["services"].applying.send_again(visit.slug, visit.handle)
    except VivavoceError as error:
        return await _progress(request, error)
    return _to(visit, visit.handle, f"{_SENT}=1")


async def _progress(request: Request[State], problem: VivavoceError | None) -> Response:
    """The page of a request, also where something was wrong with its code."""
    visit = _visit(request)
    if problem is not None and problem.code not in views.OF_CODES:
        return visit.refuse(problem)
    try:
        progress = await request.state["services"].applying.progress(visit.slug, visit.handle)
    except VivavoceError as error:
        return visit.refuse(error)
    visit = _visit(request, progress.request.language, prefers_browser=False)
    code = problem.code if problem else None
    was_sent = request.query_params.get(_SENT) == "1" and problem is None
    if progress.standing is not None:
        facts = views.standing_facts(progress, progress.standing, visit.t)
        return visit.render("done.html", facts)
    facts = views.code_facts(progress, code, was_sent=was_sent)
    return visit.render("code.html", facts, problem.status if problem else 200)


def _posting(visit: Visit, posting: Posting, form: views.FormView, status: int = 200) -> Response:
    facts = views.posting_facts(posting, visit.language, form)
    return visit.render("posting.html", facts, status)


def _visit(
    request: Request[State], otherwise: str = "en", *, prefers_browser: bool = True
) -> Visit:
    asked = prefers_browser or LANGUAGE in request.query_params
    code = visitor_language(request, otherwise) if asked else otherwise
    return Visit(request, language_of(code), translator(code))


def _to(visit: Visit, handle: str, query: str = "") -> Response:
    told = "?" + query if query else ""
    address = f"/apply/{visit.slug}/{handle}{told}"
    return RedirectResponse(address, 303, headers=_headers(None))


def _headers(picture: str | None) -> dict[str, str]:
    pictures = f" {image_origin(picture)}" if picture else ""
    return {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
        f"img-src 'self' data:{pictures}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
        # Forms of a page without any referrer would not say where they come from.
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
