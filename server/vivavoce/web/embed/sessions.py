"""The exchange of a link or a resume handle for a session, and the move to a tab of its own."""

from dataclasses import asdict

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.errors import AtCapacity, Invalid
from vivavoce.services.launch_tokens import SignedLink
from vivavoce.services.launches import Admission, Launches
from vivavoce.web.answers import single
from vivavoce.web.bodies import Body, read_body
from vivavoce.web.operations import Credential, Operation, Shape, one
from vivavoce.web.rate_limits import EMBED_SESSION, client_address
from vivavoce.web.state import State


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
    503: "capacity",
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
    # Before the link is bound: whoever is sent away now can come back with the same one.
    if not request.state["has_place"](form.session_id):
        raise AtCapacity("capacity", "All interviewers are busy. Please try again in some minutes.")
    admission = await _exchange(request.state["services"].launches, form)
    return single(asdict(admission), 201)


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


async def _exchange(launches: Launches, form: SessionForm) -> Admission:
    credentials = (form.launch_token, form.invitation, form.signed, form.code, form.session_id)
    if sum(credential is not None for credential in credentials) > 1:
        raise Invalid("one_credential", "The body must hold one credential only.")
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
