import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.joined_clauses import joins_clauses

WORDS = st.sampled_from(["and", "so", "we", "because", "it", "went", "then", "the"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the oven broke so we baked next door", "en"),
        ("i called the customer every day until they came back", "en"),
        ("it was cheaper and the old one was hard to repair", "en-GB"),
        ("das war billiger weil die alte kaputt war", "de"),
        ("nous avons attendu longtemps mais personne est venu", "fr"),
        ("el horno se rompió pero abrimos a tiempo", "es"),
    ],
)
def test_two_clauses_are_heard_where_a_word_joins_them(text: str, language: str) -> None:
    assert joins_clauses(text.split(), language) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "because it was much cheaper",
        "i looked at the numbers for a month",
        "we made parts for trucks and buses",
        "we had a guest who called every day",
        "the truck came two hours late but",
        "we lost the keys nobody had a second pair",
    ],
)
def test_one_clause_is_heard_where_no_word_joins_another(text: str) -> None:
    assert joins_clauses(text.split(), "en") is False


def test_nothing_is_claimed_about_a_language_whose_words_are_not_known() -> None:
    assert joins_clauses(["мы", "ждали", "долго", "но", "никто", "не", "пришёл"], "ru") is None


@given(
    st.lists(
        st.sampled_from(["and", "so", "we", "because", "it", "went", "then", "the"]), max_size=9
    )
)
def test_any_words_can_be_asked(words: list[str]) -> None:
    assert joins_clauses(words, "en") in (True, False)
