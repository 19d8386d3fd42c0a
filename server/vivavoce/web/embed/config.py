"""What the frame application is told when it starts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vivavoce.core.consent import POLICY_VERSION, ConsentTerms
from vivavoce.services.consent_texts import consent_terms
from vivavoce.services.interviews import Interview


@dataclass(frozen=True)
class Opening:
    """How a page was opened. `launch` is the credential from its address, if there was one."""

    embed_id: str
    allowed_origins: Sequence[str] = ()
    launch: dict[str, Any] | None = None
    display_name: str = ""
    locale: str = "auto"
    theme: str = "auto"
    standalone: bool = False


def frame_config(instance: str, interview: Interview, opening: Opening) -> dict[str, Any]:
    template = interview.template
    asked = len(template.questions)
    if template.questions_random_subset is not None:
        asked = max(1, round(asked * template.questions_random_subset))
    return {
        "instance": instance,
        "embed_id": opening.embed_id,
        "allowed_origins": list(opening.allowed_origins),
        "job_title": template.name,
        "company": interview.company,
        "language": template.language,
        "minutes": interview.minutes,
        "questions": asked,
        "consent": consent_json(consent_terms(opening.locale, template.language)),
        "theme": opening.theme,
        "locale": opening.locale,
        "standalone": opening.standalone,
        "launch": opening.launch,
        "display_name": opening.display_name,
    }


def consent_json(terms: ConsentTerms) -> dict[str, Any]:
    """What the consent screen shows, in the words of `terms`."""
    return {
        "policy_version": POLICY_VERSION,
        "text": terms.text,
        "items": [
            {"id": item.id, "text": item.text, "required": item.required} for item in terms.items
        ],
    }


def script_safe_json(value: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
