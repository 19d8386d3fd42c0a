"""Participants of the native API."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.participant_details import (
    Background,
    ParticipantDetails,
    ParticipantProfile,
)
from vivavoce.core.scopes import Scope
from vivavoce.core.session import Participant, ParticipantFilter
from vivavoce.core.timestamps import to_text
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Email, Id, Line, ShortLine, Url, seen_revisions
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import ParticipantShape
from vivavoce.web.bodies import Body, changed, read_body, read_object, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

Lines = Annotated[list[Line], Field(max_length=100)]
_READ_ONLY = frozenset({"id", "created_at"})


class ParticipantQuery(PageQuery):
    ids: Annotated[str, StringConstraints(max_length=6500)] | None = None
    evaluation_template_id: Id | None = None
    email: Email | None = None
    external_id: str | None = Field(default=None, max_length=255)
    tag: str | None = Field(default=None, max_length=300)


class ProfileBody(Body):
    model_config = ConfigDict(alias_generator=to_camel)

    title: ShortLine | None = None
    organization: ShortLine | None = None
    experience_level: ShortLine | None = None
    location: ShortLine | None = None


class BackgroundBody(Body):
    skills: Lines = Field(default_factory=list)
    education: Annotated[str, Field(max_length=2000)] | None = None
    languages: Lines = Field(default_factory=list)


class ParticipantBody(Body):
    name: Line
    email: Email
    evaluation_template_id: Id | None = None
    external_id: Annotated[ShortLine, Field(min_length=1, max_length=255)] | None = None
    profile: ProfileBody = Field(default_factory=ProfileBody)
    background: BackgroundBody = Field(default_factory=BackgroundBody)
    resume_url: Url | None = None
    tags: Lines = Field(default_factory=list)
    phone: Annotated[ShortLine, Field(max_length=50)] | None = None

    def fill(self, before: Participant) -> Participant:
        return replace(
            before,
            name=self.name,
            email=self.email,
            template_id=self.evaluation_template_id,
            external_id=self.external_id,
            phone=self.phone,
            resume_url=self.resume_url,
            details=ParticipantDetails(
                profile=ParticipantProfile(
                    self.profile.title,
                    self.profile.organization,
                    self.profile.experience_level,
                    self.profile.location,
                ),
                background=Background(
                    tuple(self.background.skills),
                    self.background.education,
                    tuple(self.background.languages),
                ),
                tags=tuple(dict.fromkeys(self.tags)),
            ),
        )


@Operation(
    "List participants; newest first.",
    Scope.CANDIDATES_READ,
    many(ParticipantShape),
    query=ParticipantQuery,
)
async def list_participants(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_READ)
    query = read_query(request, ParticipantQuery)
    chosen = ParticipantFilter(
        ids=None if query.ids is None else tuple(query.ids.split(",")),
        email=query.email,
        template_id=query.evaluation_template_id,
        page=query.page,
        page_size=query.pageSize,
        external_id=query.external_id,
        tag=query.tag,
    )
    participants, total = await request.state["services"].participants.page(
        principal.organization_id, chosen
    )
    views = [participant_view(participant) for participant in participants]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one participant.",
    Scope.CANDIDATES_READ,
    one(ParticipantShape),
    errors={404: "participant_not_found"},
)
async def get_participant(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_READ)
    participant = await request.state["services"].participants.get(
        principal.organization_id, request.path_params["participant_id"]
    )
    return single(participant_view(participant), revision=participant.revision)


@Operation(
    "Add a person to be evaluated; makes the application too.",
    Scope.CANDIDATES_WRITE,
    one(ParticipantShape, 201),
    body=ParticipantBody,
    errors={404: "template_not_found", 409: "participant_exists"},
)
async def create_participant(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    body = await read_body(request, ParticipantBody)
    participant = await request.state["services"].participants.create(
        principal.organization_id, body.fill
    )
    return single(participant_view(participant), 201, revision=participant.revision)


@Operation(
    "Change what is known about a participant.",
    Scope.CANDIDATES_WRITE,
    one(ParticipantShape),
    body=ParticipantBody,
    partial=True,
    revised=True,
    errors={
        400: "participant_template",
        404: "participant_not_found template_not_found",
        409: "participant_exists",
    },
)
async def change_participant(request: Request[State]) -> Response:
    """What is not sent stays; lists are replaced as a whole."""
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    edit = _edit(await read_object(request))
    participant = await request.state["services"].participants.change(
        principal.organization_id,
        request.path_params["participant_id"],
        seen_revisions(request),
        edit,
    )
    return single(participant_view(participant), revision=participant.revision)


@Operation(
    "Forget who somebody was; what has not begun is cancelled.",
    Scope.CANDIDATES_DELETE,
    GONE,
    revised=True,
    errors={404: "participant_not_found", 409: "application_state"},
)
async def delete_participant(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_DELETE)
    await request.state["services"].participants.remove(
        principal.organization_id, request.path_params["participant_id"], seen_revisions(request)
    )
    return removed()


def participant_view(participant: Participant) -> dict[str, Any]:
    profile, background = participant.details.profile, participant.details.background
    return {
        "id": participant.id,
        "name": participant.name,
        "email": participant.email,
        "evaluation_template_id": participant.template_id,
        "external_id": participant.external_id,
        "profile": {
            "title": profile.title,
            "organization": profile.organization,
            "experienceLevel": profile.experience_level,
            "location": profile.location,
        },
        "background": {
            "skills": list(background.skills),
            "education": background.education,
            "languages": list(background.languages),
        },
        "resume_url": participant.resume_url,
        "tags": list(participant.details.tags),
        "phone": participant.phone,
        "created_at": to_text(participant.created_at),
    }


def _edit(sent: dict[str, Any]) -> Callable[[Participant], Participant]:
    def edit(before: Participant) -> Participant:
        view = participant_view(before)
        writable = {name: value for name, value in view.items() if name not in _READ_ONLY}
        return changed(writable, sent, ParticipantBody).fill(before)

    return edit
