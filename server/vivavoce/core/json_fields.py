"""Typed values out of a JSON object that a stranger sent, with everything that is wrong with it."""

import json
from enum import StrEnum
from typing import Never, TypeAlias, TypeGuard, TypeVar

from vivavoce.core.errors import Invalid, Issue

Scalar: TypeAlias = str | int | float | bool | None
Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")

LONGEST_NAME = 200  # characters
MOST_ITEMS = 64
U32 = 2**32 - 1
LARGEST_NUMBER = 2**53  # beyond it JavaScript and JSON disagree about whole numbers


def read_object(text: str, *, longest: int, code: str) -> dict[str, object]:
    """The JSON object in `text`, of at most `longest` characters. Raises `Invalid` with `code`."""
    if len(text) > longest:
        raise _malformed(code, (Issue((), f"must have at most {longest} characters"),))
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _malformed(code, (Issue((), "must be JSON"),)) from None
    if not isinstance(value, dict):
        raise _malformed(code, (Issue((), "must be an object"),))
    return value


class FieldReader:
    """Every method returns a value of its type; a wrong one becomes an issue and a stand-in."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields
        self._issues: list[Issue] = []

    def require_sound(self, code: str) -> None:
        """Raise `Invalid` with `code` and all issues, if there are any."""
        if self._issues:
            raise _malformed(code, tuple(self._issues))

    def text(self, name: str, *, longest: int = LONGEST_NAME, default: str | None = None) -> str:
        value = self._fields.get(name, default)
        if _is_text(value, longest):
            return value
        return self._wrong(name, f"must be a text of at most {longest} characters", "")

    def number(self, name: str) -> int:
        """A number from 0 to 2**32 - 1; its fraction is cut off."""
        value = self._fields.get(name)
        if _is_number(value) and 0 <= value <= U32:
            return int(value)
        return self._wrong(name, f"must be a number from 0 to {U32}", 0)

    def choice(self, name: str, options: type[Choice], default: Choice | None = None) -> Choice:
        value = self._fields.get(name)
        if value is None and default is not None:
            return default
        for option in options:
            if option.value == value:
                return option
        return self._wrong(name, f"must be one of {', '.join(options)}", next(iter(options)))

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._fields.get(name, [])
        if isinstance(values, list) and len(values) <= MOST_ITEMS and all(map(_is_text, values)):
            return tuple(values)
        return self._wrong(name, f"must be a list of at most {MOST_ITEMS} short texts", ())

    def scalars(self, name: str) -> dict[str, Scalar]:
        """A flat object of short texts, numbers, flags and nulls; absent means empty."""
        values = self._fields.get(name)
        if values is None:
            return {}
        if isinstance(values, dict) and len(values) <= MOST_ITEMS:
            scalars = {key: value for key, value in values.items() if _is_scalar(value)}
            if len(scalars) == len(values) and all(map(_is_text, scalars)):
                return scalars
        return self._wrong(name, f"must hold at most {MOST_ITEMS} short texts and numbers", {})

    def numbers(self) -> dict[str, float]:
        """All fields that are numbers."""
        numbers = {key: value for key, value in self._fields.items() if _is_number(value)}
        if len(numbers) <= MOST_ITEMS and all(map(_is_text, numbers)):
            return numbers
        return self._wrong("t", f"must come with at most {MOST_ITEMS} numbers", {})

    def _wrong(self, name: str, message: str, stand_in: Value) -> Value:
        self._issues.append(Issue((name,), message))
        return stand_in


def _malformed(code: str, issues: tuple[Issue, ...]) -> Invalid:
    return Invalid(code, "A message is not as the protocol has it.", issues)


def _refuse_constant(_: str) -> Never:
    raise ValueError


def _is_text(value: object, longest: int = LONGEST_NAME) -> TypeGuard[str]:
    # JSON can spell half of a surrogate pair, which no database and no file can hold.
    return (
        isinstance(value, str)
        and len(value) <= longest
        and not any("\ud800" <= character <= "\udfff" for character in value)
    )


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST_NUMBER


def _is_scalar(value: object) -> TypeGuard[Scalar]:
    return value is None or isinstance(value, bool) or _is_number(value) or _is_text(value)
