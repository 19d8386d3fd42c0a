"""Who stands before the door with a link, before the link is bound to anything."""

from dataclasses import dataclass

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.embed import LaunchClaims
from vivavoce.core.errors import Conflict, Unauthenticated
from vivavoce.core.launch_rules import INVITATION_LIFE_SECONDS
from vivavoce.core.session import Session
from vivavoce.core.session_lifecycle import is_terminal
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.enrolment import stage_ahead
from vivavoce.services.foundation import Foundation
from vivavoce.services.launch_tokens import LaunchTokens, SignedLink


@dataclass(frozen=True)
class Caller:
    """`name` is the same however often they ask; `session` is the one that they come back to."""

    name: str
    session: Session | None = None


class Callers:
    """Each method refuses what the exchange of the same credential would refuse."""

    def __init__(self, foundation: Foundation, tokens: LaunchTokens) -> None:
        self._at = foundation
        self._tokens = tokens

    async def with_launch(self, token: str, resume_handle: str | None) -> Caller:
        _, claims = await self._tokens.verify_launch(token)
        return await self._caller(claims, resume_handle)

    async def with_signed(self, link: SignedLink, resume_handle: str | None) -> Caller:
        _, claims = await self._tokens.verify_signed(link)
        return await self._caller(claims, resume_handle)

    async def with_invitation(self, token: str, resume_handle: str | None) -> Caller:
        if self._tokens.is_own(token):
            return await self._caller(self._tokens.verify_invitation(token), resume_handle)
        _, claims = await self._tokens.verify(token, INVITATION_LIFE_SECONDS)
        return await self._caller(claims, resume_handle)

    async def with_handle(self, session_id: str, resume_handle: str) -> Caller:
        read = self._at.stores.read
        await require_handle(read, session_id, resume_handle)
        return Caller(session_id, await session_changes.require_session(read, session_id))

    async def stage_ahead(self, link: str | SignedLink) -> str:
        """The stage that a launch token or a signed link leads to, as it is not exchanged yet."""
        if isinstance(link, str):
            embed, claims = await self._tokens.verify_launch(link)
        else:
            embed, claims = await self._tokens.verify_signed(link)
        return await stage_ahead(self._at.stores.read, embed, claims)

    async def _caller(self, claims: LaunchClaims, resume_handle: str | None) -> Caller:
        session = await bound_session(self._at.stores.read, claims, resume_handle)
        return Caller(f"{claims.issuer} {claims.subject}", session)


async def bound_session(
    tables: Tables, claims: LaunchClaims, resume_handle: str | None
) -> Session | None:
    """The session that the link is bound to, if this browser is the one that holds it."""
    session_id = await tables.admissions.bound_session(claims.issuer, claims.jti)
    if session_id is None:
        return None
    session = await session_changes.require_session(tables, session_id)
    hashed = secret_hash(resume_handle or "")
    if not await tables.admissions.holds_handle(session_id, hashed):
        if is_terminal(session.status):  # there is nothing to go on with in the other browser
            raise Conflict("session_ended", "This interview has ended.")
        raise Conflict("launch_in_use", "This link is already in use in another browser.")
    return session


async def require_handle(tables: Tables, session_id: str, handle: str) -> None:
    if not await tables.admissions.holds_handle(session_id, secret_hash(handle)):
        raise Unauthenticated("resume_handle", "This browser cannot resume the session.")
