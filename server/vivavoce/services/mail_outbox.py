"""What was, is or will be mailed, as an organization sees it, and sending it once more."""

from dataclasses import dataclass
from datetime import datetime

from vivavoce.core.errors import Conflict, NotFound, Unprocessable
from vivavoce.core.mail import Mail, MailFilter, MailKind, MailStatus
from vivavoce.core.session import Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.ports.stores import Tables
from vivavoce.services import mailing
from vivavoce.services.campaigns import require_begin
from vivavoce.services.foundation import Foundation
from vivavoce.services.mail_worker import Correspondence

_REPEATABLE = frozenset({MailStatus.FAILED, MailStatus.UNCERTAIN})
_OF_OPEN_SESSIONS = frozenset({MailKind.INVITATION, MailKind.REMINDER})


@dataclass(frozen=True)
class MailRecord:
    """`join_url` is to copy, as long as it opens something; `subject` and `text` are not in lists.

    Of a forgotten participant nothing is left to show.
    """

    mail: Mail
    join_url: str | None
    subject: str | None = None
    text: str | None = None


class MailOutbox:
    def __init__(self, foundation: Foundation, correspondence: Correspondence) -> None:
        self._at = foundation
        self._correspondence = correspondence

    async def page(
        self, organization_id: str, chosen: MailFilter
    ) -> tuple[tuple[MailRecord, ...], int]:
        """One page, newest first, and how many there are in all."""
        read = self._at.stores.read
        total = await read.mail.count(organization_id, chosen)
        page = await read.mail.page(organization_id, chosen)
        sessions = await read.sessions.several(mail.session_id for mail in page if mail.session_id)
        records = [
            MailRecord(mail, self._join_url(mail, sessions.get(mail.session_id or "")))
            for mail in page
        ]
        return tuple(records), total

    async def read(self, organization_id: str, mail_id: str) -> MailRecord:
        """Raises `NotFound` code `mail_not_found`."""
        mail = await _require(self._at.stores.read, organization_id, mail_id)
        session = await _session_of(self._at.stores.read, mail)
        join_url = self._join_url(mail, session)
        if not mail.recipient.address:
            return MailRecord(mail, join_url)
        letter = self._correspondence.letter(mail, self._at.now())
        return MailRecord(mail, join_url, letter.subject, letter.text)

    async def retry(self, organization_id: str, mail_id: str) -> MailRecord:
        """A person takes the responsibility that it may arrive twice.

        Raises `Conflict` code `mail_state` unless it failed or is uncertain and still has a point.
        """
        async with self._at.stores.transaction() as write:
            mail = await _require(write, organization_id, mail_id)
            session = await _session_of(write, mail)
            late = mail.kind in _OF_OPEN_SESSIONS and not self._is_open(session)
            late = late or (mail.kind is MailKind.CODE and _is_over(mail, self._at.now()))
            if mail.status not in _REPEATABLE or late or not mail.recipient.address:
                raise Conflict("mail_state", f"A mail that is {mail.status} is not sent again.")
            await write.mail.repeat(mail_id, self._at.now())
        return await self.read(organization_id, mail_id)

    async def invite(self, organization_id: str, session_id: str) -> MailRecord:
        """A new invitation, also where it was withheld; what waited before it is withdrawn.

        Raises `NotFound` code `session_not_found`, `Conflict` code `session_state`,
        `campaign_closed`, or `mail_state` while one is handed over, `Unprocessable` code
        `not_invitable` without an address or where nobody comes by a link.
        """
        async with self._at.stores.transaction() as write:
            session = await write.sessions.get(session_id)
            if session is None or session.organization_id != organization_id:
                raise NotFound("session_not_found", "This session does not exist.")
            if not self._is_open(session):
                raise Conflict("session_state", "This session is not open any more.")
            await require_begin(write, session, self._at.now())
            if await write.mail.count(organization_id, _being_sent(session_id)):
                raise Conflict("mail_state", "An invitation is being sent at this moment.")
            await write.mail.withdraw(session_id, self._at.now())
            mail = await mailing.invite(self._at, write, session)
            if mail is None:
                message = "This session has no candidate who could be invited by mail."
                raise Unprocessable("not_invitable", message)
            await write.sessions.set_invited(session_id)
        return await self.read(organization_id, mail.id)

    def _join_url(self, mail: Mail, session: Session | None) -> str | None:
        if mail.kind not in _OF_OPEN_SESSIONS or not self._is_open(session):
            return None
        return self._correspondence.join_url(mail, self._at.now())

    def _is_open(self, session: Session | None) -> bool:
        if session is None or session.status is not SessionStatus.SCHEDULED:
            return False
        return not session.has_expired(self._at.now())


def _being_sent(session_id: str) -> MailFilter:
    return MailFilter(status=MailStatus.SENDING, kind=MailKind.INVITATION, session_id=session_id)


async def _session_of(tables: Tables, mail: Mail) -> Session | None:
    return await tables.sessions.get(mail.session_id) if mail.session_id else None


def _is_over(mail: Mail, now: datetime) -> bool:
    return mail.not_after is not None and mail.not_after <= now


async def _require(tables: Tables, organization_id: str, mail_id: str) -> Mail:
    mail = await tables.mail.get(organization_id, mail_id)
    if mail is None:
        raise NotFound("mail_not_found", "This mail does not exist.")
    return mail
