"""What the services need from durable storage.

A transaction hands out the same stores over the one writing connection; all that is written inside
becomes
durable together, or none of it does.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.campaign import Campaign, CampaignFilter
from vivavoce.core.embed import EmbedKey
from vivavoce.core.organization import ApiKey, Organization
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import (
    Application,
    ApplicationFilter,
    ApplicationStatus,
    Consent,
    Event,
    Participant,
    ParticipantFilter,
    Session,
    SessionFilter,
    Stage,
    StageFilter,
)
from vivavoce.core.template import Template, TemplateFilter
from vivavoce.ports.applying import ApplyRequestStore
from vivavoce.ports.documents import KnowledgeTable, ResumeTable
from vivavoce.ports.mail import MailStore
from vivavoce.ports.members import MemberStore, SignInStore
from vivavoce.ports.transcripts import TranscriptStore
from vivavoce.ports.webhooks import DeliveryStore, WebhookEndpointStore


class ScorecardStore(Protocol):
    """What the scoring of a session needs."""

    async def save(self, session_id: str, scorecard: Scorecard, at: datetime) -> None:
        """Keep the card and announce `session.scored` in one transaction. A second save changes
        nothing.

        Raises `NotFound` code `session_not_found`, and `Conflict` code `session_state` unless
        completed.
        """
        ...

    async def get(self, session_id: str) -> Scorecard | None: ...


@dataclass(frozen=True)
class StoredTemplate:
    """A template with where it belongs; `slug` ends its link and is unique."""

    organization_id: str
    slug: str
    visibility: str
    template: Template
    deleted_at: datetime | None = None


class OrganizationStore(Protocol):
    async def add(self, organization: Organization) -> None: ...
    async def get(self, organization_id: str) -> Organization | None: ...
    async def first(self) -> Organization | None: ...
    async def by_slug(self, slug: str) -> Organization | None: ...
    async def by_agent_secret(self, secret_hash: bytes) -> Organization | None: ...
    async def count_below(self, parent_id: str) -> int: ...
    async def page_below(self, parent_id: str, offset: int, limit: int) -> tuple[Organization, ...]:
        """Newest first."""
        ...

    async def rename(self, organization: Organization) -> None: ...


class ApiKeyStore(Protocol):
    async def count(self, organization_id: str) -> int: ...
    async def page(self, organization_id: str, offset: int, limit: int) -> tuple[ApiKey, ...]:
        """One page, newest first, revoked ones too."""
        ...

    async def add(self, key: ApiKey) -> None: ...
    async def by_hash(self, key_hash: bytes) -> ApiKey | None: ...
    async def get(self, key_id: str) -> ApiKey | None: ...
    async def used(self, key_id: str, at: datetime) -> None: ...
    async def revoke(self, organization_id: str, key_id: str, at: datetime) -> bool: ...


class AgentProfileStore(Protocol):
    async def add(self, organization_id: str, profile: AgentProfile, at: datetime) -> None: ...
    async def add_rubric(self, profile: AgentProfile, at: datetime) -> None: ...
    async def get(self, organization_id: str, profile_id: str) -> AgentProfile | None: ...
    async def at_version(
        self, organization_id: str, profile_id: str, version: int
    ) -> AgentProfile | None:
        """The profile as it rated and scored in rubric `version`, also after its deletion."""
        ...

    async def change(self, organization_id: str, profile: AgentProfile, at: datetime) -> None:
        """Write all of the profile; a new rubric version is added beside it."""
        ...

    async def remove(self, organization_id: str, profile_id: str, at: datetime) -> None:
        """Hide it from everything but the sessions that it has led."""
        ...

    async def is_in_use(self, profile_id: str) -> bool:
        """Whether a template or a stage still names it."""
        ...

    async def count(self, organization_id: str) -> int: ...
    async def page(
        self, organization_id: str, offset: int, limit: int
    ) -> tuple[AgentProfile, ...]: ...


class TemplateStore(Protocol):
    async def add(self, stored: StoredTemplate, at: datetime) -> None: ...
    async def get(self, template_id: str) -> StoredTemplate | None: ...
    async def by_slug(self, slug: str) -> StoredTemplate | None: ...
    async def slugs(self, template_ids: Iterable[str]) -> dict[str, str]:
        """The ends of their links."""
        ...

    async def of_organization(self, organization_id: str) -> tuple[StoredTemplate, ...]: ...
    async def count(self, organization_id: str, chosen: TemplateFilter) -> int: ...
    async def page(
        self, organization_id: str, chosen: TemplateFilter
    ) -> tuple[StoredTemplate, ...]: ...
    async def change(self, stored: StoredTemplate) -> None:
        """Write all but the organization and the end of its link; keep what was before."""
        ...

    async def at_revision(self, template_id: str, revision: int) -> Template | None:
        """The template as it was before a change, or None when that is still its last revision."""
        ...

    async def add_stage(self, stage: Stage) -> None: ...
    async def stages(self, template_id: str) -> tuple[Stage, ...]: ...


class ParticipantStore(Protocol):
    async def add(self, participant: Participant) -> None: ...
    async def change(self, participant: Participant) -> None: ...
    async def get(self, participant_id: str) -> Participant | None: ...
    async def by_external_id(self, template_id: str, external_id: str) -> Participant | None: ...
    async def by_email(self, template_id: str, email: str) -> Participant | None: ...
    async def at_large(self, organization_id: str, email: str) -> Participant | None:
        """Who is known to the organization without a template."""
        ...

    async def count(self, organization_id: str, chosen: ParticipantFilter) -> int: ...
    async def page(
        self, organization_id: str, chosen: ParticipantFilter
    ) -> tuple[Participant, ...]: ...
    async def external_ids(self, participant_ids: Iterable[str]) -> dict[str, str | None]: ...
    async def ensure_application(self, application: Application) -> None:
        """Add the application unless the participant has one for the template."""
        ...

    async def set_application_status(
        self, participant_id: str, template_id: str, status: ApplicationStatus
    ) -> None:
        """What a session did to its application; a person's refusal stands."""
        ...


