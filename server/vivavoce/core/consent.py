"""What a candidate agrees to, word for word and versioned.

The version changes with every change of the wording, so that a stored consent says what was read.
"""

from dataclasses import dataclass

from vivavoce.core.errors import Invalid

POLICY_VERSION = "2026-11-01"

TEXT = (
    "In this interview you speak with an AI interviewer, not with a person. It asks the questions"
    " that the organization prepared, and may ask follow-up questions about your answers.\n"
    "Your voice is recorded and written down while you speak. After the interview, software"
    " compares what you said with the criteria for this role and quotes your own words as"
    " evidence. How you sound, your accent, your looks and your name are never rated.\n"
    "A person at the organization reads the result and decides; no decision to reject you is made"
    " by a machine.\n"
    "You may pause, ask for a question again, skip it, type instead of speaking, or end the"
    " interview at any time. You may ask the organization for a copy of your recording, for its"
    " deletion, or for an interview with a person instead."
)


@dataclass(frozen=True)
class ConsentItem:
    id: str
    text: str
    required: bool


ITEMS = (
    ConsentItem("ai_interview", "I understand that I will be interviewed by an AI.", True),
    ConsentItem(
        "recording",
        "I agree that my voice is recorded and transcribed for this application.",
        True,
    ),
)


def check_consent(policy_version: str, items: tuple[str, ...]) -> None:
    """Raise `Invalid` unless this is the current wording and every required item is agreed to."""
    if policy_version != POLICY_VERSION:
        raise Invalid("consent_version", "The consent text has changed; please read it again.")
    if not {item.id for item in ITEMS if item.required} <= set(items):
        raise Invalid("consent_items", "A required consent is missing.")
    if not set(items) <= {item.id for item in ITEMS}:
        raise Invalid("consent_items", "The consent names an unknown item.")
