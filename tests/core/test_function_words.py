# ruff: noqa: RUF001 (letters of other scripts belong here)
import pytest
from vivavoce.core.function_words import FUNCTION_WORDS, function_words
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.turn_completion import PauseSituation, completion_score
from vivavoce.core.words import normalized


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_a_language_is_known_by_any_spelling_of_its_tag(language: str) -> None:
    assert function_words(language) is FUNCTION_WORDS["en"]


def test_a_language_without_a_table_knows_no_words() -> None:
    assert not function_words("xx").leans_on_the_next


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_of_an_interview_has_its_words(language: str) -> None:
    words = function_words(language)
    assert words.conjunctions
    assert words.determiners
    assert words.fillers


@pytest.mark.parametrize("language", sorted(FUNCTION_WORDS))
def test_every_word_is_written_as_comparisons_see_it(language: str) -> None:
    words = function_words(language)
    tables = (words.leans_on_the_next, words.subjects, words.fillers, words.numerals)
    assert [word for table in tables for word in table if normalized(word) != word] == []


UNFINISHED_AND_WHOLE = {
    "ar": ("عملت في الشركة لأن", "عملت في الشركة"),
    "bg": ("работих в екипа защото", "работих в екипа"),
    "cs": ("pracoval jsem v týmu protože", "pracoval jsem v týmu"),
    "da": ("jeg arbejdede i et hold fordi", "jeg arbejdede i et hold"),
    "el": ("δούλεψα στην ομάδα επειδή", "δούλεψα στην ομάδα"),
    "fi": ("työskentelin tiimissä koska", "työskentelin tiimissä"),
    "hi": ("मैंने टीम में काम किया क्योंकि", "मैंने टीम में काम किया"),
    "id": ("saya bekerja di tim karena", "saya bekerja di tim"),
    "ja": ("チームで働きました そして", "チームで働きました"),
    "ko": ("팀에서 일했습니다 그리고", "팀에서 일했습니다"),
    "pl": ("pracowałem w zespole ponieważ", "pracowałem w zespole"),
    "ru": ("я работал в команде потому", "я работал в команде"),
    "sv": ("jag arbetade i laget eftersom", "jag arbetade i laget"),
    "th": ("ผมทำงานในทีมเพราะ", "ผมทำงานในทีม"),
    "tr": ("ekipte çalıştım çünkü", "ekipte çalıştım"),
    "vi": ("tôi làm việc trong nhóm vì", "tôi làm việc trong nhóm"),
    "zh": ("我在团队工作因为", "我在团队工作"),
}


def over(text: str, language: str) -> float:
    return completion_score(
        PauseSituation(
            text=text,
            question="",
            speech_ms=2000,
            language=language,
            usual_pause_ms=500,
        )
    )


@pytest.mark.parametrize("language", UNFINISHED_AND_WHOLE)
def test_nobody_is_done_after_a_word_that_leads_on(language: str) -> None:
    unfinished, whole = UNFINISHED_AND_WHOLE[language]
    assert over(unfinished, language) < 0.2 < 0.4 < over(whole, language)


@pytest.mark.parametrize("mark", [";", "\u037e"])
def test_a_greek_question_is_over(mark: str) -> None:
    assert over(f"Ποιος είναι ο μισθός{mark}", "el") > 0.9


def test_a_semicolon_asks_nothing_elsewhere() -> None:
    assert over("I built it;", "en") < 0.9
