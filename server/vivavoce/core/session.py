"""One interview of one participant, and the records around it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from vivavoce.core.participant_details import ParticipantDetails
from vivavoce.core.session_lifecycle import SessionStatus


class Channel(StrEnum):
    WEB = "web"
    EMBED = "embed"
    PHONE = "phone"


class Conductor(StrEnum):
    """Who speaks the interviewer's part, from the first turn to the last."""

    BUILT_IN = "built_in"
    OUTSIDE_AGENT = "outside_agent"


class ApplicationStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Participant:
    """`email` and `external_id` are each unique within a template.

    Without a template somebody is known to the organization, and not yet asked for anything.
    """

    id: str
    organization_id: str
    template_id: str | None
    name: str
    created_at: datetime
    email: str | None = None
    external_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    locale: str | None = None
    source: str | None = None  # where the organization has the name from
    resume_url: str | None = None
    details: ParticipantDetails = field(default_factory=ParticipantDetails)
    revision: int = 1  # counts every change, for optimistic concurrency
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class ParticipantFilter:
    """Which participants to list; `None` leaves a field open. `page` counts from 1.

    `template_id` finds who has applied for it.
    """

    email: str | None = None
    template_id: str | None = None
    page: int = 1
    page_size: int = 20
    external_id: str | None = None
    tag: str | None = None
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ApplicationConsent:
    """What somebody who applied by themselves has read and agreed to."""

    policy_version: str
    items: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Application:
    """`applied_at` and what follows are of those who applied by themselves."""

    id: str
    organization_id: str
    participant_id: str
    template_id: str
    status: ApplicationStatus
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None  # the person who approved or rejected
    decision_note: str | None = None
    revision: int = 1
    applied_at: datetime | None = None
    campaign_id: str | None = None
    consent: ApplicationConsent | None = None


@dataclass(frozen=True)
class ApplicationFilter:
    """Which applications to list; `None` leaves a field open. `page` counts from 1."""

    status: ApplicationStatus | None = None
    template_id: str | None = None
    participant_id: str | None = None
    page: int = 1
    page_size: int = 20


class AutomationRule(StrEnum):
    """What follows when somebody passes a stage."""

    NONE = "none"
    AUTO_ADVANCE = "auto_advance"
    REQUIRE_REVIEWER_APPROVAL = "require_reviewer_approval"


@dataclass(frozen=True)
class Stage:
    id: str
    template_id: str
    name: str
    key: str
    agent_profile_id: str
    order: int = 0
    stage_type: str = "ai_interview"
    duration_minutes: int | None = None  # None: the template's own
    pass_threshold: float | None = None  # in percent; None: the template's own
    allow_retake: bool = False
    automation_rule: AutomationRule = AutomationRule.NONE
    revision: int = 1


@dataclass(frozen=True)
class StageFilter:
    """Which stages to list; `None` leaves a field open. `page` counts from 1."""

    template_id: str | None = None
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True)
class Session:
    """`disconnected_at` is set while an interview in progress has no socket; the grace time runs
    from it. Of an outside agent it is the time of its last sign of life.
    """

    id: str
    organization_id: str
    template_id: str
    participant_id: str
    language: str
    channel: Channel
    rubric_version: int
    created_at: datetime
    status: SessionStatus = SessionStatus.SCHEDULED
    stage_id: str | None = None
    stage: str = "interview"
    embed_id: str | None = None
    external_id: str | None = None
    return_url: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    disconnected_at: datetime | None = None
    duration_ms: int | None = None
    failure_reason: str | None = None
    recording_path: str | None = None
    agent_profile_id: str | None = None  # None: the template's own
    campaign_id: str | None = None
    expires_at: datetime | None = None  # a session that has not begun by then cannot be joined
    invitation_withheld: bool = False  # until somebody asks for it to be sent
    conductor: Conductor = Conductor.BUILT_IN
    recording_url: str | None = None  # where an outside agent keeps its recording
    scoring_waived: bool = False
    timezone: str | None = None  # IANA name, in which `scheduled_at` is told to the candidate
    notes: str | None = None  # for the organization only, never for the candidate
    idempotency_key: str | None = None
    template_revision: int | None = None  # None until it has begun

    def has_expired(self, now: datetime) -> bool:
        """Whether it was never begun and cannot be any more."""
        waiting = self.status is SessionStatus.SCHEDULED
        return waiting and self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions to list; `None` leaves a field open. `page` counts from 1.

    `or_status` widens `status`; `open_at` leaves out what has expired by then, `expired_at` all
    else.
    """

    status: SessionStatus | None = None
    or_status: SessionStatus | None = None
    open_at: datetime | None = None
    expired_at: datetime | None = None
    invitation_withheld: bool | None = None
    campaign_id: str | None = None
    template_id: str | None = None
    participant_id: str | None = None
    external_id: str | None = None
    stage: str | None = None
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True)
class Consent:
    session_id: str
    policy_version: str
    items: tuple[str, ...]
    locale: str
    at: datetime


@dataclass(frozen=True)
class Event:
    """A fact for the outside world, written in the transaction that made it true."""

    id: str
    organization_id: str
    name: str
    occurred_at: datetime
    payload: dict[str, Any]
