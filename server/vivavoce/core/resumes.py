"""Fetching somebody's résumé from the address that was given for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Somebody else's server may be down for a while; what it refuses, it refuses for good.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=4))


class ResumeState(StrEnum):
    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class ResumeFetch:
    """`error` is a code; while it waits, why the last attempt failed."""

    url: str
    state: ResumeState
    error: str | None = None


@dataclass(frozen=True)
class ResumeClaim:
    """An attempt that is this program's to make; what it comes to counts until somebody claims the
    next one.
    """

    organization_id: str
    participant_id: str
    url: str
    failures: int
    leased_until: datetime


def retry_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures; None when it is to be given up."""
    return RETRY_AFTER[failures - 1] if failures <= len(RETRY_AFTER) else None
