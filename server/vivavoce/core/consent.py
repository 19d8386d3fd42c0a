"""What a candidate agrees to, in their own language, word for word and versioned.

The version changes with every change of the wording, so that a stored consent, which names its
language too, says what was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vivavoce.core.errors import Invalid

POLICY_VERSION = "2026-11-01"

REQUIRED_ITEMS = ("ai_interview", "recording")


@dataclass(frozen=True)
class ConsentItem:
    id: str
    text: str
    required: bool = True


@dataclass(frozen=True)
class ConsentTerms:
    """As they read in one language; each line of `text` is a paragraph."""

    language: str
    text: str
    items: tuple[ConsentItem, ...]


def parse_terms(language: str, written: Mapping[str, Any]) -> ConsentTerms:
    """Of a file with `text`, a list of paragraphs, and the wording of every item by its id."""
    items = tuple(ConsentItem(item, written[item]) for item in REQUIRED_ITEMS)
    return ConsentTerms(language, "\n".join(written["text"]), items)


def check_consent(policy_version: str, items: tuple[str, ...]) -> None:
    """Raise `Invalid` unless this is the current wording and every required item is agreed to."""
    if policy_version != POLICY_VERSION:
        raise Invalid("consent_version", "The consent text has changed; please read it again.")
    if not set(REQUIRED_ITEMS) <= set(items):
        raise Invalid("consent_items", "A required consent is missing.")
    if not set(items) <= set(REQUIRED_ITEMS):
        raise Invalid("consent_items", "The consent names an unknown item.")
