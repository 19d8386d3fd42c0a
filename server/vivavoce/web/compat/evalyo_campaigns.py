"""The Evalyo view: campaigns."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.campaign import Campaign, CampaignFilter, CampaignStatus
from vivavoce.core.scopes import Scope
from vivavoce.services.campaigns import NewCampaign
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.bodies import changed, read_body, read_object, read_query
from vivavoce.web.compat.evalyo_bodies import CampaignRequest, CampaignsQuery
from vivavoce.web.compat.evalyo_views import campaign_view, writable
from vivavoce.web.compat.shapes import CampaignShape
from vivavoce.web.operations import GONE, Operation, many, one
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
    return single(campaign_view(campaign), revision=campaign.revision)


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
    return single(campaign_view(campaign), 201, revision=campaign.revision)


@Operation(
    "Change a campaign.",
    Scope.CAMPAIGNS_WRITE,
    one(CampaignShape),
    body=CampaignRequest,
    partial=True,
    revised=True,
    errors={400: "campaign_window campaign_job", 404: "campaign_not_found"},
)
async def change_campaign(request: Request[State]) -> Response:
    """What is not sent stays. Outside its time and its status `ACTIVE`, none of its interviews
    begins.
    """
    principal = await authorize(request, Scope.CAMPAIGNS_WRITE)
    sent = await read_object(request)

    def edit(before: Campaign) -> NewCampaign:
        body = changed(writable(campaign_view(before)), sent, CampaignRequest)
        return body.campaign()

    campaign = await request.state["services"].campaigns.change(
        principal.organization_id, request.path_params["campaign_id"], seen_revisions(request), edit
    )
    return single(campaign_view(campaign), revision=campaign.revision)


@Operation(
    "Remove a campaign; interviews that were ordered in it stay.",
    Scope.CAMPAIGNS_WRITE,
    GONE,
    revised=True,
    errors={404: "campaign_not_found"},
)
async def delete_campaign(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CAMPAIGNS_WRITE)
    await request.state["services"].campaigns.remove(
        principal.organization_id, request.path_params["campaign_id"], seen_revisions(request)
    )
    return removed()
