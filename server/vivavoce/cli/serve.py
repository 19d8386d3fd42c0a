"""`vivavoce serve`."""

from typing import Annotated

import typer

from vivavoce.cli.console import out, read_settings
from vivavoce.cli.servers import Site, run

Data = Annotated[str | None, typer.Option(help="Folder of the database and the recordings.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]


def serve(data: Data = None, host: Host = None, port: Port = None) -> None:
    """Serve the platform until Ctrl-C."""
    from vivavoce.app import create_app

    settings = read_settings(data=data, host=host, port=port)
    out.print(f"Vivavoce listens on {settings.host}:{settings.port}, reached as {settings.origin}.")
    run([Site(create_app(settings), settings.host, settings.port)], settings.log_level)
