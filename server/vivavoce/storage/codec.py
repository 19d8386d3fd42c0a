"""Domain values as JSON columns. Pydantic checks each on the way back, so a bad row cannot pass
unseen.
"""

from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from vivavoce.core.agent_profile import AgentProfile, Dimension, ScoringRules
from vivavoce.core.applying import ApplyForm
from vivavoce.core.errors import EngineFailure
from vivavoce.core.knowledge import ReadDocument
from vivavoce.core.mail import MailFacts
from vivavoce.core.participant_details import ParticipantDetails
from vivavoce.core.scopes import Scope
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import ApplicationConsent
from vivavoce.core.template import Template
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.core.transcript import Turn, TurnLedger

PROFILE = TypeAdapter(AgentProfile)
SCORING = TypeAdapter(ScoringRules)
DIMENSIONS = TypeAdapter(tuple[Dimension, ...])
TEMPLATE = TypeAdapter(Template)
MAIL_FACTS = TypeAdapter(MailFacts)
PARTICIPANT_DETAILS = TypeAdapter(ParticipantDetails)
APPLICATION_CONSENT = TypeAdapter(ApplicationConsent)
APPLY_FORM = TypeAdapter(ApplyForm)
READ_DOCUMENT = TypeAdapter(ReadDocument)
TURN = TypeAdapter(Turn)
LEDGER = TypeAdapter(TurnLedger)
SCORECARD = TypeAdapter(Scorecard)
SCOPES = TypeAdapter(frozenset[Scope])
TEXTS = TypeAdapter(tuple[str, ...])
OBJECT = TypeAdapter(dict[str, Any])

Value = TypeVar("Value")


def encode(adapter: TypeAdapter[Value], value: Value) -> str:
    return adapter.dump_json(value).decode()


def decode(adapter: TypeAdapter[Value], text: str) -> Value:
    try:
        return adapter.validate_json(text)
    except ValidationError:
        # Its message would quote the row, which may be what a candidate said.
        raise EngineFailure("database_damaged", "A stored value cannot be read.") from None


def moment(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


def moment_text(value: datetime | None) -> str | None:
    return None if value is None else to_text(value)
