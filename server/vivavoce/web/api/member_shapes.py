"""What members and sign-ins look like in the native API."""

from typing import Any

from pydantic import AwareDatetime

from vivavoce.core.organization import Member, MemberStatus, Organization, SignIn
from vivavoce.core.roles import Role
from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.web.dashboard.addresses import invitation_page
from vivavoce.web.operations import Shape


class MemberShape(Shape):
    id: str
    email: str
    name: str
    role: Role
    status: MemberStatus
    created_at: AwareDatetime
    accepted_at: AwareDatetime | None
    deactivated_at: AwareDatetime | None
    invitation_expires_at: AwareDatetime | None


class InvitedMemberShape(MemberShape):
    invitation: str
    invitation_url: str


class AccountShape(Shape):
    id: str
    accountSlug: str  # noqa: N815 (the contract's name)
    name: str


class SignedInShape(Shape):
    organization: AccountShape
    member: MemberShape


class CallerShape(Shape):
    organization: AccountShape
    member: MemberShape | None
    scopes: list[Scope]


class SignInShape(Shape):
    id: str
    user_agent: str
    current: bool
    created_at: AwareDatetime
    last_used_at: AwareDatetime
    expires_at: AwareDatetime


def member_view(member: Member) -> dict[str, Any]:
    times = {
        "created_at": member.created_at,
        "accepted_at": member.accepted_at,
        "deactivated_at": member.deactivated_at,
        "invitation_expires_at": member.invitation.expires_at if member.invitation else None,
    }
    return {
        "id": member.id,
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "status": member.status,
        **{name: to_text(moment) if moment else None for name, moment in times.items()},
    }


def invited_view(instance: str, member: Member, invitation: str) -> dict[str, Any]:
    """With the invitation, which is seen this once, and the page where it is accepted."""
    return {
        **member_view(member),
        "invitation": invitation,
        "invitation_url": invitation_page(instance, invitation),
    }


def account_view(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.id,
        "accountSlug": organization.slug,
        "name": organization.name,
    }


def sign_in_view(sign_in: SignIn, current_id: str) -> dict[str, Any]:
    return {
        "id": sign_in.id,
        "user_agent": sign_in.user_agent,
        "current": sign_in.id == current_id,
        "created_at": to_text(sign_in.created_at),
        "last_used_at": to_text(sign_in.last_used_at),
        "expires_at": to_text(sign_in.expires_at),
    }
