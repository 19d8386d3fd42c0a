"""Which engine plays which role, as a table for people."""

from rich.table import Table

from vivavoce.engines.select import EngineNote


def engine_table(notes: tuple[EngineNote, ...]) -> Table:
    table = Table.grid(padding=(0, 2))
    for note in notes:
        mark = "[yellow]embedded[/]" if note.embedded else "[green]model[/]"
        engine = f"{note.engine} (stand-in: {note.stand_in})" if note.stand_in else note.engine
        table.add_row(note.role.replace("_", " "), engine, mark)
    return table


def advice(notes: tuple[EngineNote, ...]) -> list[str]:
    """What would change an embedded engine, each advice once."""
    return list(dict.fromkeys(note.what_to_do for note in notes if note.what_to_do))
