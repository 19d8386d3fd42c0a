"""An organization at work, for browser tests of its pages: no engines, the real pages and services.

People who applied, were invited and were interviewed; mail that went out and mail that did not.
"""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from vivavoce.app import WIDGET
from vivavoce.core.engine_note import EngineNote
from vivavoce.core.mail import Letter, SendOutcome
from vivavoce.core.model_manifest import Role
from vivavoce.core.session import Participant
from vivavoce.core.settings import Settings
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.webhooks import Answer, AttemptOutcome
from vivavoce.ports.mail import HandOver
from vivavoce.services.bundle import Services
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founding
from vivavoce.services.session_orders import SessionOrder
from vivavoce.services.webhooks import NewEndpoint
from vivavoce.web.application import build_application
from vivavoce.web.results.routes import results_routes
from vivavoce.web.state import State, web_state

from tests.e2e.house import free_port
from tests.services.backend import interview_fields
from tests.services.test_sessions import CARD

PASSWORD = "correct horse battery"
ACCOUNT = "larkspur-tidal-clockworks"
OWNER = "recruiter@example.org"
ENGINES = (
    EngineNote(Role.TRANSCRIBER, "pocketsphinx", True, "No model is installed.", "Pull one."),
    EngineNote(Role.SYNTHESIZER, "Kokoro-82M", False, "Its files are installed and verified."),
)


class UnreliablePost:
    """A mail server that loses the connection for one address."""

    longest_attempt_seconds = 10.0
    lost = "noor@example.org"

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        if not await hand_over():
            return SendOutcome.OVERTAKEN
        is_lost = letter.recipient.address == self.lost
        return SendOutcome.UNCERTAIN if is_lost else SendOutcome.SENT


class BrokenReceiver:
    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        return Answer(AttemptOutcome.REFUSED, 12, 503, "Down for maintenance.")


@dataclass
class Office:
    """`ids` are of the template, and of the session that was held."""

    origin: str
    api_key: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    def api(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401
        url = f"{self.origin}/api/v1{path}"
        answer = httpx.request(method, url, json=body, headers={"x-api-key": self.api_key})
        answer.raise_for_status()
        return answer.json()["data"]

    def apply(self, name: str, email: str) -> None:
        template = {"evaluation_template_id": self.ids["template"]}
        self.api("POST", "/participants", {"name": name, "email": email, **template})

    def give_resume(self, email: str, words: str) -> None:
        (person,) = self.api("GET", f"/participants?email={email}")
        url = f"{self.origin}/api/v1/participants/{person['id']}/resume?name=resume.txt"
        headers = {"x-api-key": self.api_key, "content-type": "text/plain"}
        httpx.put(url, content=words.encode(), headers=headers).raise_for_status()

    def invite_member(self, role: str, email: str) -> str:
        """The address of the page that accepts it."""
        body = {"email": email, "name": f"The {role.capitalize()}", "role": role}
        return str(self.api("POST", "/members", body)["invitation_url"])

    def accept(self, invitation_url: str, password: str) -> None:
        invitation = invitation_url.partition("#")[2]
        body = {"invitation": invitation, "password": password}
        self.api("POST", "/auth/accept-invitation", body)

    def sign_in(self, email: str, password: str = PASSWORD) -> str:
        """The cookie, as a browser sends it."""
        body = {"accountSlug": ACCOUNT, "email": email, "password": password}
        answer = httpx.post(f"{self.origin}/api/v1/auth/sign-in", json=body)
        answer.raise_for_status()
        return str(answer.headers["set-cookie"]).partition(";")[0]


@contextmanager
def office(data: Path) -> Iterator[Office]:
    """Yields once the organization is at work; the server is a thread of this process."""
    port = free_port()
    made = Office(f"http://localhost:{port}")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[State]:
        settings = Settings(data=str(data), instance_url=made.origin, allow_private_networks=True)
        async with open_services(settings) as services:
            await _Founding(services, made).work()
            yield web_state(services, WIDGET, engines=ENGINES)

    pages = results_routes(lambda request: request.state["services"].results)
    app = build_application(lifespan, WIDGET, pages)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        transport = httpx.HTTPTransport(retries=20)  # backs off between its tries
        with httpx.Client(transport=transport, timeout=30) as client:
            client.get(f"{made.origin}/healthz").raise_for_status()
        yield made
    finally:
        server.should_exit = True
        thread.join()


class _Founding:
    """Through the services, as the routes do it."""

    def __init__(self, services: Services, made: Office) -> None:
        self._services = services
        self._made = made
        self._organization_id = ""

    async def work(self) -> None:
        services = self._services
        founding = Founding("Larkspur Tidal Clockworks", OWNER, "Ada Quill", PASSWORD)
        founded = await services.organizations.initialize(founding)
        self._organization_id = founded.organization.id
        self._made.api_key = founded.api_key
        await services.webhook_endpoints.create(
            self._organization_id, NewEndpoint("http://localhost:9/in", description="Our ATS")
        )
        fields = {**interview_fields(founded.profile_ids[0]), "is_embedded": True}
        created = await services.interviews.create_from_questions(
            self._organization_id, fields, ("https://careers.test",)
        )
        self._made.ids["template"] = created.template.id
        await self._apply("Quinn Moss", "quinn@example.org")
        await self._invite("Robin Vale", "robin@example.org")
        await self._invite("Noor Haddad", UnreliablePost.lost)
        await self._break_off("Toni Marsh", "toni@example.org")
        self._made.ids["session"] = await self._interview("Sam Okafor", "sam@example.org")
        await services.new_mail_worker(UnreliablePost()).deliver_due()
        await services.new_delivery_worker(BrokenReceiver()).deliver_due()

    async def _apply(self, name: str, email: str) -> str:
        def fill(blank: Participant) -> Participant:
            return replace(blank, name=name, email=email, template_id=self._made.ids["template"])

        participant = await self._services.participants.create(self._organization_id, fill)
        return participant.id

    async def _invite(self, name: str, email: str) -> str:
        participant_id = await self._apply(name, email)
        order = SessionOrder(participant_id, self._made.ids["template"], "screen")
        session, _ = await self._services.session_orders.place(self._organization_id, order)
        return session.id

    async def _break_off(self, name: str, email: str) -> None:
        session_id = await self._invite(name, email)
        await self._services.journals.of(session_id).started()
        await self._services.sessions.fail(session_id, "disconnected")

    async def _interview(self, name: str, email: str) -> str:
        session_id = await self._invite(name, email)
        journal = self._services.journals.of(session_id)
        await journal.started()
        asked = "What did you build last?"
        await journal.append(Turn(1, Speaker.INTERVIEWER, TurnKind.QUESTION, asked, 0, 900, 0))
        answer = "I built the tide tables."
        await journal.append(Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, answer, 1000, 1900, 0))
        await journal.completed(61_000)
        now = self._services.clock.now()
        await self._services.scorecard_store.save(session_id, CARD, now)
        return session_id
