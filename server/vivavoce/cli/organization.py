"""`vivavoce init` and `vivavoce keys`: the first organization, and credentials for it."""

import asyncio
import json
from typing import Annotated

import typer

from vivavoce.cli.console import out, read_settings
from vivavoce.core.errors import NotFound
from vivavoce.core.scopes import ALL_SCOPES, Scope, parse_scope
from vivavoce.core.settings import Settings
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founded, Founding

Data = Annotated[str | None, typer.Option(help="Folder of the database and the recordings.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]

keys = typer.Typer(help="API keys of the organization.", no_args_is_help=True)


def init(
    data: Data = None,
    name: Annotated[str, typer.Option(help="Name of the organization.")] = "My organization",
    owner_email: Annotated[str, typer.Option(help="Address of its owner.")] = "owner@example.org",
    as_json: AsJson = False,
) -> None:
    """Found the organization: its owner, its first API key, three ready interviewers."""
    settings = read_settings(data=data)
    founded = asyncio.run(_found(settings, Founding(name, owner_email)))
    secrets = {
        "organization": founded.organization.slug,
        "owner_email": founded.owner_email,
        "owner_password": founded.owner_password,
        "api_key": founded.api_key,
        "agent_secret": founded.agent_secret,
    }
    if as_json:
        typer.echo(json.dumps(secrets))
        return
    out.print(f"[bold]{founded.organization.name}[/] is ready. Keep these; they are shown once:")
    for label, value in secrets.items():
        out.print(f"  {label:<15} {value}", soft_wrap=True)
    out.print(
        f"`vivavoce serve`, then sign in at {settings.origin}/dashboard"
        f"?accountSlug={founded.organization.slug}",
        soft_wrap=True,
    )


async def _found(settings: Settings, founding: Founding) -> Founded:
    async with open_services(settings) as services:
        return await services.organizations.initialize(founding)


@keys.command("create")
def create_key(
    scope: Annotated[
        list[str], typer.Option(help="What the key may do, repeatable; `all` for everything.")
    ],
    name: Annotated[str, typer.Option(help="What the key is for.")] = "Key",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key and print it once."""
    scopes = ALL_SCOPES if scope == ["all"] else frozenset(map(parse_scope, scope))
    text = asyncio.run(_create_key(read_settings(data=data), name, scopes))
    typer.echo(json.dumps({"api_key": text}) if as_json else text)


async def _create_key(settings: Settings, name: str, scopes: frozenset[Scope]) -> str:
    async with open_services(settings) as services:
        organization = await services.organizations.first()
        if organization is None:
            raise NotFound("no_organization", "There is no organization yet: run `vivavoce init`.")
        _, text = await services.credentials.create_api_key(organization.id, name, scopes)
        return text
