"""Members of the native API: inviting people, giving them a role, and letting them go."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.organization import MemberStatus
from vivavoce.core.roles import Role
from vivavoce.core.scopes import Scope
from vivavoce.ports.members import MemberFilter
from vivavoce.services.members import MemberChange, NewMember
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Email, Line, seen_revisions
from vivavoce.web.api.member_shapes import (
    InvitedMemberShape,
    MemberShape,
    invited_view,
    member_view,
)
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class MemberQuery(PageQuery):
    role: Role | None = None
    status: MemberStatus | None = None


class MemberBody(Body):
    email: Email
    name: Line
    role: Role


class MemberPatch(Body):
    name: Line | None = None
    role: Role | None = None


@Operation(
    "List who may sign in; oldest first.",
    Scope.MEMBERS_READ,
    many(MemberShape),
    query=MemberQuery,
)
async def list_members(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.MEMBERS_READ)
    query = read_query(request, MemberQuery)
    chosen = MemberFilter(query.role, query.status, query.page, query.pageSize)
    members, total = await request.state["services"].members.page(principal.organization_id, chosen)
    views = [member_view(member) for member in members]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one member.",
    Scope.MEMBERS_READ,
    one(MemberShape),
    errors={404: "member_not_found"},
)
async def get_member(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.MEMBERS_READ)
    member = await request.state["services"].members.get(
        principal.organization_id, request.path_params["member_id"]
    )
    return single(member_view(member), revision=member.revision)


@Operation(
    "Invite somebody.",
    Scope.MEMBERS_WRITE,
    one(InvitedMemberShape, 201),
    body=MemberBody,
    errors={409: "member_exists"},
)
async def invite_member(request: Request[State]) -> Response:
    """`invitation` is shown now, and never again; it is good for seven days and one password."""
    principal = await authorize(request, Scope.MEMBERS_WRITE)
    body = await read_body(request, MemberBody)
    wanted = NewMember(body.email, body.name, body.role)
    member, invitation = await request.state["services"].members.invite(principal, wanted)
    view = invited_view(request.state["services"].instance_url, member, invitation)
    return single(view, 201, revision=member.revision)


@Operation(
    "Invite a member again.",
    Scope.MEMBERS_WRITE,
    one(InvitedMemberShape),
    revised=True,
    errors={404: "member_not_found"},
)
async def invite_again(request: Request[State]) -> Response:
    """For who lost the invitation or the password, and for who comes back. The invitation before
    opens nothing any more.
    """
    principal = await authorize(request, Scope.MEMBERS_WRITE)
    member, invitation = await request.state["services"].members.invite_again(
        principal, request.path_params["member_id"], seen_revisions(request)
    )
    view = invited_view(request.state["services"].instance_url, member, invitation)
    return single(view, revision=member.revision)


@Operation(
    "Change a member's name or role.",
    Scope.MEMBERS_WRITE,
    one(MemberShape),
    body=MemberPatch,
    revised=True,
    errors={404: "member_not_found", 409: "last_owner"},
)
async def change_member(request: Request[State]) -> Response:
    """A new role counts from the next request on."""
    principal = await authorize(request, Scope.MEMBERS_WRITE)
    body = await read_body(request, MemberPatch)
    member = await request.state["services"].members.change(
        principal,
        request.path_params["member_id"],
        MemberChange(body.name, body.role),
        seen_revisions(request),
    )
    return single(member_view(member), revision=member.revision)


@Operation(
    "Deactivate a member.",
    Scope.MEMBERS_WRITE,
    GONE,
    revised=True,
    errors={404: "member_not_found", 409: "last_owner"},
)
async def deactivate_member(request: Request[State]) -> Response:
    """Signed out everywhere at once; the API keys they made stay."""
    principal = await authorize(request, Scope.MEMBERS_WRITE)
    await request.state["services"].members.deactivate(
        principal, request.path_params["member_id"], seen_revisions(request)
    )
    return removed()
