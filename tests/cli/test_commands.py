import json
import socket
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner
from vivavoce.cli import commands
from vivavoce.cli.demo_seed import SEED_FILE, plant
from vivavoce.cli.doctor import Verdict, examine
from vivavoce.cli.servers import listen
from vivavoce.core.api_keys import is_well_formed
from vivavoce.core.errors import Conflict, VivavoceError
from vivavoce.core.settings import Settings
from vivavoce.services.opening import open_services


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def run(*arguments: str) -> str:
    """What a command prints; a refusal is raised as the product's own error."""
    result = CliRunner().invoke(commands, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def test_init_prints_one_object_with_every_secret(data: Path) -> None:
    secrets = json.loads(run("init", "--data", str(data), "--json"))

    assert list(secrets) == [
        "organization",
        "owner_email",
        "owner_password",
        "api_key",
        "agent_secret",
    ]
    assert is_well_formed(secrets["api_key"])


def test_a_second_init_is_refused(data: Path) -> None:
    run("init", "--data", str(data))

    with pytest.raises(Conflict) as refusal:
        run("init", "--data", str(data))
    assert refusal.value.code == "organization_exists"


def test_a_key_is_created_with_either_spelling_of_its_scopes(data: Path) -> None:
    run("init", "--data", str(data))

    dotted = ("--scope", "interviews.read", "--scope", "candidates:read")
    assert is_well_formed(run("keys", "create", "--data", str(data), *dotted).strip())


def test_a_key_needs_an_organization(data: Path) -> None:
    with pytest.raises(VivavoceError, match="vivavoce init"):
        run("keys", "create", "--data", str(data), "--scope", "all")


def test_a_misspelt_setting_stops_every_command(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVAVOCE_PROT", "1")

    with pytest.raises(VivavoceError, match="VIVAVOCE_PORT"):
        run("doctor")


def test_the_settings_file_of_the_working_directory_is_read(data: Path) -> None:
    (data.parent / "vivavoce.toml").write_text(f"data = '{data}'")

    run("init")

    assert (data / "vivavoce.db").is_file()


def test_the_version_is_printed() -> None:
    assert run("--version").startswith("vivavoce ")


def test_a_port_in_use_is_named() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=str(port)) as refusal:
            listen("127.0.0.1", port)
    assert refusal.value.code == "port_in_use"


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Conflict):
        listen("192.0.2.1", 0)


def test_the_doctor_says_that_browsers_need_https() -> None:
    settings = Settings(instance_url="http://interviews.example.org")

    address = next(each for each in examine(settings) if each.subject == "Address")

    assert address.verdict is Verdict.BROKEN
    assert "https" in address.words


def test_the_doctor_notices_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(port=taken.getsockname()[1])
        port = next(each for each in examine(settings) if each.subject == "Port")
    assert port.verdict is Verdict.NOTE


@pytest.mark.anyio
async def test_the_demo_is_planted_once(data: Path) -> None:
    settings = Settings(data=str(data))

    first = await plant(settings, "http://localhost:8001")
    second = await plant(settings, "http://localhost:8001")

    assert (first.embed_id, first.api_key) == (second.embed_id, second.api_key)
    assert stat.S_IMODE((data / SEED_FILE).stat().st_mode) == 0o600


@pytest.mark.anyio
async def test_a_careers_site_that_moved_gets_an_embed_for_its_new_origin(data: Path) -> None:
    settings = Settings(data=str(data))
    first = await plant(settings, "http://localhost:8001")

    moved = await plant(settings, "http://localhost:9001")

    assert moved.organization_id == first.organization_id
    async with open_services(settings) as services:
        embed = await services.embeds.get(moved.embed_id)
    assert embed.allowed_origins == ("http://localhost:9001",)


@pytest.mark.anyio
async def test_the_demo_link_opens_the_recruiters_list(data: Path) -> None:
    settings = Settings(data=str(data))
    seed = await plant(settings, "http://localhost:8001")

    path, query = seed.results_url.removeprefix(settings.origin).split("?")
    pairs = dict(pair.split("=") for pair in query.split("&"))
    async with open_services(settings) as services:
        visit = services.results.open_link(path, pairs)
        assert visit.sees_list
        assert await services.results.newest(visit.organization_id) == ()
