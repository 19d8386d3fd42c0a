"""`vivavoce demo`: the platform and a customer's careers site, seeded and ready to talk to."""

import asyncio
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Group
from rich.panel import Panel
from rich.table import Table

from vivavoce.cli.console import out, read_settings
from vivavoce.cli.demo_seed import SEED_FILE, Seed, plant
from vivavoce.cli.engine_notes import advice, engine_table
from vivavoce.cli.servers import Site, run
from vivavoce.core.errors import NotFound
from vivavoce.core.settings import Settings
from vivavoce.engines.select import EngineNote
from vivavoce.services.live_interviews import Farewell

CAREERS = Path(__file__).parents[3] / "embed_demo" / "careers.py"


def demo(
    data: Annotated[str, typer.Option(help="Folder of the demo's database.")] = "demo-data",
    port: Annotated[int | None, typer.Option(help="Port of the platform.")] = None,
    careers_port: Annotated[int, typer.Option(help="Port of the careers site.")] = 8001,
) -> None:
    """Serve a seeded platform and a careers site with an embedded interview."""
    from vivavoce.app import create_app

    settings = read_settings(data=data, port=port)
    careers = _load_careers()
    careers_url = f"http://localhost:{careers_port}"
    seed = asyncio.run(plant(settings, careers_url))
    site = careers.create_app(
        settings.origin, seed.embed_id, seed.signing_key, seed.results_url, seed.apply_url
    )
    farewell = Farewell()
    platform = create_app(
        settings, lambda notes: _greet(settings, seed, careers_url, notes), farewell
    )
    sites = [
        Site(platform, settings.host, settings.port, farewell),
        Site(site, settings.host, careers_port),
    ]
    run(sites, "warning")
    out.print("\nThe demo has stopped. What was said is kept in", data)


def _load_careers() -> ModuleType:
    """The careers site is a customer's program, not a part of the package."""
    spec = importlib.util.spec_from_file_location("careers", CAREERS)
    if not CAREERS.is_file() or spec is None or spec.loader is None:
        raise NotFound("no_checkout", "The demo runs from a checkout of the repository.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _greet(settings: Settings, seed: Seed, careers_url: str, notes: tuple[EngineNote, ...]) -> None:
    steps = Table.grid(padding=(0, 2))
    steps.add_row("[bold]1  Be the candidate[/]", f"[bold cyan]{careers_url}[/]")
    steps.add_row("[bold]2  Be the recruiter[/]", "sign in to the dashboard below")
    steps.add_row("   E-mail address", seed.owner_email)
    steps.add_row("   Password", seed.owner_password)
    steps.add_row("   Mail, codes in it", f"{settings.data}/outbox")
    steps.add_row("   Key of the API", f"{settings.data}/{SEED_FILE}")
    body = Group(steps, "", "[bold]Engines in use[/]", engine_table(notes))
    out.print(Panel(body, title="Vivavoce demo", border_style="cyan", expand=False, padding=(1, 2)))
    # Outside the panel, where a terminal leaves them in one piece.
    dashboard = f"{settings.origin}/dashboard?accountSlug={seed.account}"
    out.print(f"[bold]Dashboard[/]  [bold cyan]{dashboard}[/]", soft_wrap=True)
    out.print(f"[bold]Apply for the position[/]  {seed.apply_url}", soft_wrap=True)
    out.print(f"[bold]Without signing in[/]  {seed.results_url}", soft_wrap=True)
    for line in advice(notes):
        out.print(f"[dim]{line}[/]")
    out.print("\nTalk for two minutes with a microphone, or type. Ctrl-C ends the demo.")
