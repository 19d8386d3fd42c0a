"""What the pages show: a position, its form with what was wrong in it, and how things stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vivavoce.core.applying import CODES_TO_ADDRESS, Problem, Standing, Uptake
from vivavoce.core.consent import POLICY_VERSION
from vivavoce.core.knowledge import MOST_DOCUMENT_BYTES, Refusal
from vivavoce.core.posting import Block, blocks, image_origin
from vivavoce.services.applying import Progress
from vivavoce.services.consent_texts import consent_terms
from vivavoce.services.postings import Posting
from vivavoce.web.apply.texts import Language, Translate, language_of

MEGABYTES = MOST_DOCUMENT_BYTES // 2**20
_PROBLEMS = {
    ("name", Problem.MISSING): "error.name_missing",
    ("email", Problem.MISSING): "error.email_missing",
    ("consent", Problem.MISSING): "error.consent_missing",
}
_DOCUMENTS = {
    Refusal.TYPE: "error.file_type",
    Refusal.UNREADABLE: "error.file_unreadable",
    Refusal.ENCRYPTED: "error.file_encrypted",
    Refusal.TOO_LONG: "error.file_long",
    Refusal.EMPTY: "error.file_empty",
    "document_too_large": "error.file_long",
}
_REFUSALS = {
    "posting_not_found": "none",
    "posting_closed": "closed",
    "posting_not_open_yet": "not_yet",
    "request_not_found": "expired",
    "rate_limited": "many",
}
_OTHER = "form"
OF_CODES = {
    "code_wrong": "code.wrong",
    "code_expired": "code.expired",
    "code_used_up": "code.used_up",
    "codes_used_up": "code.none_left",
    "code_too_soon": "code.too_soon",
}
_OF_SEVERAL = {
    Uptake.RENEWED: "done.renewed",
    Uptake.OVERTAKEN: "done.overtaken",
    Uptake.EARLIER: "done.repeated",
}
_OF_SENDING = {"codes_used_up", "code_too_soon"}  # nothing is wrong with what stands in the field


@dataclass(frozen=True)
class FormView:
    """`errors` are sentences by field, in the order of the page."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    asks_file_again: bool = False


def posting_facts(posting: Posting, language: Language, form: FormView) -> dict[str, Any]:
    template = posting.template
    stored = template.stored
    return {
        "posting": posting,
        "is_posting": True,
        "job": template.name,
        "place": _text(stored.get("location")),
        "lead": template.description,
        "about": _about(template.description, _text(stored.get("description_long"))),
        "picture": picture_of(posting),
        "spoken": language_of(template.language),
        "terms": consent_terms(language.code, template.language),
        "policy_version": POLICY_VERSION,
        "form": form,
        "megabytes": MEGABYTES,
    }


def code_facts(progress: Progress, problem: str | None, *, was_sent: bool) -> dict[str, Any]:
    """`problem` is the code of what went wrong with a code."""
    return {
        "posting": progress.posting,
        "job": progress.posting.template.name,
        "email": progress.request.form.email,
        "problem": OF_CODES.get(problem or ""),
        "is_wrong_code": problem is not None and problem not in _OF_SENDING,
        "was_sent": was_sent,
        "codes": CODES_TO_ADDRESS,
    }


def standing_facts(progress: Progress, standing: Standing, t: Translate) -> dict[str, Any]:
    # Who waits for a person and who waits for an appointment have both arrived.
    heading = Standing.WAITING if standing is Standing.SCHEDULED else standing
    is_good = standing not in {Standing.WITHDRAWN, Standing.CLOSED}
    uptake = progress.request.uptake
    return {
        "posting": progress.posting,
        "job": progress.posting.template.name,
        "progress": progress,
        "heading": t(f"done.{heading}.heading"),
        "text": t(f"done.{standing}.text", company=progress.posting.company),
        "is_good": is_good,
        "which_counts": _OF_SEVERAL.get(uptake) if uptake and is_good else None,
    }


def picture_of(posting: Posting) -> str | None:
    url = _text(posting.template.stored.get("cover_image_url"))
    return url if image_origin(url) else None


def refusal_facts(code: str, t: Translate) -> dict[str, Any]:
    kind = _REFUSALS.get(code, _OTHER)
    text = t(f"refused.{kind}.text")
    if code in _DOCUMENTS:
        text = t(_DOCUMENTS[code], megabytes=MEGABYTES)
    return {
        "heading": t(f"refused.{kind}.heading"),
        "text": text,
        "leads_back": kind in {"expired", _OTHER},
    }


def field_errors(problems: Mapping[str, Problem], t: Translate) -> dict[str, str]:
    return {
        name: t(_PROBLEMS.get((name, problem), f"error.{name}_wrong"))
        for name, problem in problems.items()
    }


def file_error(code: str, t: Translate) -> dict[str, str] | None:
    """None for what is no matter of the file."""
    key = _DOCUMENTS.get(code)
    return {"resume": t(key, megabytes=MEGABYTES)} if key else None


def _about(lead: str, long: str) -> tuple[Block, ...]:
    """Without the beginning that stands above it already."""
    return blocks(long.strip().removeprefix(lead.strip())) if long.strip() else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
