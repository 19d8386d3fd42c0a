"""The shipped server in a process of its own, over a data folder that outlives it."""

import asyncio
import itertools
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import jwt
import uvicorn
from vivavoce.app import create_app
from vivavoce.core.settings import Settings
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founded, Founding

SITE = "https://careers.test"
SERVER = Path(__file__).parents[2] / "server"
STARTS_WITHIN_SECONDS = 40
STOPS_WITHIN_SECONDS = 20
ENGINES = ("transcriber", "language_model", "synthesizer", "turn_detector")

INTERVIEW: dict[str, Any] = {
    "name": "Backend engineer",
    "location": "remote",
    "mojito_language_code": "en",
    "description": "Runs our services.",
    "status": "active",
    "type": "interview",
    "visibility": "merchant_unlisted",
    "questions": [
        {"question": "What did you build last?"},
        {"question": "How do you find the cause of a fault?"},
    ],
    "is_embedded": True,
}

_people = itertools.count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """`limits` are settings by name; the engines are always the embedded ones."""

    folder: Path
    limits: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    api_key: str = ""
    embed_id: str = ""
    signing_key: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Everything that the server's processes ever printed."""
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("VIVAVOCE_")}
        settings = dict.fromkeys(ENGINES, "embedded") | {"instance_url": self.origin}
        settings["max_conversations"] = "50"
        for name, value in (settings | self.limits).items():
            environment[f"VIVAVOCE_{name.upper()}"] = value
        arguments = ("serve", "--data", str(self.data), "--port", str(self.port))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vivavoce", *arguments],
                env=environment | {"PYTHONPATH": str(SERVER)},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_answers()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait for the end; returns the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        status = self.process.wait(STOPS_WITHIN_SECONDS)
        self.process = None
        return status

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def close(self) -> None:
        self.kill()

    def seed(self, **changes: Any) -> None:  # noqa: ANN401
        """An embedded interview, made as a customer makes one."""
        with self.http() as http:
            token = http.post("/api/v1/auth/token", headers={"x-api-key": self.api_key}).json()
            http.headers["authorization"] = f"Bearer {token['access_token']}"
            avatars = http.get("/functions/v1/merchant-avatar-list").json()["data"]
            fields = {**INTERVIEW, "interview_template_id": avatars[0]["id"], **changes}
            made = http.post("/functions/v1/job-interview-create-from-array", json=fields).json()
        self.embed_id, self.signing_key = made["embed_id"], made["embed_signing_key"]

    def found(self) -> Founded:
        self.data.mkdir(parents=True, exist_ok=True)
        founded = asyncio.run(_found(Settings(data=str(self.data))))
        self.api_key = founded.api_key
        return founded

    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.origin, timeout=20, trust_env=False)

    def launch_token(self, now: int, **claims: Any) -> str:  # noqa: ANN401
        """A signed link of a candidate whom nobody has seen before."""
        person = f"candidate-{next(_people)}"
        claims = {
            "aud": self.origin,
            "sub": person,
            "jti": person,
            "iat": now,
            "exp": now + 600,
            "name": "Robin Vale",
            "email": f"{person}@example.org",
            **claims,
        }
        header = {"typ": "vv-launch+jwt", "kid": self.embed_id}
        return jwt.encode(claims, self.signing_key, "HS256", header)

    def session(self, session_id: str) -> dict[str, Any]:
        with self.http() as http:
            answer = http.get(f"/api/v1/sessions/{session_id}", headers={"x-api-key": self.api_key})
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()["data"]
        return found

    def events(self, session_id: str) -> list[str]:
        """What the outbox will tell the customer about this session, in order."""
        with sqlite3.connect(self.data / "vivavoce.db") as database:
            rows = database.execute("SELECT event, payload FROM outbox ORDER BY rowid").fetchall()
        database.close()
        events = [(name, json.loads(text).get("session", {})) for name, text in rows]
        return [name for name, session in events if session.get("id") == session_id]

    def stored(self, session_id: str, column: str) -> Any:  # noqa: ANN401
        """A column of the session's row."""
        with sqlite3.connect(self.data / "vivavoce.db") as database:
            sql = f"SELECT {column} FROM sessions WHERE id = ?"  # noqa: S608 - a test's own word
            row = database.execute(sql, (session_id,)).fetchone()
        database.close()
        return row[0]

    def consents(self, session_id: str) -> list[tuple[str, str]]:
        """Version and language of what was agreed to."""
        with sqlite3.connect(self.data / "vivavoce.db") as database:
            sql = "SELECT policy_version, locale FROM consents WHERE session_id = ?"
            rows: list[tuple[str, str]] = database.execute(sql, (session_id,)).fetchall()
        database.close()
        return rows

    def recorded(self, session_id: str) -> bytes:
        return (self.data / "recordings" / session_id / "candidate.pcm").read_bytes()

    def _wait_until_it_answers(self) -> None:
        deadline = monotonic() + STARTS_WITHIN_SECONDS
        with self.http() as http:
            while monotonic() < deadline:
                assert self.process is not None
                assert self.process.poll() is None, "the server ended instead of starting"
                if _answers(http):
                    return
                self.process.poll()
        raise AssertionError("The server did not start in time.")


class LocalServer(Server):
    """The same in a thread of the test, for tests that move its clock or hurry it."""

    ping_seconds = 1.0

    def start(self) -> None:
        engines = dict.fromkeys(ENGINES, "embedded")
        limits = {"max_conversations": 50}
        limits |= {name: int(value) for name, value in self.limits.items()}
        place = {"data": str(self.data), "instance_url": self.origin}
        app = create_app(Settings(**engines, **limits, **place))  # type: ignore[arg-type]
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                port=self.port,
                log_level="critical",
                ws_max_size=64 * 1024,
                ws_ping_interval=self.ping_seconds,
                ws_ping_timeout=self.ping_seconds,
            )
        )
        self._thread = threading.Thread(target=self._uvicorn.run)
        self._thread.start()
        deadline = monotonic() + STARTS_WITHIN_SECONDS
        with self.http() as http:
            while not _answers(http):
                assert monotonic() < deadline

    def close(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join(STOPS_WITHIN_SECONDS)


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/healthz", timeout=1).status_code == 200
    except httpx.TransportError:
        return False


async def _found(settings: Settings) -> Founded:
    async with open_services(settings) as services:
        founding = Founding("Lantern Works", "owner@lantern.test")
        return await services.organizations.initialize(founding)


@contextmanager
def running(folder: Path, **limits: str) -> Iterator[Server]:
    server = Server(folder, limits)
    server.found()
    try:
        server.start()
        server.seed()
        yield server
    finally:
        server.close()


@contextmanager
def running_here(folder: Path, **limits: str) -> Iterator[LocalServer]:
    server = LocalServer(folder, limits)
    server.found()
    server.start()
    try:
        server.seed()
        yield server
    finally:
        server.close()
