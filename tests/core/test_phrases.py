import pytest
from vivavoce.core.errors import Invalid
from vivavoce.core.phrases import FOLLOW_UP_TYPES, parse_phrasebook

from tests.core.interviews import ENGLISH


def test_a_book_without_its_texts_names_every_gap() -> None:
    with pytest.raises(Invalid) as refused:
        parse_phrasebook("xx", {"welcome": "Hello", "closing": " ", "nudges": 3, "greeting": "Hi"})
    paths = {issue.path for issue in refused.value.issues}
    assert {("greeting",), ("closing",), ("nudges",), ("follow_ups", "example")} <= paths
    assert ("welcome",) not in paths


def test_the_english_book_has_variants_and_no_nonsense() -> None:
    assert len(ENGLISH.acknowledgements) >= 8
    assert all(len(set(ENGLISH.follow_up(kind))) >= 3 for kind in FOLLOW_UP_TYPES)
    assert all("{topic}" in text for text in ENGLISH.follow_up("missing"))
    assert ENGLISH.marker("no such marker") == ()
