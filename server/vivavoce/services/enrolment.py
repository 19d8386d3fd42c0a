"""Finding or making the participant and the session that a signed link speaks of."""

from dataclasses import replace

from vivavoce.core.embed import EmbedKey, LaunchClaims
from vivavoce.core.errors import Conflict, NotFound
from vivavoce.core.session import Application, ApplicationStatus, Channel, Participant, Session
from vivavoce.core.session_lifecycle import SessionStatus, is_terminal
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services import session_changes
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
        # An attempt that failed for a technical reason does not count.
        used = sum(session.status is SessionStatus.COMPLETED for session in sessions)
        if used >= (claims.attempts or stored.template.attempts):
            raise Conflict("attempts_used", "All attempts at this interview are used.")
        return await self._new_session(write, stored, participant, embed, claims)

    async def _participant(
        self, write: Tables, stored: StoredTemplate, claims: LaunchClaims
    ) -> Participant:
        email = claims.email.lower() if claims.email else None
        template_id = stored.template.id
        known = await write.participants.by_external_id(template_id, claims.subject)
        same_address = await write.participants.by_email(template_id, email) if email else None
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

    async def _new_session(
        self,
        write: Tables,
        stored: StoredTemplate,
        participant: Participant,
        embed: EmbedKey,
        claims: LaunchClaims,
    ) -> Session:
        session = await open_session(self._at, write, stored, participant)
        session = replace(
            session,
            language=claims.language or stored.template.language,
            channel=Channel.EMBED,
            embed_id=embed.id,
            return_url=claims.return_url,
            meta=claims.meta,
        )
        await session_changes.create(self._at, write, session)
        return session


async def add_participant(foundation: Foundation, write: Tables, participant: Participant) -> None:
    await write.participants.add(participant)
    if participant.template_id is not None:
        application = Application(
            id=foundation.new_id(),
            organization_id=participant.organization_id,
            participant_id=participant.id,
            template_id=participant.template_id,
            status=ApplicationStatus.SCHEDULED,
            created_at=participant.created_at,
        )
        await write.participants.ensure_application(application)
    payload = {"participant": {"id": participant.id, "external_id": participant.external_id}}
    event = foundation.event(participant.organization_id, "participant.created", payload)
    await write.outbox.add(event)


async def open_session(
    foundation: Foundation, write: Tables, stored: StoredTemplate, participant: Participant
) -> Session:
    """A scheduled session with the rubric as it is now; not stored yet."""
    organization_id, template = stored.organization_id, stored.template
    profile = await write.agent_profiles.get(organization_id, template.agent_profile_id)
    if profile is None:
        raise NotFound("agent_profile_not_found", "This agent profile does not exist.")
    stages = await write.templates.stages(template.id)
    first = stages[0] if stages else None
    return Session(
        id=foundation.new_id(),
        organization_id=organization_id,
        template_id=template.id,
        participant_id=participant.id,
        language=template.language,
        channel=Channel.WEB,
        rubric_version=profile.rubric_version,
        created_at=foundation.now(),
        stage_id=first.id if first else None,
        stage=first.key if first else "interview",
        external_id=participant.external_id,
    )
