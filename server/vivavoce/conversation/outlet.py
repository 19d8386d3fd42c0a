"""Where a conversation sends what the candidate should see and hear."""

from typing import Protocol

from vivavoce.core.wire import Frame
from vivavoce.core.wire_messages import CloseCode, ServerMessage


class Outlet(Protocol):
    """One connection of the candidate. Sending never blocks; a slow connection closes itself."""

    def send(self, message: ServerMessage) -> None: ...

    def send_audio(self, frame: Frame) -> None: ...

    def close(self, code: CloseCode, reason: str) -> None:
        """Close after what was sent before has gone out."""
        ...
