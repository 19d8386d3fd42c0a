"""What Evalyo's clients send, with limits that make a bad value visible."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from vivavoce.core.campaign import CampaignStatus
from vivavoce.core.session import ParticipantFilter
from vivavoce.core.template import TemplateFilter
from vivavoce.core.transcript import AgentNotes, Speaker
from vivavoce.services.campaigns import NewCampaign
from vivavoce.services.candidates import NewCandidate
from vivavoce.services.jobs import NewJob
from vivavoce.services.outside_agents import MOST_TURNS, Correction, Ending, Said
from vivavoce.services.scheduling import InterviewOrder
from vivavoce.web.api.fields import Email, Id, Language, Line, Long, Moment, Url
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import Body
from vivavoce.web.compat.evalyo_status import InterviewStatus
from vivavoce.web.compat.jobmojito_bodies import Seniority

LARGEST_EVALUATION_BYTES = 32 * 1024
_SPEAKERS = {"agent": Speaker.INTERVIEWER, "candidate": Speaker.CANDIDATE}


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value).encode()) > LARGEST_EVALUATION_BYTES:
        raise ValueError(f"may hold at most {LARGEST_EVALUATION_BYTES} bytes")
    return value


Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S")]
Evaluation = Annotated[dict[str, Any], AfterValidator(_small)]
QuestionText = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]
JobState = Literal["DRAFT", "ACTIVE"]
CampaignState = Literal["DRAFT", "ACTIVE", "CLOSED"]


class CamelBody(Body):
    model_config = ConfigDict(alias_generator=to_camel)


class InterviewsQuery(PageQuery):
    status: InterviewStatus | None = None
    jobId: Id | None = None  # noqa: N815 (the contract's name)
    campaignId: Id | None = None  # noqa: N815 (the contract's name)


class InterviewRequest(CamelBody):
    candidate_id: Id
    job_id: Id
    campaign_id: Id | None = None
    stage_id: Id | None = None
    config_id: Id | None = None
    expires_at: Moment | None = None
    send_invite: bool = True

    def order(self) -> InterviewOrder:
        return InterviewOrder(
            participant_id=self.candidate_id,
            template_id=self.job_id,
            campaign_id=self.campaign_id,
            stage_id=self.stage_id,
            agent_profile_id=self.config_id,
            expires_at=self.expires_at,
            withhold_invitation=not self.send_invite,
        )


class TurnRequest(CamelBody):
    turn_number: int = Field(ge=1, le=MOST_TURNS)
    role: Literal["agent", "candidate"]
    content: Long | None = None
    audio_url: Url | None = None
    is_pending_question: bool | None = None
    evaluation: Evaluation | None = None

    def said(self) -> Said:
        notes = AgentNotes(self.audio_url, bool(self.is_pending_question), self.evaluation)
        return Said(self.turn_number, _SPEAKERS[self.role], self.content or "", notes)


class TurnCorrection(CamelBody):
    content: Long | None = None
    audio_url: Url | None = None
    evaluation: Evaluation | None = None

    def correction(self) -> Correction:
        return Correction(self.content, self.audio_url, self.evaluation)


class FinalizeRequest(CamelBody):
    ended_at: Moment | None = None
    audio_url: Url | None = None
    generate_report: bool | None = None

    def ending(self) -> Ending:
        return Ending(self.ended_at, self.audio_url, self.generate_report)


class CampaignsQuery(PageQuery):
    status: CampaignState | None = None
    jobId: Id | None = None  # noqa: N815 (the contract's name)


class CampaignRequest(CamelBody):
    name: Name
    job_id: Id
    description: Long = ""
    status: CampaignState = "ACTIVE"
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    def campaign(self) -> NewCampaign:
        return NewCampaign(
            template_id=self.job_id,
            name=self.name,
            description=self.description,
            status=CampaignStatus(self.status.lower()),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


class CandidatesQuery(PageQuery):
    email: Email | None = None
    jobId: Id | None = None  # noqa: N815 (the contract's name)

    def chosen(self) -> ParticipantFilter:
        email = self.email.lower() if self.email else None
        return ParticipantFilter(email, self.jobId, self.page, self.pageSize)


class CandidateRequest(CamelBody):
    first_name: Line
    last_name: Line
    email: Email
    phone: Line | None = None
    locale: Language | None = None
    cv_url: Url | None = None
    source: Line | None = None
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None

    def candidate(self) -> NewCandidate:
        return NewCandidate(
            first_name=self.first_name.strip(),
            last_name=self.last_name.strip(),
            email=self.email,
            external_id=self.external_id,
            phone=self.phone,
            locale=self.locale,
            source=self.source,
            resume_url=self.cv_url,
        )


class JobsQuery(PageQuery):
    status: JobState | None = None

    def chosen(self) -> TemplateFilter:
        status = self.status.lower() if self.status else None
        return TemplateFilter(status, self.page, self.pageSize)


class JobRequest(CamelBody):
    title: Line
    questions: list[QuestionText] = Field(min_length=1, max_length=100)
    description: Long = ""
    location: Line = "remote"
    language: Language = "en"
    status: JobState = "ACTIVE"
    seniority: Seniority | None = None
    config_id: Id | None = None

    def job(self) -> NewJob:
        return NewJob(
            title=self.title.strip(),
            description=self.description,
            questions=tuple(self.questions),
            location=self.location,
            language=self.language,
            status=self.status.lower(),
            seniority=self.seniority,
            agent_profile_id=self.config_id,
        )
