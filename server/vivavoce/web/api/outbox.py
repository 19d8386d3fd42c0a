"""Mail to candidates, as the native API shows it: for whoever wants to know, or sends by hand."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.mail import MailFilter, MailKind, MailStatus, SendOutcome
from vivavoce.core.scopes import Principal, Scope
from vivavoce.core.timestamps import to_text
from vivavoce.services.mail_outbox import MailRecord
from vivavoce.web.answers import listing, single
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import read_query
from vivavoce.web.operations import Operation, Shape, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class RecipientShape(Shape):
    name: str
    email: str


class MailShape(Shape):
    id: str
    kind: MailKind
    status: MailStatus
    session_id: str | None
    candidate_id: str | None
    to: RecipientShape
    language: str
    join_url: str | None
    attempt_count: int
    last_outcome: SendOutcome | None
    created_at: AwareDatetime
    due_at: AwareDatetime
    next_attempt_at: AwareDatetime | None
    settled_at: AwareDatetime | None


class MailDetailsShape(MailShape):
    subject: str | None
    text: str | None


class OutboxQuery(PageQuery):
    status: MailStatus | None = None
    kind: MailKind | None = None
    session_id: str | None = Field(default=None, max_length=64)
    candidate_id: str | None = Field(default=None, max_length=64)


@Operation(
    "List what is mailed to candidates; newest first.",
    Scope.INTERVIEWS_READ,
    many(MailShape),
    query=OutboxQuery,
)
async def list_outbox(request: Request[State]) -> Response:
    principal = await _reader(request)
    query = read_query(request, OutboxQuery)
    chosen = MailFilter(
        status=query.status,
        kind=query.kind,
        session_id=query.session_id,
        participant_id=query.candidate_id,
        page=query.page,
        page_size=query.pageSize,
    )
    records, total = await request.state["services"].mail_outbox.page(
        principal.organization_id, chosen
    )
    views = [summary_view(record) for record in records]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one mail.",
    Scope.INTERVIEWS_READ,
    one(MailDetailsShape),
    errors={404: "mail_not_found"},
)
async def get_mail(request: Request[State]) -> Response:
    """With its subject and its text, to copy."""
    principal = await _reader(request)
    record = await request.state["services"].mail_outbox.read(
        principal.organization_id, request.path_params["mail_id"]
    )
    return single(mail_view(record))


@Operation(
    "Send a mail again.",
    Scope.INTERVIEWS_WRITE,
    one(MailDetailsShape, 202),
    errors={404: "mail_not_found", 409: "mail_state"},
)
async def retry_mail(request: Request[State]) -> Response:
    """202: what failed, or may have arrived, is sent again in a moment."""
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    record = await request.state["services"].mail_outbox.retry(
        principal.organization_id, request.path_params["mail_id"]
    )
    return single(mail_view(record), 202)


@Operation(
    "Invite the candidate of a session, once more or after all.",
    Scope.INTERVIEWS_WRITE,
    one(MailDetailsShape, 202),
    errors={
        404: "session_not_found",
        409: "session_state mail_state campaign_closed",
        422: "not_invitable",
    },
)
async def invite(request: Request[State]) -> Response:
    """202: a new invitation to a session that has not begun, also where it was withheld."""
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    record = await request.state["services"].mail_outbox.invite(
        principal.organization_id, request.path_params["session_id"]
    )
    return single(mail_view(record), 202)


async def _reader(request: Request[State]) -> Principal:
    """The list shows both who somebody is and the link into the interview."""
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    principal.require(Scope.CANDIDATES_READ)
    return principal


def summary_view(record: MailRecord) -> dict[str, Any]:
    mail = record.mail
    return {
        "id": mail.id,
        "kind": mail.kind,
        "status": mail.status,
        "session_id": mail.session_id,
        "candidate_id": mail.participant_id,
        "to": {"name": mail.recipient.name, "email": mail.recipient.address},
        "language": mail.language,
        "join_url": record.join_url,
        "attempt_count": mail.attempts,
        "last_outcome": mail.outcome,
        "created_at": to_text(mail.created_at),
        "due_at": to_text(mail.due_at),
        "next_attempt_at": _time(mail.next_attempt_at),
        "settled_at": _time(mail.settled_at),
    }


def mail_view(record: MailRecord) -> dict[str, Any]:
    return {**summary_view(record), "subject": record.subject, "text": record.text}


def _time(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