class StageStore(Protocol):
    async def add(self, stage: Stage) -> None: ...
    async def change(self, stage: Stage) -> None: ...
    async def remove(self, stage: Stage, at: datetime) -> None:
        """Hide it from everything but the sessions that were held in it."""
        ...

    async def get(self, organization_id: str, stage_id: str) -> Stage | None: ...
    async def of_template(self, template_id: str) -> tuple[Stage, ...]: ...
    async def count(self, organization_id: str, chosen: StageFilter) -> int: ...
    async def page(self, organization_id: str, chosen: StageFilter) -> tuple[Stage, ...]:
        """One page, by template and order."""
        ...


class ApplicationStore(Protocol):
    async def get(self, organization_id: str, application_id: str) -> Application | None: ...
    async def of_participant(self, participant_id: str) -> tuple[Application, ...]: ...
    async def change(self, application: Application) -> None: ...
    async def count(self, organization_id: str, chosen: ApplicationFilter) -> int: ...
    async def page(
        self, organization_id: str, chosen: ApplicationFilter
    ) -> tuple[Application, ...]: ...


class CampaignStore(Protocol):
    """Campaigns that were removed are found by no method."""

    async def add(self, campaign: Campaign) -> None: ...
    async def change(self, campaign: Campaign) -> None:
        """Also its removal."""
        ...

    async def get(self, organization_id: str, campaign_id: str) -> Campaign | None: ...
    async def of_template(self, template_id: str) -> tuple[Campaign, ...]: ...
    async def count(self, organization_id: str, chosen: CampaignFilter) -> int: ...
    async def page(self, organization_id: str, chosen: CampaignFilter) -> tuple[Campaign, ...]: ...


class SessionStore(Protocol):
    async def add(self, session: Session) -> None: ...
    async def get(self, session_id: str) -> Session | None: ...
    async def count(self, organization_id: str, chosen: SessionFilter) -> int: ...
    async def page(self, organization_id: str, chosen: SessionFilter) -> tuple[Session, ...]:
        """One page, newest first."""
        ...

    async def by_idempotency_key(self, organization_id: str, key: str) -> Session | None: ...
    async def of_participant(self, participant_id: str) -> tuple[Session, ...]: ...
    async def of_participants(self, participant_ids: Iterable[str]) -> tuple[Session, ...]:
        """The oldest of each first."""
        ...

    async def move(self, session: Session) -> None:
        """Write the fields that a transition sets."""
        ...

    async def set_disconnected(self, session_id: str, at: datetime | None) -> None: ...
    async def set_all_disconnected(self, at: datetime) -> None:
        """After a restart no session has a socket, whatever the rows say."""
        ...

    async def silent_since(self, before: datetime) -> tuple[Session, ...]: ...
    async def unscored(self) -> tuple[str, ...]:
        """Ids of completed sessions without a scorecard that should have one."""
        ...

    async def set_invited(self, session_id: str) -> None:
        """The invitation is not withheld any more."""
        ...

    async def several(self, session_ids: Iterable[str]) -> dict[str, Session]:
        """By id, those that exist."""
        ...

    async def set_recording(self, session_id: str, path: str) -> None: ...
    async def set_without_recording(self, session_id: str) -> None:
        """There is nothing to record, and nothing to look for again."""
        ...

    async def add_consent(self, consent: Consent) -> None: ...
    async def unrecorded(self) -> tuple[str, ...]:
        """Ids of our own interviews that are over and may still have something to record."""
        ...

    async def has_consent(self, session_id: str) -> bool: ...


