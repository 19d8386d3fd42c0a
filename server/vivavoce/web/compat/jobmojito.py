"""The JobMojito view: interviews made from a list of questions."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.scopes import Scope
from vivavoce.web.bodies import read_body
from vivavoce.web.compat.jobmojito_bodies import QuestionListRequest
from vivavoce.web.compat.jobmojito_errors import UNFIT, refused_as_jobmojito
from vivavoce.web.compat.shapes import AvatarsShape, MadeInterviewShape
from vivavoce.web.operations import Operation, bare
from vivavoce.web.security import authorize
from vivavoce.web.state import State

_PRIVATE = {"cache-control": "no-store"}
_MOST_AVATARS = 100


@Operation(
    "Make an interview from a list of questions.",
    Scope.EVALUATION_TEMPLATES_WRITE,
    bare(MadeInterviewShape, 201),
    body=QuestionListRequest,
    unfit=UNFIT,
    errors={
        403: "merchant",
        404: "agent_profile_not_found",
        422: "questions knowledge_base_not_found",
    },
)
@refused_as_jobmojito
async def create_interview(request: Request[State]) -> Response:
    """Base questions are asked exactly as written."""
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_WRITE)
    body = await read_body(request, QuestionListRequest)
    created = await request.state["services"].interviews.create_from_questions(
        principal.organization_id, body.fields(), body.allowed_origins
    )
    answer = {"interview_def_set_id": created.template.id}
    if created.embed is not None:
        answer["embed_id"] = created.embed.id
        answer["embed_signing_key"] = created.embed.signing_keys[0]
    return JSONResponse(answer, 201, headers=_PRIVATE)


@Operation(
    "List the interviewers.",
    Scope.INTERVIEWS_READ,
    bare(AvatarsShape),
)
@refused_as_jobmojito
async def list_avatars(request: Request[State]) -> Response:
    """The interviewers that `interview_template_id` may name."""
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    profiles, _ = await request.state["services"].agent_profiles.page(
        principal.organization_id, 1, _MOST_AVATARS
    )
    return JSONResponse({"data": [_avatar(profile) for profile in profiles]}, headers=_PRIVATE)


def _avatar(profile: AgentProfile) -> dict[str, str]:
    return {
        "id": profile.id,
        "interview_template_id": profile.id,
        "name": profile.name,
        "description": profile.persona,
    }
