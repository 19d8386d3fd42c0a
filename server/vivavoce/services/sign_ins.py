"""Signing in with a password: from the form to the cookie's secret, and from it to a principal."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from vivavoce.core.organization import Member, MemberStatus, Organization, SignIn
from vivavoce.core.roles import SCOPES_OF
from vivavoce.core.scopes import Principal
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation
from vivavoce.services.passwords import Passwords, check_password

LIFE = timedelta(days=30)
IDLE_LIFE = timedelta(days=3)
_USED_STEP = timedelta(minutes=1)
_LONGEST_USER_AGENT = 200


@dataclass(frozen=True)
class Attempt:
    """What somebody who wants in has typed, and the browser they did it in."""

    account_slug: str
    email: str
    password: str
    user_agent: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A member in one browser."""

    member: Member
    organization: Organization
    sign_in: SignIn

    @property
    def principal(self) -> Principal:
        scopes = SCOPES_OF[self.member.role]
        return Principal(self.organization.id, "", scopes, member_id=self.member.id)


class SignIns:
    def __init__(self, foundation: Foundation, passwords: Passwords) -> None:
        self._at = foundation
        self._passwords = passwords

    async def sign_in(self, attempt: Attempt) -> tuple[SignedIn, str]:
        """Who it is, and the cookie's secret, which is never seen again.

        Raises `Unauthenticated` code `sign_in`, without telling what was wrong, in the same time.
        """
        read = self._at.stores.read
        organization = await read.organizations.by_slug(attempt.account_slug)
        member = None
        if organization is not None:
            member = await read.members.by_email(organization.id, attempt.email.strip().lower())
        if member is not None and member.status is not MemberStatus.ACTIVE:
            member = None
        known = member.password_hash if member else None
        verified = await self._passwords.verify(known, attempt.password)
        if not verified or organization is None or member is None:
            raise _bad_sign_in()
        return await self._begin(organization, member, attempt.user_agent)

    async def accept(
        self, invitation: str, password: str, name: str | None = None
    ) -> tuple[Member, Organization]:
        """Choose a password, which ends the invitation and every sign-in with the one before.

        Raises `Unauthenticated` code `invitation`, `Invalid` code `password`.
        """
        check_password(password)
        await self._invited(self._at.stores.read, invitation)  # before the expensive part
        password_hash = await self._passwords.hash(password)
        async with self._at.stores.transaction() as write:
            member, organization = await self._invited(write, invitation)
            accepted = replace(
                member,
                name=member.name if name is None else name,
                password_hash=password_hash,
                accepted_at=member.accepted_at or self._at.now(),
                invitation=None,
                revision=member.revision + 1,
            )
            await write.members.change(accepted)
            await write.sign_ins.end_all(member.id)
        return accepted, organization

    async def change_password(self, who: SignedIn, current: str, wanted: str) -> None:
        """Ends every other sign-in of the member.

        Raises `Forbidden` code `password`, `Invalid` code `password`.
        """
        check_password(wanted)
        if not await self._passwords.verify(who.member.password_hash, current):
            raise Forbidden("password", "The current password is wrong.")
        password_hash = await self._passwords.hash(wanted)
        async with self._at.stores.transaction() as write:
            member = await write.members.get(who.member.id)
            if member is None or member.password_hash != who.member.password_hash:
                raise Conflict("changed_meanwhile", "The password has been changed meanwhile.")
            changed = replace(member, password_hash=password_hash, revision=member.revision + 1)
            await write.members.change(changed)
            for one in await write.sign_ins.of_member(member.id):
                if one.id != who.sign_in.id:
                    await write.sign_ins.end(member.id, one.id)

    async def authenticate(self, account_slug: str, token: str) -> SignedIn:
        """Raises `Unauthenticated` code `cookie`; roles and deactivation count at once."""
        read = self._at.stores.read
        sign_in = await read.sign_ins.by_hash(secret_hash(token))
        now = self._at.now()
        if sign_in is None or not _is_live(sign_in, now):
            raise _bad_cookie()
        member = await read.members.get(sign_in.member_id)
        organization = await read.organizations.by_slug(account_slug)
        if member is None or organization is None or member.organization_id != organization.id:
            raise _bad_cookie()
        if member.status is not MemberStatus.ACTIVE:
            raise _bad_cookie()
        if now - sign_in.last_used_at >= _USED_STEP:
            async with self._at.stores.transaction() as write:
                await write.sign_ins.used(sign_in.id, now)
        return SignedIn(member, organization, sign_in)

    async def of_member(self, member_id: str) -> tuple[SignIn, ...]:
        """The browsers in which the member is signed in now, newest first."""
        sign_ins = await self._at.stores.read.sign_ins.of_member(member_id)
        return tuple(one for one in sign_ins if _is_live(one, self._at.now()))

    async def end(self, member_id: str, sign_in_id: str) -> None:
        """Raises `NotFound` code `sign_in_not_found`."""
        async with self._at.stores.transaction() as write:
            if not await write.sign_ins.end(member_id, sign_in_id):
                raise NotFound("sign_in_not_found", "You are not signed in there.")

    async def _begin(
        self, organization: Organization, member: Member, user_agent: str
    ) -> tuple[SignedIn, str]:
        token = "vvsi_" + secrets.token_urlsafe(32)
        now = self._at.now()
        sign_in = SignIn(
            id=self._at.new_id(),
            member_id=member.id,
            hash=secret_hash(token),
            user_agent=user_agent[:_LONGEST_USER_AGENT],
            created_at=now,
            last_used_at=now,
            expires_at=now + LIFE,
        )
        async with self._at.stores.transaction() as write:
            # Verifying takes a while, in which the password may have been replaced.
            current = await write.members.get(member.id)
            if current is None or _entry(current) != _entry(member):
                raise _bad_sign_in()
            for earlier in await write.sign_ins.of_member(member.id):
                if not _is_live(earlier, now):
                    await write.sign_ins.end(member.id, earlier.id)
            await write.sign_ins.add(sign_in)
        return SignedIn(member, organization, sign_in), token

    async def _invited(self, tables: Tables, invitation: str) -> tuple[Member, Organization]:
        member = await tables.members.by_invitation(secret_hash(invitation))
        if member is None or member.invitation is None:
            raise _bad_invitation()
        organization = await tables.organizations.get(member.organization_id)
        if organization is None or member.invitation.expires_at <= self._at.now():
            raise _bad_invitation()
        return member, organization


def _is_live(sign_in: SignIn, now: datetime) -> bool:
    return now < sign_in.expires_at and now - sign_in.last_used_at < IDLE_LIFE


def _entry(member: Member) -> tuple[str | None, MemberStatus]:
    return member.password_hash, member.status


def _bad_sign_in() -> Unauthenticated:
    message = "The account, the e-mail address or the password is wrong."
    return Unauthenticated("sign_in", message)


def _bad_cookie() -> Unauthenticated:
    return Unauthenticated("cookie", "You are not signed in to this account.")


def _bad_invitation() -> Unauthenticated:
    return Unauthenticated("invitation", "The invitation is used, too old or unknown.")
