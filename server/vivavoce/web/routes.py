"""Every address on one screen."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from vivavoce.web import health, recordings
from vivavoce.web.api import (
    agent_profiles,
    sessions,
    tokens,
    webhook_deliveries,
    webhook_endpoints,
)
from vivavoce.web.compat import (
    evalyo,
    evalyo_agent,
    evalyo_campaigns,
    evalyo_candidates,
    evalyo_jobs,
    jobmojito,
)
from vivavoce.web.embed import pages
from vivavoce.web.embed import sessions as embed_sessions
from vivavoce.web.embed.assets import widget_routes


class Entry(NamedTuple):
    method: str
    path: str
    endpoint: Callable[[Request[Any]], Awaitable[Response]]
    name: str


TABLE = (
    Entry("POST", "/api/v1/auth/token", tokens.create_token, "create_token"),
    Entry("GET", "/api/v1/agent-profiles", agent_profiles.list_agent_profiles, "list_profiles"),
    Entry(
        "GET", "/api/v1/agent-profiles/{profile_id}", agent_profiles.get_agent_profile, "profile"
    ),
    Entry("GET", "/api/v1/sessions", sessions.list_sessions, "list_sessions"),
    Entry("GET", "/api/v1/sessions/{session_id}", sessions.get_session, "get_session"),
    Entry("POST", "/api/v1/embed/sessions", embed_sessions.create_session, "open_session"),
    Entry("POST", "/api/v1/embed/popout", embed_sessions.create_popout, "popout"),
    Entry("GET", "/functions/v1/merchant-avatar-list", jobmojito.list_avatars, "avatars"),
    Entry(
        "POST",
        "/functions/v1/job-interview-create-from-array",
        jobmojito.create_interview,
        "create_from_array",
    ),
    Entry("GET", "/api/v1/interviews", evalyo.list_interviews, "list_interviews"),
    Entry("POST", "/api/v1/interviews", evalyo.create_interview, "create_interview"),
    Entry("GET", "/api/v1/interviews/{interview_id}", evalyo.get_interview, "get_interview"),
    Entry("GET", "/api/v1/reports/{report_id}", evalyo.get_report, "get_report"),
    Entry("GET", "/api/v1/candidates", evalyo_candidates.list_candidates, "list_candidates"),
    Entry("POST", "/api/v1/candidates", evalyo_candidates.create_candidate, "create_candidate"),
    Entry("GET", "/api/v1/candidates/{candidate_id}", evalyo_candidates.get_candidate, "candidate"),
    Entry("GET", "/api/v1/jobs", evalyo_jobs.list_jobs, "list_jobs"),
    Entry("POST", "/api/v1/jobs", evalyo_jobs.create_job, "create_job"),
    Entry("GET", "/api/v1/jobs/{job_id}", evalyo_jobs.get_job, "get_job"),
    Entry("GET", "/api/v1/campaigns", evalyo_campaigns.list_campaigns, "list_campaigns"),
    Entry("POST", "/api/v1/campaigns", evalyo_campaigns.create_campaign, "create_campaign"),
    Entry("GET", "/api/v1/campaigns/{campaign_id}", evalyo_campaigns.get_campaign, "get_campaign"),
    Entry("POST", "/api/interviews/{interview_id}/token", evalyo_agent.create_token, "agent_token"),
    Entry("POST", "/api/interviews/{interview_id}/turns", evalyo_agent.create_turn, "create_turn"),
    Entry(
        "PATCH",
        "/api/interviews/{interview_id}/turns/{turn_number}",
        evalyo_agent.correct_turn,
        "correct_turn",
    ),
    Entry("GET", "/api/interviews/{interview_id}/history", evalyo_agent.get_history, "history"),
    Entry("POST", "/api/interviews/{interview_id}/finalize", evalyo_agent.finalize, "finalize"),
    Entry("GET", "/api/v1/webhook-endpoints", webhook_endpoints.list_endpoints, "list_webhooks"),
    Entry("POST", "/api/v1/webhook-endpoints", webhook_endpoints.create_endpoint, "create_webhook"),
    Entry(
        "GET",
        "/api/v1/webhook-endpoints/{endpoint_id}",
        webhook_endpoints.get_endpoint,
        "get_webhook",
    ),
    Entry(
        "PATCH",
        "/api/v1/webhook-endpoints/{endpoint_id}",
        webhook_endpoints.change_endpoint,
        "change_webhook",
    ),
    Entry(
        "DELETE",
        "/api/v1/webhook-endpoints/{endpoint_id}",
        webhook_endpoints.delete_endpoint,
        "delete_webhook",
    ),
    Entry(
        "POST",
        "/api/v1/webhook-endpoints/{endpoint_id}/rotate",
        webhook_endpoints.rotate_secret,
        "rotate_webhook",
    ),
    Entry(
        "GET", "/api/v1/webhook-deliveries", webhook_deliveries.list_deliveries, "list_deliveries"
    ),
    Entry(
        "GET",
        "/api/v1/webhook-deliveries/{delivery_id}",
        webhook_deliveries.get_delivery,
        "get_delivery",
    ),
    Entry(
        "POST",
        "/api/v1/webhook-deliveries/{delivery_id}/replay",
        webhook_deliveries.replay_delivery,
        "replay_delivery",
    ),
    Entry("GET", "/recordings/{session_id}.ogg", recordings.get_recording, "recording"),
    Entry("GET", "/embed", pages.embed_page, "embed"),
    Entry("GET", "/i/{slug}", pages.standalone_page, "standalone"),
    Entry("GET", "/healthz", health.healthz, "healthz"),
    Entry("GET", "/metrics", health.metrics, "metrics"),
)


def routes(widget_dir: Path, extra: Sequence[BaseRoute] = ()) -> list[BaseRoute]:
    """The table, the widget's files, and `extra`: the interview socket and the result pages."""
    table = [
        Route(entry.path, entry.endpoint, methods=[entry.method], name=entry.name)
        for entry in TABLE
    ]
    return [*table, *widget_routes(widget_dir), *extra]
