"""Nobody can agree to what they cannot read."""

from pathlib import Path

import pytest
import vivavoce
from vivavoce.core.consent import REQUIRED_ITEMS
from vivavoce.services.consent_texts import consent_languages, consent_terms

LOCALES = Path(vivavoce.__file__).parents[2] / "widget" / "locales"
INTERFACE = sorted(path.stem for path in LOCALES.glob("*.json"))


@pytest.mark.parametrize("language", INTERFACE)
def test_every_language_of_the_interface_has_the_whole_consent(language: str) -> None:
    terms = consent_terms(language)
    assert terms.language == language
    assert [item.id for item in terms.items] == list(REQUIRED_ITEMS)
    assert all(item.required and item.text.strip() for item in terms.items)
    paragraphs = terms.text.split("\n")
    assert len(paragraphs) == len(consent_terms("en").text.split("\n"))
    assert all(paragraph.strip() for paragraph in paragraphs)


def test_no_two_languages_share_a_wording() -> None:
    texts = {consent_terms(language).text for language in consent_languages()}
    assert len(texts) == len(consent_languages())


def test_the_first_language_that_there_is_is_taken() -> None:
    assert consent_terms("xx", "de", "fr").language == "de"
    assert consent_terms("", "auto").language == "en"
