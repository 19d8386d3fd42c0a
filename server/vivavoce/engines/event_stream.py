"""Server-sent events out of bytes, as chat completions stream them. Reads no connection."""

from vivavoce.engines.remote import too_large

LONGEST_LINE_BYTES = 1 << 20
FIELD, DONE = b"data:", b"[DONE]"


class EventStream:
    """Feed it what arrives; `done` once the stream has said that it is complete."""

    def __init__(self) -> None:
        self.done = False
        self._waiting = bytearray()

    def feed(self, piece: bytes) -> tuple[bytes, ...]:
        """The payloads that are complete now. Raises `RemoteFailure` code `remote_too_large`."""
        self._waiting += piece
        *lines, rest = self._waiting.split(b"\n")
        if len(rest) > LONGEST_LINE_BYTES:
            raise too_large()
        self._waiting = rest
        payloads = [
            line.removeprefix(FIELD).strip() for line in map(bytes, lines) if line.startswith(FIELD)
        ]
        if DONE in payloads:
            self.done = True
            payloads = payloads[: payloads.index(DONE)]
        return tuple(payloads)
