"""Finding or making the participant and the session that a signed link speaks of."""

from dataclasses import replace

from vivavoce.core.embed import EmbedKey, LaunchClaims
from vivavoce.core.errors import Conflict, NotFound
from vivavoce.core.progression import invites, may_try
from vivavoce.core.session import (
    Application,
    ApplicationStatus,
    Channel,
    Participant,
    Session,
    Stage,
)
from vivavoce.core.session_lifecycle import is_terminal
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services import session_changes
from vivavoce.services.campaigns import require_begin
from vivavoce.services.foundation import Foundation

UNNAMED = "Candidate"


class Enrolment:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def session_for(self, write: Tables, embed: EmbedKey, claims: LaunchClaims) -> Session:
        """The candidate's open session, or a new one while attempts are left.

        Raises `Conflict` codes `interview_closed` and `attempts_used`.
        """
        stored = await write.templates.get(embed.template_id)
        if stored is None:
            raise NotFound("template_not_found", "This template does not exist.")
        if stored.template.status != "active":
            raise Conflict("interview_closed", "This interview is not open.")
        participant = await self._participant(write, stored, claims)
        sessions = await write.sessions.of_participant(participant.id)
        for session in reversed(sessions):
            if not is_terminal(session.status):
                return session
        stage = await stage_in_turn(write, stored, sessions)
        if not may_try(stage, sessions, claims.attempts or stored.template.attempts):
            raise Conflict("attempts_used", "All attempts at this interview are used.")
        session = await open_session(self._at, write, stored, participant, stage)
        return await self._open(write, session, embed, claims)

    async def _participant(
        self, write: Tables, stored: StoredTemplate, claims: LaunchClaims
    ) -> Participant:
        email = claims.email.lower() if claims.email else None
        template_id = stored.template.id
        known, same_address = await _known(write, template_id, claims)
        participant = known or same_address
        if participant is None:
            return await self._add_participant(write, stored, claims, email)
        # An address belongs to one participant; the site's own id decides between two.
        taken = same_address is not None and same_address.id != participant.id
        changed = replace(
            participant,
            external_id=claims.subject,
            name=claims.name or participant.name,
            email=participant.email if taken else email or participant.email,
        )
        await write.participants.change(changed)
        await write.mail.readdress(changed.id, changed.name, changed.email)
        return changed

    async def _add_participant(
        self, write: Tables, stored: StoredTemplate, claims: LaunchClaims, email: str | None
    ) -> Participant:
        participant = Participant(
            id=self._at.new_id(),
            organization_id=stored.organization_id,
            template_id=stored.template.id,
            name=claims.name or UNNAMED,
            created_at=self._at.now(),
            email=email,
            external_id=claims.subject,
        )
        await add_participant(self._at, write, participant)
        return participant

    async def _open(
        self, write: Tables, session: Session, embed: EmbedKey, claims: LaunchClaims
    ) -> Session:
        session = replace(
            session,
            language=claims.language or session.language,
            channel=Channel.EMBED,
            embed_id=embed.id,
            return_url=claims.return_url,
            meta=claims.meta,
        )
        await session_changes.create(self._at, write, session)
        return session


async def _known(
    tables: Tables, template_id: str, claims: LaunchClaims
) -> tuple[Participant | None, Participant | None]:
    """Who has the site's own id, and who has the address."""
    participants = tables.participants
    email = claims.email.lower() if claims.email else None
    known = await participants.by_external_id(template_id, claims.subject)
    return known, await participants.by_email(template_id, email) if email else None


async def stage_ahead(tables: Tables, embed: EmbedKey, claims: LaunchClaims) -> str:
    """Where whom the claims name would be taken, "" when the template has no stages."""
    stored = await tables.templates.get(embed.template_id)
    if stored is None:
        return ""
    known, same_address = await _known(tables, embed.template_id, claims)
    participant = known or same_address
    sessions = await tables.sessions.of_participant(participant.id) if participant else ()
    waiting = [each for each in sessions if not is_terminal(each.status)]
    stage = await stage_in_turn(tables, stored, tuple(waiting) or sessions)
    return stage.id if stage else ""


async def stage_in_turn(
    write: Tables, stored: StoredTemplate, sessions: tuple[Session, ...]
) -> Stage | None:
    """Where the candidate was last, or the first one: nobody begins anew after moving on."""
    stages = await write.stages.of_template(stored.template.id)
    last = sessions[-1].stage_id if sessions else None
    first = stages[0] if stages else None
    return next((stage for stage in stages if stage.id == last), first)


async def add_participant(foundation: Foundation, write: Tables, participant: Participant) -> None:
    await write.participants.add(participant)
    await apply(foundation, write, participant)
    await announce_participant(foundation, write, participant)


async def announce_participant(
    foundation: Foundation, write: Tables, participant: Participant
) -> None:
    payload = {"participant": {"id": participant.id, "external_id": participant.external_id}}
    event = foundation.event(participant.organization_id, "participant.created", payload)
    await write.outbox.add(event)


async def apply(foundation: Foundation, write: Tables, participant: Participant) -> None:
    if participant.template_id is not None:
        await apply_for(foundation, write, participant, participant.template_id)


async def apply_for(
    foundation: Foundation, write: Tables, participant: Participant, template_id: str
) -> None:
    """Who is added by the organization needs no further approval."""
    application = Application(
        id=foundation.new_id(),
        organization_id=participant.organization_id,
        participant_id=participant.id,
        template_id=template_id,
        status=ApplicationStatus.APPROVED,
        created_at=foundation.now(),
    )
    await write.participants.ensure_application(application)


async def open_session(
    foundation: Foundation,
    write: Tables,
    stored: StoredTemplate,
    participant: Participant,
    stage: Stage | None,
) -> Session:
    """A scheduled session with the rubric as it is now; not stored yet."""
    organization_id, template = stored.organization_id, stored.template
    profile_id = stage.agent_profile_id if stage else template.agent_profile_id
    profile = await write.agent_profiles.get(organization_id, profile_id)
    if profile is None:
        raise NotFound("agent_profile_not_found", "This agent profile does not exist.")
    return Session(
        id=foundation.new_id(),
        organization_id=organization_id,
        template_id=template.id,
        participant_id=participant.id,
        language=template.language,
        channel=Channel.WEB,
        rubric_version=profile.rubric_version,
        created_at=foundation.now(),
        stage_id=stage.id if stage else None,
        stage=stage.key if stage else "interview",
        external_id=participant.external_id,
        agent_profile_id=profile.id,
    )


async def open_first_session(
    foundation: Foundation, write: Tables, application: Application
) -> Session:
    """The interview that an application leads to, with its invitation.

    Raises `Conflict` codes `interview_closed` and `campaign_closed` when the template, or the
    campaign in whose time somebody applied, takes no interviews any more.
    """
    stored = await write.templates.get(application.template_id)
    participant = await write.participants.get(application.participant_id)
    if participant is None or stored is None or stored.template.status != "active":
        raise Conflict("interview_closed", "This evaluation template is not active.")
    stage = await stage_in_turn(write, stored, ())
    session = replace(
        await open_session(foundation, write, stored, participant, stage),
        campaign_id=application.campaign_id,
        invitation_withheld=stage is not None and not invites(stage),
    )
    await require_begin(write, session, foundation.now())
    await session_changes.create(foundation, write, session)
    return session
