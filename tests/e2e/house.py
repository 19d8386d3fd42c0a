"""A whole installation for browser tests: the server as a process, a careers site on its origin.

Everything is done as an outside integrator would: `vivavoce init`, the HTTP API, the signed embed.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from embed_demo import careers

START_SECONDS = 60
QUESTIONS = (
    "Tell me about a project that you led.",
    "How would you move a large table to another database?",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class House:
    data: Path
    port: int
    origin: str
    questions: tuple[str, ...] = QUESTIONS
    settings: dict[str, str] = field(default_factory=dict)
    api_key: str = ""
    process: subprocess.Popen[bytes] | None = None
    embed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def found(cls, data: Path, origin: str | None = None) -> "House":
        port = free_port()
        house = cls(data, port, origin or f"http://127.0.0.1:{port}")
        told = subprocess.run(
            [*_VIVAVOCE, "init", "--data", str(data), "--json"],
            check=True,
            capture_output=True,
            env=house.environment,
        )
        house.api_key = json.loads(told.stdout)["api_key"]
        return house

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "VIVAVOCE_INSTANCE_URL": self.origin,
            "VIVAVOCE_MODELS_DIR": str(self.data / "no-models"),
            "VIVAVOCE_TRANSCRIBER": "embedded",
            "VIVAVOCE_LANGUAGE_MODEL": "embedded",
            "VIVAVOCE_SYNTHESIZER": "embedded",
            "VIVAVOCE_TURN_DETECTOR": "embedded",
            **self.settings,
        }

    def __enter__(self) -> "House":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [*_VIVAVOCE, "serve", "--data", str(self.data), "--port", str(self.port)]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
        transport = httpx.HTTPTransport(retries=START_SECONDS)  # backs off between its tries
        with httpx.Client(transport=transport, timeout=START_SECONDS) as client:
            client.get(f"http://127.0.0.1:{self.port}/healthz").raise_for_status()

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def api(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401
        url = f"http://127.0.0.1:{self.port}{path}"
        answer = httpx.request(method, url, json=body, headers=self._headers(), timeout=30)
        answer.raise_for_status()
        return answer.json()

    def _headers(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self.port}/api/v1/auth/token"
        answer = httpx.post(url, headers={"x-api-key": self.api_key}, json={}, timeout=30)
        answer.raise_for_status()
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    def create_interview(self, careers_origin: str) -> None:
        """Each question is answered once: its time is over after any answer."""
        profiles = self.api("GET", "/api/v1/agent-profiles")["data"]
        request = {
            "name": "Backend engineer",
            "location": "remote",
            "interview_template_id": profiles[0]["id"],
            "mojito_language_code": "en",
            "description": "Keeps services boring.",
            "status": "active",
            "type": "interview",
            "visibility": "merchant_unlisted",
            "questions": [{"question": text, "duration": 5} for text in self.questions],
            "is_embedded": True,
            "allowed_origins": [careers_origin],
            "thank_you_message": "Thank you. That was the last question. Goodbye.",
        }
        path = "/functions/v1/job-interview-create-from-array"
        self.embed = self.api("POST", path, request)

    def session(self) -> dict[str, Any]:
        """The newest session, as the API shows it."""
        newest = self.api("GET", "/api/v1/sessions")["data"][0]
        read: dict[str, Any] = self.api("GET", f"/api/v1/sessions/{newest['id']}")["data"]
        return read


_VIVAVOCE = (sys.executable, "-m", "vivavoce")


@contextmanager
def careers_site(house: House, apply_url: str = "") -> Iterator[str]:
    """The demo's careers site with this installation's embed; yields its origin."""
    port = free_port()
    origin = f"http://localhost:{port}"
    house.create_interview(origin)
    site = careers.create_app(
        house.origin,
        house.embed["embed_id"],
        house.embed["embed_signing_key"],
        apply_url=apply_url,
    )
    server = uvicorn.Server(uvicorn.Config(site, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield origin
    finally:
        server.should_exit = True
        thread.join()
