"""The command line: reads the settings, calls one service or serves, and prints what came of it."""

import sys
from typing import Annotated

import typer

from vivavoce import __version__
from vivavoce.cli.bench import commands as bench
from vivavoce.cli.console import complain
from vivavoce.cli.demo import demo
from vivavoce.cli.doctor import doctor
from vivavoce.cli.models import models
from vivavoce.cli.organization import init, keys
from vivavoce.cli.serve import serve
from vivavoce.core.errors import VivavoceError

commands = typer.Typer(
    name="vivavoce",
    help="A self-hosted AI voice interviewer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands.command()(serve)
commands.command()(demo)
commands.command()(init)
commands.command()(doctor)
commands.add_typer(keys, name="keys")
commands.add_typer(bench, name="bench")
commands.add_typer(models, name="models")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vivavoce {__version__}")
        raise typer.Exit


@commands.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None: ...


def main() -> None:
    try:
        commands()
    except VivavoceError as error:
        complain(error)
        sys.exit(1)
