"""All services, built once, as the web layer and the command line receive them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from vivavoce.ports.clock import Clock
from vivavoce.ports.documents import DocumentFetcher, DocumentReader
from vivavoce.ports.mail import LetterWriter, MailTransport
from vivavoce.ports.stores import ScorecardStore, Stores
from vivavoce.ports.webhooks import WebhookSender
from vivavoce.services.agent_profiles import AgentProfiles
from vivavoce.services.applications import Applications
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.applying import Applying
from vivavoce.services.callers import Callers
from vivavoce.services.campaigns import Campaigns
from vivavoce.services.candidates import Candidates
from vivavoce.services.credentials import Credentials
from vivavoce.services.deliveries import Deliveries
from vivavoce.services.delivery_figures import DeliveryFigures, Kind
from vivavoce.services.delivery_worker import DeliveryWorker
from vivavoce.services.embeds import Embeds
from vivavoce.services.expectation_making import ExpectationMaking, Expectations
from vivavoce.services.foundation import Foundation
from vivavoce.services.grounding import Grounding
from vivavoce.services.interviews import Interviews
from vivavoce.services.jobs import Jobs
from vivavoce.services.journal import Journals
from vivavoce.services.knowledge import Knowledge
from vivavoce.services.knowledge_search import KnowledgeSearch
from vivavoce.services.launch_tokens import LaunchTokens
from vivavoce.services.launches import Launches
from vivavoce.services.live_sessions import LiveSessions
from vivavoce.services.mail_outbox import MailOutbox
from vivavoce.services.mail_worker import Correspondence, MailWorker
from vivavoce.services.members import Members
from vivavoce.services.organizations import Organizations
from vivavoce.services.outside_agents import OutsideAgents
from vivavoce.services.outside_tokens import OutsideIssuer
from vivavoce.services.participants import Participants
from vivavoce.services.passwords import Passwords
from vivavoce.services.question_making import QuestionMaking
from vivavoce.services.reports import Reports
from vivavoce.services.request_remover import RequestRemover
from vivavoce.services.results import Results
from vivavoce.services.resume_worker import ResumeWorker
from vivavoce.services.scheduling import Scheduling
from vivavoce.services.scorecard_record import DurableScorecards
from vivavoce.services.session_orders import SessionOrders
from vivavoce.services.session_tokens import SessionTokens
from vivavoce.services.sessions import Sessions
from vivavoce.services.sign_ins import SignIns
from vivavoce.services.stages import Stages
from vivavoce.services.sub_organizations import SubOrganizations
from vivavoce.services.templates import Templates
from vivavoce.services.tickets import Tickets
from vivavoce.services.webhooks import WebhookEndpoints

GRACE_SECONDS = 600


@dataclass(frozen=True)
class Services:
    clock: Clock
    instance_url: str
    organizations: Organizations
    credentials: Credentials
    members: Members
    sub_organizations: SubOrganizations
    sign_ins: SignIns
    agent_profiles: AgentProfiles
    interviews: Interviews
    embeds: Embeds
    launch_tokens: LaunchTokens
    launches: Launches
    callers: Callers
    tickets: Tickets
    sessions: Sessions
    live_sessions: LiveSessions
    journals: Journals
    results: Results
    scorecard_store: ScorecardStore
    templates: Templates
    stages: Stages
    participants: Participants
    applications: Applications
    applying: Applying
    session_orders: SessionOrders
    campaigns: Campaigns
    candidates: Candidates
    jobs: Jobs
    scheduling: Scheduling
    outside_agents: OutsideAgents
    session_tokens: SessionTokens
    reports: Reports
    webhook_endpoints: WebhookEndpoints
    deliveries: Deliveries
    new_delivery_worker: Callable[[WebhookSender], DeliveryWorker]
    knowledge: Knowledge
    knowledge_search: KnowledgeSearch
    grounding: Grounding
    question_making: QuestionMaking
    expectation_making: ExpectationMaking
    expectations: Expectations
    new_resume_worker: Callable[[DocumentFetcher], ResumeWorker]
    mail_outbox: MailOutbox
    new_mail_worker: Callable[[MailTransport], MailWorker]
    delivery_figures: DeliveryFigures
    new_request_remover: Callable[[], RequestRemover]


@dataclass(frozen=True)
class Adapters:
    """By what the services write letters and read documents, and whose tokens they take."""

    letters: LetterWriter
    documents: DocumentReader
    outside_issuer: OutsideIssuer | None = None


def build_services(
    stores: Stores,
    clock: Clock,
    instance_url: str,
    *,
    adapters: Adapters,
    grace_seconds: int = GRACE_SECONDS,
    private_networks: bool = False,
) -> Services:
    foundation = Foundation(stores, clock, instance_url.rstrip("/"))
    passwords = Passwords()
    embeds = Embeds(foundation)
    tokens = LaunchTokens(foundation, embeds)
    tickets = Tickets(foundation)
    expectation_making = ExpectationMaking(foundation)
    interviews = Interviews(foundation, embeds, expectation_making)
    sessions = Sessions(foundation, tokens, grace_seconds)
    live_sessions = LiveSessions(foundation)
    templates = Templates(foundation)
    search = KnowledgeSearch(foundation)
    knowledge = Knowledge(foundation, search, adapters.documents)
    figures = DeliveryFigures(foundation)
    codes = ApplyCodes(foundation)
    correspondence = Correspondence(adapters.letters, tokens, codes)
    return Services(
        clock=clock,
        instance_url=foundation.instance_url,
        organizations=Organizations(foundation, passwords),
        credentials=Credentials(foundation, adapters.outside_issuer),
        members=Members(foundation),
        sub_organizations=SubOrganizations(foundation),
        sign_ins=SignIns(foundation, passwords),
        agent_profiles=AgentProfiles(foundation),
        interviews=interviews,
        embeds=embeds,
        launch_tokens=tokens,
        launches=Launches(foundation, tokens, tickets),
        callers=Callers(foundation, tokens),
        tickets=tickets,
        sessions=sessions,
        live_sessions=live_sessions,
        journals=Journals(foundation),
        results=Results(foundation, sessions),
        scorecard_store=DurableScorecards(foundation),
        templates=templates,
        stages=Stages(foundation),
        participants=Participants(foundation),
        applications=Applications(foundation),
        applying=Applying(foundation, knowledge, tokens, codes),
        session_orders=SessionOrders(foundation),
        campaigns=Campaigns(foundation),
        candidates=Candidates(foundation),
        jobs=Jobs(foundation, interviews, templates),
        scheduling=Scheduling(foundation),
        outside_agents=OutsideAgents(foundation, live_sessions),
        session_tokens=SessionTokens(foundation),
        reports=Reports(sessions),
        webhook_endpoints=WebhookEndpoints(foundation, private_allowed=private_networks),
        deliveries=Deliveries(foundation),
        new_delivery_worker=partial(
            DeliveryWorker, foundation, observe=figures.observer(Kind.WEBHOOK)
        ),
        knowledge=knowledge,
        knowledge_search=search,
        grounding=Grounding(foundation, search),
        question_making=QuestionMaking(foundation),
        expectation_making=expectation_making,
        expectations=Expectations(live_sessions),
        new_resume_worker=partial(ResumeWorker, foundation, knowledge),
        mail_outbox=MailOutbox(foundation, correspondence),
        new_mail_worker=partial(
            MailWorker, foundation, correspondence, observe=figures.observer(Kind.MAIL)
        ),
        delivery_figures=figures,
        new_request_remover=partial(RequestRemover, foundation),
    )
