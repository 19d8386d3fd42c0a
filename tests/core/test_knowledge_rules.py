import sqlite3

from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.knowledge_chunks import LONGEST_CHARACTERS, chunked
from vivavoce.core.knowledge_query import MOST_TERMS, merged_ranks, run_query, word_query

PAGES = st.lists(st.text(st.characters(codec="utf-8"), max_size=4000), max_size=3).map(tuple)
LONG_PAGES = st.lists(
    st.sampled_from(["word ", "End. ", "\n\n", "\n", "長い", "x" * 90]), max_size=400
)


@given(PAGES | LONG_PAGES.map(lambda pieces: ("".join(pieces),)))
def test_chunks_are_spans_of_their_pages_and_leave_nothing_out(pages: tuple[str, ...]) -> None:
    chunks = chunked(pages)

    assert [chunk.number for chunk in chunks] == list(range(1, len(chunks) + 1))
    for chunk in chunks:
        assert chunk.text == pages[chunk.page - 1][chunk.start : chunk.end]
        assert 0 < len(chunk.text) <= LONGEST_CHARACTERS
    for number, page in enumerate(pages, start=1):
        kept = "".join(chunk.text for chunk in chunks if chunk.page == number)
        assert "".join(kept.split()) == "".join(page.split())


def test_a_long_text_is_cut_between_paragraphs() -> None:
    text = "\n\n".join(f"{n} " + "word " * 110 for n in range(3))
    assert [chunk.text[0] for chunk in chunked((text,))] == ["0", "1", "2"]


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_whatever_is_said_makes_a_query_that_the_index_can_run(text: str) -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE w USING fts5 (text)")
        database.execute("CREATE VIRTUAL TABLE r USING fts5 (text, tokenize = 'trigram')")
        if query := word_query(text):
            database.execute("SELECT * FROM w WHERE w MATCH ?", (query,)).fetchall()
        if query := run_query(text):
            database.execute("SELECT * FROM r WHERE r MATCH ?", (query,)).fetchall()
    database.close()


def test_a_query_has_the_words_that_matter_and_no_operators() -> None:
    assert word_query('NEAR("a") OR drop* the billing') == '"near" OR "drop" OR "the" OR "billing"'
    assert word_query("the billing", frozenset({"the"})) == '"billing"'
    assert word_query("of --") == ""
    assert word_query(" ".join(f"word{n}" for n in range(99))).count(" OR ") == MOST_TERMS - 1


def test_scripts_without_blanks_are_looked_for_by_runs_of_three() -> None:
    assert run_query("支払い処理 and Go") == '"支払い" OR "払い処" OR "い処理"'
    assert word_query("支払い処理 and golang") == '"and" OR "golang"'


def test_ranks_are_merged_so_that_agreement_wins() -> None:
    assert merged_ranks([["a", "b", "c"], ["c", "b"], []]) == ("c", "b", "a")
    assert merged_ranks([["a"], ["b"]]) == ("a", "b")


@given(st.lists(st.lists(st.integers(0, 9), unique=True), max_size=3))
def test_merging_keeps_every_item_once(rankings: list[list[int]]) -> None:
    merged = merged_ranks(rankings)
    assert len(set(merged)) == len(merged)
    assert set(merged) == {item for ranking in rankings for item in ranking}
