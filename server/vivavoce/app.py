"""The composition root: the only module that knows every adapter."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp

from vivavoce.conversation.fallback_interviewer import FallbackInterviewer
from vivavoce.conversation.model_interviewer import ModelInterviewer
from vivavoce.conversation.rule_based_interviewer import RuleBasedInterviewer
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.mail_settings import parse_smtp_url
from vivavoce.core.model_manifest import Role
from vivavoce.core.retrying import RetryRules
from vivavoce.core.settings import Settings
from vivavoce.core.template import Pace
from vivavoce.core.transcript import TurnLedger
from vivavoce.engines.lanes import JobTimes
from vivavoce.engines.openers import ThreadBudget
from vivavoce.engines.select import (
    EngineChoice,
    EngineNote,
    Engines,
    Observers,
    RemoteAccess,
    RemoteChoice,
    RemoteLimits,
    open_engines,
)
from vivavoce.mail.folder import FolderTransport
from vivavoce.mail.smtp import SmtpTransport
from vivavoce.network.document_fetcher import HttpDocumentFetcher
from vivavoce.network.guarded_http import Reach
from vivavoce.network.webhook_sender import HttpWebhookSender
from vivavoce.ports.interviewer import Interviewer
from vivavoce.ports.mail import MailTransport
from vivavoce.services.admission import Admission
from vivavoce.services.after_interview import AfterInterview
from vivavoce.services.bundle import Services
from vivavoce.services.capacity_planning import cached_sessions, planned_capacity
from vivavoce.services.conversations import Conversations, SharedEngines
from vivavoce.services.engine_times import EngineTimes
from vivavoce.services.knowledge_search import indexing
from vivavoce.services.leased_work import working
from vivavoce.services.live_interviews import (
    Farewell,
    LiveInterviews,
    live_interviews,
)
from vivavoce.services.load import Load
from vivavoce.services.loop_lag import LoopLag, watching
from vivavoce.services.opening import open_services
from vivavoce.services.phrasebooks import phrasebook, phrasebooks
from vivavoce.services.scorecards import ScorecardWriter
from vivavoce.storage.recordings import FileRecordings
from vivavoce.web.application import build_application
from vivavoce.web.engine_metrics import EngineMetrics
from vivavoce.web.live import LiveState, interview_socket
from vivavoce.web.loop_metrics import loop_lag_histogram
from vivavoce.web.metrics import Metrics
from vivavoce.web.results.routes import results_routes
from vivavoce.web.state import web_state

WIDGET = Path(__file__).parents[2] / "widget"
Announce: TypeAlias = Callable[[tuple[EngineNote, ...]], None]
OpenEngines: TypeAlias = Callable[[EngineChoice], AbstractAsyncContextManager[Engines]]


def create_app(
    settings: Settings,
    announce: Announce = lambda _: None,
    farewell: Farewell | None = None,
    open_with: OpenEngines = open_engines,
) -> ASGIApp:
    """The whole platform over one data folder; it opens and closes with the ASGI lifespan.

    `announce` is told which engines play which role once everything is open. Await `farewell`
    before the server closes its sockets, so that everybody hears that they may come back.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[LiveState]:
        async with AsyncExitStack() as stack:
            services = await stack.enter_async_context(open_services(settings))
            reach = Reach(private_allowed=settings.allow_private_networks)
            sender = HttpWebhookSender(reach)
            for worker in (
                services.new_delivery_worker(sender),
                services.new_mail_worker(mail_transport(settings)),
                services.new_request_remover(),
                services.new_resume_worker(HttpDocumentFetcher(reach)),
            ):
                await stack.enter_async_context(working(worker))
            metrics = Metrics()
            figures = EngineMetrics(metrics.registry)
            choice = observed(engine_choice(settings), services.journals.engine_times, figures)
            engines = await stack.enter_async_context(open_with(choice))
            services.journals.engine_times.cast(cast_of(engines.notes))
            services.question_making.use_model(engines.patient_model)
            services.expectation_making.use_model(engines.patient_model)
            services.knowledge_search.use_embedder(engines.embedder)
            await stack.enter_async_context(indexing(services.knowledge_search))
            lag = LoopLag(loop_lag_histogram(metrics.registry))
            await stack.enter_async_context(watching(lag))
            load = Load(planned_capacity(settings, engines.notes), lag, monotonic)
            services.journals.engine_times.exchanged = both(figures.exchanged, load.answered)
            admission = Admission(load.places, monotonic)
            live = await stack.enter_async_context(_live(settings, services, engines, admission))
            if farewell is not None:
                farewell.speak_for(live)
            announce(engines.notes)
            figures.count_live(lambda: len(live))
            state = web_state(services, WIDGET, live.finish, admission, metrics, engines.notes)
            yield LiveState(**state, live=live)

    extra = [
        WebSocketRoute("/ws/v1/{session_id}", interview_socket),
        *results_routes(lambda request: request.state["services"].results),
    ]
    return build_application(lifespan, WIDGET, extra)


