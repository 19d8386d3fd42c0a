"""Applying by oneself: what somebody fills in, and how they prove that the address is theirs.

    form ──► request, a code goes to the address ──the code is told──► participant, application
                    │        ▲
                    └ another┘   at most `MOST_CODES`, each with `MOST_FAILURES` wrong answers

Until the code is told there is neither participant nor application, and every answer is the same
whether or not the address has applied before. After `REQUEST_LIFE` nothing of a request is left.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from vivavoce.core.consent import POLICY_VERSION, REQUIRED_ITEMS
from vivavoce.core.errors import Gone, Invalid, RateLimited
from vivavoce.core.knowledge import ReadDocument
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.mail import is_address
from vivavoce.core.session import Application, ApplicationConsent, ApplicationStatus, Session
from vivavoce.core.session_lifecycle import SessionStatus

REQUEST_LIFE = timedelta(hours=24)
CODE_LIFE = timedelta(minutes=15)
CODE_GAP = timedelta(minutes=1)  # mail takes a moment
MOST_CODES = 4
MOST_FAILURES = 5
# Whoever fills in other people's addresses fills no mailbox.
CODES_TO_ADDRESS = 5
ADDRESS_SPAN = timedelta(hours=1)

LONGEST_NAME = 120
CONSENT_FIELDS = {f"consent_{item}": item for item in REQUIRED_ITEMS}
FIELDS = frozenset({"name", "email", "phone", "language", "policy_version", *CONSENT_FIELDS})
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,28}[0-9]")
_NO_DIGITS = re.compile(r"[\s\u2066-\u2069-]+")


class Problem(StrEnum):
    """What is wrong with a field of the form."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    WRONG = "wrong"


@dataclass(frozen=True)
class ApplyForm:
    name: str
    email: str
    phone: str | None
    consent: ApplicationConsent


class Uptake(StrEnum):
    """What became of a form once its code was told."""

    FIRST = "first"  # the application began with it
    RENEWED = "renewed"  # it counts instead of one that was told before it
    OVERTAKEN = "overtaken"  # one that was told after it counts
    EARLIER = "earlier"  # what was there before counts


@dataclass(frozen=True)
class ApplyRequest:
    """`code_number` counts the codes, `failures` the wrong answers to the newest one. Where the
    address had enough mail already the newest was not mailed, and then nothing that is told fits.

    The browser knows a handle, of which the hash is kept.
    """

    id: str
    handle_hash: bytes
    organization_id: str
    template_id: str
    form: ApplyForm
    language: str
    created_at: datetime
    code_number: int = 0
    code_at: datetime | None = None
    is_code_mailed: bool = False
    codes_mailed: int = 0
    failures: int = 0
    resume: ReadDocument | None = None
    application_id: str | None = None
    uptake: Uptake | None = None

    @property
    def ends_at(self) -> datetime:
        return self.created_at + REQUEST_LIFE

    @property
    def codes_left(self) -> int:
        return MOST_CODES - self.code_number


class Standing(StrEnum):
    """How an application stands, as somebody who has proved the address is told."""

    WAITING = "waiting"  # for a person
    INVITED = "invited"  # the interview can begin
    SCHEDULED = "scheduled"  # people hold the next step
    UNDER_WAY = "under_way"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


def read_form(fields: Mapping[str, str]) -> ApplyForm | dict[str, Problem]:
    """The form, or what is wrong with each field that is wrong. `fields` are all in `FIELDS`."""
    name, email = fields.get("name", "").strip(), fields.get("email", "").strip().lower()
    phone, language = fields.get("phone", "").strip(), fields.get("language", "")
    agreed = tuple(item for field, item in CONSENT_FIELDS.items() if fields.get(field) == "yes")
    found = {
        "name": _wrong_name(name),
        "email": _wrong_email(email),
        "phone": Problem.WRONG if phone and not _PHONE.fullmatch(phone) else None,
        "consent": None if set(agreed) == set(REQUIRED_ITEMS) else Problem.MISSING,
    }
    # What was agreed to is what was shown: the wording may have changed since the page was opened.
    if fields.get("policy_version") != POLICY_VERSION or language not in LANGUAGES:
        found["consent"] = Problem.WRONG
    problems = {field: problem for field, problem in found.items() if problem is not None}
    if problems:
        return problems
    consent = ApplicationConsent(POLICY_VERSION, agreed, language)
    return ApplyForm(name, email, phone or None, consent)


