import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.reasoning import ReasoningFilter


def kept(*pieces: str, begins_inside: bool = False) -> str:
    reasoning = ReasoningFilter(begins_inside=begins_inside)
    return "".join([*map(reasoning.feed, pieces), reasoning.finish()])


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("PROBE: What did you do?", "PROBE: What did you do?"),
        ("<think>They said little.</think>\n\nPROBE: Why?", "PROBE: Why?"),
        ("<THINK>hm</THINK>NEXT:", "NEXT:"),
        ("<reasoning>a</reasoning>PROBE: A<thought>b</thought> and B?", "PROBE: A and B?"),
        ("<think>never closed, PROBE: no", ""),
        ("<think></think>", ""),
        ("2 < 3 and <b> is no thought", "2 < 3 and <b> is no thought"),
        ("PROBE: less <", "PROBE: less <"),
    ],
)
def test_thinking_aloud_is_not_kept(reply: str, meant: str) -> None:
    assert kept(reply) == meant


def test_a_reply_that_begins_inside_its_thinking_loses_what_is_before_the_tag() -> None:
    assert kept("So they ", "said</thi", "nk>\nNEXT:", begins_inside=True) == "NEXT:"


def test_a_reply_presumed_to_think_that_does_not_is_kept_whole() -> None:
    assert kept("PROBE: ", "Why?", begins_inside=True) == "PROBE: Why?"


def test_a_closing_tag_that_nothing_opened_is_remembered() -> None:
    reasoning = ReasoningFilter()
    reasoning.feed("They said little.</think>NEXT:")
    assert reasoning.ends_unopened
    tidy = ReasoningFilter()
    tidy.feed("<think>They said little.</think>NEXT:")
    assert not tidy.ends_unopened


TEXTS = st.lists(
    st.sampled_from(["<think>", "</think>", "<", "think", ">", "a", " ", "</thought>", "\n", "</"])
).map("".join)


@given(TEXTS, st.lists(st.integers(1, 6)), st.booleans())
def test_the_pieces_in_which_a_reply_arrives_do_not_matter(
    text: str, lengths: list[int], begins_inside: bool
) -> None:
    pieces, rest = [], text
    for length in lengths:
        pieces.append(rest[:length])
        rest = rest[length:]
    whole = kept(text, begins_inside=begins_inside)
    assert kept(*pieces, rest, begins_inside=begins_inside) == whole


@given(TEXTS)
def test_nothing_between_tags_is_kept(thought: str) -> None:
    inner = thought.replace("<", "").replace(">", "")
    assert kept(f"A<think>{inner}</think>B") == "AB"
