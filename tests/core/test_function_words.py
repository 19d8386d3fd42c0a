import pytest
from vivavoce.core.function_words import FUNCTION_WORDS, function_words


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_a_language_is_known_by_any_spelling_of_its_tag(language: str) -> None:
    assert function_words(language) is FUNCTION_WORDS["en"]


def test_a_language_without_a_table_knows_no_words() -> None:
    assert not function_words("ja").leans_on_the_next


@pytest.mark.parametrize("language", sorted(FUNCTION_WORDS))
def test_every_table_is_lower_case_and_complete(language: str) -> None:
    words = function_words(language)
    tables = (words.conjunctions, words.determiners, words.prepositions, words.subjects)
    assert all(tables)
    assert all(word == word.lower() for table in tables for word in table)