def both(
    first: Callable[[TurnLedger], None], second: Callable[[TurnLedger], None]
) -> Callable[[TurnLedger], None]:
    def tell(ledger: TurnLedger) -> None:
        first(ledger)
        second(ledger)

    return tell


def observed(choice: EngineChoice, times: EngineTimes, figures: EngineMetrics) -> EngineChoice:
    """Engines whose work is noted for the ledgers, and counted."""

    def worked(job: JobTimes) -> None:
        times.observe(job)
        figures.worked(job)

    times.exchanged = figures.exchanged
    watched = replace(choice.remote, observers=Observers(times.used, figures.changed))
    return replace(choice, observe=worked, remote=watched)


def cast_of(notes: tuple[EngineNote, ...]) -> dict[str, str]:
    return {str(note.role): note.engine for note in notes}


def mail_transport(settings: Settings) -> MailTransport:
    if not settings.smtp_url:
        return FolderTransport(Path(settings.data) / "outbox")
    return SmtpTransport(parse_smtp_url(settings.smtp_url), settings.smtp_timeout_seconds)


def engine_choice(settings: Settings) -> EngineChoice:
    return EngineChoice(
        transcriber=settings.transcriber,
        language_model=settings.language_model,
        synthesizer=settings.synthesizer,
        turn_detector=settings.turn_detector,
        embedder=settings.embedder,
        box_size=settings.box,
        threads=ThreadBudget(
            transcriber=settings.transcriber_threads,
            language_model=settings.language_model_threads,
            synthesizer=settings.synthesizer_threads,
        ),
        full_whisper_window=settings.whisper_window_seconds == "30",
        models_dir=Path(settings.models_dir),
        cache_dir=Path(settings.data) / "speech",
        sessions=cached_sessions(settings),
        remote=RemoteChoice(access=_remote_access(settings), limits=_remote_limits(settings)),
        fallback=settings.remote_fallback,
    )


def _remote_access(settings: Settings) -> dict[Role, RemoteAccess]:
    return {
        Role.TRANSCRIBER: RemoteAccess(settings.transcriber_model, settings.transcriber_api_key),
        Role.LANGUAGE_MODEL: RemoteAccess(
            settings.language_model_model, settings.language_model_api_key
        ),
        Role.SYNTHESIZER: RemoteAccess(settings.synthesizer_model, settings.synthesizer_api_key),
        Role.EMBEDDER: RemoteAccess(settings.embedder_model, settings.embedder_api_key),
    }


def _remote_limits(settings: Settings) -> RemoteLimits:
    return RemoteLimits(
        connect_seconds=settings.remote_connect_timeout_ms / 1000,
        first_byte_seconds=settings.remote_first_byte_timeout_ms / 1000,
        between_seconds=settings.remote_between_timeout_ms / 1000,
        whole_seconds=settings.remote_timeout_ms / 1000,
        retry=RetryRules(budget_seconds=settings.remote_retry_budget_ms / 1000),
        ca_file=Path(settings.remote_ca_file) if settings.remote_ca_file else None,
    )


@asynccontextmanager
async def _live(
    settings: Settings, services: Services, engines: Engines, admission: Admission
) -> AsyncIterator[LiveInterviews]:
    recordings = FileRecordings(Path(settings.data) / "recordings")
    conversations = Conversations(
        services.live_sessions,
        services.journals,
        recordings,
        shared_engines(engines),
        floor_rules(settings),
        Pace(settings.pace),
        services.grounding,
        services.question_making,
    )
    after = AfterInterview(
        services.sessions,
        services.live_sessions,
        services.journals,
        recordings,
        (ScorecardWriter(engines.patient_model), services.scorecard_store),
        services.clock,
    )
    await services.sessions.all_disconnected()
    async with live_interviews(conversations.open, after, services.sessions, admission) as live:
        yield live


def floor_rules(settings: Settings) -> FloorRules:
    return FloorRules(first_word_ms=settings.first_word_timeout_ms)


def shared_engines(engines: Engines) -> SharedEngines:
    return SharedEngines(
        engines.transcriber,
        engines.synthesizer,
        interviewer_of(engines),
        engines.turn_detector,
        engines.new_vad,
    )


def interviewer_of(engines: Engines) -> Interviewer:
    rules = RuleBasedInterviewer(phrasebooks(), phrasebook("en"))
    if engines.language_model is None:
        return rules
    interviewer = ModelInterviewer(engines.language_model)
    spare = engines.thinking_stand_in
    if spare is None:
        return interviewer
    stand_in = rules if spare.model is None else ModelInterviewer(spare.model)
    return FallbackInterviewer(interviewer, stand_in, spare.watch)
