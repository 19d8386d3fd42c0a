import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from vivavoce.cli import commands
from vivavoce.core import wire_messages
from vivavoce.core.settings import SETTINGS, Setting
from vivavoce.web.routes import TABLE

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def command_paths(group: TyperGroup, prefix: str) -> list[str]:
    paths = []
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        paths += command_paths(command, path) if isinstance(command, TyperGroup) else [path]
    return paths


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting: Setting) -> None:
    value = int(setting.default) if isinstance(setting.default, bool) else setting.default
    value = setting.zero if setting.zero and value == 0 else value
    default = f"`{value}`" if value != "" else "empty"
    rows = [row for row in page("configuration.md").splitlines() if setting.variable + "`" in row]

    assert any(f"| {default} |" in row and setting.help in row for row in rows)


def test_every_command_is_documented() -> None:
    group = typer.main.get_command(commands)
    assert isinstance(group, TyperGroup)

    for path in command_paths(group, "vivavoce"):
        assert f"`{path}`" in page("configuration.md"), path


@pytest.mark.parametrize("kind", sorted(wire_messages.CLIENT_TYPES))
def test_every_message_of_the_client_is_documented(kind: str) -> None:
    assert f"| `{kind}` |" in page("protocol.md").split("## Messages of the client")[1]


@pytest.mark.parametrize(
    "message", wire_messages.SERVER_TYPES, ids=lambda message: str(message.__name__)
)
def test_every_message_of_the_server_is_documented_with_its_fields(
    message: type[wire_messages.ServerMessage],
) -> None:
    kind = wire_messages.SERVER_TYPES[message]
    names = ", ".join(each.name for each in fields(message))

    assert f"| `{kind}` | `{names}` |" in page("protocol.md").split("Messages of the server")[1]


@pytest.mark.parametrize("code", wire_messages.CloseCode)
def test_every_close_code_is_documented(code: wire_messages.CloseCode) -> None:
    assert f"| {code.value} | {code.name} |" in page("protocol.md")


@pytest.mark.parametrize("op", wire_messages.ControlOp)
def test_every_control_is_documented(op: wire_messages.ControlOp) -> None:
    row = next(row for row in page("protocol.md").splitlines() if row.startswith("| `control`"))
    assert f"`{op}`" in row


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_address_is_documented(entry: tuple[str, str]) -> None:
    assert f"| {entry[0]} | `{entry[1]}` |" in page("api.md")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_to_a_file(file: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))

    for link in links:
        assert (file.parent / link).exists(), link


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_folder_and_module_that_is_named_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    for path in re.findall(r"`((?:server|widget|embed_demo|tests|models|docs)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path


def test_the_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()

    for target in re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text()):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_constraints_hold_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.+!-]+", line)
