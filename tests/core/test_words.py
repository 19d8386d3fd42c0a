from vivavoce.core.words import contains_phrase, normalized, stem, topic_stems


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert normalized("Don\u2019t PANIC \u2014 it's 20% off!") == "don't panic it's 20 off"


def test_forms_of_a_word_share_their_stem() -> None:
    assert stem("measured") == stem("measuring")
    assert topic_stems("the plans of a team", frozenset({"the", "of", "a"})) == {"plans", "team"}


def test_a_phrase_is_found_at_word_limits_only() -> None:
    assert contains_phrase(("that", "is", "hard"), "is hard")
    assert not contains_phrase(("this", "hard"), "is hard")