class EmbedStore(Protocol):
    async def add(self, key: EmbedKey) -> None: ...
    async def add_secret(self, embed_id: str, secret: str, at: datetime) -> None:
        """Make `secret` the newest and forget all but the newest `LIVE_SECRETS`."""
        ...

    async def get(self, embed_id: str) -> EmbedKey | None: ...
    async def change(self, key: EmbedKey) -> None:
        """Write the origins, the revocation and the revision."""
        ...

    async def count(self, organization_id: str, template_id: str | None) -> int: ...
    async def page(
        self, organization_id: str, template_id: str | None, offset: int, limit: int
    ) -> tuple[EmbedKey, ...]:
        """One page of those that are not revoked, newest first; `None` is any template."""
        ...


class AdmissionStore(Protocol):
    async def bound_session(self, issuer: str, jti: str) -> str | None: ...
    async def bind(
        self, link: tuple[str, str], session_id: str, at: datetime, expires_at: datetime
    ) -> None:
        """Bind the link (issuer, jti) to a session."""
        ...

    async def add_ticket(
        self, ticket_hash: bytes, session_id: str, now: datetime, expires_at: datetime
    ) -> None: ...
    async def take_ticket(self, ticket_hash: bytes, session_id: str, now: datetime) -> bool:
        """Consume the ticket; False when it is unknown, used, late or another session's."""
        ...

    async def add_popout(
        self, code_hash: bytes, session_id: str, now: datetime, expires_at: datetime
    ) -> None: ...
    async def take_popout(self, code_hash: bytes, now: datetime) -> str | None:
        """Consume the code and return its session; None when it is unknown, used or late."""
        ...

    async def holds_handle(self, session_id: str, handle_hash: bytes) -> bool: ...
    async def keep_only_handle(self, session_id: str, handle_hash: bytes | None) -> None:
        """Forget all handles of the session but this one; `None` forgets all."""
        ...

    async def add_handle(self, session_id: str, handle_hash: bytes) -> None:
        """The newest handle; the one before it stays live until the newest is used."""
        ...


class OutboxStore(Protocol):
    async def add(self, event: Event) -> None:
        """Also makes a delivery for each webhook endpoint that wants the event."""
        ...

    async def waiting(self, limit: int = 100) -> tuple[Event, ...]: ...


class CardStore(Protocol):
    async def add(self, session_id: str, scorecard: Scorecard, at: datetime) -> bool:
        """Store it unless the session has one; returns whether it was stored."""
        ...

    async def get(self, session_id: str) -> tuple[Scorecard, datetime] | None: ...
    async def of_sessions(
        self, session_ids: Iterable[str]
    ) -> dict[str, tuple[Scorecard, datetime]]:
        """Those that exist, with the time of their making."""
        ...


@dataclass(frozen=True)
class Tables:
    """Every aggregate, over one connection: the reader's, or a transaction's."""

    organizations: OrganizationStore
    members: MemberStore
    sign_ins: SignInStore
    api_keys: ApiKeyStore
    agent_profiles: AgentProfileStore
    templates: TemplateStore
    stages: StageStore
    participants: ParticipantStore
    applications: ApplicationStore
    campaigns: CampaignStore
    sessions: SessionStore
    transcripts: TranscriptStore
    scorecards: CardStore
    embeds: EmbedStore
    admissions: AdmissionStore
    outbox: OutboxStore
    webhook_endpoints: WebhookEndpointStore
    deliveries: DeliveryStore
    knowledge: KnowledgeTable
    resumes: ResumeTable
    mail: MailStore
    apply_requests: ApplyRequestStore


class Stores(Protocol):
    """`instance_secret` is 32 bytes, made once, from which all signatures derive."""

    instance_secret: bytes
    read: Tables

    def transaction(self) -> AbstractAsyncContextManager[Tables]: ...

    def watch_outbox(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` after each commit that left something to deliver; returns the release."""
        ...

    def kept_path(self, path: str) -> str:
        """How to remember a file, so that moving the data folder does not lose it."""
        ...

    def path_of(self, kept: str) -> str:
        """Where the file of a kept path lies now."""
        ...
