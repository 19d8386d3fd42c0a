"""Organizations of the native API: one's own name, and the sub-organizations below it."""

from typing import Any

from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.organization import Organization
from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.services.sub_organizations import NewSubOrganization
from vivavoce.web.answers import listing, single
from vivavoce.web.api.fields import Email, Line, seen_revisions
from vivavoce.web.api.member_shapes import AccountShape, account_view
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class OrganizationShape(AccountShape):
    parent_id: str | None
    created_at: AwareDatetime


class NewOrganizationShape(OrganizationShape):
    api_key: str
    agent_secret: str
    owner_invitation: str | None


class OrganizationBody(Body):
    name: Line
    owner_email: Email | None = None
    owner_name: Line = "Owner"


class OrganizationPatch(Body):
    name: Line


@Operation(
    "List sub-organizations; newest first.",
    Scope.ORGANIZATIONS_READ,
    many(OrganizationShape),
    query=PageQuery,
)
async def list_organizations(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.ORGANIZATIONS_READ)
    query = read_query(request, PageQuery)
    organizations, total = await request.state["services"].sub_organizations.page(
        principal.organization_id, query.page, query.pageSize
    )
    views = [organization_view(organization) for organization in organizations]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Open a sub-organization.",
    Scope.ORGANIZATIONS_WRITE,
    one(NewOrganizationShape, 201),
    body=OrganizationBody,
    errors={409: "sub_organization"},
)
async def create_organization(request: Request[State]) -> Response:
    """Its credentials are shown now, and never again. They act for it alone, and yours do not."""
    principal = await authorize(request, Scope.ORGANIZATIONS_WRITE)
    body = await read_body(request, OrganizationBody)
    wanted = NewSubOrganization(body.name, body.owner_email, body.owner_name)
    opened = await request.state["services"].sub_organizations.open(principal, wanted)
    view = {
        **organization_view(opened.organization),
        "api_key": opened.api_key,
        "agent_secret": opened.agent_secret,
        "owner_invitation": opened.owner_invitation,
    }
    return single(view, 201, revision=opened.organization.revision)


@Operation(
    "Read your organization, or one below it.",
    Scope.ORGANIZATIONS_READ,
    one(OrganizationShape),
    errors={404: "organization_not_found"},
)
async def get_organization(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.ORGANIZATIONS_READ)
    organization = await request.state["services"].sub_organizations.get(
        principal.organization_id, request.path_params["organization_id"]
    )
    return single(organization_view(organization), revision=organization.revision)


@Operation(
    "Rename your organization, or one below it.",
    Scope.ORGANIZATIONS_WRITE,
    one(OrganizationShape),
    body=OrganizationPatch,
    revised=True,
    errors={404: "organization_not_found"},
)
async def change_organization(request: Request[State]) -> Response:
    """`accountSlug` stays as it is: links and cookies are made of it."""
    principal = await authorize(request, Scope.ORGANIZATIONS_WRITE)
    body = await read_body(request, OrganizationPatch)
    organization = await request.state["services"].sub_organizations.rename(
        principal.organization_id,
        request.path_params["organization_id"],
        body.name,
        seen_revisions(request),
    )
    return single(organization_view(organization), revision=organization.revision)


def organization_view(organization: Organization) -> dict[str, Any]:
    return {
        **account_view(organization),
        "parent_id": organization.parent_id,
        "created_at": to_text(organization.created_at),
    }
