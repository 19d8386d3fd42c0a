"""Webhooks: where an organization wants to be told what happened, and how each telling went."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from vivavoce.core.errors import Invalid, Issue
from vivavoce.core.network_addresses import is_reachable_name
from vivavoce.core.session import Event

PREVIOUS_SECRET_LIFE = timedelta(hours=24)
LONGEST_URL = 2048
_URL_CHARACTERS = re.compile(r"[!-~]+")


class EventName(StrEnum):
    SESSION_CREATED = "session.created"
    SESSION_STARTED = "session.started"
    SESSION_COMPLETED = "session.completed"
    SESSION_SCORED = "session.scored"
    SESSION_FAILED = "session.failed"
    SESSION_CANCELLED = "session.cancelled"
    PARTICIPANT_CREATED = "participant.created"
    APPLICATION_APPROVED = "application.approved"
    APPLICATION_REJECTED = "application.rejected"


@dataclass(frozen=True)
class WebhookSecret:
    """`text` is `whsec_…`; a secret that was replaced signs until `retires_at`."""

    text: str
    retires_at: datetime | None = None

    def __repr__(self) -> str:
        return "WebhookSecret(…)"


@dataclass(frozen=True)
class WebhookEndpoint:
    """`secrets` are newest first. No `events` means all of them."""

    id: str
    organization_id: str
    url: str
    secrets: tuple[WebhookSecret, ...]
    created_at: datetime
    updated_at: datetime
    description: str = ""
    events: tuple[EventName, ...] = ()
    enabled: bool = True
    disabled_reason: str | None = None
    revision: int = 1

    def live_secrets(self, now: datetime) -> tuple[str, ...]:
        return tuple(
            secret.text
            for secret in self.secrets
            if secret.retires_at is None or now < secret.retires_at
        )


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # every attempt was used
    ABANDONED = "abandoned"  # the endpoint was deleted


class AttemptOutcome(StrEnum):
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    REFUSED = "refused"  # answered, but not with 2xx
    REDIRECTED = "redirected"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    FORBIDDEN_ADDRESS = "forbidden_address"
    INTERRUPTED = "interrupted"  # this program ended before it knew


@dataclass(frozen=True)
class Attempt:
    """`excerpt` is the beginning of what the endpoint answered."""

    number: int
    at: datetime
    outcome: AttemptOutcome = AttemptOutcome.UNDER_WAY
    status_code: int | None = None
    duration_ms: int | None = None
    excerpt: str = ""


@dataclass(frozen=True)
class Answer:
    """How one attempt ended; `duration_ms` is from the look-up of the name to the last byte."""

    outcome: AttemptOutcome
    duration_ms: int
    status_code: int | None = None
    excerpt: str = ""


@dataclass(frozen=True)
class Claim:
    """An attempt that this program has begun and nobody else may begin."""

    delivery_id: str
    number: int
    failures: int
    endpoint: WebhookEndpoint
    event: Event


@dataclass(frozen=True)
class Delivery:
    """One event for one endpoint. `failures` counts since the delivery or its replay began."""

    id: str
    organization_id: str
    endpoint_id: str
    event: Event
    status: DeliveryStatus
    failures: int
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    settled_at: datetime | None = None


@dataclass(frozen=True)
class DeliveryFilter:
    """Which deliveries to list; `None` leaves a field open. `page` counts from 1."""

    endpoint_id: str | None = None
    status: DeliveryStatus | None = None
    event: EventName | None = None
    event_id: str | None = None
    page: int = 1
    page_size: int = 20


def outcome_of(status_code: int) -> AttemptOutcome:
    if 200 <= status_code < 300:
        return AttemptOutcome.DELIVERED
    if 300 <= status_code < 400:
        return AttemptOutcome.REDIRECTED
    return AttemptOutcome.REFUSED


def check_endpoint_url(url: str, *, private_allowed: bool) -> None:
    """What can be known without asking the network; each attempt checks the address again.

    Raises `Invalid` code `webhook_url`.
    """
    if len(url) > LONGEST_URL or not _URL_CHARACTERS.fullmatch(url):
        raise _refused(f"A webhook address is plain ASCII, at most {LONGEST_URL} characters.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _refused("This is not a web address.") from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise _refused("A webhook address is an http or https address with a host.")
    if parts.username is not None or parts.fragment:
        raise _refused("A webhook address has no credentials and no fragment.")
    if not private_allowed and not is_reachable_name(host):
        raise _refused("Private and loopback addresses are not allowed.")


def _refused(message: str) -> Invalid:
    return Invalid("webhook_url", message, (Issue(("url",), message),))
