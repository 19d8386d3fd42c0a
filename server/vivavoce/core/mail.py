"""Mail to candidates: what kinds there are, what each tells, and what may become of it.

    pending ──handed over──► sending ──► sent
       │  ▲                     ├──────► uncertain   the connection or the program ended in between
       │  └──── try later ──────┤
       ├──► withdrawn           └──────► failed      refused for good, or tried for too long
       └──► failed

A server that has the message may deliver it although its answer never arrived. Sending again could
then reach the candidate twice, so an uncertain mail waits for a person.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(
    r"[^@\s<>,;:\"()\[\]\\\x00-\x20\x7f-\x9f]{1,64}"
    r"@[^@\s<>,;:\"()\[\]\\.\x00-\x20\x7f-\x9f]+(?:\.[^@\s<>,;:\"()\[\]\\.\x00-\x20\x7f-\x9f]+)*"
)
LONGEST_ADDRESS = 254


class MailKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"
    CANCELLATION = "cancellation"
    RESULT = "result"
    CODE = "code"
    APPLICATION = "application"  # it has arrived


class NextStep(StrEnum):
    """What follows an application."""

    PERSON = "person"  # reads it
    INTERVIEW = "interview"  # open to the candidate already
    ARRANGED = "arranged"  # by people, who write


class MailStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class SendOutcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    DEFERRED = "deferred"  # the server asks to try later
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    UNAUTHENTICATED = "unauthenticated"
    REFUSED = "refused"  # for good
    UNCERTAIN = "uncertain"  # the server may have taken it
    INTERRUPTED = "interrupted"  # the program ended meanwhile
    OVERTAKEN = "overtaken"  # it had been settled otherwise when it was to be handed over


@dataclass(frozen=True)
class Mailbox:
    name: str
    address: str


@dataclass(frozen=True)
class ResultLine:
    """One dimension; `score` is None where nothing was observed."""

    name: str
    score: float | None
    feedback: str = ""


@dataclass(frozen=True)
class ResultFacts:
    """On a scale that ends at `highest`. There is no verdict: only people reject."""

    highest: int
    score: float | None = None
    lines: tuple[ResultLine, ...] = ()


@dataclass(frozen=True)
class MailFacts:
    """What a mail tells, as it was when it was written."""

    organization: str = ""
    interview: str = ""
    slug: str = ""  # ends the link
    stage_id: str | None = None
    code_number: int = 0  # which of its codes a request to apply is sent
    minutes: int = 0
    scheduled_at: datetime | None = None
    timezone: str | None = None
    expires_at: datetime | None = None
    result: ResultFacts | None = None
    next_step: NextStep | None = None


@dataclass(frozen=True)
class Mail:
    """`due_at` is when it should go out, `not_after` when it has lost its point.

    A code belongs to a request to apply, and to a participant once it has been told; that an
    application has arrived is told to its participant; all else belongs to a session as well.

    `message_id` without its angle brackets; the same at every attempt.
    """

    id: str
    organization_id: str
    session_id: str | None
    participant_id: str | None
    kind: MailKind
    recipient: Mailbox
    language: str
    facts: MailFacts
    message_id: str
    created_at: datetime
    due_at: datetime
    not_after: datetime | None = None
    status: MailStatus = MailStatus.PENDING
    attempts: int = 0
    failures: int = 0
    outcome: SendOutcome | None = None  # of the latest attempt
    next_attempt_at: datetime | None = None
    settled_at: datetime | None = None
    apply_request_id: str | None = None


@dataclass(frozen=True)
class MailFilter:
    """Which mails to list; `None` leaves a field open. `page` counts from 1."""

    status: MailStatus | None = None
    kind: MailKind | None = None
    session_id: str | None = None
    participant_id: str | None = None
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True)
class CalendarFile:
    """`method` is that of iTIP (RFC 5546): REQUEST, PUBLISH or CANCEL."""

    method: str
    text: str


@dataclass(frozen=True)
class Letter:
    """A mail as it is read; `sender` and `recipient` hold no line breaks."""

    message_id: str
    date: datetime
    sender: Mailbox
    recipient: Mailbox
    language_tag: str
    subject: str
    text: str
    html: str
    calendar: CalendarFile | None = None


def is_address(text: str) -> bool:
    """Whether mail can be sent there, and nothing but one address stands there."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def one_line(text: str) -> str:
    """For names and subjects: what would break a header becomes a space."""
    return " ".join(_CONTROL.sub(" ", text).split())
