"""What belongs to an organization; everything else does not exist for it."""

from vivavoce.core.errors import NotFound
from vivavoce.core.session import Participant, Stage
from vivavoce.ports.stores import StoredTemplate, Tables


async def own_template(tables: Tables, organization_id: str, template_id: str) -> StoredTemplate:
    """Raises `NotFound` code `template_not_found`."""
    stored = await tables.templates.get(template_id)
    if stored is None or stored.organization_id != organization_id or stored.deleted_at:
        raise NotFound("template_not_found", "This evaluation template does not exist.")
    return stored


async def own_participant(tables: Tables, organization_id: str, participant_id: str) -> Participant:
    """Raises `NotFound` code `participant_not_found`."""
    participant = await tables.participants.get(participant_id)
    if (
        participant is None
        or participant.organization_id != organization_id
        or participant.deleted_at
    ):
        raise NotFound("participant_not_found", "This participant does not exist.")
    return participant


async def own_stage(tables: Tables, organization_id: str, stage_id: str) -> Stage:
    """Raises `NotFound` code `stage_not_found`."""
    stage = await tables.stages.get(organization_id, stage_id)
    if stage is None:
        raise NotFound("stage_not_found", "This evaluation stage does not exist.")
    return stage


async def require_profile(tables: Tables, organization_id: str, profile_id: str) -> None:
    """Raises `NotFound` code `agent_profile_not_found`."""
    if await tables.agent_profiles.get(organization_id, profile_id) is None:
        raise NotFound("agent_profile_not_found", "This agent profile does not exist.")
