"""Evalyo's agent workflow: an outside agent leads an interview from its first turn to the report.

The credential is the organization's agent secret, or a token for one session made with it. An API
key opens none of these addresses, so that whoever may read results cannot write them.
"""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.errors import Forbidden, NotFound, Unauthenticated
from vivavoce.core.timestamps import to_text
from vivavoce.services.outside_agents import MOST_TURNS
from vivavoce.services.reports import report_status
from vivavoce.web.answers import single
from vivavoce.web.bodies import read_body
from vivavoce.web.compat.evalyo_bodies import FinalizeRequest, TurnCorrection, TurnRequest
from vivavoce.web.compat.evalyo_status import interview_status
from vivavoce.web.compat.evalyo_views import interview_details, turn_view, turn_views
from vivavoce.web.compat.shapes import (
    AgentTokenShape,
    AgentTurnShape,
    FinalizedInterviewShape,
    InterviewHistoryShape,
)
from vivavoce.web.operations import Credential, Operation, one
from vivavoce.web.security import authenticate
from vivavoce.web.state import State


@Operation(
    "Make a token for an agent that leads this interview alone.",
    Credential.AGENT_SECRET,
    one(AgentTokenShape, 201),
    errors={404: "session_not_found"},
)
async def create_token(request: Request[State]) -> Response:
    """For an agent that leads this interview alone; made with the agent secret only."""
    interview_id = await _admitted(request, with_secret_only=True)
    token, expires_at = request.state["services"].session_tokens.issue(interview_id)
    answer = {"token": token, "interviewId": interview_id, "expiresAt": to_text(expires_at)}
    return single(answer, 201)


@Operation(
    "Write down the next turn.",
    Credential.AGENT,
    one(AgentTurnShape, 201),
    body=TurnRequest,
    also=(200,),
    errors={
        404: "session_not_found",
        409: "turn_number session_state conductor invitation_expired too_many_turns",
    },
)
async def create_turn(request: Request[State]) -> Response:
    interview_id = await _admitted(request)
    body = await read_body(request, TurnRequest)
    turn, is_new = await request.state["services"].outside_agents.record_turn(
        interview_id, body.said()
    )
    return single(turn_view(turn), 201 if is_new else 200)


@Operation(
    "Correct the words of a turn.",
    Credential.AGENT,
    one(AgentTurnShape),
    body=TurnCorrection,
    errors={404: "session_not_found turn_not_found", 409: "session_state conductor"},
)
async def correct_turn(request: Request[State]) -> Response:
    interview_id = await _admitted(request)
    number = _turn_number(request.path_params["turn_number"])
    body = await read_body(request, TurnCorrection)
    turn = await request.state["services"].outside_agents.correct_turn(
        interview_id, number, body.correction()
    )
    return single(turn_view(turn))


@Operation(
    "Read all turns so far.",
    Credential.AGENT,
    one(InterviewHistoryShape),
    errors={404: "session_not_found"},
)
async def get_history(request: Request[State]) -> Response:
    interview_id = await _admitted(request)
    services = request.state["services"]
    session, turns = await services.outside_agents.history(interview_id)
    answer = {
        "interviewId": session.id,
        "status": interview_status(session, services.clock.now()),
        "turns": turn_views(turns),
    }
    return single(answer)


@Operation(
    "End the interview, and have the report written.",
    Credential.AGENT,
    one(FinalizedInterviewShape),
    body=FinalizeRequest,
    errors={400: "ended_at", 404: "session_not_found", 409: "session_state conductor"},
)
async def finalize(request: Request[State]) -> Response:
    interview_id = await _admitted(request)
    body = await read_body(request, FinalizeRequest)
    services = request.state["services"]
    session = await services.outside_agents.finalize(interview_id, body.ending())
    request.state["finish"](session.id)
    record = await services.sessions.read(session.organization_id, session.id)
    answer = interview_details(record, services.clock.now())
    return single({**answer, "reportStatus": report_status(record)})


async def _admitted(request: Request[State], *, with_secret_only: bool = False) -> str:
    """The interview of the address, for a credential that may lead it.

    Raises `Unauthenticated`, `Forbidden` codes `agent_credential` and `session_token`, `NotFound`.
    """
    services = request.state["services"]
    interview_id: str = request.path_params["interview_id"]
    secret = request.headers.get("x-agent-secret")
    if secret is not None:
        organization = await services.credentials.authenticate_agent(secret)
        await services.outside_agents.require_own(organization.id, interview_id)
        return interview_id
    token = _bearer(request)
    if services.session_tokens.is_one(token):
        if services.session_tokens.verify(token) != interview_id or with_secret_only:
            raise Forbidden("session_token", "This token does not open this address.")
        return interview_id
    if "x-api-key" in request.headers or token:
        await authenticate(request)
        raise Forbidden("agent_credential", "This address needs the agent secret.")
    raise Unauthenticated("credential", "This address needs the agent secret.")


def _bearer(request: Request[State]) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _turn_number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_TURNS)):
        return int(text)
    raise NotFound("turn_not_found", "This interview has no such turn.")
