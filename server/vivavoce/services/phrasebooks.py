"""The interviewer's fixed texts, one file a language, read once."""

import json
from functools import cache
from importlib import resources

from vivavoce.core.phrases import Phrasebook, parse_phrasebook

FALLBACK = "en"


@cache
def phrasebook(language: str) -> Phrasebook:
    """The book of a language, or the English one where there is none yet."""
    folder = resources.files("vivavoce") / "phrases"
    book = folder / f"{language}.json"
    if not book.is_file():
        language, book = FALLBACK, folder / f"{FALLBACK}.json"
    return parse_phrasebook(language, json.loads(book.read_text(encoding="utf-8")))


def phrasebooks() -> dict[str, Phrasebook]:
    """Every book there is, by language."""
    folder = resources.files("vivavoce") / "phrases"
    codes = sorted(book.name.removesuffix(".json") for book in folder.iterdir())
    return {code: phrasebook(code) for code in codes}
