"""The demo as somebody runs it: a process, two ports, Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def start(data: Path, port: int, careers_port: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "VIVAVOCE_MODELS_DIR": str(data / "no-models")}
    ports = ["--port", str(port), "--careers-port", str(careers_port)]
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "vivavoce", "demo", "--data", str(data), *ports],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def lines_until(process: subprocess.Popen[str], text: str) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if text in line:
            return
    raise AssertionError(f"the demo never said {text}")


def test_the_demo_serves_both_sites_until_it_is_interrupted(tmp_path: Path) -> None:
    port, careers_port = free_ports(2)
    with start(tmp_path / "demo", port, careers_port) as process:
        said = "".join(lines_until(process, "Ctrl-C"))
        page = httpx.get(f"http://127.0.0.1:{careers_port}/")
        assert page.status_code == 200
        assert f"http://localhost:{port}/embed/v1.js" in page.text
        assert httpx.get(f"http://127.0.0.1:{port}/embed/v1.js").status_code == 200
        results = re.search(r"http://localhost:\d+(/results\?\S+)", said)
        assert results is not None
        listed = httpx.get(f"http://127.0.0.1:{port}{results[1]}")
        assert "No interviews yet" in listed.text
        assert_owner_can_sign_in(said, port)
        applying = re.search(r"http://localhost:\d+(/apply/\S+)", said)
        assert applying is not None
        assert applying[0] in page.text
        position = httpx.get(f"http://127.0.0.1:{port}{applying[1]}")
        assert "Backend engineer, tide tables" in position.text
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said + rest
    assert "The demo has stopped" in rest


def assert_owner_can_sign_in(said: str, port: int) -> None:
    """With what the terminal shows, and nothing else."""
    account = re.search(rf"http://localhost:{port}/dashboard\?accountSlug=(\S+)", said)
    email, password = re.search(r"E-mail address +(\S+)", said), re.search(r"Password +(\S+)", said)
    assert account is not None
    assert email is not None
    assert password is not None
    body = {"accountSlug": account[1], "email": email[1], "password": password[1]}
    with httpx.Client(base_url=f"http://localhost:{port}") as browser:
        assert browser.post("/api/v1/auth/sign-in", json=body).status_code == 200
        page = browser.get("/dashboard", params={"accountSlug": account[1]})
    assert "Larkspur Tidal Clockworks" in page.text


@pytest.mark.parametrize("taken", ["platform", "careers"])
def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path, taken: str) -> None:
    (free,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        busy = other.getsockname()[1]
        ports = (busy, free) if taken == "platform" else (free, busy)
        with start(tmp_path / "demo", *ports) as process:
            said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {busy}" in said
    assert "Traceback" not in said
