"""What the demo plants once: an organization and an interview embedded in its careers site."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vivavoce.core.settings import Settings
from vivavoce.core.template import ApplyMode
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.bundle import Services
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founding

SEED_FILE = "demo.json"
POSTING = """What you will do

You keep the prediction service boring. Every night it folds in a day of gauge readings; \
every minute it answers clocks that cannot wait.

- Design APIs that a clock with 64 KB of memory can talk to.
- Move storage that is being read while you move it.
- Find out why one estuary is always nine minutes late.

What you bring

- Some years of running a service that other people depended on.
- The habit of measuring before changing."""
INTERVIEW: dict[str, Any] = {
    "name": "Backend engineer, tide tables",
    "location": "Harbour workshop or remote",
    "mojito_language_code": "en",
    "description": "Keeps the prediction service of a maker of tide clocks fast and boring.",
    "description_long": POSTING,
    "status": "active",
    "type": "interview",
    "visibility": "merchant_unlisted",
    "interview_tone": "relaxed",
    "interview_attempts": 20,
    "questions": [
        {"question": "Tell me about a service that you ran, and one time when it broke."},
        {
            "question": "How would you move a table that is being read and written all day "
            "to another database?"
        },
    ],
    "thank_you_message": "Thank you. A person will read what you said and listen to it.",
    "is_embedded": True,
}


@dataclass(frozen=True)
class Seed:
    """All but `account` and the link is kept in the data folder, readable by this user alone."""

    organization_id: str
    account: str
    api_key: str
    owner_email: str
    owner_password: str
    embed_id: str
    signing_key: str
    careers_url: str
    apply_url: str
    results_url: str


async def plant(settings: Settings, careers_url: str) -> Seed:
    """The seed of an earlier run, or a new one. A moved careers site gets its own interview."""
    file = Path(settings.data) / SEED_FILE
    known = _read(file)
    async with open_services(settings) as services:
        if not known:
            known = await _found(services)
            _write(file, known)  # at once: the password is never seen again
        if known.get("careers_url") != careers_url or "apply_url" not in known:
            known |= await _create_interview(services, known["organization_id"], careers_url)
            _write(file, known)
        organization = await services.organizations.get(known["organization_id"])
        visit = services.results.new_visit(organization.id)
        link = settings.origin + services.results.link(visit)
        return Seed(**known, account=organization.slug, results_url=link)


def _read(file: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    return known


def _write(file: Path, known: dict[str, str]) -> None:
    file.touch(mode=0o600)
    file.write_text(json.dumps(known, indent=2))


async def _found(services: Services) -> dict[str, str]:
    founding = Founding("Larkspur Tidal Clockworks", "recruiter@example.org", "Ada Quill")
    founded = await services.organizations.initialize(founding)
    return {
        "organization_id": founded.organization.id,
        "api_key": founded.api_key,
        "owner_email": founded.owner_email,
        "owner_password": founded.owner_password,
    }


async def _create_interview(
    services: Services, organization_id: str, careers_url: str
) -> dict[str, str]:
    profiles, _ = await services.agent_profiles.page(organization_id, 1, 10)
    profile = next((each for each in profiles if each.name.startswith("Engineering")), profiles[0])
    created = await services.interviews.create_from_questions(
        organization_id, {**INTERVIEW, "interview_template_id": profile.id}, (careers_url,)
    )
    if created.embed is None:
        raise AssertionError("an embedded interview has an embed")
    await services.templates.change(organization_id, created.template.id, None, _for_everybody)
    return {
        "apply_url": f"{services.instance_url}/apply/{created.slug}",
        "embed_id": created.embed.id,
        "signing_key": created.embed.signing_keys[0],
        "careers_url": careers_url,
    }


def _for_everybody(before: StoredTemplate) -> StoredTemplate:
    """Beside the embed there is the page where people apply, and a recruiter approves."""
    return replace(before, template=replace(before.template, apply_mode=ApplyMode.APPROVAL))
