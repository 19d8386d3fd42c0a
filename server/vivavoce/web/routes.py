"""Every address on one screen.

The same table makes the reference at `/docs` and `/api/v1/openapi.json`: an endpoint says beside
its code, as an `Operation`, what opens the address, what it takes, answers and refuses.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from vivavoce.web import health, recordings
from vivavoce.web.api import (
    agent_profiles,
    api_keys,
    applications,
    embeds,
    engines,
    knowledge,
    knowledge_documents,
    members,
    organizations,
    outbox,
    participants,
    sessions,
    sign_ins,
    stages,
    template_questions,
    templates,
    tokens,
    webhook_deliveries,
    webhook_endpoints,
)
from vivavoce.web.apply import pages as apply
from vivavoce.web.compat import (
    evalyo,
    evalyo_agent,
    evalyo_campaigns,
    evalyo_candidates,
    evalyo_jobs,
    jobmojito,
)
from vivavoce.web.dashboard.routes import dashboard_routes
from vivavoce.web.embed import pages
from vivavoce.web.embed import sessions as embed_sessions
from vivavoce.web.embed.assets import widget_routes
from vivavoce.web.operations import Operation, operation_of
from vivavoce.web.reference.routes import reference_routes


class Entry(NamedTuple):
    method: str
    path: str
    endpoint: Callable[[Request[Any]], Awaitable[Response]]
    name: str

    @property
    def operation(self) -> Operation | None:
        return operation_of(self.endpoint)


# fmt: off
TABLE = (
    Entry("POST", "/api/v1/auth/token", tokens.create_token, "create_token"),
    Entry("POST", "/api/v1/auth/sign-in", sign_ins.sign_in, "sign_in"),
    Entry("POST", "/api/v1/auth/sign-out", sign_ins.sign_out, "sign_out"),
    Entry("POST", "/api/v1/auth/accept-invitation", sign_ins.accept_invitation, "accept"),
    Entry("POST", "/api/v1/auth/password", sign_ins.change_password, "change_password"),
    Entry("GET", "/api/v1/auth/sign-ins", sign_ins.list_sign_ins, "list_sign_ins"),
    Entry("DELETE", "/api/v1/auth/sign-ins/{sign_in_id}", sign_ins.end_sign_in, "end_sign_in"),
    Entry("GET", "/api/v1/me", sign_ins.get_caller, "me"),
    Entry("GET", "/api/v1/engines", engines.get_engines, "engines"),
    Entry("GET", "/api/v1/members", members.list_members, "list_members"),
    Entry("POST", "/api/v1/members", members.invite_member, "invite_member"),
    Entry("GET", "/api/v1/members/{member_id}", members.get_member, "get_member"),
    Entry("PATCH", "/api/v1/members/{member_id}", members.change_member, "change_member"),
    Entry("DELETE", "/api/v1/members/{member_id}", members.deactivate_member, "delete_member"),
    Entry("POST", "/api/v1/members/{member_id}/invite", members.invite_again, "invite_again"),
    Entry("GET", "/api/v1/organizations", organizations.list_organizations, "list_organizations"),
    Entry("POST", "/api/v1/organizations",
          organizations.create_organization, "create_organization"),
    Entry("GET", "/api/v1/organizations/{organization_id}",
          organizations.get_organization, "get_organization"),
    Entry("PATCH", "/api/v1/organizations/{organization_id}",
          organizations.change_organization, "change_organization"),
    Entry("GET", "/api/v1/agent-profiles",
          agent_profiles.list_agent_profiles, "list_agent_profiles"),
    Entry("POST", "/api/v1/agent-profiles",
          agent_profiles.create_agent_profile, "create_agent_profile"),
    Entry("GET", "/api/v1/agent-profiles/{profile_id}",
          agent_profiles.get_agent_profile, "get_agent_profile"),
    Entry("PATCH", "/api/v1/agent-profiles/{profile_id}",
          agent_profiles.change_agent_profile, "change_agent_profile"),
    Entry("DELETE", "/api/v1/agent-profiles/{profile_id}",
          agent_profiles.delete_agent_profile, "delete_agent_profile"),
    Entry("GET", "/api/v1/evaluation-templates", templates.list_templates, "list_templates"),
    Entry("POST", "/api/v1/evaluation-templates", templates.create_template, "create_template"),
    Entry("GET", "/api/v1/evaluation-templates/{template_id}",
          templates.get_template, "get_template"),
    Entry("PATCH", "/api/v1/evaluation-templates/{template_id}",
          templates.change_template, "change_template"),
    Entry("DELETE", "/api/v1/evaluation-templates/{template_id}",
          templates.delete_template, "delete_template"),
    Entry("POST", "/api/v1/evaluation-templates/{template_id}/questions",
          template_questions.make_questions, "make_questions"),
    Entry("POST", "/api/v1/evaluation-templates/{template_id}/expectations",
          template_questions.make_expectations, "make_expectations"),
    Entry("GET", "/api/v1/evaluation-stages", stages.list_stages, "list_stages"),
    Entry("POST", "/api/v1/evaluation-stages", stages.create_stage, "create_stage"),
    Entry("GET", "/api/v1/evaluation-stages/{stage_id}", stages.get_stage, "get_stage"),
    Entry("PATCH", "/api/v1/evaluation-stages/{stage_id}", stages.change_stage, "change_stage"),
    Entry("DELETE", "/api/v1/evaluation-stages/{stage_id}", stages.delete_stage, "delete_stage"),
    Entry("GET", "/api/v1/participants", participants.list_participants, "list_participants"),
    Entry("POST", "/api/v1/participants", participants.create_participant, "create_participant"),
    Entry("GET", "/api/v1/participants/{participant_id}",
          participants.get_participant, "get_participant"),
    Entry("PATCH", "/api/v1/participants/{participant_id}",
          participants.change_participant, "change_participant"),
    Entry("DELETE", "/api/v1/participants/{participant_id}",
          participants.delete_participant, "delete_participant"),
    Entry("GET", "/api/v1/applications", applications.list_applications, "list_applications"),
    Entry("GET", "/api/v1/applications/{application_id}",
          applications.get_application, "get_application"),
    Entry("POST", "/api/v1/applications/{application_id}/approve",
          applications.approve_application, "approve_application"),
    Entry("POST", "/api/v1/applications/{application_id}/reject",
          applications.reject_application, "reject_application"),
    Entry("POST", "/api/v1/applications/{application_id}/withdraw",
          applications.withdraw_application, "withdraw_application"),
    Entry("GET", "/api/v1/sessions", sessions.list_sessions, "list_sessions"),
    Entry("POST", "/api/v1/sessions", sessions.create_session, "create_session"),
    Entry("GET", "/api/v1/sessions/{session_id}", sessions.get_session, "get_session"),
    Entry("POST", "/api/v1/sessions/{session_id}/cancel",
          sessions.cancel_session, "cancel_session"),
    Entry("GET", "/api/v1/embeds", embeds.list_embeds, "list_embeds"),
    Entry("POST", "/api/v1/embeds", embeds.create_embed, "create_embed"),
    Entry("GET", "/api/v1/embeds/{embed_id}", embeds.get_embed, "get_embed"),
    Entry("PATCH", "/api/v1/embeds/{embed_id}", embeds.change_embed, "change_embed"),
    Entry("DELETE", "/api/v1/embeds/{embed_id}", embeds.delete_embed, "delete_embed"),
    Entry("POST", "/api/v1/embeds/{embed_id}/rotate", embeds.rotate_embed, "rotate_embed"),
    Entry("GET", "/api/v1/api-keys", api_keys.list_api_keys, "list_api_keys"),
    Entry("POST", "/api/v1/api-keys", api_keys.create_api_key, "create_api_key"),
    Entry("DELETE", "/api/v1/api-keys/{key_id}", api_keys.delete_api_key, "delete_api_key"),
    Entry("POST", "/api/v1/embed/sessions", embed_sessions.create_session, "open_session"),
    Entry("POST", "/api/v1/embed/queue", embed_sessions.queue, "queue"),
    Entry("POST", "/api/v1/embed/popout", embed_sessions.create_popout, "popout"),
    Entry("GET", "/functions/v1/merchant-avatar-list", jobmojito.list_avatars, "avatars"),
    Entry("POST", "/functions/v1/job-interview-create-from-array",
          jobmojito.create_interview, "create_from_array"),
    Entry("GET", "/api/v1/interviews", evalyo.list_interviews, "list_interviews"),
    Entry("POST", "/api/v1/interviews", evalyo.create_interview, "create_interview"),
    Entry("GET", "/api/v1/interviews/{interview_id}", evalyo.get_interview, "get_interview"),
    Entry("GET", "/api/v1/reports/{report_id}", evalyo.get_report, "get_report"),
    Entry("GET", "/api/v1/candidates", evalyo_candidates.list_candidates, "list_candidates"),
    Entry("POST", "/api/v1/candidates", evalyo_candidates.create_candidate, "create_candidate"),
    Entry("GET", "/api/v1/candidates/{candidate_id}", evalyo_candidates.get_candidate, "candidate"),
    Entry("PATCH", "/api/v1/candidates/{candidate_id}",
          evalyo_candidates.change_candidate, "change_candidate"),
    Entry("DELETE", "/api/v1/candidates/{candidate_id}",
          evalyo_candidates.delete_candidate, "delete_candidate"),
    Entry("GET", "/api/v1/jobs", evalyo_jobs.list_jobs, "list_jobs"),
    Entry("POST", "/api/v1/jobs", evalyo_jobs.create_job, "create_job"),
    Entry("GET", "/api/v1/jobs/{job_id}", evalyo_jobs.get_job, "get_job"),
    Entry("PATCH", "/api/v1/jobs/{job_id}", evalyo_jobs.change_job, "change_job"),
    Entry("DELETE", "/api/v1/jobs/{job_id}", evalyo_jobs.delete_job, "delete_job"),
    Entry("GET", "/api/v1/campaigns", evalyo_campaigns.list_campaigns, "list_campaigns"),
    Entry("POST", "/api/v1/campaigns", evalyo_campaigns.create_campaign, "create_campaign"),
    Entry("GET", "/api/v1/campaigns/{campaign_id}", evalyo_campaigns.get_campaign, "get_campaign"),
    Entry("PATCH", "/api/v1/campaigns/{campaign_id}",
          evalyo_campaigns.change_campaign, "change_campaign"),
    Entry("DELETE", "/api/v1/campaigns/{campaign_id}",
          evalyo_campaigns.delete_campaign, "delete_campaign"),
    Entry("POST", "/api/interviews/{interview_id}/token", evalyo_agent.create_token, "agent_token"),
    Entry("POST", "/api/interviews/{interview_id}/turns", evalyo_agent.create_turn, "create_turn"),
    Entry("PATCH", "/api/interviews/{interview_id}/turns/{turn_number}",
          evalyo_agent.correct_turn, "correct_turn"),
    Entry("GET", "/api/interviews/{interview_id}/history", evalyo_agent.get_history, "history"),
    Entry("POST", "/api/interviews/{interview_id}/finalize", evalyo_agent.finalize, "finalize"),
    Entry("GET", "/api/v1/webhook-endpoints", webhook_endpoints.list_endpoints, "list_webhooks"),
    Entry("POST", "/api/v1/webhook-endpoints", webhook_endpoints.create_endpoint, "create_webhook"),
    Entry("GET", "/api/v1/webhook-endpoints/{endpoint_id}",
          webhook_endpoints.get_endpoint, "get_webhook"),
    Entry("PATCH", "/api/v1/webhook-endpoints/{endpoint_id}",
          webhook_endpoints.change_endpoint, "change_webhook"),
    Entry("DELETE", "/api/v1/webhook-endpoints/{endpoint_id}",
          webhook_endpoints.delete_endpoint, "delete_webhook"),
    Entry("POST", "/api/v1/webhook-endpoints/{endpoint_id}/rotate",
          webhook_endpoints.rotate_secret, "rotate_webhook"),
    Entry("GET", "/api/v1/webhook-deliveries",
          webhook_deliveries.list_deliveries, "list_deliveries"),
    Entry("GET", "/api/v1/webhook-deliveries/{delivery_id}",
          webhook_deliveries.get_delivery, "get_delivery"),
    Entry("POST", "/api/v1/webhook-deliveries/{delivery_id}/replay",
          webhook_deliveries.replay_delivery, "replay_delivery"),
    Entry("GET", "/api/v1/outbox", outbox.list_outbox, "list_outbox"),
    Entry("GET", "/api/v1/outbox/{mail_id}", outbox.get_mail, "get_mail"),
    Entry("POST", "/api/v1/outbox/{mail_id}/retry", outbox.retry_mail, "retry_mail"),
    Entry("POST", "/api/v1/sessions/{session_id}/invite", outbox.invite, "invite"),
    Entry("GET", "/api/v1/knowledge-stores", knowledge.list_stores, "list_knowledge_stores"),
    Entry("POST", "/api/v1/knowledge-stores", knowledge.create_store, "create_knowledge_store"),
    Entry("GET", "/api/v1/knowledge-stores/{store_id}", knowledge.get_store, "get_knowledge_store"),
    Entry("PATCH", "/api/v1/knowledge-stores/{store_id}",
          knowledge.change_store, "change_knowledge_store"),
    Entry("DELETE", "/api/v1/knowledge-stores/{store_id}",
          knowledge.delete_store, "delete_knowledge_store"),
    Entry("GET", "/api/v1/knowledge-stores/{store_id}/search",
          knowledge.search_store, "search_knowledge_store"),
    Entry("GET", "/api/v1/knowledge-stores/{store_id}/documents",
          knowledge_documents.list_documents, "list_documents"),
    Entry("POST", "/api/v1/knowledge-stores/{store_id}/documents",
          knowledge_documents.add_document, "add_document"),
    Entry("GET", "/api/v1/knowledge-stores/{store_id}/documents/{document_id}",
          knowledge_documents.get_document, "get_document"),
    Entry("DELETE", "/api/v1/knowledge-stores/{store_id}/documents/{document_id}",
          knowledge_documents.delete_document, "delete_document"),
    Entry("GET", "/api/v1/participants/{participant_id}/resume",
          knowledge_documents.get_resume, "get_resume"),
    Entry("PUT", "/api/v1/participants/{participant_id}/resume",
          knowledge_documents.put_resume, "put_resume"),
    Entry("DELETE", "/api/v1/participants/{participant_id}/resume",
          knowledge_documents.delete_resume, "delete_resume"),
    Entry("GET", "/recordings/{session_id}.ogg", recordings.get_recording, "recording"),
    Entry("GET", "/embed", pages.embed_page, "embed"),
    Entry("GET", "/i/{slug}", pages.standalone_page, "standalone"),
    Entry("GET", "/apply/{slug}", apply.posting_page, "posting"),
    Entry("POST", "/apply/{slug}", apply.submit, "apply"),
    Entry("GET", "/apply/{slug}/{handle}", apply.request_page, "apply_request"),
    Entry("POST", "/apply/{slug}/{handle}", apply.confirm, "confirm_application"),
    Entry("POST", "/apply/{slug}/{handle}/code", apply.send_code, "send_apply_code"),
    Entry("GET", "/healthz", health.healthz, "healthz"),
    Entry("GET", "/metrics", health.metrics, "metrics"),
)
# fmt: on


class Address(Route):
    """One method of an address that knows the others, for whoever tries one that is not there."""

    def __init__(self, entry: Entry, methods: str) -> None:
        super().__init__(entry.path, entry.endpoint, methods=[entry.method], name=entry.name)
        self._allow = methods

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in (self.methods or ()):
            raise HTTPException(405, headers={"allow": self._allow})
        await super().handle(scope, receive, send)


def _methods_of(path: str) -> str:
    methods = {entry.method for entry in TABLE if entry.path == path}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def routes(widget_dir: Path, extra: Sequence[BaseRoute] = ()) -> list[BaseRoute]:
    """The table, its reference, the pages for members, the widget's files, and `extra`: the socket
    and the results.
    """
    table = [Address(entry, _methods_of(entry.path)) for entry in TABLE]
    for_people = [*reference_routes(TABLE), *dashboard_routes()]
    return [*table, *for_people, *widget_routes(widget_dir), *extra]