def with_next_code(request: ApplyRequest, now: datetime, *, is_mailed: bool) -> ApplyRequest:
    """Raises `RateLimited` codes `codes_used_up` and `code_too_soon`."""
    if request.codes_left <= 0:
        raise RateLimited("codes_used_up", "No further code is sent for this application.")
    if request.code_at is not None and now < request.code_at + CODE_GAP:
        raise RateLimited("code_too_soon", "A code was sent just now; please wait a minute.")
    return replace(
        request,
        code_number=request.code_number + 1,
        code_at=now,
        is_code_mailed=is_mailed,
        codes_mailed=request.codes_mailed + is_mailed,
        failures=0,
    )


def require_open_code(request: ApplyRequest, now: datetime) -> None:
    """Raises `Gone` code `code_expired`, `RateLimited` code `code_used_up`."""
    if request.failures >= MOST_FAILURES:
        raise RateLimited("code_used_up", "This code was told wrong too often; ask for another.")
    if request.code_at is None or now >= request.code_at + CODE_LIFE:
        raise Gone("code_expired", "This code is too old; ask for another.")


# Until an interview begins, what somebody sends can still be read with the rest.
CONSIDERED = frozenset(
    {ApplicationStatus.APPLIED, ApplicationStatus.APPROVED, ApplicationStatus.SCHEDULED}
)


def uptake_beside(request: ApplyRequest, application: Application) -> Uptake:
    """Of a form whose person has an application.

    Of two forms that were on their way together the one that is told last is the newest word. Who
    applies once more afterwards changes nothing that somebody may have read, and what the
    organization itself has entered stays.
    """
    was_on_its_way = request.created_at <= application.created_at
    by_oneself = application.applied_at is not None
    renews = was_on_its_way and by_oneself and application.status in CONSIDERED
    return Uptake.RENEWED if renews else Uptake.EARLIER


def wrong_code() -> Invalid:
    return Invalid("code_wrong", "This is not the code that was sent.")


def plain_code(told: str) -> str:
    """As people type it: with blanks, a hyphen, or the digits of their own writing."""
    return "".join(
        str(unicodedata.decimal(mark)) if mark.isdecimal() else mark
        for mark in _NO_DIGITS.sub("", told)
    )


def standing(status: ApplicationStatus, latest: Session | None, *, joinable: bool) -> Standing:
    """`latest` is the newest session; `joinable`: it is held by us, over a link."""
    if status is ApplicationStatus.WITHDRAWN:
        return Standing.WITHDRAWN
    if status is ApplicationStatus.REJECTED:
        return Standing.CLOSED
    match latest.status if latest else None:
        case SessionStatus.SCHEDULED:
            return Standing.INVITED if joinable else Standing.SCHEDULED
        case SessionStatus.IN_PROGRESS:
            return Standing.UNDER_WAY
        case SessionStatus.COMPLETED:
            return Standing.DONE
        case _:
            return Standing.WAITING


def _wrong_name(name: str) -> Problem | None:
    if not name:
        return Problem.MISSING
    if len(name) > LONGEST_NAME:
        return Problem.TOO_LONG
    return Problem.WRONG if _UNPRINTABLE.search(name) else None


def _wrong_email(email: str) -> Problem | None:
    if not email:
        return Problem.MISSING
    return None if is_address(email) and "." in email.rpartition("@")[2] else Problem.WRONG
