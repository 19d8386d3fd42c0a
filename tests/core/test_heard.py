from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.heard import HeardText, SpokenClause

CLAUSES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["what", "did", "you", "measure?", "Well,", "a"]), min_size=1),
        st.integers(0, 20_000),
        st.integers(0, 4_000),
    ),
    max_size=6,
)
Spoken = list[tuple[list[str], int, int]]


def spoken(clauses: Spoken) -> HeardText:
    heard, at = HeardText(), 0
    for words, samples, gap in clauses:
        heard.add(" ".join(words), at, at + samples)
        at += samples + gap
    return heard


@given(CLAUSES, st.integers(0, 200_000), st.integers(0, 200_000))
def test_what_was_heard_is_the_beginning_of_what_was_said(
    clauses: Spoken, first: int, second: int
) -> None:
    said = " ".join(word for words, _, _ in clauses for word in words)
    earlier, later = sorted((first, second))
    text = spoken(clauses)
    assert said.startswith(text.heard(earlier))
    assert text.heard(later).startswith(text.heard(earlier))
    assert text.heard(10_000_000) == said


@given(CLAUSES)
def test_nothing_is_heard_before_the_first_sample(clauses: Spoken) -> None:
    audible = [clause for clause in clauses if clause[1]]
    assert spoken(audible).heard(0) == ""


def test_white_space_takes_no_word_along() -> None:
    text = HeardText()
    text.add("Thank you.      ", 0, 16_000)
    assert text.heard(15_999) == "Thank you."


def test_a_clause_counts_only_when_it_was_played_to_its_end() -> None:
    text = HeardText()
    text.add("Thank you.", 0, 12_000)
    text.add("What did you measure?", 16_000, 40_000)
    assert text.heard(11_999) == "Thank"
    assert text.heard(12_000) == text.heard(16_000) == "Thank you."
    assert text.heard(28_000) == "Thank you. What did"
    assert text.heard(40_000) == "Thank you. What did you measure?"
    assert text.clauses[0] == SpokenClause("Thank you.", 0, 12_000)
