"""What the reference needs to know of a row of the table."""

from collections.abc import Callable
from typing import Any, Protocol

from vivavoce.web.operations import Operation


class Described(Protocol):
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def endpoint(self) -> Callable[..., Any]: ...
    @property
    def name(self) -> str: ...
    @property
    def operation(self) -> Operation | None: ...
