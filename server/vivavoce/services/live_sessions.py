"""What a live conversation has to know about its session; nothing about the person."""

import hashlib
from dataclasses import dataclass, replace

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.errors import NotFound
from vivavoce.core.session import Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.template import Template
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.foundation import Foundation


@dataclass(frozen=True)
class LiveSession:
    """`plan_seed` is stable for a session: a resumed interview has the same questions."""

    session_id: str
    organization_id: str
    status: SessionStatus
    language: str
    template: Template
    profile: AgentProfile
    plan_seed: int
    consent_given: bool
    started: bool


class LiveSessions:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def load_live_session(self, session_id: str) -> LiveSession:
        """Raises `NotFound` code `session_not_found`."""
        read = self._at.stores.read
        session = await session_changes.require_session(read, session_id)
        stored = await read.templates.get(session.template_id)
        if stored is None:
            raise NotFound("template_not_found", "This template does not exist.")
        template = await _as_it_began(read, session, stored.template)
        profile_id = session.agent_profile_id or stored.template.agent_profile_id
        profile = await read.agent_profiles.at_version(
            session.organization_id, profile_id, session.rubric_version
        )
        if profile is None:
            raise NotFound("agent_profile_not_found", "This agent profile does not exist.")
        return LiveSession(
            session_id=session.id,
            organization_id=session.organization_id,
            status=session.status,
            language=session.language,
            template=await _at_stage(read, session, template),
            profile=profile,
            plan_seed=_seed(session.id),
            consent_given=await read.sessions.has_consent(session.id),
            started=session.started_at is not None,
        )


async def _as_it_began(read: Tables, session: Session, template: Template) -> Template:
    """An interview that has begun keeps its questions, whatever becomes of the template."""
    revision = session.template_revision
    if revision is None or revision == template.revision:
        return template
    return await read.templates.at_revision(template.id, revision) or template


async def _at_stage(read: Tables, session: Session, template: Template) -> Template:
    """The template with the length and the bar of the session's stage."""
    if session.stage_id is None:
        return template
    stage = await read.stages.get(session.organization_id, session.stage_id)
    if stage is None:
        return template
    bar = stage.pass_threshold
    return replace(
        template,
        duration_minutes=stage.duration_minutes or template.duration_minutes,
        pass_threshold=template.pass_threshold if bar is None else bar / 10,
    )


def _seed(session_id: str) -> int:
    return int.from_bytes(hashlib.sha256(session_id.encode()).digest()[:4])
