"""The wording of the consent, one file a language, read once."""

import json
from functools import cache
from importlib import resources

from vivavoce.core.consent import ConsentTerms, parse_terms

FALLBACK = "en"


def consent_terms(*wishes: str) -> ConsentTerms:
    """In the first of the wished languages that there is, else in English."""
    known = consent_languages()
    return _read(next((wish for wish in wishes if wish in known), FALLBACK))


@cache
def consent_languages() -> frozenset[str]:
    folder = resources.files("vivavoce") / "consent"
    return frozenset(file.name.removesuffix(".json") for file in folder.iterdir())


@cache
def _read(language: str) -> ConsentTerms:
    file = resources.files("vivavoce") / "consent" / f"{language}.json"
    return parse_terms(language, json.loads(file.read_text(encoding="utf-8")))
