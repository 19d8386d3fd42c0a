"""Log lines as JSON on standard error: facts that were chosen, never what somebody said or sent.

The server library's own informative lines are left out, because they quote addresses and, when
asked for more, whole messages. Of an unexpected error the kind and the place are written; its text
may quote an interview.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from traceback import extract_tb

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# What uvicorn says of every socket that was refused with an HTTP answer, as it should be.
_FALSE_ALARM = "ASGI callable returned without completing handshake."


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage().strip(),
            **{name: value for name, value in vars(record).items() if name not in _ORDINARY},
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= {"error": _kinds(record.exc_info[1]), "where": _place(record.exc_info[1])}
        return json.dumps(line, default=str)


def configure_logs(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    handler.addFilter(lambda record: record.getMessage() != _FALSE_ALARM)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("vivavoce").setLevel(level.upper())


def _kinds(error: BaseException) -> list[str]:
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return [type(error).__name__, *(kind for each in inner for kind in _kinds(each))]


def _place(error: BaseException) -> list[str]:
    """File and line of every frame, the innermost last, of the first error at the root."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
