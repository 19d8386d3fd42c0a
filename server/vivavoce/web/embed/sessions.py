"""The exchange of a link or a resume handle for a session, and the move to a tab of its own."""

from dataclasses import asdict
from math import ceil, floor
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.errors import Invalid
from vivavoce.services.admission import QueuePlace
from vivavoce.services.callers import Caller, Callers
from vivavoce.services.launch_tokens import SignedLink
from vivavoce.services.launches import Admission, Launches
from vivavoce.web.answers import single
from vivavoce.web.bodies import Body, read_body
from vivavoce.web.operations import Credential, Operation, Shape, one
from vivavoce.web.rate_limits import EMBED_QUEUE, EMBED_SESSION, client_address
from vivavoce.web.state import State

ASK_AGAIN_SECONDS = 5


class SignedForm(Body):
    embed_id: str = Field(max_length=100)
    name: str = Field(default="", max_length=254)
    email: str = Field(default="", max_length=254)
    external_id: str = Field(default="", max_length=254)
    expires: str | int
    signature: str = Field(max_length=64)

    def link(self) -> SignedLink:
        return SignedLink(**{**self.model_dump(), "expires": str(self.expires)})


class SessionForm(Body):
    """One of `launch_token`, `invitation`, `signed`, `code`, or `session_id` with `resume_handle`.

    A link may come with the `resume_handle` that an earlier exchange of it gave to this browser.
    """

    launch_token: str | None = None
    invitation: str | None = None
    signed: SignedForm | None = None
    code: str | None = Field(default=None, max_length=100)
    session_id: str | None = Field(default=None, max_length=64)
    resume_handle: str | None = Field(default=None, max_length=100)
    embed_id: str | None = Field(default=None, max_length=100)


class PopoutForm(Body):
    session_id: str = Field(max_length=64)
    resume_handle: str = Field(max_length=100)


class AdmissionShape(Shape):
    session_id: str
    resume_handle: str
    ticket: str
    ws_url: str
    expires_in: int


class QueuePlaceShape(Shape):
    """Ask again after `ask_again_seconds`, or the place is lost. Once `may_enter`, exchange the
    link within `enter_within_seconds`. `wait_seconds` is null when nothing is known about it.
    """

    position: int
    of: int
    wait_seconds: int | None
    may_enter: bool
    enter_within_seconds: int | None
    passed_over: bool
    ask_again_seconds: int


class PopoutShape(Shape):
    url: str


REFUSALS = {
    400: "one_credential",
    401: "token_key token_malformed token_signature token_claims token_expired token_life "
    "signature popout_code resume_handle",
    403: "unsigned_not_allowed",
    404: "embed_not_found interview_not_found template_not_found",
    409: "launch_in_use interview_closed attempts_used invitation_expired session_ended conductor "
    "campaign_closed",
    429: "rate_limited",
    503: "capacity queue_full",
}


@Operation(
    "Exchange a link for a place in the interview.",
    Credential.SIGNED_LINK,
    one(AdmissionShape, 201),
    body=SessionForm,
    errors=REFUSALS,
)
async def create_session(request: Request[State]) -> Response:
    request.state["rate_limits"].take(EMBED_SESSION, client_address(request))
    form = await read_body(request, SessionForm)
    launches, admission = request.state["services"].launches, request.state["admission"]
    caller = await _caller(request.state["services"].callers, form)
    if caller is None:  # a code, which an interview that is here gave to its own second tab
        return single(asdict(await _exchange(launches, form)), 201)
    # Before the link is bound: whoever is sent away now can come back with the same one.
    admission.hold(caller)
    try:
        granted = await _exchange(launches, form)
        admission.seat(caller, granted.session_id)
    finally:
        admission.let_go(caller)
    return single(asdict(granted), 201)


@Operation(
    "Wait for a place in the interview, and go on waiting.",
    Credential.SIGNED_LINK,
    one(QueuePlaceShape),
    body=SessionForm,
    errors=REFUSALS,
)
async def queue(request: Request[State]) -> Response:
    request.state["rate_limits"].take(EMBED_QUEUE, client_address(request))
    form = await read_body(request, SessionForm)
    caller = await _caller(request.state["services"].callers, form)
    if caller is None:
        raise Invalid("one_credential", "Nobody waits with a code.")
    return single(_place(request.state["admission"].ask(caller)))


def _place(place: QueuePlace) -> dict[str, Any]:
    standing, wait = place.standing, place.wait_seconds
    invited = standing.invited_seconds
    return {
        "position": standing.position,
        "of": standing.of,
        "wait_seconds": None if wait is None else ceil(wait),
        "may_enter": standing.may_enter,
        "enter_within_seconds": None if invited is None else floor(invited),
        "passed_over": standing.passed_over,
        "ask_again_seconds": ASK_AGAIN_SECONDS,
    }


@Operation(
    "Make a one-time address, to go on in a tab of its own.",
    Credential.SIGNED_LINK,
    one(PopoutShape, 201),
    body=PopoutForm,
    errors={401: "resume_handle", 409: "session_ended", 429: "rate_limited"},
)
async def create_popout(request: Request[State]) -> Response:
    request.state["rate_limits"].take(EMBED_SESSION, client_address(request))
    form = await read_body(request, PopoutForm)
    launches = request.state["services"].launches
    return single({"url": await launches.popout(form.session_id, form.resume_handle)}, 201)


async def _caller(callers: Callers, form: SessionForm) -> Caller | None:
    """Who it is, by the same credential that the exchange takes; None with a code or nothing."""
    _require_one(form)
    if form.launch_token is not None:
        return await callers.with_launch(form.launch_token, form.resume_handle)
    if form.invitation is not None:
        return await callers.with_invitation(form.invitation, form.resume_handle)
    if form.signed is not None:
        return await callers.with_signed(form.signed.link(), form.resume_handle)
    if form.session_id is not None and form.resume_handle is not None:
        return await callers.with_handle(form.session_id, form.resume_handle)
    return None


def _require_one(form: SessionForm) -> None:
    credentials = (form.launch_token, form.invitation, form.signed, form.code, form.session_id)
    if sum(credential is not None for credential in credentials) > 1:
        raise Invalid("one_credential", "The body must hold one credential only.")


async def _exchange(launches: Launches, form: SessionForm) -> Admission:
    if form.launch_token is not None:
        return await launches.exchange_launch(form.launch_token, form.resume_handle)
    if form.invitation is not None:
        return await launches.exchange_invitation(form.invitation, form.resume_handle)
    if form.signed is not None:
        return await launches.exchange_signed(form.signed.link(), form.resume_handle)
    if form.code is not None:
        return await launches.exchange_popout(form.code)
    if form.session_id is not None and form.resume_handle is not None:
        return await launches.resume(form.session_id, form.resume_handle)
    return await launches.refuse_unsigned()
