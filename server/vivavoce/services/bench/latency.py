"""The latency bench: whole interviews in real time over the stores and engines of a server."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from vivavoce.conversation.conversation import Conversation
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.interview_plan import fixed_texts
from vivavoce.core.mail import Mailbox
from vivavoce.core.wire_messages import Resume
from vivavoce.engines.document_reader import ProcessDocumentReader
from vivavoce.engines.lanes import JobTimes, Lane
from vivavoce.engines.synthesizer_espeak import EspeakSynthesizer
from vivavoce.mail.letters import Letters
from vivavoce.ports.stores import Stores
from vivavoce.services.bench.candidate import Budget, Candidate, Findings
from vivavoce.services.bench.figures import Exchange
from vivavoce.services.bench.prompter import Prompter
from vivavoce.services.bench.script import ANSWERS, interview_fields
from vivavoce.services.bench.voice import Utterance, speak
from vivavoce.services.bundle import Adapters, Services, build_services
from vivavoce.services.conversations import Conversations, SharedEngines, planned
from vivavoce.services.engine_times import EngineTimes
from vivavoce.services.opening import SystemClock
from vivavoce.services.organizations import Founding
from vivavoce.storage.recordings import FileRecordings
from vivavoce.storage.stores import open_stores

ORIGIN = "http://localhost"
SENDER = Mailbox("", "bench@localhost")
STRIDE = 3  # conversations start at different answers


@dataclass(frozen=True)
class Load:
    """`cold`: the first interview of a new template, whose fixed texts nobody has spoken yet."""

    exchanges: int
    parallel: int = 1
    cold: bool = False


class Spending:
    """What the engines tell of their work, which is older than the installation whose it is."""

    def __init__(self) -> None:
        self._times = EngineTimes()

    def of(self, times: EngineTimes) -> None:
        self._times = times

    def observe(self, job: JobTimes) -> None:
        self._times.observe(job)


@dataclass(frozen=True)
class Bench:
    """What is measured with: everything an interview needs, and who is told how far it is."""

    engines: SharedEngines
    spending: Spending
    rules: FloorRules
    prompter: Prompter
    progress: Callable[[int], None]


@dataclass(frozen=True)
class Measured:
    exchanges: tuple[Exchange, ...]
    late_ms: tuple[int, ...]
    conversations: int


async def measure(data: Path, bench: Bench, load: Load) -> Measured:
    """Interview simulated candidates in a new installation at `data`; takes real time."""
    utterances = await _voices()
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(data))
        services = build_services(
            stores,
            SystemClock(),
            ORIGIN,
            adapters=Adapters(Letters(SENDER), ProcessDocumentReader()),
        )
        bench.spending.of(services.journals.engine_times)
        installation = _Installation(stores, services, bench)
        await installation.prepare(data / "recordings", warm=not load.cold)
        return await installation.run(load, utterances)


async def _voices() -> tuple[Utterance, ...]:
    lane = Lane("candidate")
    synthesizer = await EspeakSynthesizer.open(lane)
    try:
        return tuple([await speak(answer, synthesizer) for answer in ANSWERS])
    finally:
        await lane.close()


class _Installation:
    def __init__(self, stores: Stores, services: Services, bench: Bench) -> None:
        self._stores = stores
        self._services = services
        self._bench = bench
        self._conversations: Conversations | None = None
        self._organization_id = ""
        self._template_id = ""
        self._sessions: list[str] = []

    async def prepare(self, recordings: Path, *, warm: bool) -> None:
        """Found an organization with the interview; `warm` has its fixed texts spoken before."""
        services = self._services
        founded = await services.organizations.initialize(Founding("Bench", "bench@example.org"))
        fields = interview_fields(founded.profile_ids[0])
        created = await services.interviews.create_from_questions(founded.organization.id, fields)
        self._organization_id = founded.organization.id
        self._template_id = created.template.id
        self._conversations = Conversations(
            services.live_sessions,
            services.journals,
            FileRecordings(recordings),
            self._bench.engines,
            self._bench.rules,
        )
        if warm:
            session = await services.live_sessions.load_live_session(await self._schedule())
            template, plan = planned(session)
            for text in fixed_texts(plan):
                await self._bench.engines.synthesizer.synthesize(text, language=template.language)

    async def run(self, load: Load, utterances: Sequence[Utterance]) -> Measured:
        budget, findings = Budget(load.exchanges), Findings(self._bench.progress)
        async with asyncio.TaskGroup() as group:
            for _ in range(load.parallel):
                group.create_task(self._interview_on(budget, findings, utterances))
        exchanges = await self._with_ledgers(findings.exchanges)
        sessions = len({exchange.session for exchange in exchanges})
        return Measured(exchanges, tuple(findings.late_ms), sessions)

    async def _interview_on(
        self, budget: Budget, findings: Findings, utterances: Sequence[Utterance]
    ) -> None:
        while budget.left > 0:
            conversation = await self._open()
            answers = _from(utterances, STRIDE * len(self._sessions))
            candidate = Candidate(conversation, answers, budget, findings, self._bench.prompter)
            conversation.attach(candidate, Resume.NONE)
            async with asyncio.TaskGroup() as group:
                group.create_task(conversation.run())
                await conversation.begin(Resume.NONE)
                await candidate.converse()
                conversation.leave()

    async def _open(self) -> Conversation:
        if self._conversations is None:
            raise RuntimeError("A bench runs after it was prepared.")
        return await self._conversations.open(await self._schedule())

    async def _schedule(self) -> str:
        email = f"candidate-{len(self._sessions)}@example.org"
        record = await self._services.sessions.schedule(
            self._organization_id, self._template_id, "Candidate", email
        )
        self._sessions.append(record.session.id)
        return record.session.id

    async def _with_ledgers(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        known = {
            (session, entry.turn): entry
            for session in {exchange.session for exchange in exchanges}
            for entry in await self._stores.read.transcripts.ledgers(session)
        }
        return tuple(
            replace(each, ledger=known.get((each.session, each.turn or 0))) for each in exchanges
        )


def _from(utterances: Sequence[Utterance], start: int) -> Iterator[Utterance]:
    return islice(cycle(utterances), start % len(utterances), None)
