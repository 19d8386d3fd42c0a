"""The code in the documentation, run as it stands and judged by the product itself."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from vivavoce.cli.demo_seed import plant
from vivavoce.core.embed import EmbedKey
from vivavoce.core.settings import Settings
from vivavoce.services.bundle import Services
from vivavoce.services.launch_tokens import SignedLink
from vivavoce.services.opening import open_services

DOCS = Path(__file__).parents[2] / "docs"
EMBEDDING, API = DOCS / "embedding.md", DOCS / "api.md"
LANGUAGES = {
    "python": (sys.executable, "token.py.txt"),
    "javascript": ("node", "token.cjs"),
    "php": ("php", "token.php"),
    "ruby": ("ruby", "token.rb"),
    "go": ("go run", "token.go"),
    "java": ("java", "LaunchToken.java"),
}
AVAILABLE = [name for name, (program, _) in LANGUAGES.items() if shutil.which(program.split()[0])]


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", EMBEDDING.read_text("utf-8"), re.DOTALL)


def printed(language: str, code: str, folder: Path, embed: EmbedKey, settings: Settings) -> str:
    program, file_name = LANGUAGES[language]
    file = folder / file_name
    file.write_text(code, encoding="utf-8")
    environment = {
        **os.environ,
        "INSTANCE": settings.origin,
        "EMBED_ID": embed.id,
        "SIGNING_KEY": embed.signing_keys[0],
    }
    result = subprocess.run(
        [*program.split(), str(file)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return result.stdout.strip()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path / "data"))


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as opened:
        yield opened


@pytest.fixture
async def embed(settings: Settings, services: Services) -> EmbedKey:
    seed = await plant(settings, "http://localhost:8001")
    return await services.embeds.get(seed.embed_id)


@pytest.mark.anyio
@pytest.mark.parametrize("language", AVAILABLE)
async def test_the_signing_code_makes_a_token_that_opens_an_interview(
    language: str, tmp_path: Path, services: Services, embed: EmbedKey, settings: Settings
) -> None:
    token = printed(language, examples(language)[0], tmp_path, embed, settings)

    verified, claims = await services.launch_tokens.verify_launch(token)
    assert verified.id == embed.id
    assert (claims.subject, claims.name) == ("candidate-17", "Robin Vale")


@pytest.mark.anyio
async def test_the_simple_signature_opens_an_interview(
    tmp_path: Path, services: Services, embed: EmbedKey, settings: Settings
) -> None:
    address = printed("python", examples("python")[1], tmp_path, embed, settings)

    query = dict(parse_qsl(urlsplit(address).query))
    verified, claims = await services.launch_tokens.verify_signed(SignedLink(**query))
    assert verified.id == embed.id
    assert claims.name == "Robin Vale"


def test_every_language_that_is_promised_has_code() -> None:
    assert all(examples(language) for language in (*LANGUAGES, "csharp"))


def test_the_api_example_makes_an_embedded_interview(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    vivavoce = [sys.executable, "-u", "-m", "vivavoce"]
    data = ["--data", str(tmp_path / "data")]
    initialized = subprocess.run(
        [*vivavoce, "init", *data, "--json"], capture_output=True, text=True, check=True
    )
    script = re.findall(r"```bash\n(.*?)```", API.read_text("utf-8"), re.DOTALL)[0]
    environment = {
        **os.environ,
        "INSTANCE": f"http://127.0.0.1:{port}",
        "API_KEY": json.loads(initialized.stdout)["api_key"],
    }
    with subprocess.Popen(
        [*vivavoce, "serve", *data, "--port", str(port)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert any("Listening" in line for line in server.stdout)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        server.terminate()
    assert set(json.loads(done.stdout)) == {
        "interview_def_set_id",
        "embed_id",
        "embed_signing_key",
    }
