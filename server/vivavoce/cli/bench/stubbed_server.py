"""The server that a crowd visits: the real one in a process of its own, its engines stubbed."""

import os

from vivavoce.cli.servers import Site, run
from vivavoce.core.settings import Settings
from vivavoce.services.bench.stubbed_engines import open_stubbed_engines
from vivavoce.services.live_interviews import Farewell


def serve_stubbed(settings: Settings, core: int | None) -> None:
    """The whole life of the process, on one core where the system can pin it."""
    from vivavoce.app import create_app

    if core is not None:
        os.sched_setaffinity(0, {core})
    farewell = Farewell()
    app = create_app(settings, farewell=farewell, open_with=open_stubbed_engines)
    run([Site(app, settings.host, settings.port, farewell)], settings.log_level)
