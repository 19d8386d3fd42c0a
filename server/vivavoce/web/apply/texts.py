"""What the pages say, one file a language, and which language a visitor reads."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from starlette.requests import Request

from vivavoce.core.languages import (
    LANGUAGES,
    accepted_language,
    direction,
    language_tag,
    match_language,
)

Translate: TypeAlias = Callable[..., str]
LANGUAGE = "lang"  # of the query
_ISOLATED = "\u2068{}\u2069"  # so that a name does not turn the sentence around it


@dataclass(frozen=True)
class Language:
    code: str
    tag: str
    direction: str
    name: str  # in itself


def visitor_language(request: Request[Any], otherwise: str) -> str:
    """What the address says, else what the browser says, else `otherwise`."""
    told = match_language(request.query_params.get(LANGUAGE, ""))
    return told or accepted_language(request.headers.get("accept-language", "")) or otherwise


@cache
def languages() -> tuple[Language, ...]:
    """All, by their own names."""
    found = [
        Language(code, language_tag(code), direction(code), texts(code)["language.name"])
        for code in LANGUAGES
    ]
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def language_of(code: str) -> Language:
    return next(each for each in languages() if each.code == code)


@cache
def texts(code: str) -> dict[str, str]:
    file = resources.files("vivavoce.web.apply") / "languages" / f"{code}.json"
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found


def translator(code: str) -> Translate:
    own, mirrored = texts(code), direction(code) == "rtl"

    def translate(key: str, **values: object) -> str:
        # Values are put in once and never read as a pattern themselves.
        told = {
            name: _ISOLATED.format(value) if mirrored else str(value)
            for name, value in values.items()
        }
        return own[key].format_map(told)

    return translate
