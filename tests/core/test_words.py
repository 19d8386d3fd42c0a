# ruff: noqa: RUF001 (letters and marks of other scripts belong here)
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.words import (
    contains_phrase,
    normalized,
    normalized_words,
    sentences,
    stem,
    topic_stems,
    word_count,
    word_spans,
)


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert normalized("Don\u2019t PANIC \u2014 it's 20% off!") == "don't panic it's 20 off"


def test_forms_of_a_word_share_their_stem() -> None:
    assert stem("measured") == stem("measuring")
    assert topic_stems("the plans of a team", frozenset({"the", "of", "a"})) == {"plans", "team"}


def test_a_phrase_is_found_at_word_limits_only() -> None:
    assert contains_phrase(("that", "is", "hard"), "is hard")
    assert not contains_phrase(("this", "hard"), "is hard")


def test_a_turkish_capital_is_the_small_letter_of_its_word() -> None:
    assert normalized("\u0130stanbul\u2019da \u0130Y\u0130") == "istanbul'da iyi"
    assert contains_phrase(normalized_words("\u0130yi bir soru"), "iyi")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Τι κάνετε; Εγώ δουλεύω.", ("Τι κάνετε;", "Εγώ δουλεύω.")),
        ("Τι κάνετε\u037e Καλά.", ("Τι κάνετε\u037e", "Καλά.")),
        ("I built it; it worked.", ("I built it; it worked.",)),
        ("你好。我写代码！", ("你好。", "我写代码！")),
        ("ठीक है। मैं तैयार हूँ।", ("ठीक है।", "मैं तैयार हूँ।")),
    ],
)
def test_sentences_end_as_they_do_in_their_language(text: str, parts: tuple[str, ...]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("我真的不知道。", "不知道", True),
        ("我知道", "不知道", False),
        ("例えばこの前の案件です", "例えば", True),
        ("ผมไม่รู้ครับ", "ไม่รู้", True),
        ("用 Python 写的", "写的", True),
        ("nothing hard", "thing", False),
    ],
)
def test_a_phrase_is_found_where_words_are_not_spaced(text: str, phrase: str, found: bool) -> None:
    assert contains_phrase(normalized_words(text), phrase) is found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("I don\u2019t know", 3),
        ("我负责后端开发工作", 5),
        ("用 Python 写的", 3),
        ("나는 백엔드를 만들었다", 3),
        ("मैं तैयार हूँ", 3),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert word_count(text) == count


def test_a_part_of_an_unspaced_run_can_be_found_in_it() -> None:
    spans = word_spans("我负责API开发")
    assert [span.word for span in spans] == ["我", "负", "责", "api", "开", "发"]
    assert [(span.start, span.end) for span in spans][3] == (3, 6)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_spans_cover_what_normalized_words_finds_and_never_overlap(text: str) -> None:
    spans = word_spans(text)
    assert all(span.start < span.end for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert bool(spans) == bool(word_count(text))


@given(st.text(max_size=60))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalized(text)
    assert normalized(once) == once
