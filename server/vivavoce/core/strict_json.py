"""JSON from strangers, without the leniency that lets two readers see two different documents."""

import json
import math
from typing import Any, NoReturn

from vivavoce.core.errors import Invalid

MAX_DEPTH = 32
_LARGEST_WHOLE = 2**53  # beyond it a double skips whole numbers


def parse_json(body: bytes) -> Any:  # noqa: ANN401
    """Parse one UTF-8 document.

    Raises `Invalid` code `json` for bad UTF-8, bad syntax, a repeated key, NUL or a lone surrogate
    in a
    text, a number that is not finite, or more than `MAX_DEPTH` levels.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_not_finite,
            parse_float=_number,
        )
    except UnicodeDecodeError:
        raise _refusal("The body is not valid UTF-8.") from None
    except (ValueError, RecursionError):
        raise _refusal("The body is not valid JSON.") from None
    _check(value, 1)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _refusal("A key appears twice in one object.")
    return value


def _not_finite(_: str) -> NoReturn:
    raise _refusal("A number is not finite.")


def _number(text: str) -> float:
    """JSON knows one kind of number: 30.0 is as whole as 30."""
    number = float(text)
    if not math.isfinite(number):
        raise _refusal("A number is not finite.")
    return int(number) if number.is_integer() and abs(number) <= _LARGEST_WHOLE else number


def _check(value: Any, depth: int) -> None:  # noqa: ANN401
    if depth > MAX_DEPTH:
        raise _refusal("The body is nested too deeply.")
    match value:
        case str():
            _check_text(value)
        case dict():
            for key, item in value.items():
                _check_text(key)
                _check(item, depth + 1)
        case list():
            for item in value:
                _check(item, depth + 1)
        case _:
            pass  # numbers, booleans and null need no further look


def _check_text(text: str) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise _refusal("A text contains a character that cannot be stored.")


def _refusal(message: str) -> Invalid:
    return Invalid("json", message)
