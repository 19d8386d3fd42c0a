"""What a position's page makes of texts that were written for something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.posting import Bullets, Heading, Paragraph, blocks, image_origin

BY_HAND = """What you will do

You keep the service boring.
Every night it folds in a day of readings.

- Design small APIs.
* Move storage
2. Find out why.

## What you bring
The habit of measuring."""
AS_HTML = (
    "<h2>What you will do</h2><p>You keep the   service boring.<br>Every night it folds in a"
    " day of readings.</p><script>alert(1)</script><ul><li>Design <b>small</b> APIs.</li>"
    "<li>Move storage</li><li>Find out why.</li></ul><h3>What you bring</h3><p>The habit of"
    " measuring.</p>"
)
MEANT = (
    Heading("What you will do"),
    Paragraph("You keep the service boring.\nEvery night it folds in a day of readings."),
    Bullets(("Design small APIs.", "Move storage", "Find out why.")),
    Heading("What you bring"),
    Paragraph("The habit of measuring."),
)


@pytest.mark.parametrize("text", [BY_HAND, AS_HTML, BY_HAND.replace("\n", "\r\n")])
def test_a_posting_keeps_its_words_and_their_arrangement(text: str) -> None:
    assert blocks(text) == MEANT


def test_a_sentence_is_no_heading_nor_is_the_end() -> None:
    assert blocks("We make clocks.\n\nCome by") == (
        Paragraph("We make clocks."),
        Paragraph("Come by"),
    )


@given(st.text(max_size=400))
def test_any_text_has_blocks_and_none_is_empty(text: str) -> None:
    for block in blocks(text):
        words = block.items if isinstance(block, Bullets) else (block.text,)
        assert all(word.strip() == word and word for word in words)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://img.example.org/a.jpg?x=1", "https://img.example.org"),
        ("https://IMG.example.org:8443/a.jpg", "https://img.example.org:8443"),
        ("http://img.example.org/a.jpg", None),
        ("https://user@img.example.org/a.jpg", None),
        ("https://img.example.org; script-src */a.jpg", None),
        ("https://[::1]/a.jpg", None),
        ("https://img.example.org:x/a.jpg", None),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_plain_secure_host_becomes_part_of_the_policy(
    url: str | None, origin: str | None
) -> None:
    assert image_origin(url) == origin
