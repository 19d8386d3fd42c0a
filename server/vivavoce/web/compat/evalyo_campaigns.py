"""The Evalyo view: campaigns."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.campaign import CampaignFilter, CampaignStatus
from vivavoce.core.scopes import Scope
from vivavoce.web.answers import listing, single
from vivavoce.web.bodies import read_body, read_query
from vivavoce.web.compat.evalyo_bodies import CampaignRequest, CampaignsQuery
from vivavoce.web.compat.evalyo_views import campaign_view
from vivavoce.web.compat.shapes import CampaignShape
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


@Operation(
    "List hiring processes; newest first.",
    Scope.CAMPAIGNS_READ,
    many(CampaignShape),
    query=CampaignsQuery,
)
async def list_campaigns(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CAMPAIGNS_READ)
    query = read_query(request, CampaignsQuery)
    chosen = CampaignFilter(
        status=CampaignStatus(query.status.lower()) if query.status else None,
        template_id=query.jobId,
        page=query.page,
        page_size=query.pageSize,
    )
    campaigns, total = await request.state["services"].campaigns.page(
        principal.organization_id, chosen
    )
    views = [campaign_view(campaign) for campaign in campaigns]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one campaign.",
    Scope.CAMPAIGNS_READ,
    one(CampaignShape),
    errors={404: "campaign_not_found"},
)
async def get_campaign(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CAMPAIGNS_READ)
    campaign = await request.state["services"].campaigns.get(
        principal.organization_id, request.path_params["campaign_id"]
    )
    return single(campaign_view(campaign))


@Operation(
    "Open a hiring process for one job.",
    Scope.CAMPAIGNS_WRITE,
    one(CampaignShape, 201),
    body=CampaignRequest,
    errors={400: "campaign_window", 404: "template_not_found"},
)
async def create_campaign(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CAMPAIGNS_WRITE)
    body = await read_body(request, CampaignRequest)
    campaign = await request.state["services"].campaigns.create(
        principal.organization_id, body.campaign()
    )
    return single(campaign_view(campaign), 201)
