"""`vivavoce bench`: what this machine can do, in real interviews; one command to a file."""

import typer

from vivavoce.cli.bench.capacity import capacity
from vivavoce.cli.bench.every import compare, run_all
from vivavoce.cli.bench.latency import latency
from vivavoce.cli.bench.turns import turns

commands = typer.Typer(help="What this machine can do.", no_args_is_help=True)
commands.command()(latency)
commands.command()(turns)
commands.command("all")(run_all)
commands.command()(compare)
commands.command()(capacity)


@commands.callback()
def _bench() -> None: ...
