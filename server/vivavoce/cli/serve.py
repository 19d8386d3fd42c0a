"""`vivavoce serve`."""

from typing import Annotated

import typer

from vivavoce.cli.console import out, read_settings
from vivavoce.cli.engine_notes import engine_table
from vivavoce.cli.servers import Site, run
from vivavoce.engines.select import EngineNote
from vivavoce.services.live_interviews import Farewell

Data = Annotated[str | None, typer.Option(help="Folder of the database and the recordings.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]


def serve(data: Data = None, host: Host = None, port: Port = None) -> None:
    """Serve the platform until Ctrl-C."""
    from vivavoce.app import create_app

    settings = read_settings(data=data, host=host, port=port)

    def announce(notes: tuple[EngineNote, ...]) -> None:
        out.print(engine_table(notes))
        out.print(f"Listening on {settings.host}:{settings.port}, reached as {settings.origin}.")

    farewell = Farewell()
    app = create_app(settings, announce, farewell)
    run([Site(app, settings.host, settings.port, farewell)], settings.log_level)
