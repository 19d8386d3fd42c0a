import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.backchannels import asks_to_stop, content_words, is_backchannel


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mm-hm", "en"),
        ("Mhm.", "en"),
        ("mmm", "en"),
        ("uh-huh", "en"),
        ("Uh huh, uh huh.", "en"),
        ("yeah", "en"),
        ("Yeah, yeah, okay.", "en-GB"),
        ("okay", "en"),
        ("OK", "en"),
        ("right", "en"),
        ("Oh, I see.", "en"),
        ("got it", "en"),
        ("um", "en"),
        ("haha", "en"),
        ("[NOISE]", "en"),
        ("<sil> ++COUGH++", "en"),
        ("(coughs) *laughs* ♪", "en"),
        ("...", "en"),
        ("ja genau", "de"),
        ("Ach so, alles klar.", "de"),
        ("d'accord", "fr"),
        ("D\u2019accord, très bien", "fr"),
        ("sí, claro", "es"),
        ("va bene", "it"),
        ("ja precies", "nl"),
        ("tá bom", "br"),
        ("ठीक है", "hi"),
        ("嗯嗯，好的", "zh"),  # noqa: RUF001
        ("はい、そうですね", "ja"),
        ("да, понятно", "ru"),
        ("mhm", "xx"),
    ],
)
def test_a_listeners_noise_does_not_want_the_floor(text: str, language: str) -> None:
    assert is_backchannel(text, language)
    assert content_words(text, language) == 0


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("wait", "en", 1),
        ("okay but wait", "en", 2),
        ("Yeah, sorry, can I ask something?", "en", 4),
        ("right now it is slow", "en", 4),
        ("I see what you mean", "en", 3),
        ("mm-hm that's it [NOISE]", "en", 2),
        ("ja, aber Moment", "de", 2),
        ("नमस्ते दोस्त", "hi", 2),
        ("等一下我有问题", "zh", 4),
        ("ohmmeter", "en", 1),
    ],
)
def test_words_of_ones_own_count(text: str, language: str, count: int) -> None:
    assert content_words(text, language) == count
    assert not is_backchannel(text, language)


def test_nothing_heard_is_no_backchannel() -> None:
    assert not is_backchannel("", "en")
    assert not is_backchannel("  ", "en")


LANGUAGES = st.sampled_from(["en", "de", "hi", "zh", "th", "xx"])
NOISES = st.lists(st.sampled_from(["mhm", "okay", "uh-huh", "[NOISE]", "Oh,"]), min_size=1)


@given(NOISES.map(" ".join), LANGUAGES)
def test_any_number_of_noises_is_noise(text: str, language: str) -> None:
    assert is_backchannel(text, language)


@given(st.text(max_size=60), LANGUAGES)
def test_any_text_has_a_count_and_noise_has_none(text: str, language: str) -> None:
    count = content_words(text, language)
    assert 0 <= count <= len(text)
    assert is_backchannel(text, language) == (count == 0 and bool(text.strip()))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("stop", "en"),
        ("Wait.", "en-GB"),
        ("um wait", "en"),
        ("Excuse me, what do you mean?", "en"),
        ("Moment bitte", "de"),
        ("attendez", "fr"),
        ("Подождите", "ru"),
    ],
)
def test_some_words_ask_for_the_floor_by_themselves(text: str, language: str) -> None:
    assert asks_to_stop(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [("", "en"), ("yeah", "en"), ("stopping", "en"), ("do not wait", "en"), ("stop", "xx")],
)
def test_other_words_do_not(text: str, language: str) -> None:
    assert not asks_to_stop(text, language)
