# ruff: noqa: RUF001 (marks of other scripts are the subject here)
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.clauses import ClauseCutter
from vivavoce.core.function_words import word_set

WORDS = st.sampled_from(
    sorted(
        word_set(
            "what did you measure when the queue was full and who e.g. Dr. 3.5 1,000 3. however,",
            "yes! no? well, — - ... “quoted.” (really?) 你好。 我想，问问 質問です。次は คุณทำอะไร",
            "ในโครงการ आपने क्या किया। ماذا، فعلت؟ it's re-run: done;",
        )
    )
)
TEXTS = st.lists(WORDS | st.text(max_size=6), max_size=60).map(" ".join) | st.text(max_size=200)


def cut(text: str, *, piece: int = 10_000) -> tuple[str, ...]:
    cutter = ClauseCutter()
    clauses: tuple[str, ...] = ()
    for at in range(0, len(text), piece):
        clauses += cutter.feed(text[at : at + piece])
    return clauses + cutter.finish()


def without_space(text: str) -> str:
    return "".join(text.split())


@given(TEXTS, st.integers(1, 9))
def test_clauses_are_the_text_whatever_the_split_of_the_stream(text: str, piece: int) -> None:
    clauses = cut(text, piece=piece)
    assert without_space("".join(clauses)) == without_space(text)
    assert all(clause == clause.strip() and clause for clause in clauses)
    assert clauses == cut(text)


@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join))
def test_the_first_clause_is_short_and_no_clause_is_long(text: str) -> None:
    first, *later = cut(text)
    assert sum(any(map(str.isalnum, word)) for word in first.split()) <= 5
    longest = (10, *(20 for _ in later))
    for clause, words in zip(later, longest, strict=False):
        assert sum(any(map(str.isalnum, word)) for word in clause.split()) <= words


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", ()),
        ("   ", ()),
        ("Thanks.", ("Thanks.",)),
        ("Thanks. What came next?", ("Thanks.", "What came next?")),
        (
            "Thank you, that helps me. What did you measure?",
            ("Thank you,", "that helps me.", "What did you measure?"),
        ),
        ("Well, what did you measure?", ("Well, what did you measure?",)),
        (
            "What did you do yourself when the migration of the database failed at night?",
            ("What did you do yourself", "when the migration of the database failed at night?"),
        ),
        (
            "You mentioned a very strange problem inside the old billing system yesterday",
            ("You mentioned a very strange", "problem inside the old billing system yesterday"),
        ),
        ("Did Dr. Weber see it?", ("Did Dr. Weber see it?",)),
        ("Was it slow, e.g. 3.5 seconds?", ("Was it slow,", "e.g. 3.5 seconds?")),
        ("It rose to 1,000. Why?", ("It rose to 1,000.", "Why?")),
        ("War das am 3. Mai? Ja.", ("War das am 3. Mai?", "Ja.")),
        ("“Really?” she said.", ("“Really?”", "she said.")),
        ("Good - what else?", ("Good - what else?",)),
        ("Very good — what else?", ("Very good —", "what else?")),
        (
            "谢谢。你为什么选择这个方案，而不是别的？",
            ("谢谢。", "你为什么选择这个方案，", "而不是别的？"),
        ),
        ("「はい。」次は何ですか。", ("「はい。」", "次は何ですか。")),
        ("धन्यवाद। आपने क्या मापा?", ("धन्यवाद।", "आपने क्या मापा?")),
        ("شكرا. ماذا فعلت؟ ولماذا؟", ("شكرا.", "ماذا فعلت؟", "ولماذا؟")),
        ("ขอบคุณที่เล่าให้ฟัง คุณวัดผลอย่างไร", ("ขอบคุณที่เล่าให้ฟัง", "คุณวัดผลอย่างไร")),
    ],
)
def test_clauses_end_where_a_speaker_would_breathe(text: str, clauses: tuple[str, ...]) -> None:
    assert cut(text) == clauses


def test_later_clauses_wait_for_a_comma_worth_a_breath() -> None:
    text = "Good. So, you had three engineers on it, and the date was fixed."
    assert cut(text) == ("Good.", "So, you had three engineers on it,", "and the date was fixed.")


def test_a_clause_never_ends_inside_a_spaced_number() -> None:
    assert cut("You said it was one hundred and 20 000 users")[0] == "You said it was one"


def test_words_that_all_lean_on_the_next_are_cut_at_the_limit() -> None:
    assert cut("the " * 9) == ("the the the the the", "the the the the")


def test_ideographs_without_marks_are_cut_before_they_grow_too_long() -> None:
    assert [len(clause) for clause in cut("数" * 90)] == [40, 40, 10]


def test_a_phrase_longer_than_the_limit_stays_whole() -> None:
    phrase = "กขค" * 60
    assert cut(f"ดี {phrase} ดี") == ("ดี", phrase, "ดี")


def test_the_first_clause_is_given_out_before_the_text_is_complete() -> None:
    cutter = ClauseCutter()
    assert cutter.feed("Thank you. What") == ("Thank you.",)
    assert cutter.feed(" did you") == ()
    assert cutter.finish() == ("What did you",)
    assert cutter.finish() == ()
