"""From a link to a session: who comes, which session is theirs, and what their browser gets.

A link is bound, not burnt. Its first exchange creates or finds the session; the browser that made
it holds
a rotating resume handle and comes back with that; another browser with the same link is refused.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.embed import EmbedKey, LaunchClaims
from vivavoce.core.errors import Conflict, Forbidden, Unauthenticated
from vivavoce.core.launch_rules import INVITATION_LIFE_SECONDS
from vivavoce.core.session import Conductor, Session
from vivavoce.core.session_lifecycle import SessionStatus, is_terminal
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.callers import bound_session, require_handle
from vivavoce.services.campaigns import require_begin
from vivavoce.services.enrolment import Enrolment
from vivavoce.services.foundation import Foundation
from vivavoce.services.launch_tokens import LaunchTokens, Place, SignedLink
from vivavoce.services.tickets import TICKET_SECONDS, Tickets

POPOUT_SECONDS = 60
_HANDLE_BYTES = 32


@dataclass(frozen=True)
class Admission:
    """What a browser needs to open the socket, and to come back."""

    session_id: str
    resume_handle: str
    ticket: str
    ws_url: str
    expires_in: int = TICKET_SECONDS


class Launches:
    def __init__(self, foundation: Foundation, tokens: LaunchTokens, tickets: Tickets) -> None:
        self._at = foundation
        self._tokens = tokens
        self._tickets = tickets
        self._enrolment = Enrolment(foundation)

    async def exchange_launch(self, token: str, resume_handle: str | None = None) -> Admission:
        embed, claims = await self._tokens.verify_launch(token)
        return await self._enter(embed, claims, resume_handle)

    async def exchange_signed(
        self, link: SignedLink, resume_handle: str | None = None
    ) -> Admission:
        embed, claims = await self._tokens.verify_signed(link)
        return await self._enter(embed, claims, resume_handle)

    async def exchange_invitation(self, token: str, resume_handle: str | None = None) -> Admission:
        """A mailed link: ours, or the site's own."""
        if not self._tokens.is_own(token):
            embed, claims = await self._tokens.verify(token, INVITATION_LIFE_SECONDS)
            return await self._enter(embed, claims, resume_handle)
        claims = self._tokens.verify_invitation(token)
        async with self._at.stores.transaction() as write:
            session = await bound_session(write, claims, resume_handle)
            if session is None:
                session = await session_changes.require_session(write, claims.subject)
                await self._bind(write, claims, session)
            return await self._admit(write, session, resume_handle)

    async def refuse_unsigned(self) -> Admission:
        raise Forbidden("unsigned_not_allowed", "This interview needs a personal, signed link.")

    async def resume(self, session_id: str, resume_handle: str) -> Admission:
        """Raises `Unauthenticated` code `resume_handle`, `Conflict` code `session_ended`."""
        async with self._at.stores.transaction() as write:
            await require_handle(write, session_id, resume_handle)
            session = await session_changes.require_session(write, session_id)
            return await self._admit(write, session, resume_handle)

    async def popout(self, session_id: str, resume_handle: str) -> str:
        """The address that opens this interview in its own tab, once, within `POPOUT_SECONDS`."""
        async with self._at.stores.transaction() as write:
            await require_handle(write, session_id, resume_handle)
            session = await session_changes.require_session(write, session_id)
            stored = await write.templates.get(session.template_id)
            code, now = secrets.token_urlsafe(_HANDLE_BYTES), self._at.now()
            expires_at = now + timedelta(seconds=POPOUT_SECONDS)
            await write.admissions.add_popout(secret_hash(code), session_id, now, expires_at)
        slug = stored.slug if stored else session.template_id
        return f"{self._at.instance_url}/i/{Place(slug, session.stage_id)}#c={code}"

    async def exchange_popout(self, code: str) -> Admission:
        """Raises `Unauthenticated` code `popout_code`; the tab that asked loses its handle."""
        async with self._at.stores.transaction() as write:
            session_id = await write.admissions.take_popout(secret_hash(code), self._at.now())
            if session_id is None:
                raise Unauthenticated("popout_code", "This address was used or is too old.")
            session = await session_changes.require_session(write, session_id)
            await write.admissions.keep_only_handle(session_id, None)
            return await self._admit(write, session, None)

    async def rotate_handle(self, session_id: str) -> str:
        """A new handle for the browser on the socket; the one before it stays until this one is
        used.
        """
        async with self._at.stores.transaction() as write:
            return await self._new_handle(write, session_id)

    async def _enter(
        self, embed: EmbedKey, claims: LaunchClaims, resume_handle: str | None
    ) -> Admission:
        async with self._at.stores.transaction() as write:
            session = await bound_session(write, claims, resume_handle)
            if session is None:
                session = await self._enrolment.session_for(write, embed, claims)
                await self._bind(write, claims, session)
                # A fresh link from the site moves the candidate to this browser.
                await write.admissions.keep_only_handle(session.id, None)
            return await self._admit(write, session, resume_handle)

    async def _bind(self, write: Tables, claims: LaunchClaims, session: Session) -> None:
        expires_at = datetime.fromtimestamp(claims.expires_at, UTC)
        link = (claims.issuer, claims.jti)
        await write.admissions.bind(link, session.id, self._at.now(), expires_at)

    async def _admit(self, write: Tables, session: Session, used_handle: str | None) -> Admission:
        if is_terminal(session.status):
            raise Conflict("session_ended", "This interview has ended.")
        if session.has_expired(self._at.now()):
            raise Conflict("invitation_expired", "The invitation to this interview has expired.")
        if session.status is SessionStatus.SCHEDULED:
            await require_begin(write, session, self._at.now())
        if session.conductor is not Conductor.BUILT_IN:
            raise Conflict("conductor", "This interview is held elsewhere.")
        if used_handle is not None:
            await write.admissions.keep_only_handle(session.id, secret_hash(used_handle))
        handle = await self._new_handle(write, session.id)
        ticket = await self._tickets.add(write, session.id)
        socket_origin = "ws" + self._at.instance_url.removeprefix("http")
        return Admission(session.id, handle, ticket, f"{socket_origin}/ws/v1/{session.id}")

    async def _new_handle(self, write: Tables, session_id: str) -> str:
        handle = secrets.token_urlsafe(_HANDLE_BYTES)
        await write.admissions.add_handle(session_id, secret_hash(handle))
        return handle
