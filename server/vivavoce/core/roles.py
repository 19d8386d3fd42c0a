"""What people may do, by role: the one table that every sign-in is held to."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from vivavoce.core.scopes import ALL_SCOPES, Principal, Scope


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    RECRUITER = "recruiter"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


_VIEWER = frozenset(
    {
        Scope.CANDIDATES_READ,
        Scope.INTERVIEWS_READ,
        Scope.EVALUATION_TEMPLATES_READ,
        Scope.EVALUATION_STAGES_READ,
        Scope.JOBS_READ,
        Scope.CAMPAIGNS_READ,
        Scope.STAGES_READ,
        Scope.REPORTS_READ,
        Scope.KNOWLEDGE_READ,
    }
)
# Whoever reviews decides about applications, which is a change of candidates.
_REVIEWER = _VIEWER | {Scope.CANDIDATES_WRITE, Scope.REPORTS_WRITE}
_RECRUITER = _REVIEWER | {
    Scope.CANDIDATES_DELETE,
    Scope.INTERVIEWS_WRITE,
    Scope.EVALUATION_TEMPLATES_WRITE,
    Scope.EVALUATION_STAGES_WRITE,
    Scope.JOBS_WRITE,
    Scope.CAMPAIGNS_WRITE,
    Scope.STAGES_WRITE,
    Scope.KNOWLEDGE_WRITE,
    Scope.EMBEDS_READ,
    Scope.EMBEDS_WRITE,
    Scope.MEMBERS_READ,
}

SCOPES_OF: Mapping[Role, frozenset[Scope]] = MappingProxyType(
    {
        Role.OWNER: ALL_SCOPES,
        Role.ADMIN: ALL_SCOPES - {Scope.ORGANIZATIONS_WRITE},
        Role.RECRUITER: _RECRUITER,
        Role.REVIEWER: _REVIEWER,
        Role.VIEWER: _VIEWER,
    }
)


def require_reach(by: Principal, role: Role) -> None:
    """Raise `Forbidden` unless everything that the role may do is the principal's own right too.

    It keeps people from lifting anybody, themselves included, above what they are.
    """
    for scope in sorted(SCOPES_OF[role]):
        by.require(scope)
