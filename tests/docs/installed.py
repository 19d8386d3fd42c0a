"""The server as it is installed, in a process of its own, for the examples of a page."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installation:
    origin: str
    api_key: str
    agent_secret: str

    def run(self, script: str, **variables: str) -> str:
        """What a shell prints that knows the installation's address and credentials."""
        environment = {
            **os.environ,
            "INSTANCE": self.origin,
            "API_KEY": self.api_key,
            "AGENT_SECRET": self.agent_secret,
            **variables,
        }
        command = ["bash", "-euo", "pipefail", "-c", script]
        return subprocess.check_output(command, env=environment, text=True, timeout=90)


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """It may call receivers on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    vivavoce = [sys.executable, "-u", "-m", "vivavoce"]
    data = ["--data", str(folder / "data")]
    founded = json.loads(subprocess.check_output([*vivavoce, "init", *data, "--json"], text=True))
    command = [*vivavoce, "serve", *data, "--port", str(port)]
    environment = {**os.environ, "VIVAVOCE_ALLOW_PRIVATE_NETWORKS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            assert server.stdout is not None
            assert any("Listening" in line for line in server.stdout)
            origin = f"http://127.0.0.1:{port}"
            yield Installation(origin, founded["api_key"], founded["agent_secret"])
        finally:
            server.terminate()
